"""The audit trail: what happened, who did it, when; never changed, sealed in a hash chain per union.

`record` inserts the event in the transaction that makes it true. Sealing is a separate step, `seal`, run by
the worker: chaining inside the business transaction would make every write of a union wait for the last.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db

GENESIS = "0" * 64
SEAL_BATCH = 500


class Event(db.Model):
    """One fact. `data` holds ids, codes and numbers; names and free text stay with their own tables."""

    __table_args__ = (Index("ix_event_subject", "subject", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int | None] = mapped_column(ForeignKey("union.id"), index=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64))
    subject_id: Mapped[int | None]
    data: Mapped[dict[str, Any]]

    def content(self) -> bytes:
        """The bytes that are sealed: every column, in one canonical form."""
        row = [
            self.id,
            self.union_id,
            self.at.isoformat(),
            self.actor_id,
            self.kind,
            self.subject,
            self.subject_id,
        ]
        return orjson.dumps([*row, self.data], option=orjson.OPT_SORT_KEYS)


class Seal(db.Model):
    """The place of an event in its union's chain: hash = SHA-256(previous hash + content)."""

    __table_args__ = (Index("uq_seal_chain_position", "chain", "position", unique=True),)

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), primary_key=True)
    chain: Mapped[int]  # the union's id, 0 for what belongs to no union
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


def record(
    kind: str, subject: Any, *, by: Any, at: datetime, union_id: int | None = None, **data: Any
) -> Event:
    """Write that `kind` ("seat.taken") happened to `subject`, done by `by` (a member, or None for the system).

    The union is that of the subject, else of the actor, unless given. `data` must be JSON: ids, codes, numbers.
    """
    db.session.flush()  # the subject needs its id
    owner = union_id or getattr(subject, "union_id", None) or getattr(by, "union_id", None)
    event = Event(
        union_id=owner,
        at=at,
        actor_id=getattr(by, "id", None),
        kind=kind,
        subject=type(subject).__name__.lower(),
        subject_id=getattr(subject, "id", None),
        data=data,
    )
    db.session.add(event)
    return event


def seal(*, most: int = SEAL_BATCH) -> int:
    """Chain events that are not sealed yet, oldest first; returns how many. One caller at a time."""
    waiting = db.session.scalars(
        select(Event)
        .outerjoin(Seal, Seal.event_id == Event.id)
        .where(Seal.event_id.is_(None))
        .order_by(Event.id)
        .limit(most)
    ).all()
    heads: dict[int, tuple[int, str]] = {}
    for event in waiting:
        chain = event.union_id or 0
        if chain not in heads:
            head = db.session.execute(
                select(Seal.position, Seal.hash)
                .where(Seal.chain == chain)
                .order_by(Seal.position.desc())
                .limit(1)
            ).first()
            heads[chain] = (head.position, head.hash) if head else (0, GENESIS)
        position, previous = heads[chain]
        digest = hashlib.sha256(previous.encode() + event.content()).hexdigest()
        heads[chain] = (position + 1, digest)
        db.session.add(Seal(event_id=event.id, chain=chain, position=position + 1, hash=digest))
    db.session.flush()
    return len(waiting)


def first_broken_link(chain: int) -> int | None:
    """The id of the first event whose seal does not match its content, or None when the chain holds."""
    previous, expected = GENESIS, 1
    rows = db.session.execute(
        select(Event, Seal)
        .join(Seal, Seal.event_id == Event.id)
        .where(Seal.chain == chain)
        .order_by(Seal.position)
    )
    for event, link in rows:
        digest = hashlib.sha256(previous.encode() + event.content()).hexdigest()
        if link.position != expected or link.hash != digest:
            return event.id
        previous, expected = digest, expected + 1
    return None
