"""Whether a typed answer is right, nearly right or wrong, and by which rule."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple

from portal.learning.checking.align import Alignment, align
from portal.learning.checking.compare import Context, Finding, Grade
from portal.learning.checking.lexicon import ABROAD, lexicon
from portal.learning.checking.text import MARKUP, clean, fold
from portal.learning.checking.tokens import SEPARATORS, Atom, atoms_of, has_digits, has_scale, with_numbers
from portal.learning.checking.verdict import Mark, Message, Op, Verdict

MODES = ("sentence", "cloze", "dictation")
LONGEST = 600  # characters of an answer worth reading; an expected answer may be longer
FEW_WORDS = 8  # below this many expected words one typo is forgiven, from it on two

# When several differences decide, the one that teaches most is named.
WRONG_ORDER = ("X1", "E1", "M1", "S3", "K3", "K2", "A3", "A4", "G1", "G2", "T2", "L1", "V1", "T3", "W1")
ALMOST_ORDER = ("E2", "T1", "S1", "S2", "K2", "G1", "G2", "A2", "A5", "A1")
FREE_ORDER = ("M3", "M1", "M2", "K1", "N3")
TWO_KEYS = {
    "M1": ("M1.correct", "M1.wrong"),
    "K2": ("K2", "K2.wrong"),
    "G1": ("G1", "G1.wrong"),
    "G2": ("G2", "G2.wrong"),
}
SPLITTERS = {
    "es": re.compile(r"[/|;,()=\n]| [ou] ", re.IGNORECASE),
    "en": re.compile(r"[/|;,()=\n]| or ", re.IGNORECASE),
}


class Reading(NamedTuple):
    """The typed answer read as one of the expected ones."""

    grade: Grade
    too_many: bool
    alignment: Alignment
    expected: Sequence[Atom]
    typed: Sequence[Atom]
    answer: str


def check(
    mode: str,
    lang: str,
    expected: Sequence[str],
    typed: str,
    *,
    prompt: str | None = None,
    course_words: Collection[str] = (),
) -> Verdict:
    """Judge `typed` against every answer in `expected`.

    `lang` is the language answered in, "es" or "en"; `course_words` are further words of it, in lower case.
    Raises `ValueError` for another mode or language, never for any text.
    """
    if mode not in MODES:
        raise ValueError(f"unknown mode: {mode!r}")
    if lang not in ABROAD:
        raise ValueError(f"unknown language: {lang!r}")
    answers = [answer for answer in map(clean, expected) if answer]
    limit = max(LONGEST, *(2 * len(answer) for answer in answers)) if answers else LONGEST
    # The cut comes before cleaning: normalising a megabyte would be work for nothing.
    text = clean(typed[: 4 * limit])
    if not text:
        return _wrong("X2", "X2")
    if text in answers and len(typed) <= 4 * limit:
        return Verdict(Mark.CORRECT, "N1", Message("N1"), ((Op.SAME, text),), text)
    if len(text) > limit or len(typed) > 4 * limit:
        return _wrong("W1", "W1.long")
    if MARKUP.search(text) and not any(MARKUP.search(answer) for answer in answers):
        return _wrong("X3", "X3")
    typed_atoms = atoms_of(text, lang)
    if not any(atom.text not in SEPARATORS for atom in typed_atoms):
        return _wrong("X2", "X2")
    single = len(typed_atoms) == 1
    context = Context(lang, mode == "cloze", course_words, single)
    readings = [_read(answer, typed_atoms, context) for answer in answers]
    if not readings:
        return _wrong("V1", "W1")
    best = min(readings, key=_worth)
    if best.grade is not Grade.FREE and _abroad(typed_atoms, best, prompt, context):
        return _wrong("X1", "X1", best)
    if best.grade is Grade.FREE:
        return _correct(text, best, answers)
    if best.grade is Grade.ALMOST:
        return _named(Mark.ALMOST, best, ALMOST_ORDER)
    return _refused(text, best, readings, context)


@lru_cache(maxsize=4096)
def _atoms(answer: str, lang: str) -> tuple[Atom, ...]:
    return atoms_of(answer, lang)


def _read(answer: str, typed: tuple[Atom, ...], context: Context) -> Reading:
    atoms = _atoms(answer, context.lang)
    reading = _aligned(answer, atoms, typed, context)
    digits = has_digits(atoms) or has_digits(typed)
    if digits or (reading.grade is not Grade.FREE and has_scale(atoms, context.lang)):
        atoms = with_numbers(atoms, context.lang)
        typed = with_numbers(typed, context.lang, repair=digits)
        reading = min(reading, _aligned(answer, atoms, typed, context), key=_worth)
    return reading


def _worth(reading: Reading) -> tuple[Grade, int]:
    return reading.grade, reading.alignment.price


def _aligned(answer: str, atoms: Sequence[Atom], typed: Sequence[Atom], context: Context) -> Reading:
    alignment = align(atoms, typed, context)
    grade = max((finding.grade for finding in alignment.findings), default=Grade.FREE)
    words = sum(1 for atom in atoms if not atom.place)
    slips = sum(finding.rule == "T1" for finding in alignment.findings)
    too_many = slips > (1 if words < FEW_WORDS else 2)
    return Reading(Grade.WRONG if too_many else grade, too_many, alignment, atoms, typed, answer)


def _abroad(typed: Sequence[Atom], best: Reading, prompt: str | None, context: Context) -> bool:
    """Whether the answer as a whole is in the prompt's language."""
    words = [atom.text for atom in typed if not atom.number]
    if not words or fold("".join(words)) == fold("".join(atom.text for atom in best.expected)):
        return False
    other = ABROAD[context.lang]
    if prompt and [atom.text for atom in atoms_of(clean(prompt), other)] == [
        atom.text for atom in atoms_of(" ".join(atom.raw for atom in typed if atom.raw), other)
    ]:
        return True
    if best.grade is Grade.ALMOST:
        return False
    strangers = [word for word in words if lexicon(other).has(word.replace("'s", ""))]
    at_home = [word for word in words if context.word(word)]
    return len(strangers) * 10 >= len(words) * 8 and len(at_home) < len(strangers)


