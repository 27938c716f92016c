"""A table read row by row: what the caller asked for, with each problem at its cell."""

import re
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, time
from types import TracebackType
from typing import Self

from .cells import Cell, Column, DateOrder, Heading, Limits, Reading, Row, Skipped, address, column_letters
from .delimited import DELIMITERS, DelimitedSheet
from .headings import Aliases, HeadingRow, check_headings, declared_order, find_headings, no_headings
from .kinds import Source, kind_of, reopenable
from .problems import N_, CellProblem, Refusal, Unreadable
from .swapped import SWAPPED, DateColumn
from .text import HIDDEN_REMOVED, clean, fold, shown
from .workbook import Workbook, WorkbookSheet

NEEDED = N_("This cell is empty. Every row needs: %(column)s.")
TOO_MANY_ROWS = N_("The table has more than %(limit)s rows. Split it into smaller files.")
TOO_MANY_COLUMNS = N_("The table has more than %(limit)s columns. Keep only the ones that are needed.")
SPLIT_ROW = N_(
    "This row has more cells than there are headings: a separator inside a text may have split it. "
    "Put that text in quotation marks."
)
NO_SUCH_SHEET = N_("The workbook has no sheet named “%(sheet)s”.")
ALSO_A_TABLE = N_("The sheet “%(sheet)s” looks like another such table. Only “%(read)s” was read.")
ORDER_FOUND = N_("Dates such as %(text)s are read with the day first, as in %(cell)s.")
ORDER_FOUND_MONTH = N_("Dates such as %(text)s are read with the month first, as in %(cell)s.")

_TOTAL = re.compile(
    r"(grand|gran|sub|sous)?\W*(total|totals|totales|totaux|sum|suma|somme|count|conteo|nombre total)\b"
)
_NUMERIC_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](?:\d{4}|\d{2})(?![\d/.-])")


