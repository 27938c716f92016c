"""Finding the row of headings and what each heading means."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .cells import Column, DateOrder, Heading, address
from .problems import N_, Unreadable
from .text import fold, shown

NO_HEADINGS = N_(
    "No row of headings was found. One row above the people must name the columns, for example: %(columns)s."
)
MISSING = N_("These columns are missing: %(columns)s. Add them to the row of headings (row %(row)s).")
TWICE = N_(
    "“%(first)s” in %(first_cell)s and “%(second)s” in %(second_cell)s mean the same column. Keep one of them."
)

# Title rows, a logo's rows, an address: headings come after them, but not later than this.
SEARCHED_ROWS = 40
_PARENTHESIS = re.compile(r"[(\[{][^)\]}]*[)\]}]")
_PARTS = re.compile(r"[/|\n•·]| [-–—] ")
_DAY, _MONTH = r"(?:d{1,2}|j{1,2})", "m{1,4}"
_DAY_FIRST = re.compile(rf"\b{_DAY}[/.\- ]{_MONTH}[/.\- ](?:y|a){{2,4}}\b", re.I)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}[/.\- ]{_DAY}[/.\- ](?:y|a){{2,4}}\b", re.I)


@dataclass(frozen=True, slots=True)
class HeadingRow:
    number: int
    width: int
    folded: tuple[str, ...]
    places: tuple[tuple[int, str], ...]
    headings: tuple[Heading, ...]
    unknown: tuple[Heading, ...]

    @property
    def score(self) -> int:
        return len({key for _, key in self.places})


class Aliases:
    def __init__(self, columns: Sequence[Column]):
        self._keys: dict[str, str] = {}
        for column in columns:
            for alias in (column.key, *column.aliases):
                if self._keys.setdefault(fold(alias), column.key) != column.key:
                    raise ValueError(f"the alias {alias!r} names two columns")

    def key_of(self, text: str) -> str | None:
        """The column a heading names: as a whole, without its parenthesis, or in two languages."""
        for candidate in (text, _PARENTHESIS.sub(" ", text)):
            if key := self._keys.get(fold(candidate)):
                return key
        parts = [self._keys.get(fold(part)) for part in _PARTS.split(_PARENTHESIS.sub(" ", text))]
        known = {key for key in parts if key}
        return known.pop() if len(known) == 1 and len(parts) > 1 else None


def declared_order(heading: str) -> DateOrder | None:
    """The order that a heading such as "Début (JJ/MM/AAAA)" prescribes."""
    if _DAY_FIRST.search(heading):
        return DateOrder.DAY_FIRST
    return DateOrder.MONTH_FIRST if _MONTH_FIRST.search(heading) else None


def heading_row(number: int, cells: Sequence[object], aliases: Aliases) -> HeadingRow:
    texts = ["" if cell is None else str(cell)[:300] for cell in cells]
    while texts and not texts[-1].strip():
        texts.pop()
    places, unknown = [], []
    headings = tuple(Heading(address(i, number), shown(text)) for i, text in enumerate(texts))
    for index, text in enumerate(texts):
        if key := aliases.key_of(text):
            places.append((index, key))
        elif text.strip():
            unknown.append(headings[index])
    return HeadingRow(
        number, len(cells), tuple(fold(text) for text in texts), tuple(places), headings, tuple(unknown)
    )


def find_headings(rows: Iterator[tuple[int, Sequence[object]]], aliases: Aliases) -> HeadingRow | None:
    """The first of the best rows near the top, if it names two columns or the file has only one."""
    best: HeadingRow | None = None
    filled = 0
    for number, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            filled += 1
            row = heading_row(number, cells, aliases)
            if row.score and (best is None or row.score > best.score):
                best = row
        if filled >= SEARCHED_ROWS or number >= 10 * SEARCHED_ROWS:
            break
    enough = best and (best.score >= 2 or best.score == len([text for text in best.folded if text]))
    return best if enough else None


def check_headings(row: HeadingRow, columns: Sequence[Column]) -> None:
    """Raise `Unreadable` for a column named twice or, naming them all, for columns that are missing."""
    first: dict[str, int] = {}
    for index, key in row.places:
        if key in first:
            one, other = row.headings[first[key]], row.headings[index]
            raise Unreadable(
                TWICE,
                cell=other.cell,
                first=one.text,
                first_cell=one.cell,
                second=other.text,
                second_cell=other.cell,
            )
        first[key] = index
    missing = [
        column.name
        for column in columns
        if column.required
        and column.key not in first
        and not (column.instead and all(key in first for key in column.instead))
    ]
    if missing:
        raise Unreadable(MISSING, cell=f"A{row.number}", columns=", ".join(missing), row=row.number)


def no_headings(columns: Sequence[Column]) -> Unreadable:
    names = [column.name for column in columns if column.required] or [column.name for column in columns][:3]
    return Unreadable(NO_HEADINGS, cell="A1", columns=", ".join(names))
