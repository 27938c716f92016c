"""The forms of teaching: shape only."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, ValidationError

from portal.folding import fold
from portal.i18n import _, _l
from portal.teaching.models import LONGEST_NOTE, Mark

NOT_RECORDED = "none"


class MarkForm(FlaskForm):
    """One tap: a mark, or none to take it away."""

    mark = StringField(validators=[AnyOf([*Mark, NOT_RECORDED])])

    @property
    def chosen(self) -> Mark | None:
        return None if self.mark.data == NOT_RECORDED else Mark(self.mark.data or "")


def some_letters(_form: FlaskForm, entry: Any) -> None:
    """Spaces and direction marks alone say nothing."""
    if not fold(entry.data or ""):
        raise ValidationError(_("Write what you want to remember"))


class NoteForm(FlaskForm):
    text = TextAreaField(
        _l("Note"),
        validators=[
            InputRequired(_l("Write what you want to remember")),
            some_letters,
            Length(max=LONGEST_NOTE, message=_l("Use at most 2,000 letters")),
        ],
    )

    @property
    def words(self) -> str:
        return (self.text.data or "").strip().replace("\r\n", "\n")
