"""Text as people search it: no accents, no case, one space between words."""

from __future__ import annotations

import unicodedata

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "’": "'"})
MOST_WORDS = 8


def fold(text: str) -> str:
    """`Éxito en la  MINA` becomes `exito en la mina`. What has no base letter stays."""
    plain = "".join(
        letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)
    )
    plain = "".join(letter for letter in plain if unicodedata.category(letter) not in ("Cf", "Cc", "Cs"))
    return " ".join(plain.casefold().translate(_LIGATURES).split())


def words(text: str) -> list[str]:
    """The words to look for, each escaped for LIKE with a backslash; at most eight."""
    return [
        word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        for word in fold(text).split()[:MOST_WORDS]
    ]
