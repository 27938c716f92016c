"""Text tables: lines of cells with a comma, semicolon, tab or bar between them."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from .kinds import open_source, size_of
from .problems import N_, Unreadable

DELIMITERS = (",", ";", "\t", "|")
LONG_LINE = N_("Line %(row)s is longer than any table's. Send a spreadsheet saved as .xlsx or .csv.")
OPEN_QUOTE = N_("A quotation mark opens in row %(row)s and is never closed. Close or remove it.")
STRAY_QUOTE = N_(
    "In the cells that begin in row %(row)s a quotation mark stands before the end of its cell. "
    "Remove it, or write it twice."
)

_MAX_LINE = 1_000_000
# No cell of a roster is a page long: more lines in one record mean a quotation mark left open.
_MAX_RECORD_LINES = 100
_END = "\x00\x1eend of the table\x1e\x00"
_SEPARATOR_LINE = re.compile(r'"?sep=(.)"?', re.I)


class DelimitedSheet:
    """One pass over the file per `rows()`; nothing but the current record is held."""

    title = ""
    hidden = False
    epoch_1904 = False

    def __init__(self, source: bytes | Path, encoding: str, delimiter: str = ","):
        self.source, self.encoding = source, encoding
        self.size = size_of(source)
        self.declared = self._declared_delimiter()
        self.delimiter = self.declared or delimiter
        self._at = 0

    def with_delimiter(self, delimiter: str) -> "DelimitedSheet":
        return DelimitedSheet(self.source, self.encoding, delimiter)

    @property
    def fraction(self) -> float:
        """How much of the file the newest pass has read, from 0 to 1."""
        return min(1.0, self._at / self.size)

    def _declared_delimiter(self) -> str | None:
        for line in self._lines():
            match = _SEPARATOR_LINE.fullmatch(line.rstrip("\r\n"))
            return match[1] if match else None
        return None

    def _lines(self) -> Iterator[str]:
        with open_source(self.source) as file:
            # Bytes that mean nothing become U+FFFD, which is refused cell by cell.
            text = io.TextIOWrapper(file, self.encoding, errors="replace", newline="")
            number = 0
            while line := text.readline(_MAX_LINE):
                number += 1
                if len(line) >= _MAX_LINE:
                    raise Unreadable(LONG_LINE, cell=f"A{number}", row=number)
                self._at = file.tell()
                yield line

    def rows(self, width: int | None = None) -> Iterator[tuple[int, list[str]]]:
        """Records with the number Excel gives them: a quoted line break does not start a row, and
        the line `sep=` is not one."""
        lines = self._lines()
        if self.declared:
            next(lines)

        def ended() -> Iterator[str]:
            yield from lines
            yield _END

        # Strict: a quotation mark left open would else swallow rows up to the next one, unseen.
        reader = csv.reader(ended(), delimiter=self.delimiter, skipinitialspace=True, strict=True)
        number, seen = 1, 0
        try:
            for record in reader:
                if _END in (record[-1] if record else ""):
                    if record != [_END]:
                        raise Unreadable(OPEN_QUOTE, cell=f"A{number}", row=number)
                    return
                if reader.line_num - seen > _MAX_RECORD_LINES:
                    raise Unreadable(OPEN_QUOTE, cell=f"A{number}", row=number)
                seen = reader.line_num
                yield number, record if width is None else record[:width]
                number += 1
        except csv.Error as why:
            inside = "expected after" in str(why)
            raise Unreadable(STRAY_QUOTE if inside else OPEN_QUOTE, cell=f"A{number}", row=number) from why
