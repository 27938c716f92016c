"""The catalog, course and cohort pages as people see them, whole and by fragment."""

from __future__ import annotations

import re
from datetime import time, timedelta
from email import message_from_bytes
from email.policy import default as modern

import pytest
from sqlalchemy import event

from portal import clock, jobs
from portal.accounts.models import Standing
from portal.courses import actions, queries
from portal.courses.models import Cohort, EnrollmentState, Format, Level, Meeting, MeetingSeries
from portal.extensions import db
from tests.courses.helpers import ENGLISH, SUMMARIES, cohort, course, join_all, names, people, reload

ENROLLED, WAITLISTED = EnrollmentState.ENROLLED, EnrollmentState.WAITLISTED


@pytest.fixture
def ana(make):
    return make.member("Ana Ejemplo", standing=Standing.STAFF)


@pytest.fixture
def cora(make):
    return make.member("Cora Ejemplo", "coordinator", standing=Standing.MEMBERSHIP)


def text_of(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def statements(browser, address: str) -> int:
    count = 0

    def one_more(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        nonlocal count
        count += not statement.startswith("BEGIN")

    db.session.commit()
    event.listen(db.engine, "before_cursor_execute", one_more)
    try:
        assert browser.get(address).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", one_more)
    return count


# --- meetings called off -------------------------------------------------------------------------


def test_a_meeting_is_called_off_and_back_and_its_people_are_told_on_their_own_clocks(
    make, browser, ana, cora, outbox
):
    ines = make.member(
        "Inés Muestra", "instructor", union="mineros", locale="es_MX", zone="America/Hermosillo"
    )
    group = cohort(make, capacity=1, instructor=ines)
    join_all(group, [ana, make.member("Bea Ejemplo")], now=clock.now())
    first, *_rest = queries.meetings_of(group)
    address = f"/spanish/cohorts/{group.id}"
    office = browser.as_(cora)

    called_off = office.post(f"{address}/meetings/{first.id}/cancel", key="twice")
    again = office.post(f"{address}/meetings/{first.id}/cancel", key="other")
    jobs.work_off()

    assert [answer.location for answer in (called_off, again)] == [f"{address}#schedule"] * 2
    letters = [message_from_bytes(file.read_bytes(), policy=modern) for file in sorted(outbox.glob("*.eml"))]
    assert {letter["To"] for letter in letters} == {ana.email, ines.email}
    english = next(letter.get_content() for letter in letters if letter["To"] == ana.email)
    assert "does not take place" in english
    assert "6:00 PM (New York)" in english
    assert "Cancelled" in text_of(office.get(address))

    browser.as_(ines).post(f"{address}/meetings/{first.id}/restore")
    jobs.work_off()

    assert len(list(outbox.glob("*.eml"))) == 3
    assert not db.session.get(Meeting, first.id).is_cancelled


def test_only_coordinators_and_the_instructor_call_meetings_off_and_only_of_that_cohort(
    make, browser, ana, cora
):
    group, other = cohort(make), cohort(make)
    first, *_rest = queries.meetings_of(group)
    address = f"/spanish/cohorts/{group.id}"

    assert "Call off" not in browser.as_(ana).get(address).text
    assert browser.as_(ana).post(f"{address}/meetings/{first.id}/cancel").status_code == 404
    elsewhere = f"/spanish/cohorts/{other.id}/meetings/{first.id}/cancel"
    assert browser.as_(cora).post(elsewhere).status_code == 404


def test_the_schedule_travels_alone_by_htmx(make, browser, cora):
    group = cohort(make)

    text = browser.as_(cora).fragment(f"/spanish/cohorts/{group.id}", "schedule").text

    assert text.lstrip().startswith('<section id="schedule"')
    assert "Call off" in text


# --- enrolling -----------------------------------------------------------------------------------


def test_a_learner_takes_a_seat_leaves_and_undoes_it_without_javascript(make, browser, ana):
    group = cohort(make, capacity=2)
    device = browser.as_(ana)
    address = f"/spanish/cohorts/{group.id}"
    assert "2 seats left" in text_of(device.get(address))

    taken = device.post(f"{address}/join")
    assert (taken.status_code, taken.location) == (303, f"{address}#enrollment")
    page = text_of(device.get(address))
    assert "You have a seat" in page
    assert "Your seat is kept." in page

    assert "Leave this cohort?" in text_of(device.get(f"{address}/leave"))
    assert device.post(f"{address}/leave").status_code == 303
    assert "You left. You can take that back until" in text_of(device.get(address))
    assert names(group, ENROLLED) == []

    assert device.post(f"{address}/undo").status_code == 303
    assert "You have a seat" in text_of(device.get(address))
    assert names(group, ENROLLED) == ["Ana Ejemplo"]


def test_a_waiter_sees_the_number_and_what_must_happen(make, browser, ana):
    group = cohort(make, capacity=1)
    join_all(group, people(make, 3), now=clock.now())
    device = browser.as_(ana)
    address = f"/spanish/cohorts/{group.id}"
    assert "3 people" not in text_of(device.get(address))
    assert "2 people are waiting." in text_of(device.get(address))
    assert "You would be number 3." in text_of(device.get(address))

    device.post(f"{address}/join")

    page = text_of(device.get(address))
    assert "You are number 3 on the waiting list" in page
    assert "2 people are ahead of you." in page


def test_leaving_with_people_waiting_says_that_the_seat_goes_on_at_once(make, browser, ana):
    group = cohort(make, capacity=1)
    join_all(group, [ana, *people(make, 2)], now=clock.now())
    device = browser.as_(ana)

    page = text_of(device.get(f"/spanish/cohorts/{group.id}/leave"))
    assert "2 people are waiting. Your seat goes to the next one at once" in page
    device.post(f"/spanish/cohorts/{group.id}/leave")

    assert names(group, ENROLLED) == ["Learner 1 Ejemplo"]
    page = text_of(device.get(f"/spanish/cohorts/{group.id}"))
    assert "Join the waiting list" in page
    assert "You can take that back" not in page
    refused = device.post(f"/spanish/cohorts/{group.id}/undo")
    assert refused.status_code == 422
    assert "Your seat has gone to the next person" in refused.text


def test_by_htmx_only_the_enrollment_travels_with_what_was_said(make, browser, ana):
    group = cohort(make)
    device = browser.as_(ana)
    address = f"/spanish/cohorts/{group.id}"
    device.fragment(f"{address}/join", "enrollment", method="POST")

    fragment = device.fragment(address, "enrollment")

    assert fragment.text.lstrip().startswith('<section id="enrollment"')
    assert "<html" not in fragment.text
    assert '<div hx-swap-oob="innerHTML:#alerts">' in fragment.text
    assert "Your seat is kept." in fragment.text
    question = device.fragment(f"{address}/leave", "enrollment")
    assert "Leave this cohort?" in question.text
    assert "<html" not in question.text


def test_a_button_pressed_twice_takes_one_seat(make, browser, ana):
    group = cohort(make)
    device = browser.as_(ana)

    first = device.post(f"/spanish/cohorts/{group.id}/join", key="same")
    second = device.post(f"/spanish/cohorts/{group.id}/join", key="same")

    assert [answer.status_code for answer in (first, second)] == [303, 303]
    assert reload(group).seats_taken == 1


def test_who_cannot_enroll_reads_why_and_whom_to_ask(make, browser, cora):
    group = cohort(make)
    luz = make.member("Luz Ejemplo", standing=Standing.MEMBERSHIP)
    device = browser.as_(luz)

    page = text_of(device.get(f"/spanish/cohorts/{group.id}"))
    assert "Spanish is for the staff of the United Steelworkers. Your coordinator can admit you" in page
    assert "Ask: Cora Ejemplo" in page
    assert 'id="join"' not in device.get(f"/spanish/cohorts/{group.id}").text
    refused = device.post(f"/spanish/cohorts/{group.id}/join")
    assert refused.status_code == 422
    assert "Spanish is for the staff of the United Steelworkers." in refused.text


def test_the_page_says_when_enrollment_opens_and_that_it_closed(make, browser, ana):
    now = clock.now()
    early = cohort(make, opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=3))
    late = cohort(make, opens_at=now - timedelta(days=3), closes_at=now - timedelta(days=2))
    device = browser.as_(ana)

    assert "Enrollment has not opened yet" in text_of(device.get(f"/spanish/cohorts/{early.id}"))
    assert "Enrollment is closed" in text_of(device.get(f"/spanish/cohorts/{late.id}"))
    for group in (early, late):
        assert device.post(f"/spanish/cohorts/{group.id}/join").status_code == 422


def test_both_local_times_stand_side_by_side(make, browser):
    group = cohort(make, ENGLISH, zone="America/New_York")
    luz = make.member("Luz Ejemplo", union="mineros", standing=Standing.LEADERSHIP)

    page = browser.as_(luz).get(f"/english/cohorts/{group.id}").text

    assert "(Hermosillo)" in page
    assert "6:00 PM (New York)" in " ".join(page.split())
    assert "For you" in page
    assert "For the cohort" in page


# --- who may see what ----------------------------------------------------------------------------


def test_the_other_union_sees_neither_program_nor_cohort(make, browser):
    group = cohort(make)
    luz = make.member("Luz Ejemplo", union="mineros", standing=Standing.LEADERSHIP)
    device = browser.as_(luz)

    for address in ("/spanish", "/spanish/courses/a1", f"/spanish/cohorts/{group.id}"):
        assert device.get(address).status_code == 404
    for step in ("join", "leave", "undo", "admit", "seats"):
        assert device.post(f"/spanish/cohorts/{group.id}/{step}").status_code == 404
    assert device.get("/english").status_code == 200
    assert device.get(f"/english/cohorts/{group.id}").status_code == 404


def test_an_instructor_of_the_other_union_sees_the_cohort_taught_and_no_other(make, browser):
    ines = make.member("Inés Ejemplo", "instructor", union="mineros", standing=Standing.MEMBERSHIP)
    hers = cohort(make, instructor=ines, name="Hers")
    other = cohort(make, name="Not hers")
    device = browser.as_(ines)

    assert "Hers" in device.get("/spanish").text
    assert "Not hers" not in device.get("/spanish").text
    page = text_of(device.get(f"/spanish/cohorts/{hers.id}"))
    assert "You teach this cohort" in page
    assert "Inés Ejemplo" in page
    assert device.get(f"/spanish/cohorts/{other.id}").status_code == 404
    assert device.post(f"/spanish/cohorts/{hers.id}/join").status_code == 404


def test_a_learner_reads_the_name_of_an_instructor_of_the_other_union(make, browser, ana):
    ines = make.member("Inés Ejemplo", "instructor", union="mineros", standing=Standing.MEMBERSHIP)
    group = cohort(make, instructor=ines)

    assert "Inés Ejemplo" in browser.as_(ana).get(f"/spanish/cohorts/{group.id}").text


@pytest.mark.parametrize("role", ["learner", "instructor", "commission", "administrator"])
def test_only_coordinators_see_people_and_admit(make, browser, role):
    group = cohort(make)
    device = browser.as_(make.member("Max Ejemplo", role))

    assert device.get(f"/spanish/cohorts/{group.id}/people").status_code == 404
    assert device.post(f"/spanish/cohorts/{group.id}/admit").status_code == 404
    assert device.post(f"/spanish/cohorts/{group.id}/seats").status_code == 404


def test_a_coordinator_of_the_other_union_sees_no_people(make, browser):
    group = cohort(make)
    device = browser.as_(make.member("Luz Ejemplo", "coordinator", "instructor", union="mineros"))

    assert device.get(f"/spanish/cohorts/{group.id}/people").status_code == 404


def test_strangers_are_sent_to_sign_in(make, browser):
    group = cohort(make)

    for address in ("/spanish", "/english", f"/spanish/cohorts/{group.id}", "/agenda"):
        response = browser.get(address)
        assert response.status_code == 303
        assert response.location.startswith("/account/sign-in")


def test_a_cohort_is_found_under_its_own_program_only(make, browser):
    group = cohort(make)
    both = make.member("Inés Ejemplo", "instructor")

    assert browser.as_(both).get(f"/spanish/cohorts/{group.id}").status_code == 200
    assert browser.as_(both).get(f"/english/cohorts/{group.id}").status_code == 404
    for address in ("/spanish/cohorts/999999", "/spanish/cohorts/99999999999999999999", "/spanish/courses/x"):
        assert browser.as_(both).get(address).status_code == 404


def test_the_menu_shows_the_program_of_ones_union(make, browser, ana):
    luz = make.member("Luz Ejemplo", union="mineros", standing=Standing.LEADERSHIP)

    def menu(member) -> list[str]:
        page = browser.as_(member).get("/agenda").text
        return [a for a in ("/spanish", "/english", "/agenda") if f'<a href="{a}"' in page]

    assert menu(ana) == ["/spanish", "/agenda"]
    assert menu(luz) == ["/english", "/agenda"]


# --- the coordinator -----------------------------------------------------------------------------


def test_a_coordinator_admits_somebody_with_a_reason(make, browser, cora):
    group = cohort(make)
    luz = make.member("Luz Ejemplo", standing=Standing.MEMBERSHIP, email="luz@example.org")
    device = browser.as_(cora)
    address = f"/spanish/cohorts/{group.id}"

    answer = device.post(
        f"{address}/admit", {"email": " LUZ@example.org ", "reason": "She interprets in May."}
    )

    assert (answer.status_code, answer.location) == (303, f"{address}/people")
    page = text_of(device.get(f"{address}/people"))
    assert "Luz Ejemplo has a seat and gets a letter." in page
    assert "Admitted: She interprets in May." in page
    enrollment = queries.enrollment_of(luz, group)
    assert enrollment is not None
    assert (enrollment.admitted_by_id, enrollment.admission_reason) == (cora.id, "She interprets in May.")
    assert "You have a seat" in text_of(browser.as_(luz).get(address))


WRONG_ADMISSIONS: list[tuple[dict, str]] = [
    ({}, "Enter the e-mail address your union has for them"),
    ({"email": "x" * 400 + "@example.org", "reason": "A good reason"}, "at most 254 letters"),
    ({"email": "not an address", "reason": "A good reason"}, "Enter an e-mail address, such as"),
    (
        {"email": "nobody@example.org", "reason": "A good reason"},
        "Nobody in your union has this address.",
    ),
    ({"email": "luz@example.org", "reason": "A good reason"}, "Nobody in your union has this address."),
    ({"email": "ana@example.org"}, "Say why they are admitted"),
    ({"email": "ana@example.org", "reason": "ok"}, "at least 10 letters"),
    ({"email": "ana@example.org", "reason": "\u202e" * 40}, "at least 10 letters"),
    ({"email": "ana@example.org", "reason": "x" * 501}, "Use at most 500 letters"),
    (
        {"email": "ana@example.org", "reason": "Already there <b>bold</b>"},
        "has a place in this cohort already",
    ),
    ({"email": ["a@b", "ana@example.org"], "reason": ["A good reason", "x"]}, "Nobody in your union has"),
    ({"email": "ana@example.org\0", "reason": "\0" * 20}, "Say why they are admitted"),
]


def test_a_wrong_admission_says_what_is_wrong_and_keeps_what_was_written(make, browser, cora):
    group = cohort(make)
    ana = make.member("Ana Ejemplo", standing=Standing.STAFF, email="ana@example.org")
    make.member("Luz Ejemplo", union="mineros", email="luz@example.org")
    join_all(group, [ana], now=clock.now())
    device = browser.as_(cora)

    for data, sentence in WRONG_ADMISSIONS:
        answer = device.post(f"/spanish/cohorts/{group.id}/admit", data)

        assert answer.status_code == 422, data
        assert sentence in answer.text
        assert "<b>bold" not in answer.text
        if isinstance(data.get("reason"), str) and data["reason"].isprintable():
            assert data["reason"].replace("<", "&lt;").replace(">", "&gt;") in answer.text
    assert reload(group).seats_taken == 1


def test_more_seats_are_given_to_those_who_wait(make, browser, cora):
    group = cohort(make, capacity=1)
    join_all(group, people(make, 3), now=clock.now())

    answer = browser.as_(cora).post(f"/spanish/cohorts/{group.id}/seats", {"capacity": "2"})

    assert answer.status_code == 303
    assert names(group, ENROLLED) == ["Learner 1 Ejemplo", "Learner 2 Ejemplo"]


def test_a_wrong_number_of_seats_says_what_is_wrong(make, browser, cora):
    group = cohort(make, capacity=3)
    join_all(group, people(make, 2), now=clock.now())
    device = browser.as_(cora)

    for value, sentence in (
        ("", "Enter a number of seats"),
        ("many", "Not a valid integer"),
        ("0", "between 1 and 500"),
        ("-3", "between 1 and 500"),
        ("9" * 30, "between 1 and 500"),
        ("9" * 6000, "Not a valid integer"),
        ("1", "2 people hold a seat already"),
    ):
        answer = device.post(f"/spanish/cohorts/{group.id}/seats", {"capacity": value})
        assert answer.status_code == 422
        assert sentence in answer.text
    assert reload(group).capacity == 3


def test_a_wrong_form_by_htmx_comes_back_as_the_block(make, browser, cora):
    group = cohort(make)

    answer = browser.as_(cora).fragment(
        f"/spanish/cohorts/{group.id}/admit", "people", method="POST", data={"email": ""}
    )

    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<div id="people"')


# --- the catalog ---------------------------------------------------------------------------------


@pytest.fixture
def offers(make):
    second = course(
        code="b1",
        level=Level.B1,
        titles={
            "en": "Safety talk",
            "es_MX": "Éxito en la plática de seguridad",
            "fr_CA": "Causerie de sécurité: l’œil ouvert",
        },
        summaries=SUMMARIES,
    )
    full = cohort(make, name="Full", capacity=1, weekdays=[0], format=Format.IN_PERSON, place="Hall 7")
    join_all(full, people(make, 1), now=clock.now())
    cohort(make, name="Evenings", weekdays=[1, 3])
    cohort(make, name="Saturdays", course=second, weekdays=[5], format=Format.HYBRID)
    cohort(make, name="Over", starts_on=clock.now().date() - timedelta(days=90), weeks=2)
    cohort(make, name="Not planned yet", weekdays=[])


def found(browser, query: str) -> list[str]:
    page = browser.get(f"/spanish{query}").text
    return [
        name
        for name in ("Full", "Evenings", "Saturdays", "Over", "Not planned yet")
        if f"<p>{name}</p>" in page
    ]


FINDS = {
    "": ["Full", "Evenings", "Saturdays", "Not planned yet"],
    "?level=B1": ["Saturdays"],
    "?format=in_person": ["Full"],
    "?day=0": ["Full"],
    "?day=3&day=5": ["Evenings", "Saturdays"],
    "?day=6": [],
    "?seats=y": ["Evenings", "Saturdays", "Not planned yet"],
    "?q=exito": ["Saturdays"],
    "?q=PLÁTICA+éxito": ["Saturdays"],
    "?q=oeil": ["Saturdays"],
    "?q=mina": ["Full", "Evenings", "Not planned yet"],
    "?q=acierie&seats=y&day=1": ["Evenings"],
    "?q=%25": [],
    "?q=_": [],
    "?q=%5C": [],
}


def test_filters_and_search_find_what_is_meant(browser, ana, offers):
    device = browser.as_(ana)

    assert {query: found(device, query) for query in FINDS} == FINDS


NONSENSE = [
    "?level=Z9&format=moon&day=9&seats=maybe&page=-4",
    "?q=" + "x" * 5000,
    "?q=%00%E2%80%AE&level=A1&level=B1&day=&day=0&day=0",
    "?page=" + "9" * 5000,
    "?page=99999999999999999999",
    "?day=" + "&day=".join("0123456" * 40),
    "?q=%ED%A0%80",
]


def test_nonsense_in_the_address_is_no_fault(browser, ana, offers):
    device = browser.as_(ana)

    assert [device.get(f"/spanish{query}").status_code for query in NONSENSE] == [200] * len(NONSENSE)


def test_a_filter_that_does_not_exist_is_said_and_left_out(browser, ana, offers):
    device = browser.as_(ana)

    assert "Not a valid choice" in device.get("/spanish?level=Z9&format=in_person").text
    assert found(device, "?level=Z9&format=in_person") == ["Full"]


def test_the_results_travel_alone_by_htmx(browser, ana, offers):
    answer = browser.as_(ana).fragment("/spanish?level=B1", "results")

    assert answer.text.lstrip().startswith('<section id="results"')
    assert "1 cohort" in answer.text
    assert "<html" not in answer.text


def test_an_empty_catalog_and_an_empty_search_say_different_things(make, browser, ana):
    device = browser.as_(ana)
    assert "No cohort is planned yet" in device.get("/spanish").text

    cohort(make)

    page = device.get("/spanish?q=nothing+like+it").text
    assert "Nothing fits all of this" in page
    assert 'href="/spanish"' in page


def test_own_places_are_marked_in_the_catalog(make, browser, ana):
    join_all(cohort(make), [ana], now=clock.now())
    waits_in = cohort(make, capacity=1)
    join_all(waits_in, [*people(make, 1), ana], now=clock.now())

    page = browser.as_(ana).get("/spanish").text

    assert page.count("You have a seat") == 1
    assert page.count("You are waiting") == 1


def test_titles_are_in_the_language_of_the_reader(make, browser):
    cohort(make)
    luc = make.member("Luc Ejemplo", locale="fr_CA")

    assert "L’espagnol de l’aciérie et de la mine" in browser.as_(luc).get("/spanish").text


def test_the_catalog_takes_as_many_statements_for_200_cohorts_as_for_one(make, browser, ana):
    first = cohort(make)
    device = browser.as_(ana)
    for_one = statements(device, "/spanish")
    on_its_page = statements(device, f"/spanish/cohorts/{first.id}")
    of_its_course = statements(device, "/spanish/courses/a1")
    _many(first, 199)

    assert statements(device, "/spanish") == for_one <= 6
    assert statements(device, "/spanish?page=9&q=mina&seats=y&day=1") == for_one
    assert statements(device, f"/spanish/cohorts/{first.id}") == on_its_page <= 7
    assert statements(device, "/spanish/courses/a1") == of_its_course <= 5
    page = device.get("/spanish?page=17").text
    assert "200 cohorts" in page
    assert page.count("<article") == 8


def _many(like: Cohort, number: int) -> None:
    columns = {name: getattr(like, name) for name in ("union_id", "course_id", "opens_at", "closes_at")}
    cohorts = [
        Cohort(
            **columns,
            name=f"Group {n}",
            capacity=10,
            seats_taken=0,
            starts_on=like.starts_on,
            ends_on=like.ends_on,
            zone=like.zone,
            format=Format.ONLINE,
            place="",
            series=[
                MeetingSeries(
                    union_id=like.union_id, weekdays=2, wall=time(18, 0), minutes=60, zone=like.zone
                )
            ],
        )
        for n in range(number)
    ]
    db.session.add_all(cohorts)
    db.session.commit()


def test_a_full_roster_takes_as_many_statements_as_an_empty_one(make, browser, cora):
    group = cohort(make, capacity=2)
    device = browser.as_(cora)
    empty = statements(device, f"/spanish/cohorts/{group.id}/people")
    join_all(group, people(make, 30), now=clock.now())

    assert statements(device, f"/spanish/cohorts/{group.id}/people") == empty <= 5


def test_a_person_waiting_costs_no_more_statements(make, browser, ana):
    group = cohort(make, capacity=1)
    join_all(group, [*people(make, 5), ana], now=clock.now())
    actions.leave(group, ana, now=clock.now())
    actions.undo_leaving(group, ana, now=clock.now())

    assert statements(browser.as_(ana), f"/spanish/cohorts/{group.id}") <= 6
