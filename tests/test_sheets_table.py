"""Headings, dates decided by their column, and problems at their cells."""

# ruff: noqa: E501 - an example and its sentence stand on one line

from datetime import date

import pytest

from portal.sheets import APPLICATIONS, ROSTER, Column, DateOrder, Reading, Row, Unreadable, open_table
from portal.sheets.dates import day
from portal.sheets.headings import Aliases, declared_order
from portal.sheets.people import email, phone
from portal.sheets.tables import PEOPLE
from portal.sheets.words import country, words

TODAY = date(2027, 1, 11)
DATES = (Column("email", ("E-mail",), email, required=True), Column("day", ("Day",), day))


def read(text: str, columns=ROSTER, **reading) -> list[Row]:
    with open_table(text.encode(), columns, Reading(TODAY, **reading)) as table:
        return list(table)


def days(text: str, **reading) -> list[date | str]:
    return [row.values["day"] or row.problems[0].say() for row in read(text, DATES, **reading)]


def written(*cells: str, heading: str = "Day") -> str:
    return f"E-mail;{heading}\n" + "".join(f"a@example.org;{cell}\n" for cell in cells)


@pytest.mark.parametrize(
    "headings",
    [
        "Name,Local,E-mail",
        "LOCAL,e mail,NAME",
        "Correo electrónico,NOMBRE,Seccion",
        "Section locale,Nom,Courriel",
        "Nom / Name,Courriel / E-mail,Local (number)",
        "E-mail*,Name:,Local #",
    ],
)
def test_headings_are_known_in_three_languages_in_any_order_and_spelling(headings):
    with open_table(f"{headings}\n".encode(), ROSTER, Reading(TODAY)) as table:
        assert set(table.found) == {"name", "local", "email"}
        assert table.unknown == []


def test_unknown_columns_are_reported_and_ignored():
    with open_table(
        b"Shoe size,Name,Local,E-mail,\n44,Ana,65,ana@example.org,\n", ROSTER, Reading(TODAY)
    ) as table:
        (row,) = table
    assert [(heading.cell, heading.text) for heading in table.unknown] == [("A1", "Shoe size")]
    assert (row.values["name"], row.problems) == ("Ana", [])


def test_missing_columns_are_all_named():
    with pytest.raises(Unreadable) as refused:
        read("Roster\nName,Phone,Shoe size\n")
    assert (
        refused.value.say()
        == "These columns are missing: E-mail, Local. Add them to the row of headings (row 2)."
    )


def test_a_column_that_comes_twice_is_named_with_both_cells():
    with pytest.raises(Unreadable) as refused:
        read("Name,E-mail,Local,Correo\n")
    assert (refused.value.cell, refused.value.say()) == (
        "D1",
        "“E-mail” in B1 and “Correo” in D1 mean the same column. Keep one of them.",
    )


def test_one_alias_cannot_name_two_columns():
    with pytest.raises(ValueError, match="names two columns"):
        Aliases((Column("one", ("Día",), day), Column("other", ("dia",), day)))
    assert Aliases(ROSTER).key_of("Teléfono") == Aliases(APPLICATIONS).key_of("TELEFONO") == "phone"


def test_every_problem_is_given_with_its_cell_and_what_stands_there():
    (row,) = read("Local,Status,Name,E-mail\n,Retiree,Ana,ana(at)example.org\n")
    assert [(problem.cell, problem.column, problem.text, problem.say()) for problem in row.problems] == [
        ("A2", "local", "", "This cell is empty. Every row needs: Local."),
        ("B2", "standing", "Retiree", "“Retiree” is not one of: staff, leadership, membership."),
        (
            "D2",
            "email",
            "ana(at)example.org",
            "“ana(at)example.org” is not an e-mail address: the @ is missing.",
        ),
    ]


def test_a_row_knows_the_cells_of_its_values():
    (row,) = read("Local,Status,Name,E-mail\n65,,Ana,ana@example.org\n")
    assert [row.cell(key) for key in ("email", "standing", "zone")] == ["D2", "B2", "A2"]


def test_a_problem_can_be_said_in_another_language():
    (row,) = read(written("12/03/2027"), DATES)
    spanish = "«%(text)s» puede ser %(day_first)s o %(month_first)s."
    assert row.problems[0].say(lambda message: spanish, lambda day: f"{day:%d.%m.}") == (
        "«12/03/2027» puede ser 12.03. o 03.12.."
    )


def test_the_country_of_the_file_decides_between_day_and_month():
    assert days(written("12/03/2027"), country="MX") == [date(2027, 3, 12)]
    assert days(written("12/03/2027"), country="US") == [date(2027, 12, 3)]
    assert days(written("12/03/2027"), country="CA", language="fr_CA") == [date(2027, 3, 12)]
    for unsure in ({"country": "CA", "language": "en"}, {}):
        assert days(written("12/03/2027"), **unsure) == [
            "“12/03/2027” can be March 12, 2027 or December 3, 2027. "
            "Write the month in letters, or the date as 2027-03-12."
        ]


