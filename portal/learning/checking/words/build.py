"""Expand Hunspell dictionaries into the compact word lists the answer checker reads.

The lists are committed, so this runs only when a dictionary is renewed:

    npm pack dictionary-es-mx@2.0.0 dictionary-en@4.0.0 dictionary-en-ca@3.0.0 dictionary-en-gb@3.0.0
    python -m portal.learning.checking.words.build DIRECTORY_WITH_THE_FOUR_ARCHIVES

The same archives give the same bytes. An archive whose SHA-256 is not the one below is refused.
"""

import hashlib
import re
import sys
import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import marisa_trie

from portal.learning.checking.text import fold, unaccent

HERE = Path(__file__).parent
ARCHIVES = {
    "dictionary-es-mx-2.0.0.tgz": "89f26b9821ab0ebbca319c52ca875a87d8e2abbb56cae0f06c0940d51b5e54cd",
    "dictionary-en-4.0.0.tgz": "160cba5e6c0230d43d70b0c929e498566ff2c3c4bcf840318d98ce28e31ee756",
    "dictionary-en-ca-3.0.0.tgz": "e38333de5903f0c7690b6f0eedbadad73e84fede0d8351f99e08c2c4a8231961",
    "dictionary-en-gb-3.0.0.tgz": "67b3ac7f78c31408927b9e4e4f55bbd6a338ae6596a5c09bd937e471694fa218",
}
SPANISH = "dictionary-es-mx-2.0.0.tgz"
AMERICAN = "dictionary-en-4.0.0.tgz"
CANADIAN = "dictionary-en-ca-3.0.0.tgz"
BRITISH = "dictionary-en-gb-3.0.0.tgz"

# British or Canadian pattern -> American one; a pair counts only when both words are in the lists.
SPELLING_PATTERNS = [
    (r"our", "or"),
    (r"re\b", "er"),
    (r"res\b", "ers"),
    (r"red\b", "ered"),
    (r"ring\b", "ering"),
    (r"is(e[drs]?|es|ers|ing|ings|ation|ations|able|ational)\b", r"iz\1"),
    (r"ys(e[drs]?|es|ers|ing)\b", r"yz\1"),
    (r"ogue", "og"),
    (r"ence", "ense"),
    (r"c(e[ds]?|ing)\b", r"s\1"),
    (r"ll", "l"),
    (r"l\b", "ll"),
    (r"l(s|ment|ments|ful|fully)\b", r"ll\1"),
    (r"ae", "e"),
    (r"oe", "e"),
    (r"ou", "o"),
    (r"gement", "gment"),
    (r"eing\b", "ing"),
    (r"eable\b", "able"),
    (r"pp", "p"),
    (r"tt", "t"),
    (r"ss", "s"),
    (r"mme", "m"),
    (r"mmes\b", "ms"),
    (r"ph", "f"),
    (r"sc", "sk"),
    (r"grey", "gray"),
    (r"plough", "plow"),
    (r"tyre", "tire"),
    (r"kerb", "curb"),
    (r"que(s?)\b", r"ck\1"),
    (r"([a-z]+)ium\b", r"\1um"),
    (r"é", "e"),
]

# Pairs the patterns find that are two different words.
NOT_PAIRS = {"cosiness", "costumire", "fayre", "matt", "matts", "manilla", "reconnoitring"}


class Affix(NamedTuple):
    prefix: bool
    cross: bool
    strip: str
    add: str
    flags: str
    condition: re.Pattern[str]

    def apply(self, word: str) -> str | None:
        if not self.condition.search(word):
            return None
        if self.prefix:
            return self.add + word[len(self.strip) :] if word.startswith(self.strip) else None
        return word[: len(word) - len(self.strip)] + self.add if word.endswith(self.strip) else None


