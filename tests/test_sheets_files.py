"""Files as they arrive: encodings, separators, workbooks, and what is no table at all."""

# ruff: noqa: E501 - an example and its sentence stand on one line

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from portal.sheets import Column, Limits, Reading, Row, Table, Unreadable, open_table, write_xlsx
from portal.sheets.dates import day
from portal.sheets.people import email, name
from portal.sheets.words import words

READING = Reading(date(2027, 1, 11))
COLUMNS = (
    Column("name", ("Name", "Nombre", "Nom"), name, required=True),
    Column("email", ("E-mail", "Correo", "Courriel"), email, required=True),
    Column("note", ("Note", "Nota"), words),
    Column("day", ("Day", "Día", "Jour"), day),
)
LINES = "Nombre,Correo,Nota\nIñaki Peña,inaki@example.org,años\n"


def table(content: bytes | Path, **more) -> Table:
    return open_table(content, COLUMNS, READING, **more)


def rows(content: bytes | Path, **more) -> list[Row]:
    with table(content, **more) as opened:
        return list(opened)


def values(content: bytes | Path) -> list[tuple]:
    return [tuple(value for value in row.values.values() if value is not None) for row in rows(content)]


def refusal(content: bytes | Path, **more) -> tuple[str, str]:
    with pytest.raises(Unreadable) as refused:
        rows(content, **more)
    return refused.value.cell, refused.value.say()


