"""The plan as a picture: people on the left bank, placements on the right, a line for each stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.exchange.review import PersonLine, SeatLine
from portal.sheets.text import shortened

STEP = 26  # from one line of text to the next
WIDTH = 340  # of a phone, so that nobody has to scroll sideways
LEFT, RIGHT = 150, 245  # where the lines begin and end
MOST_LETTERS = 17  # of a label on the left
MOST = 120  # more people than this are a table, not a picture


@dataclass(frozen=True)
class Point:
    label: str
    y: int
    placed: bool


@dataclass(frozen=True)
class Picture:
    """One direction: guests of `union` and the hosts they go to."""

    union: str
    people: list[Point]
    places: list[Point]
    paths: list[str]
    height: int
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT


def pictures(people: Sequence[PersonLine], seats: Sequence[SeatLine]) -> list[Picture]:
    """One picture a direction. People stand in the order of their placements, so that few lines cross."""
    found = []
    for union in sorted({line.union for line in people}):
        guests = [line for line in people if line.union == union]
        places = [line for line in seats if line.union != union]
        if guests and places and len(guests) <= MOST:
            found.append(_picture(union, guests, places))
    return found


def _picture(union: str, guests: list[PersonLine], places: list[SeatLine]) -> Picture:
    rank = {place.code: at for at, place in enumerate(places)}
    guests = sorted(guests, key=lambda line: (rank.get(line.placement or "", len(rank)), line.label))
    rows = max(len(guests), len(places))
    spread = rows / len(places)
    y_of = {place.code: round((at + 0.5) * spread * STEP) for at, place in enumerate(places)}
    people, paths = [], []
    for at, line in enumerate(guests):
        y = round((at + 0.5) * STEP)
        people.append(Point(shortened(line.label, MOST_LETTERS), y, line.placement is not None))
        if line.placement in y_of:
            middle = (LEFT + RIGHT) // 2
            to = y_of[line.placement]
            paths.append(f"M{LEFT} {y} C{middle} {y} {middle} {to} {RIGHT} {to}")
    seats = [
        Point(
            f"{shortened(place.code, 8)} · {len(place.guests)}/{place.capacity}",
            y_of[place.code],
            bool(place.guests),
        )
        for place in places
    ]
    return Picture(union, people, seats, paths, rows * STEP)
