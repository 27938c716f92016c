"""The demo's cohorts: one under way and one to come in each program; one is full and has a queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta

from portal.accounts.models import Member
from portal.courses import ENGLISH, SPANISH, actions, planning, queries
from portal.courses.models import Cohort, Course, Format
from portal.demo import World, canary

A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
WEEKS = 12


def seed(world: World) -> None:
    spanish, english = (queries.course_or_404(program, "a1") for program in (SPANISH, ENGLISH))
    _under_way_in_spanish(world, spanish)
    _full_in_spanish(world, spanish)
    _under_way_in_english(world, english)
    _to_come_in_english(world, english)


def _under_way_in_spanish(world: World, course: Course) -> None:
    """Four weeks in; two seats are still free for latecomers."""
    cohort = _cohort(
        world,
        course,
        "usw",
        name="Tuesdays and Thursdays after the day shift",
        starts_on=_monday(world) - 4 * A_WEEK,
        capacity=15,
        zone="America/New_York",
        weekdays=(1, 3),
        wall=time(18, 0),
        format=Format.ONLINE,
        instructor=world.members["instructor_mineros"],
    )
    staff = world.group("staff")
    _join(cohort, [world.members["learner_usw"], *staff[:12]], world, weeks_ago=6)
    actions.leave(cohort, staff[11], now=world.now - 2 * A_WEEK)
    actions.admit(
        cohort,
        world.members["rank_1"],
        by=world.members["coordinator_usw"],
        reason=f"Interprets at the council in May. {canary('usw')}",
        now=world.now - 3 * A_WEEK,
    )


def _full_in_spanish(world: World, course: Course) -> None:
    """Starts in about three weeks, every seat taken, four people waiting."""
    cohort = _cohort(
        world,
        course,
        "usw",
        name="Early mornings before the shift",
        starts_on=_monday(world) + 3 * A_WEEK,
        capacity=6,
        zone="America/Phoenix",
        weekdays=(0, 2),
        wall=time(5, 30),
        format=Format.HYBRID,
        place="Union hall of Local 937, Tucson",
        instructor=world.members["instructor_usw"],
    )
    _join(cohort, world.group("staff")[12:22], world, weeks_ago=1)


def _under_way_in_english(world: World, course: Course) -> None:
    """Four weeks in, taught from Pittsburgh on Mexico's clock."""
    cohort = _cohort(
        world,
        course,
        "mineros",
        name="Lunes y miércoles por la tarde",
        starts_on=_monday(world) - 4 * A_WEEK,
        capacity=16,
        zone="America/Mexico_City",
        weekdays=(0, 2),
        wall=time(17, 0),
        format=Format.ONLINE,
        instructor=world.members["instructor_usw"],
    )
    _join(cohort, [world.members["learner_mineros"], *world.group("leader")[:14]], world, weeks_ago=6)


def _to_come_in_english(world: World, course: Course) -> None:
    """Starts in about four weeks, in person, with seats for everybody who comes."""
    cohort = _cohort(
        world,
        course,
        "mineros",
        name="Sábados en Cananea",
        starts_on=_monday(world) + 4 * A_WEEK,
        capacity=12,
        zone="America/Hermosillo",
        weekdays=(5,),
        wall=time(10, 0),
        format=Format.IN_PERSON,
        place="Local sindical de la Sección 65, Cananea",
        instructor=world.members["instructor_mineros"],
    )
    _join(cohort, world.group("leader")[14:19], world, weeks_ago=1)


def _monday(world: World) -> date:
    """The Monday of the present week."""
    return world.today - world.today.weekday() * A_DAY


def _cohort(
    world: World,
    course: Course,
    union: str,
    *,
    starts_on: date,
    weekdays: Sequence[int],
    wall: time,
    name: str,
    capacity: int,
    zone: str,
    format: Format,
    instructor: Member,
    place: str = "",
) -> Cohort:
    coordinator = world.members[f"coordinator_{union}"]
    opened_at = world.now - 10 * A_WEEK
    cohort = planning.create_cohort(
        course,
        union_id=world.unions[union].id,
        name=name,
        capacity=capacity,
        opens_at=opened_at,
        closes_at=world.now.replace(minute=0, second=0, microsecond=0) + 2 * A_WEEK,
        starts_on=starts_on,
        ends_on=starts_on + WEEKS * A_WEEK - A_DAY,
        zone=zone,
        format=format,
        place=place,
        instructor=instructor,
        by=coordinator,
        now=opened_at,
    )
    planning.plan_meetings(cohort, weekdays=weekdays, wall=wall, minutes=90, by=coordinator, now=opened_at)
    return cohort


def _join(cohort: Cohort, members: Sequence[Member], world: World, *, weeks_ago: int) -> None:
    """One after the other, an hour apart."""
    for hours, member in enumerate(members):
        actions.join(cohort, member, now=world.now - weeks_ago * A_WEEK + timedelta(hours=hours))
