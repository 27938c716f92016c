"""When a word should come back: FSRS-6 on plain data, without chance, so that a replay gives the same memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from fsrs import Scheduler

DAY_BEGINS = time(7, 0)
STRONG = timedelta(days=21)  # a word that is kept this long is called strong
# Raised when the steps or parameters below change, so that a stored memory can be told from a newer one.
PARAMETERS = 1
SOON = timedelta(minutes=10)


class Rating(IntEnum):
    """How well it was known; the numbers are those of FSRS."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Review:
    """One line of the log. With `undoes` it takes back the review of that id and rates nothing."""

    id: str
    reviewed_at: datetime
    rating: Rating | None
    undoes: str | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What is known about one card after its reviews. `state` is FSRS's: 1 learning, 2 review, 3 relearning."""

    due_at: datetime
    state: int = 1
    step: int | None = 0
    stability: float | None = None
    difficulty: float | None = None
    reviewed_at: datetime | None = None
    reviews: int = 0
    lapses: int = 0


@cache
def _scheduler() -> Scheduler:
    # The package is slow to import for something most pages never ask.
    from fsrs import Scheduler

    return Scheduler(learning_steps=(SOON,), relearning_steps=(SOON,), enable_fuzzing=False)


def first_due(learned_at: datetime, zone: str) -> datetime:
    """The next morning on the learner's wall, in UTC: a night between learning and the first review."""
    here = ZoneInfo(zone)
    tomorrow = learned_at.astimezone(here).date() + timedelta(days=1)
    return datetime.combine(tomorrow, DAY_BEGINS, here).astimezone(UTC)


def after(memory: Memory, rating: Rating, at: datetime) -> Memory:
    """The memory after one more review at `at` (aware UTC)."""
    from fsrs import Card, State
    from fsrs import Rating as Theirs

    card = Card(
        card_id=0,
        state=State(memory.state),
        step=memory.step,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due_at,
        last_review=memory.reviewed_at,
    )
    card, _log = _scheduler().review_card(card, Theirs(rating), at.astimezone(UTC))
    return Memory(
        due_at=card.due,
        state=int(card.state),
        step=card.step,
        stability=card.stability,
        difficulty=card.difficulty,
        reviewed_at=at,
        reviews=memory.reviews + 1,
        lapses=memory.lapses + (rating is Rating.AGAIN and memory.state == State.Review),
    )


def replay(first_due_at: datetime, log: Iterable[Review]) -> Memory:
    """The memory that the whole log makes, whatever its order and however often a line is in it."""
    lines = {line.id: line for line in log}
    undone = {line.undoes for line in lines.values()}
    memory = Memory(first_due_at)
    for line in sorted(lines.values(), key=lambda line: (line.reviewed_at, line.id)):
        if line.rating is not None and line.id not in undone:
            memory = after(memory, line.rating, line.reviewed_at)
    return memory


def waits(memory: Memory, at: datetime) -> dict[Rating, timedelta]:
    """How long each rating given at `at` would let the card rest."""
    return {rating: after(memory, rating, at).due_at - at for rating in Rating}
