"""Rounds that cannot be read are refused with the row and the reason."""

import ast
import copy
import json
import math
import sys
from pathlib import Path

import pytest

from portal.exchange import matching
from portal.exchange.matching import BadRound

from .rounds import participant, placement, round_of

GOOD = round_of(
    [participant("ana", "LM"), participant("ben", "USW"), participant("luz", "LM")],
    [placement("K-1", "USW"), placement("M-1", "LM")],
)


def _changed(path: tuple, value: object) -> dict:
    round_ = copy.deepcopy(GOOD)
    at = round_
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return round_


@pytest.mark.parametrize(
    ("path", "value", "row", "code"),
    [
        (("schema",), "exchange-match/2", "schema", "schema"),
        (("unions",), ["USW"], "unions", "unions"),
        (("unions",), ["USW", "USW"], "unions[1]", "duplicate"),
        (("participants",), {}, "participants", "type"),
        (("participants", 1), None, "participants[1]", "type"),
        (("participants", 1, "id"), "ana", "participants (ana)", "duplicate"),
        (("participants", 1, "id"), 7, "participants[1].id", "type"),
        (("participants", 1, "id"), "a\x00b", "participants[1].id", "text"),
        (("participants", 1, "union"), "UAW", "participants[1] (ben).union", "unknown"),
        (
            ("participants", 1, "windows"),
            [["2027-05-02", "2027-05-01"]],
            "participants[1] (ben).windows[0]",
            "reversed",
        ),
        (
            ("participants", 1, "windows"),
            [["2027-02-30", "2027-05-01"]],
            "participants[1] (ben).windows[0]",
            "date",
        ),
        (
            ("participants", 1, "windows"),
            [["20270501", "2027-05-01"]],
            "participants[1] (ben).windows[0]",
            "date",
        ),
        (("participants", 1, "passport_expiry"), "soon", "participants[1] (ben).passport_expiry", "date"),
        (("participants", 1, "entry"), {"MX": "pending"}, "participants[1] (ben).entry.MX", "type"),
        (("participants", 1, "languages"), {"es": "B3"}, "participants[1] (ben).languages.es", "level"),
        (("participants", 1, "certs"), {"safety": None}, "participants[1] (ben).certs.safety", "date"),
        (("participants", 1, "prefs"), [["K-9"]], "participants (ben).prefs[0]", "unknown"),
        (("participants", 1, "prefs"), [["K-1"], ["K-1"]], "participants[1] (ben).prefs[1]", "duplicate"),
        (("participants", 1, "waited"), -1, "participants[1] (ben).waited", "range"),
        (("participants", 1, "waited"), math.nan, "participants[1] (ben).waited", "type"),
        (("participants", 1, "waited"), True, "participants[1] (ben).waited", "type"),
        (("participants", 1, "only_listed"), 1, "participants[1] (ben).only_listed", "type"),
        (("placements", 0, "capacity"), -1, "placements[0] (K-1).capacity", "range"),
        (("placements", 0, "capacity"), 1.5, "placements[0] (K-1).capacity", "type"),
        (("placements", 0, "cost"), math.inf, "placements[0] (K-1).cost", "type"),
        (("placements", 0, "end"), "2027-02-01", "placements[0] (K-1).start and end", "reversed"),
        (("placements", 0, "max_days"), 3, "placements[0] (K-1).max_days", "reversed"),
        (("placements", 0, "min_days"), 0, "placements[0] (K-1).min_days", "range"),
        (("placements", 0, "host_prefs"), [["zoe"]], "placements (K-1).host_prefs[0]", "unknown"),
        (("placements", 0, "min_level"), None, "placements[0] (K-1).min_level", "level"),
        (("placements", 0, "certs"), [f"c{at}" for at in range(21)], "placements[0] (K-1).certs", "too_many"),
        (("delegations",), [{"id": "d", "members": []}], "delegations[0] (d).members", "empty"),
        (("delegations",), [{"id": "d", "members": ["zoe"]}], "delegations[0] (d).members", "unknown"),
        (
            ("delegations",),
            [{"id": "d", "members": ["ana", "ana"]}],
            "delegations[0] (d).members[1]",
            "duplicate",
        ),
        (
            ("delegations",),
            [{"id": "d", "members": ["ana", "luz"]}, {"id": "e", "members": ["luz"]}],
            "delegations[1] (e).members",
            "overlap",
        ),
        (
            ("delegations",),
            [{"id": "d", "members": ["e"]}, {"id": "e", "members": ["d"]}],
            "delegations[0] (d).members",
            "nested",
        ),
        (("pins",), {"zoe": "K-1"}, "pins.zoe", "unknown"),
        (("pins",), {"ana": "K-9"}, "pins.ana", "unknown"),
        (("incumbent",), {"ana": None}, "incumbent.ana", "type"),
        (("bans",), [["ana", "Z"]], "bans[0][1]", "unknown"),
        (("bans",), [["ana"]], "bans[0]", "type"),
        (("ledger_days",), {"UAW": 3}, "ledger_days.UAW", "unknown"),
        (("budget",), "much", "budget", "type"),
        (("max_head_difference",), -1, "max_head_difference", "range"),
    ],
)
def test_a_mistake_is_named_with_its_row(path, value, row, code):
    with pytest.raises(BadRound) as refused:
        matching.solve(_changed(path, value))

    assert (refused.value.path, refused.value.code) == (row, code)
    assert str(refused.value).startswith(row)


@pytest.mark.parametrize("document", [None, [], "round", 3, {}, {"schema": "exchange-match/1"}])
def test_what_is_not_a_round_is_refused(document):
    with pytest.raises(BadRound):
        matching.solve(document)


def test_one_person_pinned_twice_in_the_file_is_refused():
    text = json.dumps(GOOD)[:-1] + ', "pins": {"ana": "K-1", "ana": "M-1"}}'

    with pytest.raises(BadRound, match="'ana': is given twice"):
        matching.read_text(text)


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000])
def test_text_that_is_not_json_is_refused(text):
    with pytest.raises(BadRound):
        matching.read_text(text)


def test_a_million_rows_are_refused_before_they_are_read():
    with pytest.raises(BadRound, match="1,000,000 rows; the most is 50,000"):
        matching.solve(GOOD | {"participants": [None] * 1_000_000})


def test_a_key_nobody_reads_is_reported():
    round_ = copy.deepcopy(GOOD) | {"max_head_diference": 1}
    round_["participants"][0]["nickname"] = "x"

    assert matching.solve(round_)["ignored"] == ["max_head_diference", "participants[0] (ana).nickname"]


def test_a_round_without_people_or_placements_is_solved():
    for round_ in (round_of([], []), GOOD | {"placements": []}, GOOD | {"participants": []}):
        result = matching.solve(round_)
        assert (result["status"], result["assignment"]) == ("OPTIMAL", {})


def test_the_matching_modules_know_neither_flask_nor_the_database():
    allowed = sys.stdlib_module_names | {"highspy", "numpy"}
    for path in Path(matching.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            tops = {name.partition(".")[0] for name in names}
            assert tops <= (sys.stdlib_module_names if path.name == "verify.py" else allowed), path.name
