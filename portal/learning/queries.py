"""What is taught, and what one learner has done with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased, joinedload, undefer

from portal.accounts.models import Member, Union
from portal.errors import Hidden
from portal.extensions import db
from portal.learning.lesson_types import Lesson, unpack_lesson
from portal.learning.memory import STRONG
from portal.learning.models import (
    CardState,
    Curriculum,
    LessonAnswer,
    LessonRun,
    LessonVersion,
    ReviewLog,
    Skill,
    UnitTally,
)
from portal.learning.outline import CourseOutline, unpack

MOST_CACHED = 256
_outlines: dict[tuple[str, str], CourseOutline] = {}
_lessons: dict[tuple[str, str], Lesson] = {}


# --- what is taught ------------------------------------------------------------------------------


def outlines() -> dict[str, CourseOutline]:
    """The courses by id. Unpacked once a process for each version."""
    versions = db.session.execute(select(Curriculum.id, Curriculum.version).order_by(Curriculum.id))
    keys = list(versions)
    unknown = [course_id for course_id, version in keys if (course_id, version) not in _outlines]
    if unknown:
        rows = db.session.scalars(
            select(Curriculum).where(Curriculum.id.in_(unknown)).options(undefer(Curriculum.packed))
        )
        for row in rows:
            _remember(_outlines, (row.id, row.version), unpack(row.packed))
    return {key[0]: _outlines[key] for key in keys if key in _outlines}


def outline_or_hidden(course_id: str) -> CourseOutline:
    found = outlines().get(course_id)
    if found is None:
        raise Hidden
    return found


def lesson_of(version: LessonVersion) -> Lesson:
    """The lesson as this version words it. A version never changes, so each is read once a process."""
    key = (version.lesson_id, version.version)
    if key not in _lessons:
        packed = db.session.scalar(select(LessonVersion.packed).where(LessonVersion.id == version.id))
        _remember(_lessons, key, unpack_lesson(packed or b""))
    return _lessons[key]


def _remember(cache: dict, key: tuple[str, str], value: object) -> None:
    while len(cache) >= MOST_CACHED:
        cache.pop(next(iter(cache)), None)
    cache[key] = value


def current_version(lesson_id: str) -> LessonVersion | None:
    return db.session.scalar(
        select(LessonVersion).where(LessonVersion.lesson_id == lesson_id, LessonVersion.is_current)
    )


# --- lessons of one learner ----------------------------------------------------------------------


@dataclass(frozen=True)
class Done:
    """What a learner has done: lessons finished at least once, and what is open, the last touched first."""

    finished: frozenset[str]
    open: Sequence[LessonRun]

    def open_in(self, lesson_id: str) -> LessonRun | None:
        return next((run for run in self.open if run.lesson_id == lesson_id), None)


def done_by(member: Member) -> Done:
    runs = db.session.scalars(
        select(LessonRun)
        .where(LessonRun.member_id == member.id)
        .order_by(LessonRun.seen_at.desc(), LessonRun.id.desc())
    ).all()
    return Done(
        frozenset(run.lesson_id for run in runs if run.is_over),
        [run for run in runs if not run.is_over],
    )


def run_or_hidden(run_id: int) -> LessonRun:
    run = db.session.scalar(
        select(LessonRun).where(LessonRun.id == run_id).options(joinedload(LessonRun.version))
    )
    if run is None:
        raise Hidden
    return run


def open_run(member: Member, lesson_id: str) -> LessonRun | None:
    return db.session.scalar(
        select(LessonRun)
        .where(
            LessonRun.member_id == member.id,
            LessonRun.lesson_id == lesson_id,
            LessonRun.finished_at.is_(None),
        )
        .options(joinedload(LessonRun.version))
    )


def has_finished(member: Member, lesson_id: str) -> bool:
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    LessonRun.member_id == member.id,
                    LessonRun.lesson_id == lesson_id,
                    LessonRun.finished_at.is_not(None),
                )
            )
        )
    )


def answer_in(run: LessonRun, answer_id: int) -> LessonAnswer | None:
    return db.session.scalar(
        select(LessonAnswer).where(LessonAnswer.id == answer_id, LessonAnswer.run_id == run.id)
    )


def has_failed(run: LessonRun, exercise: int) -> bool:
    """Whether this exercise was answered wrong in this run already."""
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    LessonAnswer.run_id == run.id,
                    LessonAnswer.exercise == exercise,
                    LessonAnswer.verdict == "wrong",
                )
            )
        )
    )


def union_of(member: Member) -> str:
    """The code of the member's union."""
    return db.session.scalars(select(Union.code).where(Union.id == member.union_id)).one()


# --- reviews -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """How many cards wait now, and when the next of the others will."""

    count: int
    next_at: datetime | None
    cards: int = 0


