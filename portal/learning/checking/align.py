"""The cheapest way to read what was typed as one expected answer, with a finding for each difference."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import NamedTuple

from portal.learning.checking import tables
from portal.learning.checking.compare import (
    Context,
    Finding,
    Grade,
    compare_numbers,
    compare_words,
    is_name_for,
    said_alike,
)
from portal.learning.checking.lexicon import lexicon
from portal.learning.checking.numbers import CARDINALS
from portal.learning.checking.text import unaccent
from portal.learning.checking.tokens import SEPARATORS, Atom

MISSING = Finding("W1", Grade.WRONG)
PRICE = {Grade.FREE: 1, Grade.ALMOST: 100, Grade.WRONG: 10_000}
CONFUSED_WORDS = frozenset(word for apart in tables.CONFUSED_APART for word in apart.split())
BAND = 5  # how far the two sides may slide apart


Place = tuple[int, int]


class Step(NamedTuple):
    """`length` expected atoms read against `width` typed atoms."""

    length: int
    width: int
    findings: tuple[Finding, ...] = ()
    extra: int = 0  # settles ties: an unlike word costs more than a like one

    @property
    def price(self) -> int:
        return self.extra + sum(PRICE[finding.grade] for finding in self.findings)


class Alignment(NamedTuple):
    price: int
    steps: tuple[Step, ...]

    @property
    def findings(self) -> list[Finding]:
        return [finding for step in self.steps for finding in step.findings]


def align(expected: Sequence[Atom], typed: Sequence[Atom], context: Context) -> Alignment:
    """Cheapest path over both atom sequences; the cheapest open place goes on first, so a good answer is quick."""
    goal = (len(expected), len(typed))
    drift = goal[1] - goal[0]
    low, high = min(0, drift) - BAND, max(0, drift) + BAND
    came: dict[Place, tuple[int, Place | None, Step | None]] = {(0, 0): (0, None, None)}
    waiting: list[tuple[int, Place]] = [(0, (0, 0))]
    while waiting:
        price, here = heappop(waiting)
        if here == goal:
            break
        if price > came[here][0]:
            continue
        for step in _steps(expected, typed, *here, context):
            there = (here[0] + step.length, here[1] + step.width)
            total = price + step.price
            if low <= there[1] - there[0] <= high and (there not in came or total < came[there][0]):
                came[there] = (total, here, step)
                heappush(waiting, (total, there))
    steps: list[Step] = []
    at: Place | None = goal
    while at is not None:
        _, at, step = came[at]
        if step is not None:
            steps.append(step)
    return Alignment(came[goal][0], tuple(reversed(steps)))


def _steps(
    expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int, context: Context
) -> Iterator[Step]:
    left, right = expected[i : i + 1], typed[j : j + 1]
    if left and right:
        one, other = left[0], right[0]
        if one.text == other.text and one.source == other.source and not one.number and not other.number:
            yield Step(1, 1)
            # Nothing beats a plain match, but a doubled word or a contraction may be read otherwise.
            if one.size == 1 and one.hyphen == other.hyphen and not (j and typed[j - 1].text == other.text):
                return
        else:
            yield from _word_for_word(expected, typed, i, j, context)
        yield from _groups(expected, typed, i, j, context)
        yield from _joined(expected, typed, i, j, context)
    if left:
        yield _left_out(left[0])
    if right:
        yield _put_in(typed, j, context.lang)


def _word_for_word(
    expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int, context: Context
) -> Iterator[Step]:
    one, other = expected[i], typed[j]
    if one.number or other.number:
        if one.number and other.number and said_alike(one.number, other.number):
            yield from _same_words(one, other, context)
            return
        around = frozenset(atom.text for atom in (*expected[max(0, i - 1) : i], *expected[i + 1 : i + 3]))
        finding = compare_numbers(one, other, context.lang, around)
        yield Step(1, 1, (finding,) if finding else ())
        return
    if one.text == other.text or other.text == one.also or one.text == other.also:
        yield Step(1, 1, (Finding("K1", Grade.FREE, one.text, other.text),))
        return
    finding = compare_words(one.text, other.text, context)
    if finding is None:
        yield Step(1, 1)
        return
    if finding.rule == "M2" and other.text in tables.UK_NOUNS:
        before = expected[i - 1].text if i else "to"
        if before in tables.BEFORE_VERB:
            finding = Finding("T2", Grade.WRONG, one.text, other.text)
    if finding.rule == "T1" and is_name_for(one, other, first=not i, context=context):
        finding = Finding("T2", Grade.WRONG, one.text, other.text)
    if finding.rule == "V1" and _heard_alike(one, other):
        finding = finding._replace(rule="K3")
    if finding.rule == "T1" and (one.source or other.source):
        return  # a part of a contraction: judged whole, in _groups
    finding = finding._replace(expected=one.raw or one.text, typed=other.raw or other.text)
    yield Step(1, 1, (finding,), extra=0 if finding.rule != "V1" else 5)


def _heard_alike(one: Atom, other: Atom) -> bool:
    return frozenset(
        (one.source or one.text.replace("'", ""), other.source or other.text.replace("'", ""))
    ) in (tables.HEARD_ALIKE)


def _same_words(one: Atom, other: Atom, context: Context) -> Iterator[Step]:
    """The same number, in words on both sides: and and a/one are free, everything else is as in any words."""
    left, right = (_number_core(atom.text.split(), context.lang) for atom in (one, other))
    if len(left) != len(right):
        yield Step(1, 1, (Finding("M1", Grade.FREE, one.raw, other.raw),))
        return
    pairs = zip(left, right, strict=True)
    found = [finding for here, there in pairs if (finding := compare_words(here, there, context))]
    yield Step(
        1,
        1,
        tuple(found) or ((Finding("M1", Grade.FREE, one.raw, other.raw),) if one.text != other.text else ()),
    )


def _number_core(words: list[str], lang: str) -> list[str]:
    if lang == "es":
        return words
    return ["one" if word == "a" else word for word in words if word != "and"]


def _left_out(atom: Atom) -> Step:
    if atom.text in SEPARATORS:
        return Step(1, 0)
    return Step(1, 0, (MISSING._replace(expected=atom.raw or atom.text),))


def _put_in(typed: Sequence[Atom], j: int, lang: str) -> Step:
    atom = typed[j]
    shown = atom.raw or atom.text
    if atom.text in SEPARATORS:
        ends = j in (0, len(typed) - 1)
        return Step(0, 1, () if ends else (Finding("L1", Grade.WRONG, typed=shown),))
    again = j and typed[j - 1].text == atom.text and not (atom.broken or atom.hyphen or atom.source)
    careful = atom.text in tables.NEGATIONS[lang] or atom.text in CARDINALS[lang] or atom.number
    if again and not careful:
        return Step(0, 1, (Finding("S2", Grade.ALMOST, typed=shown),))
    return Step(0, 1, (Finding("W1", Grade.WRONG, typed=shown),))


def _groups(
    expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int, context: Context
) -> Iterator[Step]:
    """Contractions, and Spanish al and del."""
    one, other = expected[i], typed[j]
    if context.lang == "es":
        if tuple(atom.text for atom in typed[j : j + 2]) == tables.FUSED.get(one.text):
            yield Step(1, 2, (Finding("G2", context.grade(), one.text, " ".join(tables.FUSED[one.text])),))
        return
    opens, opened = (atom.source and not atom.place for atom in (one, other))
    if opens and opened and one.source == other.source:
        yield Step(one.size, other.size, _apostrophe(one, other, context))
    elif opens:
        yield from _source_against(one.source, other, one.size, 1, one, other, context)
    elif opened:
        if not one.source and one.text.replace("'", "") == other.source:
            yield Step(1, other.size, (Finding("K2", context.grade(), one.text, other.raw),))
        elif _heard_alike(one, other):
            yield Step(1, other.size, (Finding("K3", Grade.WRONG, one.text, other.raw),))
    elif restored := _restored(other.text):
        texts = [atom.text for atom in expected[i : i + len(restored)]]
        if texts == list(restored) and not any(atom.source for atom in expected[i : i + len(restored)]):
            yield Step(len(restored), 1, (Finding("K2", context.grade(), " ".join(texts), other.raw),))
    yield from _turned(expected, typed, i, j)
    yield from _noun_is(expected, typed, i, j)


def _apostrophe(one: Atom, other: Atom, context: Context) -> tuple[Finding, ...]:
    same = one.raw.lower() == other.raw.lower()
    return () if same else (Finding("K2", context.grade(), one.raw, other.raw),)


def _source_against(
    source: str, word: Atom, length: int, width: int, one: Atom, other: Atom, context: Context
) -> Iterator[Step]:
    if word.source:
        return
    letters = word.text.replace("'", "")
    if letters == source:
        yield Step(length, width, (Finding("K2", context.grade(), one.raw, other.raw),))
        return
    if _heard_alike(one, word):
        yield Step(length, width, (Finding("K3", Grade.WRONG, one.raw, other.raw),))
        return
    # A slip inside a contraction; the n't must be whole.
    finding = compare_words(source, letters, context)
    kept = not source.endswith("nt") or letters.endswith("nt")
    if finding and finding.rule == "T1" and kept and _restored(letters) is None:
        yield Step(length, width, (finding._replace(expected=one.raw, typed=other.raw),))


def _restored(word: str) -> tuple[str, ...] | None:
    """The full form of a contraction typed without its apostrophe, unless that is a word of its own."""
    return None if word in tables.WORDS_WITHOUT_APOSTROPHE else _bare_contractions().get(word)


@lru_cache(maxsize=1)
def _bare_contractions() -> dict[str, tuple[str, ...]]:
    table = {each.replace("'", ""): full for each, full in tables.AUXILIARIES_WITH_NOT.items()}
    for pronoun in (*tables.PRONOUNS, "who", "that", "what", "there"):
        for ending, word in tables.ENDINGS.items():
            table[pronoun + ending[1:]] = (pronoun, word)
    for subject in tables.BEFORE_IS:
        table[subject + "s"] = (subject, "is")
    for plural in ("ones", "hows", "whens", "wheres", "whys", "whos", "this"):
        table.pop(plural, None)
    return table


def _turned(expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int) -> Iterator[Step]:
    """Don't you agree? is Do you not agree?"""
    for short, full in ((expected[i : i + 3], typed[j : j + 3]), (typed[j : j + 3], expected[i : i + 3])):
        if len(short) == len(full) == 3 and short[0].source and short[1].text == "not" and short[0].size == 2:
            verb, negation, who = (atom.text for atom in short)
            if who in tables.PRONOUNS and [atom.text for atom in full] == [verb, who, negation]:
                yield Step(3, 3, (Finding("K1", Grade.FREE, short[0].raw, verb),))


