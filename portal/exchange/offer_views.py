"""Answers to offers over HTTP: of the person, and of the host's union."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal import clock
from portal.exchange import bp, offer_actions, plan_queries, queries
from portal.exchange.forms import DeclineForm
from portal.exchange.review import pseudonym
from portal.i18n import _
from portal.policy import Permission, authorize, me
from portal.web import flash, page, problem, seen


@bp.get("/rounds/<int:round_id>/offers")
def offers(round_id: int) -> ResponseReturnValue:
    """Every offer of a round; those that wait for one's own hosts come with their buttons."""
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    return page(
        "exchange/offers.html",
        "offers",
        round=round_,
        rows=plan_queries.offers_in(round_id, me(), today=clock.now().date()),
        pseudonym=pseudonym,
    )


@bp.post("/offers/<int:offer_id>/accept")
def accept(offer_id: int) -> ResponseReturnValue:
    offer = plan_queries.offer_or_404(offer_id)
    authorize(Permission.OFFER_ANSWER, offer)
    offer_actions.accept(offer, by=me(), now=clock.now())
    flash(_("You accepted. The host answers next; you get a letter then."))
    return seen(".application", application_id=offer.application_id)


@bp.route("/offers/<int:offer_id>/decline", methods=["GET", "POST"])
def decline(offer_id: int) -> ResponseReturnValue:
    offer = plan_queries.offer_or_404(offer_id)
    authorize(Permission.OFFER_ANSWER, offer)
    form = DeclineForm()
    if request.method == "GET":
        return page("exchange/decline.html", form=form, offer=offer)
    if not form.validate():
        return problem("exchange/decline.html", form=form, offer=offer)
    offer_actions.decline(
        offer,
        reason=form.reason.data or "",
        stays_in=form.stays_in.data == "yes",
        by=me(),
        now=clock.now(),
    )
    flash(_("You declined. Thank you for saying so: the seat can go to somebody else."))
    return seen(".application", application_id=offer.application_id)


@bp.post("/offers/<int:offer_id>/confirm")
def confirm(offer_id: int) -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN)
    offer = plan_queries.incoming_or_404(offer_id, me().union_id)
    authorize(Permission.OFFER_CONFIRM, offer)
    offer_actions.confirm(offer, by=me(), now=clock.now())
    flash(_("Confirmed. The guest is told, and you now know each other by name."))
    return seen(".offers", round_id=offer.round_id)


@bp.post("/offers/<int:offer_id>/refuse")
def refuse(offer_id: int) -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN)
    offer = plan_queries.incoming_or_404(offer_id, me().union_id)
    authorize(Permission.OFFER_CONFIRM, offer)
    offer_actions.refuse(offer, by=me(), now=clock.now())
    flash(_("The guest is told that the host cannot take them. A new plan is being worked out."))
    return seen(".offers", round_id=offer.round_id)
