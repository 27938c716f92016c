"""Until when a document holds. Only the day is read; numbers of documents are never asked for."""

import re
from datetime import date

from .cells import Cell
from .dates import day
from .problems import N_, Refusal
from .text import fold, shortened, squeeze
from .vocabulary import spellings
from .words import COUNTRIES

Validity = date | str

NO_COUNTRY = N_("“%(text)s” names no country. Write, for example: US 2027-09-30; CA open.")
NO_CERTIFICATE = N_("“%(text)s” names no certificate. Write, for example: First aid 2027-09-30.")
COUNTRY_TWICE = N_("“%(text)s” gives two days for one country.")
CERTIFICATE_TWICE = N_("“%(text)s” gives two days for one certificate.")

OPEN = "open"
_OPEN_WORDS = {
    fold(word)
    for word in spellings("""
        open, no limit, unlimited, indefinite, permanent, citizen, not needed, abierto, abierta, sin límite,
        sin vencimiento, indefinido, permanente, ciudadano, ciudadana, no requiere, ouvert, ouverte, sans limite,
        sans échéance, illimité, indéterminé, citoyen, citoyenne, non requis
    """)
}
_COUNTRIES = {fold(word): key for key, words in COUNTRIES.items() for word in (key, *words)}
_PARTS = re.compile(r"[;\n|]+|(?<=\d{4})\s*,\s*|,\s*(?=[A-Z]{2}\b)")
_MONTH = (
    "(?:jan|ene|feb|f[ée]v|mar|mzo|apr|abr|avr|may|mai|jun|jui|jul|aug|ago|ao[uû]|sep|set|oct|nov|d[eéi]c)"
)
_DAY_STARTS = re.compile(
    rf"\d{{4}}[-/.]\d|\d{{1,2}}[-/.]\d|\d{{1,2}}(?:er|º|o)?[-/. ]+(?:de\s+)?{_MONTH}"
    rf"|\b{_MONTH}[^\W\d_]*\.? \d{{1,2}},? ?\d{{4}}",
    re.I,
)
_UNTIL = re.compile(
    r"\b(valid until|valid to|until|expires?|exp\.?|vigente hasta|vence(?: el)?|hasta(?: el)?"
    r"|valable jusqu['’]au|jusqu['’]au|échéance)\s*$",
    re.I,
)


def until(cell: Cell) -> Validity:
    """A day, or "open" for a permission without an end."""
    return OPEN if fold(cell.text) in _OPEN_WORDS else day(cell)


def _named(part: str, missing: str) -> tuple[str, str]:
    """What is named and what is said of it, at a colon or where a date or "open" begins."""
    name, colon, written = part.partition(":")
    if not colon:
        if match := _DAY_STARTS.search(part):
            name, written = part[: match.start()], part[match.start() :]
        else:
            words = part.replace("(", " ").replace(")", " ").split()
            counts = (count for count in (1, 2) if fold("".join(words[-count:])) in _OPEN_WORDS)
            count = max(counts, default=len(words))
            name, written = " ".join(words[:-count]), OPEN
    name = _UNTIL.sub("", name.rstrip(" (–—-")).strip(" (–—-,.")
    if not any(char.isalpha() for char in name):
        raise Refusal(missing, text=shortened(squeeze(part)))
    return squeeze(name), written.strip(" ()")


def _part(cell: Cell, text: str) -> Cell:
    return Cell(
        cell.address,
        cell.heading,
        text,
        text,
        cell.reading,
        cell.country,
        cell.epoch_1904,
        cell.find_order,
        cell.notes,
    )


def entry_permissions(cell: Cell) -> dict[str, Validity]:
    """By country, from "US 2027-09-30; Canadá: sin límite"."""
    found: dict[str, Validity] = {}
    for part in _PARTS.split(cell.text):
        if not part.strip():
            continue
        shown = shortened(squeeze(part))
        name, written = _named(part, NO_COUNTRY)
        country = _COUNTRIES.get(fold(name))
        if not country:
            raise Refusal(NO_COUNTRY, text=shown)
        if country in found:
            raise Refusal(COUNTRY_TWICE, text=shown)
        found[country] = until(_part(cell, written))
    return found


def certificates(cell: Cell) -> dict[str, date]:
    """By the certificate's name as it is written, from "MSHA 2028-01-15; first aid: 12 mar 2027"."""
    found: dict[str, date] = {}
    seen: set[str] = set()
    for part in _PARTS.split(cell.text):
        if not part.strip():
            continue
        name, written = _named(part, NO_CERTIFICATE)
        if fold(name) in seen:
            raise Refusal(CERTIFICATE_TWICE, text=shortened(squeeze(part)))
        seen.add(fold(name))
        found[name] = day(_part(cell, written))
    return found
