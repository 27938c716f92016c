"""The application form: short groups of questions, repeated ones as plain rows, everything optional while a draft."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    FieldList,
    Form,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional, ValidationError

from portal.accounts.models import Country
from portal.exchange.forms import after, choice, long_text, sensible_day, text, values
from portal.exchange.models import Application, Placement
from portal.exchange.words import Certificate, Language, Level, Sector
from portal.i18n import _, _l, format_day

TIERS = 4
MOST_WINDOWS, MOST_EQUALS = 12, 10
OPEN, GRANTED, NONE = "open", "granted", "none"


def _optional_day(label: Any, *more: Any) -> DateField:
    return DateField(label, validators=[Optional(), sensible_day, *more])


class WindowRow(Form):
    first = _optional_day(_l("From"))
    last = _optional_day(_l("To"), after("first", _l("The last day cannot lie before the first.")))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and bool(self.first.data) != bool(self.last.data):
            empty = self.last if self.first.data else self.first
            empty.errors = [_("Give both days, or leave both empty.")]
            return False
        return fine


class EntryRow(Form):
    """Permission to enter one country."""

    kind = RadioField(
        _l("Permission to enter"),
        choices=[
            SelectChoice(NONE, _l("None yet, or not known")),
            SelectChoice(OPEN, _l("Open, without an end")),
            SelectChoice(GRANTED, _l("Granted for some time")),
        ],
        default=NONE,
    )
    first = _optional_day(_l("From"))
    last = _optional_day(_l("To"), after("first", _l("The last day cannot lie before the first.")))

    def validate(self, extra_validators: Any = None) -> bool:
        fine = super().validate(extra_validators)
        if fine and self.kind.data == GRANTED:
            for each in (self.first, self.last):
                if each.data is None:
                    each.errors = [_("Say from when to when it is granted.")]
                    fine = False
        return fine


def _language(label: Any) -> SelectField:
    return choice(label, values(Level), default=Level.NONE.value)


def _tier() -> FieldList:
    return FieldList(SelectField(coerce=int, default=0), min_entries=2, max_entries=MOST_EQUALS)


class ApplicationForm(FlaskForm):
    windows = FieldList(FormField(WindowRow), min_entries=3, max_entries=MOST_WINDOWS)
    language_en = _language(_l("English"))
    language_es = _language(_l("Spanish"))
    language_fr = _language(_l("French"))
    wants_interpreter = BooleanField(_l("I would also go with an interpreter"), default=True)
    sectors = SelectMultipleField(_l("Sectors you would work in"), choices=values(Sector))
    tier_1 = _tier()
    tier_2 = _tier()
    tier_3 = _tier()
    tier_4 = _tier()
    only_listed = BooleanField(_l("Only the placements I have named"))
    delegation = text(_l("Name of your delegation"), 80)
    passport_until = _optional_day(_l("Passport valid until"))
    entry_US = FormField(EntryRow)
    entry_CA = FormField(EntryRow)
    entry_MX = FormField(EntryRow)
    certificate_site_safety = _optional_day(Certificate.SITE_SAFETY.label)
    certificate_medical = _optional_day(Certificate.MEDICAL.label)
    certificate_first_aid = _optional_day(Certificate.FIRST_AID.label)
    notes = long_text(_l("Anything your own coordinator should know"))

    def __init__(self, places: Sequence[Placement], home: str | None, application: Application | None = None):
        """`home` is the country the person needs no permission for."""
        super().__init__(data=_data(application) if application else None)
        self.home = home
        choices = [SelectChoice(0, "–"), *(SelectChoice(place.id, describe(place)) for place in places)]
        for tier in self.tiers:
            if not self.is_submitted() and len(tier) < MOST_EQUALS and tier[-1].data:
                tier.append_entry(0)
            for number, entry in enumerate(tier):
                entry.choices = choices
                entry.label.text = _("Placement") if number == 0 else _("or just as gladly")
        if not self.is_submitted() and len(self.windows) < MOST_WINDOWS and self.windows[-1].form.first.data:
            self.windows.append_entry()

    @property
    def tiers(self) -> list[FieldList]:
        return [self[f"tier_{number}"] for number in range(1, TIERS + 1)]

    @property
    def entries(self) -> list[tuple[Country, FormField]]:
        """Permissions that are needed: not that of one's own country."""
        return [(country, self[f"entry_{country}"]) for country in Country if country.value != self.home]

    def validate_tier_4(self, _field: Field) -> None:
        seen: set[int] = set()
        for tier in self.tiers:
            for entry in tier:
                if entry.data and entry.data in seen:
                    raise ValidationError(_("You named the same placement twice."))
                seen.add(entry.data)

    def fields(self, application: Application) -> dict[str, Any]:
        """The answers as columns. What the form does not ask, an import may have brought: that stays."""
        languages = {
            code: level for code, level in application.languages.items() if code not in set(Language)
        }
        languages |= {
            code.value: self[f"language_{code}"].data
            for code in Language
            if self[f"language_{code}"].data != Level.NONE.value
        }
        certificates = {
            code: day for code, day in application.certificates.items() if code not in set(Certificate)
        }
        certificates |= {
            code.value: self[f"certificate_{code}"].data.isoformat()
            for code in Certificate
            if self[f"certificate_{code}"].data
        }
        tiers = [[entry.data for entry in tier if entry.data] for tier in self.tiers]
        return {
            "windows": [
                [row.form.first.data.isoformat(), row.form.last.data.isoformat()]
                for row in self.windows
                if row.form.first.data
            ],
            "languages": languages,
            "wants_interpreter": bool(self.wants_interpreter.data),
            "sectors": sorted(self.sectors.data or []),
            "prefs": [tier for tier in tiers if tier],
            "only_listed": bool(self.only_listed.data),
            "delegation": self.delegation.data or "",
            "passport_until": self.passport_until.data,
            "entry": {country.value: _span(row.form) for country, row in self.entries if _span(row.form)},
            "certificates": certificates,
            "notes": self.notes.data or "",
        }


