"""Rounds, hosts and placements over HTTP."""

from __future__ import annotations

from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from wtforms.fields.choices import SelectChoice

from portal import clock
from portal.errors import Refused
from portal.exchange import actions, bp, plan_queries, queries, sentences, timeline
from portal.exchange.forms import HostForm, PlacementForm, RoundForm
from portal.exchange.models import Host, Placement, Round
from portal.exchange.words import PlacementState, RoundState
from portal.i18n import _
from portal.policy import Permission, allows, authorize, me
from portal.web import flash, page, problem, seen


@bp.get("/")
def index() -> ResponseReturnValue:
    """Where I stand, and the rounds there are."""
    authorize(Permission.ROUND_READ)
    now = clock.now()
    found = queries.rounds(me())
    mine = queries.my_applications(me())
    offers = plan_queries.latest_offers(application.id for application in mine)
    applied = {application.round_id for application in mine}
    return page(
        "exchange/index.html",
        rounds=found,
        counts=queries.counts(round_.id for round_ in found) if me().coordinates else {},
        mine=[
            (
                application,
                offers.get(application.id),
                timeline.steps(application, offers.get(application.id), me().zone),
            )
            for application in mine
        ],
        to_apply=[
            round_
            for round_ in found
            if round_.id not in applied and actions.may_apply(round_, me(), now=now)
        ],
        waiting=plan_queries.waiting_for_the_host(me().union_id) if me().coordinates else [],
    )


# --- rounds --------------------------------------------------------------------------------------


@bp.route("/rounds/new", methods=["GET", "POST"])
def new_round() -> ResponseReturnValue:
    authorize(Permission.ROUND_MANAGE)
    form = RoundForm()
    if request.method == "GET":
        return page("exchange/round_form.html", form=form, round=None)
    if not form.validate():
        return problem("exchange/round_form.html", form=form, round=None)
    round_ = actions.create_round(form.fields(), by=me(), now=clock.now())
    flash(_("The round is created. Add placements, then open it for applications."))
    return seen(".round", round_id=round_.id)


@bp.get("/rounds/<int:round_id>", endpoint="round")
def show_round(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_READ, round_)
    application = queries.application_of(me(), round_id)
    context: dict[str, Any] = {
        "round": round_,
        "application": application,
        "may_apply": actions.may_apply(round_, me(), now=clock.now()),
        "states": RoundState,
    }
    if allows(Permission.ROUND_MANAGE, round_):
        context["counts"] = queries.counts([round_id])[round_id]
        context["plans"] = plan_queries.plans(round_id)
        context["offers"] = plan_queries.offer_counts(round_id)
    return page("exchange/round.html", **context)


