"""Courses, the cohorts that take them, when they meet, and who holds or awaits a seat."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from babel.dates import get_day_names
from babel.lists import format_list
from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.accounts.models import Member
from portal.courses.programs import PROGRAMS, Program
from portal.courses.schedule import unpack
from portal.errors import Refused
from portal.extensions import db
from portal.folding import fold
from portal.i18n import DEFAULT, _, _l, format_clock, locale
from portal.tenancy import OwnedByUnion

UNDO_WITHIN = timedelta(minutes=10)
MOST_SEATS = 500


class Level(StrEnum):
    """The levels of the Common European Framework that we teach."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"

    @property
    def label(self) -> str:
        return {
            "A1": _l("A1, first words"),
            "A2": _l("A2, everyday talk"),
            "B1": _l("B1, on your own"),
            "B2": _l("B2, at the table"),
            "C1": _l("C1, at ease"),
        }[self.value]


class Format(StrEnum):
    ONLINE = "online"
    IN_PERSON = "in_person"
    HYBRID = "hybrid"

    @property
    def label(self) -> str:
        return {
            "online": _l("Online"),
            "in_person": _l("In person"),
            "hybrid": _l("In person and online"),
        }[self.value]


class EnrollmentState(StrEnum):
    ENROLLED = "enrolled"
    WAITLISTED = "waitlisted"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"

    @property
    def label(self) -> str:
        return {
            "enrolled": _l("enrolled"),
            "waitlisted": _l("on the waiting list"),
            "withdrawn": _l("withdrawn"),
            "completed": _l("completed"),
        }[self.value]


LIVE = (EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED)

# An ended enrollment is never revived: who comes back gets a new one, through the same gate.
NEXT_STATES: dict[EnrollmentState, frozenset[EnrollmentState]] = {
    EnrollmentState.WAITLISTED: frozenset({EnrollmentState.ENROLLED, EnrollmentState.WITHDRAWN}),
    EnrollmentState.ENROLLED: frozenset({EnrollmentState.COMPLETED, EnrollmentState.WITHDRAWN}),
    EnrollmentState.WITHDRAWN: frozenset(),
    EnrollmentState.COMPLETED: frozenset(),
}


