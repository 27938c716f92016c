"""From an invitation to one's own account; a lost password; a roster from the office's own file."""

from pathlib import Path

import pytest

from tests.browser.people import sign_in

ROSTER = Path(__file__).parents[1] / "accounts" / "files" / "mineros-seccion-65.csv"


def letter_to(page, email):
    """Wait until the worker has sent the letter, and return the link in it."""
    article = page.locator("article", has_text=email).first
    for _ in range(60):
        page.goto("/development/outbox")
        if article.count():
            return article.locator("a").first.get_attribute("href")
        page.wait_for_timeout(500)
    raise AssertionError(f"no letter to {email}")


@pytest.mark.writes
def test_an_invitation_becomes_an_account(page, visitor):
    sign_in(page, "administrator@usw.example")
    page.goto("/account/invitations")
    page.fill("#name", "Nueva Ejemplo")
    page.fill("#email", "nueva@usw.example")
    page.click("#invite")
    page.wait_for_load_state()
    assert page.get_by_role("row", name="Nueva Ejemplo").count() == 1

    newcomer = visitor()
    link = letter_to(newcomer, "nueva@usw.example")
    newcomer.goto(link)
    newcomer.fill("#password", "short")
    newcomer.click("#open-account")
    newcomer.wait_for_selector(".error-summary")
    assert newcomer.input_value("#name") == "Nueva Ejemplo"

    newcomer.fill("#password", "three plain words here")
    newcomer.select_option("#zone", "America/Phoenix")
    newcomer.click("#open-account")
    newcomer.wait_for_selector("text=Welcome, Nueva Ejemplo.")
    newcomer.goto("/account/profile")
    assert newcomer.input_value("#zone") == "America/Phoenix"

    again = visitor()
    again.goto(link)
    assert again.get_by_role("heading", level=1).inner_text() == "This link no longer works"


@pytest.mark.writes
def test_a_lost_password_is_replaced_by_letter(page, visitor):
    page.goto("/account/sign-in")
    page.click("text=I do not know my password")
    page.fill("#email", "staff1@usw.example")
    page.click("#send-link")
    page.wait_for_selector("text=a letter with a link is on its way")

    page.goto(letter_to(visitor(), "staff1@usw.example"))
    page.fill("#password", "a whole new password")
    page.click("#save-password")
    page.wait_for_load_state()
    page.goto("/account/profile")

    assert page.input_value("#name") == "Dolores Example"


@pytest.mark.writes
def test_a_roster_is_read_looked_at_and_taken(page):
    sign_in(page, "administrator@mineros.example")
    page.goto("/account/roster")
    page.set_input_files("#file", ROSTER)
    page.click("#read-file")
    wait_for(page, "#confirm-import")
    assert page.locator(".badge.bad").first.is_visible()

    page.check("#without_refused")
    page.click("#confirm-import")
    wait_for(page, "#import .alert.good")


def wait_for(page, selector):
    """Until the worker has read or saved the file; without JavaScript people load the page again."""
    for _ in range(60):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.goto(page.url)
    raise AssertionError(f"{selector} never came")


def test_accounts_need_no_sideways_scrolling_at_320_pixels(page):
    sign_in(page, "administrator@usw.example")
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("profile", "people", "invitations", "roster", "trail"):
        page.goto(f"/account/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 320, path
