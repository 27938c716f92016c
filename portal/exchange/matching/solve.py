"""The lexicographic optimum, level after level, then the first of the equally good assignments."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .model import LEVELS, MOST, Model
from .program import Level, Program

_BATCH = 20_000  # weights within one tie-break objective stay below this, far inside the solver's precision
_TIE_BREAK_EFFORT = 800_000  # a few seconds of branch and bound; see Program.effort

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    place_of: np.ndarray  # placement of each participant, -1: none
    column_of: np.ndarray  # column of each unit, -1: none
    vector: dict[str, int]
    bounds: dict[str, int]
    first_of_equals: bool  # the tie-break is proven too

    @property
    def optimal(self) -> bool:
        return self.vector == self.bounds


def lexicographic(
    model: Model, *, cancelled: Callable[[], bool] | None = None, progress: Progress | None = None
) -> Plan:
    """Solve the model. Raises `Infeasible` (only pins can cause it) or `Cancelled`."""
    program = _program(model, cancelled)
    vector, bounds = {}, {}
    for at, name in enumerate(LEVELS):
        if progress is not None:
            progress(at / (len(LEVELS) + 1), name)
        level = _level(program, model, name)
        sign = -1 if name in MOST else 1
        vector[name], bounds[name] = sign * level.value, sign * level.bound
    if progress is not None:
        progress(len(LEVELS) / (len(LEVELS) + 1), "tie_break")
    first = _break_ties(program, model)
    return _plan(model, program.x, vector, bounds, first)


def most_placed(model: Model, *, cancelled: Callable[[], bool] | None = None) -> tuple[Level, np.ndarray]:
    """The first level alone, as a count of people, with the column of each unit (-1: none)."""
    program = _program(model, cancelled)
    level = program.minimize(-model.coefficients["placed"])
    return Level(-level.value, -level.bound), _column_of(model, program.x)


def _program(model: Model, cancelled: Callable[[], bool] | None) -> Program:
    """The program, begun with nobody placed but those who are pinned."""
    program = Program(model.columns, model.rows, cancelled=cancelled)
    x = np.zeros(model.columns, dtype=np.int64)
    x[: len(model.unit)] = np.isin(model.unit, list(model.pinned_units))
    program.adopt(x)
    return program


def _level(program: Program, model: Model, name: str) -> Level:
    cost = _widened(program, model.coefficients[name])
    if name != "day_imbalance":
        return program.minimize(-cost if name in MOST else cost)
    offset = model.day_offset
    if offset + program.lowest(cost) > -0.5:
        level = program.minimize(cost)
        return Level(abs(offset + level.value), abs(offset + level.bound))
    if offset - program.lowest(-cost) < 0.5:
        level = program.minimize(-cost)
        return Level(abs(offset - level.value), abs(offset - level.bound))
    return program.minimize_distance(cost, offset)


def _break_ties(program: Program, model: Model) -> bool:
    """Units in order take the smallest placement still possible. False when the effort did not suffice.

    The effort is counted, not timed: the same round always gives the same assignment.
    """
    columns_of = model.allowed()
    program.sharpen()
    waiting = [columns_of.get(unit, []) for unit in range(len(model.units))]
    program.effort_limit = program.effort + _TIE_BREAK_EFFORT
    proven = True
    at = 0
    while at < len(waiting):
        batch, weight = [], 1
        while at < len(waiting):
            columns = [c for c in waiting[at] if program.low[c] < program.high[c]]
            if not batch and columns and program.x[columns[0]]:
                program.fix(np.array(columns))  # nothing smaller is possible: no need to ask the solver
            elif columns:
                if batch and weight * (len(columns) + 1) > _BATCH:
                    break
                weight *= len(columns) + 1
                batch.append(columns)
            at += 1
        if batch and program.effort >= program.effort_limit:
            return False
        if batch:
            cost = np.zeros(len(program.x), dtype=np.int64)
            for columns in batch:
                weight //= len(columns) + 1
                cost[columns] = (
                    np.arange(len(columns)) - len(columns)
                ) * weight  # unplaced is 0: it comes last
            proven &= program.minimize(cost, close=False).proven
            program.fix(np.concatenate(batch))
    return proven


def _widened(program: Program, cost: np.ndarray) -> np.ndarray:
    return np.append(cost, np.zeros(len(program.x) - len(cost), dtype=np.int64))


def _column_of(model: Model, x: np.ndarray) -> np.ndarray:
    chosen = np.full(len(model.units), -1)
    taken = np.flatnonzero(x[: len(model.unit)])
    chosen[model.unit[taken]] = taken
    return chosen


def _plan(model: Model, x: np.ndarray, vector: dict[str, int], bounds: dict[str, int], first: bool) -> Plan:
    column_of = _column_of(model, x)
    place_of = np.append(model.place, -1)[column_of][model.unit_of]
    found = values(model, column_of)
    # A level that was cut short may have become better below, by chance; never worse.
    if _score(found) > _score(vector) or (vector == bounds and found != vector):
        raise ArithmeticError("the levels are not those of the assignment")
    return Plan(place_of, column_of, found, bounds, first)


def _score(vector: dict[str, int]) -> list[int]:
    return [-vector[name] if name in MOST else vector[name] for name in LEVELS]


def values(model: Model, column_of: np.ndarray) -> dict[str, int]:
    """The eight levels of an assignment."""
    taken = column_of[column_of >= 0]
    found = {name: int(model.coefficients[name][taken].sum()) for name in LEVELS}
    found["day_imbalance"] = abs(model.day_offset + found["day_imbalance"])
    return found
