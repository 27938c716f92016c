"""Tests of the portal as processes: on SQLite, and on PostgreSQL when TEST_DATABASE_URL names a server."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.process import RunningPortal


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database; empty text is the portal's own choice, SQLite in its folder."""
    if request.param == "sqlite":
        yield ""
        return
    server = os.environ.get("TEST_DATABASE_URL")
    if not server:
        pytest.skip("TEST_DATABASE_URL names no PostgreSQL server; make test brings one")
    url, name = make_url(server), f"live_{secrets.token_hex(4)}"
    with psycopg.connect(
        host=url.host,
        port=url.port,
        user=url.username,
        password=url.password,
        dbname=url.database,
        autocommit=True,
    ) as admin:
        admin.execute(f"CREATE DATABASE {name}".encode())
        yield url.set(database=name).render_as_string(hide_password=False)
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[RunningPortal]:
    """A migrated portal on SQLite, not yet started."""
    running = RunningPortal(tmp_path / "portal")
    done = running.flask("migrate")
    assert done.returncode == 0, done.stderr
    yield running
    running.stop()
