"""Make a small SQLite database large: every row again and again, under other names and with other partners."""

from __future__ import annotations

import random
from typing import Any

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Enum,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    func,
    select,
)
from sqlalchemy.dialects.sqlite import insert

LEFT_ALONE = {
    "union",
    "role",
    "alembic_version",
    "session",
    "job",
    "answer",
    "event",
    "seal",
    "sign_in_attempt",
    # Loaded from files, which do not grow with the people.
    "course",
    "curriculum",
    "lesson_version",
    "unit_tally",
}


def multiply(connection: Connection, metadata: MetaData, *, rows: int, most: int) -> dict[str, int]:
    """Grow each table that has rows to about `rows`, adding `most` at once at the utmost; gives the new sizes.

    A copy that a constraint forbids is left out, so some tables grow less.
    """
    chance = random.Random(1907)
    sizes: dict[str, int] = {}
    for table in metadata.sorted_tables:
        if table.name in LEFT_ALONE:
            continue
        patterns = [dict(row) for row in connection.execute(select(table).limit(200)).mappings()]
        if not patterns:
            continue
        partners = _partners(connection, table)
        copies = [
            _copy(table, patterns[number % len(patterns)], number, partners, chance)
            for number in range(min(most, max(0, rows - len(patterns))))
        ]
        for start in range(0, len(copies), 500):
            connection.execute(insert(table).on_conflict_do_nothing(), copies[start : start + 500])
        sizes[table.name] = connection.scalar(select(func.count()).select_from(table)) or 0
    return sizes


def _partners(connection: Connection, table: Table) -> dict[str, list[Any]]:
    """For each foreign key that is part of something unique: what else it could point to."""
    found: dict[str, list[Any]] = {}
    for column in _unique_columns(table):
        for key in table.c[column].foreign_keys:
            found[column] = list(connection.scalars(select(key.column).limit(2000)))
    return found


def _unique_columns(table: Table) -> set[str]:
    constrained = {
        column.name
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint) or constraint is table.primary_key
        for column in constraint.columns  # type: ignore[attr-defined]
    }
    indexed = {column.name for index in table.indexes if index.unique for column in index.columns}
    return constrained | indexed | {column.name for column in table.columns if column.unique}


def _copy(
    table: Table, row: dict[str, Any], number: int, partners: dict[str, list[Any]], chance: random.Random
) -> dict[str, Any]:
    copy = dict(row)
    for name in _unique_columns(table):
        column = table.c[name]
        if name in partners:
            copy[name] = chance.choice(partners[name])
        elif column.primary_key and isinstance(column.type, Integer):
            copy.pop(name, None)
        elif isinstance(column.type, Integer) and copy[name] is not None:
            copy[name] += 1000 + number
        elif isinstance(column.type, Enum):
            copy[name] = chance.choice(list(column.type.enum_class or column.type.enums))
        elif isinstance(column.type, Date | DateTime):
            continue
        elif isinstance(column.type, String) and copy[name] is not None:
            text = f"x{number}{copy[name]}"
            copy[name] = text[: column.type.length] if column.type.length else text
    return copy
