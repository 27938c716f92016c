"""The shared samples come out as expected, to the byte, and the verifier agrees."""

import copy
import json
from pathlib import Path

import pytest

from portal.exchange import matching
from portal.exchange.matching.verify import main, verify

from . import rounds

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("sample-*.json") if not path.stem.endswith(".expected"))


def load(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_its_expected_optimum(name):
    result = matching.solve(load(name))

    expected = load(f"{name}.expected")
    for key in ("id", "status", "vector", "assignment", "ineligible"):
        assert result.get(key) == expected.get(key), key


@pytest.mark.parametrize("name", NAMES)
def test_the_order_of_rows_does_not_change_a_byte(name):
    round_ = load(name)

    assert json.dumps(matching.solve(rounds.shuffled(round_, 7))) == json.dumps(matching.solve(round_))


def test_the_planted_sample_reaches_its_maximum():
    result = matching.solve(load("gen-200-41"))

    assert result["vector"]["placed"] == load("gen-200-41.expected")["placed"]
    assert result["status"] == "OPTIMAL"
    assert result["certificate"]["proof"] == "counting"
    assert verify(load("gen-200-41"), result) == []


def test_the_shuffled_planted_sample_gives_the_same_bytes():
    round_ = load("gen-200-41")

    assert json.dumps(matching.solve(rounds.shuffled(round_, 3))) == json.dumps(matching.solve(round_))


def test_a_stay_is_shortened_to_the_entry_permission():
    assert matching.solve(load("sample-visa"))["stays"] == {"m1": ["2027-03-01", "2027-03-20"]}


def test_a_pin_against_a_hard_rule_names_the_pair_and_the_rule():
    result = matching.solve(load("sample-infeasible-pin"))

    assert result["rules"] == [
        {"code": "pin", "participant": "p1", "placement": "A-1", "because": ["language"]}
    ]


def test_the_verifier_runs_from_the_command_line(tmp_path, capsys):
    result = matching.solve(load("sample-01-random"))
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps(result), encoding="utf-8")
    bad.write_text(json.dumps(result | {"assignment": {}}), encoding="utf-8")

    assert main([str(SAMPLES / "sample-01-random.json"), str(good)]) == 0
    assert capsys.readouterr().out == "The result holds.\n"
    assert main([str(SAMPLES / "sample-01-random.json"), str(bad)]) == 1


def _tampered():
    """Ways to falsify the result of a planted round, each with a name.

    `IN` and `OUT` stand for a person placed in a crowded slot and one left over, `BAD` for a slot not open to them.
    """

    def change(*path_and_value):
        def apply(result):
            *path, last, value = path_and_value
            for key in path:
                result = result[key]
            result[last] = value

        return apply

    def without(name):
        def apply(result):
            del result["assignment"][name], result["stays"][name]

        return apply

    def argument(key, edit):
        def apply(result):
            row = result["certificate"]["arguments"][0]
            row[key] = edit(row[key])

        return apply

    for level in (
        "placed",
        "kept",
        "waited",
        "rank_sum",
        "host_rank_sum",
        "interpreters",
        "day_imbalance",
        "cost",
    ):
        yield (
            f"vector {level}",
            lambda result, level=level: result["vector"].update({level: result["vector"][level] + 1}),
        )
    yield "status bound without a gap", change("status", "BOUND")
    yield "an unknown status", change("status", "PERFECT")
    yield "a gap beside optimal", change("gap", {"level": "placed"})
    yield "a person left out", without("IN")
    yield "an unknown person", change("assignment", "P999999", "S00001")
    yield "an unknown placement", change("assignment", "IN", "S99999")
    yield "a placement not eligible", change("assignment", "IN", "BAD")
    yield "a stay too long", change("stays", "IN", ["2027-01-01", "2027-12-31"])
    yield "a stay of nobody", change("stays", "OUT", ["2027-03-01", "2027-03-28"])
    yield "a reason taken away", lambda result: result["ineligible"]["IN"].popitem()
    yield "a reason made up", change("ineligible", "IN", "BAD", ["ban"])
    yield "a person missing from the reasons", lambda result: result["ineligible"].pop("IN")
    yield "more people confined", argument("people", lambda people: people + 1)
    yield "fewer seats", argument("seats", lambda seats: seats - 1)
    yield "a slot taken off the list", argument("slot_ids", lambda ids: ids[1:])
    yield "a person added to the confined", argument("people_ids", lambda ids: [*ids, "FREE"])
    yield "another bound", change("certificate", "bound", 59)
    yield "proven by search though counting does", change("certificate", "proof", "search")
    yield "no certificate", lambda result: result.pop("certificate")
    yield "no stays", lambda result: result.pop("stays")


@pytest.fixture(scope="module")
def crowded():
    """A planted round and its result, with the people and the slot of the tampering under their own names."""
    round_, _ = rounds.planted(60, 1)
    result = matching.solve(round_)
    confined = result["certificate"]["arguments"][0]
    names = {
        "IN": next(name for name in confined["people_ids"] if name in result["assignment"]),
        "OUT": next(iter(result["certificate"]["unplaced"])),
        "FREE": next(name for name in result["assignment"] if name not in confined["people_ids"]),
    }
    names["BAD"] = next(iter(result["ineligible"][names["IN"]]))
    text = json.dumps(round_)
    for new, old in names.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    round_ = json.loads(text)
    return round_, matching.solve(round_)


@pytest.mark.parametrize(("name", "tamper"), [pytest.param(*row, id=row[0]) for row in _tampered()])
def test_the_verifier_refuses_a_tampered_result(crowded, name, tamper):
    round_, result = crowded
    false = copy.deepcopy(result)
    tamper(false)

    assert verify(round_, result) == []
    assert false != result
    assert verify(round_, false) != [], name


def test_the_verifier_refuses_a_delegation_torn_apart():
    round_ = load("sample-delegation")
    result = matching.solve(round_)
    result["assignment"]["d2m"] = "B-1"

    assert "the delegation d1 is not together" in verify(round_, result)
