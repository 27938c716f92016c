"""How connections are opened, when a transaction may write, and what counts as an outage."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.config import Settings
from portal.extensions import db

BUSY_TIMEOUT_MS = 8_000
_writing: ContextVar[bool] = ContextVar("writing", default=False)


def engine_options(settings: Settings) -> dict[str, Any]:
    """Pool for one connection per request: as many as the server has threads, no overflow, short wait."""
    if settings.database_url.startswith("sqlite"):
        return {"connect_args": {"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False}}
    return {"pool_size": 5, "max_overflow": 0, "pool_timeout": 5, "pool_pre_ping": True}


def init_app(app: Flask) -> None:
    with app.app_context():
        engine = db.engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, and say which kind
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred BEGIN that later wants to write fails at once when another writer came between.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def writing(flag: bool = True) -> Iterator[None]:
    """Open transactions begun inside for writing: SQLite takes its one write lock at the start."""
    token = _writing.set(flag)
    try:
        yield
    finally:
        _writing.reset(token)


@contextmanager
def transaction() -> Iterator[None]:
    """One committed unit of work outside a request: a job, a command, a periodic task."""
    db.session.rollback()
    with writing():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def is_outage(error: BaseException) -> bool:
    """Whether `error` says the database cannot serve now, rather than that our statement was wrong."""
    if isinstance(error, PoolTimeout | InterfaceError):
        return True
    if isinstance(error, OperationalError):
        text = str(error.orig)
        return not any(fault in text for fault in ("no such table", "no such column", "syntax error"))
    return isinstance(error, DBAPIError) and error.connection_invalidated
