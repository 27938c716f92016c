"""Check a result: `python -m portal.exchange.matching.verify ROUND.json RESULT.json`. Shares no code with the solver.

Checked: the rules, seats, groups and budget, stays, vector, reasons, and the counting argument for the maximum. Not
checked, because only a solver could: the levels below the first, and a maximum that was proven by search.
"""

import json
import sys
from collections import Counter
from datetime import date
from functools import cache
from itertools import accumulate, chain
from pathlib import Path

LEVELS = ("none", "A1", "A2", "B1", "B2", "C1", "C2")
EVER = date.max.toordinal()


@cache
def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def below(person: dict, place: dict) -> bool:
    level = person.get("languages", {}).get(place["language"], "none")
    return LEVELS.index(level) < LEVELS.index(place["min_level"])


def longest(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Length and first day of the longest run of the spans joined; the earliest of equals."""
    best, run = (0, 0), None
    for start, end in sorted(span for span in spans if span[0] <= span[1]):
        run = (run[0], max(run[1], end)) if run and start <= run[1] + 1 else (start, end)
        if run[1] - run[0] + 1 > best[0]:
            best = (run[1] - run[0] + 1, run[0])
    return best


def check_pair(person: dict, place: dict, round_: dict) -> tuple[list[str], tuple[int, int]]:
    """The failing codes of a pair, and the days and first day of its stay."""
    slot, need = (day(place["start"]), day(place["end"])), place["min_days"]
    entry = person.get("entry", {}).get(place["country"])
    free = place["country"] == person["country"] or entry == "open"
    expiry, certs = person["passport_expiry"], person.get("certs", {})
    limits = {
        "passport": (0, day(expiry) - (place.get("passport_margin_days") or 0) if expiry else EVER),
        "entry": (0, EVER) if free else tuple(map(day, entry)) if entry else (EVER, 0),
    }
    for name in sorted(place.get("certs", [])):
        limits[f"cert:{name}"] = (0, day(certs[name]) if name in certs else 0)

    def run(*inside: tuple[int, int], windows: bool) -> tuple[int, int]:
        low, high = max(slot[0], *(i[0] for i in inside), 0), min(slot[1], *(i[1] for i in inside), EVER)
        spans = [tuple(map(day, span)) for span in person["windows"]] if windows else [slot]
        return longest([(max(start, low), min(end, high)) for start, end in spans])

    windows = run(windows=True)[0] >= need
    failing = [code for code, limit in limits.items() if run(limit, windows=False)[0] < need]
    stay = run(*(limit for code, limit in limits.items() if code not in failing), windows=windows)
    rules = {
        "same_union": person["union"] == place["host_union"],
        "window": not windows,
        **dict.fromkeys(failing, True),
        "dates_combined": stay[0] < need <= slot[1] - slot[0] + 1,
        "sector": person.get("sectors") and place["sector"] not in person["sectors"],
        "language": below(person, place)
        and (not place.get("interpreter_cap") or person.get("no_interpreter")),
        "ban": {(person["id"], place["id"]), (person["id"], place["host"])} & round_["ban_set"],
        "not_acceptable": person.get("only_listed") and place["id"] not in chain(*person.get("prefs", [])),
        "pinned_elsewhere": round_["pins"].get(person["id"], place["id"]) != place["id"],
    }
    return [code for code, fails in rules.items() if fails], (
        min(stay[0], place.get("max_days") or stay[0]),
        stay[1],
    )


def rank(tiers: list[list[str]], name: str) -> int:
    return next((at for at, tier in enumerate(tiers, 1) if name in tier), len(tiers) + 1)


def verify(round_: dict, result: dict) -> list[str]:
    """What is wrong with the result, in sentences; empty when nothing is. Raises nothing for a round that solves."""
    bans = {tuple(ban) for ban in round_.get("bans", [])}
    round_ = {"pins": {}, "ledger_days": {}, "incumbent": {}, "delegations": []} | round_ | {"ban_set": bans}
    people, places = ({row["id"]: row for row in round_[kind]} for kind in ("participants", "placements"))
    try:
        wrong = _table(round_, result, people, places)
        if result["status"] == "INFEASIBLE":
            return wrong + ([] if round_["pins"] and result["rules"] else ["no clash of pins is named"])
        if result["status"] != ("BOUND" if "gap" in result else "OPTIMAL"):
            wrong.append("the status and the gap do not belong together")
        wrong += _feasible(round_, result, people, places)
        return wrong or _vector(round_, result, people, places) + _certificate(round_, result, people, places)
    except (KeyError, TypeError, AttributeError, ValueError) as mistake:
        return [f"the result cannot be read: {type(mistake).__name__} {mistake}"]


def _table(round_: dict, result: dict, people: dict, places: dict) -> list[str]:
    everything, given, true = result["ineligible_scope"] == "all", result["ineligible"], {}
    for name, person in people.items():
        asked = places if everything else set(chain(*person.get("prefs", [])))
        true[name] = {at: codes for at in asked if (codes := check_pair(person, places[at], round_)[0])}
    wrong = sorted(name for name in people.keys() | given.keys() if given.get(name) != true.get(name))
    return [f"the reasons of {name} are not those of the rules" for name in wrong]


def _feasible(round_: dict, result: dict, people: dict, places: dict) -> list[str]:
    plan, wrong = result["assignment"], []
    for name, at in plan.items():
        codes, (days, first) = check_pair(people[name], places[at], round_)
        if codes:
            wrong.append(f"{name} may not go to {at}: {', '.join(codes)}")
        elif result["stays"].get(name) != [str(date.fromordinal(first + more)) for more in (0, days - 1)]:
            wrong.append(f"the stay of {name} is not the longest allowed")
    wrong += [f"{name} has a stay and no place" for name in set(result["stays"]) - set(plan)]
    torn = [row for row in round_["delegations"] if len({plan.get(name) for name in row["members"]}) > 1]
    wrong += [f"the delegation {row['id']} is not together" for row in torn]
    wrong += [f"{name} is pinned to {at}" for name, at in round_["pins"].items() if plan.get(name) != at]
    seats = Counter(at for name, at in plan.items() if below(people[name], places[at]))
    for at, number in Counter(plan.values()).items():
        if number > places[at]["capacity"] or number < (places[at].get("min_group") or 0):
            wrong.append(f"{number} people are in {at}, outside its capacity and group size")
        if seats[at] > places[at].get("interpreter_cap", 0):
            wrong.append(f"{at} has too few interpreter seats")
    difference = abs(sum(1 if people[name]["union"] == round_["unions"][0] else -1 for name in plan))
    cost, most = sum(places[at]["cost"] for at in plan.values()), round_.get("max_head_difference")
    sums = (("difference of heads", difference, most), ("cost", cost, round_.get("budget")))
    return wrong + [f"the {name} is {got}" for name, got, limit in sums if limit is not None and got > limit]


def _vector(round_: dict, result: dict, people: dict, places: dict) -> list[str]:
    plan, days = result["assignment"].items(), Counter(round_["ledger_days"])
    for name, at in plan:
        days[people[name]["union"]] += check_pair(people[name], places[at], round_)[1][0]
    true = {
        "placed": len(plan),
        "kept": sum(round_["incumbent"].get(name) == at for name, at in plan),
        "waited": sum(people[name].get("waited", 0) for name, _ in plan),
        "rank_sum": sum(rank(people[name].get("prefs", []), at) for name, at in plan),
        "host_rank_sum": sum(rank(places[at].get("host_prefs", []), name) for name, at in plan),
        "interpreters": sum(below(people[name], places[at]) for name, at in plan),
        "day_imbalance": abs(days[round_["unions"][0]] - days[round_["unions"][1]]),
        "cost": sum(places[at]["cost"] for _, at in plan),
    }
    return [] if true == result["vector"] else [f"the vector is {true}, not {result['vector']}"]


def _certificate(round_: dict, result: dict, people: dict, places: dict) -> list[str]:
    given, wrong, bounds = result["certificate"], [], []
    teams = {name: row["members"] for row in round_["delegations"] for name in row["members"]}
    confined = next(row for row in given["arguments"] if row["code"] == "confined")
    inside, slots, pools = set(confined["people_ids"]), set(confined["slot_ids"]), set(confined["pool_ids"])

    def open_to(team: list[str], place: dict) -> bool:
        need = sum(below(people[name], place) for name in team)
        fits = need <= place.get("interpreter_cap", 0) and place["capacity"] >= (place.get("min_group") or 0)
        return (
            fits
            and len(team) <= place["capacity"]
            and not any(check_pair(people[name], place, round_)[0] for name in team)
        )

    for name in sorted(inside):
        away = [at for at in places.keys() - slots if at not in pools or not below(people[name], places[at])]
        wrong += [f"{name} may go to {at}" for at in away if open_to(teams.get(name, [name]), places[at])]
    most = Counter(person["union"] for name, person in people.items() if name not in inside)
    for at in slots | pools:
        (guests,) = set(round_["unions"]) - {places[at]["host_union"]}
        most[guests] += places[at].get("capacity" if at in slots else "interpreter_cap", 0)
    out, each = len(people) - most.total(), [most[union] for union in round_["unions"]]
    told = [confined[key] for key in ("people", "slots", "pools", "seats", "stay_out")]
    if told != [len(inside), len(slots), len(pools), len(inside) - out, out] or slots & pools:
        wrong.append("the numbers of the counting argument are not those of its lists")
    for row in given["arguments"]:
        limit = sum(each)
        if row["code"] == "max_head_difference":
            limit = min(limit, 2 * min(each) + round_["max_head_difference"])
        if row["code"] == "budget":
            seats = chain(*([row["cost"]] * min(row["capacity"], len(people)) for row in places.values()))
            limit = sum(total <= round_["budget"] for total in accumulate(sorted(seats)))
        limit = min(limit, len(people))
        bounds.append(limit)
        if row["people"] != limit and row["code"] != "confined":
            wrong.append(f"the argument {row['code']} gives {limit}")
    placed, bound = result["vector"]["placed"], min(bounds)
    if given["placed"] != placed or given["bound"] != bound or placed > bound:
        wrong.append(f"the counting bound is {bound}, the certificate says {given['bound']}")
    if (given["proof"] == "counting") != (placed == bound):
        wrong.append("the certificate does not prove what it says")
    return wrong


def main(paths: list[str]) -> int:
    wrong = verify(*(json.loads(Path(path).read_text(encoding="utf-8")) for path in paths))
    print("\n".join(wrong) or "The result holds.")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
