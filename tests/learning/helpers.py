"""What tests of learning need: the real content loaded, and a lesson walked through."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

from portal import clock
from portal.database import transaction
from portal.extensions import db
from portal.learning import actions, queries
from portal.learning.judging import judge
from portal.learning.lesson_files import load_tree
from portal.learning.lesson_types import Exercise, Lesson
from portal.learning.loading import load_content
from portal.learning.models import LessonRun

CONTENT = load_tree()
FIRST = "es.a1.u01.l01"
TAG = re.compile(r"<[^>]+>")


def load(now: datetime | None = None) -> None:
    with transaction():
        load_content(CONTENT, now=now or clock.now())


def begin(member: Any, lesson_id: str = FIRST, *, now: datetime, reader: str = "en") -> LessonRun:
    version = queries.current_version(lesson_id)
    assert version is not None
    run = actions.begin(version, queries.lesson_of(version), member, reader=reader, now=now)
    db.session.commit()
    return queries.run_or_hidden(run.id)


def answer(run: LessonRun, member: Any, typed: str | None = None, *, now: datetime) -> Any:
    """Answer the next exercise; without `typed`, rightly."""
    lesson = lesson_of(run)
    exercise = lesson.exercises[run.todo[0]]
    typed = exercise.expected[0] if typed is None else typed
    words = queries.outlines()[run.course_id].words[exercise.answer_language]
    verdict = judge(exercise, run.reader, typed, words)
    given = actions.answer(run, lesson, run.todo[0], typed, verdict, member, now=now)
    db.session.commit()
    return given


def finish(member: Any, lesson_id: str = FIRST, *, now: datetime) -> LessonRun:
    run = begin(member, lesson_id, now=now)
    while run.todo:
        answer(run, member, now=now)
    return run


def lesson_of(run: LessonRun) -> Lesson:
    return queries.lesson_of(queries.run_or_hidden(run.id).version)


def exercise_on(run: LessonRun) -> Exercise:
    return lesson_of(run).exercises[run.todo[0]]


def words_of_page(text: str) -> str:
    """The visible text, so that a test reads what a person does."""
    return " ".join(unescape(TAG.sub(" ", text)).split())


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, f"no hidden field {name}"
    return unescape(found[1])
