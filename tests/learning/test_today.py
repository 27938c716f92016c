"""Today and progress: one next step, honest numbers, nothing personal across the unions."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.learning import queries, today
from portal.learning.progress import weeks
from portal.learning.queries import Spent
from portal.learning.today import Kind
from tests.conftest import MONDAY
from tests.learning.helpers import CONTENT, answer, begin, finish, load, words_of_page

DAY = timedelta(days=1)
SPANISH = [lesson.id for lesson in CONTENT.course("es").lessons()]


@pytest.fixture
def ana(make):
    load(MONDAY)
    return make.member("Ana Ejemplo")


def step(member, now, meetings=()):
    courses = [queries.outlines()["es"]]
    return today.next_step(courses, queries.done_by(member), queries.due(member, now), meetings)


def test_a_new_learner_begins_with_the_first_lesson(ana):
    found = step(ana, MONDAY)

    assert (found.kind, found.lesson.id) == (Kind.LESSON, SPANISH[0])


def test_what_was_begun_comes_before_reviews_and_those_before_new_lessons(ana):
    finish(ana, SPANISH[0], now=MONDAY)
    assert (step(ana, MONDAY).kind, step(ana, MONDAY).lesson.id) == (Kind.LESSON, SPANISH[1])
    assert step(ana, MONDAY + DAY).kind is Kind.REVIEW

    run = begin(ana, SPANISH[1], now=MONDAY + DAY)
    assert (step(ana, MONDAY + DAY).kind, step(ana, MONDAY + DAY).run.id) == (Kind.GO_ON, run.id)


def test_when_all_is_done_the_class_is_next_and_then_rest(ana):
    for lesson_id in SPANISH:
        finish(ana, lesson_id, now=MONDAY)
    meeting = object()

    assert step(ana, MONDAY, [meeting]).meeting is meeting
    assert step(ana, MONDAY).kind is Kind.REST


def test_the_first_page_of_a_learner_is_today_with_one_primary_button(browser, ana):
    hers = browser.as_(ana)

    assert hers.get("/").location == "/today"
    text = hers.get("/today").text
    main = text[text.index("<main") : text.index("</main>")]
    assert main.count('class="button "') == 1
    assert "Lesson 1: Good morning at the gate" in words_of_page(main)


def test_nothing_due_says_when_the_next_review_is(browser, make):
    load()
    member = make.member("Ana Ejemplo", zone="America/Hermosillo")
    for lesson_id in SPANISH:
        finish(member, lesson_id, now=clock.now())

    text = words_of_page(browser.as_(member).get("/today").text)

    assert "Nothing due Next review tomorrow, 7:00 AM." in text


def test_the_bridge_shows_both_unions_to_both_and_names_nobody(browser, make):
    load()
    ana = make.member("Ana Ejemplo")
    luz = make.member("Luz Muestra", union="mineros")
    finish(ana, SPANISH[0], now=clock.now())
    finish(luz, "en.a1.u01.l01", now=clock.now())

    for who, other in ((ana, "Luz"), (luz, "Ana")):
        text = words_of_page(browser.as_(who).get("/today").text)
        assert "Spanish learners: 1 beam" in text
        assert "English learners: 1 beam" in text
        assert other not in text


def test_without_content_the_page_says_so_kindly(browser, make):
    hers = browser.as_(make.member("Ana Ejemplo"))

    assert "There is no lesson to begin right now." in words_of_page(hers.get("/today").text)
    assert hers.get("/lessons").status_code == 404
    assert hers.get("/lessons/progress").status_code == 200


def test_progress_shows_what_was_done_with_its_table(browser, make):
    load()
    member = make.member("Ana Ejemplo")
    now = clock.now()
    run = begin(member, now=now - timedelta(minutes=30))
    for minute in range(17):
        answer(run, member, now=now - timedelta(minutes=29 - minute))

    page = browser.as_(member).get("/lessons/progress").text
    text = words_of_page(page)

    assert "1 lesson finished" in text
    assert "13 words met" in text
    assert "17 min in lessons" in text
    assert "Not reviewed yet 13" in text
    assert "<svg" in page


def test_weeks_are_those_of_the_learners_calendar():
    sunday_night = MONDAY.replace(day=11, hour=4)  # still Sunday the 10th in Pittsburgh
    found = weeks(
        [Spent(sunday_night, 600, True), Spent(MONDAY, 1200, False)],
        [sunday_night, MONDAY],
        MONDAY,
        "America/New_York",
        count=2,
    )

    assert [(week.monday.isoformat(), week.minutes, week.lessons, week.words) for week in found] == [
        ("2027-01-04", 10, 1, 1),
        ("2027-01-11", 20, 0, 2),
    ]
