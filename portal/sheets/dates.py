"""Dates as three countries write them. What can be read two ways is never guessed."""

import re
from datetime import date, datetime, timedelta

from .cells import Cell, DateOrder
from .problems import N_, Refusal
from .text import shortened, squeeze, unaccented

NOT_A_DATE = N_("“%(text)s” is not a date. Write it as 2027-03-12.")
IMPOSSIBLE = N_("“%(text)s” is a day that does not exist.")
FAR_AWAY = N_("The year in “%(text)s” cannot be right.")
NO_YEAR = N_("“%(text)s” has no year.")
NO_DAY = N_("“%(text)s” has no day.")
AMBIGUOUS = N_(
    "“%(text)s” can be %(day_first)s or %(month_first)s. Write the month in letters, or the date as 2027-03-12."
)
TIME_LEFT = N_("The time of day was left out.")
SERIAL = N_("%(text)s was read as %(day)s, the way spreadsheets count days.")
ONLY_READING = N_("%(text)s was read as %(day)s: the other way round there is no such month.")

_NAMES = (
    ("january", "jan", "enero", "ene", "janvier", "janv"),
    ("february", "feb", "febrero", "fevrier", "fevr", "fev"),
    ("march", "mar", "marzo", "mzo", "mars"),
    ("april", "apr", "abril", "abr", "avril", "avr"),
    ("may", "mayo", "mai"),
    ("june", "jun", "junio", "juin"),
    ("july", "jul", "julio", "juillet", "juil"),
    ("august", "aug", "agosto", "ago", "aout"),
    ("september", "sep", "sept", "septiembre", "setiembre", "set", "septembre"),
    ("october", "oct", "octubre", "octobre"),
    ("november", "nov", "noviembre", "novembre"),
    ("december", "dec", "diciembre", "dic", "decembre"),
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}
_WEEKDAYS = (
    *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    *("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo"),
    *("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
)
NOISE = {*_WEEKDAYS, "de", "del", "du", "des", "d", "of", "the", "le", "el", "desde", "from", "on"}
_TIME = re.compile(r"(?:t|\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:z|[+-]\d{2}:?\d{2}|[ap]\.?\s?m\.?)?$")
YEAR_FIRST = r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
NUMERIC = r"(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})"
_ORDINAL = re.compile(r"(\d{1,2})(?:er|st|nd|rd|th|o|ro|º|°)(?![a-z])")


class AmbiguousDate(Refusal):
    """A date that is one day with the day first and another with the month first."""

    def __init__(self, text: str, day_first: date, month_first: date):
        super().__init__(AMBIGUOUS, text=text, day_first=day_first, month_first=month_first)
        self.day_first, self.month_first = day_first, month_first


def normal(text: str) -> str:
    """Lower case, no accents, ordinals as numbers, one kind of dash between words."""
    text = unaccented(squeeze(text)).replace("⁄", "/").replace("‐", "-").replace("‑", "-").replace("−", "-")
    return _ORDINAL.sub(r"\1", text)


def full_year(digits: str, today: date) -> int:
    """Two digits mean a year up to thirty years ahead of `today`, else of the century before."""
    year = int(digits)
    if len(digits) > 2:
        return year
    year += today.year // 100 * 100
    while year > today.year + 30:
        year -= 100
    return year


def day_of(year: int, month: int, day: int, text: str) -> date:
    if not 1900 <= year <= 2100:
        raise Refusal(FAR_AWAY, text=text)
    try:
        return date(year, month, day)
    except ValueError:
        raise Refusal(IMPOSSIBLE, text=text) from None


def from_numbers(first: int, second: int, year: int, order: DateOrder | None, text: str) -> date:
    """Raises `AmbiguousDate` when both readings exist, differ, and no order is given."""
    if first > 12 or second > 12:
        # One way round only; which number is the day decides itself.
        day, month = (first, second) if first > second else (second, first)
        return day_of(year, month, day, text)
    by_day, by_month = day_of(year, second, first, text), day_of(year, first, second, text)
    if by_day == by_month or order is DateOrder.DAY_FIRST:
        return by_day
    if order is DateOrder.MONTH_FIRST:
        return by_month
    raise AmbiguousDate(text, by_day, by_month)


def from_serial(serial: float, text: str, *, epoch_1904: bool = False) -> date:
    """The day a spreadsheet counts so, from 1950 to 2100."""
    if not 18_000 <= serial <= 73_500:
        raise Refusal(NOT_A_DATE, text=text)
    return (date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)) + timedelta(days=int(serial))


