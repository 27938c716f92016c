"""Who sits where under a plan, and along which chains of moves one more person could be seated."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .eligibility import Eligibility
from .model import Model
from .schema import Round


class Seating:
    """People one by one, members of delegations too: `edges[p]` are the (placement, below level) open to p.

    A delegation's members may only go where all of it may go. `held` are people no chain of moves may touch.
    """

    def __init__(self, round_: Round, eligible: Eligibility, model: Model, place_of: np.ndarray):
        self.capacity = [place.capacity for place in round_.placements]
        self.pool = [place.interpreter_cap for place in round_.placements]
        self.edges: list[list[tuple[int, bool]]] = [[] for _ in round_.participants]
        for unit, place, pool in zip(
            model.unit.tolist(), model.place.tolist(), model.pool.tolist(), strict=True
        ):
            members = model.units[unit]
            if len(members) == 1:
                self.edges[members[0]].append((place, bool(pool)))
                continue
            for member in members:
                self.edges[member].append((place, bool(eligible.below[eligible.pair(member, place)])))
        self.at: list[int] = place_of.tolist()
        self.below_at = [dict(row) for row in self.edges]
        self.guests: list[set[int]] = [set() for _ in self.capacity]
        self.assisted: list[set[int]] = [set() for _ in self.capacity]
        self.held = {member for unit in model.units if len(unit) > 1 for member in unit}
        for person, place in enumerate(self.at):
            if place >= 0:
                self._sit(person, place)

    def _sit(self, person: int, place: int) -> None:
        self.at[person] = place
        self.guests[place].add(person)
        if self.below_at[person][place]:
            self.assisted[place].add(person)

    def _rise(self, person: int) -> None:
        place, self.at[person] = self.at[person], -1
        self.guests[place].discard(person)
        self.assisted[place].discard(person)

    def free(self, place: int) -> int:
        return self.capacity[place] - len(self.guests[place])

    def pool_free(self, place: int) -> int:
        return self.pool[place] - len(self.assisted[place])

    def unplaced(self) -> list[int]:
        return [person for person, place in enumerate(self.at) if place < 0]

    def split_apart(self) -> "Reached":
        """Seat as many as possible with delegations allowed apart, then show what nobody left over can pass."""
        while (reached := self._spread(self.unplaced())).chain is not None:
            for person, _ in reached.chain:
                if self.at[person] >= 0:
                    self._rise(person)
            for person, place in reached.chain:
                self._sit(person, place)
        return reached

    def _spread(self, start: Iterable[int]) -> "Reached":
        """Everything that alternating moves reach from `start`; stops at the first free seat."""
        came: dict[int, tuple[int, int]] = {}  # person: who pushes them out, and from where
        people = dict.fromkeys(start)
        queue = deque(people)
        slots: set[int] = set()
        pools: set[int] = set()
        while queue:
            person = queue.popleft()
            for place, below in self.edges[person]:
                if place == self.at[person]:
                    continue
                pushed: Iterable[int] = ()
                if below and place not in pools:
                    pools.add(place)
                    if self.pool_free(place) <= 0:
                        pushed = self.assisted[place]
                if place not in slots and (not below or self.pool_free(place) > 0):
                    slots.add(place)
                    if self.free(place) > 0:
                        return Reached(people, slots, pools, self._chain(came, person, place))
                    pushed = self.guests[place]
                for other in sorted(pushed):
                    if other not in people:
                        people[other] = None
                        came[other] = (person, place)
                        queue.append(other)
        return Reached(people, slots, pools, None)

    @staticmethod
    def _chain(came: dict[int, tuple[int, int]], person: int, place: int) -> list[tuple[int, int]]:
        chain = [(person, place)]
        while person in came:
            person, place = came[person]
            chain.append((person, place))
        return chain


@dataclass(frozen=True, slots=True)
class Reached:
    people: dict[int, None]
    slots: set[int]
    pools: set[int]
    chain: list[tuple[int, int]] | None  # moves that seat one more person, where a free seat was reached


class Openings:
    """From which slots and interpreter pools a chain of moves of single people leads to a free seat."""

    def __init__(self, seating: Seating):
        self.seating = seating
        self.slot_next: dict[
            int, tuple[int, int, bool] | None
        ] = {}  # who leaves for where; None: a free seat
        self.pool_next: dict[int, tuple[int, int, bool] | None] = {}
        into: dict[tuple[int, bool], list[int]] = defaultdict(list)
        for person, place in enumerate(seating.at):
            if place >= 0 and person not in seating.held:
                for other, below in seating.edges[person]:
                    if other != place:
                        into[other, below].append(person)
        queue = deque()
        for place in range(len(seating.capacity)):
            if seating.free(place) > 0:
                self._open_slot(place, None, queue)
        while queue:
            place, below = queue.popleft()
            for person in into[place, below]:
                origin = seating.at[person]
                step = (person, place, below)
                if person in seating.assisted[origin] and origin not in self.pool_next:
                    self.pool_next[origin] = step
                    queue.append((origin, True))
                if origin not in self.slot_next:
                    self._open_slot(origin, step, queue)

    def _open_slot(self, place: int, step: tuple[int, int, bool] | None, queue: deque) -> None:
        self.slot_next[place] = step
        queue.append((place, False))
        if self.seating.pool_free(place) > 0 and place not in self.pool_next:
            self.pool_next[place] = step
            queue.append((place, True))

    def chain(
        self, person: int, place: int, below: bool, *, more_pool: bool = False
    ) -> dict[int, int] | None:
        """Moves that let `person` into `place`, theirs included; None when no chain does."""
        first = self.slot_next if not below or more_pool else self.pool_next
        if place not in first:
            return None
        moves = {person: place}
        step = first[place]
        while step is not None:
            mover, place, below = step
            if mover in moves:
                return None
            moves[mover] = place
            step = (self.pool_next if below else self.slot_next)[place]
        return moves
