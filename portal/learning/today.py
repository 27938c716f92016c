"""What to do next: one thing, chosen by a fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from portal.courses.models import Meeting
from portal.learning.models import LessonRun
from portal.learning.outline import CourseOutline, LessonOutline
from portal.learning.queries import Done, Due

SECONDS_A_REVIEW = 15


class Kind(StrEnum):
    GO_ON = "go_on"
    REVIEW = "review"
    LESSON = "lesson"
    MEETING = "meeting"
    REST = "rest"


@dataclass(frozen=True)
class Step:
    """The one next step, with what its sentence needs."""

    kind: Kind
    lesson: LessonOutline | None = None
    course: CourseOutline | None = None
    run: LessonRun | None = None
    meeting: Meeting | None = None


def next_step(courses: Sequence[CourseOutline], done: Done, due: Due, meetings: Sequence[Meeting]) -> Step:
    """What was begun comes first, then what would be forgotten, then what is new, then the class.

    `courses` are those the learner studies, their own program first.
    """
    by_id = {course.id: course for course in courses}
    for run in done.open:
        course = by_id.get(run.course_id)
        lesson = course.lesson(run.lesson_id) if course else None
        if lesson is not None:
            return Step(Kind.GO_ON, lesson, course, run)
    if due.count:
        return Step(Kind.REVIEW)
    for course in courses:
        if lesson := next_lesson(course, done):
            return Step(Kind.LESSON, lesson, course)
    if meetings:
        return Step(Kind.MEETING, meeting=meetings[0])
    return Step(Kind.REST)


def next_lesson(course: CourseOutline, done: Done) -> LessonOutline | None:
    """The first lesson of the path that was not finished yet."""
    return next((lesson for lesson in course.lessons() if lesson.id not in done.finished), None)


def minutes_for(reviews: int) -> int:
    return max(1, round(reviews * SECONDS_A_REVIEW / 60))