def as_text(value: object) -> str:
    """A workbook's value as it would be typed: no .0 on whole numbers, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time.min:
        return value.date().isoformat()
    return str(value)


class Table(AbstractContextManager["Table"]):
    """An open table. Iterate it, more than once if you like; each pass starts at the first row.

    Iterating raises `Unreadable` when the file breaks further down. `skipped` and `notes` are
    complete once a pass is.
    """

    def __init__(
        self,
        sheet: DelimitedSheet | WorkbookSheet,
        row: HeadingRow,
        columns: Sequence[Column],
        reading: Reading,
        limits: Limits,
        workbook: Workbook | None = None,
    ):
        self._sheet, self._row, self._columns = sheet, row, columns
        self._reading, self._limits, self._workbook = reading, limits, workbook
        self._order: dict[int, dict[DateOrder, tuple[str, str]]] = {}
        self._searched = False
        self._dates: dict[int, DateColumn] = {}
        self.kind = "xlsx" if workbook else "csv"
        self.sheet = sheet.title
        self.encoding = sheet.encoding if isinstance(sheet, DelimitedSheet) else ""
        self.delimiter = sheet.delimiter if isinstance(sheet, DelimitedSheet) else ""
        self.header_row = row.number
        self.found: dict[str, Heading] = {key: row.headings[index] for index, key in row.places}
        self._indexes = {key: index for index, key in row.places}
        self._letters = {key: column_letters(index) for index, key in row.places}
        self.unknown: list[Heading] = list(row.unknown)
        self.other_sheets: list[str] = []
        self.notes: list[CellProblem] = []
        self.skipped: list[Skipped] = []

    @property
    def fraction_read(self) -> float:
        """From 0 to 1, for showing progress; an estimate for workbooks."""
        return self._sheet.fraction

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __enter__(self) -> Self:
        return self

    def close(self) -> None:
        if self._workbook:
            self._workbook.close()

    def __iter__(self) -> Iterator[Row]:
        self.skipped.clear()
        self._dates = {}
        by_key = {column.key: column for column in self._columns}
        places = [(index, by_key[key]) for index, key in self._row.places]
        # The country of a row decides how its telephone numbers are read.
        places.sort(key=lambda place: place[1].key != "country")
        for count, (number, cells) in enumerate(self._records(), 1):
            if count > self._limits.max_rows:
                raise Unreadable(TOO_MANY_ROWS, cell=f"A{number}", limit=self._limits.max_rows)
            yield self._read_row(number, cells, places)
        self._note_swapped()

    def _records(self) -> Iterator[tuple[int, Sequence[object]]]:
        """Rows under the headings that hold something and are records."""
        # One column more than there are headings, to notice a row that was split.
        for number, cells in self._sheet.rows(self._row.width + 1):
            if number <= self._row.number:
                continue
            filled = [text for cell in cells if (text := as_text(cell).strip())]
            if not filled:
                continue
            if self._is_remark(cells) or self._is_total(filled) or self._is_heading_again(cells):
                self.skipped.append(Skipped(number, shown(" ".join(filled))))
                continue
            yield number, cells

    def _is_remark(self, cells: Sequence[object]) -> bool:
        return not any(as_text(cells[index]).strip() for index, _ in self._row.places if index < len(cells))

    def _is_total(self, filled: list[str]) -> bool:
        few = len(filled) <= max(3, len(self._row.places) // 2)
        return few and bool(_TOTAL.match(filled[0].casefold())) and not any("@" in text for text in filled)

    def _is_heading_again(self, cells: Sequence[object]) -> bool:
        return all(
            index < len(cells) and fold(as_text(cells[index])) == self._row.folded[index]
            for index, _ in self._row.places
        )

    def _read_row(self, number: int, cells: Sequence[object], places: list[tuple[int, Column]]) -> Row:
        row = Row(number, dict.fromkeys(column.key for column in self._columns), [], [], self._letters)
        country = self._reading.country
        for index, column in places:
            raw = cells[index] if index < len(cells) else None
            self._read_cell(row, column, index, raw, country)
            if column.key == "country" and row.values["country"]:
                country = row.values["country"]
        for column in self._columns:
            if column.derive:
                self._derive(row, column)
        if self.kind == "csv" and len(cells) > self._row.width:
            extra = as_text(cells[self._row.width])
            if extra.strip():
                cell = address(self._row.width, number)
                row.problems.append(CellProblem(cell, "", SPLIT_ROW, {}, shown(extra)))
        return row

    def _note_swapped(self) -> None:
        for index, dates in self._dates.items():
            if dates.day_first and dates.may_be_swapped:
                cell, text = dates.day_first
                heading = self._row.headings[index].text
                key = next(key for place, key in self._row.places if place == index)
                note = CellProblem(cell, key, SWAPPED, {"heading": heading, "text": text, "cell": cell}, text)
                if note not in self.notes:
                    self.notes.append(note)

    def _read_cell(self, row: Row, column: Column, index: int, raw: object, country: str | None) -> None:
        where = address(index, row.number)
        try:
            text, removed = clean(as_text(raw), self._limits.max_cell)
            if not text:
                if column.required:
                    raise Refusal(NEEDED, column=self._row.headings[index].text)
                return
            cell = Cell(
                where, self._row.headings[index].text, text, raw, self._reading, country,
                self._sheet.epoch_1904, lambda: self._order_of(index, column.key),
            )  # fmt: skip
            if removed:
                cell.note(HIDDEN_REMOVED)
            row.values[column.key] = column.parse(cell)
            if self.kind == "xlsx" and isinstance(row.values[column.key], date):
                self._dates.setdefault(index, DateColumn()).see(raw, where)
            row.notes.extend(
                CellProblem(where, column.key, note, params, shown(as_text(raw)))
                for note, params in cell.notes
            )
        except Refusal as why:
            remarks = row.notes if column.lenient else row.problems
            remarks.append(CellProblem(where, column.key, why.message, why.params, shown(as_text(raw))))

    def _derive(self, row: Row, column: Column) -> None:
        """Put together what stands in several columns; those that stand in for a required one must
        be filled as it must."""
        stand_ins = [key for key in column.instead if key in self._indexes]
        faulty = {problem.column for problem in row.problems}
        if column.required and column.key not in self._indexes:
            for key in stand_ins:
                if row.values[key] is None and key not in faulty:
                    faulty.add(key)
                    heading = self.found[key].text
                    where = address(self._indexes[key], row.number)
                    row.problems.append(CellProblem(where, key, NEEDED, {"column": heading}, ""))
        try:
            row.values[column.key] = column.derive(row.values) if column.derive else None
        except Refusal as why:
            key = next(iter(stand_ins), column.key)
            where = address(self._indexes[key], row.number)
            row.problems.append(CellProblem(where, key, why.message, why.params, ""))

    def _order_of(self, index: int, key: str) -> DateOrder | None:
        """Which way round 12/03/2027 is in this column, or None when nothing settles it.

        What the heading or the person declares is taken; what the country suggests only while no
        other cell of the column contradicts it.
        """
        if declared := declared_order(self._row.headings[index].text) or self._reading.date_order:
            return declared
        if not self._searched:
            self._search_orders()
        found, usual = self._order.get(index, {}), self._reading.usual_order
        if len(found) > 1:
            return None
        if not found:
            return usual
        order, (cell, text) = next(iter(found.items()))
        if usual and usual != order:
            return None
        if not usual:
            message = ORDER_FOUND if order == DateOrder.DAY_FIRST else ORDER_FOUND_MONTH
            note = CellProblem(cell, key, message, {"text": text, "cell": cell}, text)
            if note not in self.notes:
                self.notes.append(note)
        return order

    def _search_orders(self) -> None:
        """One pass over the file for dates that can be read one way only."""
        self._searched = True
        fraction_at = self._sheet._at
        for number, cells in self._sheet.rows(self._row.width):
            if number <= self._row.number:
                continue
            for index, _ in self._row.places:
                value = cells[index] if index < len(cells) else None
                if not isinstance(value, str):
                    continue
                for match in _NUMERIC_DATE.finditer(value[:500]):
                    first, second = int(match[1]), int(match[2])
                    if first > 12 >= second > 0 and first <= 31:
                        order = DateOrder.DAY_FIRST
                    elif second > 12 >= first > 0 and second <= 31:
                        order = DateOrder.MONTH_FIRST
                    else:
                        continue
                    self._order.setdefault(index, {}).setdefault(order, (address(index, number), match[0]))
        self._sheet._at = fraction_at


def open_table(
    source: Source,
    columns: Sequence[Column],
    reading: Reading,
    *,
    sheet: str | None = None,
    limits: Limits = Limits(),
) -> Table:
    """Find the table in a .csv or .xlsx file. Close it, or use it as a context manager.

    `sheet` asks for one sheet of a workbook by name. Raises `Unreadable` when the file is no table,
    too large, or lacks columns that are required.
    """
    aliases = Aliases(columns)
    content = reopenable(source, limits)
    kind = kind_of(content, limits)
    if kind == "xlsx":
        workbook = Workbook(content)
        try:
            return _workbook_table(workbook, columns, aliases, reading, limits, sheet)
        except BaseException:
            workbook.close()
            raise
    text = DelimitedSheet(content, kind)
    choices = [text] if text.declared else [text.with_delimiter(mark) for mark in DELIMITERS]
    best: tuple[DelimitedSheet, HeadingRow] | None = None
    failure: Unreadable | None = None
    for choice in choices:
        try:
            row = find_headings(choice.rows(limits.max_columns + 1), aliases)
        except Unreadable as why:
            failure = failure or why
            continue
        if row and (best is None or row.score > best[1].score):
            best = (choice, row)
    if best is None:
        raise failure or no_headings(columns)
    _check_row(best[1], columns, limits)
    return Table(*best, columns, reading, limits)


def _check_row(row: HeadingRow, columns: Sequence[Column], limits: Limits) -> None:
    if row.width > limits.max_columns and len(row.headings) > limits.max_columns:
        raise Unreadable(TOO_MANY_COLUMNS, cell=f"A{row.number}", limit=limits.max_columns)
    check_headings(row, columns)


def _workbook_table(
    workbook: Workbook,
    columns: Sequence[Column],
    aliases: Aliases,
    reading: Reading,
    limits: Limits,
    wanted: str | None,
) -> Table:
    sheets = [sheet for sheet in workbook.sheets if wanted is None or sheet.title == wanted]
    if wanted is not None and not sheets:
        raise Unreadable(NO_SUCH_SHEET, sheet=wanted)
    matches: list[tuple[WorkbookSheet, HeadingRow]] = []
    for sheet in sheets:
        if row := find_headings(sheet.rows(limits.max_columns + 1), aliases):
            matches.append((sheet, replace(row, width=len(row.headings))))
    if not matches:
        raise no_headings(columns)
    # Stable: of equals, the first; a hidden sheet only when it fits better than all in view.
    matches.sort(key=lambda match: (-match[1].score, match[0].hidden))
    sheet, row = matches[0]
    _check_row(row, columns, limits)
    table = Table(sheet, row, columns, reading, limits, workbook)
    table.other_sheets = [one.title for one in workbook.sheets if one is not sheet]
    for other, other_row in matches[1:]:
        if other_row.score == row.score and not other.hidden:
            table.notes.append(
                CellProblem("", "", ALSO_A_TABLE, {"sheet": other.title, "read": sheet.title}, other.title)
            )
    return table