def affixes(lines: Iterable[str]) -> dict[str, list[Affix]]:
    """Read the PFX and SFX tables; flags are single characters in these dictionaries."""
    table: dict[str, list[Affix]] = {}
    crossing: dict[str, bool] = {}
    for line in lines:
        fields = line.split()
        if len(fields) < 4 or fields[0] not in ("PFX", "SFX"):
            continue
        kind, flag = fields[:2]
        if flag not in crossing:
            crossing[flag] = fields[2] == "Y"
            continue
        strip, (add, _, flags) = fields[2].replace("0", ""), fields[3].partition("/")
        condition = fields[4] if len(fields) > 4 else "."
        pattern = f"^{condition}" if kind == "PFX" else f"{condition}$"
        table.setdefault(flag, []).append(
            Affix(kind == "PFX", crossing[flag], strip, "" if add == "0" else add, flags, re.compile(pattern))
        )
    return table


def forms(stem: str, flags: str, table: dict[str, list[Affix]]) -> Iterator[str]:
    """Yield `stem` with every prefix, suffix, suffix on a suffix, and prefix with suffix its flags allow."""
    yield stem
    suffixed: list[str] = []
    for affix in (each for flag in flags for each in table.get(flag, ())):
        form = affix.apply(stem)
        if form is None:
            continue
        yield form
        if not affix.prefix:
            if affix.cross:
                suffixed.append(form)
            if affix.flags:
                yield from forms(form, affix.flags, table)
    for affix in (each for flag in flags for each in table.get(flag, ()) if each.prefix and each.cross):
        yield from filter(None, (affix.apply(form) for form in suffixed))


class Lists(NamedTuple):
    """One language or region: every form, the forms that head an entry, names and abbreviations; lower case."""

    words: set[str]
    stems: set[str]
    names: set[str]


def expand(archive: Path) -> Lists:
    """Read one dictionary archive and open its affixes."""
    if hashlib.sha256(archive.read_bytes()).hexdigest() != ARCHIVES[archive.name]:
        raise SystemExit(f"{archive.name} is not the archive these lists were made from.")
    with tarfile.open(archive) as tar:
        parts = [tar.extractfile(f"package/index.{end}") for end in ("aff", "dic")]
        aff, dic = (part.read().decode() for part in parts if part)
    table = affixes(aff.splitlines())
    words: set[str] = set()
    stems: set[str] = set()
    names: set[str] = set()
    for line in dic.splitlines()[1:]:
        stem, _, flags = line.partition("/")
        if not stem or stem[0].isdigit():
            continue
        into = names if stem[0].isupper() else words
        if into is words and stem.isalpha():
            stems.add(stem)
        into.update(form.lower() for form in forms(stem, flags, table) if form.isalpha())
    return Lists(words, stems, names)


def spellings(american: set[str], others: set[str]) -> dict[str, str]:
    """Pair each word only British or Canadian lists hold with its American spelling."""
    pairs = {}
    for word in sorted(others - american - NOT_PAIRS):
        for pattern, replacement in SPELLING_PATTERNS:
            here = re.sub(pattern, replacement, word, count=1)
            if here != word and here in american:
                pairs[word] = here
                break
    return pairs


def write_lists(lang: str, lists: Lists) -> None:
    # What is left of a word whose accents, or accents and tildes, were not typed.
    bare = {form for word in lists.words for form in (fold(word), unaccent(word))}
    for name, words in (
        ("words", lists.words),
        ("folded", bare - lists.words),
        ("stems", lists.stems),
        ("names", lists.names),
    ):
        marisa_trie.Trie(sorted(words)).save(str(HERE / f"{lang}.{name}"))


def main(directory: Path) -> None:
    """Write the eight word lists and the generated spelling pairs beside this file."""
    write_lists("es", expand(directory / SPANISH))
    regions = [expand(directory / archive) for archive in (AMERICAN, CANADIAN, BRITISH)]
    write_lists("en", Lists(*(set().union(*lists) for lists in zip(*regions, strict=True))))
    american, canadian, british = (lists.words for lists in regions)
    pairs = spellings(american, canadian | british)
    lines = [f"{there}\t{here}\n" for there, here in sorted(pairs.items())]
    (HERE / "en.spellings.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
