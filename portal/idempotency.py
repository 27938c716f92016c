"""A form sent twice has one effect and one answer.

The key of a form is stored, with the answer, in the transaction that has the effect. Sending the same form
again violates the primary key: the second effect is rolled back and the first answer is given again.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Request
from sqlalchemy import Index, String, Text, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.extensions import db
from portal.jobs import periodic

FIELD = "idempotency_key"
KEPT = timedelta(days=7)
_NOT_PART_OF_THE_QUESTION = {"csrf_token"}


class Answer(db.Model):
    """What was answered to one form. `digest` covers the sender, the address and everything in the form."""

    __table_args__ = (Index("ix_answer_given_at", "given_at"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    status: Mapped[int]
    location: Mapped[str] = mapped_column(Text)
    given_at: Mapped[datetime]


def new_key() -> str:
    return secrets.token_urlsafe(16)


def digest(request: Request, sender: str) -> str | None:
    """Identify this very form, or None when it carries no key. Changed input under an old key is a new form."""
    if not request.form.get(FIELD):
        return None
    sum_ = hashlib.sha256(f"{sender}\n{request.path}\n".encode())
    for name, values in sorted(request.form.lists()):
        if name not in _NOT_PART_OF_THE_QUESTION:
            sum_.update(repr((name, values)).encode())
    for name, file in sorted(request.files.items(multi=True), key=lambda pair: pair[0]):
        content = hashlib.file_digest(file.stream, "sha256").hexdigest()  # type: ignore[arg-type]
        file.stream.seek(0)
        sum_.update(repr((name, file.filename, content)).encode())
    return sum_.hexdigest()


def given(key: str) -> Answer | None:
    return db.session.scalar(select(Answer).where(Answer.digest == key))


def remember(key: str, status: int, location: str, *, now: datetime) -> None:
    """Store the answer with its effect. Raises IntegrityError when this form has been answered before."""
    db.session.add(Answer(digest=key, status=status, location=location, given_at=now))
    db.session.flush()


@periodic(seconds=3600)
def forget_old_answers() -> None:
    db.session.execute(delete(Answer).where(Answer.given_at < clock.now() - KEPT))