def _correct(text: str, best: Reading, answers: Sequence[str]) -> Verdict:
    rules = {finding.rule: finding for finding in best.alignment.findings}
    diff = ((Op.SAME, best.answer),)
    for rule in FREE_ORDER:
        if finding := rules.get(rule):
            key = TWO_KEYS.get(rule, (rule,))[0]
            return Verdict(Mark.CORRECT, rule, _message(key, finding), diff, best.answer)
    words = Counter(atom.text for atom in best.expected)
    earlier = answers[: answers.index(best.answer)]
    if any(Counter(atom.text for atom in _atoms(answer, "es")) == words for answer in earlier):
        return Verdict(Mark.CORRECT, "O1", Message("O1.correct"), diff, best.answer)
    if any(mark in best.answer and mark not in text for mark in "¿¡"):
        return Verdict(Mark.CORRECT, "N2", Message("N2.opening"), diff, best.answer)
    return Verdict(Mark.CORRECT, *_free_rule(text, best.answer), diff, best.answer)


def _free_rule(text: str, answer: str) -> tuple[str, Message]:
    if text.count("-") != answer.count("-"):
        return "N3", Message("N3")
    dots = re.compile(r"\b(?:\w\.){2,}")
    if bool(dots.search(text)) != bool(dots.search(answer)):
        return "N4", Message("N4")
    return "N2", Message("N2")


