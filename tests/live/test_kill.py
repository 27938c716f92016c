"""Whatever was acknowledged is there, exactly once, however rudely the portal was interrupted."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, create_engine, text

from portal.demo import PASSWORD
from tests.live.visitor import Away, Visitor
from tests.process import RunningPortal, eventually, kill

WRITERS = 4
KILLS = {"server process": 2, "worker": 2, "server": 1, "everything": 2}
PATIENCE = 30.0
T = TypeVar("T")


class Writer(threading.Thread):
    """An administrator who sends invitations, and sends a form again until it is answered."""

    def __init__(self, portal: RunningPortal, number: int, finished: threading.Event):
        super().__init__(daemon=True)
        self.visitor = Visitor(portal.port)
        self.number = number
        self.finished = finished
        self.acknowledged: list[str] = []
        self.repeated = 0
        self.surprises: list[str] = []

    def run(self) -> None:
        try:
            self._until_answered(lambda: self.visitor.sign_in("administrator@usw.example", PASSWORD))
            while not self.finished.is_set():
                self._invite(f"invited-{self.number}-{len(self.acknowledged)}@example.org")
        except Exception as surprise:
            self.surprises.append(repr(surprise))

    def _invite(self, email: str) -> None:
        page = "/account/invitations"
        hidden = self._until_answered(lambda: self.visitor.form(page, page))
        form = [
            *hidden,
            ("email", email),
            ("name", "Invented Person"),
            ("standing", "staff"),
            ("local", "1"),
            ("roles", "learner"),
            ("locale", "en"),
        ]
        status, answer = self._until_answered(lambda: self.visitor.post(page, form))
        if (status, answer) != (303, page):
            self.surprises.append(f"{status} for {email}: {answer[:200]}")
        self.acknowledged.append(email)

    def _until_answered(self, ask: Callable[[], T]) -> T:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                return ask()
            except Away:
                self.repeated += 1
                time.sleep(0.1)
        raise TimeoutError(f"nobody answered for {PATIENCE} seconds")


def interrupt(portal: RunningPortal, chance: random.Random) -> Counter[str]:
    """Kill parts of the portal, in any order and at any moment; start it again when all of it has ended."""
    killed: Counter[str] = Counter()
    parts = {
        "server process": lambda: portal.servers()[:1],
        "server": portal.main_server,
        "worker": portal.workers,
        "everything": lambda: [
            portal.supervisor,
            *portal.main_server(),
            *portal.servers(),
            *portal.workers(),
        ],
    }
    order = [part for part, times in KILLS.items() for _ in range(times)]
    chance.shuffle(order)
    for part in order:
        time.sleep(chance.uniform(0.2, 1.2))
        victims = parts[part]()
        for pid in victims:
            kill(pid)
        killed[part] += bool(victims)
        if part in ("server", "everything") or portal.is_over:
            portal.ended()
            portal.start()
    return killed


def jobs_left(engine: Engine) -> int:
    with engine.begin() as connection:
        # What a killed worker held becomes free when its lease ends; the test need not wait for that minute.
        connection.execute(
            text("UPDATE job SET lease_until = :now WHERE state = 'running'"), {"now": datetime.now(UTC)}
        )
        return (
            connection.scalar(text("SELECT count(*) FROM job WHERE kind = 'mail.send' AND state <> 'done'"))
            or 0
        )


def test_every_acknowledged_write_is_there_exactly_once(database_url: str, tmp_path: Path):
    portal = RunningPortal(tmp_path / "portal", database_url=database_url)
    for words in (("migrate",), ("demo", "seed")):
        done = portal.flask(*words)
        assert done.returncode == 0, done.stderr
    engine = create_engine(database_url or f"sqlite:///{portal.folder / 'instance' / 'relevo.sqlite3'}")
    before = mails(portal)
    finished = threading.Event()
    portal.start()
    writers = [Writer(portal, number, finished) for number in range(WRITERS)]
    try:
        for writer in writers:
            writer.start()
        killed = interrupt(portal, random.Random(2011))
        finished.set()
        for writer in writers:
            writer.join(60)
        assert eventually(lambda: jobs_left(engine) == 0, seconds=30)
    finally:
        finished.set()
        portal.stop()

    sent = sorted(email for writer in writers for email in writer.acknowledged)
    with engine.connect() as connection:
        kept = sorted(connection.scalars(text("SELECT email FROM invitation WHERE email LIKE 'invited-%'")))
        events = connection.scalar(text("SELECT count(*) FROM event WHERE kind = 'invitation.sent'"))
    engine.dispose()
    assert [surprise for writer in writers for surprise in writer.surprises] == []
    assert not any(writer.is_alive() for writer in writers)
    assert set(killed) == set(KILLS)
    assert min(killed.values()) >= 1
    assert sum(writer.repeated for writer in writers) > 0
    assert kept == sent
    assert events == len(sent)
    assert sorted((mails(portal) - before).elements()) == sent


def mails(portal: RunningPortal) -> Counter[str]:
    """Whom the invitations in the outbox are for; the demo has letters of its own on the way."""
    letters = (portal.folder / "instance" / "outbox").glob("*.eml")
    lines = (
        line for letter in letters for line in letter.read_text().splitlines() if line.startswith("To: ")
    )
    return Counter(to for line in lines if (to := line.removeprefix("To: ")).startswith("invited-"))