class Course(db.Model):
    """What is taught: the Alliance's own, so no union's secret. `titles` and `summaries` are by locale."""

    __table_args__ = (UniqueConstraint("program", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    program: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(40))
    level: Mapped[Level]
    titles: Mapped[dict[str, Any]]
    summaries: Mapped[dict[str, Any]]
    units: Mapped[list[str]]
    search_text: Mapped[str] = mapped_column(Text)

    @validates("titles")
    def _remember_how_it_is_searched(self, _key: str, titles: dict[str, str]) -> dict[str, str]:
        self.search_text = fold(" ".join(titles.values()))
        return titles

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.title_in(locale())

    @property
    def summary(self) -> str:
        return self.summaries.get(locale()) or self.summaries[DEFAULT]

    def title_in(self, code: str) -> str:
        return self.titles.get(code) or self.titles[DEFAULT]


class Cohort(OwnedByUnion, db.Model):
    """A group of people of one union who take a course together.

    `zone` is the anchor: the days `starts_on` and `ends_on` and every meeting's wall time are told there.
    `seats_taken` counts the enrolled; only `actions` change it, one seat at a time.
    """

    __table_args__ = (
        CheckConstraint(f"capacity BETWEEN 1 AND {MOST_SEATS}", name="capacity_in_bounds"),
        CheckConstraint("seats_taken BETWEEN 0 AND capacity", name="seats_never_oversold"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("closes_at > opens_at", name="window_in_order"),
        Index("ix_cohort_union_id_ends_on", "union_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    instructor_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    capacity: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    zone: Mapped[str] = mapped_column(String(64))
    format: Mapped[Format]
    place: Mapped[str] = mapped_column(String(160), default="")

    course: Mapped[Course] = relationship(lazy="raise_on_sql")
    instructor: Mapped[Member | None] = relationship(lazy="raise_on_sql")
    series: Mapped[list[MeetingSeries]] = relationship(
        lazy="raise_on_sql", back_populates="cohort", order_by="MeetingSeries.id"
    )

    @property
    def program(self) -> Program:
        return PROGRAMS[self.course.program]

    @property
    def seats_left(self) -> int:
        return self.capacity - self.seats_taken

    def takes_people(self, now: datetime) -> bool:
        """Whether `now` lies in the enrollment window."""
        return self.opens_at <= now < self.closes_at

    def suits(self, member: Member) -> bool:
        """Whether the member may take a seat without being admitted."""
        return member.union_id == self.union_id and self.program.suits(member.standing)


class MeetingSeries(OwnedByUnion, db.Model):
    """Meetings on the same weekdays at the same time on the wall of `zone`. `weekdays`: bit 0 is Monday."""

    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="some_weekday"),
        CheckConstraint("minutes BETWEEN 15 AND 480", name="minutes_in_bounds"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"), index=True)
    weekdays: Mapped[int]
    wall: Mapped[time]
    minutes: Mapped[int]
    zone: Mapped[str] = mapped_column(String(64))

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql", back_populates="series")

    @property
    def days(self) -> str:
        """The weekdays in the reader's language: "Tuesday and Thursday"."""
        names = get_day_names("wide", "stand-alone", locale())
        return format_list([names[day] for day in unpack(self.weekdays)], locale=locale())

    @property
    def starts(self) -> str:
        """The time on the wall at the beginning, as the reader writes it."""
        return format_clock(datetime.combine(date(2027, 1, 11), self.wall, UTC), "UTC")

    @property
    def ends(self) -> str:
        end = datetime.combine(date(2027, 1, 11), self.wall, UTC) + timedelta(minutes=self.minutes)
        return format_clock(end, "UTC")


class Meeting(OwnedByUnion, db.Model):
    """One coming together. `day` and `wall` in `zone` are the truth; `starts_at` and `ends_at` follow from them.

    `revision` rises with each change, `changed_at` is its moment: calendars compare them.
    """

    __table_args__ = (
        UniqueConstraint("series_id", "day"),
        CheckConstraint("ends_at > starts_at", name="moments_in_order"),
        Index("ix_meeting_cohort_id_starts_at", "cohort_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("meeting_series.id"))
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    day: Mapped[date]
    wall: Mapped[time]
    zone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None


class Enrollment(OwnedByUnion, db.Model):
    """One person's way through one cohort, from joining to leaving.

    The waiting list is ordered by (joined_at, id). `left_as` is the state left, `changed_at` the moment of the
    last change. `admission_reason` is a coordinator's own words and leaves this table only for its union.
    """

    __table_args__ = (
        Index(
            "uq_enrollment_live",
            "member_id",
            "cohort_id",
            unique=True,
            sqlite_where=text("state IN ('enrolled', 'waitlisted')"),
            postgresql_where=text("state IN ('enrolled', 'waitlisted')"),
        ),
        Index("ix_enrollment_queue", "cohort_id", "state", "joined_at", "id"),
        CheckConstraint(
            "(admitted_by_id IS NULL) = (admission_reason IS NULL)", name="admission_with_its_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id"), index=True)
    state: Mapped[EnrollmentState]
    joined_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    left_as: Mapped[EnrollmentState | None]
    admitted_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))
    admission_reason: Mapped[str | None] = mapped_column(String(500))

    cohort: Mapped[Cohort] = relationship(lazy="raise_on_sql")
    member: Mapped[Member] = relationship(lazy="raise_on_sql", foreign_keys=[member_id])

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def is_enrolled(self) -> bool:
        return self.state is EnrollmentState.ENROLLED

    @property
    def waits(self) -> bool:
        return self.state is EnrollmentState.WAITLISTED

    @property
    def is_admitted(self) -> bool:
        return self.admitted_by_id is not None

    @property
    def undo_until(self) -> datetime:
        return self.changed_at + UNDO_WITHIN

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it was left so lately that leaving may be taken back, if the seat is still there."""
        return self.state is EnrollmentState.WITHDRAWN and now < self.undo_until

    def move_to(self, state: EnrollmentState, *, now: datetime) -> None:
        if state not in NEXT_STATES[self.state]:
            raise Refused(_("This enrollment is already %(state)s.", state=self.state.label))
        if state is EnrollmentState.WITHDRAWN:
            self.left_as = self.state
        self.state, self.changed_at = state, now


class CalendarFeed(OwnedByUnion, db.Model):
    """A member's private calendar address. The address is signed from `key`; a new key is a new address."""

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), unique=True)
    key: Mapped[str] = mapped_column(String(32), unique=True)
    made_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
