"""The round as an integer program: one yes-or-no column for each unit (person or delegation) and placement."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from .eligibility import Eligibility
from .schema import Round

LEVELS = ("placed", "kept", "waited", "rank_sum", "host_rank_sum", "interpreters", "day_imbalance", "cost")
MOST = {"placed", "kept", "waited"}  # the levels that are made as large as possible
MOST_COLUMNS = 3_000_000


class TooLarge(ValueError):
    """More eligible pairs than fit in the memory of the worker."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows `low <= sum(value * column) <= high`; entries in no order."""

    row: np.ndarray
    column: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    name: tuple[tuple[str, int], ...]  # what each row stands for: (rule, index)


@dataclass(frozen=True, slots=True)
class Model:
    units: tuple[tuple[int, ...], ...]  # participants of each unit; units are sorted by their first member
    unit_of: np.ndarray
    unit: np.ndarray  # of each column
    place: np.ndarray
    size: np.ndarray
    pool: np.ndarray  # interpreter seats the column would use
    coefficients: dict[str, np.ndarray]  # of the objective levels; `day_imbalance` is signed
    rows: Rows
    extra_columns: int  # "this placement is used" columns of min_group, after those of the pairs
    day_offset: int
    pinned_units: frozenset[int]

    @property
    def columns(self) -> int:
        return len(self.unit) + self.extra_columns

    def allowed(self) -> dict[int, list[int]]:
        """Columns of each unit, by placement."""
        columns = defaultdict(list)
        for at, unit in enumerate(self.unit.tolist()):
            columns[unit].append(at)
        return columns


def build(round_: Round, eligible: Eligibility) -> Model:
    units, unit_of = _units(round_)
    size_of = np.array([len(unit) for unit in units], dtype=np.int64)
    if len(eligible.person) > MOST_COLUMNS:
        raise TooLarge(f"{len(eligible.person):,} eligible pairs; the most is {MOST_COLUMNS:,}")

    values = _pair_values(round_, eligible)
    # A delegation takes a column where every member is eligible: sum the pairs of each (unit, placement).
    key = unit_of[eligible.person].astype(np.int64) * max(1, len(round_.placements)) + eligible.place
    keys, group = np.unique(key, return_inverse=True)
    summed = {
        name: np.bincount(group, weights=column, minlength=len(keys)).astype(np.int64)
        for name, column in values.items()
    }
    unit, place = np.divmod(keys, max(1, len(round_.placements)))
    capacity = np.array([p.capacity for p in round_.placements], dtype=np.int64)
    caps = np.array([p.interpreter_cap for p in round_.placements], dtype=np.int64)
    groups = np.array([p.min_group for p in round_.placements], dtype=np.int64)
    fits = (
        (summed["placed"] == size_of[unit])
        & (size_of[unit] <= capacity[place])
        & (summed["interpreters"] <= caps[place])
        & (groups[place] <= capacity[place])
    )
    unit, place = unit[fits], place[fits]
    coefficients = {name: column[fits] for name, column in summed.items()}
    pinned = {int(unit_of[at]) for at, person in enumerate(round_.participants) if person.id in round_.pins}
    grouped = np.flatnonzero((groups > 1) & np.isin(np.arange(len(groups)), place))
    return Model(
        units=units,
        unit_of=unit_of,
        unit=unit,
        place=place,
        size=size_of[unit],
        pool=coefficients["interpreters"],
        coefficients={
            name: np.concatenate([coefficients[name], np.zeros(len(grouped), dtype=np.int64)])
            for name in LEVELS
        },
        rows=_rows(round_, unit, place, coefficients, len(units), pinned, grouped),
        extra_columns=len(grouped),
        day_offset=round_.ledger_days[0] - round_.ledger_days[1],
        pinned_units=frozenset(pinned),
    )


def _units(round_: Round) -> tuple[tuple[tuple[int, ...], ...], np.ndarray]:
    index = {person.id: at for at, person in enumerate(round_.participants)}
    delegated = {}
    for delegation in round_.delegations:
        members = tuple(sorted(index[name] for name in delegation.members))
        delegated |= dict.fromkeys(members, members)
    units = tuple(delegated.get(at, (at,)) for at in range(len(index)) if delegated.get(at, (at,))[0] == at)
    unit_of = np.zeros(len(index), dtype=np.int64)
    for at, members in enumerate(units):
        unit_of[list(members)] = at
    return units, unit_of


