"""What went wrong in a cell or a file, said so that it can be translated later.

A message is an English sentence with %(name)s places. Pages say it in the reader's language by
`problem.say(gettext, format_date)`: parameters that are dates are worded by the page, not here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def N_(message: str) -> str:
    """Mark an English sentence for the catalogs; it is translated where it is shown."""
    return message


def in_words(day: date) -> str:
    return f"{ENGLISH_MONTHS[day.month - 1]} {day.day}, {day.year}"


def sentence(
    message: str,
    params: Mapping[str, Any],
    gettext: Callable[[str], str] = N_,
    word_date: Callable[[date], str] = in_words,
) -> str:
    worded = {name: word_date(value) if isinstance(value, date) else value for name, value in params.items()}
    return gettext(message) % worded


class Refusal(ValueError):
    """A value that cannot be taken as it is written, and why."""

    def __init__(self, message: str, **params: Any):
        super().__init__(message)
        self.message = message
        self.params = params

    def __str__(self) -> str:
        return sentence(self.message, self.params)


class Unreadable(Refusal):
    """A whole file that cannot be read: nothing of it is to be used. `cell` is where, or empty."""

    def __init__(self, message: str, cell: str = "", **params: Any):
        super().__init__(message, **params)
        self.cell = cell

    def say(self, gettext: Callable[[str], str] = N_, word_date: Callable[[date], str] = in_words) -> str:
        return sentence(self.message, self.params, gettext, word_date)


@dataclass(frozen=True, slots=True)
class CellProblem:
    """A remark about one cell: `cell` as a spreadsheet names it (C17), `column` our key for it,
    `text` what stands there, cut to 80 characters."""

    cell: str
    column: str
    message_key: str
    params: Mapping[str, Any]
    text: str

    def say(self, gettext: Callable[[str], str] = N_, word_date: Callable[[date], str] = in_words) -> str:
        return sentence(self.message_key, self.params, gettext, word_date)
