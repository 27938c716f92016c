"""Tables going out and coming back."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from portal.sheets import Column, Reading, open_table, safe_cell, write_csv, write_xlsx
from portal.sheets.text import clean
from portal.sheets.words import words

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cn", "Co", "Zl", "Zp")), max_size=60
)


@pytest.mark.parametrize(
    "text", ["=1+1", "+52 664", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "＝1", "-"]
)
def test_text_that_a_spreadsheet_would_run_is_kept_from_it(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Ana", "a=b", "", None, -5, -1.5, True, date(2027, 3, 12)])
def test_everything_else_stays_itself(value):
    assert safe_cell(value) is value


def test_a_csv_opens_in_excel_with_its_accents():
    content = write_csv(
        [["Name", "Day"], ['Núñez; Ana, "Lú"', date(2027, 3, 12)], ["=cmd|' /C calc'!A0", -5]]
    )
    assert content == (
        '\ufeffName,Day\r\n"Núñez; Ana, ""Lú""",2027-03-12\r\n\'=cmd|\' /C calc\'!A0,-5\r\n'.encode()
    )


def test_a_workbook_holds_text_as_text_and_days_as_days():
    noon = datetime(2027, 3, 12, 12, tzinfo=UTC)
    content = write_xlsx(
        [["Name", "Day", "At"], ["=1+1", date(2027, 3, 12), noon], ["x\0y\x0b", None, -5]], sheet="A/B: [c]"
    )
    book = load_workbook(io.BytesIO(content))
    page = book["A B   c"]
    assert [[cell.value for cell in row] for row in page.iter_rows(max_row=3)] == [
        ["Name", "Day", "At"],
        ["'=1+1", datetime(2027, 3, 12), "2027-03-12T12:00:00+00:00"],  # noqa: DTZ001
        ["xy", None, -5],
    ]
    assert page["A2"].data_type == "s"


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_is_written_is_read_back(pairs):
    columns = (Column("one", ("One",), lambda cell: cell.text), Column("two", ("Two",), words))
    wanted = []
    for pair in pairs:
        try:
            cleaned = [clean(text, 100)[0] for text in pair]
        except ValueError:
            return
        # A cell that holds only what looks like nothing makes an empty row, and titles are no records.
        if not all(cleaned) or cleaned[0].casefold().startswith(("total", "su", "gra", "so", "co", "nombre")):
            return
        wanted.append((cleaned[0], " ".join(cleaned[1].split())))
    for content in (write_csv([["One", "Two"], *pairs]), write_xlsx([["One", "Two"], *pairs])):
        with open_table(content, columns, Reading(date(2027, 1, 11))) as table:
            assert [(row.values["one"], row.values["two"]) for row in table] == wanted


@given(st.lists(st.lists(st.text(max_size=20), min_size=1, max_size=4), max_size=4))
@settings(max_examples=40, deadline=None)
def test_no_cell_of_an_export_begins_like_a_formula(rows):
    text = write_csv(rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row)
    write_xlsx(rows)
