"""What is asked of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import joinedload

from portal import folding
from portal.accounts.models import Invitation, Local, Member, PasswordReset, Session
from portal.accounts.sessions import token_hash
from portal.errors import Hidden
from portal.events import Event
from portal.extensions import db
from portal.tenancy import across_unions

PAGE = 50
INVITED_AT_ONCE = 100


@dataclass(frozen=True)
class Page:
    """A stretch of a long list, counted from 1."""

    items: Sequence
    number: int
    total: int
    size: int = PAGE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))


def member_by_email(email: str) -> Member | None:
    with across_unions("an address is unique in the whole portal; signing in comes before any union"):
        return db.session.scalar(select(Member).where(Member.email == email.lower()))


def member_or_404(member_id: int) -> Member:
    member = db.session.scalar(
        select(Member)
        .where(Member.id == member_id)
        .options(joinedload(Member.local), joinedload(Member.union))
    )
    if member is None:
        raise Hidden
    return member


def members(union_id: int, *, words: str = "", page: int = 1) -> Page:
    """People of one union by name; `words` are looked for in name and address."""
    found = select(Member).where(Member.union_id == union_id)
    for word in folding.words(words):
        like = f"%{word}%"
        found = found.where(
            or_(Member.sort_name.like(like, escape="\\"), Member.email.like(like, escape="\\"))
        )
    total = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    items = db.session.scalars(
        found.options(joinedload(Member.local))
        .order_by(Member.sort_name, Member.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Page(items, page, total)


def locals_of(union_id: int) -> Sequence[Local]:
    return db.session.scalars(select(Local).where(Local.union_id == union_id).order_by(Local.name)).all()


def sessions_of(member: Member, *, now: datetime) -> Sequence[Session]:
    rows = db.session.scalars(
        select(Session).where(Session.member_id == member.id).order_by(Session.seen_at.desc(), Session.id)
    )
    return [row for row in rows if row.is_live(now)]


def is_open(invitation: Invitation, now: datetime) -> bool:
    return invitation.accepted_at is None and invitation.withdrawn_at is None and now < invitation.expires_at


def invitation_by_token(token: str, *, now: datetime) -> Invitation | None:
    """The open invitation of this link, or None."""
    with across_unions("the bearer of the link is not signed in yet"):
        found = db.session.scalar(
            select(Invitation)
            .where(Invitation.token_hash == token_hash(token))
            .options(joinedload(Invitation.local))
        )
    return found if found and is_open(found, now) else None


def open_invitations_of(email: str, union_id: int, *, now: datetime) -> Sequence[Invitation]:
    rows = db.session.scalars(
        select(Invitation).where(Invitation.email == email, Invitation.union_id == union_id)
    )
    return [row for row in rows if is_open(row, now)]


def invitations(union_id: int) -> Sequence[Invitation]:
    """Invitations nobody has accepted or withdrawn, newest first; at most 200."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.union_id == union_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .options(joinedload(Invitation.local))
        .order_by(Invitation.invited_at.desc(), Invitation.id.desc())
        .limit(200)
    ).all()


def administrator(member_id: int) -> Member | None:
    """The member with their union, if they may still act as an administrator."""
    member = db.session.scalar(
        select(Member).where(Member.id == member_id, Member.is_active).options(joinedload(Member.union))
    )
    return member if member and member.administers else None


def _without_account(union_id: int, now: datetime) -> Select[tuple[Member]]:
    """People on the roster who cannot sign in yet and hold no link that still works."""
    invited = exists().where(
        Invitation.union_id == union_id,
        Invitation.email == Member.email,
        Invitation.accepted_at.is_(None),
        Invitation.withdrawn_at.is_(None),
        Invitation.expires_at > now,
    )
    return select(Member).where(
        Member.union_id == union_id, Member.password_hash.is_(None), Member.is_active, ~invited
    )


def number_to_invite(union_id: int, *, now: datetime) -> int:
    return (
        db.session.scalar(select(func.count()).select_from(_without_account(union_id, now).subquery())) or 0
    )


def people_to_invite(union_id: int, *, after: int, now: datetime) -> Sequence[Member]:
    """At most a hundred of them with ids above `after`, with their locals."""
    return db.session.scalars(
        _without_account(union_id, now)
        .where(Member.id > after)
        .options(joinedload(Member.local))
        .order_by(Member.id)
        .limit(INVITED_AT_ONCE)
    ).all()


def invitation_or_404(invitation_id: int) -> Invitation:
    found = db.session.scalar(select(Invitation).where(Invitation.id == invitation_id))
    if found is None:
        raise Hidden
    return found


def open_reset(token: str, *, now: datetime) -> PasswordReset | None:
    found = db.session.scalar(select(PasswordReset).where(PasswordReset.token_hash == token_hash(token)))
    return found if found and found.used_at is None and now < found.expires_at else None


def open_resets(member_id: int, *, now: datetime) -> Sequence[PasswordReset]:
    return db.session.scalars(
        select(PasswordReset).where(
            PasswordReset.member_id == member_id,
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
        )
    ).all()


def trail(union_id: int, *, page: int = 1) -> Page:
    """What happened in one union, newest first, as (event, actor's name or None)."""
    total = db.session.scalar(select(func.count(Event.id)).where(Event.union_id == union_id)) or 0
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    rows = db.session.execute(
        select(Event, Member.name)
        .outerjoin(Member, Member.id == Event.actor_id)
        .where(Event.union_id == union_id)
        .order_by(Event.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    return Page(rows, page, total)
