"""Chromium against the portal as people run it, filled with the demo.

`page` comes four times: on a phone and on a desktop, with JavaScript and without. A test fails when the
page logs an error, breaks its Content-Security-Policy, asks another host for anything, or meets a 5xx.
What a test marked `writes` has written is undone before the next; the others must leave all as it was.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, sync_playwright

from tests import services
from tests.process import RunningPortal

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DEVICES = {
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
PATIENCE_MS = 10_000
PARTS_OF_A_PAGE = {"stylesheet", "script", "image", "font", "manifest", "media"}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance folder with the demo in it, made once for all processes of this run."""
    common = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        common = common.parent
    folder = common / "seeded"
    with (common / "seeding").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "instance").exists():
            making = RunningPortal(common / "seeding-now")
            for words in (("migrate",), ("content", "load"), ("demo", "seed")):
                done = making.flask(*words)
                assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-2000:]}"
            making.folder.rename(folder)
    return folder


@dataclass
class SharedPortal:
    """One running portal for many tests; what one of them wrote is undone before the next."""

    running: RunningPortal
    seeded: Path
    was_written: bool = False

    def undo(self) -> None:
        """Put the demo's database back under the running server, in one transaction of SQLite's own."""
        if self.was_written:
            name = "instance/relevo.sqlite3"
            live_file = self.running.folder / name
            with (
                closing(sqlite3.connect(self.seeded / name)) as demo,
                closing(sqlite3.connect(live_file, timeout=30)) as live,
            ):
                demo.backup(live)
            shutil.rmtree(self.running.folder / "instance" / "outbox", ignore_errors=True)
            self.was_written = False


@pytest.fixture(scope="session")
def _shared_portal(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedPortal]:
    folder = tmp_path_factory.mktemp("shared") / "portal"
    shutil.copytree(seeded, folder)
    running = RunningPortal(folder, workers=1).start()
    yield SharedPortal(running, seeded)
    running.stop()


@pytest.fixture
def portal(request: pytest.FixtureRequest, _shared_portal: SharedPortal) -> RunningPortal:
    _shared_portal.undo()
    _shared_portal.was_written = request.node.get_closest_marker("writes") is not None
    return _shared_portal.running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or str(services.chromium())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Faults:
    """What a page must never do, noted as it happens."""

    origin: str
    found: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.found.append(f"script error: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium logs each 4xx as an error; those of pages are answers, those of their parts are noted below.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.found.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.origin, "data:", "blob:", "about:")):
            self.found.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        part = response.request.resource_type in PARTS_OF_A_PAGE
        if response.status >= 500 or (part and response.status >= 400):
            self.found.append(f"{response.status} for {response.url}")


@pytest.fixture(params=list(DEVICES))
def device(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    """Whether JavaScript runs. `@pytest.mark.parametrize("scripts", ["scripts"], indirect=True)`: only with."""
    return request.param == "scripts"


@dataclass
class Visitors:
    """Makes people at their devices, and ends their visits."""

    chromium: Browser
    portal: RunningPortal
    device: str
    scripts: bool
    faults: Faults
    contexts: list = field(default_factory=list)

    def __call__(
        self, *, device: str | None = None, scripts: bool | None = None, locale: str = "en-US"
    ) -> Page:
        """One more person, with no cookie yet; what is not said is as for `page`."""
        context = self.chromium.new_context(
            base_url=self.portal.address,
            locale=locale,
            java_script_enabled=self.scripts if scripts is None else scripts,
            service_workers="block",
            **DEVICES[device or self.device],
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        self.faults.watch(page)
        return page


@pytest.fixture
def visitor(chromium: Browser, portal: RunningPortal, device: str, scripts: bool) -> Iterator[Visitors]:
    """`visitor()` is another person in the same test: an instructor beside the learner of `page`."""
    visitors = Visitors(chromium, portal, device, scripts, Faults(portal.address))
    yield visitors
    for context in visitors.contexts:
        context.close()
    assert visitors.faults.found == []


@pytest.fixture
def page(visitor: Visitors) -> Page:
    return visitor()
