"""A learner goes through lessons: every answer, every dead end, the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.extensions import db
from portal.learning import actions, queries
from portal.learning.checking import check
from portal.learning.lesson_types import ExerciseType
from portal.learning.models import CardState, LessonAnswer, LessonRun, UnitTally
from tests.conftest import MONDAY
from tests.learning.helpers import CONTENT, FIRST, answer, begin, exercise_on, finish, lesson_of, load

MINUTE = timedelta(minutes=1)
LESSONS = [lesson.id for lesson in CONTENT.lessons()]


@pytest.fixture
def ana(make):
    load(MONDAY)
    return make.member("Ana Ejemplo")


def tally(unit_id="es.a1.u01"):
    db.session.expire_all()
    found = db.session.get(UnitTally, unit_id)
    return found.beams, found.finishers


def test_a_lesson_begun_twice_is_one_run(ana):
    first = begin(ana, now=MONDAY)
    second = begin(ana, now=MONDAY + MINUTE)

    assert first.id == second.id
    assert second.started_at == MONDAY


def test_a_right_answer_goes_on_and_is_kept(ana):
    run = begin(ana, now=MONDAY)

    given = answer(run, ana, now=MONDAY + MINUTE)

    assert (run.position, run.total, run.answered) == (1, 17, 1)
    assert (given.exercise, given.verdict, given.answered_at) == (0, "correct", MONDAY + MINUTE)


def test_a_wrong_answer_comes_back_once_at_the_end(ana):
    run = begin(ana, now=MONDAY)

    answer(run, ana, "Gracias, compañera.", now=MONDAY)
    assert (run.position, run.todo[-1]) == (0, 0)

    while run.todo != [0]:
        answer(run, ana, now=MONDAY)
    answer(run, ana, "Gracias, compañera.", now=MONDAY)
    assert (run.todo, run.is_over) == ([], True)


def test_an_answer_to_another_exercise_than_the_next_changes_nothing(ana):
    run = begin(ana, now=MONDAY)
    lesson = lesson_of(run)
    answer(run, ana, now=MONDAY)

    again = actions.answer(run, lesson, 0, "No", check("sentence", "es", ["Sí"], "No"), ana, now=MONDAY)

    assert again is None
    assert db.session.scalars(select(LessonAnswer.exercise)).all() == [0]


def test_the_last_answer_makes_a_card_of_each_word_due_the_next_morning(ana):
    run = finish(ana, now=MONDAY)

    lesson = lesson_of(run)
    cards = db.session.scalars(select(CardState).order_by(CardState.item_id)).all()
    assert [card.item_id for card in cards] == sorted(word.id for word in lesson.words)
    # seven in the morning in Pittsburgh, in winter
    assert {card.due_at.isoformat() for card in cards} == {"2027-01-12T12:00:00+00:00"}
    assert run.finished_at == MONDAY


def test_a_lesson_done_again_teaches_no_word_twice_and_lays_no_second_beam(ana):
    finish(ana, now=MONDAY)
    cards = db.session.scalars(select(CardState.due_at)).all()

    finish(ana, now=MONDAY + timedelta(days=3))

    assert db.session.scalars(select(CardState.due_at)).all() == cards
    assert tally() == (1, 0)


def test_whoever_finishes_all_lessons_of_a_unit_has_finished_the_unit(ana):
    for lesson_id in [each for each in LESSONS if each.startswith("es.")]:
        finish(ana, lesson_id, now=MONDAY)

    assert tally() == (5, 1)


def test_lessons_of_the_other_program_are_open_but_lay_no_beam(ana):
    finish(ana, "en.a1.u01.l01", now=MONDAY)

    assert tally("en.a1.u01") == (0, 0)


def test_a_span_needs_one_learner_of_each_side(ana, make):
    luz = make.member("Luz Muestra", union="mineros")
    for lesson_id in LESSONS:
        finish(ana if lesson_id.startswith("es.") else luz, lesson_id, now=MONDAY)

    assert queries.built() == queries.Built(spanish=5, english=5, joint=1)


def test_time_counts_but_for_long_pauses(ana):
    run = begin(ana, now=MONDAY)
    answer(run, ana, now=MONDAY + 2 * MINUTE)
    answer(run, ana, now=MONDAY + 60 * MINUTE)
    answer(run, ana, now=MONDAY + 75 * MINUTE)

    assert run.seconds == (2 + 15) * 60


def test_somebody_who_reads_french_gets_no_exercise_answered_in_english(ana):
    run = begin(ana, now=MONDAY, reader="fr")
    lesson = lesson_of(run)

    assert {lesson.exercises[number].answer_language for number in run.todo} == {"es"}
    assert run.total == len(run.todo) < len(lesson.exercises)


def test_an_open_run_is_found_again_where_it_was(ana):
    run = begin(ana, now=MONDAY)
    answer(run, ana, now=MONDAY)
    db.session.expire_all()

    again = queries.open_run(ana, FIRST)

    assert again is not None
    assert (again.id, again.position, exercise_on(again).type) == (run.id, 1, ExerciseType.CHOOSE)


def test_only_one_run_of_a_lesson_can_be_open_whatever_the_code_does(ana):
    from sqlalchemy.exc import IntegrityError

    run = begin(ana, now=MONDAY)
    copy = {
        name: getattr(run, name) for name in ("union_id", "member_id", "lesson_id", "course_id", "version_id")
    }
    db.session.add(LessonRun(**copy, reader="en", todo=[0], total=1, started_at=MONDAY, seen_at=MONDAY))

    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.rollback()
