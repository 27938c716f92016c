"""Meetings as lines of an agenda, on the days of the reader's own zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date

from portal.courses.models import Meeting
from portal.i18n import locale


@dataclass(frozen=True)
class Line:
    """A meeting with the day in the margin, in the reader's language: "Tue", "14", "Mar".

    `same_day` is false where the cohort's wall shows another day than the reader's.
    """

    meeting: Meeting
    weekday: str
    day: int
    month: str
    same_day: bool


def lines(meetings: Iterable[Meeting], zone: str) -> list[Line]:
    """One line a meeting; the days are those of `zone`."""
    found = []
    for meeting in meetings:
        local = meeting.starts_at.astimezone(ZoneInfo(zone))
        found.append(
            Line(
                meeting,
                format_date(local, "EEE", locale=locale()),
                local.day,
                format_date(local, "MMM", locale=locale()),
                local.date() == meeting.day,
            )
        )
    return found
