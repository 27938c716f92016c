"""Taking a seat, waiting, leaving and undoing, as people do it on a phone and at a desk, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import LOCALES, axe, schemes_for, sign_in, speak

OPEN = "Tuesdays and Thursdays after the day shift"
FULL = "Early mornings before the shift"


def open_cohort(page: Page, name: str) -> None:
    """Go from the catalog to the cohort of this name."""
    page.goto("/spanish")
    page.locator("article", has_text=name).locator("a").click()
    page.wait_for_selector("#enrollment")


def title(page: Page):
    return page.locator("#enrollment-title")


@pytest.mark.writes
def test_a_seat_is_taken_left_and_taken_back(page, scripts):
    sign_in(page, "staff23@usw.example")
    open_cohort(page, OPEN)
    address = page.url
    expect(title(page)).to_have_text("2 seats left")

    page.click("#join")
    expect(title(page)).to_contain_text("You have a seat")
    expect(page.locator("#alerts")).to_contain_text("Your seat is kept.")
    if scripts:
        assert page.url == address  # only the block was replaced
        expect(title(page)).to_be_focused()

    page.click("#leave")
    expect(title(page)).to_have_text("Leave this cohort?")
    page.click("text=No, stay")
    expect(title(page)).to_contain_text("You have a seat")

    page.click("#leave")
    page.click("#leave-now")
    expect(page.locator("#enrollment")).to_contain_text("You left. You can take that back until")

    page.click("#undo")
    expect(title(page)).to_contain_text("You have a seat")
    page.goto("/agenda")
    expect(page.locator("main")).to_contain_text(OPEN)


@pytest.mark.writes
def test_a_seat_left_goes_to_the_first_who_waits(page, visitor):
    sign_in(page, "staff23@usw.example")
    open_cohort(page, FULL)
    expect(title(page)).to_have_text("Every seat is taken")
    expect(page.locator("#enrollment")).to_contain_text("You would be number 5.")
    page.click("#join")
    expect(title(page)).to_contain_text("You are number 5 on the waiting list")

    seated = visitor()
    sign_in(seated, "staff13@usw.example")
    open_cohort(seated, FULL)
    seated.click("#leave")
    expect(seated.locator("#enrollment")).to_contain_text("5 people are waiting.")
    seated.click("#leave-now")
    expect(title(seated)).to_have_text("Every seat is taken")
    expect(seated.locator("#undo")).to_have_count(0)

    page.reload()
    expect(title(page)).to_contain_text("You are number 4 on the waiting list")
    next_in_line = visitor()
    sign_in(next_in_line, "staff19@usw.example")
    open_cohort(next_in_line, FULL)
    expect(title(next_in_line)).to_contain_text("You have a seat")
    letter = next_in_line.locator("article", has_text="staff19@usw.example")
    for _ in range(40):
        next_in_line.goto("/development/outbox")
        if letter.count():
            break
        next_in_line.wait_for_timeout(500)
    expect(letter).to_have_count(1)


@pytest.mark.writes
def test_a_coordinator_admits_a_member_and_adds_a_seat(page):
    sign_in(page, "coordinator@usw.example")
    open_cohort(page, FULL)
    page.click("text=People and seats")
    page.fill("#email", "nobody@usw.example")
    page.fill("#reason", "She interprets at the council.")
    page.click("#admit")
    expect(page.locator(".error-summary")).to_contain_text("Nobody in your union has this address.")
    assert page.input_value("#reason") == "She interprets at the council."

    page.fill("#email", "rank2@usw.example")
    page.click("#admit")
    expect(page.locator("#alerts")).to_contain_text("is on the waiting list and gets a letter.")
    expect(page.locator("#people")).to_contain_text("Admitted: She interprets at the council.")

    page.fill("#capacity", "8")
    page.click("#resize")
    expect(page.locator("#enrolled-title")).to_have_text("8 of 8 seats are taken.")
    expect(page.locator("#waiting-title")).to_have_text("3 people are waiting.")


def test_the_catalog_is_filtered_and_searched(page, scripts):
    sign_in(page, "staff23@usw.example")
    page.goto("/spanish")
    results = page.locator("#results-title")
    expect(results).to_have_text("2 cohorts")

    page.check("input[name=seats]")
    if not scripts:
        page.click("#find")
    expect(results).to_have_text("1 cohort")
    page.fill("#q", "ESPANOL acereros")
    page.click("#find")
    expect(page.locator("#results")).to_contain_text("Nothing fits all of this")
    page.fill("#q", "español")
    page.click("#find")
    expect(results).to_have_text("1 cohort")
    expect(page).to_have_url(re.compile("seats=y"))

    page.reload()
    expect(results).to_have_text("1 cohort")
    expect(page.locator("input[name=seats]")).to_be_checked()


@pytest.mark.writes
def test_a_private_calendar_address_is_made_and_closed(page):
    sign_in(page, "learner@usw.example")
    page.goto("/agenda")
    page.click("#make-feed")
    address = page.locator("#address")
    expect(address).to_have_value(re.compile(r"/calendar/.+\.ics$"))

    path = "/calendar/" + address.input_value().rpartition("/calendar/")[2]
    answer = page.request.get(path)
    assert answer.status == 200
    assert answer.text().startswith("BEGIN:VCALENDAR")

    page.click("#close-feed")
    if page.locator("dialog[open]").count():
        page.click("dialog[open] button[value=yes]")
    expect(page.locator("#make-feed")).to_be_visible()
    assert page.request.get(path).status == 404


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
@pytest.mark.parametrize("device", ["phone"], indirect=True)  # test_every_page looks at desktops
def test_axe_finds_nothing_in_courses(page, locale):
    for email, addresses in (
        (
            "staff20@usw.example",
            (
                "/spanish?day=1&level=Z9",
                "/spanish/courses/a1",
                "/spanish/cohorts/1",
                "/spanish/cohorts/2/leave",
                "/agenda",
            ),
        ),
        ("rank2@usw.example", ("/spanish/cohorts/1", "/spanish?q=nothing")),
        ("coordinator@usw.example", ("/spanish/cohorts/2/people", "/spanish/cohorts/new")),
    ):
        page.context.clear_cookies()
        sign_in(page, email)
        speak(page, locale)
        for address in addresses:
            page.goto(address)
            axe(page, *schemes_for(locale))


def test_courses_need_no_sideways_scrolling_at_320_pixels(page):
    sign_in(page, "coordinator@usw.example")
    page.set_viewport_size({"width": 320, "height": 640})
    for address in (
        "/spanish",
        "/spanish/courses/a1",
        "/spanish/cohorts/2",
        "/spanish/cohorts/2/people",
        "/spanish/cohorts/new",
    ):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") == 320, address
