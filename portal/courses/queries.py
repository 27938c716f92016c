"""What courses, cohorts, places and meetings there are to read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Member, Role, RoleName
from portal.courses.models import (
    CalendarFeed,
    Cohort,
    Course,
    Enrollment,
    EnrollmentState,
    Format,
    Level,
    Meeting,
    MeetingSeries,
)
from portal.courses.programs import Program
from portal.courses.schedule import EVERY_DAY, pack
from portal.errors import Hidden
from portal.extensions import db
from portal.folding import words
from portal.tenancy import across_unions

COHORTS_A_PAGE = 12
MEETINGS_A_PAGE = 40
A_DAY = timedelta(days=1)
FEED_REACHES_BACK = timedelta(days=60)


# --- the catalog ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wishes:
    """What somebody looks for in the catalog; left out means anything. `weekdays`: any of these, 0 is Monday."""

    text: str = ""
    level: Level | None = None
    format: Format | None = None
    weekdays: tuple[int, ...] = ()
    open_seats: bool = False

    @property
    def is_empty(self) -> bool:
        return self == Wishes()


@dataclass(frozen=True)
class Found:
    """One page of cohorts and how many there are in all; `places` are the reader's own, by cohort."""

    cohorts: Sequence[Cohort]
    total: int
    page: int
    places: dict[int, Enrollment] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // COHORTS_A_PAGE))


