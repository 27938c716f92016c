"""The forms of the catalog and of the cohort pages: shape only."""

from __future__ import annotations

from typing import Any

from babel.dates import get_day_names
from flask import request
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Regexp, ValidationError

from portal.courses.models import MOST_SEATS, Format, Level
from portal.courses.queries import Wishes
from portal.courses.schedule import WEEK
from portal.folding import fold
from portal.i18n import _, _l, locale

REASON_AT_LEAST = 10
REASON_AT_MOST = 500


def weekday_choices() -> list[SelectChoice]:
    """Every weekday in the reader's language, from Monday."""
    names = get_day_names("wide", "stand-alone", locale())
    return [SelectChoice(str(day), names[day]) for day in WEEK]


def _choices(anything: Any, kinds: type[Level] | type[Format]) -> list[SelectChoice]:
    return [SelectChoice("", anything), *(SelectChoice(kind.value, kind.label) for kind in kinds)]


class WishesForm(FlaskForm):
    """What to look for in the catalog. What cannot be understood is said and left out of the search."""

    class Meta:
        csrf = False

    q = StringField(
        _l("Search"), validators=[Length(max=100, message=_l("Search for less than 100 letters"))]
    )
    level = SelectField(_l("Level"), default="", choices=_choices(_l("Any level"), Level))
    format = SelectField(_l("Where"), default="", choices=_choices(_l("Online or in person"), Format))
    day = SelectMultipleField(_l("Days"), choices=weekday_choices)
    seats = BooleanField(_l("Only with open seats"))

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    def wishes(self) -> Wishes:
        self.validate()
        right = {name: entry.data for name, entry in self._fields.items() if not entry.errors}
        return Wishes(
            text=right.get("q") or "",
            level=Level(right["level"]) if right.get("level") else None,
            format=Format(right["format"]) if right.get("format") else None,
            weekdays=tuple(sorted({int(day) for day in right.get("day") or ()})),
            open_seats=bool(right.get("seats")),
        )


def arguments(wishes: Wishes) -> dict[str, Any]:
    """The same wishes as arguments of an address; what is not wished for is None."""
    return {
        "q": wishes.text or None,
        "level": wishes.level and wishes.level.value,
        "format": wishes.format and wishes.format.value,
        "day": [str(day) for day in wishes.weekdays] or None,
        "seats": "y" if wishes.open_seats else None,
    }


def some_words(_form: FlaskForm, entry: Any) -> None:
    """Count the letters a person can read: spaces and direction marks are no reason."""
    if len(fold(entry.data or "")) < REASON_AT_LEAST:
        raise ValidationError(_("Say it in a few words, at least %(num)s letters", num=REASON_AT_LEAST))


class AdmissionForm(FlaskForm):
    email = StringField(
        _l("Their e-mail address"),
        validators=[
            InputRequired(_l("Enter the e-mail address your union has for them")),
            Length(max=254, message=_l("An e-mail address has at most 254 letters")),
            Regexp(
                r"\s*[^@\s]+@[^@\s]+\s*$", message=_l("Enter an e-mail address, such as name@example.org")
            ),
        ],
    )
    reason = TextAreaField(
        _l("Reason"),
        validators=[
            InputRequired(_l("Say why they are admitted")),
            Length(max=REASON_AT_MOST, message=_l("Use at most 500 letters")),
            some_words,
        ],
    )


class CapacityForm(FlaskForm):
    capacity = IntegerField(
        _l("Seats"),
        validators=[
            InputRequired(_l("Enter a number of seats")),
            NumberRange(1, MOST_SEATS, _l("A cohort has between 1 and 500 seats")),
        ],
    )
