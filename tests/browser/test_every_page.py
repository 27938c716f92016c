"""Every page each role can reach by links: no fault of axe in any language, nothing wider than the screen."""

import re
from collections import deque
from urllib.parse import urlsplit

import pytest

from portal.demo import ROLES
from tests.browser.people import LOCALES, axe, schemes_for, sign_in, speak

NOT_A_PAGE = re.compile(
    r"\.(csv|ics|xlsx|txt|webmanifest|svg|mp3|ogg|json)$|^/(static|development|styleguide)"
)
MOST_PAGES = 40


def kind(path: str) -> str:
    """Pages that differ only in a number or a long secret are of one kind; one of each is looked at."""
    return re.sub(r"/(\d+|[\w-]{22,})(?=/|$)", "/…", path)


def pages_within_reach(page) -> list[str]:
    """Follow links from where the person stands, once for each kind of page."""
    found: dict[str, str] = {}
    waiting = deque([urlsplit(page.url).path])
    while waiting and len(found) < MOST_PAGES:
        path = waiting.popleft()
        if kind(path) in found or NOT_A_PAGE.search(path):
            continue
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"a link leads to {path}, which answers {answer.status}"
        found[kind(path)] = path
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            parts = urlsplit(link)
            if parts.netloc == urlsplit(page.url).netloc:
                waiting.append(parts.path)
    return list(found.values())


@pytest.mark.writes
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)
def test_axe_finds_nothing_on_any_page(page, role, device):
    sign_in(page, f"{role}@usw.example")
    paths = pages_within_reach(page)
    width = page.viewport_size["width"]

    for locale in LOCALES if device == "phone" else ("en",):
        speak(page, locale)
        for path in paths:
            page.goto(path)
            axe(page, *(schemes_for(locale) if device == "phone" else ("light",)))
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} is too wide"