@bp.route("/rounds/<int:round_id>/edit", methods=["GET", "POST"])
def edit_round(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    form = RoundForm(obj=round_)
    if request.method == "GET":
        return page("exchange/round_form.html", form=form, round=round_)
    if form.validate():
        try:
            actions.edit_round(round_, form.fields(), by=me(), now=clock.now())
            flash(_("The round is saved."))
            return seen(".round", round_id=round_id)
        except Refused as refusal:
            form.name.errors = [str(refusal)]
    return problem("exchange/round_form.html", form=form, round=round_)


@bp.post("/rounds/<int:round_id>/state")
def move_round(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    state = _state(RoundState)
    actions.move_round(round_, state, by=me(), now=clock.now())
    flash(_("The round is now: %(state)s.", state=round_.state.label))
    return seen(".round", round_id=round_id)


def _state(kind: Any) -> Any:
    try:
        return kind(request.form.get("to", ""))
    except ValueError:
        raise Refused(_("Choose one of the buttons on the page.")) from None


# --- hosts ---------------------------------------------------------------------------------------


@bp.get("/hosts")
def hosts() -> ResponseReturnValue:
    authorize(Permission.HOST_MANAGE)
    return page("exchange/hosts.html", hosts=queries.hosts())


def _host_form(host: Host | None) -> HostForm:
    form = HostForm(obj=host)
    form.local_id.choices = [
        SelectChoice(0, "–"),
        *(
            SelectChoice(local.id, f"{local.name}, {local.city}")
            for local in queries.locals_of(me().union_id)
        ),
    ]
    return form


@bp.route("/hosts/new", methods=["GET", "POST"])
def new_host() -> ResponseReturnValue:
    authorize(Permission.HOST_MANAGE)
    return _save_host(None)


@bp.route("/hosts/<int:host_id>/edit", methods=["GET", "POST"])
def edit_host(host_id: int) -> ResponseReturnValue:
    host = queries.host_or_404(host_id)
    authorize(Permission.HOST_MANAGE, host)
    return _save_host(host)


def _save_host(host: Host | None) -> ResponseReturnValue:
    form = _host_form(host)
    if request.method == "GET":
        return page("exchange/host_form.html", form=form, host=host)
    if form.validate():
        try:
            actions.save_host(host, form.fields(), by=me(), now=clock.now())
            flash(_("The host is saved."))
            return seen(".hosts")
        except Refused as refusal:
            form.name.errors = [str(refusal)]
    return problem("exchange/host_form.html", form=form, host=host)


@bp.post("/hosts/<int:host_id>/state")
def move_host(host_id: int) -> ResponseReturnValue:
    host = queries.host_or_404(host_id)
    authorize(Permission.HOST_MANAGE, host)
    actions.move_host(host, _state(PlacementState), by=me(), now=clock.now())
    flash(_("The host is now: %(state)s.", state=host.state.label))
    return seen(".hosts")


# --- placements ----------------------------------------------------------------------------------


@bp.get("/rounds/<int:round_id>/placements")
def placements(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_READ, round_)
    return page("exchange/placements.html", round=round_, placements=queries.placements(round_id))


@bp.get("/placements/<int:placement_id>")
def placement(placement_id: int) -> ResponseReturnValue:
    place = queries.placement_or_404(placement_id)
    authorize(Permission.PLACEMENT_READ, place)
    return page("exchange/placement.html", place=place, round=place.round, certificate=sentences.certificate)


def _placement_form(place: Placement | None) -> PlacementForm:
    form = PlacementForm(obj=place)
    hosts_ = queries.open_hosts(me().union_id) if place is None else [place.host]
    form.host_id.choices = [SelectChoice(host.id, f"{host.name}, {host.city}") for host in hosts_]
    return form


@bp.route("/rounds/<int:round_id>/placements/new", methods=["GET", "POST"])
def new_placement(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    form = _placement_form(None)
    if request.method == "GET":
        return page("exchange/placement_form.html", form=form, round=round_, place=None)
    if form.validate():
        host = queries.host_or_404(form.host_id.data)
        authorize(Permission.HOST_MANAGE, host)
        if saved := _save_placement(form, round_, host, None):
            return seen(".placement", placement_id=saved.id)
    return problem("exchange/placement_form.html", form=form, round=round_, place=None)


@bp.route("/placements/<int:placement_id>/edit", methods=["GET", "POST"])
def edit_placement(placement_id: int) -> ResponseReturnValue:
    place = queries.placement_or_404(placement_id)
    authorize(Permission.HOST_MANAGE, place.host)
    form = _placement_form(place)
    if request.method == "GET":
        return page("exchange/placement_form.html", form=form, round=place.round, place=place)
    if form.validate() and _save_placement(form, place.round, place.host, place):
        return seen(".placement", placement_id=placement_id)
    return problem("exchange/placement_form.html", form=form, round=place.round, place=place)


def _save_placement(
    form: PlacementForm, round_: Round, host: Host, place: Placement | None
) -> Placement | None:
    """Write it, or put the refusal beside the field it is about."""
    try:
        if place is None:
            place = actions.create_placement(round_, host, form.fields(), by=me(), now=clock.now())
        else:
            actions.edit_placement(place, form.fields(), by=me(), now=clock.now())
    except Refused as refusal:
        beside = form.capacity if place is not None and form.code.data == place.code else form.code
        beside.errors = [str(refusal)]
        return None
    flash(_("The placement is saved."))
    return place


@bp.post("/placements/<int:placement_id>/state")
def move_placement(placement_id: int) -> ResponseReturnValue:
    place = queries.placement_or_404(placement_id)
    authorize(Permission.HOST_MANAGE, place.host)
    actions.move_placement(place, _state(PlacementState), by=me(), now=clock.now())
    flash(_("The placement is now: %(state)s.", state=place.state.label))
    return seen(".placement", placement_id=placement_id)
