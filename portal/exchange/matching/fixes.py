"""For each unplaced person and each empty seat: the reason, and the cheapest change that would help.

A change is verified by a plan in which everybody placed stays placed and one more person (or delegation) is:
by a chain of moves of single people, or, while the effort allows, by solving the changed round.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from . import eligibility
from .eligibility import Eligibility
from .model import Model, build
from .program import Infeasible
from .schema import Placement, Round
from .seating import Openings, Seating
from .solve import most_placed

# What a change asks of people, from a word to a letter abroad. Money and hosts come after what members can do.
EFFORT = {
    "not_acceptable": 1, "pinned_elsewhere": 2, "ban": 2, "sector": 3, "cert": 4, "window": 5,
    "dates_combined": 6, "passport": 7, "interpreter_seat": 8, "seat": 9, "entry": 10, "language": 11,
    "max_head_difference": 12, "budget": 13, "min_group": 14,
}  # fmt: skip
_FIXABLE_DATES = {"window", "passport", "entry", "dates_combined", "cert"}
MOST_RESOLVES = 40
MOST_COLUMNS_RESOLVED = 600  # of a model solved again for one change
MOST_TRIES = 5  # changes solved again for one unit


@dataclass(frozen=True, slots=True)
class _Change:
    code: str
    place: int
    amount: int = 0
    member: int = -1  # of a delegation: who the change is about
    below: bool = False

    def order(self, rank: int) -> tuple[int, ...]:
        return (EFFORT[self.code.partition(":")[0]], self.amount, rank, self.place, self.member)


class Advice:
    """Reads the plan; changes nothing."""

    def __init__(self, round_: Round, eligible: Eligibility, model: Model, place_of: np.ndarray):
        self.round = round_
        self.eligible = eligible
        self.model = model
        self.place_of = place_of
        self.seating = Seating(round_, eligible, model, place_of)
        self.openings = Openings(self.seating)
        self.columns = model.allowed()
        self.resolves = 0
        self.placed = int((place_of >= 0).sum())
        self.cost = sum(round_.placements[at].cost for at in place_of.tolist() if at >= 0)
        sides = [1 if person.union == round_.unions[0] else -1 for person in round_.participants]
        self.side = sides
        self.balance = sum(side for side, at in zip(sides, place_of.tolist(), strict=True) if at >= 0)
        self.plain = (
            all(len(unit) == 1 for unit in model.units)
            and round_.max_head_difference is None
            and round_.budget is None
            and not model.extra_columns
        )

    def unplaced(self, confined: dict[int, None]) -> dict[str, dict[str, Any]]:
        found = {}
        for unit, members in enumerate(self.model.units):
            if self.place_of[members[0]] >= 0:
                continue
            advice = {"code": self._reason(unit, confined)} | self._cheapest(unit)
            for member in members:
                found[self.round.participants[member].id] = dict(advice)
        return dict(sorted(found.items()))

    def empty_seats(self) -> dict[str, dict[str, Any]]:
        found = {}
        open_to: dict[int, list[int]] = {}
        for unit, place in zip(self.model.unit.tolist(), self.model.place.tolist(), strict=True):
            open_to.setdefault(place, []).append(unit)
        for at, place in enumerate(self.round.placements):
            if (free := self.seating.free(at)) > 0:
                units = open_to.get(at, [])
                found[place.id] = {"free": free, "code": self._why_empty(at, units)} | self._filler(at, units)
        return found

    def _reason(self, unit: int, confined: dict[int, None]) -> str:
        members = self.model.units[unit]
        if not self.columns.get(unit):
            if len(members) == 1:
                return "no_placement"
            return "delegation_without_common_placement"
        if all(member in confined for member in members):
            return "confined"
        return "rules_of_the_round"

    def _cheapest(self, unit: int) -> dict[str, Any]:
        changes = sorted(self._changes(unit), key=lambda found: found[0])
        certain = True
        tries = 0
        for _, change in changes:
            moves = self._by_chain(unit, change)
            if moves is not None:
                return {"change": self._shown(change, unit, moves, "chain"), "cheapest_is_certain": certain}
            if self.plain:
                continue
            if tries >= MOST_TRIES or not self._may_resolve():
                certain = False
                continue
            tries += 1
            moves = self._by_solving(unit, change)
            if moves is not None:
                return {"change": self._shown(change, unit, moves, "resolve"), "cheapest_is_certain": certain}
        return {"change": None, "cheapest_is_certain": certain}

    def _changes(self, unit: int) -> Iterator[tuple[tuple[int, ...], _Change]]:
        members = self.model.units[unit]
        for change in self._candidates(unit, members):
            rank = sum(self._rank(member, change.place) for member in members) if change.place >= 0 else 0
            yield change.order(rank), change

    def _candidates(self, unit: int, members: tuple[int, ...]) -> Iterator[_Change]:
        for column in self.columns.get(unit, []):
            at, pool = int(self.model.place[column]), int(self.model.pool[column])
            lacking = len(members) - self.seating.free(at)
            if pool > self.seating.pool_free(at):
                yield _Change("interpreter_seat", at, pool - self.seating.pool_free(at), below=pool > 0)
            if lacking > 0:
                yield _Change("seat", at, lacking, below=pool > 0)
            if self.round.placements[at].min_group > 1:
                yield _Change("min_group", at, below=pool > 0)
        if self.columns.get(unit):
            if self.round.max_head_difference is not None:
                yield _Change("max_head_difference", -1, len(members))
            if self.round.budget is not None:
                cheapest = min(
                    self.round.placements[int(self.model.place[c])].cost for c in self.columns[unit]
                )
                yield _Change("budget", -1, cheapest * len(members))
        if len(members) == 1:
            for at, _ in self.eligible.single(members[0]):
                yield from self._repairs(members[0], at)
            return
        reasons = self.eligible.reasons[list(members)]
        for at in np.flatnonzero((reasons != 0).sum(axis=0) == 1).tolist():
            member = members[int(np.flatnonzero(reasons[:, at])[0])]
            bits = int(self.eligible.reasons[member, at])
            if bits & (bits - 1) == 0:
                yield from self._repairs(member, at)

    def _repairs(self, member: int, at: int) -> Iterator[_Change]:
        """What a single failing code asks for. Nobody can change unions."""
        place = self.round.placements[at]
        (code,) = self.eligible.codes(self.round, member, at)
        if code == "same_union":
            return
        person = self.round.participants[member]
        below = person.languages.get(place.language, 0) < place.min_level
        if code == "language":
            yield _Change("language", at, place.min_level - person.languages.get(place.language, 0), member)
            if not person.no_interpreter:
                yield _Change("interpreter_seat", at, 1, member, below=True)
            return
        missing = 0
        if code.partition(":")[0] in _FIXABLE_DATES:
            missing = eligibility.days_missing(self.round, member, at)
        yield _Change(code, at, missing, member, below=below)

    def _rank(self, person: int, place: int) -> int:
        prefs = self.round.participants[person].prefs
        name = self.round.placements[place].id
        return next((tier for tier, names in enumerate(prefs, 1) if name in names), len(prefs) + 1)

    def _by_chain(self, unit: int, change: _Change) -> dict[int, int] | None:
        members = self.model.units[unit]
        if change.place < 0 or change.code == "min_group":
            return None
        at = change.place
        if change.code == "seat":
            if change.below and sum(self._below(m, at) for m in members) > self.seating.pool_free(at):
                return None
            moves = dict.fromkeys(members, at)
        elif len(members) > 1:
            extra = change.amount if change.code == "interpreter_seat" else 0
            needs = sum(
                self._below(m, at) for m in members if change.code != "language" or m != change.member
            )
            if self.seating.free(at) < len(members) or self.seating.pool_free(at) + extra < needs:
                return None
            moves = dict.fromkeys(members, at)
        else:
            more = change.code == "interpreter_seat"
            moves = self.openings.chain(members[0], at, change.below, more_pool=more)
        return moves if moves is not None and self._within_rules(moves) else None

    def _below(self, person: int, at: int) -> bool:
        place = self.round.placements[at]
        return self.round.participants[person].languages.get(place.language, 0) < place.min_level

    def _within_rules(self, moves: dict[int, int]) -> bool:
        """Whether group sizes, head difference and budget still hold after the moves."""
        places = self.round.placements
        change: dict[int, int] = {}
        cost, balance = self.cost, self.balance
        for person, place in moves.items():
            before = self.seating.at[person]
            change[place] = change.get(place, 0) + 1
            cost += places[place].cost
            if before >= 0:
                change[before] = change.get(before, 0) - 1
                cost -= places[before].cost
            else:
                balance += self.side[person]
        if any(0 < len(self.seating.guests[at]) + more < places[at].min_group for at, more in change.items()):
            return False
        most = self.round.max_head_difference
        if most is not None and abs(balance) > most:
            return False
        return self.round.budget is None or cost <= self.round.budget

    def _may_resolve(self) -> bool:
        return self.resolves < MOST_RESOLVES and self.model.columns <= MOST_COLUMNS_RESOLVED

    def _by_solving(self, unit: int, change: _Change) -> dict[int, int] | None:
        """Solve the changed round for the most people with this unit and everybody placed kept in."""
        self.resolves += 1
        members = self.model.units[unit]
        eligible, round_ = self._changed(unit, change)
        model = build(round_, eligible)
        must = np.array(
            [self.place_of[m[0]] >= 0 or at == unit for at, m in enumerate(self.model.units)], dtype=bool
        )
        model.rows.low[: len(must)] = must
        try:
            _, column_of = most_placed(model)
        except Infeasible:
            return None
        now = np.append(model.place, -1)[column_of][model.unit_of]
        moved = np.flatnonzero((now != self.place_of) & (self.place_of >= 0)).tolist()
        return {person: int(now[person]) for person in [*members, *moved]}

    def _changed(self, unit: int, change: _Change) -> tuple[Eligibility, Round]:
        """The round with the change made, and its eligibility."""
        if change.code == "max_head_difference":
            return self.eligible, replace(
                self.round, max_head_difference=self.round.max_head_difference + change.amount
            )
        if change.code == "budget":
            return self.eligible, replace(self.round, budget=self.round.budget + change.amount)
        place = self.round.placements[change.place]
        if change.code == "seat":
            return self.eligible, self._with(
                change.place, replace(place, capacity=place.capacity + change.amount)
            )
        if change.code == "min_group":
            return self.eligible, self._with(change.place, replace(place, min_group=0))
        round_ = self.round
        if change.code == "interpreter_seat":
            more = replace(place, interpreter_cap=place.interpreter_cap + change.amount)
            round_ = self._with(change.place, more)
            if change.member < 0:
                return self.eligible, round_
        return self._with_pair(change), round_

    def _with(self, at: int, place: Placement) -> Round:
        placements = list(self.round.placements)
        placements[at] = place
        return replace(self.round, placements=tuple(placements))

    def _with_pair(self, change: _Change) -> Eligibility:
        """The same eligibility with one pair more; its stay is the least one, which no first level reads."""
        old = self.eligible
        at = int(np.searchsorted(old.person * len(self.round.placements) + old.place,
                                 change.member * len(self.round.placements) + change.place))  # fmt: skip
        place = self.round.placements[change.place]
        below = change.below and change.code != "language"
        return Eligibility(
            old.reasons,
            np.insert(old.person, at, change.member),
            np.insert(old.place, at, change.place),
            np.insert(old.first, at, place.start),
            np.insert(old.days, at, place.min_days),
            np.insert(old.below, at, below),
        )

    def _shown(self, change: _Change, unit: int, moves: dict[int, int], method: str) -> dict[str, Any]:
        members = self.model.units[unit]
        shown: dict[str, Any] = {"code": change.code}
        if change.member >= 0 and len(members) > 1:
            shown["participant"] = self.round.participants[change.member].id
        if change.place >= 0:
            shown["placement"] = self.round.placements[change.place].id
        if change.amount:
            shown["amount"] = change.amount
        shown["verified"] = method
        shown["moves"] = {
            self.round.participants[person].id: self.round.placements[place].id
            for person, place in sorted(moves.items())
            if person not in members
        }
        return shown

    def _why_empty(self, at: int, units: list[int]) -> str:
        waiting = [unit for unit in units if self.place_of[self.model.units[unit][0]] < 0]
        if not units:
            return "nobody_eligible"
        if not waiting:
            return "everyone_eligible_is_placed"
        if all(len(self.model.units[unit]) > self.seating.free(at) for unit in waiting):
            return "delegation_larger_than_free_seats"
        pools = [sum(self._below(member, at) for member in self.model.units[unit]) for unit in waiting]
        if min(pools) > self.seating.pool_free(at):
            return "interpreter_seats_taken"
        return "rules_of_the_round"

    def _filler(self, at: int, units: list[int]) -> dict[str, Any]:
        """The cheapest change that lets an unplaced person, without any other move, take the empty seat."""
        best: tuple[tuple, int, _Change, dict[int, int]] | None = None
        column = self.eligible.reasons[:, at]
        single = (self.place_of < 0) & (column != 0) & (column & (column - 1) == 0)
        single[list(self.seating.held)] = False
        found = [
            (person, change)
            for person in np.flatnonzero(single).tolist()
            for change in self._repairs(person, at)
        ]
        for unit in units:
            members = self.model.units[unit]
            if len(members) == 1 and self.place_of[members[0]] < 0 and self._below(members[0], at):
                found.append((members[0], _Change("interpreter_seat", at, 1, members[0], below=True)))
        for person, change in found:
            waited = self.round.participants[person].waited
            key = (*change.order(self._rank(person, at))[:2], -waited, person)
            if best is not None and key >= best[0]:
                continue
            moves = {person: at}
            pool = change.below and change.code != "interpreter_seat"
            if (not pool or self.seating.pool_free(at) > 0) and self._within_rules(moves):
                best = (key, person, change, moves)
        if best is None:
            return {"change": None}
        _, person, change, moves = best
        shown = self._shown(change, int(self.model.unit_of[person]), moves, "chain")
        return {"change": {"participant": self.round.participants[person].id} | shown}
