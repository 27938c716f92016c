"""Workbooks (.xlsx): values as Excel last computed them, row by row."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from .kinds import BROKEN, open_source
from .problems import Unreadable
from .text import shown

EXCEL_ROWS = 1_048_576


@contextmanager
def _broken_workbooks_refused() -> Iterator[None]:
    """openpyxl meets hostile XML with any exception at all; to the sender it is one thing."""
    try:
        yield
    except Unreadable:
        raise
    except Exception as why:
        raise Unreadable(BROKEN) from why


class WorkbookSheet:
    def __init__(self, sheet: ReadOnlyWorksheet, *, epoch_1904: bool):
        self._sheet = sheet
        self.title = shown(str(sheet.title))
        self.hidden = sheet.sheet_state != "visible"
        self.epoch_1904 = epoch_1904
        # Some programs write a wrong extent; it only serves to show progress.
        self._expected = sheet.max_row or 0
        self._at = 0
        sheet.reset_dimensions()

    @property
    def fraction(self) -> float:
        """How many of the announced rows the newest pass has read, from 0 to 1."""
        return min(1.0, self._at / self._expected) if self._expected else 0.0

    def rows(self, width: int | None = None) -> Iterator[tuple[int, tuple[Any, ...]]]:
        with _broken_workbooks_refused():
            for number, values in enumerate(self._sheet.iter_rows(max_col=width, values_only=True), 1):
                if number > EXCEL_ROWS:
                    raise Unreadable(BROKEN)
                self._at = number
                yield number, values


class Workbook:
    def __init__(self, source: bytes | Path):
        self._file = open_source(source)
        try:
            with _broken_workbooks_refused():
                self._book = load_workbook(self._file, read_only=True, data_only=True, keep_links=False)
                epoch_1904 = self._book.epoch == CALENDAR_MAC_1904
                self.sheets = [
                    WorkbookSheet(sheet, epoch_1904=epoch_1904)
                    for sheet in self._book.worksheets
                    if isinstance(sheet, ReadOnlyWorksheet)
                ]
        except Unreadable:
            self._file.close()
            raise

    def close(self) -> None:
        archive: ZipFile | None = getattr(self._book, "_archive", None)
        if archive is not None:
            archive.close()
        self._file.close()