def _noun_is(expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int) -> Iterator[Step]:
    """The steward's here = The steward is here. A possessive is never opened."""
    for full, short in ((expected[i : i + 3], typed[j]), (typed[j : j + 3], expected[i])):
        if len(full) < 2 or short.text != f"{full[0].text}'s" or any(atom.source for atom in full[:2]):
            continue
        after = full[2].text if len(full) > 2 else ""
        verb = "has" if after in tables.HAS_BEFORE else "is"
        opens = short is typed[j] or after in tables.AFTER_IS or verb == "has"
        if full[1].text == verb and opens:
            found = (Finding("K1", Grade.FREE, full[0].raw, short.raw),)
            yield Step(2, 1, found) if short is typed[j] else Step(1, 2, found)


def _joined(
    expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int, context: Context
) -> Iterator[Step]:
    """Words run together, words broken, and hyphens, which are a space or nothing."""
    for count in (2, 3):
        if not (_may_join(expected, i, count, typed[j]) or _may_join(typed, j, count, expected[i])):
            continue
        if len(run := expected[i : i + count]) == count and _plain(*run, typed[j]):
            finding = _one_for_many([a.text for a in run], typed[j], all(a.hyphen for a in run[1:]), context)
            if finding:
                yield Step(count, 1, finding)
        if (
            len(run := typed[j : j + count]) == count
            and _plain(*run, expected[i])
            and not any(a.broken for a in run[1:])
        ):
            finding = _many_for_one(expected[i], run, all(a.hyphen for a in run[1:]), context)
            if finding:
                yield Step(1, count, finding)
    if context.lang == "es" and (expected[i].text in CONFUSED_WORDS or typed[j].text in CONFUSED_WORDS):
        yield from _confused(expected, typed, i, j)


