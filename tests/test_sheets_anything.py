"""Whatever arrives, the reader answers with rows or with its own refusal."""

# ruff: noqa: E501 - an example and its sentence stand on one line

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.sheets import APPLICATIONS, ROSTER, Reading, Unreadable, open_table, write_csv, write_xlsx

READING = Reading(date(2027, 1, 11))
WORKBOOK = write_xlsx([["Name", "E-mail", "Local", "Dates"], ["Ana", "ana@example.org", 65, "mayo 2027"]])
CELLS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["12/03/2027", "1–15 marzo 2027; 3 abr", "Spanish B1", "MX open", "+52 664 555 0123", "a@b.example", "\0"]),
    st.text("0123456789/-–:;,. abcmxy@+=()'\"\n\t", max_size=40),
)  # fmt: skip


def read_all(content: bytes, columns=ROSTER) -> None:
    try:
        with open_table(content, columns, READING) as table:
            for row in table:
                for remark in (*row.problems, *row.notes):
                    said = remark.say()
                    assert "\0" not in said + remark.text
                    said.encode("utf-8")
    except Unreadable as refusal:
        said = refusal.say()
        said.encode("utf-8")


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_rows_or_a_refusal(content):
    read_all(content)


@given(st.binary(max_size=600), st.sampled_from(["utf-8", "utf-16", "cp1252"]))
@settings(max_examples=100, deadline=None)
def test_any_bytes_under_good_headings_are_rows_or_a_refusal(content, encoding):
    read_all("Name,E-mail,Local,Start date,Phone\n".encode(encoding) + content)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=9), max_size=5))
@settings(max_examples=50, deadline=None)
def test_any_cells_are_rows_or_a_refusal(cells):
    head = [
        "Name",
        "E-mail",
        "Dates",
        "Languages",
        "Entry permissions",
        "Certificates",
        "Passport",
        "Placements",
        "Phone",
    ]
    for content in (write_csv([head, *cells]), write_xlsx([head, *cells])):
        read_all(content, APPLICATIONS)


@given(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255))
@settings(max_examples=80, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_a_workbook_with_a_wrong_byte_is_rows_or_a_refusal(place, byte):
    read_all(WORKBOOK[:place] + bytes([byte]) + WORKBOOK[place + 1 :])


@given(st.sampled_from(["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"]), st.data())
@settings(max_examples=80, deadline=None)
@pytest.mark.filterwarnings("ignore")
def test_a_workbook_with_a_wrong_part_is_rows_or_a_refusal(part, data):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(WORKBOOK)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = old.read(info)
            if info.filename == part:
                start = data.draw(st.integers(0, len(content)))
                length = data.draw(st.integers(0, 40))
                content = content[:start] + data.draw(st.binary(max_size=20)) + content[start + length :]
            new.writestr(info.filename, content)
    read_all(out.getvalue())


def test_remarks_about_a_file_of_nothing_but_traps_can_be_stored_as_json():
    traps = ["\0\u202e\ud800"[:2], "x" * 10_000, "=1+1", "%(text)s %d", "😀", "\u2028"]
    content = write_csv([["Name", "E-mail", "Local", "\u202eTrap"], *[[trap] * 4 for trap in traps]])
    with open_table(content, ROSTER, READING) as table:
        rows = list(table)
    stored = json.dumps(
        [[problem.cell, problem.params, problem.text] for row in rows for problem in row.problems]
    )
    assert "\\u0000" not in stored
    assert table.unknown[0].text == "Trap"


def test_a_long_list_of_separators_takes_no_long_time():
    for text in (
        ";" * 4_900,
        "a" * 4_900,
        "1 " * 2_400,
        "( " * 2_400,
        "x#" * 2_400,
        "<" * 4_900,
        "12/" * 1_600,
    ):
        read_all(
            write_csv([["Name", "E-mail", "Dates", "Entry permissions", "Phone", "Local"], [text] * 6]),
            APPLICATIONS,
        )


def test_the_folder_of_this_test_is_no_table():
    read_all(Path(__file__).read_bytes())
