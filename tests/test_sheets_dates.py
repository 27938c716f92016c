"""Days and stretches of days as three countries write them."""

# ruff: noqa: E501 - an example and its sentence stand on one line

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.sheets import DateOrder, Refusal
from portal.sheets.dates import AmbiguousDate, from_serial, read_date
from portal.sheets.windows import read_windows

TODAY = date(2027, 1, 11)
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2027-03-12", "2027/3/12", "20270312", "2027-03-12T08:30:00Z", "12 de marzo de 2027", "12-mar-2027", "12-Mar-27",
        "March 12, 2027", "Mar. 12th, 2027", "12 mars 2027", "vendredi le 12 mars 2027", "viernes, 12 de marzo del 2027",
        "2027 mars 12", "12 MARZO 2027",
    ],
)  # fmt: skip
def test_a_day_is_read_in_three_languages(written):
    assert read_date(written, today=TODAY) == date(2027, 3, 12)


def test_the_first_of_may_is_read_in_quebec():
    assert read_date("1er mai 2027", today=TODAY) == date(2027, 5, 1)


def test_a_number_above_twelve_decides_which_one_is_the_day():
    assert read_date("13/03/2027", today=TODAY) == date(2027, 3, 13)
    assert read_date("03/13/2027", today=TODAY) == date(2027, 3, 13)
    assert read_date("03/03/2027", today=TODAY) == date(2027, 3, 3)


def test_a_day_that_can_be_two_is_refused_with_both_in_words():
    with pytest.raises(AmbiguousDate) as refusal:
        read_date("12/03/2027", today=TODAY)
    assert str(refusal.value) == (
        "“12/03/2027” can be March 12, 2027 or December 3, 2027. "
        "Write the month in letters, or the date as 2027-03-12."
    )


def test_a_given_order_settles_it():
    assert read_date("12/03/2027", today=TODAY, order=DateOrder.DAY_FIRST) == date(2027, 3, 12)
    assert read_date("12/03/2027", today=TODAY, order=DateOrder.MONTH_FIRST) == date(2027, 12, 3)


@pytest.mark.parametrize(
    ("digits", "year"), [("57", 2057), ("58", 1958), ("98", 1998), ("00", 2000), ("27", 2027)]
)
def test_two_digits_reach_thirty_years_ahead(digits, year):
    assert read_date(f"13/03/{digits}", today=TODAY) == date(year, 3, 13)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("31/02/2027", "“31/02/2027” is a day that does not exist."),
        ("Feb 30, 2027", "“Feb 30, 2027” is a day that does not exist."),
        ("13/13/2027", "“13/13/2027” is a day that does not exist."),
        ("0/3/2027", "“0/3/2027” is a day that does not exist."),
        ("12 mars 3027", "The year in “12 mars 3027” cannot be right."),
        ("March 2027", "“March 2027” has no day."),
        ("12 de marzo", "“12 de marzo” has no year."),
        ("pronto", "“pronto” is not a date. Write it as 2027-03-12."),
        ("12 mar日 2027", "“12 mar日 2027” is not a date. Write it as 2027-03-12."),
    ],
)
def test_what_is_no_day_is_refused(written, reason):
    with pytest.raises(Refusal) as refusal:
        read_date(written, today=TODAY)
    assert str(refusal.value) == reason


def test_a_spreadsheet_counts_days_from_two_beginnings():
    assert from_serial(46458, "46458") == date(2027, 3, 12)
    assert from_serial(44996, "44996", epoch_1904=True) == date(2027, 3, 12)


