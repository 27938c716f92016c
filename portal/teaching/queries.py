"""Rosters, marks and notes to read.

An instructor may teach a cohort of the other union. Those queries cross the unions and name the one cohort in
their where clause; of its people they select the name and the local, so that nothing else can be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.accounts.models import Local, Member
from portal.courses.models import Cohort, Enrollment, EnrollmentState, Meeting
from portal.errors import Hidden
from portal.extensions import db
from portal.folding import fold
from portal.teaching.models import UNDO_WITHIN, Attendance, Mark, Note
from portal.teaching.presence import Person, Presence, counts, presence
from portal.tenancy import across_unions

STAYS_IN_THE_WEEK = timedelta(days=14)
NOTES_A_PAGE = 100
HOLDS_A_SEAT = (EnrollmentState.ENROLLED, EnrollmentState.COMPLETED)


def _teaching():
    return across_unions("teaching this cohort; its id narrows instead")


# --- cohorts and meetings ------------------------------------------------------------------------


def cohort_or_404(cohort_id: int, reader: Member) -> Cohort:
    """The cohort with its course and series, if the reader teaches it or is of its union."""
    return _cohort_or_404(Cohort.id == cohort_id, reader)


def _cohort_or_404(condition, reader: Member) -> Cohort:
    with _teaching():
        cohort = db.session.scalar(
            select(Cohort)
            .where(condition, or_(Cohort.instructor_id == reader.id, Cohort.union_id == reader.union_id))
            .options(joinedload(Cohort.course), selectinload(Cohort.series))
        )
    if cohort is None:
        raise Hidden
    return cohort


def meeting_or_404(meeting_id: int, reader: Member) -> Meeting:
    """The meeting with its cohort and course, if the reader teaches the cohort or is of its union."""
    with _teaching():
        meeting = db.session.scalar(
            select(Meeting)
            .join(Meeting.cohort)
            .where(
                Meeting.id == meeting_id,
                or_(Cohort.instructor_id == reader.id, Cohort.union_id == reader.union_id),
            )
            .options(joinedload(Meeting.cohort).joinedload(Cohort.course))
        )
    if meeting is None:
        raise Hidden
    return meeting


def cohorts_taught(instructor: Member, *, today: date) -> Sequence[Cohort]:
    """The cohorts the instructor teaches that run, are to come, or ended in the last two weeks."""
    with across_unions("an instructor may teach the other union; their own cohorts narrow instead"):
        return db.session.scalars(
            select(Cohort)
            .where(Cohort.instructor_id == instructor.id, Cohort.ends_on >= today - STAYS_IN_THE_WEEK)
            .options(joinedload(Cohort.course), selectinload(Cohort.series))
            .order_by(Cohort.starts_on, Cohort.id)
        ).all()


# --- rosters -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Roster:
    """A cohort's people with their presence, and all its meetings. `recorded` is by meeting: how many marks."""

    cohort: Cohort
    meetings: Sequence[Meeting]
    presences: Sequence[Presence]
    left: Sequence[Presence]
    recorded: dict[int, int]
    expected: dict[int, int]

    @property
    def needing_attention(self) -> list[Presence]:
        """Those to ask after, who was missed longest first."""
        return sorted(
            (each for each in self.presences if each.needs_attention), key=lambda each: -each.missed_in_a_row
        )

    def is_unfinished(self, meeting: Meeting, now: datetime) -> bool:
        """Whether marks are still missing for a meeting that has begun."""
        begun = not meeting.is_cancelled and meeting.starts_at <= now
        return begun and self.recorded[meeting.id] < self.expected[meeting.id]


def rosters(cohorts: Sequence[Cohort], *, now: datetime) -> list[Roster]:
    """The rosters of cohorts the reader was shown, in their order; three statements whatever their number."""
    ids = [cohort.id for cohort in cohorts]
    if not ids:
        return []
    people, meetings, marks = _people(ids), _meetings(ids), _marks(ids)
    return [
        _roster(cohort, people[cohort.id], meetings[cohort.id], marks[cohort.id], now) for cohort in cohorts
    ]


def roster(cohort: Cohort, *, now: datetime) -> Roster:
    return rosters([cohort], now=now)[0]