def _named(mark: Mark, best: Reading, order: Sequence[str]) -> Verdict:
    """The verdict under the first rule of `order` that was found."""
    grade = Grade.WRONG if mark is Mark.WRONG else Grade.ALMOST
    found = [finding for finding in best.alignment.findings if finding.grade is grade]
    finding = min(found, key=lambda each: order.index(each.rule))
    key = TWO_KEYS.get(finding.rule, (finding.rule, finding.rule))[mark is Mark.WRONG]
    if finding.rule == "W1":
        key = "W1" if len(found) > 1 else "W1.missing" if finding.expected else "W1.extra"
    return Verdict(mark, finding.rule, _message(key, finding), _diff(best), best.answer)


def _refused(text: str, best: Reading, readings: Sequence[Reading], context: Context) -> Verdict:
    if _two_answers(text, best, readings, context):
        return _wrong("L1", "L1", best)
    findings = best.alignment.findings
    if best.too_many and not any(finding.grade is Grade.WRONG for finding in findings):
        return _wrong("T3", "T3.many", best)
    wrong = {finding.rule for finding in findings if finding.grade is Grade.WRONG}
    if len(wrong) > 1 or wrong <= {"V1", "W1", "T2"}:
        same_words = Counter(atom.text for atom in best.expected) == Counter(atom.text for atom in best.typed)
        if same_words:
            return _wrong("O1", "O1.wrong", best)
        if _blend(readings):
            return _wrong("L1", "L1.blend", best)
    return _named(Mark.WRONG, best, WRONG_ORDER)


def _two_answers(text: str, best: Reading, readings: Sequence[Reading], context: Context) -> bool:
    splitter = SPLITTERS[context.lang]
    parts = [part for part in splitter.split(text) if part.strip()]
    if len(parts) < 2 or len(splitter.findall(best.answer)) >= len(splitter.findall(text)):
        return False
    return any(
        _read(reading.answer, atoms_of(part, context.lang), context).grade < Grade.WRONG
        for reading in readings
        for part in parts[:4]
    )


def _blend(readings: Sequence[Reading]) -> bool:
    if len(readings) < 2:
        return False
    typed = {atom.text for atom in readings[0].typed}
    answers = [{atom.text for atom in reading.expected} for reading in readings]
    return typed <= set().union(*answers) and not any(typed <= words for words in answers)


def _wrong(rule: str, key: str, best: Reading | None = None) -> Verdict:
    diff, nearest = (_diff(best), best.answer) if best else ((), "")
    return Verdict(Mark.WRONG, rule, Message(key), diff, nearest)


def _message(key: str, finding: Finding) -> Message:
    return Message(key, {"expected": finding.expected, "typed": finding.typed})


def _diff(best: Reading) -> tuple[tuple[Op, str], ...]:
    """Words in reading order; neighbours with the same fate are one segment."""
    segments: list[tuple[Op, str]] = []

    def put(op: Op, atoms: Sequence[Atom]) -> None:
        words = " ".join(atom.raw or atom.text for atom in atoms if atom.raw or not atom.place)
        if words and segments and segments[-1][0] is op:
            segments[-1] = (op, f"{segments[-1][1]} {words}")
        elif words:
            segments.append((op, words))

    changed = _changed_groups(best)
    i = j = 0
    for step in best.alignment.steps:
        here, there = best.expected[i : i + step.length], best.typed[j : j + step.width]
        whole = not (here and changed & set(range(i, i + step.length)))
        i, j = i + step.length, j + step.width
        if whole and all(finding.grade is Grade.FREE for finding in step.findings):
            put(Op.SAME, here)
        else:
            put(Op.EXTRA, there)
            put(Op.MISSING, here)
    return tuple(segments)


def _changed_groups(best: Reading) -> set[int]:
    """The places of expected atoms whose contraction is not all there: it is shown whole."""
    changed: set[int] = set()
    i = 0
    for step in best.alignment.steps:
        if step.length and any(finding.grade is not Grade.FREE for finding in step.findings):
            atom = best.expected[i]
            start = i - atom.place
            changed.update(range(start, start + atom.size))
        i += step.length
    return changed
