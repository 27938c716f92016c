"""A coordinator opens a cohort by the form."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from portal.accounts.models import Standing
from portal.courses.models import Cohort, Format
from portal.courses.queries import meetings_of
from portal.extensions import db
from tests.courses.helpers import ENGLISH, course


@pytest.fixture
def cora(make):
    return make.member("Cora Ejemplo", "coordinator", standing=Standing.MEMBERSHIP)


@pytest.fixture
def right(make):
    make.member("Inés Ejemplo", "instructor", union="mineros", email="ines@example.org")
    return {
        "course": str(course().id),
        "name": "  Tuesdays   after the day shift ",
        "instructor": "ines@example.org",
        "capacity": "12",
        "opens_on": "2027-02-01",
        "closes_on": "2027-03-05",
        "starts_on": "2027-03-08",
        "ends_on": "2027-03-21",
        "zone": "America/New_York",
        "days": ["1", "3"],
        "wall": "18:00",
        "minutes": "90",
        "format": "hybrid",
        "place": "Hall 7",
    }


def only_cohort() -> Cohort:
    return db.session.scalars(select(Cohort)).one()


def test_a_cohort_is_opened_with_its_meetings(browser, cora, right):
    device = browser.as_(cora)
    assert "Open a cohort" in device.get("/spanish").text

    answer = device.post("/spanish/cohorts/new", right)

    made = only_cohort()
    assert (answer.status_code, answer.location) == (303, f"/spanish/cohorts/{made.id}")
    assert (made.name, made.capacity, made.seats_taken) == ("Tuesdays after the day shift", 12, 0)
    assert (made.format, made.place, made.union_id) == (Format.HYBRID, "Hall 7", cora.union_id)
    assert made.opens_at == datetime(2027, 2, 1, 5, 0, tzinfo=UTC)
    assert made.closes_at == datetime(2027, 3, 6, 4, 59, tzinfo=UTC)
    assert [meeting.starts_at for meeting in meetings_of(made)] == [
        datetime(2027, 3, 9, 23, 0, tzinfo=UTC),
        datetime(2027, 3, 11, 23, 0, tzinfo=UTC),
        datetime(2027, 3, 16, 22, 0, tzinfo=UTC),
        datetime(2027, 3, 18, 22, 0, tzinfo=UTC),
    ]
    assert "Inés Ejemplo" in device.get(answer.location).text


def test_a_cohort_may_wait_for_its_instructor(browser, cora, right):
    answer = browser.as_(cora).post("/spanish/cohorts/new", right | {"instructor": ""})

    assert answer.status_code == 303
    assert only_cohort().instructor_id is None


WRONG: list[tuple[dict, str]] = [
    ({"course": "999999"}, "Not a valid choice"),
    ({"course": "9" * 40}, "Not a valid choice"),
    ({"course": "x"}, "Invalid Choice"),
    ({"name": ""}, "Give the cohort a name"),
    ({"name": "\u202e\u2066\u2067"}, "Use 3 to 80 letters"),
    ({"name": "\0\0\0\0"}, "Give the cohort a name"),
    ({"name": "x" * 81}, "Use 3 to 80 letters"),
    ({"instructor": "nobody@example.org"}, "No instructor has this address."),
    ({"instructor": "x" * 300}, "at most 254 letters"),
    ({"capacity": "0"}, "between 1 and 500 seats"),
    ({"capacity": "9" * 30}, "between 1 and 500 seats"),
    ({"capacity": "9" * 5000}, "Not a valid integer"),
    ({"opens_on": ""}, "Enter the day enrollment opens"),
    ({"closes_on": "2027-01-01"}, "Enrollment must close after it opens."),
    ({"starts_on": "0001-01-01", "ends_on": "9999-12-31"}, "Enter a day of these years"),
    ({"starts_on": "2027-02-30"}, "Not a valid date"),
    ({"starts_on": "03/08/2027"}, "Not a valid date"),
    ({"ends_on": "2027-03-01"}, "The last day lies before the first."),
    ({"ends_on": "2029-03-01"}, "A cohort runs for a year at most."),
    ({"ends_on": "2027-03-08"}, "No meeting falls between the first day and the last."),
    ({"zone": "Mars/Olympus"}, "Not a valid choice"),
    ({"days": []}, "Choose at least one day"),
    ({"days": ["7"]}, "not a valid choice"),
    ({"wall": "25:99"}, "Not a valid time"),
    ({"minutes": "14"}, "between 15 minutes and 8 hours"),
    ({"format": "moon"}, "Not a valid choice"),
    ({"place": "x" * 161}, "Use at most 160 letters"),
]


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(browser, cora, right):
    device = browser.as_(cora)

    for changes, sentence in WRONG:
        answer = device.post("/spanish/cohorts/new", right | changes)

        assert answer.status_code == 422, changes
        assert sentence in answer.text
        assert 'value="2027-02-01"' in answer.text or "opens_on" in changes
    assert db.session.scalars(select(Cohort)).all() == []


def test_an_empty_form_says_everything_that_is_missing(browser, cora, right):
    answer = browser.as_(cora).post("/spanish/cohorts/new", {})

    assert answer.status_code == 422
    assert "answers need another look" in answer.text


def test_doubled_fields_are_asked_about_again(browser, cora, right):
    doubled = {name: [value, value] if isinstance(value, str) else value * 2 for name, value in right.items()}

    answer = browser.as_(cora).post("/spanish/cohorts/new", doubled)

    assert answer.status_code == 422
    assert "Not a valid date" in answer.text
    assert db.session.scalars(select(Cohort)).all() == []


def test_only_coordinators_of_the_union_open_cohorts(make, browser, right):
    course(ENGLISH)
    strangers = [
        make.member("Luz Ejemplo", "coordinator", "instructor", union="mineros"),
        make.member("Max Ejemplo", "administrator", "instructor", "learner"),
    ]

    for member in strangers:
        assert browser.as_(member).get("/spanish/cohorts/new").status_code == 404
        assert browser.as_(member).post("/spanish/cohorts/new", right).status_code == 404
    assert browser.as_(strangers[0]).get("/english/cohorts/new").status_code == 200
