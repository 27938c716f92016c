"""A round from the office's file to the guest's yes, on a phone and at a desk, with and without scripts."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import axe, sign_in

FILE = (
    "E-mail,Name,Dates,Languages,Placements,Passport\n"
    "staff21@usw.example,Somebody Example,2027-01-01 to 2028-12-31,Spanish B2,,2031-01-01\n"
    "nobody@usw.example,Nobody Example,2027-01-01 to 2028-12-31,Spanish B2,,2031-01-01\n"
)
PATIENCE = 30  # seconds for the worker


def wait_for(page: Page, selector: str, scripts: bool) -> None:
    """With scripts the page follows by itself; without them people look again."""
    if scripts:
        page.wait_for_selector(selector, timeout=PATIENCE * 1000)
        return
    deadline = time.monotonic() + PATIENCE
    while page.locator(selector).count() == 0 and time.monotonic() < deadline:
        time.sleep(0.3)
        page.reload()
    expect(page.locator(selector)).to_have_count(1)


def open_round(page: Page, name: str) -> str:
    page.goto("/exchange/")
    page.locator("table a", has_text=name).click()
    page.wait_for_url("**/exchange/rounds/*")
    return page.url


@pytest.mark.writes
def test_a_coordinator_imports_matches_and_publishes_and_a_member_accepts(page, visitor, scripts):
    sign_in(page, "coordinator@usw.example")
    round_url = open_round(page, "Spring exchange")

    page.click("text=Import applications")
    page.set_input_files(
        "#file", files=[{"name": "list.csv", "mimeType": "text/csv", "buffer": FILE.encode()}]
    )
    page.click("#read-file")
    wait_for(page, "#confirm-import", scripts)
    expect(page.locator("#import")).to_contain_text("1 new")
    expect(page.locator("#import")).to_contain_text("1 refused")
    page.check("#without_refused")
    page.click("#confirm-import")
    wait_for(page, "#import .alert.good", scripts)

    page.goto(round_url)
    page.click("#match-round")
    page.click("#solve")
    wait_for(page, "#summary", scripts)
    expect(page.locator("#summary")).to_contain_text("of 31 have a place")
    if scripts:
        axe(page)

    page.click("text=Publish this plan")
    expect(page.locator("main")).to_contain_text("Nobody has been told anything yet.")
    page.click("#publish")
    page.wait_for_selector("#offers")
    expect(page.locator("#alerts")).to_contain_text("The plan is published.")
    if scripts:
        axe(page)

    guest = visitor()
    sign_in(guest, "learner@usw.example")
    guest.goto("/exchange/")
    guest.click("text=Answer the offer")
    guest.click("#accept")
    expect(guest.locator("#alerts")).to_contain_text("You accepted.")
    expect(guest.locator("[aria-current=step]")).to_contain_text("Confirmed by the host")
    if scripts:
        axe(guest)


@pytest.mark.writes
def test_a_host_welcomes_a_guest_whose_name_appears_then(page, scripts):
    sign_in(page, "coordinator@mineros.example")
    page.goto("/exchange/")
    page.locator("#main .alert a").first.click()
    card = page.locator("#offers tr", has=page.locator("form[action$='/confirm']")).first
    before = page.locator("#offers").inner_text()

    card.locator("form[action$='/confirm'] button").click()

    expect(page.locator("#offers form[action$='/confirm']")).to_have_count(0)
    new = set(page.locator("#offers").inner_text().split()) - set(before.split())
    assert new & {"Example", "Exemple", "Sample"}, new


@pytest.mark.writes
def test_a_member_applies_checks_and_sends_it_in(page, scripts):
    sign_in(page, "staff22@usw.example")
    page.goto("/exchange/")
    page.locator(".next a", has_text="Apply").first.click()
    page.fill("#windows-0-first", "2027-02-01")
    page.fill("#windows-0-last", "2027-01-01")
    page.click("#check")
    expect(page.locator(".error-summary")).to_contain_text("The last day cannot lie before the first.")
    assert page.input_value("#windows-0-first") == "2027-02-01"
    if scripts:
        axe(page)

    page.fill("#windows-0-last", "2027-04-30")
    page.select_option("#language_es", "B1")
    page.fill("#passport_until", "2031-05-01")
    page.click("#check")
    expect(page.locator("h1")).to_have_text("Check your answers")
    page.click("#submit")

    expect(page.locator("#alerts")).to_contain_text("Your application is sent in.")
    expect(page.locator("#application h1")).to_have_text("Your application")
    if scripts:
        axe(page)


@pytest.mark.writes
def test_a_member_declines_and_stays_in_the_round(page, scripts):
    sign_in(page, "learner@usw.example")
    page.goto("/exchange/")
    page.click("text=Answer the offer")
    page.click("text=Decline")
    if scripts:
        axe(page)
    page.check("#stays_in")
    page.click("#decline")

    expect(page.locator("#alerts")).to_contain_text("You declined.")
    expect(page.locator("[aria-current=step]")).to_contain_text("We go on looking for you.")
