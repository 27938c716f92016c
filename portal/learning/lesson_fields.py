"""Reading the fields of a content file: what is missing, unknown or of the wrong kind becomes a problem.

A reader never stops at the first problem; what cannot be read is left empty and marked by `None` or ().
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from portal.learning.lesson_yaml import Document, Keys, Problem

LANGUAGE_NAMES = {"en": "English", "es": "Spanish", "fr": "French"}
LANGUAGES = tuple(LANGUAGE_NAMES)
LONGEST_NAME = 120
LONGEST_SENTENCE = 300
LONGEST_NOTE = 1500
MOST_ITEMS = 60
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
DANGEROUS = re.compile(r"[<>\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b-\x1f\x7f-\x9f]")
MISSING = object()


def listed(values: Sequence[str]) -> str:
    """one; one or two; one, two or three"""
    return " or ".join(filter(None, [", ".join(values[:-1]), *values[-1:]]))


class FieldReader:
    """Reads values of one document and collects its problems."""

    def __init__(self, document: Document, problems: list[Problem]) -> None:
        self.document = document
        self.problems = problems

    def problem(self, where: Keys, message: str) -> None:
        self.problems.append(Problem(self.document.path, self.document.line(*where), message))

    def fields(
        self, where: Keys, value: Any, what: str, required: Sequence[str], optional: Sequence[str] = ()
    ) -> dict[str, Any] | None:
        """The mapping itself, its unknown and missing fields told; None when it is no mapping."""
        if not isinstance(value, dict):
            self.problem(where, f"{what} needs named fields such as {required[0]}.")
            return None
        for name in value:
            if name not in required and name not in optional:
                self.problem(
                    (*where, name),
                    f"{what} has no field {name!r}. It knows: {', '.join((*required, *optional))}.",
                )
        for name in required:
            if name not in value:
                self.problem(where, f"{what} needs the field {name!r}.")
        return value

    def items(self, where: Keys, value: Any, what: str, least: int = 0, most: int = MOST_ITEMS) -> list[Any]:
        if value is MISSING:
            return []
        if not isinstance(value, list):
            self.problem(where, f"{what} needs a list.")
            return []
        if len(value) < least:
            self.problem(
                where,
                f"{what} needs {least} or more, here {'are' if len(value) != 1 else 'is'} {len(value)}.",
            )
        if len(value) > most:
            self.problem(where, f"{what} may hold {most} at most, here are {len(value)}.")
        return value[:most]

    def text(self, where: Keys, value: Any, what: str, longest: int = LONGEST_SENTENCE) -> str:
        """The text, or "" after telling why it is none."""
        if value is MISSING:
            return ""
        if isinstance(value, int):
            value = str(value)
        if not isinstance(value, str) or not value.strip():
            self.problem(where, f"{what} needs text.")
            return ""
        if len(value) > longest:
            self.problem(where, f"{what} is longer than {longest} characters.")
            return ""
        if DANGEROUS.search(value):
            self.problem(
                where, f"{what} holds a character that is not allowed (such as <, > or an invisible one)."
            )
            return ""
        if value != value.strip():
            self.problem(where, f"{what} starts or ends with a space.")
        return unicodedata.normalize("NFC", value.strip())

    def texts(
        self,
        where: Keys,
        value: Any,
        what: str,
        least: int = 1,
        most: int = 24,
        longest: int = LONGEST_SENTENCE,
    ) -> tuple[str, ...]:
        """A list of different texts; a single text counts as a list of one."""
        if isinstance(value, str | int):
            value = [value]
        entries = self.items(where, value, what, least, most)
        found: dict[str, None] = {}
        for place, entry in enumerate(entries):
            text = self.text((*where, place), entry, what, longest)
            if text and text in found:
                self.problem((*where, place), f"{what} says “{text}” twice.")
            elif text:
                found[text] = None
        return tuple(found)

    def by_language(
        self, where: Keys, value: Any, what: str, required: Sequence[str] = (), longest: int = LONGEST_NAME
    ) -> dict[str, str]:
        """A text in several languages, such as {en: "...", es: "..."}."""
        if value is MISSING:
            return {}
        if not isinstance(value, dict):
            self.problem(where, f"{what} needs a text for each language, such as {{en: …, es: …}}.")
            return {}
        self.languages(where, value, what, required)
        return {
            language: text
            for language in LANGUAGES
            if language in value
            and (text := self.text((*where, language), value[language], f"{what} in {language}", longest))
        }

    def languages(self, where: Keys, value: dict[str, Any], what: str, required: Sequence[str]) -> None:
        for name in value:
            if name not in LANGUAGES:
                self.problem(
                    (*where, name), f"{what}: {name!r} is no language here. Use {listed(LANGUAGES)}."
                )
        for language in required:
            if language not in value:
                self.problem(where, f"{what} is missing in {LANGUAGE_NAMES[language]} ({language}).")

    def key(self, where: Keys, value: Any, what: str) -> str:
        """A short name inside a lesson: s1, queja, buenos-dias."""
        if value is MISSING:
            return ""
        text = str(value) if isinstance(value, str | int) else ""
        if not KEY.fullmatch(text):
            self.problem(
                where,
                f"{what} needs an id of small letters without accents, digits and hyphens, like turno-2.",
            )
            return ""
        return text

    def one_of(self, where: Keys, value: Any, what: str, allowed: Sequence[str]) -> str:
        if value is MISSING:
            return ""
        if value not in allowed:
            self.problem(where, f"{what} is {value!r}. Use {listed(allowed)}.")
            return ""
        return value

    def number(self, where: Keys, value: Any, what: str, least: int, most: int) -> int | None:
        if value is MISSING:
            return None
        if not isinstance(value, int) or not least <= value <= most:
            self.problem(where, f"{what} needs a whole number from {least} to {most}.")
            return None
        return value
