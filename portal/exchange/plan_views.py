"""Plans over HTTP: work out, look at, fix people, publish."""

from __future__ import annotations

from typing import Any

import orjson
from flask import make_response, request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal import clock
from portal.errors import Hidden, Refused
from portal.exchange import bp, discretion, plan_actions, plan_queries, queries, sentences
from portal.exchange.documents import canonical
from portal.exchange.forms import HoldForm
from portal.exchange.models import Plan
from portal.exchange.picture import pictures
from portal.exchange.review import labels, review
from portal.exchange.words import HoldKind, PlanState
from portal.i18n import _
from portal.policy import Permission, authorize, me
from portal.web import flash, page, problem, seen


@bp.post("/rounds/<int:round_id>/plans")
def solve(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.PLAN_SOLVE, round_)
    plan = plan_actions.solve(round_, by=me(), now=clock.now())
    return seen(".plan", plan_id=plan.id)


@bp.get("/plans/<int:plan_id>")
def plan(plan_id: int) -> ResponseReturnValue:
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_READ, found)
    return page("exchange/plan.html", "plan", **_context(found))


def _context(plan: Plan, form: HoldForm | None = None) -> dict[str, Any]:
    """Everything the page of a plan shows; names only as its reader may know them."""
    job = plan_queries.job_of(plan) if plan.state is PlanState.SOLVING else None
    context: dict[str, Any] = {
        "plan": plan,
        "round": plan.round,
        "job": job,
        "phase": sentences.PHASES.get(job.phase or "", _("Waiting for its turn")) if job else "",
        "failure": sentences.failure(plan.failure) if plan.state is PlanState.FAILED else None,
        "worker_gave_up": plan.state is PlanState.SOLVING and job is not None and job.is_over,
    }
    if plan.result_json is None:
        return context
    guests = plan_queries.guests(plan.round_id, me(), today=clock.now().date())
    places = queries.placements(plan.round_id)
    label_of = labels(guests)
    holds = plan_queries.holds(plan.round_id)
    written = orjson.loads(plan.input_json)
    union = me().union.code
    found = review(
        discretion.input_for(written, union),
        discretion.result_for(written, orjson.loads(plan.result_json), union),
        label_of=label_of,
        host_of={place.code: place.host.name for place in places},
        union_names=queries.union_names(),
        offered=plan_queries.stays_offered(plan.round_id) if written["incumbent"] else {},
    )
    if form is None:
        form = HoldForm(formdata=None, person=request.args.get("person"), kind=request.args.get("kind"))
    _fill(form, [(guest.code, label_of[guest.code]) for guest in guests], places)
    return context | {
        "review": found,
        "left_out": discretion.holds_others(written, union),
        "pictures": pictures(found.people, found.seats),
        "holds": [(row, label_of.get(row.person, row.person)) for row in holds],
        "form": form,
        "publishable": plan.state is PlanState.READY and found.status != "INFEASIBLE",
    }


def _fill(form: HoldForm, people: list[tuple[str, str]], places: Any) -> None:
    form.person.choices = [
        SelectChoice(code, label if label.endswith(code) else f"{label} ({code})") for code, label in people
    ]
    form.placement_id.choices = [
        SelectChoice(place.id, f"{place.code}: {place.host.name}")
        for place in places
        if place.state.value == "open"
    ]


@bp.post("/plans/<int:plan_id>/stop")
def stop(plan_id: int) -> ResponseReturnValue:
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_SOLVE, found)
    plan_actions.stop(found, by=me(), now=clock.now())
    flash(_("Stopped. Nothing was changed."))
    return seen(".plan", plan_id=plan_id)


@bp.post("/plans/<int:plan_id>/holds")
def hold(plan_id: int) -> ResponseReturnValue:
    """Pin or ban somebody, seen beside the plan it is about; the next plan follows it."""
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_SOLVE, found)
    form = HoldForm()
    context = _context(found, form)
    if "review" not in context:
        raise Hidden
    if not form.validate():
        return problem("exchange/plan.html", "plan", **context)
    place = queries.placement_or_404(form.placement_id.data)
    try:
        plan_actions.hold(
            found.round, form.person.data, place, HoldKind(form.kind.data), by=me(), now=clock.now()
        )
    except Refused as refusal:
        form.person.errors = [str(refusal)]
        return problem("exchange/plan.html", "plan", **context)
    flash(_("Noted. Have the plan worked out again to see what it does."))
    return seen(".plan", _anchor="holds", plan_id=plan_id)


@bp.post("/plans/<int:plan_id>/holds/<int:hold_id>/lift")
def lift(plan_id: int, hold_id: int) -> ResponseReturnValue:
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_SOLVE, found)
    held = plan_queries.hold_or_404(hold_id)
    if held.round_id != found.round_id:
        raise Hidden
    plan_actions.lift(held, by=me(), now=clock.now())
    flash(_("Lifted. Have the plan worked out again to see what it does."))
    return seen(".plan", _anchor="holds", plan_id=plan_id)


@bp.route("/plans/<int:plan_id>/publish", methods=["GET", "POST"])
def publish(plan_id: int) -> ResponseReturnValue:
    """What would be sent to whom, and the button that sends it."""
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_PUBLISH, found)
    if request.method == "GET":
        return page("exchange/publish.html", **_context(found), refusal=None)
    try:
        offered = plan_actions.publish(found, by=me(), now=clock.now())
    except Refused as refusal:
        return problem("exchange/publish.html", **_context(found), refusal=str(refusal))
    flash(_("The plan is published. Letters on their way: %(num)s.", num=offered))
    return seen(".offers", round_id=found.round_id)


@bp.get("/plans/<int:plan_id>/<any(input, result):which>.json")
def plan_file(plan_id: int, which: str) -> ResponseReturnValue:
    """What was solved or found, people as signs; of the other union's people no papers and no wishes."""
    found = plan_queries.plan_or_404(plan_id)
    authorize(Permission.PLAN_READ, found)
    if which == "result" and found.result_json is None:
        raise Hidden
    written, union = orjson.loads(found.input_json), me().union.code
    if which == "input":
        text = canonical(discretion.input_for(written, union))
    else:
        text = canonical(discretion.result_for(written, orjson.loads(found.result_json), union))
    response = make_response(text)
    response.mimetype = "application/json"
    name = f"round-{found.round_id}-plan-{found.number}-{which}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.cache_control.no_store = True
    return response
