"""From the content files to the database: all of it or nothing, and only what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from portal.courses.models import Level
from portal.courses.planning import put_course
from portal.courses.programs import PROGRAMS
from portal.events import record
from portal.extensions import db
from portal.i18n import LOCALES
from portal.learning import outline
from portal.learning.judging import answers_of
from portal.learning.lesson_types import Content, Course, Lesson, Word, pack_lesson
from portal.learning.models import Curriculum, Item, LessonVersion, UnitTally


@dataclass(frozen=True)
class Loaded:
    """Lessons by id: `changed` got a new version, `retired` are no longer taught, `kept` is how many stayed."""

    changed: tuple[str, ...]
    retired: tuple[str, ...]
    kept: int


def load_content(content: Content, *, now: datetime) -> Loaded:
    """Make the database teach `content`. What somebody has begun keeps its version, every word its id."""
    current = {row.lesson_id: row for row in db.session.scalars(_current().with_for_update())}
    changed = [lesson for lesson in content.lessons() if _is_new(lesson, current)]
    retired = sorted(set(current) - {lesson.id for lesson in content.lessons()})
    outdated = [current[key].id for key in (*retired, *(each.id for each in changed)) if key in current]
    # The flags fall before new ones rise: one version of a lesson is current at any time.
    db.session.execute(update(LessonVersion).where(LessonVersion.id.in_(outdated)).values(is_current=False))
    for lesson in changed:
        _add_version(lesson, now)
    _load_items(content)
    for course in content.courses:
        _load_outline(course, now)
        _offer(course)
    db.session.flush()
    return Loaded(tuple(each.id for each in changed), tuple(retired), len(current) - len(outdated))


def _offer(course: Course) -> None:
    """Put each level of the course into the catalog, so that coordinators can open cohorts for it."""
    for program in (each for each in PROGRAMS.values() if each.teaches == course.id):
        for level in dict.fromkeys(unit.level for unit in course.units):
            put_course(
                program,
                level.lower(),
                level=Level(level),
                titles=_by_locale(course.title),
                summaries=_by_locale(course.about),
                units=[unit.id for unit in course.units if unit.level == level],
            )


def _by_locale(texts: dict[str, str]) -> dict[str, str]:
    return {code: texts[code.partition("_")[0]] for code in LOCALES if code.partition("_")[0] in texts}


def is_loaded() -> bool:
    return db.session.scalar(select(Curriculum.id).limit(1)) is not None


def _current() -> Any:
    return select(LessonVersion).where(LessonVersion.is_current).order_by(LessonVersion.id)


def _is_new(lesson: Lesson, current: dict[str, LessonVersion]) -> bool:
    return lesson.id not in current or current[lesson.id].version != lesson.version


def _add_version(lesson: Lesson, now: datetime) -> None:
    # A wording that was taught before and comes back is the version it was.
    row = db.session.scalar(
        select(LessonVersion).where(
            LessonVersion.lesson_id == lesson.id, LessonVersion.version == lesson.version
        )
    )
    if row is None:
        row = LessonVersion(
            lesson_id=lesson.id,
            course_id=lesson.course_id,
            unit_id=lesson.unit_id,
            version=lesson.version,
            packed=pack_lesson(lesson),
            loaded_at=now,
        )
        db.session.add(row)
    row.is_current = True
    record("lesson.loaded", row, by=None, at=now, lesson=lesson.id, version=lesson.version)


def _load_items(content: Content) -> None:
    known = {item.id: item for item in db.session.scalars(select(Item))}
    taught = set()
    for lesson, word in _words(content):
        taught.add(word.id)
        item = known.get(word.id)
        if item is None:
            item = known[word.id] = Item(id=word.id)
            db.session.add(item)
        for name, value in _columns(lesson, word).items():
            if getattr(item, name) != value:
                setattr(item, name, value)
    for item in known.values():
        if item.is_taught != (item.id in taught):
            item.is_taught = item.id in taught


def _words(content: Content) -> Iterator[tuple[Lesson, Word]]:
    for lesson in content.lessons():
        for word in lesson.words:
            yield lesson, word


def _columns(lesson: Lesson, word: Word) -> dict[str, Any]:
    used = next((each for each in lesson.sentences if word.id in each.uses), None)
    example = (
        {"text": used.text, "meanings": {k: v[0] for k, v in used.translations.items() if v}} if used else {}
    )
    return {
        "course_id": lesson.course_id,
        "lesson_id": lesson.id,
        "language": lesson.language,
        "text": word.text,
        "meanings": dict(word.meanings),
        "expected": answers_of(word, lesson.language),
        "example": example,
        "is_taught": True,
    }


def _load_outline(course: Course, now: datetime) -> None:
    made = outline.outline_of(course)
    packed, version = outline.pack(made)
    row = db.session.get(Curriculum, course.id)
    if row is None:
        db.session.add(Curriculum(id=course.id, version=version, packed=packed, loaded_at=now))
    elif row.version != version:
        row.version, row.packed, row.loaded_at = version, packed, now
    known = set(db.session.scalars(select(UnitTally.unit_id).where(UnitTally.course_id == course.id)))
    for unit in made.units:
        if unit.id not in known:
            db.session.add(UnitTally(unit_id=unit.id, course_id=course.id, place=unit.place))
