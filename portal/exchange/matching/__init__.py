"""Match people to placements: exact, explained and checkable. Knows neither Flask nor the database."""

from collections.abc import Callable
from typing import Any

from . import clash, eligibility
from .eligibility import Eligibility, iso
from .explain import explain
from .model import LEVELS, TooLarge, build
from .program import Cancelled, Infeasible
from .schema import BadRound, Round, read, read_text
from .solve import Plan, Progress, lexicographic

__all__ = ["BadRound", "Cancelled", "Round", "TooLarge", "read", "read_text", "solve", "solve_round"]

RESULT_SCHEMA = "exchange-match-result/1"


def solve(
    round_dict: Any, *, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> dict[str, Any]:
    """Solve a parsed `exchange-match/1` document.

    `progress` is given a fraction from 0 to 1 and the code of the phase. Raises `BadRound`, `TooLarge`, or
    `Cancelled` soon after `cancelled()` turns true.
    """
    return solve_round(read(round_dict), progress=progress, cancelled=cancelled)


def solve_round(
    round_: Round, *, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None
) -> dict[str, Any]:
    tell = progress or (lambda fraction, phase: None)
    tell(0.0, "eligibility")
    eligible = eligibility.check(round_)
    ineligible, scope = eligibility.reasons_listed(round_, eligible)
    result: dict[str, Any] = {"schema": RESULT_SCHEMA, "id": round_.id}
    tail = {"ineligible": ineligible, "ineligible_scope": scope, "ignored": list(round_.ignored)}
    model = build(round_, eligible)
    try:
        plan = lexicographic(
            model, cancelled=cancelled, progress=lambda fraction, phase: tell(0.1 + 0.7 * fraction, phase)
        )
    except Infeasible:
        rules = clash.name_rules(round_, eligible, cancelled=cancelled)
        nothing = {"vector": None, "assignment": None, "stays": None, "certificate": {"rules": rules}}
        return result | {"status": "INFEASIBLE", "rules": rules} | nothing | tail
    tell(0.8, "explain")
    if cancelled is not None and cancelled():
        raise Cancelled
    result |= {"status": "OPTIMAL" if plan.optimal else "BOUND", "vector": plan.vector}
    if not plan.optimal:
        result["gap"] = _gap(plan)
    result |= _assignment(round_, eligible, plan) | tail
    result["first_of_equals"] = plan.first_of_equals
    result |= explain(round_, eligible, model, plan)
    tell(1.0, "done")
    return result


def _gap(plan: Plan) -> dict[str, Any]:
    """The first level that is not proven; the levels below it were solved for the value it has."""
    name = next(name for name in LEVELS if plan.vector[name] != plan.bounds[name])
    value, bound = plan.vector[name], plan.bounds[name]
    return {
        "level": name,
        "value": value,
        "bound": bound,
        "relative": round(abs(value - bound) / max(1, abs(value), abs(bound)), 6),
    }


def _assignment(round_: Round, eligible: Eligibility, plan: Plan) -> dict[str, Any]:
    assignment, stays = {}, {}
    for at, place in enumerate(plan.place_of.tolist()):
        if place >= 0:
            person = round_.participants[at].id
            pair = eligible.pair(at, place)
            first, days = int(eligible.first[pair]), int(eligible.days[pair])
            assignment[person] = round_.placements[place].id
            stays[person] = [iso(first), iso(first + days - 1)]
    return {"assignment": assignment, "stays": stays}