def test_other_values_of_the_column_decide_when_nothing_is_declared():
    assert days(written("12/03/2027", "25/03/2027")) == [date(2027, 3, 12), date(2027, 3, 25)]
    assert days(written("12/03/2027", "03/25/2027")) == [date(2027, 12, 3), date(2027, 3, 25)]
    with open_table(written("12/03/2027", "25/03/2027").encode(), DATES, Reading(TODAY)) as table:
        list(table)
    assert [note.say() for note in table.notes] == [
        "Dates such as 25/03/2027 are read with the day first, as in B3."
    ]


def test_a_column_that_contradicts_itself_or_its_country_decides_nothing():
    assert str(days(written("12/03/2027", "25/03/2027", "03/25/2027"))[0]).startswith("“12/03/2027” can be")
    assert str(days(written("12/03/2027", "25/03/2027"), country="US")[0]).startswith("“12/03/2027” can be")


def test_what_the_person_or_the_heading_declares_outranks_the_country():
    assert days(written("12/03/2027"), country="US", date_order=DateOrder.DAY_FIRST) == [date(2027, 3, 12)]
    assert days(written("12/03/2027", heading="Day (dd/mm/yyyy)"), country="US") == [date(2027, 3, 12)]
    assert declared_order("Date d'adhésion (JJ/MM/AAAA)") == DateOrder.DAY_FIRST
    assert declared_order("Hire date MM-DD-YY") == DateOrder.MONTH_FIRST
    assert declared_order("Day") is None


def test_another_column_decides_nothing():
    columns = (*DATES, Column("until", ("Until",), day))
    (row,) = read("E-mail,Day,Until\na@example.org,12/03/2027,25/03/2027\n", columns)
    assert [problem.cell for problem in row.problems] == ["B2"]


def test_the_country_of_the_row_decides_how_a_telephone_is_read():
    columns = (Column("phone", ("Phone",), phone), Column("country", ("Country",), country))
    read_rows = read("Phone,Country\n6642345678,Mexico\n2182345678,USA\n6642345678,\n", columns, country="MX")
    assert [row.values["phone"] for row in read_rows] == ["+526642345678", "+12182345678", "+526642345678"]


def test_a_lenient_column_never_refuses_a_row():
    (row,) = read("Name,Local,E-mail,Start date,Phone\nAna,65,ana@example.org,soon,12\n", country="MX")
    assert (row.problems, row.values["starts_on"], row.values["phone"]) == ([], None, None)
    assert [(note.cell, note.say()) for note in row.notes] == [
        ("D2", "“soon” is not a date. Write it as 2027-03-12."),
        ("E2", "12 has 2 digits; a number has 10 after its country code."),
    ]


def test_halves_of_a_name_stand_in_for_the_whole():
    ana, nobody = read(
        "Apellido paterno,Nombre(s),Sección,Correo\nNúñez,Ana,65,a@example.org\nPeña,,65,b@example.org\n"
    )
    assert ana.values["name"] == "Ana Núñez"
    assert [(problem.cell, problem.say()) for problem in nobody.problems] == [
        ("B3", "This cell is empty. Every row needs: Nombre(s).")
    ]


def test_first_and_last_days_stand_in_for_windows():
    head = "Name,E-mail,From,To,From 2,To 2\n"
    good, bad = read(
        head
        + "Ana,a@example.org,2027-03-01,2027-03-15,2027-05-01,2027-05-09\nLuz,b@example.org,2027-03-15,2027-03-01,,\n",
        APPLICATIONS,
    )
    assert good.values["windows"] == (
        (date(2027, 3, 1), date(2027, 3, 15)),
        (date(2027, 5, 1), date(2027, 5, 9)),
    )
    assert [(problem.cell, problem.say()) for problem in bad.problems] == [
        ("C3", "“2027-03-15 – 2027-03-01” ends before it begins.")
    ]


def test_hidden_characters_are_left_out_with_a_note():
    (row,) = read("Name,Local,E-mail\nA\u202ena\u200b\0,65,ana@example.org\n")
    assert (row.values["name"], row.problems) == ("Ana", [])
    assert [(note.cell, note.text, note.say()) for note in row.notes] == [
        ("A2", "Ana", "Invisible characters were left out.")
    ]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("JosÃ©", "Letters in “JosÃ©” were damaged by another program. Save the file again as “CSV UTF-8” or .xlsx."),
        ("Jos\ufffd", "Letters in “Jos\ufffd” were damaged by another program. Save the file again as “CSV UTF-8” or .xlsx."),
        ("#REF!", "The spreadsheet shows the error #REF! here. Correct the formula, or type the value."),
        ("#¡VALOR!", "The spreadsheet shows the error #¡VALOR! here. Correct the formula, or type the value."),
        ("x" * 10_000, "This cell holds 10000 characters; the most that fits is 5000."),
    ],
)  # fmt: skip
def test_damaged_cells_are_refused(cell, reason):
    (row,) = read(f"Name,Local,E-mail\n{cell},65,ana@example.org\n")
    assert [problem.say() for problem in row.problems] == [reason]
    assert len(row.problems[0].text) <= 80


def test_dashes_and_the_like_are_empty_cells():
    columns = (Column("email", ("E-mail",), email), Column("note", ("Note",), words))
    assert [
        row.values["note"] for row in read("E-mail,Note\na@example.org,—\na@example.org,n/a\n", columns)
    ] == [None, None]


def test_every_label_is_a_word_for_the_catalogs():
    assert all(column.label for column in (*PEOPLE, *ROSTER, *APPLICATIONS))
