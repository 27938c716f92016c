"""Lessons answered by the checker: what is listed as right must be right, and what is listed as wrong, wrong."""

from collections.abc import Iterator

from portal.learning.checking import check
from portal.learning.lesson_reader import LessonFile
from portal.learning.lesson_types import Course
from portal.learning.lesson_yaml import Problem


def answer_problems(course: Course, file: LessonFile) -> Iterator[Problem]:
    """Slower than the other checks: every answer of every exercise is judged as a learner's would be."""
    lesson = file.lesson
    vocabulary = {
        language: course.vocabulary(language)
        for language in {each.answer_language for each in lesson.exercises}
    }
    for exercise in lesson.exercises:
        language, line = exercise.answer_language, file.lines[exercise.id]
        known = vocabulary[language]
        for answer in exercise.expected:
            verdict = check(exercise.mode, language, exercise.expected, answer, course_words=known)
            if verdict.verdict != "correct":
                yield Problem(
                    file.path,
                    line,
                    f"The answer “{answer}” would be judged {verdict.verdict}: {verdict.sentence()}",
                )
        accepted = lesson.sentence(exercise.sentence).accepted
        for choice in exercise.wrong:
            verdict = check(exercise.mode, language, accepted, choice, course_words=known)
            if verdict.verdict != "wrong":
                yield Problem(
                    file.path,
                    line,
                    f"The wrong choice “{choice}” would be judged {verdict.verdict}. Change it more.",
                )