def due(member: Member, now: datetime) -> Due:
    ahead = CardState.due_at > now
    count, next_at, cards = db.session.execute(
        select(
            func.count(case((CardState.due_at <= now, 1))),
            func.min(case((ahead, CardState.due_at))),
            func.count(),
        ).where(CardState.member_id == member.id)
    ).one()
    return Due(count, next_at, cards)


def next_card(member: Member, now: datetime) -> CardState | None:
    """The card that has waited longest, with its item."""
    return db.session.scalar(
        select(CardState)
        .where(CardState.member_id == member.id, CardState.due_at <= now)
        .options(joinedload(CardState.item, innerjoin=True))
        .order_by(CardState.due_at, CardState.item_id, CardState.skill)
        .limit(1)
    )


def card_or_hidden(member: Member, item_id: str, skill: Skill) -> CardState:
    card = db.session.scalar(
        select(CardState)
        .where(CardState.member_id == member.id, CardState.item_id == item_id, CardState.skill == skill)
        .options(joinedload(CardState.item, innerjoin=True))
        .with_for_update(of=CardState)
    )
    if card is None:
        raise Hidden
    return card


def log_of(card: CardState) -> Sequence[ReviewLog]:
    return db.session.scalars(
        select(ReviewLog)
        .where(
            ReviewLog.member_id == card.member_id,
            ReviewLog.item_id == card.item_id,
            ReviewLog.skill == card.skill,
        )
        .order_by(ReviewLog.reviewed_at, ReviewLog.id)
    ).all()


def last_review(member: Member) -> ReviewLog | None:
    """The member's last review that was not taken back, with its item."""
    undo = aliased(ReviewLog)
    return db.session.scalar(
        select(ReviewLog)
        .where(
            ReviewLog.member_id == member.id,
            ReviewLog.rating.is_not(None),
            ~exists().where(undo.undoes == ReviewLog.id),
        )
        .options(joinedload(ReviewLog.item, innerjoin=True))
        .order_by(ReviewLog.reviewed_at.desc(), ReviewLog.id.desc())
        .limit(1)
    )


# --- together ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Built:
    """The bridge of the whole Alliance: beams from each bank, and spans laid by one learner of each side."""

    spanish: int
    english: int
    joint: int


def built() -> Built:
    by_course: dict[str, int] = {"es": 0, "en": 0}
    by_place: dict[str, dict[str, int]] = {}
    for tally in db.session.scalars(select(UnitTally).order_by(UnitTally.unit_id)):
        by_course[tally.course_id] = by_course.get(tally.course_id, 0) + tally.beams
        by_place.setdefault(tally.place, {})[tally.course_id] = tally.finishers
    joint = sum(min(sides.get("es", 0), sides.get("en", 0)) for sides in by_place.values())
    return Built(by_course["es"], by_course["en"], joint)


# --- progress ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strengths:
    """How many words were never reviewed, are growing, and are kept for three weeks and more."""

    new: int
    growing: int
    strong: int

    @property
    def words(self) -> int:
        return self.new + self.growing + self.strong


def strengths(member: Member) -> Strengths:
    strong = CardState.stability >= STRONG / timedelta(days=1)
    new = CardState.stability.is_(None)
    row = db.session.execute(
        select(
            func.count(case((new, 1))),
            func.count(case((~new & ~strong, 1))),
            func.count(case((~new & strong, 1))),
        ).where(CardState.member_id == member.id)
    ).one()
    return Strengths(*row)


@dataclass(frozen=True)
class Spent:
    """Time in one run of a lesson, and whether it was finished."""

    at: datetime
    seconds: int
    is_over: bool


def time_spent(member: Member) -> Sequence[Spent]:
    rows = db.session.execute(
        select(LessonRun.seen_at, LessonRun.seconds, LessonRun.finished_at)
        .where(LessonRun.member_id == member.id)
        .order_by(LessonRun.seen_at, LessonRun.id)
    )
    return [Spent(at, seconds, finished_at is not None) for at, seconds, finished_at in rows]


def words_learned_at(member: Member) -> Sequence[datetime]:
    """The moments at which the member's words first became due, oldest first."""
    return db.session.scalars(
        select(CardState.first_due_at)
        .where(CardState.member_id == member.id)
        .order_by(CardState.first_due_at)
    ).all()


def reviews_of(member: Member) -> int:
    """How many reviews the member has made and not taken back."""
    undo = aliased(ReviewLog)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(ReviewLog)
            .where(
                ReviewLog.member_id == member.id,
                ReviewLog.rating.is_not(None),
                ~exists().where(undo.undoes == ReviewLog.id),
            )
        )
        or 0
    )
