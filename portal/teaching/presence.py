"""What marks say about a person, in plain words. Pure: no request, no database, no clock.

A cancelled meeting counts for nobody, and a meeting before somebody joined does not count for them. Excused
meetings are neither held against a person nor in their favor; a meeting without a mark says nothing at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from babel.lists import format_list

from portal.courses.models import Meeting
from portal.i18n import _, format_day, locale, ngettext
from portal.teaching.models import Mark

MISSED_IN_A_ROW = 2
STRIP = 8


@dataclass(frozen=True)
class Person:
    """All that an instructor of the other union may know of a learner: the name and the local."""

    id: int
    name: str
    local: str
    joined_at: datetime
    has_left: bool = False


@dataclass(frozen=True)
class Presence:
    """One person's meetings so far, oldest first, each with its mark or none."""

    person: Person
    meetings: Sequence[tuple[Meeting, Mark | None]]

    @cached_property
    def counts(self) -> Counter[Mark | None]:
        return Counter(mark for _meeting, mark in self.meetings)

    @property
    def times_seen(self) -> int:
        return sum(number for mark, number in self.counts.items() if mark and mark.was_there)

    @property
    def last_seen(self) -> Meeting | None:
        return next((meeting for meeting, mark in reversed(self.meetings) if mark and mark.was_there), None)

    @property
    def missed_in_a_row(self) -> int:
        """Absences since the person was last seen."""
        missed = 0
        for _meeting, mark in reversed(self.meetings):
            if mark and mark.was_there:
                break
            missed += mark is Mark.ABSENT
        return missed

    @property
    def needs_attention(self) -> bool:
        return self.missed_in_a_row >= (MISSED_IN_A_ROW if self.last_seen else 1)

    @property
    def why(self) -> str:
        """Why somebody should be asked how they are; empty where nothing is the matter."""
        if not self.needs_attention:
            return ""
        missed = self.missed_in_a_row
        if self.last_seen is None:
            return ngettext(
                "Not seen yet: missed the one meeting recorded so far.",
                "Not seen yet: missed %(num)s meetings so far.",
                missed,
            )
        return _(
            "Missed the last %(num)s meetings. Last seen on %(day)s.",
            num=missed,
            day=format_day(self.last_seen.day),
        )

    @property
    def strip(self) -> Sequence[tuple[Meeting, Mark | None]]:
        """The latest meetings, as many as fit a small picture."""
        return self.meetings[-STRIP:]

    @property
    def in_words(self) -> str:
        """All marks counted: "present 5 times, late once and absent once"."""
        return counted_in_words(self.counts)

    @property
    def strip_in_words(self) -> str:
        return counted_in_words(Counter(mark for _meeting, mark in self.strip))


def presence(
    person: Person, meetings: Sequence[Meeting], marks: dict[int, Mark], *, now: datetime
) -> Presence:
    """Put together the meetings that count for this person by `now`; `marks` are theirs, by meeting."""
    return Presence(
        person,
        [(meeting, marks.get(meeting.id)) for meeting in meetings if counts(meeting, person, marks, now)],
    )


def counts(meeting: Meeting, person: Person, marks: dict[int, Mark], now: datetime) -> bool:
    """Whether the meeting counts for the person: it has begun while they belonged to the cohort, or has a mark."""
    if meeting.is_cancelled:
        return False
    return meeting.id in marks or (
        not person.has_left and meeting.starts_at <= now and person.joined_at < meeting.ends_at
    )


def counted_in_words(numbers: Counter[Mark | None]) -> str:
    phrases = [_counted(mark, numbers[mark]) for mark in (*Mark, None) if numbers[mark]]
    return format_list(phrases, locale=locale()) if phrases else _("no meeting so far")


def _counted(mark: Mark | None, number: int) -> str:
    match mark:
        case Mark.PRESENT:
            return ngettext("present once", "present %(num)s times", number)
        case Mark.LATE:
            return ngettext("late once", "late %(num)s times", number)
        case Mark.REMOTE:
            return ngettext("remote once", "remote %(num)s times", number)
        case Mark.EXCUSED:
            return ngettext("excused once", "excused %(num)s times", number)
        case Mark.ABSENT:
            return ngettext("absent once", "absent %(num)s times", number)
        case None:
            return ngettext("not recorded once", "not recorded %(num)s times", number)
