"""Alembic's way into the portal: models from the app, SQLite rebuilt in batches where it must be."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Enum

from portal.extensions import db
from portal.types import UTCDateTime

config = context.config


def plain_types(kind: str, item: Any, _context: Any) -> Any:
    """Write database types into a migration, not ours: it must still run when our code has moved on."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Enum):
        return "sa.String(length=32)"
    return False


def run() -> None:
    engine = config.attributes.get("engine")
    if engine is None:
        from portal import create_app

        app = create_app()
        app.app_context().push()
        engine = db.engine
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            render_item=plain_types,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
