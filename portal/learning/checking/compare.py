"""One expected word against one typed word: which rule, and how grave."""

from collections.abc import Collection
from enum import IntEnum
from typing import NamedTuple

from portal.learning.checking import tables
from portal.learning.checking.lexicon import ABROAD, lexicon
from portal.learning.checking.numbers import MONTHS, NUMBER_WORDS, Number
from portal.learning.checking.text import fold, unaccent
from portal.learning.checking.tokens import Atom
from portal.learning.checking.words_close import one_typo_apart


class Grade(IntEnum):
    FREE = 0
    ALMOST = 1
    WRONG = 2


class Finding(NamedTuple):
    rule: str
    grade: Grade
    expected: str = ""
    typed: str = ""


class Context(NamedTuple):
    """What the comparison of two words needs to know of the exercise."""

    lang: str
    cloze: bool
    course: Collection[str]
    single: bool = False  # the whole typed answer is one word

    def word(self, word: str) -> bool:
        return lexicon(self.lang).has(word, self.course)

    def like_word(self, word: str) -> bool:
        return lexicon(self.lang).like(word, self.course)

    def foreign(self, word: str) -> bool:
        """Whether `word` belongs to the prompt's language and not to this one."""
        return lexicon(ABROAD[self.lang]).has(word) and not self.word(word)

    def grade(self) -> Grade:
        """Of a fault that a sentence forgives and a cloze does not."""
        return Grade.WRONG if self.cloze else Grade.ALMOST


def compare_words(expected: str, typed: str, context: Context) -> Finding | None:
    """None when the words are the same; otherwise the rule that tells them apart or makes them equal."""
    if expected == typed:
        return None
    lang = context.lang
    known = lexicon(lang)
    if known.standard(expected) == known.standard(typed):
        solo = lang == "es" and unaccent(expected) == "solo"
        return Finding("M3" if solo else "M2", Grade.FREE, expected, typed)
    if (
        lang == "en"
        and ("'" in expected or "'" in typed)
        and expected.replace("'", "") == typed.replace("'", "")
    ):
        return Finding("K2", context.grade(), expected, typed)
    if unaccent(expected) == unaccent(typed):
        return _accents(expected, typed, context)
    if fold(expected) == fold(typed):
        return _enye(expected, typed, context)
    if frozenset((expected, typed)) in tables.SOUND_PAIRS[lang]:
        return Finding("G1", context.grade(), expected, typed)
    if expected in NUMBER_WORDS[lang] and typed in NUMBER_WORDS[lang]:
        return Finding("M1", Grade.WRONG, expected, typed)
    return _letters(expected, typed, context)


def _accents(expected: str, typed: str, context: Context) -> Finding:
    bare = unaccent(expected)
    pair = context.lang == "es" and bare in tables.ACCENT_PAIRS
    if pair:
        return Finding("A3" if context.cloze else "A2", context.grade(), expected, typed)
    added = any(
        there != plain and here == plain for here, there, plain in zip(expected, typed, bare, strict=False)
    )
    makes_word = context.word(typed)
    if not added:
        strict = context.cloze and makes_word
        return Finding("A3" if strict else "A1", Grade.WRONG if strict else Grade.ALMOST, expected, typed)
    if makes_word:
        return Finding("A4", Grade.WRONG, expected, typed)
    if context.single and context.foreign(typed):
        return Finding("X1", Grade.WRONG, expected, typed)
    return Finding("A5", Grade.ALMOST, expected, typed)


def _enye(expected: str, typed: str, context: Context) -> Finding:
    if context.lang == "en":
        return Finding("A5", Grade.ALMOST, expected, typed)
    # The word made may lack its accent too: soñó typed sono is sonó.
    swapped = "".join(
        there if {here, there} == {"n", "ñ"} else here for here, there in zip(expected, typed, strict=False)
    )
    made = any(context.word(each) for each in (typed, swapped, unaccent(typed)))
    return Finding("E1" if made else "E2", Grade.WRONG if made else Grade.ALMOST, expected, typed)


