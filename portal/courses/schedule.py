"""Weekdays and wall clocks. The wall time of a meeting is its truth; the moment in UTC follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = range(7)  # Monday is 0, as in date.weekday()
EVERY_DAY = 0b111_1111


def pack(weekdays: Iterable[int]) -> int:
    """Weekdays as one number with a bit for each, so that a database can ask for "any of these"."""
    mask = 0
    for day in weekdays:
        if day not in WEEK:
            raise ValueError(f"{day} is no weekday")
        mask |= 1 << day
    return mask


def unpack(mask: int) -> tuple[int, ...]:
    return tuple(day for day in WEEK if mask >> day & 1)


def moment(day: date, wall: time, zone: str) -> datetime:
    """The UTC moment at which the clocks of `zone` show `wall` on `day`.

    An hour the clocks skip is counted from before the change (2:30 becomes 3:30); an hour shown twice is the first.
    """
    return datetime.combine(day, wall, ZoneInfo(zone)).astimezone(UTC)


def meeting_days(starts_on: date, ends_on: date, mask: int) -> Iterator[date]:
    """The days from the first to the last, both included, that fall on a weekday of `mask`."""
    for offset in range((ends_on - starts_on).days + 1):
        day = starts_on + timedelta(days=offset)
        if mask >> day.weekday() & 1:
            yield day


def today_in(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()
