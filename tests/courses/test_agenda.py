"""The agenda page, and the calendar feed read back with another reader."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar
from sqlalchemy import select

from portal import clock
from portal.accounts.models import Standing
from portal.courses import actions, feed, planning, queries
from portal.courses.models import CalendarFeed, Meeting
from portal.errors import Refused
from portal.extensions import db
from portal.i18n import in_locale
from tests.conftest import MONDAY
from tests.courses.helpers import ENGLISH, cohort, join_all, people

ADDRESS = re.compile(r'id="address"[^>]*value="http://localhost(/calendar/[^"]+\.ics)"')


@pytest.fixture
def ana(make):
    return make.member("Ana Ejemplo", standing=Standing.STAFF, zone="America/Chicago")


def file_of(meetings) -> Calendar:
    with in_locale("en"):
        body = feed.calendar(
            meetings, address="https://relevo.example", link=lambda m: f"https://relevo.example/{m.id}"
        )
    return Calendar.from_ical(body)


def loaded(group) -> list[Meeting]:
    return list(
        db.session.scalars(select(Meeting).where(Meeting.cohort_id == group.id).order_by(Meeting.starts_at))
    )


def test_upcoming_meetings_are_those_of_seats_held_and_cohorts_taught(make, ana):
    ines = make.member("Inés Ejemplo", "instructor", union="mineros")
    held = cohort(make, now=MONDAY, capacity=1, weekdays=[1], instructor=ines)
    waited = cohort(make, now=MONDAY, capacity=1, weekdays=[2])
    other = cohort(make, now=MONDAY, weekdays=[3])
    join_all(held, [ana], now=MONDAY)
    join_all(waited, [*people(make, 1), ana], now=MONDAY)

    mine = queries.upcoming_meetings(ana, MONDAY)
    hers = queries.upcoming_meetings(ines, MONDAY)

    assert [meeting.cohort_id for meeting in mine] == [held.id] * 4
    assert [meeting.id for meeting in hers] == [meeting.id for meeting in mine]
    assert queries.upcoming_meetings(ana, MONDAY, most=2) == mine[:2]
    assert other.id not in {meeting.cohort_id for meeting in mine}


def test_a_meeting_stays_until_it_ends_and_goes_when_cancelled_or_left(make, ana):
    group = cohort(make, now=MONDAY, weekdays=[1])
    cora = make.member("Cora Ejemplo", "coordinator")
    join_all(group, [ana], now=MONDAY)
    first, second, *_rest = queries.upcoming_meetings(ana, MONDAY)

    assert queries.upcoming_meetings(ana, first.ends_at - timedelta(seconds=1))[0] is first
    assert queries.upcoming_meetings(ana, first.ends_at)[0] is second
    planning.cancel_meeting(second, by=cora, now=MONDAY)
    assert second not in queries.upcoming_meetings(ana, MONDAY)
    actions.leave(group, ana, now=MONDAY)
    assert queries.upcoming_meetings(ana, MONDAY) == []


def test_the_feed_reads_back_as_what_was_planned(make):
    new_york = cohort(
        make, now=MONDAY, weekdays=[1], zone="America/New_York", weeks=12, place="Hall 7; left, up"
    )
    hermosillo = cohort(make, ENGLISH, now=MONDAY, weekdays=[3], zone="America/Hermosillo", weeks=12)
    mexico = cohort(make, ENGLISH, now=MONDAY, weekdays=[4], zone="America/Mexico_City", weeks=12)
    meetings = [*loaded(new_york), *loaded(hermosillo), *loaded(mexico)]

    file = file_of(meetings)

    events = {str(event["uid"]): event for event in file.walk("VEVENT")}
    assert len(events) == 36
    for meeting in meetings:
        event = events[f"meeting-{meeting.id}@relevo.example"]
        assert event.decoded("dtstart").astimezone(UTC) == meeting.starts_at
        assert event.decoded("dtend").astimezone(UTC) == meeting.ends_at
        assert event.decoded("dtstart").replace(tzinfo=None) == datetime.combine(meeting.day, meeting.wall)
        assert event["dtstart"].params["TZID"] == meeting.zone
        assert event["sequence"] == 0
        assert event["status"] == "CONFIRMED"
    assert {str(e["location"]) for e in events.values()} == {"Hall 7; left, up", "Online"}
    assert {str(e["summary"]) for e in events.values()} == {
        "Spanish for the mill and the mine · Evening group"
    }


@pytest.mark.parametrize("zone", ["America/New_York", "America/Mexico_City", "America/Hermosillo"])
def test_the_zones_in_the_file_alone_give_the_right_moments(make, zone):
    """As a program does that knows no zone by name and must trust the VTIMEZONE."""
    group = cohort(make, now=MONDAY, weekdays=range(7), zone=zone, weeks=44)

    file = file_of(loaded(group))

    (timezone,) = file.walk("VTIMEZONE")
    assert str(timezone["tzid"]) == zone
    rules = timezone.to_tz(lookup_tzid=False)
    for event in file.walk("VEVENT"):
        wall = event.decoded("dtstart").replace(tzinfo=None)
        assert wall.replace(tzinfo=rules).utcoffset() == wall.replace(tzinfo=ZoneInfo(zone)).utcoffset()


def test_a_cancelled_meeting_keeps_its_uid_and_raises_its_sequence(make):
    group = cohort(make, now=MONDAY, weekdays=[1])
    cora = make.member("Cora Ejemplo", "coordinator")
    first, *_rest = loaded(group)

    planning.cancel_meeting(first, by=cora, now=MONDAY)
    planning.cancel_meeting(first, by=cora, now=MONDAY)
    cancelled = file_of([first]).walk("VEVENT")[0]
    planning.restore_meeting(first, by=cora, now=MONDAY + timedelta(hours=1))
    restored = file_of([first]).walk("VEVENT")[0]

    assert [str(e["uid"]) for e in (cancelled, restored)] == [f"meeting-{first.id}@relevo.example"] * 2
    assert [str(e["status"]) for e in (cancelled, restored)] == ["CANCELLED", "CONFIRMED"]
    assert [int(e["sequence"]) for e in (cancelled, restored)] == [1, 2]
    assert cancelled.decoded("last-modified") == MONDAY


def test_a_meeting_that_has_ended_is_neither_cancelled_nor_restored(make):
    group = cohort(make, now=MONDAY, weekdays=[1])
    cora = make.member("Cora Ejemplo", "coordinator")
    first, second, *_rest = loaded(group)
    planning.cancel_meeting(second, by=cora, now=MONDAY)

    with pytest.raises(Refused, match="has taken place already"):
        planning.cancel_meeting(first, by=cora, now=first.ends_at)
    with pytest.raises(Refused, match="has passed"):
        planning.restore_meeting(second, by=cora, now=second.ends_at)


def test_the_file_names_nobody_and_its_lines_are_folded(make):
    ines = make.member("Inés Ejemplo", "instructor")
    group = cohort(make, now=MONDAY, instructor=ines, place="Salón sindical de la Sección 65, " * 4)

    with in_locale("es_MX"):
        body = feed.calendar(
            loaded(group), address="https://relevo.example", link=lambda _m: "https://relevo.example/x"
        )

    assert "Inés".encode() not in body
    assert b"\r\n" in body
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert "Español para la acería y la mina" in str(Calendar.from_ical(body).walk("VEVENT")[0]["summary"])


def test_a_private_address_works_without_a_session_until_it_is_replaced_or_closed(make, browser, ana):
    group = cohort(make, weekdays=[1])
    join_all(group, [ana], now=clock.now())
    device = browser.as_(ana)
    assert ADDRESS.search(device.get("/agenda").text) is None

    assert device.post("/agenda/feed").status_code == 303
    (old,) = ADDRESS.findall(device.get("/agenda").text)
    answer = browser.get(old)
    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 4
    assert browser.get(old, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304

    device.post("/agenda/feed")
    (new,) = ADDRESS.findall(device.get("/agenda").text)
    assert new != old
    assert [browser.get(address).status_code for address in (old, new)] == [404, 200]

    device.post("/agenda/feed/close")
    assert browser.get(new).status_code == 404
    assert ADDRESS.search(device.get("/agenda").text) is None


@pytest.mark.parametrize(
    "token", ["x", "x" * 5000, "..", "IkFCQyI.forged", "%00", "eyJ4IjoxfQ.AAAA", "ñandú", "%F0%9F%98%80"]
)
def test_a_made_up_address_is_not_found(browser, token):
    assert browser.get(f"/calendar/{token}.ics").status_code == 404


def test_the_key_in_the_database_is_no_address(make, browser, ana):
    planning.make_feed(ana, now=MONDAY)
    db.session.commit()
    key = db.session.scalars(select(CalendarFeed.key)).one()

    assert browser.get(f"/calendar/{key}.ics").status_code == 404


def test_an_account_that_is_closed_has_no_feed(make, browser, ana):
    device = browser.as_(ana)
    device.post("/agenda/feed")
    (address,) = ADDRESS.findall(device.get("/agenda").text)
    ana.is_active = False
    db.session.commit()

    assert browser.get(address).status_code == 404


def test_the_agenda_shows_both_clocks_and_the_own_cohorts(make, browser, ana):
    held = cohort(make, capacity=1, name="Held", weekdays=[1])
    waited = cohort(make, capacity=1, name="Waited")
    join_all(held, [ana], now=clock.now())
    join_all(waited, [*people(make, 1), ana], now=clock.now())

    page = " ".join(re.sub(r"<[^>]+>", " ", browser.as_(ana).get("/agenda").text).split())

    assert page.count("(Chicago)") == page.count("(New York)") == 4
    assert "Held You have a seat" in page
    assert "Waited You are waiting" in page


def test_an_empty_agenda_says_what_will_stand_there(browser, ana):
    assert "When you have a seat in a cohort" in browser.as_(ana).get("/agenda").text


def test_who_neither_learns_nor_teaches_has_no_agenda(make, browser):
    assert browser.as_(make.member("Cora Ejemplo", "coordinator")).get("/agenda").status_code == 404


def test_the_feed_travels_alone_by_htmx(browser, ana):
    device = browser.as_(ana)
    device.fragment("/agenda/feed", "feed", method="POST")

    answer = device.fragment("/agenda", "feed")

    assert answer.text.lstrip().startswith('<section id="feed"')
    assert ADDRESS.search(answer.text)
