"""My week, rosters and attendance over HTTP; and a learner's own classes."""

from __future__ import annotations

from flask import Response, flash, make_response, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.courses import agenda
from portal.courses.models import Cohort, Meeting
from portal.errors import Hidden, Refused
from portal.i18n import _, ngettext
from portal.policy import Permission, allows, authorize, me
from portal.sheets import write_csv
from portal.teaching import actions, bp, queries
from portal.teaching.export import attendance_rows
from portal.teaching.forms import MarkForm
from portal.teaching.models import Mark
from portal.teaching.week import week_of
from portal.web import page, repeatable, seen


@bp.get("/teaching")
def week() -> ResponseReturnValue:
    authorize(Permission.WEEK_READ)
    now, member = clock.now(), me()
    taught = queries.cohorts_taught(member, today=now.date())
    return page("teaching/week.html", week=week_of(queries.rosters(taught, now=now), member.zone, now=now))


@bp.get("/classes")
def classes() -> ResponseReturnValue:
    authorize(Permission.ATTENDANCE_READ)
    return page(
        "teaching/classes.html", classes=queries.own_classes(me(), now=clock.now()), marks=[*Mark, None]
    )


# --- a cohort ------------------------------------------------------------------------------------


def _cohort(cohort_id: int) -> Cohort:
    authorize(Permission.SIGNED_IN)
    cohort = queries.cohort_or_404(cohort_id, me())
    authorize(Permission.ROSTER_READ, cohort)
    return cohort


@bp.get("/teaching/cohorts/<int:cohort_id>")
def cohort(cohort_id: int) -> ResponseReturnValue:
    cohort, now = _cohort(cohort_id), clock.now()
    found = queries.roster(cohort, now=now)
    teaches = allows(Permission.COHORT_TEACH, cohort)
    begun = [meeting for meeting in found.meetings if actions.is_open(meeting, now)]
    return page(
        "teaching/cohort.html",
        cohort=cohort,
        roster=found,
        marks=[*Mark, None],
        teaches=teaches,
        notes=queries.numbers_of_notes(cohort) if teaches else {},
        past=agenda.lines(reversed(begun), me().zone),
        ahead=agenda.lines([meeting for meeting in found.meetings if meeting not in begun], me().zone),
    )


@bp.get("/teaching/cohorts/<int:cohort_id>/attendance.csv")
def attendance_csv(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id)
    response = make_response(write_csv(attendance_rows(queries.roster(cohort, now=clock.now()))))
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="attendance-{cohort.id}.csv"'
    response.cache_control.no_store = True
    return response


# --- the attendance of a meeting -----------------------------------------------------------------


def _meeting(meeting_id: int, permission: Permission) -> Meeting:
    authorize(Permission.SIGNED_IN)
    meeting = queries.meeting_or_404(meeting_id, me())
    authorize(permission, meeting.cohort)
    return meeting


@bp.get("/teaching/meetings/<int:meeting_id>")
def attendance(meeting_id: int) -> ResponseReturnValue:
    """The sheet of one meeting; `person` is who was tapped last, the one line that travels back alone."""
    meeting, now = _meeting(meeting_id, Permission.ATTENDANCE_TAKE), clock.now()
    sheet = queries.sheet(meeting, now=now)
    return page(
        "teaching/attendance.html",
        "sheet",
        "person",
        meeting=meeting,
        cohort=meeting.cohort,
        sheet=sheet,
        marks=list(Mark),
        entry=sheet.entry_of(request.args.get("person", type=int)),
        is_open=actions.is_open(meeting, now),
    )


@bp.post("/teaching/meetings/<int:meeting_id>/people/<int:member_id>")
@repeatable
def mark(meeting_id: int, member_id: int) -> ResponseReturnValue:
    """One tap. To send it again is harmless: the last tap counts."""
    meeting = _meeting(meeting_id, Permission.ATTENDANCE_TAKE)
    entry = queries.sheet(meeting, now=clock.now()).entry_of(member_id)
    if entry is None:
        raise Hidden
    form = MarkForm()
    if not form.validate_on_submit():
        raise Refused(_("That is none of the marks. Tap one of those beside the name."))
    if form.chosen is None:
        actions.clear(meeting, entry.person, by=me(), now=clock.now())
    else:
        actions.mark(meeting, entry.person, form.chosen, by=me(), now=clock.now())
    return seen(".attendance", f"person-{member_id}", meeting_id=meeting.id, person=member_id)


@bp.post("/teaching/meetings/<int:meeting_id>/present")
def mark_others_present(meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id, Permission.ATTENDANCE_TAKE)
    marked = actions.mark_others_present(meeting, by=me(), now=clock.now())
    flash(ngettext("%(num)s person is marked present.", "%(num)s people are marked present.", marked))
    return seen(".attendance", "sheet", meeting_id=meeting.id)


@bp.post("/teaching/meetings/<int:meeting_id>/present/undo")
def undo_marking_others(meeting_id: int) -> ResponseReturnValue:
    meeting = _meeting(meeting_id, Permission.ATTENDANCE_TAKE)
    taken = actions.undo_marking_others(meeting, by=me(), now=clock.now())
    flash(ngettext("%(num)s mark is taken back.", "%(num)s marks are taken back.", taken), "info")
    return seen(".attendance", "sheet", meeting_id=meeting.id)


@bp.get("/teaching/meetings/<int:meeting_id>/sheet")
def print_sheet(meeting_id: int) -> Response:
    meeting = _meeting(meeting_id, Permission.ROSTER_READ)
    return page(
        "teaching/sheet.html",
        meeting=meeting,
        cohort=meeting.cohort,
        sheet=queries.sheet(meeting, now=clock.now()),
        marks=list(Mark),
    )
