"""Small random rounds agree with a search of every assignment; large planted ones reach their maximum."""

import copy
import json
from datetime import date, timedelta

import pytest

from portal.exchange import matching
from portal.exchange.matching.verify import verify

from . import exhaustive, rounds

SEEDS = 300


@pytest.mark.parametrize("block", range(10))
def test_random_rounds_agree_with_the_exhaustive_search(block):
    for seed in range(block * SEEDS // 10, (block + 1) * SEEDS // 10):
        round_ = rounds.small(seed)
        result = matching.solve(round_)
        best = exhaustive.optimum(round_)
        if best is None:
            assert result["status"] == "INFEASIBLE", seed
            assert result["rules"], seed
        else:
            assert result["status"] == "OPTIMAL", seed
            assert (result["vector"], result["assignment"]) == best, seed
            assert result["first_of_equals"], seed


@pytest.mark.parametrize("seed", range(0, 60, 3))
def test_reasons_and_stays_agree_with_a_count_day_by_day(seed):
    round_ = rounds.small(seed)
    result = matching.solve(round_)
    places = sorted(round_["placements"], key=lambda place: place["id"])
    people = {person["id"]: person for person in round_["participants"]}

    assert result["ineligible"] == {
        name: {
            place["id"]: codes
            for place in places
            if (codes := exhaustive.reasons(people[name], place, round_))
        }
        for name in sorted(people)
    }
    by_id = {place["id"]: place for place in places}
    for name, at in (result.get("assignment") or {}).items():
        assert result["stays"][name] == exhaustive.stay(people[name], by_id[at])


def test_the_verifier_accepts_every_small_result_in_any_order_of_rows():
    for seed in range(60):
        round_ = rounds.small(seed)
        result = matching.solve(round_)

        assert verify(round_, json.loads(json.dumps(result))) == [], seed
        assert json.dumps(matching.solve(rounds.shuffled(round_, seed))) == json.dumps(result), seed


def _after(round_: dict, name: str, change: dict) -> dict | None:
    """The round with one offered change made by hand, as a coordinator would."""
    other = copy.deepcopy(round_)
    who = next(p for p in other["participants"] if p["id"] == change.get("participant", name))
    place = next((p for p in other["placements"] if p["id"] == change.get("placement")), None)
    code = change["code"]
    if code in ("max_head_difference", "budget"):
        other[code] += change["amount"]
    elif code == "seat":
        place["capacity"] += change["amount"]
    elif code == "interpreter_seat":
        place["interpreter_cap"] += change["amount"]
    elif code == "min_group":
        del place["min_group"]
    elif code == "language":
        who["languages"][place["language"]] = place["min_level"]
    elif code == "sector":
        who["sectors"].append(place["sector"])
    elif code == "ban":
        other["bans"] = [ban for ban in other["bans"] if ban[0] != who["id"]]
    elif code == "not_acceptable":
        who["prefs"].append([place["id"]])
    elif code == "passport":
        who["passport_expiry"] = None
    elif code == "entry":
        who["entry"][place["country"]] = "open"
    elif code.startswith("cert:"):
        who["certs"][code.removeprefix("cert:")] = "2030-01-01"
    elif code == "window":
        who["windows"] = [[place["start"], place["end"]]]
    else:
        return None
    return other


def test_every_change_offered_for_an_unplaced_person_places_one_more():
    tried = set()
    for seed in range(120):
        round_ = rounds.small(seed)
        result = matching.solve(round_)
        if result["status"] == "INFEASIBLE":
            continue
        for name, advice in result["certificate"]["unplaced"].items():
            if (change := advice["change"]) is None or len(tried) > 200:
                continue
            if (other := _after(round_, name, change)) is None or (seed, str(change)) in tried:
                continue
            tried.add((seed, str(change)))
            vector, _ = exhaustive.optimum(other)
            assert vector["placed"] > result["vector"]["placed"], (seed, name, change)
    assert len(tried) > 40


def test_every_change_offered_for_an_empty_seat_fills_it():
    tried = 0
    for seed in range(60):
        round_ = rounds.small(seed)
        result = matching.solve(round_)
        for at, advice in result.get("certificate", {}).get("empty_seats", {}).items():
            if (change := advice["change"]) is None:
                continue
            if (other := _after(round_, change["participant"], change)) is None:
                continue
            tried += 1
            plan = result["assignment"] | {change["participant"]: at}
            vector, _ = exhaustive.optimum(
                other | {"pins": {**round_.get("pins", {}), change["participant"]: at}}
            )
            assert vector["placed"] >= len(plan), (seed, at, change)
    assert tried > 3


@pytest.mark.parametrize(("people", "seed"), [(200, 1), (200, 2), (1000, 1)])
def test_a_planted_round_reaches_its_maximum_and_counting_proves_it(people, seed):
    round_, most = rounds.planted(people, seed)

    result = matching.solve(round_)

    assert result["status"] == "OPTIMAL"
    assert result["vector"]["placed"] == most
    assert result["certificate"]["proof"] == "counting"
    if people == 200:
        assert verify(round_, result) == []


def test_after_a_decline_few_others_move():
    round_, _ = rounds.planted(200, 4)
    plan = matching.solve(round_)["assignment"]
    moved = 0
    for name in sorted(plan)[::24]:
        declined = round_ | {"incumbent": plan, "bans": [[name, plan[name]]]}
        after = matching.solve(declined)["assignment"]
        moved += sum(after.get(other) != at for other, at in plan.items() if other != name)
    assert moved <= len(sorted(plan)[::24])


def test_each_day_a_window_touches_the_next_it_is_one_window():
    first = date(2027, 3, 1)
    split = [
        [(first + timedelta(7 * at)).isoformat(), (first + timedelta(7 * at + 6)).isoformat()]
        for at in range(4)
    ]
    round_ = rounds.round_of(
        [rounds.participant("p", "USW", windows=split)], [rounds.placement("A-1", "LM", min_days=28)]
    )

    assert matching.solve(round_)["stays"] == {"p": ["2027-03-01", "2027-03-28"]}


def test_a_search_cut_short_says_so_with_its_gap_and_the_plan_still_holds(monkeypatch):
    monkeypatch.setattr(matching.program, "_SEARCH_EFFORT", 0)
    monkeypatch.setattr(matching.program, "_LEAST_NODES", 0)
    round_ = rounds.small(74)

    result = matching.solve(round_)

    assert result["status"] == "BOUND"
    assert result["gap"] == {"level": "rank_sum", "value": 10, "bound": 7, "relative": 0.3}
    assert verify(round_, result) == []


def test_rows_without_their_optional_keys_are_solved_and_verified():
    bare = rounds.round_of(
        [rounds.participant("ana", "USW"), rounds.participant("ben", "USW", windows=[])],
        [rounds.placement("A-1", "LM"), rounds.placement("B-1", "LM", min_level="A1")],
    )
    for person in bare["participants"]:
        for key in ("languages", "sectors", "certs", "prefs", "waited"):
            del person[key]
    for place in bare["placements"]:
        for key in ("certs", "host_prefs", "interpreter_cap"):
            del place[key]

    result = matching.solve(bare)

    assert result["assignment"] == {"ana": "A-1"}
    assert result["ineligible"] == {
        "ana": {"B-1": ["language"]},
        "ben": {"A-1": ["window"], "B-1": ["window", "language"]},
    }
    assert verify(bare, result) == []
