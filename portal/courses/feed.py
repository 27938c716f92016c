"""A member's meetings as an iCalendar file (RFC 5545). It names courses and cohorts, never other people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from portal.courses.models import Meeting
from portal.i18n import _

PRODUCT = "-//Relevo//Agenda//EN"


def calendar(meetings: Sequence[Meeting], *, address: str, link: Callable[[Meeting], str]) -> bytes:
    """Write the file; the same meetings give the same bytes. `address` is the portal's, `link` a meeting's page.

    Texts are in the present locale, so call it inside `in_locale`.
    """
    host = urlsplit(address).hostname or "relevo"
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", _("Relevo: my meetings"))
    for zone, (first, last) in _years(meetings).items():
        file.add_component(_timezone(zone, first, last))
    for meeting in meetings:
        file.add_component(_event(meeting, host, link(meeting)))
    return file.to_ical()


def _event(meeting: Meeting, host: str, page: str) -> Event:
    cohort, zone = meeting.cohort, ZoneInfo(meeting.zone)
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{host}")
    event.add("dtstamp", meeting.changed_at)
    event.add("last-modified", meeting.changed_at)
    event.add("sequence", meeting.revision)
    event.add("dtstart", meeting.starts_at.astimezone(zone))
    event.add("dtend", meeting.ends_at.astimezone(zone))
    event.add("summary", f"{cohort.course.title} · {cohort.name}")
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("location", cohort.place or str(cohort.format.label))
    event.add("url", page)
    return event


def _years(meetings: Sequence[Meeting]) -> dict[str, tuple[int, int]]:
    """The zones that occur, each with the first and the last year."""
    found: dict[str, tuple[int, int]] = {}
    for meeting in meetings:
        first, last = found.get(meeting.zone, (9999, 0))
        found[meeting.zone] = (
            min(first, meeting.starts_at.year),
            max(last, meeting.ends_at.astimezone(UTC).year),
        )
    return dict(sorted(found.items()))


@lru_cache(maxsize=256)
def _timezone(zone: str, first: int, last: int) -> Timezone:
    """The rules of a zone from a year before the first to a year after the last."""
    return Timezone.from_tzid(zone, first_date=date(first - 1, 1, 1), last_date=date(last + 2, 1, 1))
