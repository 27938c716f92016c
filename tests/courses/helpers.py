"""Courses and cohorts as tests need them: invented, on MONDAY's calendar unless said otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.accounts.models import Member, Standing
from portal.courses import ENGLISH, SPANISH, actions, planning
from portal.courses.models import Cohort, Course, Enrollment, EnrollmentState, Format, Level
from portal.courses.programs import Program
from portal.courses.schedule import today_in
from portal.extensions import db
from tests.factories import Factory

TITLES = {
    "en": "Spanish for the mill and the mine",
    "es_MX": "Español para la acería y la mina",
    "fr_CA": "L’espagnol de l’aciérie et de la mine",
}
SUMMARIES = {
    "en": "First words for the floor.",
    "es_MX": "Primeras palabras para la planta.",
    "fr_CA": "Premiers mots pour l’usine.",
}


def course(program: Program = SPANISH, code: str = "a1", **changes: Any) -> Course:
    facts: dict[str, Any] = {
        "level": Level.A1,
        "titles": TITLES,
        "summaries": SUMMARIES,
        "units": [f"{program.teaches}.a1.u01"],
    }
    made = planning.put_course(program, code, **(facts | changes))
    db.session.commit()
    return made


def cohort(
    make: Factory,
    program: Program = SPANISH,
    *,
    now: datetime | None = None,
    capacity: int = 3,
    weekdays: Sequence[int] = (1, 3),
    wall: time = time(18, 0),
    weeks: int = 4,
    zone: str = "America/New_York",
    **changes: Any,
) -> Cohort:
    """A cohort that opened a week before `now` (left out: the real moment) and starts two weeks after it."""
    now = now or clock.now()
    union = make.union(program.union_code)
    coordinator = db.session.scalar(
        select(Member).where(Member.email == f"coordinator-{union.code}@example.org")
    ) or make.member(
        "Cora Ejemplo",
        "coordinator",
        union=union.code,
        standing=Standing.MEMBERSHIP,
        email=f"coordinator-{union.code}@example.org",
    )
    starts_on = changes.pop("starts_on", None) or today_in(zone, now) + timedelta(days=14)
    facts: dict[str, Any] = {
        "name": "Evening group",
        "capacity": capacity,
        "opens_at": now - timedelta(days=7),
        "closes_at": now + timedelta(days=14),
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(weeks=weeks) - timedelta(days=1),
        "zone": zone,
        "format": Format.ONLINE,
    }
    the_course = changes.pop("course", None) or course(program)
    made = planning.create_cohort(the_course, union_id=union.id, by=coordinator, now=now, **(facts | changes))
    if weekdays:
        planning.plan_meetings(made, weekdays=weekdays, wall=wall, minutes=90, by=coordinator, now=now)
    db.session.commit()
    return reload(made)


def reload(made: Cohort) -> Cohort:
    """The cohort as a view loads it."""
    return db.session.scalars(
        select(Cohort)
        .where(Cohort.id == made.id)
        .options(joinedload(Cohort.course), joinedload(Cohort.instructor), selectinload(Cohort.series))
        .execution_options(populate_existing=True)
    ).one()


def people(make: Factory, number: int, program: Program = SPANISH, **changes: Any) -> list[Member]:
    """Learners whom the program is meant for."""
    return [
        make.member(f"Learner {n} Ejemplo", union=program.union_code, standing=program.standing, **changes)
        for n in range(1, number + 1)
    ]


def join_all(made: Cohort, members: Sequence[Member], *, now: datetime) -> None:
    """One after the other, a minute apart, the first at `now`."""
    for minute, member in enumerate(members):
        actions.join(made, member, now=now + timedelta(minutes=minute))
    db.session.commit()


def names(made: Cohort, state: EnrollmentState) -> list[str]:
    """Who is in this state, in the order of the queue."""
    return list(
        db.session.scalars(
            select(Member.name)
            .join(Enrollment, Enrollment.member_id == Member.id)
            .where(Enrollment.cohort_id == made.id, Enrollment.state == state)
            .order_by(Enrollment.joined_at, Enrollment.id)
        )
    )


__all__ = ["ENGLISH", "SPANISH", "cohort", "course", "join_all", "names", "people", "reload"]
