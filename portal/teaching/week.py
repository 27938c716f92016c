"""The instructor's week put together: its meetings, who to ask after, and the one next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.courses import agenda
from portal.courses.models import Cohort, Meeting
from portal.courses.schedule import moment, today_in
from portal.i18n import _, format_day
from portal.teaching.presence import Presence
from portal.teaching.queries import Roster

LATELY = timedelta(days=14)


class Step(StrEnum):
    TODAY = "today"
    CATCH_UP = "catch_up"
    ASK = "ask"
    PREPARE = "prepare"
    REST = "rest"


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now; `meeting` or `presence` says about what."""

    step: Step
    cohort: Cohort | None = None
    meeting: Meeting | None = None
    presence: Presence | None = None

    @property
    def title(self) -> str:
        match self.step:
            case Step.TODAY:
                return _("Take attendance for today’s class")
            case Step.CATCH_UP if self.meeting:
                return _("Finish the attendance of %(day)s", day=format_day(self.meeting.day))
            case Step.ASK if self.presence:
                return _("Ask after %(name)s", name=self.presence.person.name)
            case Step.PREPARE if self.meeting:
                return _("Your next class is on %(day)s", day=format_day(self.meeting.day))
            case _other:
                return _("Nothing waits for you")


@dataclass(frozen=True)
class Day:
    """A meeting of the week with its roster, for a line of the agenda."""

    line: agenda.Line
    roster: Roster


@dataclass(frozen=True)
class Week:
    """`meetings` are those from Monday to Sunday on the instructor's wall; `later` the next one after them."""

    rosters: Sequence[Roster]
    days: Sequence[Day]
    later: Day | None
    attention: Sequence[tuple[Roster, Presence]]
    next: NextStep


def week_of(rosters: Sequence[Roster], zone: str, *, now: datetime) -> Week:
    monday = today_in(zone, now) - timedelta(days=now.astimezone(ZoneInfo(zone)).weekday())
    begins = moment(monday, time(0), zone)
    ends = moment(monday + timedelta(days=7), time(0), zone)
    meetings = sorted(
        ((meeting, roster) for roster in rosters for meeting in roster.meetings),
        key=lambda pair: (pair[0].starts_at, pair[0].id),
    )
    this_week = [pair for pair in meetings if begins <= pair[0].starts_at < ends]
    later = [pair for pair in meetings if pair[0].starts_at >= ends and not pair[0].is_cancelled]
    attention = [(roster, each) for roster in rosters for each in roster.needing_attention]
    return Week(
        rosters,
        _days(this_week, zone),
        next(iter(_days(later[:1], zone)), None),
        attention,
        next_step(meetings, attention, zone, now=now),
    )


def _days(pairs: Sequence[tuple[Meeting, Roster]], zone: str) -> list[Day]:
    lines = agenda.lines([meeting for meeting, _roster in pairs], zone)
    return [Day(line, roster) for line, (_meeting, roster) in zip(lines, pairs, strict=True)]


def next_step(
    meetings: Sequence[tuple[Meeting, Roster]],
    attention: Sequence[tuple[Roster, Presence]],
    zone: str,
    *,
    now: datetime,
) -> NextStep:
    """Today's class first, then what is unfinished of the last two weeks, then people, then what comes."""
    standing = [(meeting, roster) for meeting, roster in meetings if not meeting.is_cancelled]
    today = today_in(zone, now)
    for meeting, roster in standing:
        local_day = meeting.starts_at.astimezone(ZoneInfo(zone)).date()
        is_done = meeting.starts_at <= now and not roster.is_unfinished(meeting, now)
        if local_day == today and not is_done:
            return NextStep(Step.TODAY, roster.cohort, meeting)
    for meeting, roster in reversed(standing):
        if now - LATELY < meeting.starts_at <= now and roster.is_unfinished(meeting, now):
            return NextStep(Step.CATCH_UP, roster.cohort, meeting)
    if attention:
        roster, presence = attention[0]
        return NextStep(Step.ASK, roster.cohort, presence=presence)
    for meeting, roster in standing:
        if meeting.starts_at > now:
            return NextStep(Step.PREPARE, roster.cohort, meeting)
    return NextStep(Step.REST)
