"""Which rules make a round with pins impossible."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .eligibility import Eligibility
from .model import build
from .program import Infeasible
from .schema import Round
from .solve import most_placed

_SIDE_RULES = {
    "capacity": lambda place: replace(place, capacity=10**9),
    "interpreter_cap": lambda place: replace(place, interpreter_cap=10**9 if place.interpreter_cap else 0),
    "min_group": lambda place: replace(place, min_group=0),
}


def name_rules(
    round_: Round, eligible: Eligibility, *, cancelled: Callable[[], bool] | None = None
) -> list[dict[str, Any]]:
    """The clashes of pins with single rules, or else the least set of rules that cannot hold together."""
    return _direct(round_, eligible) or [_together(round_, eligible, cancelled)]


def _direct(round_: Round, eligible: Eligibility) -> list[dict[str, Any]]:
    index = {person.id: at for at, person in enumerate(round_.participants)}
    places = {place.id: at for at, place in enumerate(round_.placements)}
    found: list[dict[str, Any]] = []
    for person, place in round_.pins.items():
        if codes := eligible.codes(round_, index[person], places[place]):
            found.append({"code": "pin", "participant": person, "placement": place, "because": codes})
    inside: dict[str, set[str]] = defaultdict(set)
    for person, place in round_.pins.items():
        inside[place].add(person)
    for delegation in round_.delegations:
        wanted = sorted({round_.pins[name] for name in delegation.members if name in round_.pins})
        if len(wanted) > 1:
            found.append({"code": "delegation", "delegation": delegation.id, "placements": wanted})
        for place in wanted:
            inside[place].update(delegation.members)
            for name in delegation.members:
                codes = eligible.codes(round_, index[name], places[place])
                if codes and name not in round_.pins:
                    found.append(
                        {
                            "code": "delegation",
                            "delegation": delegation.id,
                            "participant": name,
                            "placement": place,
                            "because": codes,
                        }
                    )
    for place, people in sorted(inside.items()):
        row = round_.placements[places[place]]
        below = sum(
            round_.participants[index[name]].languages.get(row.language, 0) < row.min_level for name in people
        )
        for code, number, most in (
            ("capacity", len(people), row.capacity),
            ("interpreter_cap", below, row.interpreter_cap),
        ):
            if number > most and (
                most or code == "capacity"
            ):  # without seats the pair itself fails the level
                found.append({"code": code, "placement": place, "pinned": number, "most": most})
    cost = sum(round_.placements[places[place]].cost * len(people) for place, people in inside.items())
    if round_.budget is not None and cost > round_.budget:
        found.append({"code": "budget", "pinned": cost, "most": round_.budget})
    return found


def _together(round_: Round, eligible: Eligibility, cancelled: Callable[[], bool] | None) -> dict[str, Any]:
    """Drop rule after rule; what cannot be dropped without the clash going away is part of it."""
    needed = []
    for code in ("max_head_difference", "budget", *_SIDE_RULES):
        without = _without(round_, code)
        if _possible(without, eligible, cancelled):
            needed.append(code)
        else:
            round_ = without
    pins = dict(round_.pins)
    for person in list(pins):
        fewer = {name: place for name, place in pins.items() if name != person}
        if len(round_.pins) <= 30 and not _possible(replace(round_, pins=fewer), eligible, cancelled):
            pins = fewer
    return {"code": "together", "rules": needed, "pins": pins}


def _without(round_: Round, code: str) -> Round:
    if code in _SIDE_RULES:
        return replace(round_, placements=tuple(_SIDE_RULES[code](place) for place in round_.placements))
    return replace(round_, **{code: None})


def _possible(round_: Round, eligible: Eligibility, cancelled: Callable[[], bool] | None) -> bool:
    try:
        most_placed(build(round_, eligible), cancelled=cancelled)
    except Infeasible:
        return False
    return True
