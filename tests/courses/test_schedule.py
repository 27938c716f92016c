"""Wall clocks on both sides of the border, weekdays, and meetings that keep their hour across the changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from portal.courses import planning
from portal.courses.models import Course, MeetingSeries
from portal.courses.queries import meetings_of
from portal.courses.schedule import meeting_days, moment, pack, today_in, unpack
from portal.errors import Refused
from portal.i18n import format_clock, in_locale
from tests.conftest import MONDAY
from tests.courses.helpers import cohort

ZONES = ("America/New_York", "America/Mexico_City", "America/Hermosillo", "America/Ciudad_Juarez")


@pytest.mark.parametrize(
    ("day", "zone", "utc_hour"),
    [
        (date(2027, 1, 12), "America/New_York", 23),
        (date(2027, 3, 13), "America/New_York", 23),
        (date(2027, 3, 15), "America/New_York", 22),  # clocks went forward on March 14
        (date(2027, 11, 6), "America/New_York", 22),
        (date(2027, 11, 8), "America/New_York", 23),
        (date(2027, 1, 12), "America/Mexico_City", 24),
        (date(2027, 7, 12), "America/Mexico_City", 24),  # no summer time since 2022
        (date(2022, 7, 12), "America/Mexico_City", 23),  # the last summer that had it
        (date(2027, 1, 12), "America/Hermosillo", 25),
        (date(2027, 7, 12), "America/Hermosillo", 25),
        (date(2027, 1, 12), "America/Ciudad_Juarez", 25),
        (date(2027, 7, 12), "America/Ciudad_Juarez", 24),  # goes with El Paso
    ],
)
def test_six_in_the_evening_is_this_hour_in_utc(day, zone, utc_hour):
    midnight = datetime.combine(day, time(0), UTC)

    assert moment(day, time(18, 0), zone) == midnight + timedelta(hours=utc_hour)


def test_an_hour_that_clocks_skip_is_counted_from_before_and_a_double_hour_is_the_first():
    skipped = moment(date(2027, 3, 14), time(2, 30), "America/New_York")
    double = moment(date(2027, 11, 7), time(1, 30), "America/New_York")

    assert skipped == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert skipped.astimezone(ZoneInfo("America/New_York")).time() == time(3, 30)
    assert double == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_a_series_keeps_its_wall_time_across_the_change_and_moves_for_the_other_side(make):
    group = cohort(
        make,
        now=MONDAY,
        zone="America/New_York",
        starts_on=date(2027, 3, 9),
        ends_on=date(2027, 3, 18),
        closes_at=MONDAY + timedelta(days=70),
        weekdays=[1, 3],
    )

    meetings = meetings_of(group)

    def shown(zone: str) -> list[str]:
        return [format_clock(meeting.starts_at, zone) for meeting in meetings]

    with in_locale("en"):
        assert [meeting.day.day for meeting in meetings] == [9, 11, 16, 18]
        assert shown("America/New_York") == ["6:00 PM"] * 4
        assert shown("America/Mexico_City") == ["5:00 PM", "5:00 PM", "4:00 PM", "4:00 PM"]
        assert shown("America/Hermosillo") == ["4:00 PM", "4:00 PM", "3:00 PM", "3:00 PM"]
        assert shown("America/Ciudad_Juarez") == ["4:00 PM", "4:00 PM", "4:00 PM", "4:00 PM"]
    assert {meeting.ends_at - meeting.starts_at for meeting in meetings} == {timedelta(minutes=90)}


def test_today_is_the_day_on_that_wall():
    late = datetime(2027, 1, 12, 5, 30, tzinfo=UTC)

    assert today_in("America/New_York", late) == date(2027, 1, 12)
    assert today_in("America/Hermosillo", late) == date(2027, 1, 11)


@given(some.sets(some.integers(0, 6)))
def test_weekdays_come_back_from_their_number(weekdays):
    assert unpack(pack(weekdays)) == tuple(sorted(weekdays))


@given(some.integers(1, 127), some.dates(date(2026, 1, 1), date(2028, 1, 1)), some.integers(0, 60))
@settings(max_examples=60)
def test_meeting_days_are_all_the_days_of_these_weekdays(mask, first, length):
    last = first + timedelta(days=length)
    every = [first + timedelta(days=n) for n in range(length + 1)]

    assert list(meeting_days(first, last, mask)) == [d for d in every if d.weekday() in unpack(mask)]


@given(some.dates(date(2024, 1, 1), date(2030, 1, 1)), some.times(), some.sampled_from(ZONES))
@settings(max_examples=80)
def test_a_moment_shows_its_wall_time_unless_clocks_skip_it(day, wall, zone):
    wall = wall.replace(microsecond=0)
    shown = moment(day, wall, zone).astimezone(ZoneInfo(zone))
    skipped = datetime.combine(day, wall, ZoneInfo(zone)).utcoffset() != shown.utcoffset()

    assert skipped or (shown.date(), shown.time()) == (day, wall)


def test_no_weekday_is_called_seven():
    with pytest.raises(ValueError, match="7 is no weekday"):
        pack([7])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": date(2027, 1, 1)}, "The last day lies before the first."),
        ({"ends_on": date(2029, 1, 1)}, "A cohort runs for a year at most."),
        ({"closes_at": MONDAY - timedelta(days=8)}, "Enrollment must close after it opens."),
        (
            {"weekdays": [5], "ends_on": date(2027, 1, 26)},
            "No meeting falls between the first day and the last.",
        ),
    ],
)
def test_a_cohort_out_of_order_is_refused(make, changes, sentence):
    with pytest.raises(Refused, match=f"^{sentence}$"):
        cohort(make, now=MONDAY, **changes)


def test_a_cohort_is_taught_by_an_instructor(make):
    with pytest.raises(Refused, match="Max Ejemplo is not an instructor"):
        cohort(make, now=MONDAY, instructor=make.member("Max Ejemplo"))


def test_a_course_put_twice_is_one_course_brought_up_to_date(make):
    from portal.courses import SPANISH
    from portal.courses.models import Level
    from portal.extensions import db

    def put(title: str) -> Course:
        return planning.put_course(
            SPANISH, "a1", level=Level.A1, titles={"en": title}, summaries={"en": "…"}, units=["es.a1.u01"]
        )

    first, second = put("Éxito"), put("Mañana en la mina")

    assert first is second
    assert first.search_text == "manana en la mina"
    assert db.session.query(Course).count() == 1
    with in_locale("fr_CA"):
        assert first.title == "Mañana en la mina"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ("Tuesday and Thursday", "6:00 PM", "7:30 PM")),
        ("es_MX", ("martes y jueves", "18:00", "19:30")),
        ("fr_CA", ("mardi et jeudi", "18 h 00", "19 h 30")),
    ],
)
def test_a_series_is_told_in_the_readers_words(app, code, words):
    series = MeetingSeries(weekdays=pack([1, 3]), wall=time(18, 0), minutes=90, zone="America/New_York")

    with in_locale(code):
        assert (series.days, series.starts, series.ends) == words
