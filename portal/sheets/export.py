"""Tables going out: .csv and .xlsx that no spreadsheet takes for formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, WriteOnlyCell
from openpyxl.styles import Font

# Full-width signs are formulas to East Asian editions of Excel.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
_NOT_IN_FILES = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_TEXT = 32_767


def safe_cell(value: Any) -> Any:
    """Text a spreadsheet would run gets an apostrophe in front; numbers and dates stay themselves."""
    if value is None or isinstance(value, bool | int | float | Decimal | date):
        return value
    text = _NOT_IN_FILES.sub("", str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def write_csv(rows: Iterable[Sequence[Any]], *, delimiter: str = ",") -> bytes:
    """UTF-8 with the mark Excel needs, dates as 2027-03-12."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(rows: Iterable[Sequence[Any]], *, sheet: str = "Sheet1") -> bytes:
    """The first row is set as headings and stays in view. Times with a zone are written as text."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", sheet)[:31].strip("' ") or "Sheet1")
    page.freeze_panes = "A2"
    for number, row in enumerate(rows):
        cells = []
        for value in row:
            if isinstance(value, datetime) and value.tzinfo:
                value = value.isoformat()
            value = safe_cell(value)
            if isinstance(value, str):
                value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_EXCEL_TEXT]
            cell = WriteOnlyCell(page, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
            if number == 0:
                cell.font = Font(bold=True)
            cells.append(cell)
        page.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
