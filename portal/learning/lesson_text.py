"""Small questions about text that the lesson loader asks again and again."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import sha256

WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
INNER_MARK = re.compile(r"[,;:.!?…]\s|\s[¿¡—–]")
EMPHASIS = re.compile(r"\*\*[^*]+\*\*|\*[^*]+\*")
EDGE_MARKS = '¿¡.,;:!?…"“”«»()'
ARTICLES = {
    "es": ("el ", "la ", "los ", "las ", "un ", "una "),
    "en": ("the ", "a ", "an ", "to "),
}


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text, casefolded, apostrophes straight, without punctuation."""
    plain = unicodedata.normalize("NFC", text).replace("’", "'").casefold()
    return tuple(WORD.findall(plain))


def same_words(one: str, other: str) -> bool:
    return words_of(one) == words_of(other)


def headwords(text: str, language: str) -> tuple[str, ...]:
    """The forms in a dictionary entry: "el compañero, la compañera" holds compañero and compañera."""
    found = []
    for part in re.split(r"[,;/]", text):
        form = part.strip(" ¿¡!?.…")
        for article in ARTICLES.get(language, ()):
            if form.casefold().startswith(article) and len(form) > len(article):
                form = form[len(article) :]
                break
        if form:
            found.append(form)
    return tuple(found)


def holds(text: str, form: str) -> bool:
    """True when the words of `form` stand next to each other, in order, in `text`."""
    wanted, tokens = words_of(form), words_of(text)
    return bool(wanted) and any(
        tokens[start : start + len(wanted)] == wanted for start in range(len(tokens) - len(wanted) + 1)
    )


def unknown_words(text: str, forms: Iterable[tuple[str, ...]], loose: frozenset[str]) -> tuple[str, ...]:
    """The words of `text` that belong to none of `forms` (each a run of words) and are not in `loose`."""
    tokens = words_of(text)
    covered = [token in loose or token.isdigit() for token in tokens]
    for form in forms:
        size = len(form)
        for start in range(len(tokens) - size + 1):
            if tokens[start : start + size] == form:
                covered[start : start + size] = [True] * size
    return tuple(token for token, known in zip(tokens, covered, strict=True) if not known)


def pieces(text: str, keep_capital: frozenset[str]) -> tuple[str, ...]:
    """A sentence as loose pieces to be put in order, the first without a telling capital letter.

    `keep_capital` holds the casefolded words that always start with one, such as names.
    """
    parts = [part.strip(EDGE_MARKS) for part in text.split()]
    parts = [part for part in parts if part]
    if parts and parts[0].casefold() not in keep_capital:
        parts[0] = parts[0][0].lower() + parts[0][1:]
    return tuple(parts)


def shuffled(items: Iterable[str], seed: str) -> tuple[str, ...]:
    """The items in an order that looks random, is the same on every machine, and is not the one given."""
    given = tuple(items)
    marked = sorted(
        range(len(given)), key=lambda place: sha256(f"{seed}\0{place}\0{given[place]}".encode()).digest()
    )
    mixed = tuple(given[place] for place in marked)
    return mixed if mixed != given else mixed[1:] + mixed[:1]


def emphasis_is_closed(text: str) -> bool:
    """True when every * belongs to a *pair* or a **pair** and none stands inside another."""
    return "*" not in EMPHASIS.sub("", text)