def catalog(program: Program, wishes: Wishes, reader: Member, *, page: int, now: datetime) -> Found:
    """Cohorts that have not ended, those that still take people first. A page too far is the last one."""
    with _for_reader():
        matching = _matching(program, wishes, now).where(_readable(reader))
        total = db.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
        page = min(max(1, page), max(1, -(-total // COHORTS_A_PAGE)))
        cohorts = db.session.scalars(
            select(Cohort)
            .where(Cohort.id.in_(matching))
            .options(joinedload(Cohort.course), selectinload(Cohort.series))
            .order_by(case((Cohort.closes_at > now, 0), else_=1), Cohort.starts_on, Cohort.id)
            .limit(COHORTS_A_PAGE)
            .offset((page - 1) * COHORTS_A_PAGE)
        ).all()
    return Found(cohorts, total, page, _places_in([cohort.id for cohort in cohorts], reader))


def _matching(program: Program, wishes: Wishes, now: datetime):
    # No zone is a whole day behind UTC, so nothing that still runs is left out.
    statement = (
        select(Cohort.id)
        .join(Course, Course.id == Cohort.course_id)
        .where(Course.program == program.code, Cohort.ends_on >= (now - A_DAY).date())
    )
    for word in words(wishes.text):
        statement = statement.where(Course.search_text.like(f"%{word}%", escape="\\"))
    if wishes.level:
        statement = statement.where(Course.level == wishes.level)
    if wishes.format:
        statement = statement.where(Cohort.format == wishes.format)
    if wishes.open_seats:
        statement = statement.where(
            Cohort.seats_taken < Cohort.capacity, Cohort.opens_at <= now, Cohort.closes_at > now
        )
    if (mask := pack(wishes.weekdays)) not in (0, EVERY_DAY):
        meets = MeetingSeries.weekdays.bitwise_and(mask) != 0
        statement = statement.where(exists().where(MeetingSeries.cohort_id == Cohort.id, meets))
    return statement


def _for_reader():
    return across_unions("an instructor may teach the other union; `_readable` narrows instead")


def _readable(reader: Member):
    return or_(Cohort.union_id == reader.union_id, Cohort.instructor_id == reader.id)


def _places_in(cohort_ids: Sequence[int], member: Member) -> dict[int, Enrollment]:
    if not cohort_ids:
        return {}
    held = db.session.scalars(
        select(Enrollment).where(
            Enrollment.member_id == member.id,
            Enrollment.cohort_id.in_(cohort_ids),
            Enrollment.state.in_([EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED]),
        )
    )
    return {enrollment.cohort_id: enrollment for enrollment in held}


def course_in(program: Program, course_id: int) -> Course | None:
    return db.session.scalar(select(Course).where(Course.program == program.code, Course.id == course_id))


def course_or_404(program: Program, code: str) -> Course:
    course = db.session.scalar(select(Course).where(Course.program == program.code, Course.code == code))
    if course is None:
        raise Hidden
    return course


def courses_of_program(program: Program) -> Sequence[Course]:
    return db.session.scalars(
        select(Course).where(Course.program == program.code).order_by(Course.level, Course.code)
    ).all()


def cohorts_of(course: Course, reader: Member, *, now: datetime) -> Sequence[Cohort]:
    """At most fifty cohorts of the course that have not ended, the next to start first."""
    with _for_reader():
        return db.session.scalars(
            select(Cohort)
            .where(Cohort.course_id == course.id, Cohort.ends_on >= (now - A_DAY).date(), _readable(reader))
            .options(joinedload(Cohort.course), selectinload(Cohort.series))
            .order_by(Cohort.starts_on, Cohort.id)
            .limit(50)
        ).all()


def cohort_or_404(program: Program, cohort_id: int, reader: Member) -> Cohort:
    """The cohort with its course, instructor and series, if it is one the reader may know of."""
    with _for_reader():
        cohort = db.session.scalar(
            select(Cohort)
            .join(Cohort.course)
            .where(Cohort.id == cohort_id, Course.program == program.code, _readable(reader))
            .options(
                joinedload(Cohort.course),
                joinedload(Cohort.instructor).lazyload(Member.grants),
                selectinload(Cohort.series),
            )
        )
    if cohort is None:
        raise Hidden
    return cohort


def meetings_of(cohort: Cohort) -> Sequence[Meeting]:
    """Every meeting of the cohort, cancelled ones too, in time order."""
    with across_unions("the meetings of one cohort the reader was shown"):
        return db.session.scalars(
            select(Meeting).where(Meeting.cohort_id == cohort.id).order_by(Meeting.starts_at, Meeting.id)
        ).all()


def meeting_or_404(cohort: Cohort, meeting_id: int) -> Meeting:
    """A meeting of this very cohort."""
    with across_unions("a meeting of one cohort the reader was shown"):
        meeting = db.session.scalar(
            select(Meeting).where(Meeting.id == meeting_id, Meeting.cohort_id == cohort.id)
        )
    if meeting is None:
        raise Hidden
    return meeting


def cohort_of(meeting: Meeting) -> Cohort:
    """The meeting's cohort with its course and instructor."""
    with across_unions("the cohort of one meeting; its id narrows instead"):
        return db.session.scalars(
            select(Cohort)
            .where(Cohort.id == meeting.cohort_id)
            .options(joinedload(Cohort.course), joinedload(Cohort.instructor).lazyload(Member.grants))
        ).one()


# --- places --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """Where a member stands with a cohort: the newest enrollment, the position in the queue, its length."""

    enrollment: Enrollment | None
    position: int | None
    waiting: int


def enrollment_of(member: Member, cohort: Cohort) -> Enrollment | None:
    """The member's newest enrollment in the cohort, live or ended."""
    return db.session.scalar(
        select(Enrollment)
        .where(Enrollment.member_id == member.id, Enrollment.cohort_id == cohort.id)
        .order_by(Enrollment.id.desc())
        .limit(1)
    )


def place_of(member: Member, cohort: Cohort) -> Place:
    enrollment = enrollment_of(member, cohort)
    waiting = _waiting_in(cohort)
    if enrollment is None or not enrollment.waits:
        return Place(enrollment, None, db.session.scalar(waiting) or 0)
    ahead = or_(
        Enrollment.joined_at < enrollment.joined_at,
        and_(Enrollment.joined_at == enrollment.joined_at, Enrollment.id <= enrollment.id),
    )
    total, position = db.session.execute(waiting.add_columns(func.count().filter(ahead))).one()
    return Place(enrollment, position, total)


def _waiting_in(cohort: Cohort):
    return select(func.count(Enrollment.id)).where(
        Enrollment.cohort_id == cohort.id, Enrollment.state == EnrollmentState.WAITLISTED
    )


def last_in_queue(cohort: Cohort) -> datetime | None:
    """When the last of those waiting joined."""
    return db.session.scalar(
        select(func.max(Enrollment.joined_at)).where(
            Enrollment.cohort_id == cohort.id, Enrollment.state == EnrollmentState.WAITLISTED
        )
    )


def first_to_promote(cohort: Cohort) -> Enrollment | None:
    """The first in the queue who may take a seat now; who may not keeps the place."""
    suits = or_(
        Enrollment.admitted_by_id.is_not(None),
        and_(Member.standing == cohort.program.standing, Member.union_id == cohort.union_id),
    )
    return db.session.scalar(
        select(Enrollment)
        .join(Enrollment.member)
        .where(
            Enrollment.cohort_id == cohort.id,
            Enrollment.state == EnrollmentState.WAITLISTED,
            Member.is_active,
            suits,
        )
        .options(joinedload(Enrollment.member).lazyload(Member.grants))
        .order_by(Enrollment.joined_at, Enrollment.id)
        .limit(1)
    )


def roster(cohort: Cohort) -> Sequence[Enrollment]:
    """Those enrolled, then those waiting in their order, with the people."""
    with across_unions("the people of one cohort the reader was shown"):
        return db.session.scalars(
            select(Enrollment)
            .where(
                Enrollment.cohort_id == cohort.id,
                Enrollment.state.in_([EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED]),
            )
            .options(joinedload(Enrollment.member).lazyload(Member.grants))
            .order_by(
                case((Enrollment.state == EnrollmentState.ENROLLED, 0), else_=1),
                Enrollment.joined_at,
                Enrollment.id,
            )
        ).all()


def enrollments_of(member: Member) -> Sequence[Enrollment]:
    """The member's live enrollments with cohort and course, the next to start first."""
    return db.session.scalars(
        select(Enrollment)
        .join(Enrollment.cohort)
        .where(
            Enrollment.member_id == member.id,
            Enrollment.state.in_([EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED]),
        )
        .options(joinedload(Enrollment.cohort).joinedload(Cohort.course))
        .order_by(Cohort.starts_on, Enrollment.id)
    ).all()


def coordinators_of(union_id: int) -> Sequence[str]:
    """The names of the union's exchange coordinators, at most three."""
    return db.session.scalars(
        select(Member.name)
        .join(Role, Role.member_id == Member.id)
        .where(Member.union_id == union_id, Member.is_active, Role.name == RoleName.COORDINATOR)
        .order_by(Member.name)
        .limit(3)
    ).all()


def member_by_email(email: str, union_id: int) -> Member | None:
    return db.session.scalar(
        select(Member).where(
            Member.email == email.strip().lower(), Member.union_id == union_id, Member.is_active
        )
    )


def instructor_by_email(email: str) -> Member | None:
    """The instructor with this very address, of either union."""
    with across_unions("an instructor may teach the other union; the whole address narrows instead"):
        return db.session.scalar(
            select(Member)
            .join(Role, Role.member_id == Member.id)
            .where(Member.email == email.strip().lower(), Member.is_active, Role.name == RoleName.INSTRUCTOR)
        )


# --- the agenda ----------------------------------------------------------------------------------


def upcoming_meetings(member: Member, now: datetime, *, most: int = MEETINGS_A_PAGE) -> Sequence[Meeting]:
    """The next meetings of the cohorts the member is enrolled in or teaches, those running now included."""
    return _meetings_of(member, Meeting.ends_at > now, Meeting.cancelled_at.is_(None), most=most)


def feed_meetings(member: Member, now: datetime) -> Sequence[Meeting]:
    """What a calendar feed tells: sixty days back and all that is to come, cancelled ones too."""
    return _meetings_of(member, Meeting.ends_at > now - FEED_REACHES_BACK, most=2_000)


def _meetings_of(member: Member, *conditions, most: int) -> Sequence[Meeting]:
    seat = exists().where(
        Enrollment.cohort_id == Cohort.id,
        Enrollment.member_id == member.id,
        Enrollment.state == EnrollmentState.ENROLLED,
    )
    with across_unions("an instructor may teach the other union; own seats and own cohorts narrow instead"):
        return db.session.scalars(
            select(Meeting)
            .join(Meeting.cohort)
            .where(or_(seat, Cohort.instructor_id == member.id), *conditions)
            .options(joinedload(Meeting.cohort).joinedload(Cohort.course))
            .order_by(Meeting.starts_at, Meeting.id)
            .limit(most)
        ).all()


def feed_of(member: Member) -> CalendarFeed | None:
    return db.session.scalar(select(CalendarFeed).where(CalendarFeed.member_id == member.id))


def feed_by_key(key: str) -> CalendarFeed | None:
    """The feed of a private address, with its member."""
    with across_unions("a private address belongs to its bearer; the key narrows instead"):
        return db.session.scalar(
            select(CalendarFeed)
            .join(CalendarFeed.member)
            .where(CalendarFeed.key == key, Member.is_active)
            .options(joinedload(CalendarFeed.member))
        )
