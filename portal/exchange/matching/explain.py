"""Everything said about a plan: certificate, reasons, cheapest changes, envy and the price of fairness."""

from typing import Any

from .certificate import count
from .eligibility import Eligibility
from .fixes import Advice
from .model import LEVELS, Model
from .schema import Round
from .seating import Seating
from .solve import Plan
from .stable import deferred_acceptance, envy


def explain(round_: Round, eligible: Eligibility, model: Model, plan: Plan) -> dict[str, Any]:
    """The keys `certificate`, `envy` and `stable` of a result."""
    seating = Seating(round_, eligible, model, plan.place_of)
    proven = plan.vector["placed"] == plan.bounds["placed"]
    certificate, reached = count(round_, seating, plan.vector["placed"], proven=proven)
    advice = Advice(round_, eligible, model, plan.place_of)
    certificate["unplaced"] = advice.unplaced(reached.people)
    certificate["empty_seats"] = advice.empty_seats()
    stable = deferred_acceptance(round_, eligible, model, plan.column_of)
    stable["price"] = {name: plan.vector[name] - stable["vector"][name] for name in LEVELS}
    return {
        "certificate": certificate,
        "envy": envy(round_, model, plan.column_of),
        "stable": stable,
    }
