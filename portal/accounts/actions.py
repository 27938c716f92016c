"""What people and administrators do with accounts."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select

from portal import clock, jobs, mail
from portal.accounts import queries, sessions
from portal.accounts.models import (
    Invitation,
    Local,
    Member,
    PasswordReset,
    Role,
    RoleName,
    SignInAttempt,
    Standing,
)
from portal.accounts.passwords import hash_password, verify
from portal.errors import Refused, TooMany
from portal.events import record
from portal.extensions import db
from portal.i18n import _, zones
from portal.tenancy import across_unions, acting_for

INVITATION_LASTS = timedelta(days=14)
RESET_LASTS = timedelta(hours=2)
TRIES_WITHIN = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 8
TRIES_PER_ADDRESS = 40


# --- signing in ----------------------------------------------------------------------------------


def check_tries(email: str, address: str, *, now: datetime, kind: str = "") -> None:
    """Raise `TooMany` when this account or this network address has failed too often of late.

    Signing in is counted without a `kind`, everything else under its own.
    """
    for key, most in zip(_tried(email, address, kind), (TRIES_PER_ACCOUNT, TRIES_PER_ADDRESS), strict=True):
        failed = db.session.scalar(
            select(func.count(SignInAttempt.id)).where(
                SignInAttempt.key == sessions.token_hash(key), SignInAttempt.at > now - TRIES_WITHIN
            )
        )
        if (failed or 0) >= most:
            raise TooMany(
                _("Too many tries. Wait a few minutes, then try again.")
                if kind
                else _("Too many tries. Wait fifteen minutes, or choose a new password."),
                int(TRIES_WITHIN.total_seconds()),
            )


def _tried(email: str, address: str, kind: str) -> tuple[str, str]:
    return f"account:{kind} {email.lower()}", f"address:{kind} {address}"


def count_failed_try(email: str, address: str, *, now: datetime, kind: str = "") -> None:
    for key in _tried(email, address, kind):
        db.session.add(SignInAttempt(key=sessions.token_hash(key), at=now))
    db.session.flush()


def authenticate(email: str, password: str) -> Member | None:
    """The member who knows this password, or None. Takes as long whether or not the account exists."""
    member = queries.member_by_email(email)
    known = member is not None and member.is_active
    return member if verify(member.password_hash if known and member else None, password) else None


def ask_for_reset(email: str, *, now: datetime) -> None:
    """Have a letter sent if this account exists. The request does the same work either way."""
    jobs.enqueue("accounts.reset", {"email": email.lower()}, now=now)


@jobs.job("accounts.reset")
def send_reset(run: jobs.Run) -> None:
    now = clock.now()
    member = queries.member_by_email(run.payload["email"])
    row = db.session.get_one(jobs.Job, run.id)
    row.payload = {}
    if member is None or not member.is_active or member.password_hash is None:
        return
    token = secrets.token_urlsafe(32)
    db.session.add(
        PasswordReset(
            token_hash=sessions.token_hash(token), member_id=member.id, expires_at=now + RESET_LASTS
        )
    )
    mail.send("password_reset", to=member, now=now, link=mail.link("accounts.reset", token=token))


def reset_password(reset: PasswordReset, password: str, *, now: datetime) -> Member:
    """Set the new password, end every session, spend every open link of this member.

    Raises `Refused` when the link has been used in the meantime.
    """
    db.session.refresh(reset, with_for_update=True)
    if reset.used_at is not None:
        raise Refused(_("This link no longer works"))
    with across_unions("the link names its member"):
        member = db.session.get_one(Member, reset.member_id)
    for link in queries.open_resets(member.id, now=now):
        link.used_at = now
    member.password_hash = hash_password(password)
    sessions.close_all(member.id)
    record("password.reset", member, by=member, at=now)
    return member


def change_password(member: Member, old: str, new: str, *, keep_session: int, now: datetime) -> None:
    """Raises `Refused` when `old` is not the present password. Other devices are signed out."""
    if not verify(member.password_hash, old):
        raise Refused(_("This is not your present password."))
    member.password_hash = hash_password(new)
    sessions.close_all(member.id, but=keep_session)
    record("password.changed", member, by=member, at=now)


def edit_profile(member: Member, *, name: str, locale: str, zone: str, now: datetime) -> None:
    if zone not in zones():
        raise Refused(_("Choose a time zone from the list."))
    changed = [
        column
        for column, new in (("name", name), ("locale", locale), ("zone", zone))
        if getattr(member, column) != new
    ]
    member.name, member.locale, member.zone = name, locale, zone
    if changed:
        record("profile.changed", member, by=member, at=now, columns=changed)


# --- invitations ---------------------------------------------------------------------------------


def invite(
    *,
    by: Member,
    email: str,
    name: str,
    standing: Standing,
    local: Local | None,
    roles: Collection[str],
    locale: str,
    now: datetime,
) -> Invitation:
    """Send a single-use link to a person of `by`'s union. An open invitation of this address is replaced.

    Raises `Refused` when somebody of this union has an account with this address, or one that is closed. Says
    nothing of the other union's people.
    """
    email = email.lower()
    known = db.session.scalar(select(Member).where(Member.email == email, Member.union_id == by.union_id))
    if known is not None and known.password_hash is not None:
        raise Refused(_("A member of your union has this address already."))
    if known is not None and not known.is_active:
        raise Refused(_("The account with this address is closed. Open it first, then invite the person."))
    for earlier in queries.open_invitations_of(email, by.union_id, now=now):
        earlier.withdrawn_at = now
    token = secrets.token_urlsafe(32)
    invitation = Invitation(
        union_id=by.union_id,
        token_hash=sessions.token_hash(token),
        email=email,
        name=name,
        standing=standing,
        local_id=local.id if local else None,
        roles=sorted(set(roles)),
        locale=locale,
        invited_by_id=by.id,
        invited_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    db.session.add(invitation)
    record("invitation.sent", invitation, by=by, at=now, roles=invitation.roles)
    mail.send(
        "invitation",
        to=invitation,
        now=now,
        union=by.union.name,
        inviter=by.name,
        days=INVITATION_LASTS.days,
        link=mail.link("accounts.accept", token=token),
    )
    return invitation


def invite_member(member: Member, *, by: Member, now: datetime) -> Invitation:
    """Send the link to somebody who is on the roster and has no account yet. Raises `Refused` as `invite` does."""
    return invite(
        by=by,
        email=member.email,
        name=member.name,
        standing=member.standing,
        local=member.local,
        roles=member.roles,
        locale=member.locale,
        now=now,
    )


def invite_the_rest(*, by: Member, now: datetime) -> None:
    """Have a link sent to everybody of `by`'s union who is on the roster, has no account and no open invitation."""
    jobs.enqueue("accounts.invite", {"by": by.id, "after": 0}, now=now)


