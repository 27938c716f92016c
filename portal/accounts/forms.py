"""The shapes of what people type about accounts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.accounts.models import RoleName, Standing
from portal.accounts.passwords import LONGEST, SHORTEST
from portal.i18n import HTML_LANG, LOCALES, _l, place, zones

NEARBY = (
    "America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles",
    "America/Toronto", "America/Winnipeg", "America/Regina", "America/Edmonton", "America/Vancouver",
    "America/Halifax", "America/St_Johns", "America/Mexico_City", "America/Monterrey", "America/Hermosillo",
    "America/Mazatlan", "America/Chihuahua", "America/Ciudad_Juarez", "America/Ojinaga", "America/Matamoros",
    "America/Tijuana", "America/Cancun",
)  # fmt: skip

_hidden_signs = Regexp(r"^[^​-‏‪-‮⁦-⁩<>]*$", message=_l("Leave out hidden or angled signs."))


def strip(text: str | None) -> str | None:
    return " ".join(text.split()) if text else text


def zone_choices() -> list[SelectChoice]:
    """The zones of the three countries, in the order of the reader's language."""
    named = sorted((place(zone), zone) for zone in NEARBY if zone in zones())
    return [SelectChoice(zone, name) for name, zone in named]


def name_field() -> StringField:
    return StringField(
        _l("Name"),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter a name.")),
            Length(max=120, message=_l("At most 120 characters.")),
            _hidden_signs,
        ],
        render_kw={"autocomplete": "name", "maxlength": 120},
    )


def email_field() -> EmailField:
    return EmailField(
        _l("E-mail"),
        filters=[strip],
        validators=[
            DataRequired(_l("Enter an e-mail address.")),
            Length(max=254, message=_l("At most 254 characters.")),
            Regexp(
                r"^[^@\s<>\"(),:;]+@[^@\s<>\"(),:;]+\.[^@\s<>\"(),:;]+$",
                message=_l("Enter an address such as ana@example.org."),
            ),
        ],
        render_kw={"autocomplete": "email", "maxlength": 254, "inputmode": "email"},
    )


def new_password_field() -> PasswordField:
    return PasswordField(
        _l("Password"),
        description=_l(
            "At least 10 characters. Three or four plain words are easy to remember and hard to guess."
        ),
        validators=[
            InputRequired(_l("Choose a password.")),
            Length(min=SHORTEST, max=LONGEST, message=_l("Between 10 and 200 characters.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def language_field() -> SelectField:
    return SelectField(
        _l("Language"),
        choices=[SelectChoice(code, name, {"lang": HTML_LANG[code]}) for code, name in LOCALES.items()],
        validators=[InputRequired()],
    )


class Zoned(FlaskForm):
    """A form with a time zone of the three countries."""

    zone = SelectField(
        _l("Time zone"),
        description=_l("Your classes and trips are shown at the time of this place."),
        validators=[InputRequired(_l("Choose a place."))],
    )

    def __init__(self, *args: object, **values: object):
        super().__init__(*args, **values)
        self.zone.choices = zone_choices()


class SignInForm(FlaskForm):
    email = email_field()
    password = PasswordField(
        _l("Password"),
        validators=[InputRequired(_l("Enter your password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class ForgotForm(FlaskForm):
    email = email_field()


class ResetForm(FlaskForm):
    password = new_password_field()


class AcceptForm(Zoned):
    name = name_field()
    password = new_password_field()
    locale = language_field()


class ProfileForm(Zoned):
    name = name_field()
    locale = language_field()


class PasswordForm(FlaskForm):
    old = PasswordField(
        _l("Present password"),
        validators=[InputRequired(_l("Enter your present password.")), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password_field()


class Checkboxes(SelectMultipleField):
    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RolesForm(FlaskForm):
    roles = Checkboxes(_l("Roles"), choices=[SelectChoice(role.value, role.label) for role in RoleName])


class InviteForm(RolesForm):
    email = email_field()
    name = name_field()
    standing = SelectField(
        _l("Standing"), choices=[SelectChoice(kind.value, kind.label) for kind in Standing]
    )
    local = SelectField(_l("Local"), coerce=int)
    locale = language_field()

    def validate_roles(self, field: Checkboxes) -> None:
        if not field.data:
            raise ValidationError(_l("Choose at least one role."))


class ConfirmImportForm(FlaskForm):
    without_refused = BooleanField(_l("Import the rest without the refused rows"))
