"""The lessons that come with the portal, read and answered as a learner would."""

from collections import Counter

import pytest

from portal.learning.lesson_files import check_tree, load_tree
from portal.learning.lesson_types import ExerciseType, LessonState

CONTENT = load_tree()
VOCABULARY = {
    (course.id, language): course.vocabulary(language)
    for course in CONTENT.courses
    for language in ("es", "en")
}
LESSONS = [
    pytest.param(course, lesson, id=lesson.id) for course in CONTENT.courses for lesson in course.lessons()
]


def test_the_content_has_no_problem_and_the_checker_agrees_with_every_answer():
    assert check_tree(answers=True) == []


def test_each_course_has_a_whole_first_unit_of_five_lessons():
    assert [
        (course.id, course.explained_in, [(unit.id, len(unit.lessons)) for unit in course.units])
        for course in CONTENT.courses
    ] == [("en", ("es",), [("en.a1.u01", 5)]), ("es", ("en", "fr"), [("es.a1.u01", 5)])]


@pytest.mark.parametrize(("course", "lesson"), LESSONS)
def test_a_lesson_has_the_promised_size(course, lesson):
    assert 10 <= len(lesson.words) <= 14
    assert 12 <= len(lesson.sentences) <= 20
    assert 12 <= len(lesson.exercises) <= 18
    assert len(lesson.dialogue) >= 4
    assert Counter(exercise.type for exercise in lesson.exercises).keys() == set(ExerciseType)
    assert lesson.state is LessonState.DRAFT


@pytest.mark.parametrize(("course", "lesson"), LESSONS)
def test_every_prompt_is_there_in_each_language_of_the_learners(course, lesson):
    for reader in course.explained_in:
        for exercise in lesson.exercises_for(reader):
            language, text = exercise.prompt_for(reader)
            if exercise.type is ExerciseType.DICTATION:
                assert exercise.listen
            elif exercise.type is ExerciseType.CLOZE or exercise.answer_language != lesson.language:
                assert (language, bool(text)) == (lesson.language, True)
            else:
                assert (language, bool(text)) == (reader, True)


def test_warnings_are_taught_in_the_first_two_lessons_and_come_back():
    for course, warnings in ((CONTENT.course("es"), ("alto", "cuidado", "peligro")),
                             (CONTENT.course("en"), ("stop", "watch-out", "danger"))):  # fmt: skip
        lessons = list(course.lessons())
        early = {word.key for lesson in lessons[:2] for word in lesson.words}
        assert early.issuperset(warnings)


def test_both_sexes_and_three_countries_are_at_work():
    for course in CONTENT.courses:
        said = " ".join(sentence.text for lesson in course.lessons() for sentence in lesson.sentences)
        assert all(name in said for name in ("Lucía", "Tomás", "Daniel", "Aisha", "Marc", "Tremblay"))


def test_the_vocabulary_of_a_course_is_kept_apart_by_language():
    spanish = CONTENT.course("es")

    assert {"compañera", "lucía"} <= spanish.vocabulary("es")
    assert {"steward", "lucía"} <= spanish.vocabulary("en")
    assert "steward" not in spanish.vocabulary("es")
