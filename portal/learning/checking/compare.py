"""One expected word against one typed word: which rule, and how grave."""

from collections.abc import Collection
from enum import IntEnum
from typing import NamedTuple

from portal.learning.checking import tables
from portal.learning.checking.lexicon import ABROAD, lexicon
from portal.learning.checking.numbers import CARDINALS, MONTHS, ORDINALS, Number, word_value
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

    def cognate(self, expected: str, typed: str) -> bool:
        """Whether `typed` is the prompt language's twin of `expected`: importante, important."""
        other = lexicon(ABROAD[self.lang])
        if self.word(typed) or not other.has(typed):
            return False
        # Any form counts after a vowel more, importante; elsewhere rare verb forms would catch plain slips.
        if typed[:-1] == expected and typed[-1] in "aeo" and typed[-1] != expected[-1]:
            return True
        if len(typed) < 4 or not other.is_stem(typed):
            return False
        at_the_end = typed == expected[:-1] or typed[:-1] == expected[:-1]
        return at_the_end or "tion" in typed or "ción" in typed

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
    one, other = word_value(expected, lang), word_value(typed, lang)
    if one is not None and other is not None and one != other:
        return Finding("M1", Grade.WRONG, expected, typed)
    return _letters(expected, typed, context)


def _accents(expected: str, typed: str, context: Context) -> Finding:
    bare = unaccent(expected)
    pair = (
        context.lang == "es" and bare in (expected, typed) and bool({expected, typed} & tables.ACCENT_PAIRS)
    )
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
    if not one_typo_apart(bare, written):
        slipped = len(expected) >= 4 and _looks_meant(bare, written) and not context.like_word(typed)
        return Finding("T3" if slipped else "V1", Grade.WRONG, expected, typed)
    is_word = context.like_word(typed)
    if is_word:
        return Finding(
            "V1" if tables.same_stem(expected, typed, lang) else "T2", Grade.WRONG, expected, typed
        )
    if len(expected) < 4 or not typed.isalpha():
        return Finding("T3", Grade.WRONG, expected, typed)
    if lang == "en" and typed == f"{expected}s" and not expected.endswith("s"):
        # informations, importants: a plural where English has none is grammar, not a slip.
        return Finding("V1", Grade.WRONG, expected, typed)
    if context.cognate(expected, typed):
        return Finding("X1", Grade.WRONG, expected, typed)
    if _accent_lost(expected, bare, typed, context):
        return Finding("A3" if context.cloze else "A4", Grade.WRONG, expected, typed)
    if _torn(expected, written, context):
        return Finding("T2", Grade.WRONG, expected, typed)
    return Finding("T1", Grade.ALMOST, expected, typed)


def _looks_meant(expected: str, typed: str) -> bool:
    """Whether a word that is none still resembles the expected one: same beginning or same end."""
    return (
        typed.isalpha()
        and abs(len(expected) - len(typed)) <= 2
        and (expected[:2] == typed[:2] or expected[-3:] == typed[-3:])
    )


def _accent_lost(expected: str, bare: str, typed: str, context: Context) -> bool:
    """Whether, the slip mended, the accent still makes another word: trabjó for trabajo."""
    if typed.isascii() and expected != bare:
        return context.cloze and context.word(bare)
    if typed.isascii() or one_typo_apart(expected, typed):
        return False
    accented = (
        bare[:at] + "áéíóú"["aeiou".index(char)] + bare[at + 1 :]
        for at, char in enumerate(bare)
        if char in "aeiou"
    )
    return any(each != expected and context.word(each) and one_typo_apart(each, typed) for each in accented)


def _torn(expected: str, written: str, context: Context) -> bool:
    """Whether the typed letters are as near to an opposite, or to another number, as to the expected word."""
    others = set(tables.OPPOSITES[context.lang].get(expected, ()))
    for kind in (CARDINALS[context.lang], frozenset(ORDINALS[context.lang])):
        if expected in kind:
            others |= kind
    for prefix in tables.TURNING_PREFIXES[context.lang]:
        if context.word(prefix + expected):
            others.add(prefix + expected)
        rest = expected.removeprefix(prefix)
        if rest != expected and len(rest) >= 4 and context.word(rest):
            others.add(rest)
    value = word_value(expected, context.lang)
    others = {
        each for each in others if each != expected and (not value or word_value(each, context.lang) != value)
    }
    return any(written == (bare := unaccent(other)) or one_typo_apart(bare, written) for other in others)


def is_name_for(expected: Atom, typed: Atom, *, first: bool, context: Context) -> bool:
    """Whether the typed word is a name, seen where a name may stand: Mario for María is no slip."""
    known = lexicon(context.lang)
    if not known.is_name(typed.text):
        return False
    if expected.capital and known.is_name(expected.text):
        return True
    return not first and (typed.capital or expected.capital)


def said_alike(one: Number, other: Number) -> bool:
    """Whether both stand in words and mean the same: then the words themselves are compared."""
    return not one.digits and not other.digits and one[:4] == other[:4]


def compare_numbers(expected: Atom, typed: Atom, lang: str, neighbours: frozenset[str]) -> Finding | None:
    """Two numbers, at least one of them in digits. `neighbours`: the words around, for dates."""
    one, other = expected.number, typed.number
    if one is None or other is None:
        return Finding("M1", Grade.WRONG, expected.raw or expected.text, typed.raw or typed.text)
    same = one.value == other.value and (one.minute or 0) == (other.minute or 0)
    same = same or (lang == "en" and (_year_said(one, other) or _year_said(other, one)))
    same = same and (_same_order(one, other) or (bool(neighbours & MONTHS[lang]) and _dated(one, other)))
    if not same:
        return Finding("M1", Grade.WRONG, expected.raw, typed.raw)
    if other.repaired:
        return Finding("T1", Grade.ALMOST, expected.raw, typed.raw)
    return None if expected.text == typed.text else Finding("M1", Grade.FREE, expected.raw, typed.raw)


def _year_said(year: Number, said: Number) -> bool:
    """1942 is said nineteen forty-two, which reads like a clock time."""
    if not year.digits or year.minute is not None or said.minute is None or said.digits:
        return False
    return year.value >= 1100 and year.value == said.value * 100 + said.minute


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