def _may_join(run: Sequence[Atom], start: int, count: int, whole: Atom) -> bool:
    """Lengths first: most neighbours are far from being one word."""
    total = sum(len(atom.text) for atom in run[start : start + count])
    return abs(total - len(whole.text)) <= 2


def _plain(*atoms: Atom) -> bool:
    return not any(atom.number or atom.source or atom.text in SEPARATORS for atom in atoms)


def _one_for_many(parts: list[str], typed: Atom, hyphens: bool, context: Context) -> tuple[Finding, ...]:
    whole, apart = "".join(parts), " ".join(parts)
    word = typed.text
    same = lexicon(context.lang).standard
    if same("_".join(parts)) == same(word):
        return (Finding("M2", Grade.FREE, apart, word),)
    guarded = word in tables.APART[context.lang]
    if hyphens and not guarded:
        return _hyphenated(whole, word, parts, context)
    if unaccent(whole) != unaccent(word):
        return ()
    if guarded or context.like_word(word):
        return (Finding("S3", Grade.WRONG, apart, typed.raw),)
    accents = compare_words(whole, word, context)
    return (Finding("S1", Grade.ALMOST, apart, typed.raw), *((accents,) if accents else ()))


def _many_for_one(
    expected: Atom, run: Sequence[Atom], hyphens: bool, context: Context
) -> tuple[Finding, ...]:
    parts = [atom.text for atom in run]
    whole, apart = "".join(parts), " ".join(parts)
    same = lexicon(context.lang).standard
    if same("_".join(parts)) == same(expected.text):
        return (Finding("M2", Grade.FREE, expected.text, apart),)
    guarded = expected.text in tables.APART[context.lang]
    if hyphens and not guarded:
        return _hyphenated(expected.text, whole, parts, context)
    if unaccent(whole) != unaccent(expected.text):
        return ()
    if guarded or all(context.like_word(part) for part in parts):
        return (Finding("S3", Grade.WRONG, expected.text, apart),)
    accents = compare_words(expected.text, whole, context)
    return (Finding("S1", Grade.ALMOST, expected.text, apart), *((accents,) if accents else ()))


def _hyphenated(expected: str, typed: str, parts: list[str], context: Context) -> tuple[Finding, ...]:
    finding = compare_words(expected, typed, context)
    if finding is None:
        return (Finding("N3", Grade.FREE, expected, typed),)
    # A whole word hung on by a hyphen is a word too many, not a slip.
    slipped = finding.grade is Grade.ALMOST and not all(
        context.like_word(part) or lexicon(context.lang).is_name(part) for part in parts
    )
    return (finding,) if slipped or finding.grade is Grade.FREE else ()


def _confused(expected: Sequence[Atom], typed: Sequence[Atom], i: int, j: int) -> Iterator[Step]:
    for apart, whole in tables.CONFUSED_APART.items():
        two = apart.split()
        if [a.text for a in expected[i : i + 2]] == two and unaccent(typed[j].text) == unaccent(whole):
            yield Step(2, 1, (Finding("S3", Grade.WRONG, apart, typed[j].raw),))
        if [a.text for a in typed[j : j + 2]] == two and expected[i].text == whole:
            yield Step(1, 2, (Finding("S3", Grade.WRONG, whole, apart),))
