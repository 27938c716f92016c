"""Text as people type it and programs damage it: compared, cleaned, shortened."""

import re
import unicodedata
from functools import lru_cache

from .problems import N_, Refusal

_LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "’": "'"})
# Line breaks and tabs are kept: lists are written with them.
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"\s+")
# UTF-8 that was read as Windows-1252 and saved again: "JosÃ©", "NuÃ±ez", "Â¿".
_MOJIBAKE = re.compile(
    "[ÃÂ][\u0080-\u00bf\u0152-\u0161\u0178-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)
_SHEET_ERROR = re.compile(
    r"#(N/[AD]|¡?REF!|¡?VALOR!|VALUE!|VALEUR!|¡?DIV/0!|¿?NOMBRE\?|NAME\?|NOM\?|¡?NUM!|¡?NULL!|¡?NULO!|#+)",
    re.I,
)
_BLANKS = {"", "-", "--", "---", "–", "—", "n/a", "n/d", "s/d", "s.d.", "n.d.", "(vacío)", "(blank)", "null"}

DAMAGED = N_(
    "Letters in “%(text)s” were damaged by another program. Save the file again as “CSV UTF-8” or .xlsx."
)
SHEET_ERROR = N_("The spreadsheet shows the error %(text)s here. Correct the formula, or type the value.")
TOO_LONG = N_("This cell holds %(length)s characters; the most that fits is %(limit)s.")
HIDDEN_REMOVED = N_("Invisible characters were left out.")


def unaccented(text: str) -> str:
    """Lower case without accents: ñ becomes n, œ becomes oe. Length and spacing may change."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """What stays the same however a word is typed: its letters and digits, no accents, no case."""
    return "".join(char for char in unaccented(text) if char.isalnum())


def squeeze(text: str) -> str:
    """Trim, and make every run of spaces, tabs and line breaks one space."""
    return _SPACES.sub(" ", text).strip()


def shortened(text: str, limit: int = 80) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def shown(text: str) -> str:
    """A cell's text as it can be shown and stored anywhere: one line, nothing invisible, 80 characters."""
    return shortened(squeeze(_visible(text[:400])))


def _visible(text: str) -> str:
    return _INVISIBLE.sub("", _CONTROLS.sub("", text))


def clean(text: str, limit: int) -> tuple[str, bool]:
    """The text without what cannot be seen, and whether anything was left out.

    Raises `Refusal` for damaged letters, for a spreadsheet's error value and beyond `limit`.
    """
    if len(text) > limit:
        raise Refusal(TOO_LONG, length=len(text), limit=limit)
    removed = False
    if not text.isascii() or not text.isprintable():
        visible = _visible(text)
        removed = visible != text
        text = unicodedata.normalize("NFC", visible)
        if "\ufffd" in text or _MOJIBAKE.search(text):
            raise Refusal(DAMAGED, text=shortened(squeeze(text)))
    text = text.strip()
    # Excel's own mark for "this is text", which also keeps an exported cell from being a formula.
    if len(text) > 1 and text[0] == "'" and text[1] in "=+-@＝＋－＠":
        text = text[1:]
    if text.startswith("#") and _SHEET_ERROR.fullmatch(text):
        raise Refusal(SHEET_ERROR, text=text)
    return ("" if text.casefold() in _BLANKS else text), removed
