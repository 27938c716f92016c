"""The vocabulary of a table: what the caller asks for and what it gets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from .problems import CellProblem


class DateOrder(StrEnum):
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the sender writes. `today` places two-digit years; `country` is US, CA, MX or unknown.

    `date_order` is what the person said about 12/03/2027 and outranks what the country suggests.
    `last_first` turns "LAST, First" around in name columns.
    """

    today: date
    country: str | None = None
    language: str | None = None
    date_order: DateOrder | None = None
    last_first: bool = False

    @property
    def usual_order(self) -> DateOrder | None:
        """What the country suggests; English Canada writes both ways, so nothing."""
        if self.country == "US":
            return DateOrder.MONTH_FIRST
        if self.country == "MX" or (self.country == "CA" and (self.language or "")[:2] == "fr"):
            return DateOrder.DAY_FIRST
        return None


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, rows with something in them, columns, characters in a cell."""

    max_bytes: int = 24 * 1024 * 1024
    max_unzipped: int = 192 * 1024 * 1024
    max_rows: int = 100_000
    max_columns: int = 200
    max_cell: int = 5_000


@dataclass(slots=True)
class Cell:
    """One filled cell on its way to a value. `raw` is what a workbook holds (a real date, a number)."""

    address: str
    heading: str
    text: str
    raw: object
    reading: Reading
    country: str | None = None
    epoch_1904: bool = False
    find_order: Callable[[], DateOrder | None] = lambda: None
    notes: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def note(self, message: str, **params: Any) -> None:
        """Say something about the cell that does not stop it from being taken."""
        self.notes.append((message, params))


@dataclass(frozen=True, slots=True)
class Column:
    """One column the caller can use.

    `required`: the file must have it, and every row must fill it. `derive` gives the value from the
    row's other values and, when every column in `instead` is there, makes up for a missing heading.
    `lenient`: a cell that cannot be read is a note, not a problem, and its value stays None.
    `label` is how the column is named to people; without it, its first alias.
    """

    key: str
    aliases: tuple[str, ...]
    parse: Callable[[Cell], Any]
    required: bool = False
    label: str = ""
    instead: tuple[str, ...] = ()
    derive: Callable[[Mapping[str, Any]], Any] | None = None
    lenient: bool = False

    @property
    def name(self) -> str:
        return self.label or self.aliases[0]


@dataclass(frozen=True, slots=True)
class Heading:
    cell: str
    text: str


@dataclass(slots=True)
class Row:
    """`number` is the row's as a spreadsheet shows it. Problems mean: not usable. Notes: look once."""

    number: int
    values: dict[str, Any]
    problems: list[CellProblem]
    notes: list[CellProblem]
    letters: Mapping[str, str] = field(default_factory=dict, repr=False)

    def cell(self, key: str) -> str:
        """Where the value of a column stands, such as C17; the row's first cell if it has no column."""
        return f"{self.letters.get(key, 'A')}{self.number}"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is no record: a total or a remark under the table, the headings on a new page."""

    number: int
    text: str


def column_letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def address(index: int, number: int) -> str:
    return f"{column_letters(index)}{number}"
