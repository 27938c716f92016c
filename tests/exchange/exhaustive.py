"""Every assignment of a small round, tried one by one, day by day; shares nothing with the product."""

from datetime import date, timedelta
from itertools import product

LEVELS = ("none", "A1", "A2", "B1", "B2", "C1", "C2")


def _days(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(at) for at in range((end - start).days + 1)}


def _runs(days: set[date]) -> list[list[date]]:
    runs: list[list[date]] = []
    for day in sorted(days):
        if runs and day - runs[-1][-1] == timedelta(1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs


def below(person: dict, place: dict) -> bool:
    level = person["languages"].get(place["language"], "none")
    return LEVELS.index(level) < LEVELS.index(place["min_level"])


def reasons(person: dict, place: dict, round_: dict) -> list[str]:
    slot = _days(place["start"], place["end"])

    def enough(days: set[date]) -> bool:
        return any(len(run) >= place["min_days"] for run in _runs(days))

    rules = {"window": {day for window in person["windows"] for day in _days(*window)} & slot}
    rules["passport"] = slot
    if person["passport_expiry"] is not None:
        last = date.fromisoformat(person["passport_expiry"]) - timedelta(place.get("passport_margin_days", 0))
        rules["passport"] = {day for day in slot if day <= last}
    permission = person["entry"].get(place["country"])
    if permission == "open" or place["country"] == person["country"]:
        rules["entry"] = slot
    else:
        rules["entry"] = _days(*permission) & slot if permission else set()
    for name in place["certs"]:
        expiry = person["certs"].get(name)
        rules[f"cert:{name}"] = {day for day in slot if expiry and day <= date.fromisoformat(expiry)}
    codes = ["same_union"] if person["union"] == place["host_union"] else []
    codes += [code for code, days in rules.items() if not enough(days)]
    passing = [days for days in rules.values() if enough(days)]
    if passing and not enough(set.intersection(*passing)):
        codes.append("dates_combined")
    if person["sectors"] and place["sector"] not in person["sectors"]:
        codes.append("sector")
    if below(person, place) and (place["interpreter_cap"] == 0 or person.get("no_interpreter")):
        codes.append("language")
    if any(
        ban[0] == person["id"] and ban[1] in (place["id"], place["host"]) for ban in round_.get("bans", [])
    ):
        codes.append("ban")
    if person.get("only_listed") and not any(place["id"] in tier for tier in person["prefs"]):
        codes.append("not_acceptable")
    if round_.get("pins", {}).get(person["id"], place["id"]) != place["id"]:
        codes.append("pinned_elsewhere")
    return codes


def stay(person: dict, place: dict) -> list[str]:
    """First and last day; the pair must be eligible."""
    days = {day for window in person["windows"] for day in _days(*window)} & _days(
        place["start"], place["end"]
    )
    if person["passport_expiry"] is not None:
        last = date.fromisoformat(person["passport_expiry"]) - timedelta(place.get("passport_margin_days", 0))
        days = {day for day in days if day <= last}
    permission = person["entry"].get(place["country"])
    if permission != "open" and place["country"] != person["country"]:
        days &= _days(*permission)
    for name in place["certs"]:
        days = {day for day in days if day <= date.fromisoformat(person["certs"][name])}
    run = max(_runs(days), key=len)
    run = run[: place.get("max_days") or len(run)]
    return [run[0].isoformat(), run[-1].isoformat()]


def _rank(tiers: list[list[str]], name: str) -> int:
    return next((at for at, tier in enumerate(tiers, 1) if name in tier), len(tiers) + 1)


def optimum(round_: dict) -> tuple[dict[str, int], dict[str, str]] | None:
    """The best vector and the first assignment that has it; None when no assignment is allowed."""
    people = sorted(round_["participants"], key=lambda p: p["id"])
    places = sorted(round_["placements"], key=lambda p: p["id"])
    open_to = [
        [at for at, place in enumerate(places) if not reasons(person, place, round_)] for person in people
    ]
    stays = {
        (who, at): _days(*stay(people[who], places[at]))
        for who, options in enumerate(open_to)
        for at in options
    }
    nowhere = len(places)
    at_of = {person["id"]: at for at, person in enumerate(people)}
    delegations = [[at_of[name] for name in row["members"]] for row in round_.get("delegations", [])]
    choices = [
        options if person["id"] in round_.get("pins", {}) else [*options, nowhere]
        for person, options in zip(people, open_to, strict=True)
    ]
    best = None
    for chosen in product(*choices):
        if any(len({chosen[who] for who in members}) > 1 for members in delegations):
            continue
        if not _allowed(chosen, people, places, round_):
            continue
        vector = _vector(chosen, people, places, stays, round_)
        signs = (-1, -1, -1, 1, 1, 1, 1, 1)
        score = (tuple(s * v for s, v in zip(signs, vector.values(), strict=True)), chosen)
        if best is None or score < best[0]:
            best = (score, vector, chosen)
    if best is None:
        return None
    _, vector, chosen = best
    return vector, {
        person["id"]: places[at]["id"] for person, at in zip(people, chosen, strict=True) if at != nowhere
    }


def _allowed(chosen: tuple[int, ...], people: list[dict], places: list[dict], round_: dict) -> bool:
    for at, place in enumerate(places):
        guests = [person for person, where in zip(people, chosen, strict=True) if where == at]
        if len(guests) > place["capacity"] or 0 < len(guests) < place.get("min_group", 0):
            return False
        if sum(below(person, place) for person in guests) > place["interpreter_cap"]:
            return False
    placed = [(person, places[at]) for person, at in zip(people, chosen, strict=True) if at < len(places)]
    heads = [sum(person["union"] == union for person, _ in placed) for union in round_["unions"]]
    if abs(heads[0] - heads[1]) > round_.get("max_head_difference", len(people)):
        return False
    return "budget" not in round_ or sum(place["cost"] for _, place in placed) <= round_["budget"]


def _vector(
    chosen: tuple[int, ...], people: list[dict], places: list[dict], stays: dict, round_: dict
) -> dict[str, int]:
    placed = [(who, at) for who, at in enumerate(chosen) if at < len(places)]
    ledger = round_.get("ledger_days", {})
    days = [
        ledger.get(union, 0) + sum(len(stays[who, at]) for who, at in placed if people[who]["union"] == union)
        for union in round_["unions"]
    ]
    incumbent = round_.get("incumbent", {})
    return {
        "placed": len(placed),
        "kept": sum(incumbent.get(people[who]["id"]) == places[at]["id"] for who, at in placed),
        "waited": sum(people[who]["waited"] for who, _ in placed),
        "rank_sum": sum(_rank(people[who]["prefs"], places[at]["id"]) for who, at in placed),
        "host_rank_sum": sum(_rank(places[at]["host_prefs"], people[who]["id"]) for who, at in placed),
        "interpreters": sum(below(people[who], places[at]) for who, at in placed),
        "day_imbalance": abs(days[0] - days[1]),
        "cost": sum(places[at]["cost"] for _, at in placed),
    }
