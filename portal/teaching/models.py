"""Who was at which meeting, and what an instructor keeps in mind about a learner."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.courses.models import Cohort
from portal.extensions import db
from portal.i18n import _l
from portal.tenancy import OwnedByUnion

UNDO_WITHIN = timedelta(minutes=10)
UNDO_AT_ONCE_WITHIN = timedelta(hours=12)
LONGEST_NOTE = 2_000


class Mark(StrEnum):
    """How somebody was at a meeting. That nothing is recorded is no mark, and does not mean absent."""

    PRESENT = "present"
    LATE = "late"
    REMOTE = "remote"
    EXCUSED = "excused"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        return {
            "present": _l("Present"),
            "late": _l("Late"),
            "remote": _l("Remote"),
            "excused": _l("Excused"),
            "absent": _l("Absent"),
        }[self.value]

    @property
    def was_there(self) -> bool:
        return self in (Mark.PRESENT, Mark.LATE, Mark.REMOTE)


class Attendance(OwnedByUnion, db.Model):
    """One person at one meeting. `in_bulk`: by "everybody was here", so that this can be taken back as one."""

    __table_args__ = (UniqueConstraint("meeting_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    mark: Mapped[Mark]
    in_bulk: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    recorded_at: Mapped[datetime]

    def may_be_undone_at_once(self, now: datetime) -> bool:
        """Whether it was made by "everybody was here" so lately that this may be taken back."""
        return self.in_bulk and now < self.recorded_at + UNDO_AT_ONCE_WITHIN


class Note(OwnedByUnion, db.Model):
    """An instructor's private words about a learner of the cohort; no page, export or sheet of others holds them.

    A removed note can come back for ten minutes, then its row goes.
    """

    __table_args__ = (Index("ix_note_cohort_id_member_id", "cohort_id", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")

    @property
    def is_removed(self) -> bool:
        return self.removed_at is not None

    def may_come_back(self, now: datetime) -> bool:
        return self.removed_at is not None and now < self.removed_at + UNDO_WITHIN