@jobs.job("accounts.invite")
def send_invitations(run: jobs.Run) -> None:
    """Invite a hundred people and leave the others to the next job, so that nobody waits long for the database."""
    now = clock.now()
    by = queries.administrator(run.payload["by"])
    if by is None:
        return
    with acting_for(by.union_id):
        people = queries.people_to_invite(by.union_id, after=run.payload["after"], now=now)
        for member in people:
            invite_member(member, by=by, now=now)
    if people:
        jobs.enqueue("accounts.invite", {"by": by.id, "after": people[-1].id}, now=now)


def withdraw_invitation(invitation: Invitation, *, by: Member, now: datetime) -> None:
    db.session.refresh(invitation, ["accepted_at", "withdrawn_at"], with_for_update=True)
    if invitation.accepted_at is not None:
        raise Refused(_("This invitation has been accepted already."))
    if invitation.withdrawn_at is None:
        invitation.withdrawn_at = now
        record("invitation.withdrawn", invitation, by=by, at=now)


def accept_invitation(
    invitation: Invitation, *, name: str, password: str, locale: str, zone: str, now: datetime
) -> Member:
    """Make the account, or open that of a person the roster knows already.

    Raises `Refused` when the link is spent or the address has an account by now.
    """
    db.session.refresh(invitation, ["accepted_at", "withdrawn_at"], with_for_update=True)
    if not queries.is_open(invitation, now):
        raise Refused(_("This link has been used or is too old. Ask your union for a new one."))
    member = queries.member_by_email(invitation.email)
    if member is not None and not _waits_for(invitation, member):
        raise Refused(_("This address has an account already. Sign in, or choose a new password."))
    if zone not in zones():
        raise Refused(_("Choose a time zone from the list."))
    if member is None:
        member = Member(
            union_id=invitation.union_id,
            local_id=invitation.local_id,
            email=invitation.email,
            standing=invitation.standing,
            joined_at=now,
        )
        db.session.add(member)
    member.name, member.locale, member.zone = name, locale, zone
    member.password_hash = hash_password(password)
    held = {grant.name for grant in member.grants}
    member.grants.extend(
        Role(name=role, granted_at=now) for role in map(RoleName, invitation.roles) if role not in held
    )
    invitation.accepted_at = now
    record("member.joined", member, by=member, at=now, invitation=invitation.id)
    return member


def _waits_for(invitation: Invitation, member: Member) -> bool:
    """Whether the invitation is for this very person, whom the roster brought and who has no password yet."""
    return member.union_id == invitation.union_id and member.password_hash is None and member.is_active


# --- administration ------------------------------------------------------------------------------


def set_roles(member: Member, roles: Collection[str], *, by: Member, now: datetime) -> None:
    """Grant and take roles. Nobody takes the administrator's role from themselves."""
    wanted = {RoleName(role) for role in roles}
    held = {grant.name for grant in member.grants}
    if member is by and RoleName.ADMINISTRATOR not in wanted:
        raise Refused(
            _("You cannot give up your own administrator role. Ask another administrator to take it.")
        )
    if wanted == held:
        return
    member.grants = [grant for grant in member.grants if grant.name in wanted] + [
        Role(name=role, granted_at=now) for role in sorted(wanted - held)
    ]
    record("roles.changed", member, by=by, at=now, granted=sorted(wanted - held), taken=sorted(held - wanted))


def set_active(member: Member, active: bool, *, by: Member, now: datetime) -> None:
    """Close an account (every device is signed out at once) or open it again; nothing is deleted."""
    if member is by:
        raise Refused(_("You cannot close your own account. Ask another administrator."))
    if member.is_active == active:
        return
    member.is_active = active
    if not active:
        sessions.close_all(member.id)
    record("account.opened" if active else "account.closed", member, by=by, at=now)


@jobs.periodic(seconds=3600)
def forget_tries() -> None:
    db.session.execute(db.delete(SignInAttempt).where(SignInAttempt.at < clock.now() - timedelta(days=1)))
