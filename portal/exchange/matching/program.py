"""A 0/1 program whose feasible set is narrowed, objective after objective, to the optimal face of each.

After a level only what can still be optimal stays: columns whose reduced cost exceeds the gap are fixed and rows
whose price exceeds it are tightened. Where the relaxation is integral, as in the flow part, that is the whole
face and no objective row is needed; elsewhere the level is closed by a row of its own, for the one connected
component that needs it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import highspy
import numpy as np

from .model import Rows
from .parts import Answer, Part, components, linear_program, set_entries

_ZERO = 1e-6  # costs, rows and bounds are whole numbers: what is smaller than this is rounding
_SEARCH_EFFORT = 40_000_000  # of one search by branch and bound, in columns times nodes
_LEAST_NODES = 200
_ROOT_NODES = 30  # the root of a search, with its cuts, counts as so many nodes
_INFINITY = highspy.kHighsInf


class Cancelled(Exception):
    """The caller asked to stop."""


class Infeasible(Exception):
    """No assignment satisfies the rows."""


@dataclass(frozen=True, slots=True)
class Level:
    value: int
    bound: int  # proven: no assignment does better

    @property
    def proven(self) -> bool:
        return self.value == self.bound


class Program:
    def __init__(self, columns: int, rows: Rows, *, cancelled: Callable[[], bool] | None = None):
        self.low = np.zeros(columns, dtype=np.int64)
        self.high = np.ones(columns, dtype=np.int64)
        self.row_low = rows.low.astype(np.int64).copy()
        self.row_high = rows.high.astype(np.int64).copy()
        self._row, self._column, self._value = rows.row, rows.column, rows.value
        self._units = sum(name == "unit" for name, _ in rows.name)  # the first rows: one for each unit
        self._cancelled = cancelled
        self.x = np.zeros(
            columns, dtype=np.int64
        )  # the best assignment so far; feasible once a level is done
        self._feasible = False
        self.effort = 0  # of all searches so far; counted, not timed, so that it is the same on every run
        self.effort_limit: int | None = None
        # Columns, costs and value of the levels that a row keeps.
        self._closed: list[tuple[np.ndarray, np.ndarray, int]] = []

    @property
    def free(self) -> np.ndarray:
        return self.low < self.high

    def add_row(self, columns: np.ndarray, values: np.ndarray, low: int, high: int) -> None:
        used = values != 0
        self._row = np.append(self._row, np.full(int(used.sum()), len(self.row_low)))
        self._column = np.append(self._column, columns[used])
        self._value = np.append(self._value, values[used])
        self.row_low = np.append(self.row_low, low)
        self.row_high = np.append(self.row_high, high)

    def adopt(self, x: np.ndarray) -> None:
        """Start from `x` if it satisfies every row, so that a search that is cut short has something to keep."""
        activity = np.bincount(self._row, weights=self._value * x[self._column], minlength=len(self.row_low))
        if ((activity >= self.row_low) & (activity <= self.row_high)).all():
            self.x, self._feasible = x.astype(np.int64), True

    def fix(self, columns: np.ndarray) -> None:
        """Decide `columns` as they are in `x`."""
        self.low[columns] = self.high[columns] = self.x[columns]

    def minimize(self, cost: np.ndarray, *, close: bool = True) -> Level:
        """Narrow the program to the assignments of least cost. Raises `Infeasible` or `Cancelled`.

        With `close` false no row keeps the level where the relaxation has a gap: for a caller who fixes the
        columns of the level.
        """
        if self._feasible and not cost[self.free].any():
            value = int(cost @ self.x)
            return Level(value, value)
        part = self._part()
        local, shared, step = self._plain(part, cost[part.columns]) if close else (cost[part.columns], 0, 1)
        relaxed = self._relaxation(part, local)
        x = np.rint(relaxed.x).astype(np.int64)
        fixed_cost = int(cost @ np.where(self.free, 0, self.low))
        label = np.zeros(len(part.columns), dtype=np.int64)
        pending = np.zeros(0, dtype=np.int64)
        if not self._holds(part, x, relaxed.x):
            label = components(part)
            pending = np.unique(label[np.abs(relaxed.x - x) > _ZERO])
            if not len(pending):
                pending = np.unique(label)
        allowance = np.zeros(len(part.columns))
        row_allowance = np.zeros(len(part.rows))
        bound = float(local[~np.isin(label, pending)] @ x[~np.isin(label, pending)]) if len(pending) else 0.0
        closing: list[tuple[np.ndarray, int]] = []
        for component in pending.tolist():
            inside = np.flatnonzero(label == component)
            floor = float(local[inside] @ relaxed.x[inside])
            answer = self._search(part, inside, local, floor)
            x[inside] = np.rint(answer.x).astype(np.int64)
            reached = int(local[inside] @ x[inside])
            bound += answer.bound
            gap = max(0.0, reached - floor)
            if gap > _ZERO:
                allowance[inside] = gap
                row_allowance[np.unique(part.entry_row[np.isin(part.entry_column, inside)])] = gap
                closing.append((inside, reached))
        self.x[part.columns] = x
        self._feasible = True
        value = int(cost @ self.x)
        self._narrow(part, relaxed, allowance, row_allowance)
        for inside, reached in closing if close else ():
            self._closed.append((part.columns[inside], local[inside], reached))
            self.add_row(part.columns[inside], local[inside], -int(np.abs(local[inside]).sum()), reached)
        if not len(pending):
            return Level(value, value)
        return Level(value, min(value, fixed_cost + shared + step * int(np.ceil(bound - _ZERO))))

    def sharpen(self) -> None:
        """Measure the gap of every closed level again, now that later levels have narrowed the program.

        What was too close to call then may be decided now. Stops when a round over the levels decides little.
        """
        before = -1
        while self._closed and (count := int(self.free.sum())) and (before < 0 or count < 0.95 * before):
            before = count
            for columns, costs, reached in self._closed:
                part = self._part()
                local = np.zeros(len(self.low), dtype=np.int64)
                local[columns] = costs
                settled = int(local @ np.where(self.free, 0, self.low))
                local = local[part.columns]
                if not local.any():
                    continue
                relaxed = self._relaxation(part, local)
                gap = max(0.0, reached - settled - float(local @ relaxed.x))
                self._narrow(part, relaxed, np.full(len(local), gap), np.full(len(part.rows), gap))

    def lowest(self, cost: np.ndarray) -> float:
        """The least cost of the relaxation: no assignment can be below. Changes nothing."""
        part = self._part()
        fixed = int(cost @ np.where(self.free, 0, self.low))
        if not len(part.columns):
            return fixed
        local = cost[part.columns]
        return fixed + float(local @ self._relaxation(part, local).x)

    def minimize_distance(self, cost: np.ndarray, offset: int) -> Level:
        """Narrow to the assignments with the least |offset + cost|, where both signs can be reached.

        A level has to come before this one.
        """
        part = self._part()
        local, shared, step = self._plain(part, cost[part.columns])
        base = offset + shared + int(cost @ np.where(self.free, 0, self.low))
        least = min(base % step, -base % step)  # sums only move in steps
        bound = least
        if abs(offset + int(cost @ self.x)) > least:
            answer = self._search_distance(part, step * local, base, least)
            self.x[part.columns] = np.rint(answer.x[:-1]).astype(np.int64)
            bound = max(least, int(np.ceil(answer.bound - _ZERO)))
        reached = offset + int(cost @ self.x)
        here = abs(reached)
        if here == 0 or not self._reaches(part, local, (-reached - base) / step):
            target = (reached - base) // step
            self.add_row(part.columns, local, target, target)
            return Level(here, min(here, bound))
        sign = len(self.low)  # 1 where the sum is below zero
        self.low, self.high = np.append(self.low, 0), np.append(self.high, 1)
        self.x = np.append(self.x, int(reached < 0))
        self.add_row(
            np.append(part.columns, sign), np.append(step * local, 2 * here), here - base, here - base
        )
        return Level(here, min(here, bound))

    def _reaches(self, part: Part, cost: np.ndarray, target: float) -> bool:
        """Whether the relaxation allows this sum."""
        if target != int(target):
            return False
        lp = linear_program(part, np.zeros(len(cost)), extra=(cost, int(target), int(target)))
        return self._run(lp, "") is not None

    def _plain(self, part: Part, cost: np.ndarray) -> tuple[np.ndarray, int, int]:
        """`cost` without what every assignment pays alike, in units of its greatest common divisor.

        Returns it with the shared amount and the unit. A unit that must be placed pays its cheapest column in
        any case.
        """
        forced = (part.rows < self._units) & (part.low == 1) & (part.high == 1)
        entries = forced[part.entry_row]
        row, column = part.entry_row[entries], part.entry_column[entries]
        least = np.full(len(part.rows), np.iinfo(np.int64).max)
        np.minimum.at(least, row, cost[column])
        plain = cost.copy()
        plain[column] -= least[row]
        step = int(np.gcd.reduce(np.abs(plain), initial=0)) or 1
        return plain // step, int(least[forced].sum()), step

    def _search_distance(self, part: Part, cost: np.ndarray, fixed: int, least: int) -> Answer:
        columns = len(part.columns)
        lp = linear_program(part, np.zeros(columns))
        lp.num_col_ = columns + 1
        most = abs(fixed + int(cost @ self.x[part.columns]))
        lp.col_cost_ = np.append(np.zeros(columns), 1.0)
        lp.col_lower_ = np.append(np.zeros(columns), float(least))
        lp.col_upper_ = np.append(np.ones(columns), float(most))
        used = np.flatnonzero(cost)
        row = np.concatenate([part.entry_row, np.full(len(used) + 1, len(part.rows)),
                              np.full(len(used) + 1, len(part.rows) + 1)])  # fmt: skip
        column = np.concatenate([part.entry_column, used, [columns], used, [columns]])
        value = np.concatenate([part.entry_value, cost[used], [-1], cost[used], [1]])
        lp.num_row_ = len(part.rows) + 2
        lp.row_lower_ = np.concatenate([part.low, [-_INFINITY, -fixed]])
        lp.row_upper_ = np.concatenate([part.high, [-fixed, _INFINITY]])
        set_entries(lp, row, column, value)
        lp.integrality_ = [highspy.HighsVarType.kInteger] * (columns + 1)
        start = np.append(self.x[part.columns], most)
        answer = self._run(lp, "mip", start=start, target=least)
        if answer is None:
            raise Infeasible
        return answer

    def _part(self) -> Part:
        free = self.free
        columns = np.flatnonzero(free)
        rows = len(self.row_low)
        is_free = free[self._column]
        settled = np.bincount(
            self._row[~is_free],
            weights=self._value[~is_free] * self.low[self._column[~is_free]],
            minlength=rows,
        ).astype(np.int64)
        row, column, value = self._row[is_free], self._column[is_free], self._value[is_free]
        low, high = self.row_low - settled, self.row_high - settled
        most = np.bincount(row, weights=np.maximum(value, 0), minlength=rows)
        least = np.bincount(row, weights=np.minimum(value, 0), minlength=rows)
        if ((least > high) | (most < low)).any():
            raise Infeasible
        binding = np.flatnonzero((most > high) | (least < low))
        new_row = np.full(rows, -1)
        new_row[binding] = np.arange(len(binding))
        new_column = np.cumsum(free) - 1
        keep = new_row[row] >= 0
        row, column, value = new_row[row[keep]], new_column[column[keep]], value[keep]
        order = np.lexsort((row, column))
        return Part(columns, binding, row[order], column[order], value[order], low[binding], high[binding])

    def _relaxation(self, part: Part, cost: np.ndarray) -> Answer:
        answer = self._run(linear_program(part, cost), "")
        if answer is None:
            raise Infeasible
        return answer

    def _holds(self, part: Part, x: np.ndarray, relaxed: np.ndarray) -> bool:
        """Whether the rounded relaxation is the relaxation, and satisfies every row in whole numbers."""
        if len(x) and np.abs(relaxed - x).max() > _ZERO:
            return False
        activity = np.bincount(
            part.entry_row, weights=part.entry_value * x[part.entry_column], minlength=len(part.rows)
        )
        return bool(((activity >= part.low) & (activity <= part.high)).all())

    def _search(self, part: Part, inside: np.ndarray, cost: np.ndarray, floor: float) -> Answer:
        """Branch and bound on one component. `floor` is what its relaxation costs."""
        least = float(np.ceil(floor - _ZERO))
        here = self.x[part.columns[inside]]
        if self._feasible and int(cost[inside] @ here) <= least:
            return Answer(here, least)
        new = np.full(len(part.columns), -1)
        new[inside] = np.arange(len(inside))
        keep = new[part.entry_column] >= 0
        rows, row = np.unique(part.entry_row[keep], return_inverse=True)
        small = Part(
            part.columns[inside],
            part.rows[rows],
            row,
            new[part.entry_column[keep]],
            part.entry_value[keep],
            part.low[rows],
            part.high[rows],
        )
        lp = linear_program(small, cost[inside])
        lp.integrality_ = [highspy.HighsVarType.kInteger] * len(inside)
        start = self.x[small.columns] if self._feasible else None
        answer = self._run(lp, "mip", start=start)
        if answer is None:
            raise Infeasible
        x = np.rint(answer.x).astype(np.int64)
        if not self._holds(small, x, x):
            raise ArithmeticError("the solver's assignment breaks a row in whole numbers")
        return Answer(x, max(least, float(np.ceil(answer.bound - _ZERO))))

    def _narrow(self, part: Part, relaxed: Answer, allowance: np.ndarray, row_allowance: np.ndarray) -> None:
        cost, price = relaxed.reduced_cost, relaxed.price
        at_zero = part.columns[cost > allowance + _ZERO]
        at_one = part.columns[cost < -allowance - _ZERO]
        self.high[at_zero] = 0
        self.low[at_one] = 1
        priced = np.abs(price) > _ZERO
        room = np.zeros(len(price), dtype=np.int64)
        room[priced] = np.floor(row_allowance[priced] / np.abs(price[priced]) + _ZERO).astype(np.int64)
        settled = self.row_low[part.rows] - part.low
        for row, slack, up in zip(
            np.flatnonzero(priced).tolist(), room[priced].tolist(), (price[priced] < 0).tolist(), strict=True
        ):
            at = part.rows[row]
            if up:
                self.row_low[at] = max(self.row_low[at], part.high[row] + settled[row] - slack)
            else:
                self.row_high[at] = min(self.row_high[at], part.low[row] + settled[row] + slack)

    def _run(
        self, lp: highspy.HighsLp, kind: str, *, start: np.ndarray | None = None, target: int | None = None
    ) -> Answer | None:
        """Solve; None when there is no solution."""
        if self._cancelled is not None and self._cancelled():
            raise Cancelled
        if not lp.num_col_:
            return Answer(np.zeros(0), 0.0, np.zeros(0), np.zeros(lp.num_row_))
        solver = highspy.Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("parallel", "off"),
            ("random_seed", 0),
            ("mip_rel_gap", 0.0),
            ("mip_abs_gap", 0.999),  # costs are whole numbers
            ("mip_feasibility_tolerance", 1e-7),
            ("mip_max_nodes", self._nodes(lp.num_col_)),
        ):
            solver.setOptionValue(name, value)
        if target is not None:
            solver.setOptionValue("objective_target", target + 0.5)
        if self._cancelled is not None:
            self._listen(solver)
        solver.passModel(lp)
        if start is not None:
            solution = highspy.HighsSolution()
            solution.col_value = start.astype(float).tolist()
            solver.setSolution(solution)
        solver.run()
        status, statuses = solver.getModelStatus(), highspy.HighsModelStatus
        if status == statuses.kInterrupt:
            raise Cancelled
        if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
            return None
        solution = solver.getSolution()
        if not solution.value_valid and kind == "mip":  # stopped before anything was found: go on to the end
            solver.setOptionValue("mip_max_nodes", highspy.kHighsIInf)
            solver.run()
            status, solution = solver.getModelStatus(), solver.getSolution()
            if status == statuses.kInterrupt:
                raise Cancelled
            if status == statuses.kInfeasible:
                return None
        if not solution.value_valid:
            raise ArithmeticError(f"the solver stopped: {solver.modelStatusToString(status)}")
        x = np.array(solution.col_value)
        if kind == "mip":
            info = solver.getInfo()
            self.effort += lp.num_col_ * (_ROOT_NODES + max(0, info.mip_node_count))
            return Answer(x, info.mip_dual_bound)
        if status != statuses.kOptimal:
            raise ArithmeticError(f"the relaxation stopped: {solver.modelStatusToString(status)}")
        return Answer(x, solver.getObjectiveValue(), np.array(solution.col_dual), np.array(solution.row_dual))

    def _nodes(self, columns: int) -> int:
        left = _SEARCH_EFFORT
        if self.effort_limit is not None:
            left = min(left, self.effort_limit - self.effort)
        return max(_LEAST_NODES if self.effort_limit is None else 1, left // columns)

    def _listen(self, solver: highspy.Highs) -> None:
        def ask(event: highspy.HighsCallbackEvent) -> None:
            if self._cancelled():
                event.interrupt()

        solver.cbMipInterrupt.subscribe(ask)
        solver.cbSimplexInterrupt.subscribe(ask)
