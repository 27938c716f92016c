"""An instructor's evening: what is next, one tap a person, a note, the paper list; in the demo's own class."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from portal.demo import CANARY
from tests.browser.people import LOCALES, axe, schemes_for, sign_in, speak

INSTRUCTOR = "instructor@usw.example"
WITH_SCRIPTS = pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
MARKS = ("present", "late", "remote", "excused", "absent")


def open_attendance(page: Page) -> None:
    """From the week, by its one next step, to the class whose attendance is unfinished."""
    sign_in(page, INSTRUCTOR)
    page.goto("/")
    expect(page.locator("h1")).to_have_text("My week")
    page.goto(page.locator("a[href*='/people/']").first.get_attribute("href").partition("/people/")[0])
    page.locator("#meetings-title ~ ul a[href*='/teaching/meetings/']").first.click()
    page.wait_for_url(re.compile(r"/teaching/meetings/\d+$"))


def person(page: Page, place: int):
    return page.locator(".attendance > li").nth(place)


def pressed(page: Page, place: int) -> list[str | None]:
    buttons = person(page, place).locator("[aria-pressed=true]")
    return [buttons.nth(n).get_attribute("value") for n in range(buttons.count())]


@pytest.mark.writes
def test_an_instructor_takes_attendance_by_taps(page, scripts):
    open_attendance(page)
    expect(page.locator("#recorded")).to_contain_text("13 of 15 recorded")

    for mark in MARKS:
        person(page, 0).locator(f"button[value={mark}]").click()
        expect(person(page, 0).locator(f"button[value={mark}]")).to_have_attribute("aria-pressed", "true")
        assert pressed(page, 0) == [mark]
    person(page, 0).locator("button[value=none]").click()
    expect(person(page, 0).locator("[aria-pressed=true]")).to_have_count(0)
    expect(page.locator("#recorded")).to_contain_text("12 of 15 recorded")

    page.locator("#all-present").click()
    expect(page.locator("#recorded")).to_contain_text("15 of 15 recorded")
    page.locator("#undo-all").click()
    expect(page.locator("#recorded")).to_contain_text("12 of 15 recorded")
    page.reload()
    expect(page.locator("#recorded")).to_contain_text("12 of 15 recorded")


@pytest.mark.writes
@WITH_SCRIPTS
def test_a_tap_far_down_the_list_does_not_move_the_page_or_lose_the_focus(page, scripts):
    open_attendance(page)
    button = person(page, 14).locator("button[value=late]")
    button.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")

    button.focus()
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")

    assert abs(page.evaluate("scrollY") - before) <= 2
    assert page.evaluate("document.activeElement.value") == "late"
    assert not page.url.endswith("#sheet")


@pytest.mark.writes
@WITH_SCRIPTS
@pytest.mark.parametrize("device", ["desktop"], indirect=True)
def test_attendance_is_taken_by_keyboard_alone(page, scripts, device):
    open_attendance(page)
    person(page, 13).locator("button[value=present]").focus()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(person(page, 13).locator("button[value=late]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(person(page, 13).locator("button[value=remote]")).to_have_attribute("aria-pressed", "true")


def test_every_mark_is_wide_enough_for_a_thumb(page):
    open_attendance(page)

    boxes = [button.bounding_box() for button in person(page, 3).locator(".taps button").all()]

    assert len(boxes) == 5
    assert all(box["width"] >= 48 and box["height"] >= 48 for box in boxes)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.writes
def test_a_note_is_written_removed_and_brought_back(page, scripts):
    open_attendance(page)
    page.locator(".crumbs a[href*='/teaching/cohorts/']").click()
    page.locator("table a[href*='/people/']").nth(4).click()
    expect(page.locator("#notes")).to_contain_text(CANARY)

    page.locator("textarea").fill("Prefers to speak first.")
    page.locator("#keep-note").click()
    expect(page.locator("#notes article").first).to_contain_text("Prefers to speak first.")
    expect(page.locator("textarea")).to_have_value("")
    page.locator("#notes article").first.locator("button", has_text="Remove").click()
    expect(page.locator("#notes article").first).to_contain_text("Note removed.")
    page.locator("#notes article").first.locator("button").click()

    expect(page.locator("#notes article").first).to_contain_text("Prefers to speak first.")
    page.locator("#keep-note").click()
    expect(page.locator("#notes .error-summary")).to_contain_text("Write what you want to remember")


def test_the_roster_downloads_as_a_table_without_notes(page):
    open_attendance(page)
    page.locator(".crumbs a[href*='/teaching/cohorts/']").click()

    with page.expect_download() as waiting:
        page.locator("a[href$='attendance.csv']").click()

    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert text.startswith("Name,Local,Last seen,Present,Late,Remote,Excused,Absent,Not recorded,")
    assert len(text.splitlines()) == 16
    assert CANARY not in text


@WITH_SCRIPTS
def test_on_paper_only_the_list_appears(page, scripts):
    open_attendance(page)
    page.locator("a[href$='/sheet']").click()
    page.emulate_media(media="print")

    assert not page.locator("header.masthead nav").is_visible()
    assert not page.locator("[data-print]").is_visible()
    assert page.locator("table.paper tbody tr").count() == 15


def test_a_learner_reads_their_own_attendance(page):
    sign_in(page, "learner@mineros.example")
    page.goto("/classes")

    expect(page.locator("main")).to_contain_text(re.compile(r"present \d+ times|presente"))
    assert CANARY not in page.content()


@pytest.mark.writes
@WITH_SCRIPTS
@pytest.mark.parametrize("device", ["phone"], indirect=True)  # test_every_page looks at desktops
def test_axe_finds_nothing_in_teaching_in_any_language(page, scripts):
    open_attendance(page)
    attendance = page.url
    cohort = page.locator(".crumbs a[href*='/teaching/cohorts/']").get_attribute("href")
    page.goto(cohort)
    person_page = page.locator("table a[href*='/people/']").nth(4).get_attribute("href")
    for locale in LOCALES:
        speak(page, locale)  # the choice stays with the account, so this portal is for this test alone
        for address in (attendance, f"{attendance}/sheet", cohort, person_page, "/teaching"):
            page.goto(address)
            axe(page, *schemes_for(locale))
