"""A learner: Today, the lesson begun, its end, reviews, progress; phone and desk, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.learning.lesson_files import load_tree
from portal.learning.lesson_types import Exercise, ExerciseType
from tests.browser.people import LOCALES, axe, schemes_for, sign_in

CONTENT = load_tree()
SPANISH, ENGLISH = "learner@usw.example", "learner@mineros.example"
LESSON = CONTENT.lesson("es.a1.u01.l04")


def exercise_on(page: Page) -> Exercise:
    return LESSON.exercises[int(page.locator("#exercise input[name=exercise]").input_value())]


def fill_in(page: Page, exercise: Exercise, answer: str, scripts: bool) -> None:
    if exercise.type is ExerciseType.CHOOSE:
        page.locator(".choice input").nth(exercise.choices.index(answer)).check()
    elif exercise.type is ExerciseType.ORDER and scripts:
        left = [button.inner_text() for button in page.locator(".tokens button").all()]
        for word in words_in_order(answer, left):
            page.locator(
                ".tokens button[aria-pressed=false]", has_text=re.compile(f"^{re.escape(word)}$")
            ).first.click()
    else:
        page.locator("#exercise input.answer").fill(answer)


def words_in_order(sentence: str, tokens: list[str]) -> list[str]:
    """The tokens in the order of the sentence, whose capital and marks they lack."""
    plain = [re.sub(r"[¿¡.,!?]", "", word).casefold() for word in sentence.split()]
    return [next(token for token in tokens if token.casefold() == word) for word in plain]


def go_on(page: Page) -> None:
    page.locator("#go-on").click()
    expect(page.locator("#go-on")).to_have_count(0)


@pytest.mark.writes
def test_from_today_through_lesson_and_review_to_progress(page, scripts):
    sign_in(page, SPANISH)
    expect(page).to_have_url(re.compile("/today$"))
    expect(page.locator("#next h2")).to_contain_text("Underground")
    page.locator("#next a.button").click()
    address = page.url

    answered = 0
    while page.locator("#check").count():
        exercise = exercise_on(page)
        fill_in(page, exercise, exercise.expected[0], scripts)
        page.locator("#check").click()
        expect(page.locator(".feedback")).to_have_class(re.compile("good"))
        if scripts:
            assert page.url == address  # only the exercise was replaced
            expect(page.locator(".feedback")).to_be_focused()
            if answered == 0:
                axe(page, "light")
        go_on(page)
        answered += 1
    assert 9 <= answered <= 12

    expect(page.locator("#finished-title")).to_contain_text("Underground")
    expect(page.locator("main")).to_contain_text("Talk it over with a partner")
    if scripts:
        axe(page)

    page.goto("/lessons/review")
    due = waiting(page)
    first = page.locator("#review .prompt").inner_text()
    page.locator("#review input.answer").fill("sí, claro")
    page.locator("#check").click()
    expect(page.locator("input[name=rating][value='1']")).to_be_checked()
    if scripts:
        axe(page)
    page.locator("input[name=rating][value='3']").check()
    page.locator("#rate").click()
    expect(page.locator("#undo")).to_be_visible()
    assert waiting(page) == due - 1
    page.locator("#undo").click()
    expect(page.locator("#review .prompt")).to_have_text(first)
    assert waiting(page) == due

    page.goto("/lessons/progress")
    expect(page.locator(".figures")).to_contain_text(re.compile(r"4\s*lessons finished"))


def waiting(page: Page) -> int:
    """How many words the review page says are due; none when it says so."""
    found = re.search(r"(\d+) words? (is|are) due", page.locator("#review").inner_text())
    return int(found[1]) if found else 0


@pytest.mark.writes
@pytest.mark.parametrize("device", ["desktop"], indirect=True)
@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
def test_a_lesson_can_be_done_by_keyboard_alone(page):
    sign_in(page, SPANISH)
    page.goto("/today")
    page.locator("#next a.button").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#check")

    exercise = exercise_on(page)
    while exercise.type in (ExerciseType.CHOOSE, ExerciseType.ORDER):
        page.locator("button[name=reveal]").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("#go-on")
        page.keyboard.press("Tab")
        expect(page.locator("#go-on")).to_be_focused()
        page.keyboard.press("Enter")
        page.wait_for_selector("#check")
        exercise = exercise_on(page)
    expect(page.locator("#instruction")).to_be_focused()
    field = page.locator("#exercise input.answer")
    for _step in range(4):
        page.keyboard.press("Tab")
        if field.evaluate("field => field === document.activeElement"):
            break
    expect(field).to_be_focused()
    page.keyboard.type(exercise.expected[0])
    page.keyboard.press("Enter")

    expect(page.locator(".feedback")).to_be_focused()


@pytest.mark.writes
@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
def test_letters_a_keyboard_lacks_go_in_at_the_caret(page):
    sign_in(page, SPANISH)
    page.goto("/lessons/review")
    field = page.locator("#review input.answer")
    field.fill("senor")
    field.evaluate("field => field.setSelectionRange(2, 3)")

    page.locator(".keys button", has_text="ñ").click()

    expect(field).to_have_value("señor")


PAGES = ["/today", "/lessons", "/lessons/spanish/a1.u01.l01", "/lessons/review", "/lessons/progress"]


@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("device", ["phone"], indirect=True)  # test_every_page looks at desktops
def test_axe_finds_nothing_on_the_pages_of_learning(page, locale):
    sign_in(page, ENGLISH if locale == "es_MX" else SPANISH if locale == "en" else "staff7@usw.example")
    for path in PAGES:
        page.goto(path)
        axe(page, *schemes_for(locale))


def test_nothing_needs_sideways_scrolling_at_320_pixels(page):
    sign_in(page, SPANISH)
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
