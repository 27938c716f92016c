"""Number words and digits of Spanish and English as values."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Number(NamedTuple):
    value: Decimal
    ordinal: str = ""  # "", "any", "m", "f" or "short" (primer, tercer)
    digits: bool = False
    minute: int | None = None  # of a clock time
    repaired: bool = False  # a number word with one wrong letter


_ES_UNITS = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince".split()
_ES_TEENS = "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro"
_ES_TWENTIES = "veinticinco veintiséis veintisiete veintiocho veintinueve"
_EN_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()

SMALL = {
    "es": {word: n for n, word in enumerate([*_ES_UNITS, *_ES_TEENS.split(), *_ES_TWENTIES.split()])}
    | {"un": 1, "una": 1, "veintiún": 21, "veintiuna": 21}
    | {"dieciseis": 16, "veintidos": 22, "veintitres": 23, "veintiseis": 26, "veintiun": 21},
    "en": {word: n for n, word in enumerate(_EN_UNITS)},
}
TENS = {
    "es": {
        w: 30 + 10 * n
        for n, w in enumerate("treinta cuarenta cincuenta sesenta setenta ochenta noventa".split())
    },
    "en": {
        w: 20 + 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
    },
}
_ES_HUNDREDS = "doscient trescient cuatrocient quinient seiscient setecient ochocient novecient".split()
HUNDREDS = {"cien": 100, "ciento": 100} | {
    stem + end: 200 + 100 * n for n, stem in enumerate(_ES_HUNDREDS) for end in ("os", "as")
}
SCALES = {
    "es": {"mil": 1000, "millón": 10**6, "millon": 10**6, "millones": 10**6},
    "en": {"thousand": 1000, "million": 10**6, "millions": 10**6, "billion": 10**9},
}
_EN_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
).split()
ORDINALS: dict[str, dict[str, tuple[int, str]]] = {
    "en": {word: (n, "any") for n, word in enumerate(_EN_ORDINALS, 1)}
    | {tens[:-1] + "ieth": (n, "any") for tens, n in TENS["en"].items()}
    | {"hundredth": (100, "any"), "thousandth": (1000, "any")},
    "es": {"primer": (1, "short"), "tercer": (3, "short")},
}
_ES_ORDINALS = (
    "primer segund tercer cuart quint sext séptim octav noven décim undécim duodécim decimotercer decimocuart "
    "decimoquint"
).split()
for _n, _stem in enumerate(_ES_ORDINALS, 1):
    ORDINALS["es"][_stem + "o"] = (_n, "m")
    ORDINALS["es"][_stem + "a"] = (_n, "f")
ORDINALS["es"] |= {"vigésimo": (20, "m"), "vigésima": (20, "f")}

ORDINAL_SUFFIXES = {
    "es": {
        "º": "any_m",
        "°": "any_m",
        "o": "any_m",
        "ro": "m",
        "do": "m",
        "to": "m",
        "mo": "m",
        "no": "m",
        "vo": "m",
    }
    | {"er": "short", "ª": "f", "a": "f", "ra": "f", "da": "f", "ta": "f", "ma": "f", "na": "f", "va": "f"},
    "en": dict.fromkeys(("st", "nd", "rd", "th"), "any"),
}
MONTHS = {
    "es": frozenset(
        "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre".split()
    ),
    "en": frozenset(
        "january february march april may june july august september october november december".split()
    ),
}
CARDINALS = {
    lang: frozenset(SMALL[lang]) - {"un", "una", "uno", "one"}
    | frozenset(TENS[lang])
    | frozenset(SCALES[lang])
    for lang in ("es", "en")
}
CARDINALS["es"] |= frozenset(HUNDREDS)
CARDINALS["en"] |= {"hundred"}
_NO_NUMBER_BEFORE = {"es": frozenset(("por",)), "en": frozenset(("no", "each", "any", "every"))}


def word_value(word: str, lang: str) -> tuple[int, bool] | None:
    """The value of one number word and whether it is an ordinal; un, una and one may be articles: None."""
    if word in CARDINALS[lang]:
        tables = (SMALL[lang], TENS[lang], SCALES[lang], HUNDREDS if lang == "es" else {"hundred": 100})
        return next(table[word] for table in tables if word in table), False
    if (ordinal := ORDINALS[lang].get(word)) and word != "second":
        return ordinal[0], True
    return None


def from_digits(text: str, lang: str) -> Decimal | None:
    """The value of 1,500 or 3.5 as Mexico and the United States write them; None when it is no number."""
    groups = text.split(",")
    grouped = (
        len(groups) > 1 and all(len(part.split(".")[0]) == 3 for part in groups[1:]) and len(groups[0]) <= 3
    )
    if grouped:
        text = "".join(groups)
    elif lang == "es" and text.count(".") >= 1 and all(len(part) == 3 for part in text.split(".")[1:]):
        text = text.replace(".", "")  # 1.500: a point between thousands is read too
    elif lang == "es" and len(groups) == 2:
        text = text.replace(",", ".")
    try:
        return Decimal(text).normalize()
    except InvalidOperation:
        return None


def read_run(words: Sequence[str], start: int, lang: str) -> tuple[Decimal, int] | None:
    """Read the longest number in words (a first word in digits allowed) at `start`: its value and its length."""
    small, tens, scales = SMALL[lang], TENS[lang], SCALES[lang]
    if start and words[start - 1] in _NO_NUMBER_BEFORE[lang]:
        return None
    total, part, taken = Decimal(0), Decimal(-1), 0
    place, scale_limit = 1000, None  # the next word must be smaller than `place`
    at = start
    while at < len(words):
        word = words[at]
        if (
            lang == "en"
            and word == "a"
            and at == start
            and words[at + 1 : at + 2]
            and words[at + 1] in ("hundred", "thousand", "million")
        ):
            part, at = Decimal(1), at + 1
            continue
        joined = (word == "and" and lang == "en" and (place == 100 or total) and part != -2) or (
            word == "y" and lang == "es" and place == 10
        )
        if joined and taken:
            following = words[at + 1] if at + 1 < len(words) else ""
            fits = (following in small and 0 < small[following] < place) or (
                following in tens and place == 100
            )
            if not fits or (lang == "es" and small.get(following, 99) > 9):
                break
            at += 1
            continue
        if word[:1].isdigit() and at == start and (value := from_digits(word, lang)) is not None:
            part, place = value, 0
        elif word in small and small[word] < place and not (place == 10 and small[word] == 0):
            if lang == "es" and place == 10 and words[at - 1] != "y":
                break
            part, place = max(part, Decimal(0)) + small[word], 0
        elif word in tens and tens[word] < place:
            part, place = max(part, Decimal(0)) + tens[word], 10
        elif lang == "es" and word in HUNDREDS and place == 1000:
            part, place = Decimal(HUNDREDS[word]), (0 if word == "cien" else 100)
        elif lang == "en" and word == "hundred" and 0 < part < 100:
            part, place = part * 100, 100
        elif (
            word in scales
            and (scale_limit is None or scales[word] < scale_limit)
            and (part > 0 or (lang == "es" and word == "mil" and part == -1))
        ):
            total += max(part, Decimal(1)) * scales[word]
            scale_limit, part, place = scales[word], Decimal(-1), 1000
        else:
            break
        at += 1
        taken = at
    if not taken:
        return None
    return (total + max(part, Decimal(0))).normalize(), taken - start
