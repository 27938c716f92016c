"""Actions that set up what is taught: courses, cohorts, their meetings; and each member's calendar address."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select

from portal import mail
from portal.accounts.models import Member
from portal.courses import queries
from portal.courses.models import (
    CalendarFeed,
    Cohort,
    Course,
    Format,
    Level,
    Meeting,
    MeetingSeries,
)
from portal.courses.programs import Program
from portal.courses.schedule import meeting_days, moment, pack
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import _, format_moment, in_locale
from portal.tenancy import across_unions

LONGEST = timedelta(days=366)


def put_course(
    program: Program,
    code: str,
    *,
    level: Level,
    titles: Mapping[str, str],
    summaries: Mapping[str, str],
    units: Sequence[str],
) -> Course:
    """Create the course, or bring the one with this code up to date. Texts are by locale, `en` among them."""
    course = db.session.scalar(select(Course).where(Course.program == program.code, Course.code == code))
    if course is None:
        course = Course(program=program.code, code=code)
        db.session.add(course)
    course.level, course.units = level, list(units)
    course.titles, course.summaries = dict(titles), dict(summaries)
    db.session.flush()
    return course


def create_cohort(
    course: Course,
    *,
    union_id: int,
    name: str,
    capacity: int,
    opens_at: datetime,
    closes_at: datetime,
    starts_on: date,
    ends_on: date,
    zone: str,
    format: Format,
    place: str = "",
    instructor: Member | None = None,
    by: Member,
    now: datetime,
) -> Cohort:
    """Create a cohort without meetings. Raises `Refused` when its days or its window are out of order."""
    if ends_on < starts_on:
        raise Refused(_("The last day lies before the first."))
    if ends_on - starts_on > LONGEST:
        raise Refused(_("A cohort runs for a year at most."))
    if closes_at <= opens_at:
        raise Refused(_("Enrollment must close after it opens."))
    if instructor is not None and not instructor.teaches:
        raise Refused(_("%(name)s is not an instructor.", name=instructor.name))
    cohort = Cohort(
        union_id=union_id,
        course=course,
        instructor=instructor,
        name=name,
        capacity=capacity,
        seats_taken=0,
        opens_at=opens_at,
        closes_at=closes_at,
        starts_on=starts_on,
        ends_on=ends_on,
        zone=zone,
        format=format,
        place=place,
        series=[],
    )
    db.session.add(cohort)
    record("cohort.created", cohort, by=by, at=now, course=course.id, capacity=capacity)
    return cohort


def plan_meetings(
    cohort: Cohort, *, weekdays: Sequence[int], wall: time, minutes: int, by: Member, now: datetime
) -> MeetingSeries:
    """Meet on these weekdays at this time on the cohort's wall, from its first day to its last.

    Raises `Refused` when no such day lies between them.
    """
    mask = pack(weekdays)
    days = list(meeting_days(cohort.starts_on, cohort.ends_on, mask))
    if not days:
        raise Refused(_("No meeting falls between the first day and the last."))
    series = MeetingSeries(
        union_id=cohort.union_id, weekdays=mask, wall=wall, minutes=minutes, zone=cohort.zone
    )
    cohort.series.append(series)
    db.session.flush()
    for day in days:
        starts_at = moment(day, wall, cohort.zone)
        db.session.add(
            Meeting(
                union_id=cohort.union_id,
                series_id=series.id,
                cohort_id=cohort.id,
                day=day,
                wall=wall,
                zone=cohort.zone,
                starts_at=starts_at,
                ends_at=starts_at + timedelta(minutes=minutes),
                changed_at=now,
            )
        )
    record("cohort.planned", cohort, by=by, at=now, series=series.id, meetings=len(days))
    return series


def cancel_meeting(meeting: Meeting, *, by: Member, now: datetime) -> None:
    """Call off one meeting and write to its people. Twice changes nothing; raises `Refused` once it has ended."""
    _lock(meeting)
    if meeting.is_cancelled:
        return
    if now >= meeting.ends_at:
        raise Refused(_("This meeting has taken place already."))
    meeting.cancelled_at = meeting.changed_at = now
    meeting.revision += 1
    record("meeting.cancelled", meeting, by=by, at=now, cohort=meeting.cohort_id)
    _tell("meeting_cancelled", meeting, by=by, now=now)


def restore_meeting(meeting: Meeting, *, by: Member, now: datetime) -> None:
    """Let a cancelled meeting take place after all, and say so. Raises `Refused` once its time has passed."""
    _lock(meeting)
    if not meeting.is_cancelled:
        return
    if now >= meeting.ends_at:
        raise Refused(_("The time of this meeting has passed."))
    meeting.cancelled_at, meeting.changed_at = None, now
    meeting.revision += 1
    record("meeting.restored", meeting, by=by, at=now, cohort=meeting.cohort_id)
    _tell("meeting_restored", meeting, by=by, now=now)


def _lock(meeting: Meeting) -> None:
    db.session.refresh(meeting, ["cancelled_at", "revision"], with_for_update=True)


def _tell(template: str, meeting: Meeting, *, by: Member, now: datetime) -> None:
    """Write to everybody with a seat and to the instructor, on their own clocks; not to who did it."""
    cohort = queries.cohort_of(meeting)
    seated = [enrollment.member for enrollment in queries.roster(cohort) if enrollment.is_enrolled]
    for member in dict.fromkeys([*seated, cohort.instructor]):
        if member is None or member is by or not member.is_active:
            continue
        with in_locale(member.locale):
            moment_there = format_moment(meeting.starts_at, member.zone)
        mail.send(
            template,
            to=member,
            now=now,
            key=f"{template}:{meeting.id}:{meeting.revision}:{member.id}",
            course=cohort.course.title_in(member.locale),
            cohort=cohort.name,
            moment=moment_there,
            link=mail.link(f"{cohort.program.code}.cohort", cohort_id=cohort.id),
        )


def make_feed(member: Member, *, now: datetime) -> CalendarFeed:
    """Give the member a new private calendar address; the one before stops working."""
    close_feed(member, now=now)
    feed = CalendarFeed(
        union_id=member.union_id, member_id=member.id, key=secrets.token_urlsafe(18), made_at=now
    )
    db.session.add(feed)
    record("feed.made", feed, by=member, at=now)
    return feed


def close_feed(member: Member, *, now: datetime) -> None:
    """End the member's private calendar address, if there is one."""
    with across_unions("a member's own feed; the member's id narrows instead"):
        feed_id = db.session.scalar(
            delete(CalendarFeed).where(CalendarFeed.member_id == member.id).returning(CalendarFeed.id)
        )
    if feed_id is not None:
        record("feed.closed", member, by=member, at=now, feed=feed_id)
