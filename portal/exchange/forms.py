"""Shapes of what people enter about rounds, hosts, placements, answers. The application has a module of its own."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FileField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from portal.accounts.models import Country
from portal.exchange.words import Certificate, HoldKind, Language, Level, Sector
from portal.i18n import _, _l

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
MOST_MONEY = 10_000_000


def sensible_day(_form: Any, field: Field) -> None:
    if field.data is not None and not FIRST_DAY <= field.data <= LAST_DAY:
        raise ValidationError(_("Look at the year of this date."))


def after(name: str, sentence: Any) -> Any:
    """The day must not lie before that of the field `name`."""

    def check(form: Any, field: Field) -> None:
        first = getattr(form, name).data
        if first and field.data and field.data < first:
            raise ValidationError(sentence)

    return check


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def whole(label: Any, least: int, most: int, *, needed: Any = None) -> IntegerField:
    """A whole number in its bounds; left empty only without `needed`."""
    sentence = _l("Enter a whole number from %(least)s to %(most)s.", least=least, most=f"{most:,}")
    first = InputRequired(needed) if needed else Optional()
    return IntegerField(label, validators=[first, NumberRange(least, most, sentence)])


def text(label: Any, most: int, *, needed: Any = None) -> StringField:
    validators: list[Any] = [Length(max=most, message=_l("This is longer than %(max)d characters."))]
    if needed:
        validators.insert(0, InputRequired(needed))
    return StringField(label, filters=[_stripped], validators=validators)


def long_text(label: Any, most: int = 4000) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[_stripped],
        validators=[Length(max=most, message=_l("This is longer than %(max)d characters."))],
    )


def day(label: Any, needed: Any, *more: Any) -> DateField:
    return DateField(label, validators=[InputRequired(needed), sensible_day, *more])


def choice(label: Any, choices: Any = (), **more: Any) -> SelectField:
    """A list that always has an answer."""
    needed = InputRequired(_l("Choose one."))
    return SelectField(label, choices=list(choices), validators=[needed], **more)


def values(enum: Any) -> list[SelectChoice]:
    return [SelectChoice(member.value, member.label) for member in enum]


class RoundForm(FlaskForm):
    name = text(_l("Name of the round"), 120, needed=_l("Give the round a name."))
    opens_on = day(_l("First day to apply"), _l("Enter the first day."))
    closes_on = day(
        _l("Last day to apply"), _l("Enter the last day."),
        after("opens_on", _l("The last day cannot lie before the first.")),
    )  # fmt: skip
    max_head_difference = whole(_l("Largest difference in people between the two unions"), 0, 10_000)
    budget = whole(_l("Budget in US dollars"), 0, MOST_MONEY)

    def fields(self) -> dict[str, Any]:
        names = ("name", "opens_on", "closes_on", "max_head_difference", "budget")
        return {name: self[name].data for name in names}


class HostForm(FlaskForm):
    name = text(_l("Name of the host"), 120, needed=_l("Give the host a name."))
    local_id = SelectField(_l("Local or section"), coerce=int, choices=[])
    city = text(_l("City"), 80, needed=_l("Enter the city."))
    country = choice(_l("Country"), values(Country))
    description = long_text(_l("What guests should know"))

    def fields(self) -> dict[str, Any]:
        return {
            "name": self.name.data,
            "local_id": self.local_id.data or None,
            "city": self.city.data,
            "country": Country(self.country.data),
            "description": self.description.data or "",
        }


class PlacementForm(FlaskForm):
    host_id = choice(_l("Host"), coerce=int)
    code = text(_l("Short name, as in CAN-1"), 20)
    starts_on = day(_l("First day"), _l("Enter the first day."))
    ends_on = day(
        _l("Last day"), _l("Enter the last day."),
        after("starts_on", _l("The last day cannot lie before the first.")),
    )  # fmt: skip
    min_days = whole(_l("Shortest stay, in days"), 1, 366, needed=_l("Enter the shortest stay."))
    max_days = whole(_l("Longest stay, in days"), 1, 366)
    capacity = whole(_l("Seats"), 1, 500, needed=_l("Enter the number of seats."))
    sector = choice(_l("Sector"), values(Sector))
    language = choice(_l("Language of the work"), values(Language))
    min_level = choice(_l("Level asked for"), values(Level))
    interpreter_seats = whole(_l("Of these, seats with an interpreter"), 0, 500)
    certificates = SelectMultipleField(_l("Certificates asked for"), choices=values(Certificate))
    passport_margin_days = whole(_l("Days the passport must hold after the stay"), 0, 400)
    cost = whole(_l("Cost of one guest, in US dollars"), 0, MOST_MONEY)
    description = long_text(_l("What the guest will do"))

    def validate_max_days(self, field: Field) -> None:
        if field.data is not None and self.min_days.data is not None and field.data < self.min_days.data:
            raise ValidationError(_("The longest stay cannot be shorter than the shortest."))

    def validate_min_days(self, field: Field) -> None:
        first, last = self.starts_on.data, self.ends_on.data
        if field.data and first and last and first <= last and field.data > (last - first).days + 1:
            raise ValidationError(_("The placement itself is shorter than this."))

    def fields(self) -> dict[str, Any]:
        return {
            "code": self.code.data or "",
            "starts_on": self.starts_on.data,
            "ends_on": self.ends_on.data,
            "min_days": self.min_days.data,
            "max_days": self.max_days.data,
            "capacity": self.capacity.data,
            "sector": Sector(self.sector.data),
            "language": Language(self.language.data),
            "min_level": Level(self.min_level.data),
            "interpreter_seats": self.interpreter_seats.data or 0,
            "certificates": sorted(self.certificates.data or []),
            "passport_margin_days": self.passport_margin_days.data or 0,
            "cost": self.cost.data or 0,
            "description": self.description.data or "",
        }


class HoldForm(FlaskForm):
    person = choice(_l("Person"))
    placement_id = choice(_l("Placement"), coerce=int)
    kind = RadioField(
        _l("What should hold?"),
        choices=[
            SelectChoice(HoldKind.PIN.value, _l("Only here")),
            SelectChoice(HoldKind.BAN.value, _l("Anywhere but here")),
        ],
        validators=[InputRequired(_l("Choose what should hold."))],
    )


class DeclineForm(FlaskForm):
    reason = long_text(_l("Why it does not work for you"), 2000)
    stays_in = RadioField(
        _l("And now?"),
        choices=[
            SelectChoice("yes", _l("Look for another placement for me")),
            SelectChoice("no", _l("Take me out of this round")),
        ],
        validators=[InputRequired(_l("Choose what should happen now."))],
    )


class UploadForm(FlaskForm):
    file = FileField(_l("File"), validators=[InputRequired(_l("Choose a file first."))])
    country = SelectField(
        _l("Where the file was written"),
        choices=[
            SelectChoice("", _l("In the country of your union")),
            *values(Country),
        ],
    )


class ConfirmImportForm(FlaskForm):
    without_refused = BooleanField(_l("Import the rest without the refused rows"))
