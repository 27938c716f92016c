"""The whole way of a newcomer in one evening: invited, enrolled, a lesson done, the progress and the reviews seen."""

import re

import pytest
from playwright.sync_api import expect

from portal.learning.lesson_files import load_tree
from tests.browser.people import axe, sign_in
from tests.browser.test_accounts import letter_to
from tests.browser.test_enrollment import OPEN, open_cohort, title
from tests.browser.test_learning import fill_in, go_on

LESSON = load_tree().lesson("es.a1.u01.l01")


@pytest.mark.writes
def test_from_an_invitation_to_the_first_progress(page, visitor, scripts):
    office = visitor()
    sign_in(office, "administrator@usw.example")
    office.goto("/account/invitations")
    office.fill("#name", "Nueva Example")
    office.fill("#email", "nueva@usw.example")
    office.click("#invite")

    page.goto(letter_to(page, "nueva@usw.example"))
    page.fill("#password", "three plain words here")
    page.click("#open-account")
    page.wait_for_selector("text=Welcome, Nueva Example.")

    open_cohort(page, OPEN)
    page.click("#join")
    expect(title(page)).to_contain_text("You have a seat")

    page.goto("/today")
    expect(page.locator("#next h2")).to_contain_text("Good morning at the gate")
    page.locator("#next .button").click()
    page.locator("main .button", has_text=re.compile("Begin|Start")).first.click()
    while page.locator("#check").count():
        exercise = LESSON.exercises[int(page.locator("#exercise input[name=exercise]").input_value())]
        fill_in(page, exercise, exercise.expected[0], scripts)
        page.locator("#check").click()
        expect(page.locator(".feedback")).to_have_class(re.compile("good"))
        go_on(page)
    expect(page.locator("#finished-title")).to_be_visible()

    page.goto("/lessons/progress")
    expect(page.locator(".figures")).to_contain_text(re.compile(r"1\s*lesson finished"))
    page.goto("/lessons/review")
    if scripts:
        axe(page)
