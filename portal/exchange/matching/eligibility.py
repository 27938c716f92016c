"""Who may go where: every failing reason of every pair, and the stay of every pair that passes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from .schema import Participant, Placement, Round

CODES = (
    "same_union", "window", "passport", "entry", "cert", "dates_combined", "sector", "language", "ban",
    "not_acceptable", "pinned_elsewhere",
)  # fmt: skip
MOST_LISTED_PAIRS = 1_500_000  # a larger table of reasons would not fit in memory as JSON

_FOREVER = 10_000_000  # a day later than the last one of the calendar
_PLAIN = tuple(code for code in CODES if code != "cert")
_BIT = {code: np.uint32(1 << at) for at, code in enumerate(_PLAIN)}
_FIRST_CERT_BIT = len(_PLAIN)


@dataclass(frozen=True, slots=True)
class Eligibility:
    """`reasons[p, j]` has a bit for each failing rule; the other arrays list the pairs without any, by (p, j)."""

    reasons: np.ndarray
    person: np.ndarray
    place: np.ndarray
    first: np.ndarray  # ordinal of the first day of the stay
    days: np.ndarray
    below: np.ndarray  # the person is below the level and would use an interpreter seat

    def codes(self, round_: Round, person: int, place: int) -> list[str]:
        return _codes(int(self.reasons[person, place]), round_.placements[place])

    def single(self, person: int) -> Iterator[tuple[int, int]]:
        """Placements that fail exactly one rule for `person`, with the bit of that rule."""
        row = self.reasons[person]
        for place in np.flatnonzero((row != 0) & (row & (row - 1) == 0)):
            yield int(place), int(row[place])

    def pair(self, person: int, place: int) -> int | None:
        """Where the pair stands in the lists, or None when it fails a rule."""
        low = np.searchsorted(self.person, person)
        high = np.searchsorted(self.person, person, side="right")
        at = low + np.searchsorted(self.place[low:high], place)
        return int(at) if at < high and self.place[at] == place else None


def _codes(bits: int, place: Placement) -> list[str]:
    found = []
    for code in CODES:
        if code == "cert":
            found += [
                f"cert:{name}" for at, name in enumerate(place.certs) if bits >> (_FIRST_CERT_BIT + at) & 1
            ]
        elif bits & int(_BIT[code]):
            found.append(code)
    return found


def check(round_: Round) -> Eligibility:
    """Try every pair against every rule, one placement at a time for all people at once."""
    people = _People(round_)
    count, places = len(round_.participants), len(round_.placements)
    certs = max((len(place.certs) for place in round_.placements), default=0)
    small = certs + _FIRST_CERT_BIT <= 16
    reasons = np.zeros((count, places), dtype=np.uint16 if small else np.uint32)
    found = []
    for at, place in enumerate(round_.placements):
        bits, first, days, below = people.against(place, at)
        reasons[:, at] = bits
        fine = np.flatnonzero(bits == 0)
        found.append((fine, np.full(len(fine), at), first[fine], days[fine], below[fine]))
    if not found:
        empty = np.zeros(0, dtype=np.int64)
        return Eligibility(reasons, empty, empty, empty, empty, empty.astype(bool))
    person, place, first, days, below = (np.concatenate(parts) for parts in zip(*found, strict=True))
    order = np.lexsort((place, person))
    return Eligibility(reasons, person[order], place[order], first[order], days[order], below[order])


def reasons_listed(round_: Round, eligible: Eligibility) -> tuple[dict[str, dict[str, list[str]]], str]:
    """The table of reasons and its scope: `all` pairs, or in very large rounds only `listed` ones."""
    ids = [place.id for place in round_.placements]
    everything = eligible.reasons.size <= MOST_LISTED_PAIRS
    at_of = {name: at for at, name in enumerate(ids)}
    cache: list[dict[int, list[str]]] = [{} for _ in ids]
    table = {}
    for index, person in enumerate(round_.participants):
        if everything:
            failing = np.flatnonzero(eligible.reasons[index]).tolist()
        else:
            failing = sorted(at_of[name] for tier in person.prefs for name in tier)
        row = {}
        for at in failing:
            if bits := int(eligible.reasons[index, at]):
                if bits not in cache[at]:
                    cache[at][bits] = _codes(bits, round_.placements[at])
                row[ids[at]] = list(cache[at][bits])
        table[person.id] = row
    return table, "all" if everything else "listed"


def days_missing(round_: Round, person: int, place: int) -> int:
    """How many days the longest run is short of the least stay, all date rules taken together."""
    people = _People(round_, only=round_.participants[person])
    return max(0, round_.placements[place].min_days - people.longest(round_.placements[place]))


class _People:
    """Columns of the participants, so that one placement meets all of them in a few array operations."""

    def __init__(self, round_: Round, *, only: Participant | None = None):
        people = round_.participants if only is None else (only,)
        self.round = round_
        self.people = people
        width = max((len(p.windows) for p in people), default=1) or 1
        self.window_from = np.full((len(people), width), _FOREVER)
        self.window_to = np.full((len(people), width), -_FOREVER)
        for row, person in enumerate(people):
            for at, (start, end) in enumerate(person.windows):
                self.window_from[row, at], self.window_to[row, at] = start, end
        self.passport = np.array(
            [_FOREVER if p.passport_expiry is None else p.passport_expiry for p in people], dtype=np.int64
        )
        self.of_union = {u: np.array([p.union == u for p in people], dtype=bool) for u in round_.unions}
        self.any_sector = np.array([not p.sectors for p in people], dtype=bool)
        self.no_interpreter = np.array([p.no_interpreter for p in people], dtype=bool)
        self.only_listed = np.array([p.only_listed for p in people], dtype=bool)
        self._columns: dict[tuple[str, str], np.ndarray] = {}
        if only is None:
            self._index_rows(round_)

    def _index_rows(self, round_: Round) -> None:
        row_of = {person.id: row for row, person in enumerate(self.people)}
        place_of = {place.id: at for at, place in enumerate(round_.placements)}
        self.pinned_to = np.full(len(self.people), -1)
        for person, place in round_.pins.items():
            self.pinned_to[row_of[person]] = place_of[place]
        self.banned: dict[str, list[int]] = {}
        for person, target in round_.bans:
            self.banned.setdefault(target, []).append(row_of[person])
        self.listing: dict[str, list[int]] = {}
        for row, person in enumerate(self.people):
            if person.only_listed:
                for tier in person.prefs:
                    for name in tier:
                        self.listing.setdefault(name, []).append(row)

    def _column(self, kind: str, name: str) -> np.ndarray:
        """One value a person, worked out once for each country, certificate, language or sector."""
        if (kind, name) not in self._columns:
            self._columns[kind, name] = np.array(
                [_VALUE[kind](p, name) for p in self.people], dtype=bool if kind == "sector" else np.int64
            )
        return self._columns[kind, name]

    def _limits(self, place: Placement) -> dict[str, tuple[np.ndarray | int, np.ndarray | int]]:
        """First and last day each rule but the window would allow, in the order of `CODES`."""
        limits = {
            "passport": (-_FOREVER, self.passport - place.passport_margin_days),
            "entry": (
                self._column("entry_from", place.country),
                self._column("entry_to", place.country),
            ),
        }
        for name in place.certs:
            limits[f"cert:{name}"] = (-_FOREVER, self._column("cert", name))
        return limits

    def longest(self, place: Placement) -> int:
        """The longest run of the first person inside all the date rules, in days."""
        low, high = self.window_from[0], np.minimum(self.window_to[0], place.end)
        low = np.maximum(low, place.start)
        for first, last in self._limits(place).values():
            low, high = np.maximum(low, first), np.minimum(high, last)
        return max(0, int((high - low + 1).max()))

    def against(self, place: Placement, at: int) -> tuple[np.ndarray, ...]:
        """Bits of the failing rules, first day and days of the stay, and who is below the level."""
        bits = np.zeros(len(self.people), dtype=np.uint32)
        bits |= self.of_union[place.host_union] * _BIT["same_union"]

        low = np.maximum(self.window_from, place.start)
        high = np.minimum(self.window_to, place.end)
        window_fails = (high - low + 1).max(axis=1) < place.min_days
        bits |= window_fails * _BIT["window"]
        # Together only the rules that pass alone are tried: so a pair with one failing code becomes
        # eligible when that one thing changes.
        low = np.where(window_fails[:, None], place.start, low)
        high = np.where(window_fails[:, None], place.end, high)
        for code, (first, last) in self._limits(place).items():
            run = np.minimum(last, place.end) - np.maximum(first, place.start) + 1
            fails = run < place.min_days
            bits |= fails * self._bit(code, place)
            low = np.maximum(low, np.where(fails, -_FOREVER, first)[:, None])
            high = np.minimum(high, np.where(fails, _FOREVER, last)[:, None])
        runs = high - low + 1
        best = runs.argmax(axis=1)  # the first of the longest: the earliest, as windows are in order
        rows = np.arange(len(self.people))
        days = runs[rows, best]
        slot_fits = place.end - place.start + 1 >= place.min_days
        bits |= ((days < place.min_days) & slot_fits) * _BIT["dates_combined"]
        first = low[rows, best]
        if place.max_days is not None:
            days = np.minimum(days, place.max_days)

        bits |= ~(self.any_sector | self._column("sector", place.sector)) * _BIT["sector"]
        below = self._column("level", place.language) < place.min_level
        seat = (place.interpreter_cap > 0) & ~self.no_interpreter
        bits |= (below & ~seat) * _BIT["language"]
        for target in {place.id, place.host}:
            bits[self.banned.get(target, [])] |= _BIT["ban"]
        unlisted = self.only_listed.copy()
        unlisted[self.listing.get(place.id, [])] = False
        bits |= unlisted * _BIT["not_acceptable"]
        bits |= ((self.pinned_to >= 0) & (self.pinned_to != at)) * _BIT["pinned_elsewhere"]
        return bits, first, days, below

    @staticmethod
    def _bit(code: str, place: Placement) -> np.uint32:
        if code.startswith("cert:"):
            return np.uint32(1 << (_FIRST_CERT_BIT + place.certs.index(code.removeprefix("cert:"))))
        return _BIT[code]


def _entry(person: Participant, country: str) -> tuple[int, int]:
    if country == person.country:
        return -_FOREVER, _FOREVER
    if country not in person.entry:
        return _FOREVER, -_FOREVER
    return person.entry[country] or (-_FOREVER, _FOREVER)


_VALUE = {
    "entry_from": lambda person, country: _entry(person, country)[0],
    "entry_to": lambda person, country: _entry(person, country)[1],
    "cert": lambda person, name: person.certs.get(name, -_FOREVER),
    "sector": lambda person, name: name in person.sectors,
    "level": lambda person, language: person.languages.get(language, 0),
}


def iso(day: int) -> str:
    return date.fromordinal(int(day)).isoformat()