def _pair_values(round_: Round, eligible: Eligibility) -> dict[str, np.ndarray]:
    people, places = round_.participants, round_.placements
    index = {person.id: at for at, person in enumerate(people)}
    place_index = {place.id: at for at, place in enumerate(places)}
    person, place = eligible.person, eligible.place
    rank = np.array([len(p.prefs) + 1 for p in people], dtype=np.int64)[person]
    host_rank = np.array([len(p.host_prefs) + 1 for p in places], dtype=np.int64)[place]
    kept = np.zeros(len(person), dtype=np.int64)

    key = person.astype(np.int64) * max(1, len(places)) + place
    width = max(1, len(places))
    _fill(
        rank,
        key,
        [
            (at * width + place_index[name], tier)
            for at, row in enumerate(people)
            for tier, names in enumerate(row.prefs, 1)
            for name in names
        ],
    )
    _fill(
        host_rank,
        key,
        [
            (index[name] * width + at, tier)
            for at, row in enumerate(places)
            for tier, names in enumerate(row.host_prefs, 1)
            for name in names
        ],
    )
    _fill(
        kept, key, [(index[who] * width + place_index[where], 1) for who, where in round_.incumbent.items()]
    )
    sign = np.array([1 if p.union == round_.unions[0] else -1 for p in people], dtype=np.int64)
    return {
        "placed": np.ones(len(person), dtype=np.int64),
        "kept": kept,
        "waited": np.array([p.waited for p in people], dtype=np.int64)[person],
        "rank_sum": rank,
        "host_rank_sum": host_rank,
        "interpreters": eligible.below.astype(np.int64),
        "day_imbalance": sign[person] * eligible.days,
        "cost": np.array([p.cost for p in places], dtype=np.int64)[place],
    }


def _fill(column: np.ndarray, key: np.ndarray, wanted: list[tuple[int, int]]) -> None:
    """Write the wanted values where their key is among the eligible pairs."""
    if not wanted or not len(key):
        return
    keys, values = np.array(wanted, dtype=np.int64).T
    at = np.minimum(np.searchsorted(key, keys), len(key) - 1)
    found = key[at] == keys
    column[at[found]] = values[found]


def _rows(
    round_: Round,
    unit: np.ndarray,
    place: np.ndarray,
    value: dict[str, np.ndarray],
    units: int,
    pinned: set[int],
    grouped: np.ndarray,
) -> Rows:
    places = round_.placements
    columns = np.arange(len(unit))
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    low: list[int] = []
    high: list[int] = []
    names: list[tuple[str, int]] = []

    def block(name: str, row: np.ndarray, weight: np.ndarray, lows: list[int], highs: list[int]) -> None:
        used = weight != 0
        parts.append((row[used] + len(low), columns[used], weight[used]))
        low.extend(lows)
        high.extend(highs)
        names.extend((name, at) for at in range(len(lows)))

    block("unit", unit, np.ones_like(unit), [int(at in pinned) for at in range(units)], [1] * units)
    block("capacity", place, value["placed"], [0] * len(places), [p.capacity for p in places])
    block(
        "interpreter_cap",
        place,
        value["interpreters"],
        [0] * len(places),
        [p.interpreter_cap for p in places],
    )
    for extra, at in enumerate(grouped.tolist()):
        inside = columns[place == at]
        column = len(unit) + extra
        for bound, bounds in ((places[at].min_group, (0, places[at].capacity)), (places[at].capacity, None)):
            row = np.full(len(inside) + 1, len(low))
            parts.append(
                (row, np.append(inside, column), np.append(value["placed"][inside], -bound).astype(np.int64))
            )
            low.append(0 if bounds else -places[at].capacity)
            high.append(bounds[1] if bounds else 0)
            names.append(("min_group", at))
    whole = np.zeros(len(unit), dtype=np.int64)
    if round_.max_head_difference is not None:
        heads = np.sign(value["day_imbalance"]) * value["placed"]
        most = round_.max_head_difference
        block("max_head_difference", whole, heads, [-most], [most])
    if round_.budget is not None:
        block("budget", whole, value["cost"], [0], [round_.budget])
    row, column, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Rows(row, column, weight, np.array(low), np.array(high), tuple(names))
