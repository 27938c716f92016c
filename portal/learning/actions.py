"""Going through a lesson, and remembering its words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.models import Member
from portal.courses.programs import PROGRAMS
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import _
from portal.learning import queries
from portal.learning.checking import Mark, Verdict
from portal.learning.judging import active_time
from portal.learning.lesson_types import Lesson
from portal.learning.memory import PARAMETERS, Rating, after, first_due, replay
from portal.learning.models import (
    CardState,
    LessonAnswer,
    LessonRun,
    LessonVersion,
    ReviewLog,
    Skill,
    UnitTally,
)


def begin(version: LessonVersion, lesson: Lesson, member: Member, *, reader: str, now: datetime) -> LessonRun:
    """Start the lesson, or return the run that is open, whatever version it is of."""
    # One after the other, so that a double tap opens one run.
    db.session.execute(select(Member.id).where(Member.id == member.id).with_for_update())
    if held := queries.open_run(member, version.lesson_id):
        return held
    solvable = {exercise.id for exercise in lesson.exercises_for(reader)}
    todo = [number for number, each in enumerate(lesson.exercises) if each.id in solvable]
    run = LessonRun(
        union_id=member.union_id,
        member_id=member.id,
        lesson_id=version.lesson_id,
        course_id=version.course_id,
        version_id=version.id,
        reader=reader,
        todo=todo,
        total=len(todo),
        started_at=now,
        seen_at=now,
    )
    db.session.add(run)
    record("lesson.begun", run, by=member, at=now, lesson=version.lesson_id)
    return run


def answer(
    run: LessonRun,
    lesson: Lesson,
    exercise: int,
    typed: str,
    verdict: Verdict,
    member: Member,
    *,
    now: datetime,
) -> LessonAnswer | None:
    """Keep an answer and go on; None when this exercise is not the next one, as in a second tab.

    What was answered wrong comes back once, at the end. The last answer finishes the lesson.
    """
    # By name: what a query joined to the run cannot be locked along with it.
    db.session.refresh(run, ["todo", "answered", "seconds", "seen_at", "finished_at"], with_for_update=True)
    if run.is_over or run.todo[:1] != [exercise]:
        return None
    wrong = verdict.verdict is Mark.WRONG
    comes_back = wrong and not queries.has_failed(run, exercise)
    run.todo = run.todo[1:] + ([exercise] if comes_back else [])
    run.answered += 1
    run.seconds += int(active_time(run.seen_at, now).total_seconds())
    run.seen_at = now
    given = LessonAnswer(
        union_id=run.union_id,
        run_id=run.id,
        exercise=exercise,
        exercise_id=lesson.exercises[exercise].id,
        typed=typed,
        verdict=verdict.verdict.value,
        rule=verdict.rule,
        answered_at=now,
    )
    db.session.add(given)
    if not run.todo:
        _finish(run, lesson, member, now)
    db.session.flush()
    return given


def _finish(run: LessonRun, lesson: Lesson, member: Member, now: datetime) -> None:
    is_first_time = not queries.has_finished(member, run.lesson_id)
    run.finished_at = now
    db.session.flush()
    learn_words([word.id for word in lesson.words], member, now=now)
    program = next((each for each in PROGRAMS.values() if each.teaches == run.course_id), None)
    if is_first_time and program is not None and queries.union_of(member) == program.union_code:
        _lay_beam(run, lesson.unit_id, member)
    record("lesson.finished", run, by=member, at=now, lesson=run.lesson_id)


def _lay_beam(run: LessonRun, unit_id: str, member: Member) -> None:
    outline = queries.outlines().get(run.course_id)
    unit = outline.unit(unit_id) if outline else None
    lessons = [lesson.id for lesson in unit.lessons] if unit else []
    finished = db.session.scalar(
        select(func.count(LessonRun.lesson_id.distinct())).where(
            LessonRun.member_id == member.id,
            LessonRun.lesson_id.in_(lessons),
            LessonRun.finished_at.is_not(None),
        )
    )
    whole = run.lesson_id in lessons and finished == len(lessons)
    db.session.execute(
        update(UnitTally)
        .where(UnitTally.unit_id == unit_id)
        .values(beams=UnitTally.beams + 1, finishers=UnitTally.finishers + int(whole))
    )


def learn_words(item_ids: Iterable[str], member: Member, *, now: datetime) -> int:
    """Make a card for each word the member has none for; first due the next morning. Returns how many."""
    wanted = dict.fromkeys(item_ids)
    held = set(
        db.session.scalars(
            select(CardState.item_id).where(
                CardState.member_id == member.id,
                CardState.skill == Skill.WRITE,
                CardState.item_id.in_(wanted),
            )
        )
    )
    due_at = first_due(now, member.zone)
    new = [item_id for item_id in wanted if item_id not in held]
    db.session.add_all(
        CardState(
            union_id=member.union_id,
            member_id=member.id,
            item_id=item_id,
            skill=Skill.WRITE,
            first_due_at=due_at,
            due_at=due_at,
            parameters=PARAMETERS,
        )
        for item_id in new
    )
    return len(new)


_LOG: Any = ReviewLog.__table__


@dataclass(frozen=True)
class Line:
    """One review as it arrives: `id` is a UUID made where it happened, `at` its moment there (aware UTC)."""

    id: str
    rating: Rating
    at: datetime
    verdict: str | None = None


def review(card: CardState, line: Line, *, now: datetime) -> bool:
    """Add a review to the log and bring the card up to date; false, and nothing done, when it is known.

    A review from before the last one makes the whole log be replayed, so the order of arrival never matters.
    """
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    insert = sqlite_insert if on_sqlite else postgresql_insert
    added = db.session.scalar(
        insert(_LOG)
        .values(
            id=line.id,
            union_id=card.union_id,
            member_id=card.member_id,
            item_id=card.item_id,
            skill=card.skill,
            rating=int(line.rating),
            verdict=line.verdict,
            reviewed_at=line.at,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["id"])
        .returning(_LOG.c.id)
    )
    if added is None:
        return False
    last = (card.reviewed_at, card.last_review_id)
    if last == (None, None) or (line.at, line.id) > last:
        card.memory = after(card.memory, line.rating, line.at)
        card.last_review_id = line.id
    else:
        _replay(card)
    db.session.flush()
    return True


def undo(review_id: str, member: Member, *, undo_id: str, now: datetime) -> CardState:
    """Take back the member's last review; the log keeps both. Raises `Refused` when it is not the last."""
    found = queries.last_review(member)
    if found is None or found.id != review_id:
        raise Refused(_("Only your last answer can be taken back."))
    card = queries.card_or_hidden(member, found.item_id, found.skill)
    db.session.add(
        ReviewLog(
            id=undo_id,
            union_id=card.union_id,
            member_id=member.id,
            item_id=card.item_id,
            skill=card.skill,
            undoes=found.id,
            reviewed_at=now,
            received_at=now,
        )
    )
    _replay(card)
    db.session.flush()
    return card


def _replay(card: CardState) -> None:
    db.session.flush()
    log = queries.log_of(card)
    card.memory = replay(card.first_due_at, [each.line for each in log])
    undone = {each.undoes for each in log}
    live = [each.id for each in log if each.rating is not None and each.id not in undone]
    card.last_review_id = live[-1] if live else None
