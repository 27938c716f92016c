"""The portals that are measured: one with the demo, one with the demo grown large; and its people at their pages."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import event, select

from portal import create_app, demo
from portal.accounts.models import Member
from portal.config import Settings
from portal.extensions import db
from portal.tenancy import across_unions
from tests.benchmarks.scale import multiply
from tests.pages import Browser
from tests.process import RunningPortal

NAV = re.compile(r'<nav class="strip".*?</nav>', re.DOTALL)
LINK = re.compile(r'href="(/[^"?#]*)"')


def seeded(folder: Path) -> Path:
    """An instance folder with the demo in it."""
    making = RunningPortal(folder)
    for words in (("migrate",), ("content", "load"), ("demo", "seed")):
        done = making.flask(*words)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stderr}")
    return folder / "instance"


@contextmanager
def portal_in(instance: Path) -> Iterator[Flask]:
    """The portal on this instance folder, in this process, as production runs it but for https and mail."""
    app = create_app(
        Settings(
            environment="testing",
            database_url=f"sqlite:///{instance / 'relevo.sqlite3'}",
            secret_key="a secret for benchmarks only, long enough",
            public_url="http://localhost",
            instance_path=instance,
        )
    )
    with app.app_context(), across_unions("a benchmark looks at everything"):
        yield app
        db.session.remove()
        db.engine.dispose()


def grown(instance: Path, folder: Path, *, rows: int) -> tuple[Path, dict[str, int]]:
    """A copy of the instance with about `rows` rows in each table, and the sizes reached."""
    shutil.copytree(instance, folder)
    with portal_in(folder), db.engine.begin() as connection:
        return folder, multiply(connection, db.metadata, rows=rows, most=rows)


def people(app: Flask) -> dict[str, Browser]:
    """One signed-in person for each role of the demo."""
    signed_in = {}
    for role, email, _password in demo.sign_ins():
        member = db.session.scalars(select(Member).where(Member.email == email)).one()
        signed_in[role] = Browser(app).as_(member)
    return signed_in


def pages_of(person: Browser) -> list[str]:
    """Where this person starts, and every entry of the main menu."""
    start = person.get("/")
    home = start.location if start.status_code == 303 else "/"
    strip = NAV.search(person.get(home).text)
    menu = LINK.findall(strip[0]) if strip else []
    return list(dict.fromkeys([home, *menu]))


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements sent to the database inside, but for those that only steer it."""
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE")):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def cpu_ms(ask: Callable[[], object], *, rounds: int) -> list[float]:
    """The processor time of each of `rounds` calls, in milliseconds."""
    spent = []
    for _ in range(rounds):
        begun = time.process_time()
        ask()
        spent.append((time.process_time() - begun) * 1000)
    return spent
