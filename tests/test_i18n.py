"""Days and moments as people of three countries write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from portal.i18n import format_clock, format_day, format_moment, in_locale

MARCH_1, MARCH_12 = date(2027, 3, 1), date(2027, 3, 12)


@pytest.mark.parametrize(
    ("locale", "day", "spelled", "short"),
    [
        ("en", MARCH_1, "Monday, March 1, 2027", "Mon, Mar 1"),
        ("en", MARCH_12, "Friday, March 12, 2027", "Fri, Mar 12"),
        ("es_MX", MARCH_1, "lunes 1 de marzo de 2027", "lun 1 mar"),
        ("es_MX", MARCH_12, "viernes 12 de marzo de 2027", "vie 12 mar"),
        ("fr_CA", MARCH_1, "lundi 1er mars 2027", "lun. 1er mars"),
        ("fr_CA", MARCH_12, "vendredi 12 mars 2027", "ven. 12 mars"),
    ],
)
def test_a_day_has_its_month_spelled(app, locale, day, spelled, short):
    with in_locale(locale):
        assert (format_day(day), format_day(day, short=True)) == (spelled, short)


@pytest.mark.parametrize(("locale", "clock"), [("en", "6:05 PM"), ("es_MX", "18:05"), ("fr_CA", "18 h 05")])
def test_the_clock_is_that_of_the_reader(app, locale, clock):
    with in_locale(locale):
        assert format_clock(datetime(2027, 1, 11, 23, 5, tzinfo=UTC), "America/New_York") == clock


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("America/New_York", "Tue, Jul 13, 6:00 PM (New York)"),
        ("America/Mexico_City", "Tue, Jul 13, 4:00 PM (Mexico City)"),
        ("America/Hermosillo", "Tue, Jul 13, 3:00 PM (Hermosillo)"),
        ("America/Ciudad_Juarez", "Tue, Jul 13, 4:00 PM (Ciudad Juárez)"),
    ],
)
def test_a_moment_names_the_place_whose_clock_it_is_on(app, zone, moment):
    assert format_moment(datetime(2027, 7, 13, 22, 0, tzinfo=UTC), zone, short=True) == moment