@given(DAYS)
@settings(max_examples=60, deadline=None)
def test_every_way_of_writing_a_day_reads_back(day):
    english = "January February March April May June July August September October November December".split()
    spanish = (
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
    )
    written = (
        day.isoformat(),
        f"{english[day.month - 1]} {day.day}, {day.year}",
        f"{day.day} de {spanish[day.month - 1]} de {day.year}",
        f"{day.day}-{spanish[day.month - 1][:3]}-{day.year}",
    )
    assert {read_date(text, today=TODAY) for text in written} == {day}
    assert read_date(f"{day.day}/{day.month}/{day.year}", today=TODAY, order=DateOrder.DAY_FIRST) == day
    assert read_date(f"{day.month}/{day.day}/{day.year}", today=TODAY, order=DateOrder.MONTH_FIRST) == day


@given(DAYS, st.text("0123456789/-. abcdefmnrsyz–;,", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_date_or_a_refusal(today, text):
    for read in (read_date, read_windows):
        with suppress(Refusal):
            assert read(text, today=today)


def day(month: int, number: int, year: int = 2027) -> date:
    return date(year, month, number)


@pytest.mark.parametrize(
    ("written", "windows"),
    [
        ("1–15 marzo 2027; 3 abr–9 may", [(day(3, 1), day(3, 15)), (day(4, 3), day(5, 9))]),
        ("del 1 al 15 de marzo de 2027", [(day(3, 1), day(3, 15))]),
        ("March 1–15, 2027", [(day(3, 1), day(3, 15))]),
        ("March 1 - April 9, 2027 and May 3 to 5", [(day(3, 1), day(4, 9)), (day(5, 3), day(5, 5))]),
        ("1er au 15 mars 2027", [(day(3, 1), day(3, 15))]),
        ("2027-03-01/2027-03-15", [(day(3, 1), day(3, 15))]),
        ("2027-03-01 to 2027-03-15\n2027-05-01 to 2027-05-02", [(day(3, 1), day(3, 15)), (day(5, 1), day(5, 2))]),
        ("13/03/2027 - 15/03/2027", [(day(3, 13), day(3, 15))]),
        ("12-mar-2027 a 30-mar-2027", [(day(3, 12), day(3, 30))]),
        ("1-15 mars; 3-9 mai 2027", [(day(3, 1), day(3, 15)), (day(5, 3), day(5, 9))]),
        ("mayo 2027", [(day(5, 1), day(5, 31))]),
        ("February–March 2028", [(day(2, 1, 2028), day(3, 31, 2028))]),
        ("20 dec – 5 jan 2028", [(day(12, 20), day(1, 5, 2028))]),
        ("20 dic 2027 – 5 ene", [(day(12, 20), day(1, 5, 2028))]),
        ("1–15 dic 2027; 3–9 ene", [(day(12, 1), day(12, 15)), (day(1, 3, 2028), day(1, 9, 2028))]),
        ("12 mars 2027", [(day(3, 12), day(3, 12))]),
    ],
)  # fmt: skip
def test_stretches_of_days_are_read_in_three_languages(written, windows):
    assert read_windows(written, today=TODAY) == tuple(windows)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("3 abr–9 may", "“3 abr–9 may” has no year."),
        ("15 marzo 2027 - 1 marzo 2027", "“15 marzo 2027 - 1 marzo 2027” ends before it begins."),
        ("1–5–9 marzo 2027", "“1–5–9 marzo 2027” is not a stretch of days. Write it as 2027-03-01 to 2027-03-15."),
        ("spring", "“spring” is not a stretch of days. Write it as 2027-03-01 to 2027-03-15."),
        ("29 feb – 3 mar 2027", "“29 feb – 3 mar 2027” is a day that does not exist."),
    ],
)  # fmt: skip
def test_a_stretch_that_is_unclear_is_refused(written, reason):
    with pytest.raises(Refusal) as refusal:
        read_windows(written, today=TODAY)
    assert str(refusal.value) == reason


def test_stretches_follow_the_order_of_the_column_too():
    with pytest.raises(AmbiguousDate):
        read_windows("3/4/2027 - 5/6/2027", today=TODAY)
    assert read_windows("3/4/2027 - 5/6/2027", today=TODAY, order=DateOrder.DAY_FIRST) == (
        (day(4, 3), day(6, 5)),
    )
