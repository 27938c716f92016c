"""Cleaning and folding of typed text, before anything is compared."""

import re
import unicodedata
from functools import lru_cache

# Combining acute, diaeresis and tilde, as NFD writes them.
TILDE = "\u0303"
MARKUP = re.compile(
    r"<\s*[/!]?\s*[a-z][^<>]*>?|</|<!--|&[a-z]{2,8};|&#x?[0-9a-f]+;|\{\{|\{%|\]\(|\*\*\S|__\w|```|\\[a-z]{2,}\{",
    re.IGNORECASE,
)
APOSTROPHES = dict.fromkeys(map(ord, "’‘‛´`ʼ′＇ʹ"), "'")
HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")


def clean(text: str) -> str:
    """NFC without invisible characters; one kind of apostrophe, of hyphen and of space."""
    # A spacing accent would hide an apostrophe from NFC, so apostrophes are unified first.
    text = unicodedata.normalize("NFC", text.translate(APOSTROPHES | HYPHENS))
    kept = (
        " " if unicodedata.category(char) in ("Zs", "Zl", "Zp") or char in "\t\n\r\v\f" else char
        for char in text
        if unicodedata.category(char) not in ("Cf", "Cc", "Cs") or char in "\t\n\r\v\f"
    )
    # Removing a joiner may bring a letter and its accent together.
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


@lru_cache(maxsize=8192)
def fold(word: str) -> str:
    """`word` without any accent, ñ included."""
    return "".join(char for char in unicodedata.normalize("NFD", word) if not unicodedata.combining(char))


@lru_cache(maxsize=8192)
def unaccent(word: str) -> str:
    """`word` without accents; ñ is a letter of its own and stays."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word).replace(f"n{TILDE}", "ñ").replace(f"N{TILDE}", "Ñ")
    return "".join(char for char in parts if not unicodedata.combining(char))
