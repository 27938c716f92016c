"""The committed files of two unions' offices read exactly as their makers meant."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from portal.sheets import APPLICATIONS, ROSTER, Reading, Row, fold, open_table
from tests.sheet_files import FILES, TODAY

TESTS = Path(__file__).parent
COLUMNS = {"accounts": ROSTER, "exchange": APPLICATIONS}
EXPECTED = {
    (feature, name): expected
    for feature in FILES
    for name, expected in json.loads((TESTS / feature / "files" / "expected.json").read_text("utf-8")).items()
}


def opened(feature: str, name: str, **more):
    expected = EXPECTED[feature, name]
    reading = Reading(TODAY, expected["country"], expected["language"], **more)
    return open_table(TESTS / feature / "files" / name, COLUMNS[feature], reading)


def rows(feature: str, name: str) -> list[Row]:
    with opened(feature, name) as table:
        return list(table)


@pytest.mark.parametrize(("feature", "name"), EXPECTED)
def test_a_file_gives_the_rows_and_refusals_its_maker_planned(feature, name):
    expected = EXPECTED[feature, name]
    with opened(feature, name) as table:
        read = list(table)
        assert (len(read), table.header_row, table.kind) == (
            expected["rows"],
            expected["header_row"],
            expected["kind"],
        )
        assert [row.number for row in table.skipped] == expected["skipped"]
        assert [heading.cell for heading in table.unknown] == expected["unknown"]
        for key in ("sheet", "encoding", "delimiter"):
            assert getattr(table, key) == expected.get(key, "")
    refused = {
        str(row.number): [[problem.cell, problem.say()] for problem in row.problems]
        for row in read
        if row.problems
    }
    assert refused == expected["refused"]


@pytest.mark.parametrize(("feature", "name"), EXPECTED)
def test_the_same_and_similar_people_stand_where_the_maker_put_them(feature, name):
    by_number = {row.number: row.values for row in rows(feature, name)}
    for first, again in EXPECTED[feature, name]["same_person"]:
        assert by_number[first]["email"] == by_number[again]["email"]
    for first, again in EXPECTED[feature, name]["similar_person"]:
        assert fold(by_number[first]["name"]) == fold(by_number[again]["name"])
        assert by_number[first]["email"] != by_number[again]["email"]
    same = Counter(str(values["email"]).casefold() for number, values in by_number.items() if values["email"])
    assert sum(count - 1 for count in same.values()) == len(EXPECTED[feature, name]["same_person"])


@pytest.mark.parametrize("name", FILES["accounts"])
def test_a_roster_has_more_than_two_hundred_people_of_every_standing(name):
    read = [row.values for row in rows("accounts", name) if not row.problems]
    assert len(read) > 200
    assert {values["standing"] for values in read} == {"staff", "leadership", "membership"}
    assert all(str(values["email"]).endswith((".example", "example.org")) for values in read)
    assert sum(isinstance(values["starts_on"], date) for values in read) > 100


@pytest.mark.parametrize("feature", FILES)
def test_the_committed_files_are_what_the_generator_makes(feature):
    for name, make in FILES[feature].items():
        content, expected = make()
        assert json.loads(json.dumps(expected)) == EXPECTED[feature, name]
        if name.endswith(".csv"):
            assert (TESTS / feature / "files" / name).read_bytes() == content
        else:
            reading = Reading(TODAY, expected["country"], expected["language"])
            with open_table(content, COLUMNS[feature], reading) as table:
                assert list(table) == rows(feature, name)
