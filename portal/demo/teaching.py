"""The demo's attendance: weeks of it, with latecomers, night shifts, somebody missing and somebody never seen.

The latest meeting of each class lacks two marks, so that its instructor has a next step. Notes carry the canary
of the instructor's union: they are the instructor's words, and nobody else's to read.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.accounts.models import Member
from portal.courses.models import Cohort, Meeting
from portal.demo import World, canary
from portal.extensions import db
from portal.teaching import actions, queries
from portal.teaching.models import Mark

# One letter a meeting by place in the roster, the latest last, the first for all before; others were present.
MARKS = {"p": Mark.PRESENT, "l": Mark.LATE, "r": Mark.REMOTE, "e": Mark.EXCUSED, "a": Mark.ABSENT}
PATTERNS = {
    1: "pplpppap",
    2: "rrrprrrr",
    4: "ppppleaa",
    5: "eeppeepp",
    7: "aaaaeaaa",
    8: "plplpplp",
    10: "ppepaprp",
}
NOT_RECORDED_YET = 2
NOTES = {
    "usw": (
        (4, "Missed two classes in a row; ask whether the new roster at the mill is the reason."),
        (5, "Works nights every second week and says so beforehand. Send the exercises early."),
    ),
    "mineros": (
        (4, "Faltó dos veces seguidas; preguntar si es por el cambio de turno."),
        (5, "Trabaja de noche cada dos semanas y siempre avisa. Mandarle antes los ejercicios."),
    ),
}


def seed(world: World) -> None:
    for union in world.unions:
        instructor = world.members[f"instructor_{union}"]
        for cohort in queries.cohorts_taught(instructor, today=world.today):
            if cohort.starts_on < world.today:
                _take_attendance(world, cohort, instructor)
                _write_notes(world, cohort, instructor, union)


def _take_attendance(world: World, cohort: Cohort, instructor: Member) -> None:
    meetings = db.session.scalars(
        select(Meeting)
        .where(Meeting.cohort_id == cohort.id, Meeting.ends_at < world.now)
        .order_by(Meeting.starts_at)
    ).all()
    for back, meeting in enumerate(reversed(meetings)):
        at = meeting.ends_at
        entries = queries.sheet(meeting, now=at).entries
        if back == 0:
            entries = entries[:-NOT_RECORDED_YET]
        for place, entry in enumerate(entries):
            pattern = PATTERNS.get(place, "")
            letter = pattern[max(0, len(pattern) - 1 - back)] if pattern else "p"
            actions.mark(meeting, entry.person, MARKS[letter], by=instructor, now=at)


def _write_notes(world: World, cohort: Cohort, instructor: Member, union: str) -> None:
    roster = queries.roster(cohort, now=world.now)
    for days_ago, (place, words) in enumerate(NOTES[union], start=2):
        person = roster.presences[place].person
        text = f"{words} {canary(union)}"
        actions.write_note(cohort, person, text, by=instructor, now=world.now - timedelta(days=days_ago))
