"""Lessons as loaded from the content files, and what each learner has done with them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.learning.memory import Memory, Rating, Review
from portal.tenancy import OwnedByUnion

LONGEST_ID = 120
LONGEST_TYPED = 500


class Skill(StrEnum):
    """What a card asks for. A word may have a card for each."""

    WRITE = "write"  # from the meaning to the word


class Curriculum(db.Model):
    """One course as it stands: its units and lessons in order. Shared by the Alliance, as all content is."""

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    version: Mapped[str] = mapped_column(String(32))
    packed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    loaded_at: Mapped[datetime]


class LessonVersion(db.Model):
    """One wording of a lesson; never changed. A learner half-way through finishes the version they began."""

    __table_args__ = (
        UniqueConstraint("lesson_id", "version"),
        Index(
            "uq_lesson_version_current",
            "lesson_id",
            unique=True,
            sqlite_where=text("is_current"),
            postgresql_where=text("is_current"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    course_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    unit_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    version: Mapped[str] = mapped_column(String(32))
    is_current: Mapped[bool]
    packed: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    loaded_at: Mapped[datetime]


class Item(db.Model):
    """A word to remember, by the id it keeps from version to version.

    `meanings` are by language; `expected` lists the answers to take; `example` is a sentence: {"text", "meanings"}.
    """

    id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    course_id: Mapped[str] = mapped_column(String(LONGEST_ID), index=True)
    lesson_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    language: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(200))
    meanings: Mapped[dict[str, Any]]
    expected: Mapped[list[str]]
    example: Mapped[dict[str, Any]]
    is_taught: Mapped[bool] = mapped_column(default=True)


class LessonRun(OwnedByUnion, db.Model):
    """One way through a lesson.

    `todo` holds the exercises that are left, by their number in the version, the next one first. `reader` is the
    language of the explanations. `seconds` is the time spent, long pauses left out.
    """

    __table_args__ = (
        Index("ix_lesson_run_member_id_lesson_id", "member_id", "lesson_id"),
        Index(
            "uq_lesson_run_open",
            "member_id",
            "lesson_id",
            unique=True,
            sqlite_where=text("finished_at IS NULL"),
            postgresql_where=text("finished_at IS NULL"),
        ),
        CheckConstraint("answered >= 0 AND seconds >= 0", name="counts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    lesson_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    course_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    version_id: Mapped[int] = mapped_column(ForeignKey("lesson_version.id"))
    reader: Mapped[str] = mapped_column(String(8))
    todo: Mapped[list[int]]
    total: Mapped[int]
    answered: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    version: Mapped[LessonVersion] = relationship(lazy="raise_on_sql")

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    @property
    def position(self) -> int:
        """How many exercises are behind the learner."""
        return self.total - len(self.todo)


class LessonAnswer(OwnedByUnion, db.Model):
    """What was answered to one exercise, and how it was judged; only ever added. `typed` is the learner's own."""

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("lesson_run.id"), index=True)
    exercise: Mapped[int]
    exercise_id: Mapped[str] = mapped_column(String(LONGEST_ID), index=True)
    typed: Mapped[str] = mapped_column(String(LONGEST_TYPED))
    verdict: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(8))
    answered_at: Mapped[datetime]


class CardState(OwnedByUnion, db.Model):
    """How well a member remembers an item: what the review log makes of it, kept for reading."""

    __table_args__ = (Index("ix_card_state_member_id_due_at", "member_id", "due_at"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"), primary_key=True)
    skill: Mapped[Skill] = mapped_column(primary_key=True)
    first_due_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[int] = mapped_column(default=1)
    step: Mapped[int | None] = mapped_column(default=0)
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    reviewed_at: Mapped[datetime | None]
    last_review_id: Mapped[str | None] = mapped_column(String(36))
    reviews: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    parameters: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship(lazy="raise_on_sql")

    @property
    def memory(self) -> Memory:
        return Memory(
            due_at=self.due_at,
            state=self.state,
            step=self.step,
            stability=self.stability,
            difficulty=self.difficulty,
            reviewed_at=self.reviewed_at,
            reviews=self.reviews,
            lapses=self.lapses,
        )

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self.due_at, self.state, self.step = memory.due_at, memory.state, memory.step
        self.stability, self.difficulty = memory.stability, memory.difficulty
        self.reviewed_at = memory.reviewed_at
        self.reviews, self.lapses = memory.reviews, memory.lapses


class ReviewLog(OwnedByUnion, db.Model):
    """Every review ever made, and every undo; only ever added. The truth from which `CardState` follows.

    The id is a UUID made where the review happened, so that one sent twice is there once. `reviewed_at` is the
    moment of the review, `received_at` when it came here.
    """

    __table_args__ = (
        Index("ix_review_log_card", "member_id", "item_id", "skill"),
        Index("ix_review_log_member_id_reviewed_at", "member_id", "reviewed_at"),
        CheckConstraint("(rating IS NULL) <> (undoes IS NULL)", name="rates_or_undoes"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating_known"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("item.id"))
    skill: Mapped[Skill]
    rating: Mapped[int | None]
    undoes: Mapped[str | None] = mapped_column(String(36), unique=True)
    verdict: Mapped[str | None] = mapped_column(String(8))
    reviewed_at: Mapped[datetime]
    received_at: Mapped[datetime]

    item: Mapped[Item] = relationship(lazy="raise_on_sql")

    @property
    def line(self) -> Review:
        return Review(self.id, self.reviewed_at, Rating(self.rating) if self.rating else None, self.undoes)


class UnitTally(db.Model):
    """What a union's learners have built together in one unit: numbers of the whole Alliance, of no person.

    `beams` counts lessons finished for the first time, `finishers` learners who have finished the whole unit.
    """

    unit_id: Mapped[str] = mapped_column(String(LONGEST_ID), primary_key=True)
    course_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    place: Mapped[str] = mapped_column(String(LONGEST_ID))
    beams: Mapped[int] = mapped_column(default=0)
    finishers: Mapped[int] = mapped_column(default=0)
