"""Stretches of days: "1–15 marzo 2027; 3 abr–9 may", "March 1 to April 9, 2027", "mayo 2027"."""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime

from .cells import Cell, DateOrder
from .dates import MONTHS, NO_YEAR, NOISE, AmbiguousDate, day, day_of, from_numbers, full_year, normal
from .problems import N_, Refusal
from .text import shortened, squeeze

NOT_A_WINDOW = N_("“%(text)s” is not a stretch of days. Write it as 2027-03-01 to 2027-03-15.")
BACKWARD = N_("“%(text)s” ends before it begins.")
YEAR_TAKEN = N_("“%(text)s” was read as %(first)s to %(last)s: the year was taken from the dates beside it.")

_BETWEEN = re.compile(r"\s*[;\n|]\s*|\s+(?:and|y|et|&|\+)\s+|(?<=\d{4})\s*,\s*", re.I)
_TOKEN = re.compile(
    r"(?P<iso>\d{4}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)\d{1,2}(?!\d))"
    r"|(?P<numeric>\d{1,2}(?:-\d{1,2}-|/\d{1,2}/|\.\d{1,2}\.)(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<dashed>\d{1,2}-[a-z]{3,10}\.?-(?:\d{4}|\d{2})(?!\d))"
    r"|(?P<year>\d{4})(?!\d)|(?P<number>\d{1,2})(?!\d)"
    r"|(?P<until>[–—/-]|\b(?:to|a|al|au|hasta|until|through|thru|jusqu'au)\b)"
    r"|(?P<word>[a-z]+)|(?P<quiet>[\s,.']+)"
)


@dataclass(frozen=True, slots=True)
class End:
    day: int | None = None
    month: int | None = None
    year: int | None = None


def read_windows(text: str, *, today: date, order: DateOrder | None = None) -> tuple[tuple[date, date], ...]:
    """Both days inclusive, in the order written. A year may be left out where a neighbor has it.

    Raises `Refusal`, and `AmbiguousDate` if only `order` could tell.
    """
    return tuple((first, last) for first, last, _, _ in _windows(text, today, order))


def _windows(text: str, today: date, order: DateOrder | None) -> list[tuple[date, date, bool, str]]:
    pieces = [piece for piece in _BETWEEN.split(text.strip()) if piece.strip(" ,.")]
    ends = [(*_ends(piece, today, order), shortened(squeeze(piece), 60)) for piece in pieces]
    years = [first.year or last.year for first, last, _ in ends]
    found: list[tuple[date, date, bool, str]] = []
    for position, (first, last, shown) in enumerate(ends):
        taken = not (first.year or last.year)
        if taken:
            before = found[-1][0] if found else None
            year = before.year if before else next((one for one in years[position:] if one), None)
            if year is None:
                raise Refusal(NO_YEAR, text=shown)
            first = replace(first, year=year)
            # Dates in a list go forward: after December comes the January of the next year.
            if before and (first.month or 0, first.day or 1) < (before.month, before.day):
                first = replace(first, year=year + 1)
        found.append((*_days(first, last, shown), taken, shown))
    if not found:
        raise Refusal(NOT_A_WINDOW, text=shortened(squeeze(text), 60))
    return found


def _ends(piece: str, today: date, order: DateOrder | None) -> tuple[End, End]:
    shown = shortened(squeeze(piece), 60)
    sides: list[list[tuple[str, str]]] = [[]]
    plain, at = normal(piece), 0
    while at < len(plain):
        match = _TOKEN.match(plain, at)
        if not match:
            raise Refusal(NOT_A_WINDOW, text=shown)
        at = match.end()
        kind = match.lastgroup or ""
        if kind == "until":
            sides.append([])
        elif kind != "quiet" and not (kind == "word" and match[0] in NOISE):
            sides[-1].append((kind, match[0]))
    if len(sides) > 2 or not all(sides):
        raise Refusal(NOT_A_WINDOW, text=shown)
    ends = [_end(side, today, order, shown) for side in sides]
    return (ends[0], ends[0]) if len(ends) == 1 else (ends[0], ends[1])


def _end(tokens: list[tuple[str, str]], today: date, order: DateOrder | None, shown: str) -> End:
    if len(tokens) == 1 and tokens[0][0] in ("iso", "numeric", "dashed"):
        kind, text = tokens[0]
        numbers = re.split(r"\s?[-/.]+\s?", text)
        if kind == "iso":
            found = day_of(int(numbers[0]), int(numbers[1]), int(numbers[2]), shown)
        elif kind == "numeric":
            year = full_year(numbers[2], today)
            found = from_numbers(int(numbers[0]), int(numbers[1]), year, order, shown)
        elif numbers[1] in MONTHS:
            found = day_of(full_year(numbers[2], today), MONTHS[numbers[1]], int(numbers[0]), shown)
        else:
            raise Refusal(NOT_A_WINDOW, text=shown)
        return End(found.day, found.month, found.year)
    parts: dict[str, int] = {}
    for kind, text in tokens:
        name = {"number": "day", "word": "month", "year": "year"}.get(kind)
        value = MONTHS.get(text) if kind == "word" else int(text) if text.isdecimal() else None
        if name is None or value is None or name in parts:
            raise Refusal(NOT_A_WINDOW, text=shown)
        parts[name] = value
    return End(**parts)


def _days(first: End, last: End, shown: str) -> tuple[date, date]:
    """Fill each end from the other; ends that name no day are whole months."""
    months = first.month or last.month, last.month or first.month
    if None in months or (first.day is None) != (last.day is None):
        raise Refusal(NOT_A_WINDOW, text=shown)
    start_month, end_month = months[0] or 0, months[1] or 0
    start_year, end_year = first.year or last.year or 0, last.year or first.year or 0
    backward = (start_month, first.day or 1) > (end_month, last.day or 31)
    if backward and first.year is None:
        start_year -= 1
    elif backward and last.year is None:
        end_year += 1
    end_day = last.day or monthrange(max(1, min(end_year, 9999)), end_month)[1]
    start, end = (
        day_of(start_year, start_month, first.day or 1, shown),
        day_of(end_year, end_month, end_day, shown),
    )
    if start > end:
        raise Refusal(BACKWARD, text=shown)
    return start, end


def windows(cell: Cell) -> tuple[tuple[date, date], ...]:
    if isinstance(cell.raw, date | datetime):
        only = day(cell)
        return ((only, only),)
    today = cell.reading.today
    try:
        found = _windows(cell.text, today, None)
    except AmbiguousDate:
        order = cell.find_order()
        if order is None:
            raise
        found = _windows(cell.text, today, order)
    for first, last, year_taken, shown in found:
        if year_taken:
            cell.note(YEAR_TAKEN, text=shown, first=first, last=last)
    return tuple((first, last) for first, last, _, _ in found)
