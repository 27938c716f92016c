"""`flask --app portal exchange solve`: the shared samples from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from . import rounds

SAMPLES = Path(__file__).parent / "samples"
ROUNDS = sorted(path for path in SAMPLES.glob("*.json") if "expected" not in path.name)


@pytest.mark.parametrize("path", ROUNDS, ids=lambda path: path.stem)
def test_a_shared_sample_is_printed_as_one_object_with_its_optimum(app, path):
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))

    done = app.test_cli_runner().invoke(args=["exchange", "solve", str(path)])

    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["status"] == expected.get("status", "OPTIMAL")
    assert {"vector", "assignment", "stays", "ineligible", "certificate"} <= found.keys()
    if found["status"] == "OPTIMAL":
        assert found["vector"].items() >= expected.get("vector", {"placed": expected.get("placed")}).items()
    else:
        assert (found["vector"], found["assignment"], found["stays"]) == (None, None, None)
        assert found["rules"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not JSON that can be read"),
        ("[]", "must be an object"),
        ('{"schema": "exchange-match/2"}', "schema"),
        ('{"schema": "exchange-match/1", "schema": "exchange-match/1"}', "given twice"),
    ],
)
def test_a_bad_file_is_explained_on_standard_error_with_exit_code_2(app, tmp_path, content, sentence):
    path = tmp_path / "round.json"
    path.write_text(content)

    done = app.test_cli_runner().invoke(args=["exchange", "solve", str(path)])

    assert done.exit_code == 2
    assert done.stdout == ""
    assert sentence in done.stderr


def test_a_key_that_is_half_a_character_is_named_like_any_other_nobody_reads(app, tmp_path):
    path = tmp_path / "round.json"
    round_ = rounds.round_of([], []) | {"budgt \ud800": 1}
    path.write_text(json.dumps(round_))

    done = app.test_cli_runner().invoke(args=["exchange", "solve", str(path)])

    assert done.exit_code == 0
    assert json.loads(done.stdout)["ignored"] == ["budgt \\ud800"]


def test_a_file_that_is_not_there_is_exit_code_2_as_well(app, tmp_path):
    done = app.test_cli_runner().invoke(args=["exchange", "solve", str(tmp_path / "none.json")])

    assert done.exit_code == 2
    assert "No such file" in done.stderr
