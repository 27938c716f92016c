"""Fixtures for every test: one app per process, a fresh database per test, a client that behaves like a browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, make_url, text

from portal import create_app
from portal.commands import migrate
from portal.config import Settings
from portal.extensions import db
from portal.tenancy import across_unions
from tests.factories import Factory
from tests.pages import Browser

MONDAY = datetime(
    2027, 1, 11, 15, 0, tzinfo=UTC
)  # a Monday in winter: 10:00 in Pittsburgh, 9:00 in Cananea's capital


def test_settings(folder: Path, database_url: str) -> Settings:
    return Settings(
        environment="testing",
        database_url=database_url,
        secret_key="a secret for tests only, long enough to be one",
        public_url="http://localhost",
        instance_path=folder,
    )


class Database:
    """The database of one test process: made once by the migrations, made fresh again for each test."""

    def __init__(self, folder: Path):
        server = os.environ.get("TEST_DATABASE_URL")
        self.folder = folder
        if server:
            worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
            url = make_url(server)
            name = f"relevo_test_{worker}"
            admin = create_engine(url, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                connection.execute(text(f"CREATE DATABASE {name}"))
            admin.dispose()
            self.url = url.set(database=name).render_as_string(hide_password=False)
        else:
            self.url = f"sqlite:///{folder / 'test.sqlite3'}"

    def build(self, app: Flask) -> None:
        with app.app_context():
            migrate()
            db.engine.dispose()
        if self.url.startswith("sqlite"):
            shutil.copyfile(self.folder / "test.sqlite3", self.folder / "template.sqlite3")

    def renew(self) -> None:
        """Empty every table, quickly. Call it with no connection in use."""
        if self.url.startswith("sqlite"):
            db.engine.dispose()
            for leftover in ("test.sqlite3-wal", "test.sqlite3-shm"):
                (self.folder / leftover).unlink(missing_ok=True)
            shutil.copyfile(self.folder / "template.sqlite3", self.folder / "test.sqlite3")
            return
        tables = [table.name for table in db.metadata.sorted_tables]
        with db.engine.begin() as connection:
            probe = " UNION ALL ".join(
                f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in tables
            )
            filled = connection.scalars(text(probe)).all()
            connection.execute(text("SET LOCAL session_replication_role = replica"))  # past triggers and keys
            for name in filled:
                connection.execute(text(f'DELETE FROM "{name}"'))


@pytest.fixture(scope="session")
def _database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    return Database(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="session")
def _app(_database: Database) -> Iterator[Flask]:
    app = create_app(test_settings(_database.folder, _database.url))
    _database.build(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask, _database: Database) -> Iterator[Flask]:
    """The portal with an empty database and an application context; queries run across unions in tests."""
    with _app.app_context(), across_unions("a test looks at everything"):
        _database.renew()
        shutil.rmtree(_database.folder / "outbox", ignore_errors=True)
        yield _app
        db.session.remove()


@pytest.fixture
def make(app: Flask) -> Factory:
    """Makes unions, members and whatever else a test needs; each call commits."""
    return Factory(MONDAY)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Somebody who is not signed in; `browser.as_(member)` is another one who is."""
    return Browser(app)


@pytest.fixture
def outbox(_database: Database) -> Path:
    return _database.folder / "outbox"


@pytest.fixture
def statements(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with statements() as seen:` collects every SQL statement sent meanwhile, but for BEGIN and the like."""

    @contextmanager
    def collect() -> Iterator[list[str]]:
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("BEGIN", "PRAGMA")):
                seen.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(db.engine, "before_cursor_execute", note)

    return collect