def read_date(text: str, *, today: date, order: DateOrder | None = None) -> date:
    """Read one written date. Raises `Refusal`, and `AmbiguousDate` if only `order` could tell."""
    shown = shortened(squeeze(text), 40)
    if len(text) > 100:
        raise Refusal(NOT_A_DATE, text=shown)
    plain = _TIME.sub("", normal(text))
    if match := re.fullmatch(YEAR_FIRST, plain):
        return day_of(int(match[1]), int(match[3]), int(match[4]), shown)
    if match := re.fullmatch(r"((?:19|20)\d\d)(\d\d)(\d\d)", plain):
        return day_of(int(match[1]), int(match[2]), int(match[3]), shown)
    if match := re.fullmatch(NUMERIC, plain):
        return from_numbers(int(match[1]), int(match[3]), full_year(match[4], today), order, shown)
    words = [word for word in re.findall(r"[^\W\d_]+|\d+|[^\s]", plain) if word not in NOISE]
    if any(word not in {",", ".", "-", "/", "'"} and not word.isalnum() for word in words):
        raise Refusal(NOT_A_DATE, text=shown)
    words = [word for word in words if word.isalnum()]
    return _worded(words, today, shown)


def _worded(words: list[str], today: date, shown: str) -> date:
    months = [word for word in words if word in MONTHS]
    numbers = [word for word in words if word.isdecimal() and len(word) <= 4]
    if len(months) != 1 or len(months) + len(numbers) != len(words) or not numbers:
        raise Refusal(NOT_A_DATE, text=shown)
    month = MONTHS[months[0]]
    years = [number for number in numbers if len(number) == 4]
    short = [number for number in numbers if len(number) <= 2]
    if len(years) == 1 and len(short) == 1 and len(numbers) == 2:
        return day_of(int(years[0]), month, int(short[0]), shown)
    if len(short) == 2 and len(numbers) == 2 and len(short[1]) == 2 and words.index(months[0]) < 2:
        return day_of(full_year(short[1], today), month, int(short[0]), shown)
    if len(numbers) == 1:
        raise Refusal(NO_DAY if years else NO_YEAR, text=shown)
    raise Refusal(NOT_A_DATE, text=shown)


def day(cell: Cell) -> date:
    """A real date of a workbook, a counted day, or a written one, ordered as the column is."""
    if isinstance(cell.raw, datetime):
        if (cell.raw.hour, cell.raw.minute) != (0, 0):
            cell.note(TIME_LEFT)
        return day_of(cell.raw.year, cell.raw.month, cell.raw.day, cell.text)
    if isinstance(cell.raw, date):
        return day_of(cell.raw.year, cell.raw.month, cell.raw.day, cell.text)
    if re.fullmatch(r"\d{5}(\.\d+)?", cell.text):
        found = from_serial(float(cell.text), cell.text, epoch_1904=cell.epoch_1904)
        cell.note(SERIAL, text=cell.text, day=found)
        return found
    if _TIME.search(normal(cell.text)):
        cell.note(TIME_LEFT)
    today = cell.reading.today
    try:
        found = read_date(cell.text, today=today)
    except AmbiguousDate:
        order = cell.find_order()
        if order is None:
            raise
        return read_date(cell.text, today=today, order=order)
    _note_other_order(cell, found)
    return found


def _note_other_order(cell: Cell, found: date) -> None:
    match = re.fullmatch(NUMERIC, normal(cell.text))
    if match and match[1] != match[3]:
        written = DateOrder.DAY_FIRST if int(match[1]) > 12 else DateOrder.MONTH_FIRST
        if cell.reading.date_order not in (None, written):
            cell.note(ONLY_READING, text=cell.text, day=found)
