"""What people do on every page: sign in, change the language; and what axe finds for those who use it otherwise."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from portal.demo import PASSWORD

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async rules => (await axe.run(document, {runOnly: rules, resultTypes: ["violations"]})).violations.map(
  found => `${found.id}: ${found.help} | ${found.nodes.slice(0, 3).map(node => node.html).join(" | ")}`)"""
LOCALES = ("en", "es_MX", "fr_CA")
HTML_LANG = {"en": "en", "es_MX": "es-MX", "fr_CA": "fr-CA"}


def sign_in(page: Page, email: str, password: str | None = None) -> None:
    """Sign in by the form; without `password`, as one of the demo's people."""
    page.goto("/account/sign-in")
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(password or PASSWORD)
    page.locator("main form button").last.click()
    page.wait_for_url(lambda address: urlsplit(address).path != "/account/sign-in")


def speak(page: Page, locale: str) -> None:
    """Choose the language of the page in its language menu."""
    if page.locator("html").get_attribute("lang") == HTML_LANG[locale]:
        return
    button = page.locator(f"button[formaction$='/language/{locale}']")
    if not button.is_visible():
        page.locator("details.menu summary").first.click()
    button.click()
    page.wait_for_selector(f"html[lang={HTML_LANG[locale]}]")


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def schemes_for(locale: str) -> tuple[str, ...]:
    """Colors do not depend on the language: dark is looked at in one."""
    return ("light", "dark") if locale == "en" else ("light",)


def axe(page: Page, *schemes: str) -> None:
    """Assert that axe finds nothing, in light and dark or in the color `schemes` named. Needs JavaScript."""
    for scheme in schemes or ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if not page.evaluate("() => 'axe' in window"):
            page.evaluate(_axe())
        found = page.evaluate(RUN, RULES)
        assert not found, f"{page.url} in {scheme}:\n" + "\n".join(found)
    page.emulate_media(color_scheme="light")
