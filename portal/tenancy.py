"""Separate organizations: what one union owns, the other's queries do not see.

Every ORM statement about a class that is `OwnedByUnion` is narrowed to the union of the person acting.
With nobody acting it finds nothing: the filter fails closed. `across_unions` lifts it, for a stated reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sqlalchemy import ForeignKey, event
from sqlalchemy.orm import Mapped, ORMExecuteState, mapped_column, with_loader_criteria

from portal.extensions import db

NO_UNION = -1
_union: ContextVar[int | None] = ContextVar("union", default=NO_UNION)  # None: across unions


class OwnedByUnion:
    """A row that belongs to one union and is seen by the other only where a shared purpose exists."""

    union_id: Mapped[int] = mapped_column(ForeignKey("union.id"), index=True)


@contextmanager
def acting_for(union_id: int) -> Iterator[None]:
    """Narrow every query inside to what this union owns."""
    token = _union.set(union_id)
    try:
        yield
    finally:
        _union.reset(token)


@contextmanager
def across_unions(reason: str) -> Iterator[None]:
    """Lift the filter inside, because of `reason`; say there what narrows the statement instead."""
    assert reason
    token = _union.set(None)
    try:
        yield
    finally:
        _union.reset(token)


def set_union(union_id: int) -> None:
    """Say who acts for the rest of this request; the edge gives each request a context of its own."""
    _union.set(union_id)


def _narrow(state: ORMExecuteState) -> None:
    union_id = _union.get()
    if union_id is None or state.is_column_load or state.is_relationship_load:
        return  # what was loaded narrowed carries its criteria to the relations it loads later
    if state.is_select or state.is_update or state.is_delete:
        state.statement = state.statement.options(
            with_loader_criteria(OwnedByUnion, lambda owned: owned.union_id == union_id, include_aliases=True)
        )


event.listen(db.session, "do_orm_execute", _narrow)