def describe(place: Placement) -> str:
    """One line for a list to choose from."""
    return _(
        "%(code)s: %(host)s, %(city)s, %(first)s to %(last)s",
        code=place.code,
        host=place.host.name,
        city=place.host.city,
        first=format_day(place.starts_on, short=True),
        last=format_day(place.ends_on, short=True),
    )


def _span(row: Any) -> Any:
    if row.kind.data == GRANTED:
        return [row.first.data.isoformat(), row.last.data.isoformat()]
    return OPEN if row.kind.data == OPEN else None


def _data(application: Application) -> dict[str, Any]:
    found: dict[str, Any] = {
        "windows": [
            {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
            for first, last in application.windows
        ],
        "wants_interpreter": application.wants_interpreter,
        "sectors": application.sectors,
        "only_listed": application.only_listed,
        "delegation": application.delegation,
        "passport_until": application.passport_until,
        "notes": application.notes,
    }
    for code in Language:
        found[f"language_{code}"] = application.languages.get(code.value, Level.NONE.value)
    for code in Certificate:
        day = application.certificates.get(code.value)
        found[f"certificate_{code}"] = date.fromisoformat(day) if day else None
    # A file may rank more tiers than the form shows: the rest goes into the last one.
    tiers = [
        *application.prefs[: TIERS - 1],
        [id_ for tier in application.prefs[TIERS - 1 :] for id_ in tier],
    ]
    for number, tier in enumerate(tiers, 1):
        found[f"tier_{number}"] = list(tier)[:MOST_EQUALS]
    for country in Country:
        span = application.entry.get(country.value)
        found[f"entry_{country}"] = (
            {"kind": OPEN if span == OPEN else NONE}
            if not isinstance(span, list)
            else {"kind": GRANTED, "first": date.fromisoformat(span[0]), "last": date.fromisoformat(span[1])}
        )
    return found