def _roster(
    cohort: Cohort,
    people: Sequence[Person],
    meetings: Sequence[Meeting],
    marks: dict[int, dict[int, Mark]],
    now: datetime,
) -> Roster:
    staying = [person for person in people if not person.has_left]
    recorded = {meeting.id: sum(meeting.id in marks[person.id] for person in staying) for meeting in meetings}
    expected = {
        meeting.id: sum(counts(meeting, person, marks[person.id], now) for person in staying)
        for meeting in meetings
    }
    everybody = [presence(person, meetings, marks[person.id], now=now) for person in people]
    return Roster(
        cohort,
        meetings,
        presences=[each for each in everybody if not each.person.has_left],
        left=[each for each in everybody if each.person.has_left],
        recorded=recorded,
        expected=expected,
    )


def _people(cohort_ids: Sequence[int]) -> dict[int, list[Person]]:
    """Who holds or held a seat, by cohort and name. Who came back is one person, there since the first time."""
    held_a_seat = or_(
        Enrollment.state.in_(HOLDS_A_SEAT),
        and_(
            Enrollment.state == EnrollmentState.WITHDRAWN,
            Enrollment.left_as == EnrollmentState.ENROLLED,
        ),
    )
    with _teaching():
        rows = db.session.execute(
            select(
                Enrollment.cohort_id,
                Enrollment.state,
                Enrollment.joined_at,
                Member.id,
                Member.name,
                Local.name.label("local"),
            )
            .join(Member, Member.id == Enrollment.member_id)
            .outerjoin(Local, Local.id == Member.local_id)
            .where(Enrollment.cohort_id.in_(cohort_ids), held_a_seat)
            .order_by(Enrollment.joined_at, Enrollment.id)
        ).all()
    found: dict[int, dict[int, Person]] = defaultdict(dict)
    for row in rows:
        before = found[row.cohort_id].get(row.id)
        found[row.cohort_id][row.id] = Person(
            row.id,
            row.name,
            row.local or "",
            before.joined_at if before else row.joined_at,
            has_left=row.state not in HOLDS_A_SEAT and (before is None or before.has_left),
        )
    return defaultdict(
        list,
        {
            cohort_id: sorted(people.values(), key=lambda person: (fold(person.name), person.id))
            for cohort_id, people in found.items()
        },
    )


def _meetings(cohort_ids: Sequence[int]) -> dict[int, list[Meeting]]:
    with _teaching():
        rows = db.session.scalars(
            select(Meeting).where(Meeting.cohort_id.in_(cohort_ids)).order_by(Meeting.starts_at, Meeting.id)
        )
        return _by(rows, "cohort_id")


def _by(rows: Iterable, key: str) -> dict[int, list]:
    found = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _marks(cohort_ids: Sequence[int]) -> dict[int, dict[int, dict[int, Mark]]]:
    """Marks by cohort, then member, then meeting."""
    with _teaching():
        rows = db.session.execute(
            select(Meeting.cohort_id, Attendance.member_id, Attendance.meeting_id, Attendance.mark)
            .join(Meeting, Meeting.id == Attendance.meeting_id)
            .where(Meeting.cohort_id.in_(cohort_ids))
        )
        found: dict[int, dict[int, dict[int, Mark]]] = defaultdict(lambda: defaultdict(dict))
        for cohort_id, member_id, meeting_id, mark in rows:
            found[cohort_id][member_id][meeting_id] = mark
    return found


# --- the attendance of one meeting ---------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of a meeting's attendance."""

    person: Person
    mark: Mark | None


@dataclass(frozen=True)
class Sheet:
    """A meeting's attendance. `in_bulk`: how many marks of "everybody was here" can be taken back."""

    meeting: Meeting
    entries: Sequence[Entry]
    in_bulk: int

    @property
    def recorded(self) -> int:
        return sum(entry.mark is not None for entry in self.entries)

    @property
    def here(self) -> int:
        return sum(entry.mark is not None and entry.mark.was_there for entry in self.entries)

    @property
    def missing(self) -> int:
        """How many have no mark yet."""
        return len(self.entries) - self.recorded

    def entry_of(self, member_id: int | None) -> Entry | None:
        return next((entry for entry in self.entries if entry.person.id == member_id), None)


