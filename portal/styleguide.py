"""A sample of every form field, empty and refused, for the page that shows all components."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] (stubs are older)
from wtforms.validators import InputRequired

from portal.i18n import _l


class SampleForm(FlaskForm):
    name = StringField(_l("Your name"), validators=[InputRequired(_l("Enter your name"))])
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Enter the first day"))])
    direction = SelectField(
        _l("Language to learn"),
        choices=[
            SelectChoice("es", "Español", {"lang": "es"}),
            SelectChoice("en", "English", {"lang": "en"}),
        ],
        validators=[InputRequired(_l("Choose a language"))],
    )
    shift = RadioField(
        _l("Shift"),
        choices=[
            SelectChoice(shift, label)
            for shift, label in (("day", _l("Day")), ("night", _l("Night")), ("rotating", _l("Rotating")))
        ],
        validators=[InputRequired(_l("Choose a shift"))],
    )
    about = TextAreaField(_l("Anything we should know"))
    roster = FileField(_l("Roster"))
    agreed = BooleanField(
        _l("My local knows about this"), validators=[InputRequired(_l("Ask your local first"))]
    )


def samples() -> dict[str, Any]:
    empty = SampleForm(formdata=None, meta={"csrf": False})
    refused = SampleForm(formdata=MultiDict({"refused-name": ""}), prefix="refused-", meta={"csrf": False})
    refused.validate()
    return {"empty_form": empty, "refused_form": refused}
