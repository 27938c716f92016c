"""A class that has met for some weeks, with an instructor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy import select

from portal.accounts.models import Member
from portal.courses import planning
from portal.courses.models import Cohort, Meeting
from portal.courses.programs import SPANISH, Program
from portal.events import Event
from portal.extensions import db
from portal.teaching import actions, queries
from portal.teaching.models import Attendance, Mark
from tests.courses.helpers import cohort, join_all, people, reload
from tests.factories import Factory

P, L, R, E, A = Mark.PRESENT, Mark.LATE, Mark.REMOTE, Mark.EXCUSED, Mark.ABSENT


@dataclass
class Group:
    """A cohort that meets once a week at noon in New York, its meetings, learners and instructor."""

    cohort: Cohort
    instructor: Member
    learners: list[Member]
    meetings: list[Meeting]

    def mark(self, meeting: Meeting, marks: Sequence[Mark | None], *, now: datetime) -> None:
        """Marks for the learners in their order, none where nothing is recorded."""
        entries = {entry.person.id: entry for entry in queries.sheet(meeting, now=now).entries}
        for learner, mark in zip(self.learners, marks, strict=True):
            if mark is not None:
                actions.mark(meeting, entries[learner.id].person, mark, by=self.instructor, now=now)
        db.session.commit()


def group(
    make: Factory,
    *,
    now: datetime,
    learners: int = 3,
    weeks_ago: int = 3,
    weeks: int = 6,
    program: Program = SPANISH,
    instructor: Member | None = None,
    names: Sequence[str] = (),
    union: str = "usw",
) -> Group:
    """The first meeting was `weeks_ago` weeks before `now`, on the same weekday; one a week, `weeks` in all."""
    instructor = instructor or make.member("Ines Ejemplo", "instructor", union=union)
    began = now - timedelta(weeks=weeks_ago)
    made = cohort(
        make,
        program,
        now=began - timedelta(days=14),
        capacity=max(learners, 1),
        weekdays=(),
        weeks=weeks,
        instructor=instructor,
    )
    planning.plan_meetings(
        made, weekdays=[made.starts_on.weekday()], wall=time(12, 0), minutes=60, by=instructor, now=began
    )
    db.session.commit()
    members = people(make, learners, program)
    for member, name in zip(members, names, strict=False):
        member.name = name
    db.session.commit()
    join_all(made, members, now=began - timedelta(days=13))
    meetings = list(
        db.session.scalars(select(Meeting).where(Meeting.cohort_id == made.id).order_by(Meeting.starts_at))
    )
    return Group(reload(made), instructor, members, meetings)


def rows() -> list[tuple[int, int, str]]:
    """Every row of attendance: meeting, member, mark."""
    found = db.session.execute(
        select(Attendance.meeting_id, Attendance.member_id, Attendance.mark).order_by(Attendance.id)
    )
    return [(meeting, member, mark.value) for meeting, member, mark in found]


def facts(kind: str) -> list[dict]:
    """What was recorded of this kind: who did it, and the data."""
    found = db.session.scalars(select(Event).where(Event.kind.like(kind)).order_by(Event.id))
    return [
        {"kind": event.kind, "by": event.actor_id, "union": event.union_id, **event.data} for event in found
    ]
