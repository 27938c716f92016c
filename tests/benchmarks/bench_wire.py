"""Bytes and requests as Chromium receives them: `python -m tests.benchmarks wire`.

Budgets: first load at most 35 KB in 6 requests, heading font included; the same page again at most 4 KB.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from portal.demo import PASSWORD, ROLES
from tests import services
from tests.benchmarks.portals import seeded
from tests.process import RunningPortal

FIRST_BYTES, FIRST_REQUESTS, REPEAT_BYTES = 35_000, 6, 4_000


@dataclass
class Traffic:
    """What came over the wire, headers included; what came from the cache costs nothing."""

    size: int = 0
    requests: int = 0
    status: int = 0

    def watch(self, page: Page) -> Traffic:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._arrived)
        return self

    def _arrived(self, told: dict[str, Any]) -> None:
        if told["encodedDataLength"] > 0:
            self.size += int(told["encodedDataLength"])
            self.requests += 1


def load(context: BrowserContext, path: str) -> Traffic:
    page = context.new_page()
    traffic = Traffic().watch(page)
    answer = page.goto(path, wait_until="networkidle")
    traffic.status = answer.status if answer else 0
    page.close()
    return traffic


def visit(context: BrowserContext, path: str, cookies: list[Any]) -> tuple[Traffic, Traffic]:
    context.add_cookies(cookies)
    return load(context, path), load(context, path)


def measure(portal: RunningPortal) -> int:
    over = 0
    print(f"{'role':<15}{'page':<34}{'first':>8}{'requests':>10}{'repeat':>8}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(services.chromium()), args=["--no-sandbox", "--disable-gpu"]
        )

        def show(role: str, path: str, cookies: list[Any]) -> None:
            nonlocal over
            context = browser.new_context(base_url=portal.address, service_workers="block")
            first, repeat = visit(context, path, cookies)
            context.close()
            faults = [
                f"answers {first.status}" if first.status != 200 else "",
                "first load" if first.size > FIRST_BYTES or first.requests > FIRST_REQUESTS else "",
                "repeat" if repeat.size > REPEAT_BYTES else "",
            ]
            verdict = ", ".join(filter(None, faults)) or "ok"
            over += verdict != "ok"
            print(f"{role:<15}{path:<34}{first.size:>8}{first.requests:>10}{repeat.size:>8}  {verdict}")

        for path in ("/", "/account/sign-in"):
            show("nobody", path, [])
        for role in ROLES:
            context = browser.new_context(base_url=portal.address)
            page = context.new_page()
            page.goto("/account/sign-in")
            page.locator("input[name=email]").fill(f"{role}@usw.example")
            page.locator("input[name=password]").fill(PASSWORD)
            page.locator("main form button").last.click()
            page.wait_for_selector("nav.strip")
            links = [link.get_attribute("href") or "/" for link in page.locator("nav.strip a").all()]
            cookies: list[Any] = context.cookies()
            context.close()
            for path in links:
                show(role, path, cookies)
        browser.close()
    return over


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="relevo-wire-") as folder:
        seeded(Path(folder) / "portal")
        portal = RunningPortal(Path(folder) / "portal", workers=1).start()
        try:
            return 1 if measure(portal) else 0
        finally:
            portal.stop()


if __name__ == "__main__":
    sys.exit(main())
