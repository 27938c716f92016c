"""Justified envy under a plan, and the plan by deferred acceptance that has none."""

import heapq
from typing import Any

import numpy as np

from .eligibility import Eligibility
from .model import Model
from .schema import Round
from .solve import values

MOST_ENVY_LISTED = 2_000


class _Wishes:
    """Columns of single people in the order they would take them, and how the host ranks each."""

    def __init__(self, model: Model):
        self.rank = model.coefficients["rank_sum"]
        self.host_rank = model.coefficients["host_rank_sum"]
        self.single = np.array([len(members) == 1 for members in model.units], dtype=bool)
        self.first = np.searchsorted(model.unit, np.arange(len(model.units) + 1))
        self.model = model

    def of(self, unit: int) -> list[int]:
        columns = range(int(self.first[unit]), int(self.first[unit + 1]))
        return sorted(columns, key=lambda column: (self.rank[column], column))


def envy(round_: Round, model: Model, column_of: np.ndarray) -> dict[str, Any]:
    """Pairs (participant, placement) where someone the host ranks lower sits on a seat they would rather have.

    Single people only: a delegation's seat cannot be taken by one person. Pinned guests are not displaced.
    """
    wishes = _Wishes(model)
    guests: dict[int, list[int]] = {}
    pool_used = np.zeros(len(round_.placements), dtype=np.int64)
    for unit, column in enumerate(column_of.tolist()):
        if column >= 0:
            pool_used[model.place[column]] += model.pool[column]
            if wishes.single[unit] and unit not in model.pinned_units:
                guests.setdefault(int(model.place[column]), []).append(column)
    for columns in guests.values():
        columns.sort(key=lambda column: (-wishes.host_rank[column], column))
    pairs, total = [], 0
    for unit, members in enumerate(model.units):
        if len(members) > 1:
            continue
        own = int(column_of[unit])
        for column in wishes.of(unit):
            if own >= 0 and wishes.rank[column] >= wishes.rank[own]:
                break
            place = int(model.place[column])
            room = pool_used[place] + model.pool[column] <= round_.placements[place].interpreter_cap
            over = next(
                (
                    other
                    for other in guests.get(place, [])
                    if wishes.host_rank[other] > wishes.host_rank[column] and (room or model.pool[other])
                ),
                None,
            )
            if over is None:
                continue
            total += 1
            if len(pairs) < MOST_ENVY_LISTED:
                pairs.append(
                    {
                        "participant": round_.participants[members[0]].id,
                        "placement": round_.placements[place].id,
                        "over": round_.participants[model.units[model.unit[over]][0]].id,
                    }
                )
    return {"count": total, "pairs": pairs}


def deferred_acceptance(
    round_: Round, eligible: Eligibility, model: Model, column_of: np.ndarray
) -> dict[str, Any]:
    """Single people propose in the order of their wishes; hosts keep those they rank best, equal ranks by id.

    Delegations and pins stay where the plan has them, because with delegations there may be no stable plan.
    Group size, head difference and budget are not part of stability: `breaks` names those the result breaks.
    """
    wishes = _Wishes(model)
    fixed = np.array(
        [not wishes.single[unit] or unit in model.pinned_units for unit in range(len(model.units))],
        dtype=bool,
    )
    seats = np.array([place.capacity for place in round_.placements], dtype=np.int64)
    pool = np.array([place.interpreter_cap for place in round_.placements], dtype=np.int64)
    held = column_of[fixed & (column_of >= 0)]
    np.subtract.at(seats, model.place[held], model.size[held])
    np.subtract.at(pool, model.place[held], model.pool[held])

    chosen = np.where(fixed, column_of, -1)
    # Worst guest first: of all guests, and of those who use an interpreter seat.
    kept: list[list[tuple[int, int, int]]] = [[] for _ in round_.placements]
    assisted: list[list[tuple[int, int, int]]] = [[] for _ in round_.placements]
    used, pool_used = [0] * len(round_.placements), [0] * len(round_.placements)
    wanted = [iter(wishes.of(unit)) if not fixed[unit] else iter(()) for unit in range(len(model.units))]
    asking = [unit for unit in range(len(model.units)) if not fixed[unit]]
    while asking:
        unit = asking.pop()
        column = next(wanted[unit], None)
        if column is None:
            continue
        place = int(model.place[column])
        entry = (-int(wishes.host_rank[column]), -unit, column)
        chosen[unit] = column
        heapq.heappush(kept[place], entry)
        used[place] += 1
        if model.pool[column]:
            heapq.heappush(assisted[place], entry)
            pool_used[place] += 1
        if model.pool[column] and pool_used[place] > pool[place]:
            worst = _worst(assisted[place], chosen)
        elif used[place] > seats[place]:
            worst = _worst(kept[place], chosen)
        else:
            continue
        used[place] -= 1
        pool_used[place] -= int(model.pool[worst])
        out = int(model.unit[worst])
        chosen[out] = -1
        asking.append(out)
    return {
        "assignment": {
            round_.participants[member].id: round_.placements[int(model.place[column])].id
            for unit, column in enumerate(chosen.tolist())
            if column >= 0
            for member in model.units[unit]
        },
        "vector": values(model, chosen),
        "breaks": _broken(round_, model, chosen),
        "held": int(sum(len(model.units[unit]) for unit in np.flatnonzero(fixed & (column_of >= 0)))),
    }


def _worst(heap: list[tuple[int, int, int]], chosen: np.ndarray) -> int:
    """Take the worst guest who still sits here; entries of those who left are dropped on the way."""
    while True:
        _, unit, column = heapq.heappop(heap)
        if chosen[-unit] == column:
            return column


def _broken(round_: Round, model: Model, chosen: np.ndarray) -> list[str]:
    taken = chosen[chosen >= 0]
    heads = np.bincount(model.place[taken], weights=model.size[taken], minlength=len(round_.placements))
    found = []
    if any(0 < heads[at] < place.min_group for at, place in enumerate(round_.placements)):
        found.append("min_group")
    sides = np.sign(model.coefficients["day_imbalance"][taken]) * model.size[taken]
    if round_.max_head_difference is not None and abs(int(sides.sum())) > round_.max_head_difference:
        found.append("max_head_difference")
    cost = int(model.coefficients["cost"][taken].sum())
    if round_.budget is not None and cost > round_.budget:
        found.append("budget")
    return found
