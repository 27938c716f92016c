"""Sessions of signed-in people: opened at sign-in, found by their cookie, closed from anywhere."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.accounts.models import ABSOLUTE_LIMIT, IDLE_LIMIT, Member, Session
from portal.extensions import db
from portal.jobs import periodic
from portal.tenancy import across_unions

SEEN_EVERY = timedelta(minutes=10)
# Asked by every request of somebody signed in, so built once.
_BY_TOKEN = (
    select(Session)
    .where(Session.token_hash == bindparam("token"))
    .options(
        joinedload(Session.member).options(
            joinedload(Member.union), joinedload(Member.local), joinedload(Member.grants)
        )
    )
)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_session(member: Member, *, device: str, now: datetime) -> str:
    """Start a session and return its secret, which is stored nowhere but in the cookie."""
    token = secrets.token_urlsafe(32)
    db.session.add(
        Session(
            token_hash=token_hash(token),
            member_id=member.id,
            device=device[:80],
            started_at=now,
            seen_at=now,
            ends_at=now + ABSOLUTE_LIMIT,
        )
    )
    db.session.flush()
    return token


def find(token: str, *, now: datetime) -> Session | None:
    """The live session of this secret with its member, union and roles, in one statement; else None."""
    with across_unions("a session belongs to the bearer of its secret"):
        session = db.session.scalar(_BY_TOKEN, {"token": token_hash(token)})
    if session is None or not session.is_live(now) or not session.member.is_active:
        return None
    return session


def touch(session_id: int, *, now: datetime) -> None:
    db.session.execute(update(Session).where(Session.id == session_id).values(seen_at=now))


def close(session_id: int) -> None:
    db.session.execute(delete(Session).where(Session.id == session_id))


def close_all(member_id: int, *, but: int | None = None) -> None:
    """End every session of a member, `but` the one in use."""
    statement = delete(Session).where(Session.member_id == member_id)
    db.session.execute(statement if but is None else statement.where(Session.id != but))


@periodic(seconds=3600)
def forget_ended_sessions() -> None:
    now = clock.now()
    db.session.execute(delete(Session).where((Session.ends_at < now) | (Session.seen_at < now - IDLE_LIMIT)))
