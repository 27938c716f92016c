"""What coordinators of one union read of a plan: of the other union's people their sign, languages and dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

WITHHELD = "withheld"  # stands for every reason that lies in papers or wishes of the other union's people
SHARED_FIELDS = ("id", "union", "windows", "languages")
SHARED_REASONS = {"same_union", "window", "language", "ban", "pinned_elsewhere"}
SHARED_CHANGES = SHARED_REASONS | {
    "seat", "interpreter_seat", "min_group", "max_head_difference", "budget",
}  # fmt: skip


def input_for(document: Mapping[str, Any], union: str) -> dict[str, Any]:
    """The input as coordinators of `union` (its code) may read it; the very same when all people are theirs."""
    own = _people_of(document, union)
    return {
        **document,
        "participants": [
            dict(person) if person["id"] in own else {name: person[name] for name in SHARED_FIELDS}
            for person in document["participants"]
        ],
        "delegations": [row for row in document["delegations"] if own.issuperset(row["members"])],
    }


def result_for(document: Mapping[str, Any], result: Mapping[str, Any], union: str) -> dict[str, Any]:
    """The result of `document` as coordinators of `union` (its code) may read it."""
    own = _people_of(document, union)
    found = dict(result)
    found["ineligible"] = {
        code: row if code in own else {place: _reasons(codes) for place, codes in row.items()}
        for code, row in result["ineligible"].items()
    }
    if result["status"] == "INFEASIBLE":
        found["rules"] = [
            rule | {"because": _reasons(rule["because"])}
            if "because" in rule and rule["participant"] not in own
            else rule
            for rule in result["rules"]
        ]
        return found | {"certificate": {"rules": found["rules"]}}
    certificate = result["certificate"]
    found["certificate"] = certificate | {
        "unplaced": {code: _advice(row, code, own) for code, row in certificate["unplaced"].items()},
        "empty_seats": {
            place: _advice(row, (row["change"] or {}).get("participant"), own)
            for place, row in certificate["empty_seats"].items()
        },
    }
    pairs = [pair for pair in result["envy"]["pairs"] if pair["participant"] in own]
    found["envy"] = result["envy"] | {"pairs": pairs}
    return found


def holds_others(document: Mapping[str, Any], union: str) -> bool:
    """Whether people of the other union are in it, so that something is left out."""
    return any(person["union"] != union for person in document["participants"])


def _people_of(document: Mapping[str, Any], union: str) -> set[str]:
    return {person["id"] for person in document["participants"] if person["union"] == union}


def _reasons(codes: Iterable[str]) -> list[str]:
    """Shared reasons as they are, all others as one."""
    return list(dict.fromkeys(code if code in SHARED_REASONS else WITHHELD for code in codes))


def _advice(row: Mapping[str, Any], code: str | None, own: set[str]) -> dict[str, Any]:
    """Advice without the change, when that would tell what papers or wishes somebody of the other union has."""
    change = row["change"]
    told = code in own or change is None or change["code"] in SHARED_CHANGES
    return dict(row) if told else row | {"change": None}
