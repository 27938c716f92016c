import pytest

from tests.browser.people import HTML_LANG, LOCALES, axe, speak


def test_the_front_page_leads_to_sign_in(page):
    page.goto("/")
    assert page.locator("h1").count() == 1

    page.locator("a[href^='/account/sign-in']").first.click()

    page.wait_for_url("**/account/sign-in*")
    assert page.locator("h1").count() == 1
    assert page.locator("input[name=password]").count() == 1


@pytest.mark.parametrize("locale", LOCALES)
def test_the_language_menu_changes_the_page_and_stays_chosen(page, locale):
    page.goto("/account/sign-in")
    speak(page, locale)
    page.goto("/")

    assert page.locator("html").get_attribute("lang") == HTML_LANG[locale]


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/styleguide", "/no-such-page"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
def test_axe_finds_nothing_at_the_front_door(page, path, locale):
    page.goto("/account/sign-in")
    speak(page, locale)
    page.goto(path)

    axe(page)


@pytest.mark.parametrize("path", ["/", "/account/sign-in", "/styleguide"])
def test_nothing_needs_sideways_scrolling_at_320_pixels(page, path):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(path)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
