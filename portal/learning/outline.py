"""A course as its path shows it: titles and order, without the lessons' inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import msgspec

from portal.learning.lesson_types import CanDo, Course, LessonState


@dataclass(frozen=True, kw_only=True)
class LessonOutline:
    """`number` counts through its unit from 1."""

    id: str
    unit_id: str
    number: int
    title: dict[str, str]
    can_do: tuple[str, ...]
    needs: tuple[str, ...]
    words: int
    exercises: int
    version: str
    is_draft: bool


@dataclass(frozen=True, kw_only=True)
class UnitOutline:
    id: str
    level: str
    title: dict[str, str]
    about: dict[str, str]
    can_do: tuple[CanDo, ...]
    lessons: tuple[LessonOutline, ...]

    @property
    def place(self) -> str:
        """Where it stands in any course: es.a1.u01 and en.a1.u01 are both a1.u01."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, kw_only=True)
class CourseOutline:
    """`vocabulary` is by language: every word the course writes, so that a spelling check refuses none."""

    id: str
    language: str
    explained_in: tuple[str, ...]
    title: dict[str, str]
    about: dict[str, str]
    units: tuple[UnitOutline, ...]
    vocabulary: dict[str, tuple[str, ...]]

    def lessons(self) -> Iterator[LessonOutline]:
        for unit in self.units:
            yield from unit.lessons

    def lesson(self, lesson_id: str) -> LessonOutline | None:
        return next((lesson for lesson in self.lessons() if lesson.id == lesson_id), None)

    def unit(self, unit_id: str) -> UnitOutline | None:
        return next((unit for unit in self.units if unit.id == unit_id), None)

    def reader_language(self, locale: str) -> str:
        """The language to explain in for an interface locale such as fr_CA."""
        language = locale.replace("_", "-").split("-")[0].casefold()
        return language if language in self.explained_in else self.explained_in[0]

    @cached_property
    def words(self) -> dict[str, frozenset[str]]:
        return {language: frozenset(words) for language, words in self.vocabulary.items()}


def outline_of(course: Course) -> CourseOutline:
    languages = (course.language, *course.explained_in)
    return CourseOutline(
        id=course.id,
        language=course.language,
        explained_in=course.explained_in,
        title=course.title,
        about=course.about,
        vocabulary={language: tuple(sorted(course.vocabulary(language))) for language in languages},
        units=tuple(
            UnitOutline(
                id=unit.id,
                level=unit.level,
                title=unit.title,
                about=unit.about,
                can_do=unit.can_do,
                lessons=tuple(
                    LessonOutline(
                        id=lesson.id,
                        unit_id=unit.id,
                        number=number,
                        title=lesson.title,
                        can_do=lesson.can_do,
                        needs=lesson.needs,
                        words=len(lesson.words),
                        exercises=len(lesson.exercises),
                        version=lesson.version,
                        is_draft=lesson.state is LessonState.DRAFT,
                    )
                    for number, lesson in enumerate(unit.lessons, 1)
                ),
            )
            for unit in course.units
        ),
    )


def pack(outline: CourseOutline) -> tuple[bytes, str]:
    """The outline as JSON, and the hash that changes exactly when it does."""
    packed = msgspec.json.encode(outline)
    return packed, sha256(packed).hexdigest()[:32]


def unpack(packed: bytes) -> CourseOutline:
    return msgspec.json.decode(packed, type=CourseOutline)
