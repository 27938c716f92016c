"""Workbooks in which day and month changed places while a text was opened.

Excel set to month-first dates takes 03/04/2027 for March 4 and leaves 25/04/2027 as text. Such a column holds
text with the day first beside real dates that never pass the twelfth; what they meant cannot be known.
"""

import re
from datetime import datetime

from .problems import N_

SWAPPED = N_(
    "In “%(heading)s” some dates are text with the day first, such as %(text)s in %(cell)s, and no other date "
    "passes the 12th of its month. Day and month of the others may have changed places: compare them with the source."
)

_NUMERIC = re.compile(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\s*")
# Real dates that all fall in the first twelve days by chance: less than one column in a hundred.
_ENOUGH = 5


class DateColumn:
    """What has been seen of one column of a workbook."""

    def __init__(self) -> None:
        self.early = self.late = 0
        self.day_first: tuple[str, str] | None = None
        self.month_first = False

    def see(self, raw: object, cell: str) -> None:
        if isinstance(raw, datetime):
            if raw.day > 12:
                self.late += 1
            else:
                self.early += 1
        elif isinstance(raw, str) and (match := _NUMERIC.fullmatch(raw[:40])):
            if int(match[1]) > 12:
                self.day_first = self.day_first or (cell, raw.strip())
            elif int(match[2]) > 12:
                self.month_first = True

    @property
    def may_be_swapped(self) -> bool:
        return bool(self.day_first) and not self.month_first and self.late == 0 and self.early >= _ENOUGH