def workbook(*sheets: tuple[str, list[list]], hidden: str = "") -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, cells in sheets:
        page = book.create_sheet(title)
        for row in cells:
            page.append(row)
        if title == hidden:
            page.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_encoding_and_separator_of_an_office_is_read(encoding, delimiter):
    content = LINES.replace(",", delimiter).encode(encoding)
    assert values(content) == [("Iñaki Peña", "inaki@example.org", "años")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(ending):
    assert values(LINES.replace("\n", ending).encode()) == [("Iñaki Peña", "inaki@example.org", "años")]


def test_excels_separator_line_is_obeyed_and_is_not_a_row():
    content = b"sep=|\r\nNombre|Correo\r\nAna, la de siempre|ana@example.org\r\n"
    assert values(content) == [("Ana, la de siempre", "ana@example.org")]
    assert rows(content)[0].number == 2


def test_separators_inside_texts_do_not_mislead():
    content = b"Nombre;Correo;Nota\nAna;ana@example.org;uno, dos, tres, cuatro\n"
    assert values(content) == [("Ana", "ana@example.org", "uno, dos, tres, cuatro")]


def test_a_quoted_line_break_does_not_start_a_row():
    read = rows(b'Name,E-mail\n"Ana\nNoriega",ana@example.org\nLuz,luz@example.org\n')
    assert [(row.number, row.values["name"]) for row in read] == [(2, "Ana Noriega"), (3, "Luz")]


def test_titles_blank_lines_totals_and_repeated_headings_are_no_records():
    content = (
        b"Roster of Local 1938,,\n,,\nName,E-mail,Note\n\nAna,ana@example.org,\n,,\n"
        b"NAME,e-mail,note\nLuz,luz@example.org,\nTotal,2,\n"
    )
    with table(content) as opened:
        read = list(opened)
    assert opened.header_row == 3
    assert [(row.number, row.values["name"]) for row in read] == [(5, "Ana"), (8, "Luz")]
    assert [(row.number, row.text) for row in opened.skipped] == [(7, "NAME e-mail note"), (9, "Total 2")]


def test_short_rows_are_filled_with_nothing_and_long_ones_refused_at_the_cell():
    short, long = rows(b"Name,E-mail,Note\nAna,ana@example.org\nLuz,luz@example.org,one, two\n")
    assert (short.values["note"], short.problems) == (None, [])
    assert [(problem.cell, problem.text) for problem in long.problems] == [("D3", "two")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file is empty. Send the file that holds the table."),
        (b" \r\n\r\n", "The file is empty. Send the file that holds the table."),
        (b"%PDF-1.7 ...", "This is a PDF. Ask for the spreadsheet it was printed from, saved as .xlsx or .csv."),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "This is a picture. Send the table itself, saved as .xlsx or .csv."),
        (b"\xff\xd8\xff\xe0" + bytes(50), "This is a picture. Send the table itself, saved as .xlsx or .csv."),
        (b"\0\0\0\x18ftypheic" + bytes(50), "This is a picture. Send the table itself, saved as .xlsx or .csv."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
         "This is an old Excel file (.xls). Open it in Excel, choose “Save as”, and save it as .xlsx."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
         "This workbook is protected by a password. Save a copy without the password and send that."),
        (b"<html><table><tr><td>Name</td></tr></table>",
         "This is a web page that bears a spreadsheet's name. Open it in Excel and save it as .xlsx."),
        (b"\x1f\x8b\x08\0" + bytes(20), "This is a compressed archive. Unpack it and send the table inside it."),
        (bytes(range(256)) * 8, "This file is not a table that can be read. Send a spreadsheet saved as .xlsx or .csv."),
        (b"one,two\nthree,four\n",
         "No row of headings was found. One row above the people must name the columns, for example: Name, E-mail."),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_what_to_do(content, sentence):
    assert refusal(content)[1] == sentence


def archive(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part, content in parts.items():
            made.writestr(part.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
         "This is an OpenDocument file (.ods). Open it in LibreOffice, choose “Save as”, and save it as .xlsx."),
        (archive(word__document_dot_xml=b"<w/>"),
         "This is a text document, not a table. Copy the table into a spreadsheet and save it as .xlsx."),
        (archive(xl__workbook_dot_bin=b""),
         "This is a binary Excel file (.xlsb). Open it in Excel, choose “Save as”, and save it as .xlsx."),
        (archive(Index__Tables_dot_iwa=b""),
         "This is an Apple Numbers file. Open it in Numbers, choose “Export to”, then “Excel”, and send that file."),
        (archive(roster_dot_csv=LINES.encode()), "This is a compressed archive. Unpack it and send the table inside it."),
        (b"PK\x03\x04 and then nothing", "This workbook is damaged. Open it in Excel, save it again as .xlsx, and send the new file."),
        (write_xlsx([["Name"]])[:-200], "This workbook is damaged. Open it in Excel, save it again as .xlsx, and send the new file."),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_with_what_to_do(content, sentence):
    assert refusal(content)[1] == sentence


def with_part(content: bytes, part: str, text: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            new.writestr(info.filename, text if info.filename == part else old.read(info))
    return out.getvalue()


SWELLS = "This workbook unpacks to more than 192 MB. Copy only the table into a new workbook and send that."


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked():
    content = write_xlsx([["Name", "E-mail"]])
    bomb = with_part(content, "xl/styles.xml", bytes(20 * 1024 * 1024))
    assert len(bomb) < 40_000
    assert refusal(bomb, limits=Limits(max_unzipped=16 * 1024 * 1024)) == ("", SWELLS.replace("192", "16"))


def test_an_endless_row_and_entities_are_refused():
    content = write_xlsx([["Name", "E-mail"]])
    endless = b"<worksheet><sheetData><row>" + b"<c><v>1</v></c>" * 400_000
    assert refusal(with_part(content, "xl/worksheets/sheet1.xml", endless)) == ("", SWELLS)
    laughs = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><styleSheet/>'
    assert "damaged" in refusal(with_part(content, "xl/styles.xml", laughs))[1]


def test_a_row_number_beyond_any_sheet_does_not_keep_us_busy():
    content = write_xlsx([["Name", "E-mail"], ["Ana", "ana@example.org"]])
    sheet = b'<worksheet><sheetData><row r="99999999999"><c r="A99999999999"><v>1</v></c></row></sheetData></worksheet>'
    assert refusal(with_part(content, "xl/worksheets/sheet1.xml", sheet))[1].startswith("No row of headings")


def test_limits_are_said():
    content = b"Name,E-mail\n" + b"Ana,ana@example.org\n" * 3
    assert refusal(content, limits=Limits(max_rows=2)) == (
        "A4",
        "The table has more than 2 rows. Split it into smaller files.",
    )
    wide = b"Name,E-mail," + b"x," * 30
    assert refusal(wide, limits=Limits(max_columns=5)) == (
        "A1", "The table has more than 5 columns. Keep only the ones that are needed.",
    )  # fmt: skip
    assert refusal(bytes(3 * 1024 * 1024), limits=Limits(max_bytes=2 * 1024 * 1024)) == (
        "", "The file is larger than 2 MB. Split it into smaller files, or remove pictures from it.",
    )  # fmt: skip


def test_an_open_quotation_mark_is_found_where_it_opens():
    content = b'Name,E-mail\nAna,ana@example.org\n"Luz,luz@example.org\nEva,eva@example.org\n'
    sentence = "A quotation mark opens in row 3 and is never closed. Close or remove it."
    assert refusal(content) == ("A3", sentence)
    assert refusal(content + b"Eva,eva@example.org\n" * 200) == ("A3", sentence)
    assert refusal(content + b"x" * 200_000) == ("A3", sentence)


def test_a_stray_quotation_mark_cannot_swallow_rows_unseen():
    content = b'Name,E-mail,Note\n"Ana,ana@example.org,\nLuz,luz@example.org,\nEva,eva@example.org,"so, so"\n'
    assert refusal(content) == (
        "A2",
        "In the cells that begin in row 2 a quotation mark stands before the end of its cell. "
        "Remove it, or write it twice.",
    )


def test_quotation_marks_inside_a_text_and_spaces_before_them_are_fine():
    content = b'Name, E-mail, Note\nAna, ana@example.org, "12"" pipe, long"\nLuz,luz@example.org,5" pipe\n'
    assert [row.values["note"] for row in rows(content)] == ['12" pipe, long', '5" pipe']


def test_a_line_without_end_is_refused():
    cell, sentence = refusal(b"Name,E-mail\n" + b"x" * 1_200_000)
    assert (cell, sentence.startswith("Line 2 is longer")) == ("A2", True)


def test_the_sheet_whose_headings_match_is_taken():
    content = workbook(
        ("Read me", [["How to use this"], ["Name"]]),
        ("Old", [["Name", "E-mail", "Note", "Day"], ["Old", "old@example.org", None, None]]),
        ("People", [["Roster"], [], ["Name", "E-mail", "Note", "Day"], ["Ana", "ana@example.org", None, date(2027, 3, 12)]]),
        hidden="Old",
    )  # fmt: skip
    with table(content) as opened:
        (row,) = opened
    assert (opened.kind, opened.sheet, opened.header_row, opened.other_sheets) == (
        "xlsx",
        "People",
        3,
        ["Read me", "Old"],
    )
    assert (row.number, row.values["name"], row.values["day"]) == (4, "Ana", date(2027, 3, 12))


def test_a_second_sheet_like_the_first_is_said_and_can_be_asked_for():
    head = ["Name", "E-mail"]
    content = workbook(
        ("North", [head, ["Ana", "ana@example.org"]]), ("South", [head, ["Luz", "luz@example.org"]])
    )
    with table(content) as opened:
        assert [row.values["name"] for row in opened] == ["Ana"]
    assert [note.say() for note in opened.notes] == [
        "The sheet “South” looks like another such table. Only “North” was read."
    ]
    assert [row.values["name"] for row in rows(content, sheet="South")] == ["Luz"]
    assert refusal(content, sheet="East")[1] == "The workbook has no sheet named “East”."


def test_numbers_of_a_workbook_are_read_as_they_look():
    content = workbook(("S", [["Name", "E-mail", "Note", "Day"], ["Ana", "ana@example.org", 1938.0, 46458]]))
    (row,) = rows(content)
    assert (row.values["note"], row.values["day"]) == ("1938", date(2027, 3, 12))
    assert [note.say() for note in row.notes] == [
        "46458 was read as March 12, 2027, the way spreadsheets count days."
    ]


def test_a_wrong_extent_does_not_hide_rows():
    content = workbook(("S", [["Name", "E-mail"], ["Ana", "ana@example.org"], ["Luz", "luz@example.org"]]))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        sheet = made.read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:B3"' in sheet
    assert len(rows(with_part(content, "xl/worksheets/sheet1.xml", sheet.replace(b"A1:B3", b"A1:A1")))) == 2


def test_files_are_read_from_disk_from_memory_and_while_open(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(LINES, "utf-8")
    assert values(path) == values(path.read_bytes())
    with path.open("rb") as file:
        assert len(rows(file)) == 1


def test_progress_goes_from_nothing_to_all():
    content = b"Name,E-mail\n" + b"Ana,ana@example.org\n" * 4_000
    with table(content) as opened:
        seen = [opened.fraction_read for _ in opened]
    assert seen == sorted(seen)
    assert (seen[0] < 0.3, seen[-1]) == (True, 1.0)


def test_a_table_can_be_read_twice():
    with table(LINES.encode()) as opened:
        assert [row.values for row in opened] == [row.values for row in opened]


def test_dates_that_may_have_been_swapped_on_opening_are_pointed_out():
    mixed = [date(2027, 4, number) for number in (1, 5, 9, 11, 12)]
    people = [
        ["Ana", f"a{number}@example.org", None, day] for number, day in enumerate([*mixed, "25/04/2027"])
    ]
    with table(workbook(("S", [["Name", "E-mail", "Note", "Day"], *people]))) as opened:
        assert [row.values["day"] for row in opened] == [*mixed, date(2027, 4, 25)]
        assert [(note.cell, note.text) for note in opened.notes] == [("D7", "25/04/2027")]
    people[0][3] = date(2027, 4, 13)
    with table(workbook(("S", [["Name", "E-mail", "Note", "Day"], *people]))) as opened:
        assert (len(list(opened)), opened.notes) == (6, [])
