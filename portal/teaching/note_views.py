"""One learner as the cohort's instructor knows them: attendance, and private notes."""

from __future__ import annotations

from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue

from portal import clock
from portal.courses.models import Cohort
from portal.errors import Refused
from portal.i18n import _
from portal.policy import Permission, authorize, me
from portal.teaching import actions, bp, queries
from portal.teaching.forms import NoteForm
from portal.teaching.models import Note
from portal.web import page, problem, seen


def _person(cohort_id: int, member_id: int, form: NoteForm) -> dict[str, Any]:
    """What the page of one person shows. Only the cohort's instructor gets past here."""
    now = clock.now()
    authorize(Permission.SIGNED_IN)
    cohort: Cohort = queries.cohort_or_404(cohort_id, me())
    authorize(Permission.COHORT_TEACH, cohort)
    return {
        "cohort": cohort,
        "presence": queries.presence_or_404(cohort, member_id, now=now),
        "notes": queries.notes_about(member_id, cohort, now=now),
        "form": form,
    }


@bp.get("/teaching/cohorts/<int:cohort_id>/people/<int:member_id>")
def person(cohort_id: int, member_id: int) -> ResponseReturnValue:
    return page("teaching/person.html", "notes", **_person(cohort_id, member_id, NoteForm(formdata=None)))


@bp.post("/teaching/cohorts/<int:cohort_id>/people/<int:member_id>/notes")
def write_note(cohort_id: int, member_id: int) -> ResponseReturnValue:
    form = NoteForm()
    shown = _person(cohort_id, member_id, form)
    if not form.validate_on_submit():
        return problem("teaching/person.html", "notes", **shown)
    actions.write_note(shown["cohort"], shown["presence"].person, form.words, by=me(), now=clock.now())
    flash(_("The note is kept. Only the instructor of this cohort reads it."))
    return seen(".person", "notes", cohort_id=cohort_id, member_id=member_id)


def _note(note_id: int) -> Note:
    authorize(Permission.SIGNED_IN)
    note = queries.note_or_404(note_id, me())
    authorize(Permission.NOTE_EDIT, note)
    return note


@bp.get("/teaching/notes/<int:note_id>")
def note(note_id: int) -> ResponseReturnValue:
    note = _note(note_id)
    return page("teaching/note.html", note=note, form=NoteForm(formdata=None, data={"text": note.text}))


@bp.post("/teaching/notes/<int:note_id>")
def change_note(note_id: int) -> ResponseReturnValue:
    note, form = _note(note_id), NoteForm()
    if not form.validate_on_submit():
        return problem("teaching/note.html", note=note, form=form)
    try:
        actions.change_note(note, form.words, by=me(), now=clock.now())
    except Refused as fault:
        form.text.errors = [str(fault)]
        return problem("teaching/note.html", note=note, form=form)
    flash(_("The note is changed."))
    return _back_to(note)


@bp.post("/teaching/notes/<int:note_id>/remove")
def remove_note(note_id: int) -> ResponseReturnValue:
    note = _note(note_id)
    actions.remove_note(note, by=me(), now=clock.now())
    return _back_to(note)


@bp.post("/teaching/notes/<int:note_id>/restore")
def restore_note(note_id: int) -> ResponseReturnValue:
    note = _note(note_id)
    actions.restore_note(note, by=me(), now=clock.now())
    flash(_("The note is back."))
    return _back_to(note)


def _back_to(note: Note) -> ResponseReturnValue:
    return seen(".person", "notes", cohort_id=note.cohort_id, member_id=note.member_id)
