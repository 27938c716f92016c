"""From clean text to atoms: words, numbers and the signs that carry meaning, contractions opened."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from portal.learning.checking import numbers, tables
from portal.learning.checking.lexicon import lexicon
from portal.learning.checking.numbers import Number
from portal.learning.checking.words_close import one_typo_apart

LETTER = r"(?:[^\W_0-9]|[\u0300-\u036f])"
DOTTED = re.compile(rf"(?<!{LETTER})(?<!\.)((?:[^\W\d_]\.){{1,6}}[^\W\d_])\.?(?!{LETTER})")
SPACED_DOTS = re.compile(r"\b([ap])\. ?(m)\b\.?", re.IGNORECASE)
GROUPED = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?: [0-9]{3})+(?![0-9])")  # 12 500
STATES = re.compile(r"\bEE\. ?UU\b\.?", re.IGNORECASE)
TOKEN = re.compile(
    rf"(?P<number>(?:(?<![\w.])\.)?[0-9]+(?:[.,][0-9]+)*(?::[0-9]{{2}}(?![0-9]))?)(?P<suffix>\.?[ºª°]|{LETTER}+)?"
    rf"|(?P<word>{LETTER}+(?:'{LETTER}+)*(?:(?<=[sS])'(?!{LETTER}))?|{LETTER}+[0-9]+)"
    r"|(?P<sign>[%‰$€£¥¢&°/|=+@×÷±≤≥≠]|[<>](?= ?[0-9]))"
)
SIGNS = {
    "es": {
        "%": "por ciento",
        "€": "euros",
        "£": "libras",
        "¥": "yenes",
        "¢": "centavos",
        "&": "y",
        "°": "grados",
    },
    "en": {"%": "percent", "€": "euros", "£": "pounds", "¥": "yen", "¢": "cents", "&": "and", "°": "degrees"},
}
CURRENCY = {"es": ("peso", "pesos"), "en": ("dollar", "dollars")}
MONEY_WORDS = frozenset(
    "peso pesos dólar dólares dolares dollar dollars usd mxn euro euros cents centavos".split()
)
SEPARATORS = frozenset("/|")


@dataclass(frozen=True, slots=True)
class Atom:
    """One unit of comparison. A contraction gives a group of atoms that share `source`."""

    text: str  # lower case
    raw: str = ""  # as written; empty in the later atoms of a group
    source: str = ""  # the contraction without its apostrophe, or ""
    size: int = 1  # atoms in the group
    place: int = 0  # of this atom in its group
    hyphen: bool = False  # joined to the atom before by a hyphen
    broken: bool = False  # a comma or other mark stands before it
    capital: bool = False
    also: str = ""  # another reading of the same atom ('d: would, had)
    number: Number | None = None


def atoms_of(text: str, lang: str) -> tuple[Atom, ...]:
    """Split clean text into atoms. Digits stay words here: see `with_numbers`."""
    text = DOTTED.sub(lambda match: match[1].replace(".", ""), text)
    text = STATES.sub("EEUU", SPACED_DOTS.sub(r"\1\2", text))
    text = GROUPED.sub(lambda match: match[0].replace(" ", ""), text)
    found: list[Atom] = []
    end = 0
    currency = signed = False
    for match in TOKEN.finditer(text):
        gap = text[end : match.start()]
        end = match.end()
        hyphen = gap == "-" and bool(found) and not signed
        broken = bool(gap.strip("- ")) and bool(found)
        signed = bool(match["sign"])
        if gap.endswith("-") and match["number"] and not hyphen:
            found.append(Atom("menos" if lang == "es" else "minus", "-"))
        if sign := match["sign"]:
            if sign == "$":
                currency = True
            else:
                for at, word in enumerate(SIGNS[lang].get(sign, sign).split()):
                    found.append(Atom(word, "" if at else sign, broken=broken))
            continue
        if number := match["number"]:
            _add_number(found, number, match["suffix"] or "", lang, Atom("", hyphen=hyphen, broken=broken))
            if currency:
                currency = False
                found.append(Atom("$"))
            continue
        word = match["word"]
        if lang == "es":
            word = word.replace("'", "")
        elif word.endswith("'") and text.count("'", 0, match.start()) > text.count("s'", 0, match.start()):
            word = word[:-1]  # it closes a quotation
        if not word:
            continue
        found.append(
            Atom(
                word.lower(),
                word,
                hyphen=hyphen,
                broken=broken,
                capital=word[:1].isupper() and not word.isupper(),
            )
        )
    if currency:
        found.append(Atom("$", "$"))
    found = _place_currency(found, lang)
    return tuple(_open_contractions(found) if lang == "en" else found)


def _add_number(found: list[Atom], digits: str, suffix: str, lang: str, like: Atom) -> None:
    low = suffix.lower().lstrip(".")
    ordinal = numbers.ORDINAL_SUFFIXES[lang].get(low, "")
    clock, _, minute = digits.partition(":")
    value = numbers.from_digits(clock, lang)
    if value is None:
        found.append(replace(like, text=digits + suffix.lower(), raw=digits + suffix))
        return
    if low == "°" and not ordinal:
        ordinal, low = "", "grados" if lang == "es" else "degrees"
    known = Number(value, ordinal, digits=True, minute=int(minute) if minute else None)
    found.append(
        replace(
            like,
            text=digits + (suffix.lower() if ordinal else ""),
            raw=digits + (suffix if ordinal else ""),
            number=known,
        )
    )
    if low and not ordinal:
        found.append(Atom(low, suffix))


def _place_currency(found: list[Atom], lang: str) -> list[Atom]:
    """Say `$` in words, after its number, unless the currency is named already."""
    placed: list[Atom] = []
    scales = numbers.SCALES[lang]
    waiting = False
    for at, atom in enumerate(found):
        if atom.text == "$":
            waiting = True
        else:
            placed.append(atom)
        following = found[at + 1] if at + 1 < len(found) else None
        if waiting and not (following and following.text in scales):
            waiting = False
            if following is None or following.text not in MONEY_WORDS:
                before = placed[-1].number if placed else None
                single = before is not None and before.value == 1
                placed.append(Atom(CURRENCY[lang][0 if single else 1]))
    return placed


def _open_contractions(found: list[Atom]) -> list[Atom]:
    opened: list[Atom] = []
    for at, atom in enumerate(found):
        following = next((each.text for each in found[at + 1 :] if each.text not in tables.PASSED_OVER), "")
        words, also = _expansion(atom.text, following)
        if len(words) == 1:
            opened.append(atom)
            continue
        source = atom.text.replace("'", "")
        for place, word in enumerate(words):
            opened.append(
                Atom(
                    word,
                    "" if place else atom.raw,
                    source,
                    len(words),
                    place,
                    atom.hyphen and not place,
                    atom.broken and not place,
                    atom.capital and not place,
                    also if place == len(words) - 1 else "",
                )
            )
    return opened


def _expansion(word: str, following: str) -> tuple[tuple[str, ...], str]:
    if word == "cannot":
        return ("can", "not"), ""
    if "'" not in word or word.endswith("'"):
        return (word,), ""
    if word in tables.AUXILIARIES_WITH_NOT:
        return tables.AUXILIARIES_WITH_NOT[word], ""
    if word == "let's":
        return ("let", "us"), ""
    base, _, ending = word.rpartition("'")
    if "'" in base:  # wouldn't've
        inner, _ = _expansion(base, ending)
        return ((*inner, "have"), "") if ending == "ve" and len(inner) > 1 else ((word,), "")
    ending = f"'{ending}"
    if ending in tables.ENDINGS:
        return (base, tables.ENDINGS[ending]), ""
    if ending == "'d":
        if following in tables.HAD_BEFORE or (following.endswith("ed") and len(following) > 4):
            return (base, "had"), ""
        return (base, "would"), "had" if following in tables.WOULD_OR_HAD_BEFORE else ""
    if ending == "'s" and base in tables.BEFORE_IS:
        return (base, "has" if following in tables.HAS_BEFORE else "is"), ""
    return (word,), ""


def has_digits(atoms: tuple[Atom, ...]) -> bool:
    return any(atom.number for atom in atoms)


def has_scale(atoms: tuple[Atom, ...], lang: str) -> bool:
    """Whether a hundred, a thousand or more is named, which English says in several ways."""
    return lang == "en" and any(atom.text in numbers.SCALES[lang] or atom.text == "hundred" for atom in atoms)


def with_numbers(atoms: tuple[Atom, ...], lang: str, *, repair: bool = False) -> tuple[Atom, ...]:
    """Read runs of number words as one number each; `repair` forgives one wrong letter in a number word."""
    words = [atom.text for atom in atoms]
    mended: set[int] = set()
    if repair:
        for at, word in enumerate(words):
            if right := _number_word_near(word, lang):
                words[at] = right
                mended.add(at)
    read: list[Atom] = []
    at = 0
    while at < len(atoms):
        atom = atoms[at]
        run = None
        if not (atom.number and (atom.number.ordinal or atom.number.minute is not None)):
            run = numbers.read_run(words, at, lang)
        ordinal = _ordinal(words, at, lang)
        if ordinal and (run is None or ordinal[1] >= run[1]):
            number, length = ordinal
        elif run is None:
            read.append(atom)
            at += 1
            continue
        else:
            number, length = Number(run[0]), run[1]
        if length > 1 or not atom.number:
            taken = range(at, at + length)
            number = number._replace(digits=bool(atom.number), repaired=any(each in mended for each in taken))
            raw = " ".join(atoms[each].raw for each in taken if atoms[each].raw)
            atom = replace(
                atom,
                text=" ".join(words[each] for each in taken),
                raw=raw,
                number=number,
                source="",
                size=1,
                place=0,
            )
        read.append(atom)
        at += length
    return tuple(_clock(read, lang))


def _ordinal(words: list[str], at: int, lang: str) -> tuple[Number, int] | None:
    table = numbers.ORDINALS[lang]
    if found := table.get(words[at]):
        return Number(Decimal(found[0]), found[1]), 1
    tens = numbers.TENS[lang].get(words[at]) if lang == "en" else None
    if tens and at + 1 < len(words) and (unit := table.get(words[at + 1])) and unit[0] < 10:
        return Number(Decimal(tens + unit[0]), "any"), 2
    return None


def _number_word_near(word: str, lang: str) -> str | None:
    if len(word) < 4 or word in numbers.CARDINALS[lang] or lexicon(lang).like(word):
        return None
    near = {each for each in numbers.CARDINALS[lang] if len(each) >= 4 and one_typo_apart(each, word)}
    return near.pop() if len(near) == 1 else None


def _clock(atoms: list[Atom], lang: str) -> list[Atom]:
    """Join the words of a clock time: eight thirty, half past eight, las ocho y media."""
    joined: list[Atom] = []
    at = 0
    while at < len(atoms):
        texts = [atom.text for atom in atoms[at : at + 4]]
        hour, minute, length = _time_at(atoms, at, texts, lang)
        if length:
            raw = " ".join(atom.raw for atom in atoms[at : at + length] if atom.raw)
            joined.append(Atom(" ".join(texts[:length]), raw, number=Number(hour, minute=minute)))
        else:
            joined.append(atoms[at])
        at += length or 1
    return joined


def _time_at(atoms: list[Atom], at: int, texts: list[str], lang: str) -> tuple[Decimal, int, int]:
    def value(index: int) -> Decimal | None:
        found = atoms[at + index].number if at + index < len(atoms) else None
        plain = found and not found.ordinal and found.minute is None
        return found.value if found and plain else None

    none = Decimal(0), 0, 0
    if lang == "en" and texts[:2] == ["half", "past"] and (hour := value(2)) is not None:
        return hour, 30, 3
    if lang == "en" and texts[:2] == ["quarter", "past"] and (hour := value(2)) is not None:
        return hour, 15, 3
    hour = value(0)
    if hour is None or not 0 <= hour <= 24:
        return none
    if lang == "es" and texts[1:2] == ["y"] and texts[2:3] in (["media"], ["cuarto"]):
        return hour, 30 if texts[2] == "media" else 15, 3
    if lang == "es" and texts[1:2] == ["y"] and (minute := value(2)) is not None and minute < 60:
        return hour, int(minute), 3
    if lang == "en" and texts[1:2] in (["o'clock"], ["oclock"]):
        return hour, 0, 2
    if lang == "es" and texts[1:3] == ["en", "punto"]:
        return hour, 0, 3
    minute = value(1)
    if minute is not None and 10 <= minute < 60 and not any(_in_digits(atom) for atom in atoms[at : at + 2]):
        return hour, int(minute), 2
    return none


def _in_digits(atom: Atom) -> bool:
    return atom.number is not None and atom.number.digits