def sheet(meeting: Meeting, *, now: datetime) -> Sheet:
    """Everybody with a seat, and who has left but was recorded at this meeting."""
    held = attendance_of(meeting)
    entries = [
        Entry(person, held[person.id].mark if person.id in held else None)
        for person in _people([meeting.cohort_id])[meeting.cohort_id]
        if person.id in held or (not person.has_left and person.joined_at < meeting.ends_at)
    ]
    return Sheet(meeting, entries, sum(each.may_be_undone_at_once(now) for each in held.values()))


def attendance_of(meeting: Meeting) -> dict[int, Attendance]:
    """The meeting's rows by member."""
    with _teaching():
        rows = db.session.scalars(select(Attendance).where(Attendance.meeting_id == meeting.id))
        return {row.member_id: row for row in rows}


# --- one person ----------------------------------------------------------------------------------


def presence_or_404(cohort: Cohort, member_id: int, *, now: datetime) -> Presence:
    """The presence of somebody who holds or held a seat in the cohort."""
    found = roster(cohort, now=now)
    for each in (*found.presences, *found.left):
        if each.person.id == member_id:
            return each
    raise Hidden


def notes_about(member_id: int, cohort: Cohort, *, now: datetime) -> Sequence[Note]:
    """The latest hundred notes, newest first, removed ones while they can still come back."""
    with _teaching():
        return db.session.scalars(
            select(Note)
            .where(
                Note.cohort_id == cohort.id,
                Note.member_id == member_id,
                or_(Note.removed_at.is_(None), Note.removed_at > now - UNDO_WITHIN),
            )
            .options(joinedload(Note.cohort))
            .order_by(Note.written_at.desc(), Note.id.desc())
            .limit(NOTES_A_PAGE)
        ).all()


def numbers_of_notes(cohort: Cohort) -> dict[int, int]:
    """How many notes there are, by member."""
    with _teaching():
        rows = db.session.execute(
            select(Note.member_id, func.count())
            .where(Note.cohort_id == cohort.id, Note.removed_at.is_(None))
            .group_by(Note.member_id)
        )
        return dict(rows.all())


def note_or_404(note_id: int, reader: Member) -> Note:
    """The note with its cohort and course, if the reader teaches the cohort."""
    with _teaching():
        note = db.session.scalar(
            select(Note)
            .join(Note.cohort)
            .where(Note.id == note_id, Cohort.instructor_id == reader.id)
            .options(joinedload(Note.cohort).joinedload(Cohort.course))
        )
    if note is None:
        raise Hidden
    return note


# --- one's own -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OwnClass:
    """A cohort the reader sits in, their presence there, and its next meeting."""

    cohort: Cohort
    presence: Presence
    next_meeting: Meeting | None


def own_classes(member: Member, *, now: datetime) -> list[OwnClass]:
    """The latest twenty cohorts the member holds a seat in or has completed, the last to end first."""
    enrollments = db.session.scalars(
        select(Enrollment)
        .join(Enrollment.cohort)
        .where(Enrollment.member_id == member.id, Enrollment.state.in_(HOLDS_A_SEAT))
        .options(joinedload(Enrollment.cohort).joinedload(Cohort.course))
        .order_by(Cohort.ends_on.desc(), Enrollment.id)
        .limit(20)
    ).all()
    ids = [enrollment.cohort_id for enrollment in enrollments]
    if not ids:
        return []
    meetings = _meetings(ids)
    rows = db.session.execute(
        select(Attendance.meeting_id, Attendance.mark)
        .join(Meeting, Meeting.id == Attendance.meeting_id)
        .where(Attendance.member_id == member.id, Meeting.cohort_id.in_(ids))
    )
    marks = dict(rows.all())
    return [
        OwnClass(
            enrollment.cohort,
            presence(
                Person(member.id, member.name, "", enrollment.joined_at),
                meetings[enrollment.cohort_id],
                marks,
                now=now,
            ),
            next(
                (
                    each
                    for each in meetings[enrollment.cohort_id]
                    if each.ends_at > now and not each.is_cancelled
                ),
                None,
            ),
        )
        for enrollment in enrollments
    ]
