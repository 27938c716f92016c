"""Attendance as a table to save. Notes are never in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from portal.i18n import _
from portal.teaching.models import Mark
from portal.teaching.queries import Roster


def attendance_rows(roster: Roster) -> Iterator[list[Any]]:
    """A heading, then a row a person: name, local, when last seen, a count of each mark, a column a meeting.

    Meetings are those that count for somebody, named by their day and time on the cohort's wall. An empty cell is
    a meeting that is not recorded, or that was before the person came.
    """
    people = [*roster.presences, *roster.left]
    counting = {meeting.id for each in people for meeting, _mark in each.meetings}
    meetings = [meeting for meeting in roster.meetings if meeting.id in counting]
    yield [
        _("Name"),
        _("Local"),
        _("Last seen"),
        *(str(mark.label) for mark in Mark),
        _("Not recorded"),
        *(f"{meeting.day:%Y-%m-%d} {meeting.wall:%H:%M}" for meeting in meetings),
    ]
    for each in people:
        marks = {meeting.id: mark for meeting, mark in each.meetings}
        yield [
            each.person.name,
            each.person.local,
            each.last_seen.day if each.last_seen else "",
            *(each.counts[mark] for mark in Mark),
            each.counts[None],
            *(str(mark.label) if (mark := marks.get(meeting.id)) else "" for meeting in meetings),
        ]