def _letters(expected: str, typed: str, context: Context) -> Finding:
    lang = context.lang
    bare, written = unaccent(expected), unaccent(typed)
    if typed in tables.OPPOSITES[lang].get(expected, ()):
        return Finding("T2", Grade.WRONG, expected, typed)
    near = one_typo_apart(bare, written)
    is_word = context.like_word(typed)
    if not near:
        far = not is_word and len(expected) >= 4 and typed.isalpha() and context.word(expected)
        return Finding("T3" if far and _looks_meant(bare, written) else "V1", Grade.WRONG, expected, typed)
    if is_word:
        return Finding(
            "V1" if tables.same_stem(expected, typed, lang) else "T2", Grade.WRONG, expected, typed
        )
    if len(expected) < 4 or not typed.isalpha():
        return Finding("T3", Grade.WRONG, expected, typed)
    if context.foreign(typed):
        return Finding("X1", Grade.WRONG, expected, typed)
    if _torn(expected, written, context):
        return Finding("T2", Grade.WRONG, expected, typed)
    return Finding("T1", Grade.ALMOST, expected, typed)


def _looks_meant(expected: str, typed: str) -> bool:
    """Whether a word that is none still resembles the expected one: same beginning or same end."""
    return abs(len(expected) - len(typed)) <= 2 and (expected[:2] == typed[:2] or expected[-3:] == typed[-3:])


def _torn(expected: str, written: str, context: Context) -> bool:
    """Whether the typed letters are as near to an opposite, or to another number, as to the expected word."""
    others = set(tables.OPPOSITES[context.lang].get(expected, ()))
    if expected in NUMBER_WORDS[context.lang] or expected in tables.NEGATIONS[context.lang]:
        others |= NUMBER_WORDS[context.lang] | tables.NEGATIONS[context.lang]
    if context.lang == "en":
        others |= {"never"} if expected == "ever" else set()
    for prefix in tables.TURNING_PREFIXES[context.lang]:
        if context.word(prefix + expected):
            others.add(prefix + expected)
        if expected.startswith(prefix) and context.word(expected[len(prefix) :]):
            others.add(expected[len(prefix) :])
    others.discard(expected)
    return any(written == (bare := unaccent(other)) or one_typo_apart(bare, written) for other in others)


def is_name_for(expected: Atom, typed: Atom, *, first: bool, context: Context) -> bool:
    """Whether the typed word is a name, seen where a name may stand: Mario for María is no slip."""
    known = lexicon(context.lang)
    if not known.is_name(typed.text):
        return False
    only_name = known.is_name(expected.text) and not context.word(expected.text)
    return only_name or (not first and (typed.capital or expected.capital))


def compare_numbers(expected: Atom, typed: Atom, lang: str, neighbours: frozenset[str]) -> Finding | None:
    """Two numbers, at least one of them in digits. `neighbours`: the words around, for dates."""
    one, other = expected.number, typed.number
    if one is None or other is None:
        return Finding("M1", Grade.WRONG, expected.raw or expected.text, typed.raw or typed.text)
    same = one.value == other.value and (one.minute or 0) == (other.minute or 0)
    same = same and (_same_order(one, other) or bool(neighbours & MONTHS[lang]) and _dated(one, other))
    if not same:
        return Finding("M1", Grade.WRONG, expected.raw, typed.raw)
    if other.repaired:
        return Finding("T1", Grade.ALMOST, expected.raw, typed.raw)
    return None if expected.text == typed.text else Finding("M1", Grade.FREE, expected.raw, typed.raw)


def _same_order(one: Number, other: Number) -> bool:
    kinds = {one.ordinal, other.ordinal}
    if len(kinds) == 1:
        return True
    if "" in kinds:
        return False
    return "any" in kinds or ("any_m" in kinds and "f" not in kinds)


def _dated(one: Number, other: Number) -> bool:
    """May 1 is May first; el 1 de mayo is el primero de mayo."""
    return "" in (one.ordinal, other.ordinal) and {one.ordinal, other.ordinal} <= {"", "any", "any_m", "m"}
