"""The form by which a coordinator opens a cohort: shape only."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import time
from typing import Any

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.accounts.forms import zone_choices
from portal.courses.forms import weekday_choices
from portal.courses.models import MOST_SEATS, Course, Format
from portal.courses.schedule import moment
from portal.i18n import _, _l

FIRST_YEAR, LAST_YEAR = 2020, 2100
LAST_MINUTE = time(23, 59)


def plain(text: str | None) -> str | None:
    """One space between words, and no signs that turn the direction of what follows."""
    if text is None:
        return None
    return " ".join("".join(sign for sign in text if unicodedata.category(sign) != "Cf").split())


def _in_reach(_form: FlaskForm, entry: Any) -> None:
    if entry.data is not None and not FIRST_YEAR <= entry.data.year <= LAST_YEAR:
        raise ValidationError(_("Enter a day of these years"))


def _day(label: Any, missing: Any) -> DateField:
    return DateField(label, validators=[InputRequired(missing), _in_reach])


class CohortForm(FlaskForm):
    course = SelectField(_l("Course"), coerce=int, validators=[InputRequired(_l("Choose what is taught"))])
    name = StringField(
        _l("Name of the cohort"),
        filters=[plain],
        validators=[
            InputRequired(_l("Give the cohort a name")),
            Length(min=3, max=80, message=_l("Use 3 to 80 letters")),
        ],
    )
    instructor = StringField(
        _l("E-mail of the instructor"),
        filters=[plain],
        validators=[Optional(), Length(max=254, message=_l("An e-mail address has at most 254 letters"))],
    )
    capacity = IntegerField(
        _l("Seats"),
        default=12,
        validators=[
            InputRequired(_l("Enter a number of seats")),
            NumberRange(1, MOST_SEATS, _l("A cohort has between 1 and 500 seats")),
        ],
    )
    opens_on = _day(_l("Enrollment opens"), _l("Enter the day enrollment opens"))
    closes_on = _day(_l("Last day to enroll"), _l("Enter the last day to enroll"))
    starts_on = _day(_l("First day"), _l("Enter the first day"))
    ends_on = _day(_l("Last day"), _l("Enter the last day"))
    zone = SelectField(
        _l("The clock the cohort keeps"),
        choices=zone_choices,
        validators=[InputRequired(_l("Choose a place whose clock it keeps"))],
    )
    days = SelectMultipleField(
        _l("Days"), choices=weekday_choices, validators=[InputRequired(_l("Choose at least one day"))]
    )
    wall = TimeField(_l("Starts at"), validators=[InputRequired(_l("Enter the time it starts"))])
    minutes = IntegerField(
        _l("Minutes"),
        default=90,
        validators=[
            InputRequired(_l("Enter how many minutes a meeting takes")),
            NumberRange(15, 480, _l("A meeting takes between 15 minutes and 8 hours")),
        ],
    )
    format = SelectField(
        _l("Where"),
        choices=[SelectChoice(kind.value, kind.label) for kind in Format],
        validators=[InputRequired(_l("Choose where it meets"))],
    )
    place = StringField(
        _l("Place"),
        filters=[plain],
        validators=[Length(max=160, message=_l("Use at most 160 letters"))],
    )

    def __init__(self, courses: Sequence[Course], **options: Any) -> None:
        super().__init__(**options)
        self.course.choices = [SelectChoice(course.id, course.title) for course in courses]  # type: ignore[arg-type]

    def validate_ends_on(self, entry: DateField) -> None:
        if _is_before(entry, self.starts_on):
            raise ValidationError(_("The last day lies before the first."))

    def validate_closes_on(self, entry: DateField) -> None:
        if _is_before(entry, self.opens_on):
            raise ValidationError(_("Enrollment must close after it opens."))

    def facts(self) -> dict[str, Any]:
        """What a valid form says of the cohort itself."""
        zone = self.zone.data
        return {
            "name": self.name.data,
            "capacity": self.capacity.data,
            "opens_at": moment(self.opens_on.data, time(0), zone),
            "closes_at": moment(self.closes_on.data, LAST_MINUTE, zone),
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "zone": zone,
            "format": Format(self.format.data),
            "place": self.place.data or "",
        }

    def meetings(self) -> dict[str, Any]:
        """What a valid form says of the meetings."""
        return {
            "weekdays": sorted({int(day) for day in self.days.data or ()}),
            "wall": (self.wall.data or time()).replace(second=0, microsecond=0),
            "minutes": self.minutes.data,
        }


def _is_before(entry: DateField, other: DateField) -> bool:
    return entry.data is not None and other.data is not None and entry.data < other.data
