"""Words that stand for something: yes and no, levels, languages, countries, choices, lists."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from .cells import Cell
from .problems import N_, Refusal
from .text import fold, shortened, squeeze

CHOICE = N_("“%(text)s” is not one of: %(choices)s.")
YES_OR_NO = N_("“%(text)s” is neither yes nor no.")
LEVEL = N_("“%(text)s” is not a level. Write none, A1, A2, B1, B2, C1 or C2.")
LEVELS = N_("“%(text)s” names more than one level. Write the one that is sure.")
LEVEL_READ = N_("“%(text)s” was read as level %(level)s.")
LANGUAGE = N_("“%(text)s” names no language that is known here.")
LANGUAGE_TWICE = N_("“%(text)s” gives two levels for one language.")
LANGUAGE_LEVEL = N_("“%(text)s” names a language without its level, such as: Spanish B1.")
ZONE = N_("“%(text)s” is not a time zone, such as America/Hermosillo.")
ZONE_READ = N_("“%(text)s” was read as %(zone)s.")
TOO_MANY = N_("This list has %(count)s entries; the most that fits is %(limit)s.")

YES = ("yes", "y", "true", "x", "✓", "✔", "☑", "1", "sí", "si", "s", "verdadero", "oui", "o", "vrai", "ok")
NO = ("no", "n", "false", "0", "falso", "non", "faux", "ninguno", "aucun", "✗", "✘", "☐")

LEVEL_CODES = ("none", "A1", "A2", "B1", "B2", "C1", "C2")
_LEVEL_WORDS = {
    "none": "none no 0 nil nothing ninguno ninguna nada nulo aucun aucune nul rien",
    "A1": "beginner starter principiante inicial débutant débutante",
    "A2": "basic elementary básico básica elemental élémentaire base",
    "B1": "intermediate intermedio intermedia medio intermédiaire moyen conversational conversacional",
    "B2": "upper_intermediate intermedio_alto intermédiaire_supérieur intermédiaire_avancé",
    "C1": "advanced avanzado avanzada avancé avancée fluent fluido courant",
    "C2": "native nativo nativa natif native_speaker mother_tongue lengua_materna langue_maternelle "
    "maternelle bilingual bilingüe bilingue proficient",
}
LANGUAGES = {
    "en": ("english", "inglés", "anglais", "en", "ing", "ang"),
    "es": ("spanish", "español", "espagnol", "castellano", "es", "esp", "spa"),
    "fr": ("french", "francés", "français", "fr", "fra"),
    "pt": ("portuguese", "portugués", "portugais", "pt"),
    "it": ("italian", "italiano", "italien", "it"),
    "de": ("german", "alemán", "allemand", "de"),
    "nah": ("nahuatl", "náhuatl"),
    "yaq": ("yaqui",),
    "cr": ("cree", "cri"),
    "iu": ("inuktitut",),
}
COUNTRIES = {
    "US": ("US", "USA", "U.S.A.", "United States", "United States of America", "Estados Unidos", "EE. UU.", "EUA",
           "États-Unis", "É.-U."),
    "CA": ("CA", "CAN", "Canada", "Canadá"),
    "MX": ("MX", "MEX", "Mexico", "México", "Mexique"),
}  # fmt: skip

MAX_ENTRIES = 100
_YES, _NO = {fold(word) or word for word in YES}, {fold(word) or word for word in NO}
_LEVELS = {fold(code): code for code in LEVEL_CODES} | {
    fold(word): code for code, words in _LEVEL_WORDS.items() for word in words.split()
}
_LANGUAGES = {fold(word): code for code, words in LANGUAGES.items() for word in words}
_SEPARATORS = re.compile(r"[;,\n/|•]+")
_BETWEEN_LANGUAGES = re.compile(r"[;,\n|•]+|/(?![ABC][12])|\s+(?:and|y|et|e)\s+")
_RANK = re.compile(r"^\s*(?:#\s*)?\d{1,2}\s*(?:[.):º°-]+|er|ère|e|st|nd|rd|th)\s*(?=\S)", re.I)


def one_of(choices: Mapping[str, tuple[str, ...]]) -> Callable[[Cell], str]:
    """A parser for the keys of `choices`, each under its own name or one of its aliases.

    Accents, case, spaces and punctuation do not matter.
    """
    known = {fold(word): key for key, words in choices.items() for word in (key, *words)}

    def parse(cell: Cell) -> str:
        if found := known.get(fold(cell.text)):
            return found
        raise Refusal(CHOICE, text=shortened(squeeze(cell.text)), choices=", ".join(choices))

    return parse


def entries(text: str) -> list[str]:
    """The entries of a list written with ; , / | or one to a line. Empty ones are left out."""
    found = [entry for part in _SEPARATORS.split(text) if (entry := squeeze(part))]
    if len(found) > MAX_ENTRIES:
        raise Refusal(TOO_MANY, count=len(found), limit=MAX_ENTRIES)
    return found


def list_of(parse: Callable[[Cell], Any]) -> Callable[[Cell], tuple[Any, ...]]:
    """A parser for lists; an entry that comes twice is taken once."""

    def parse_list(cell: Cell) -> tuple[Any, ...]:
        found = []
        for entry in entries(cell.text):
            one = Cell(cell.address, cell.heading, entry, entry, cell.reading, cell.country, notes=cell.notes)
            found.append(parse(one))
        return tuple(dict.fromkeys(found))

    return parse_list


def words(cell: Cell) -> str:
    return squeeze(cell.text)


def yes_no(cell: Cell) -> bool:
    text = fold(cell.text) or cell.text
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise Refusal(YES_OR_NO, text=shortened(squeeze(cell.text)))


def read_level(text: str) -> str:
    """none, A1, A2, B1, B2, C1 or C2; words such as "básico" stand for one. Raises `Refusal`."""
    shown = shortened(squeeze(text))
    codes = {code.upper() for code in re.findall(r"(?<![A-Za-z])[ABCabc][12](?![0-9])", text)}
    if len(codes) > 1:
        raise Refusal(LEVELS, text=shown)
    if codes:
        return codes.pop()
    if found := _LEVELS.get(fold(text)):
        return found
    raise Refusal(LEVEL, text=shown)


def level(cell: Cell) -> str:
    return _level(cell, cell.text)


def _level(cell: Cell, text: str) -> str:
    found = read_level(text)
    if found != "none" and found not in text.upper():
        cell.note(LEVEL_READ, text=squeeze(text), level=found)
    return found


def languages(cell: Cell) -> dict[str, str]:
    """Levels by language code from "Español B1; inglés básico" or "English (native) / Spanish: A2"."""
    found: dict[str, str] = {}
    for part in _BETWEEN_LANGUAGES.split(cell.text):
        if not part or not part.strip():
            continue
        shown = shortened(squeeze(part))
        pieces = [piece for piece in re.split(r"[\s:=()–—-]+", part) if piece]
        at = next((i for i, piece in enumerate(pieces) if fold(piece) in _LANGUAGES), None)
        if at is None:
            raise Refusal(LANGUAGE, text=shown)
        rest = " ".join(pieces[:at] + pieces[at + 1 :])
        if not rest:
            raise Refusal(LANGUAGE_LEVEL, text=shown)
        code, reached = _LANGUAGES[fold(pieces[at])], _level(cell, rest)
        if found.setdefault(code, reached) != reached:
            raise Refusal(LANGUAGE_TWICE, text=shown)
    if not found:
        raise Refusal(LANGUAGE, text=shortened(squeeze(cell.text)))
    return found


country = one_of(COUNTRIES)


def ranked(cell: Cell) -> tuple[tuple[str, ...], ...]:
    """Choices from the first to the last, split by ; , > or one to a line; = makes equals of two."""
    tiers = []
    for part in re.split(r"[;,>\n]+", cell.text):
        equals = [entry for piece in part.split("=") if (entry := squeeze(_RANK.sub("", piece)))]
        if equals:
            tiers.append(tuple(dict.fromkeys(equals)))
    if len(tiers) > MAX_ENTRIES:
        raise Refusal(TOO_MANY, count=len(tiers), limit=MAX_ENTRIES)
    return tuple(tiers)


@cache
def _zones() -> dict[str, str]:
    """Zones of the Americas by folded name, and by city where only one zone bears it."""
    names = sorted(zone for zone in available_timezones() if zone.startswith("America/") or zone == "UTC")
    cities: dict[str, str] = {}
    for zone in names:
        city = fold(zone.rsplit("/", 1)[-1])
        cities[city] = "" if city in cities else zone
    return {city: zone for city, zone in cities.items() if zone} | {fold(zone): zone for zone in names}


def zone(cell: Cell) -> str:
    """An IANA name, or the city of one."""
    text = squeeze(cell.text)
    found = _zones().get(fold(text))
    if not found:
        raise Refusal(ZONE, text=shortened(text))
    if found != text:
        cell.note(ZONE_READ, text=text, zone=found)
    return found


class LocalName(NamedTuple):
    """`number` as written after Local, Sección or Section locale, such as 1938 or 7884-02; or empty."""

    text: str
    number: str


_LOCAL = re.compile(
    r"(?:(?:usw|snntmmsrm|sntmmsrm|steelworkers|métallos|metallos|mineros)\W*)?"
    r"(?:local(?:\s+union)?|l|lu|sección(?:\s+sindical)?|seccion(?:\s+sindical)?|secc?|section(?:\s+locale)?|s\.?l)?"
    r"[\s.:#-]*(?:no|núm|num|nº|n°|n)?[\s.:#°º]*(\d{1,5}(?:-\d{1,3})?[A-Za-z]?)(?:\W.*)?",
    re.I | re.S,
)


def local(cell: Cell) -> LocalName:
    text = squeeze(cell.text)
    match = _LOCAL.fullmatch(text)
    return LocalName(shortened(text, 200), (match[1].lstrip("0") or match[1]) if match else "")
