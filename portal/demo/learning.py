"""Weeks of study: lessons at the hours of shift workers, reviews on most days, some words forgotten."""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select, update

from portal.accounts.models import Member
from portal.demo import World, canary
from portal.extensions import db
from portal.learning import queries
from portal.learning.lesson_types import Lesson
from portal.learning.memory import PARAMETERS, Memory, Rating, after, first_due
from portal.learning.models import (
    CardState,
    LessonAnswer,
    LessonRun,
    LessonVersion,
    ReviewLog,
    Skill,
    UnitTally,
)

HOURS = (
    time(5, 40),
    time(12, 15),
    time(15, 50),
    time(20, 30),
    time(22, 10),
)  # before, between and after shifts
LESSONS_DONE = (5, 4, 3, 3, 2, 2, 1, 1, 0)
RATINGS = (*[Rating.GOOD] * 7, Rating.HARD, Rating.AGAIN, Rating.EASY)
AWAY = timedelta(days=3)  # since then those who stopped in a lesson were not here: words wait for them


@dataclass
class Learner:
    """One person's study so far, in the order it happened."""

    member: Member
    course_id: str
    lessons: int
    weeks: int
    stopped_in_the_next: bool = False


@dataclass
class Rows:
    """What goes into the database in one go per table."""

    runs: list[tuple[dict[str, Any], list[dict[str, Any]]]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    beams: Counter[str] = field(default_factory=Counter)
    finishers: Counter[str] = field(default_factory=Counter)


def seed(world: World) -> None:
    lessons = _lessons()
    rows = Rows()
    for number, learner in enumerate(_learners(world)):
        _study(world, learner, lessons[learner.course_id], Random(f"study {number}"), rows)
    _store(rows)


def _lessons() -> dict[str, list[tuple[LessonVersion, Lesson]]]:
    versions = db.session.scalars(select(LessonVersion).where(LessonVersion.is_current)).all()
    by_id = {version.lesson_id: version for version in versions}
    return {
        course.id: [(by_id[each.id], queries.lesson_of(by_id[each.id])) for each in course.lessons()]
        for course in queries.outlines().values()
    }


def _learners(world: World) -> list[Learner]:
    found = []
    for course_id, group, one in (("es", "staff", "learner_usw"), ("en", "leader", "learner_mineros")):
        found.append(Learner(world.members[one], course_id, lessons=3, weeks=4, stopped_in_the_next=True))
        for number, member in enumerate(world.group(group)):
            done = LESSONS_DONE[number % len(LESSONS_DONE)]
            found.append(
                Learner(member, course_id, done, weeks=2 + number % 6, stopped_in_the_next=number % 7 == 3)
            )
    return found


def _study(
    world: World, learner: Learner, lessons: list[tuple[LessonVersion, Lesson]], rng: Random, rows: Rows
) -> None:
    here, hour = ZoneInfo(learner.member.zone), rng.choice(HOURS)
    begins = world.now.astimezone(here).date() - timedelta(weeks=learner.weeks)
    pause = max(1, (learner.weeks * 7 - 2) // (learner.lessons + 1))
    cards: dict[str, tuple[datetime, Memory, str | None]] = {}
    lesson_days = {
        begins + timedelta(days=pause * number): lessons[number] for number in range(learner.lessons)
    }
    for offset in range(learner.weeks * 7):
        day = begins + timedelta(days=offset)
        at = datetime.combine(day, hour, here).astimezone(world.now.tzinfo) + timedelta(
            seconds=rng.randrange(1800)
        )
        if at > world.now - (AWAY if learner.stopped_in_the_next else timedelta(hours=8)):
            break
        if rng.random() < 0.75:
            _review_all(learner.member, cards, at, rng, rows)
        if found := lesson_days.get(day):
            over = _run(learner.member, *found, at + timedelta(minutes=5), rng, rows)
            due_at = first_due(over, learner.member.zone)
            cards |= {
                word.id: (due_at, Memory(due_at), None) for word in found[1].words if word.id not in cards
            }
    if learner.stopped_in_the_next and learner.lessons < len(lessons):
        _run(
            learner.member,
            *lessons[learner.lessons],
            world.now - timedelta(hours=20),
            rng,
            rows,
            stop_after=7,
        )
    rows.cards += [_card(learner.member, item_id, *card) for item_id, card in cards.items()]
    if learner.lessons == len(lessons):
        rows.finishers[lessons[0][0].unit_id] += 1


def _run(
    member: Member,
    version: LessonVersion,
    lesson: Lesson,
    at: datetime,
    rng: Random,
    rows: Rows,
    *,
    stop_after: int | None = None,
) -> datetime:
    """One way through a lesson; what was wrong comes back at the end. Returns when it was over."""
    union = "usw" if version.course_id == "es" else "mineros"
    reader = queries.outlines()[version.course_id].reader_language(member.locale)
    solvable = {each.id for each in lesson.exercises_for(reader)}
    todo = [number for number, each in enumerate(lesson.exercises) if each.id in solvable]
    total, started_at, failed = len(todo), at, set[int]()
    answers: list[dict[str, Any]] = []
    while todo and len(answers) != stop_after:
        exercise = lesson.exercises[todo[0]]
        at += timedelta(seconds=rng.randrange(12, 50))
        wrong = todo[0] not in failed and rng.random() < 0.12
        answers.append(
            {
                "union_id": member.union_id,
                "exercise": todo[0],
                "exercise_id": exercise.id,
                "typed": f"no sé {canary(union)}" if wrong else exercise.expected[0],
                "verdict": "wrong" if wrong else "correct",
                "rule": "W1" if wrong else "N1",
                "answered_at": at,
            }
        )
        todo = todo[1:] + ([todo[0]] if wrong else [])
        failed |= {answers[-1]["exercise"]} if wrong else set()
    run = {
        "union_id": member.union_id,
        "member_id": member.id,
        "lesson_id": version.lesson_id,
        "course_id": version.course_id,
        "version_id": version.id,
        "reader": reader,
        "todo": todo,
        "total": total,
        "answered": len(answers),
        "seconds": int((at - started_at).total_seconds()),
        "started_at": started_at,
        "seen_at": at,
        "finished_at": None if todo else at,
    }
    rows.runs.append((run, answers))
    if not todo:
        rows.beams[version.unit_id] += 1
    return at


def _review_all(
    member: Member,
    cards: dict[str, tuple[datetime, Memory, str | None]],
    at: datetime,
    rng: Random,
    rows: Rows,
) -> None:
    for item_id, (due_at, memory, _last) in list(cards.items()):
        if memory.due_at > at:
            continue
        at += timedelta(seconds=rng.randrange(5, 20))
        rating, review_id = rng.choice(RATINGS), str(uuid.UUID(int=rng.getrandbits(128), version=4))
        cards[item_id] = (due_at, after(memory, rating, at), review_id)
        rows.reviews.append(
            {
                "id": review_id,
                "union_id": member.union_id,
                "member_id": member.id,
                "item_id": item_id,
                "skill": Skill.WRITE,
                "rating": int(rating),
                "verdict": {1: "wrong", 2: "almost"}.get(rating, "correct"),
                "reviewed_at": at,
                "received_at": at,
            }
        )


def _card(member: Member, item_id: str, due_at: datetime, memory: Memory, last: str | None) -> dict[str, Any]:
    return {
        "union_id": member.union_id,
        "member_id": member.id,
        "item_id": item_id,
        "skill": Skill.WRITE,
        "first_due_at": due_at,
        "due_at": memory.due_at,
        "state": memory.state,
        "step": memory.step,
        "stability": memory.stability,
        "difficulty": memory.difficulty,
        "reviewed_at": memory.reviewed_at,
        "last_review_id": last,
        "reviews": memory.reviews,
        "lapses": memory.lapses,
        "parameters": PARAMETERS,
    }


def _store(rows: Rows) -> None:
    made = db.session.scalars(
        insert(LessonRun).returning(LessonRun.id, sort_by_parameter_order=True),
        [run for run, _answers in rows.runs],
    ).all()
    answers = [
        {"run_id": run_id, **answer}
        for run_id, (_run, given) in zip(made, rows.runs, strict=True)
        for answer in given
    ]
    for table, found in ((LessonAnswer, answers), (CardState, rows.cards), (ReviewLog, rows.reviews)):
        if found:
            db.session.execute(insert(table), found)
    for unit_id, beams in rows.beams.items():
        db.session.execute(
            update(UnitTally)
            .where(UnitTally.unit_id == unit_id)
            .values(beams=UnitTally.beams + beams, finishers=UnitTally.finishers + rows.finishers[unit_id])
        )
