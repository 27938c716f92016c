"""Names, e-mail addresses and telephone numbers."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from .cells import Cell
from .problems import N_, Refusal
from .text import fold, shortened, squeeze

NAME_LONG = N_("This name has %(length)s letters; the most that fits is %(limit)s.")
NAME_CHARACTER = N_("“%(character)s” does not belong in a name. Check whether the columns have slipped.")
NAME_NO_LETTER = N_("“%(text)s” holds no letter, so it cannot be a name.")
NAME_COMMAS = N_("“%(text)s” has several commas. Write it as “Last, First” or “First Last”.")
EMAIL_SEVERAL = N_("“%(text)s” holds more than one address. Keep one.")
EMAIL_NO_AT = N_("“%(text)s” is not an e-mail address: the @ is missing.")
EMAIL_CHARACTER = N_("“%(character)s” cannot stand in an e-mail address.")
EMAIL_SHAPE = N_("“%(text)s” is not a complete e-mail address, such as ana@example.org.")
PHONE_LETTERS = N_("“%(text)s” is not a telephone number in digits.")
PHONE_SEVERAL = N_("“%(text)s” holds more than one number. Keep one.")
PHONE_SHORTENED = N_(
    "A spreadsheet shortened this number to %(text)s. Format the column as text and type it again."
)
PHONE_COUNTRY = N_("%(text)s could be a number of several countries. Begin it with +1 or +52.")
PHONE_ELSEWHERE = N_("%(text)s is not a number of the United States, Canada or Mexico.")
PHONE_DIGITS = N_("%(text)s has %(count)s digits; a number has 10 after its country code.")
PHONE_AREA = N_("%(text)s is not a number that is in use: look at the area code.")
EXTENSION_LEFT = N_("The extension %(extension)s was left out.")

MAX_NAME = 120  # as many letters as a member's name has room for
_NOT_IN_NAMES = {"Nd", "Nl", "Sm", "Sc", "So", "Co", "Cn", "Cc"}
# The second part is what accented letters of DOS and old Macintosh files turn into.
_NEVER_IN_NAMES = set("@_\\{}[]‚„†‡‰‹›•¡¿")
_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv|hijo|fils|père)\.?", re.I)
_DISPLAY = re.compile(r"[^<>]*<\s*([^<>]*?)\s*>")
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_EXTENSION = re.compile(
    r"[\s,;(]*(?:extensión|extension|ext|poste|interno|int|anexo|x|#)[\s.:#]*(\d{1,6})\)?\s*$", re.I
)
_PHONE_LABEL = re.compile(
    r"^\s*(?:tel(?:éfono|ephone|éphone)?|phone|cell?|cel(?:ular|lulaire)?|móvil|mobile|whatsapp|home|casa|office|oficina|bureau)"
    r"\s*[.:]*\s*(?=[+(\d])",
    re.I,
)


def read_name(text: str, *, last_first: bool = False) -> str:
    """One spelling of spaces, nothing else changed; "LAST, First" is turned around only if asked.

    Raises `Refusal`.
    """
    text = squeeze(text)
    if len(text) > MAX_NAME:
        raise Refusal(NAME_LONG, length=len(text), limit=MAX_NAME)
    for char in text:
        if char in _NEVER_IN_NAMES or unicodedata.category(char) in _NOT_IN_NAMES:
            raise Refusal(NAME_CHARACTER, character=char)
    if not any(char.isalpha() for char in text):
        raise Refusal(NAME_NO_LETTER, text=text)
    if not last_first or "," not in text:
        return text
    parts = [part.strip() for part in text.split(",") if part.strip()]
    suffix = [part for part in parts[1:] if _SUFFIX.fullmatch(part)]
    rest = [part for part in parts if part not in suffix]
    if len(rest) > 2:
        raise Refusal(NAME_COMMAS, text=text)
    return " ".join([*reversed(rest), *suffix])


def read_email(text: str) -> str:
    """The bare address with its domain in lower case. Raises `Refusal`."""
    found = squeeze(text)
    if match := _DISPLAY.fullmatch(found):
        found = match[1]
    found = re.sub(r"^mailto:\s*", "", found, flags=re.I).split("?subject=")[0].strip(" ,;<>\"'")
    shown = shortened(squeeze(text))
    if found.count("@") > 1 and re.search(r"[,;/\s]", found):
        raise Refusal(EMAIL_SEVERAL, text=shown)
    if "@" not in found:
        raise Refusal(EMAIL_NO_AT, text=shown)
    for char in found:
        if not char.isascii() or char in ' ,;:()<>[]"\\':
            raise Refusal(EMAIL_CHARACTER, character="␣" if char == " " else char)
    local, _, domain = found.rpartition("@")
    domain = domain.lower()
    labels = domain.split(".")
    complete = (
        len(local) <= 64 and len(found) <= 254 and _LOCAL.fullmatch(local)
        and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
        and len(labels[-1]) > 1 and not labels[-1].isdigit()
    )  # fmt: skip
    if not complete:
        raise Refusal(EMAIL_SHAPE, text=shown)
    return f"{local}@{domain}"


class Phone(NamedTuple):
    """`number` in E.164, such as +526645550123; `extension` may be empty."""

    number: str
    extension: str


def read_phone(text: str, country: str | None) -> Phone:
    """A number of the United States, Canada or Mexico; `country` is used when the number does not
    say its own. Ten digits alone can be of any of the three. Raises `Refusal`."""
    text = squeeze(text)
    shown = shortened(text)
    if len(text) > 100:
        raise Refusal(PHONE_LETTERS, text=shown)
    if re.fullmatch(r"\d([.,]\d+)?E\+?\d+", text, re.I):
        raise Refusal(PHONE_SHORTENED, text=shown)
    bare = _PHONE_LABEL.sub("", re.sub(r"^tel:", "", text, flags=re.I))
    extension = ""
    if match := _EXTENSION.search(bare):
        extension, bare = match[1], bare[: match.start()]
    if any(char.isalpha() for char in bare):
        raise Refusal(PHONE_LETTERS, text=shown)
    digits = "".join(str(unicodedata.digit(char)) for char in bare if char.isdecimal())
    if len(digits) > 15 or (len(digits) >= 14 and re.search(r"\d\s*[/;,]\s*[+(\d]", bare)):
        raise Refusal(PHONE_SEVERAL, text=shown)
    return Phone(_e164(digits, bare.lstrip(" (").startswith("+"), country, shown), extension)


def _e164(digits: str, international: bool, country: str | None, shown: str) -> str:
    for prefix in ("0052", "01152", "001", "0111"):
        if not international and digits.startswith(prefix) and len(digits) >= len(prefix) + 10:
            digits, international = digits[2 if prefix[:2] == "00" else 3 :], True
            break
    if international:
        if digits.startswith("52"):
            return _mexican(digits[2:], shown)
        if digits.startswith("1"):
            return _north_american(digits[1:], shown)
        raise Refusal(PHONE_ELSEWHERE if digits else PHONE_DIGITS, text=shown, count=0)
    # Before 2019 Mexico dialed 01, 044 or 045 first; no other of the three countries begins with 0.
    if digits.startswith("0"):
        for prefix in ("01", "044", "045"):
            if digits.startswith(prefix) and len(digits) == len(prefix) + 10:
                return _mexican(digits[len(prefix) :], shown)
        raise Refusal(PHONE_DIGITS, text=shown, count=len(digits))
    if digits.startswith("52") and len(digits) in (12, 13):
        return _mexican(digits[2:], shown)
    if len(digits) == 11 and digits[0] == "1":
        if country == "MX":
            raise Refusal(PHONE_COUNTRY, text=shown)
        return _north_american(digits[1:], shown)
    if len(digits) != 10:
        raise Refusal(PHONE_DIGITS, text=shown, count=len(digits))
    if country == "MX":
        return _mexican(digits, shown)
    if country in ("US", "CA"):
        return _north_american(digits, shown)
    raise Refusal(PHONE_COUNTRY, text=shown)


def _mexican(digits: str, shown: str) -> str:
    # Mobile numbers were written +52 1 until 2019.
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10:
        raise Refusal(PHONE_DIGITS, text=shown, count=len(digits))
    if digits[0] in "01":
        raise Refusal(PHONE_AREA, text=shown)
    return f"+52{digits}"


def _north_american(digits: str, shown: str) -> str:
    if len(digits) != 10:
        raise Refusal(PHONE_DIGITS, text=shown, count=len(digits))
    if digits[0] in "01" or digits[3] in "01" or digits[1:3] == "11":
        raise Refusal(PHONE_AREA, text=shown)
    return f"+1{digits}"


def name(cell: Cell) -> str:
    return read_name(cell.text, last_first=cell.reading.last_first)


def part_of_name(cell: Cell) -> str:
    return read_name(cell.text)


def email(cell: Cell) -> str:
    return read_email(cell.text)


def phone(cell: Cell) -> str:
    found = read_phone(cell.text, cell.country)
    if found.extension:
        cell.note(EXTENSION_LEFT, extension=found.extension)
    return found.number


def whole_name(values: Mapping[str, Any]) -> str | None:
    """One name from a name column and the parts some offices keep apart.

    "Nom" and "Nombre" are a whole name in one office and half of it in the next: beside a first
    name or a family name they are the other half. Raises `Refusal` when the whole is too long.
    """
    found = _put_together(values)
    if found and len(found) > MAX_NAME:
        raise Refusal(NAME_LONG, length=len(found), limit=MAX_NAME)
    return found


def _put_together(values: Mapping[str, Any]) -> str | None:
    whole, given = values.get("name"), values.get("given_name")
    family = " ".join(part for part in (values.get("family_name"), values.get("second_family_name")) if part)
    if not whole:
        return " ".join(part for part in (given, family) if part) or None
    words = {fold(word) for word in re.split(r"[\s-]", whole)}
    if given and not family and fold(given) not in words and not _all_in(given, words):
        return f"{given} {whole}"
    if family and not given and not _all_in(family, words):
        return f"{whole} {family}"
    return whole


def _all_in(part: str, words: set[str]) -> bool:
    return all(fold(word) in words for word in re.split(r"[\s-]", part))
