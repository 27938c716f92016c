"""Numbers of one learner, week by week, for charts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.learning.queries import Spent

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """`monday` is on the learner's own calendar; `words` is how many were known at its end."""

    monday: date
    minutes: int
    lessons: int
    words: int


def monday_of(at: datetime, zone: str) -> date:
    day = at.astimezone(ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def weeks(
    spent: Iterable[Spent], learned_at: Sequence[datetime], now: datetime, zone: str, *, count: int = WEEKS
) -> list[Week]:
    """The last `count` weeks, this one last."""
    this = monday_of(now, zone)
    mondays = [this - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    seconds, lessons = dict.fromkeys(mondays, 0), dict.fromkeys(mondays, 0)
    for each in spent:
        if (monday := monday_of(each.at, zone)) in seconds:
            seconds[monday] += each.seconds
            lessons[monday] += each.is_over
    words = sorted(monday_of(at, zone) for at in learned_at)
    return [
        Week(
            monday,
            round(seconds[monday] / 60),
            lessons[monday],
            sum(1 for first in words if first <= monday),
        )
        for monday in mondays
    ]
