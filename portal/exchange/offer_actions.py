"""Answers to offers, of the person and of the host. What ends an offer has the round worked out again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from portal import mail
from portal.accounts.models import Member
from portal.errors import Refused
from portal.events import record
from portal.exchange import plan_actions, plan_queries
from portal.exchange.actions import still_open
from portal.exchange.models import Application, Offer, Round
from portal.exchange.words import ApplicationState, OfferState, RoundState
from portal.extensions import db
from portal.i18n import _
from portal.tenancy import across_unions


def accept(offer: Offer, *, by: Member, now: datetime) -> None:
    """The person says yes; the host's coordinators are asked, by pseudonym. Raises `Refused` after the last day."""
    _lock(offer)
    if offer.state is OfferState.OFFERED and now >= offer.answer_by:
        raise Refused(_("This offer had to be answered sooner. Ask your exchange coordinator."))
    offer.move_to(OfferState.ACCEPTED)
    offer.answered_at = now
    record("offer.accepted", offer, by=by, at=now)
    for coordinator in plan_queries.coordinators(offer.placement.host.union_id):
        mail.send(
            "exchange_guest_waits",
            to=coordinator,
            now=now,
            key=f"guest-waits-{offer.id}-{coordinator.id}",
            link=mail.link("exchange.offers", round_id=offer.round_id),
            host=offer.placement.host.name,
            guest=offer.application.code,
        )


def decline(offer: Offer, *, reason: str, stays_in: bool, by: Member, now: datetime) -> None:
    """The person says no. Without `stays_in` the application is withdrawn too; either way the plan is solved again."""
    _lock(offer)
    offer.move_to(OfferState.DECLINED)
    offer.answered_at = now
    offer.reason = reason
    if not stays_in:
        offer.application.move_to(ApplicationState.WITHDRAWN)
    record("offer.declined", offer, by=by, at=now, stays_in=stays_in)
    solve_again(offer.round, now=now)


def confirm(offer: Offer, *, by: Member, now: datetime) -> None:
    """The host's union says yes: from now on guest and host know each other by name."""
    _lock(offer)
    offer.move_to(OfferState.CONFIRMED)
    _answered_by_host(offer, by, now)
    record("offer.confirmed", offer, by=by, at=now)
    _tell_the_guest("exchange_confirmed", offer, now)


def refuse(offer: Offer, *, by: Member, now: datetime) -> None:
    """The host's union cannot take this guest; the guest stays in the round."""
    _lock(offer)
    offer.move_to(OfferState.REFUSED)
    _answered_by_host(offer, by, now)
    record("offer.refused", offer, by=by, at=now)
    _tell_the_guest("exchange_refused", offer, now)
    solve_again(offer.round, now=now)


def lapse(offers: Iterable[Offer], *, now: datetime) -> None:
    """End offers nobody answered in time; each round is solved again once, however many ended."""
    rounds: dict[int, Round] = {}
    for offer in offers:
        _lock(offer)
        if offer.state is not OfferState.OFFERED:
            continue  # answered at this very moment
        offer.move_to(OfferState.LAPSED)
        record("offer.lapsed", offer, by=None, at=now)
        _tell_the_guest("exchange_lapsed", offer, now)
        rounds[offer.round_id] = offer.round
    for round_ in rounds.values():
        solve_again(round_, now=now)


def withdraw(application: Application, *, by: Member, now: datetime) -> None:
    """Take an application back. An offer that stands is declined with it, and the plan is solved again."""
    still_open(application.round)
    db.session.refresh(application, attribute_names=["state"], with_for_update=True)
    application.move_to(ApplicationState.WITHDRAWN)
    record("application.withdrawn", application, by=by, at=now)
    for offer in plan_queries.standing(application.id):
        offer.move_to(OfferState.DECLINED)
        offer.answered_at = now
        record("offer.declined", offer, by=by, at=now, stays_in=False)
        solve_again(application.round, now=now)


def solve_again(round_: Round, *, now: datetime) -> None:
    """Work out a plan that moves as few others as possible; coordinators see it before anything is sent."""
    if round_.state is not RoundState.PUBLISHED:
        return
    try:
        with across_unions("an ended offer concerns a round of both unions"):
            plan_actions.solve(round_, by=None, now=now)
    except Refused:
        return  # nobody is left to place: there is nothing to work out


def _lock(offer: Offer) -> None:
    """Whoever answers second sees what the first one answered. First the round, as publishing does."""
    db.session.refresh(offer.round, with_for_update=True)
    db.session.refresh(offer, attribute_names=["state"], with_for_update=True)


def _answered_by_host(offer: Offer, by: Member, now: datetime) -> None:
    offer.host_answered_at = now
    offer.host_answered_by_id = by.id
    db.session.flush()


def _tell_the_guest(template: str, offer: Offer, now: datetime) -> None:
    mail.send(
        template,
        to=offer.application.member,
        now=now,
        key=f"{template}-{offer.id}",
        link=mail.link("exchange.application", application_id=offer.application_id),
        host=offer.placement.host.name,
        city=offer.placement.host.city,
        round=offer.round.name,
    )
