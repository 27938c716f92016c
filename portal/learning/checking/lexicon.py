"""What is a word of a language: the committed lists, read on first use, and the course's own words."""

from collections.abc import Collection
from functools import lru_cache
from pathlib import Path

import marisa_trie

from portal.learning.checking.text import fold, unaccent

FOLDER = Path(__file__).parent / "words"
ABROAD = {"es": "en", "en": "es"}  # each language's prompt language


def _trie(name: str) -> marisa_trie.Trie:
    trie = marisa_trie.Trie()
    trie.mmap(str(FOLDER / name))
    return trie


def _lines(name: str) -> list[str]:
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


class Lexicon:
    """The words of one language."""

    def __init__(self, lang: str) -> None:
        self._words = _trie(f"{lang}.words")
        self._folded = _trie(f"{lang}.folded")
        self._stems = _trie(f"{lang}.stems")
        self._names = _trie(f"{lang}.names")
        self._course = frozenset(_lines(f"{lang}.course.txt"))
        self._course_bare = frozenset(bare for word in self._course for bare in (fold(word), unaccent(word)))
        self._never = frozenset(_lines(f"{lang}.not.txt"))
        self._same: dict[str, str] = {}
        for line in _lines(f"{lang}.same.txt"):
            first, *others = line.split()
            self._same.update(dict.fromkeys(others, first))
        if lang == "en":
            for line in _lines("en.spellings.tsv"):
                there, here = line.split("\t")
                self._same[there] = here

    def has(self, word: str, more: Collection[str] = ()) -> bool:
        """Whether lower-case `word` is a word exactly as it stands."""
        if word in self._never:
            return False
        return word in self._words or word in self._course or word in more

    def like(self, word: str, more: Collection[str] = ()) -> bool:
        """Whether lower-case `word` is a word that may lack its accents and tildes; those it has must be right."""
        if word in self._never:
            return False
        bare = unaccent(word)
        if bare != word:
            return self.has(word, more)
        if bare in self._words or bare in self._folded or bare in self._course_bare:
            return True
        return any(bare in (fold(each), unaccent(each)) for each in more)

    def is_stem(self, word: str) -> bool:
        """Whether lower-case `word` heads a dictionary entry, or is the plain plural of one that does."""
        return word in self._stems or (word.endswith("s") and word[:-1] in self._stems)

    def is_name(self, word: str) -> bool:
        return word in self._names

    def standard(self, word: str) -> str:
        """The one spelling that stands for all equal ones: colour gives color."""
        found = self._same.get(word)
        if found is None and len(word) > 6:
            # A prefix hides a known pair: deenergised, reorganised.
            for prefix in ("de", "re", "un", "co", "non", "pre"):
                if word.startswith(prefix) and (rest := self._same.get(word[len(prefix) :])):
                    return prefix + rest
        return found or word


@lru_cache(maxsize=2)
def lexicon(lang: str) -> Lexicon:
    return Lexicon(lang)
