"""What may come back from an exercise or a review card: numbers in bounds, a short text, known names."""

from __future__ import annotations

import uuid

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from portal.i18n import _l
from portal.learning.memory import Rating
from portal.learning.models import LONGEST_ID, LONGEST_TYPED, Skill

MOST_EXERCISES = 200
RATINGS = {
    Rating.AGAIN: _l("Again"),
    Rating.HARD: _l("Hard"),
    Rating.GOOD: _l("Good"),
    Rating.EASY: _l("Easy"),
}
TOO_LONG = _l("This is much longer than the answer. Keep to 500 letters.")


def is_uuid(_form: FlaskForm, field: StringField) -> None:
    try:
        field.data = str(uuid.UUID(field.data or ""))
    except ValueError:
        raise ValidationError(_l("Load the page again and answer once more.")) from None


def skill_field() -> SelectField:
    return SelectField(
        choices=[SelectChoice(value=skill.value, label=skill.value) for skill in Skill],
        default=Skill.WRITE.value,
    )


class ExerciseForm(FlaskForm):
    """`exercise` says which one the person saw; `reveal` asks for the answer instead of giving one."""

    exercise = IntegerField(validators=[InputRequired(), NumberRange(0, MOST_EXERCISES)])
    answer = StringField(_l("Your answer"), validators=[Length(max=LONGEST_TYPED, message=TOO_LONG)])
    reveal = BooleanField()


class CheckForm(FlaskForm):
    """A card's answer to be judged; nothing is kept yet."""

    item = StringField(validators=[InputRequired(), Length(max=LONGEST_ID)])
    skill = skill_field()
    answer = StringField(_l("Your answer"), validators=[Length(max=LONGEST_TYPED, message=TOO_LONG)])
    reveal = BooleanField()


class RateForm(FlaskForm):
    """`review` is the id of this very review, made with the form; `answer` what was typed before."""

    item = StringField(validators=[InputRequired(), Length(max=LONGEST_ID)])
    skill = skill_field()
    review = StringField(validators=[InputRequired(), is_uuid])
    answer = StringField(validators=[Optional(), Length(max=LONGEST_TYPED)])
    rating = SelectField(
        _l("How well did you know it?"),
        choices=[SelectChoice(value=str(int(rating)), label=label) for rating, label in RATINGS.items()],
        validators=[InputRequired(_l("Choose how well you knew it"))],
    )


class UndoForm(FlaskForm):
    review = StringField(validators=[InputRequired(), is_uuid])
