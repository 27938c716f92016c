"""The catalog, courses and cohorts over HTTP. Written once; mounted at /spanish and at /english."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.accounts.models import Member
from portal.courses import actions, agenda, planning, program_bp, queries
from portal.courses.cohort_form import CohortForm
from portal.courses.forms import AdmissionForm, CapacityForm, WishesForm, arguments
from portal.courses.models import Cohort
from portal.courses.programs import PROGRAMS, Program
from portal.errors import Refused
from portal.i18n import _
from portal.policy import Permission, allows, authorize, me
from portal.web import page, problem, seen


def _program() -> Program:
    """The program whose address was asked for: endpoints are spanish.… or english.…"""
    return PROGRAMS[request.blueprint or ""]


def _cohort(cohort_id: int, permission: Permission) -> Cohort:
    authorize(Permission.CATALOG_READ, _program())
    cohort = queries.cohort_or_404(_program(), cohort_id, me())
    authorize(permission, cohort)
    return cohort


@program_bp.get("")
def index() -> ResponseReturnValue:
    program = _program()
    authorize(Permission.CATALOG_READ, program)
    form = WishesForm()
    wishes = form.wishes()
    number = request.args.get("page", 1, type=int)
    return page(
        "courses/index.html",
        "results",
        program=program,
        form=form,
        wishes=wishes,
        arguments=arguments(wishes),
        found=queries.catalog(program, wishes, me(), page=number, now=clock.now()),
    )


@program_bp.get("/courses/<code>")
def course(code: str) -> ResponseReturnValue:
    program = _program()
    authorize(Permission.CATALOG_READ, program)
    found = queries.course_or_404(program, code)
    cohorts = queries.cohorts_of(found, me(), now=clock.now())
    return page("courses/course.html", program=program, course=found, cohorts=cohorts)


@program_bp.get("/cohorts/<int:cohort_id>")
def cohort(cohort_id: int) -> ResponseReturnValue:
    return _show(_cohort(cohort_id, Permission.COHORT_READ))


def _show(cohort: Cohort, *, asks_to_leave: bool = False) -> Response:
    now, member = clock.now(), me()
    meetings = queries.meetings_of(cohort)
    ahead = [meeting for meeting in meetings if meeting.ends_at > now]
    suits = cohort.suits(member)
    return page(
        "courses/cohort.html",
        "enrollment",
        "schedule",
        program=cohort.program,
        cohort=cohort,
        place=queries.place_of(member, cohort),
        suits=suits,
        may_join=allows(Permission.SEAT_TAKE, cohort),
        why_not="" if suits else actions.why_not(cohort),
        coordinators=[] if suits else queries.coordinators_of(cohort.union_id),
        asks_to_leave=asks_to_leave,
        lines=agenda.lines(ahead, member.zone),
        meetings_in_all=sum(not meeting.is_cancelled for meeting in meetings),
    )


@program_bp.post("/cohorts/<int:cohort_id>/join")
def join(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.SEAT_TAKE)
    enrollment = actions.join(cohort, me(), now=clock.now())
    if enrollment.is_enrolled:
        flash(_("Your seat is kept."))
    else:
        flash(_("Every seat is taken. You are on the waiting list now."), "info")
    return seen(".cohort", "enrollment", cohort_id=cohort.id)


@program_bp.get("/cohorts/<int:cohort_id>/leave")
def ask_to_leave(cohort_id: int) -> ResponseReturnValue:
    return _show(_cohort(cohort_id, Permission.SEAT_LEAVE), asks_to_leave=True)


@program_bp.post("/cohorts/<int:cohort_id>/leave")
def leave(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.SEAT_LEAVE)
    actions.leave(cohort, me(), now=clock.now())
    flash(_("You have left this cohort."), "info")
    return seen(".cohort", "enrollment", cohort_id=cohort.id)


@program_bp.post("/cohorts/<int:cohort_id>/undo")
def undo_leaving(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.SEAT_LEAVE)
    actions.undo_leaving(cohort, me(), now=clock.now())
    flash(_("It is as it was: your place is yours again."))
    return seen(".cohort", "enrollment", cohort_id=cohort.id)


@program_bp.post("/cohorts/<int:cohort_id>/meetings/<int:meeting_id>/cancel")
def cancel_meeting(cohort_id: int, meeting_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.MEETING_CANCEL)
    planning.cancel_meeting(queries.meeting_or_404(cohort, meeting_id), by=me(), now=clock.now())
    flash(_("The meeting is called off. Everybody with a seat gets a letter."))
    return seen(".cohort", "schedule", cohort_id=cohort.id)


@program_bp.post("/cohorts/<int:cohort_id>/meetings/<int:meeting_id>/restore")
def restore_meeting(cohort_id: int, meeting_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.MEETING_CANCEL)
    planning.restore_meeting(queries.meeting_or_404(cohort, meeting_id), by=me(), now=clock.now())
    flash(_("The meeting takes place after all. Everybody with a seat gets a letter."))
    return seen(".cohort", "schedule", cohort_id=cohort.id)


@program_bp.get("/cohorts/<int:cohort_id>/people")
def people(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.COHORT_MANAGE)
    return page("courses/people.html", "people", **_people_of(cohort))


@program_bp.post("/cohorts/<int:cohort_id>/admit")
def admit(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.SEAT_ADMIT)
    form = AdmissionForm()
    if form.validate_on_submit():
        member = queries.member_by_email(form.email.data or "", cohort.union_id)
        if member is None:
            form.email.errors = [_("Nobody in your union has this address. Look at the roster.")]
        else:
            try:
                enrollment = actions.admit(
                    cohort, member, by=me(), reason=(form.reason.data or "").strip(), now=clock.now()
                )
            except Refused as fault:
                form.email.errors = [str(fault)]
            else:
                flash(_admitted(member.name, seated=enrollment.is_enrolled))
                return seen(".people", cohort_id=cohort.id)
    return problem("courses/people.html", "people", **_people_of(cohort, admission=form))


def _admitted(name: str, *, seated: bool) -> str:
    if seated:
        return _("%(name)s has a seat and gets a letter.", name=name)
    return _("%(name)s is on the waiting list and gets a letter.", name=name)


@program_bp.post("/cohorts/<int:cohort_id>/seats")
def set_capacity(cohort_id: int) -> ResponseReturnValue:
    cohort = _cohort(cohort_id, Permission.COHORT_MANAGE)
    form = CapacityForm()
    if form.validate_on_submit():
        try:
            actions.set_capacity(cohort, form.capacity.data or 0, by=me(), now=clock.now())
        except Refused as fault:
            form.capacity.errors = [str(fault)]
        else:
            flash(_("The number of seats is changed."))
            return seen(".people", cohort_id=cohort.id)
    return problem("courses/people.html", "people", **_people_of(cohort, capacity=form))


@program_bp.route("/cohorts/new", methods=["GET", "POST"])
def open_cohort() -> ResponseReturnValue:
    program = _program()
    authorize(Permission.COHORT_MANAGE, program)
    form = CohortForm(queries.courses_of_program(program), data={"zone": me().zone})
    if not form.validate_on_submit():
        show = problem if form.is_submitted() else page
        return show("courses/new_cohort.html", program=program, form=form)
    instructor = None
    if form.instructor.data:
        instructor = queries.instructor_by_email(form.instructor.data)
        if instructor is None:
            form.instructor.errors = [_("No instructor has this address.")]
            return problem("courses/new_cohort.html", program=program, form=form)
    try:
        cohort = _open(program, form, instructor)
    except Refused as fault:
        form.ends_on.errors = [str(fault)]
        return problem("courses/new_cohort.html", program=program, form=form)
    flash(_("The cohort stands in the catalog now."))
    return seen(".cohort", cohort_id=cohort.id)


def _open(program: Program, form: CohortForm, instructor: Member | None) -> Cohort:
    course, now = queries.course_in(program, form.course.data), clock.now()
    if course is None:
        raise Refused(_("This course does not exist any more."))
    cohort = planning.create_cohort(
        course, union_id=me().union_id, instructor=instructor, by=me(), now=now, **form.facts()
    )
    planning.plan_meetings(cohort, by=me(), now=now, **form.meetings())
    return cohort


def _people_of(
    cohort: Cohort, *, admission: AdmissionForm | None = None, capacity: CapacityForm | None = None
) -> dict[str, Any]:
    everybody = queries.roster(cohort)
    return {
        "program": cohort.program,
        "cohort": cohort,
        "enrolled": [enrollment for enrollment in everybody if enrollment.is_enrolled],
        "waiting": [enrollment for enrollment in everybody if enrollment.waits],
        "admission": admission or AdmissionForm(formdata=None),
        "resizing": capacity or CapacityForm(formdata=None, data={"capacity": cohort.capacity}),
    }
