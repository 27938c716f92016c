"""Working out plans, fixing people to them, publishing them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from portal import jobs, mail
from portal.accounts.models import Member
from portal.errors import Refused
from portal.events import record
from portal.exchange import plan_queries
from portal.exchange.documents import canonical, digest, document
from portal.exchange.models import LIVE_OFFERS, Application, Hold, Offer, Placement, Plan, Round
from portal.exchange.words import ApplicationState, HoldKind, OfferState, PlanState, RoundState
from portal.extensions import db
from portal.i18n import _, format_day, format_moment, in_locale
from portal.tenancy import across_unions

TO_ANSWER = timedelta(days=14)
SOLVE = "exchange.solve"


# --- working out ---------------------------------------------------------------------------------


def solve(round_: Round, *, by: Member | None, now: datetime) -> Plan:
    """Have a plan worked out of the round as it stands. Raises `Refused` while another one is, or without people.

    With `by` None (something changed after offers were sent) a plan still being worked out is overtaken.
    """
    db.session.refresh(round_, with_for_update=True)
    if round_.state in (RoundState.DRAFT, RoundState.CLOSED):
        raise Refused(_("Plans are worked out while a round is open, being matched or published."))
    if (running := plan_queries.solving(round_.id)) is not None:
        if by is not None:
            raise Refused(_("A plan is being worked out already. Wait for it, or stop it first."))
        stop(running, failure="overtaken", by=None, now=now)
    written = document(round_)
    if not written["participants"] or not written["placements"]:
        raise Refused(_("There is nobody to place, or no open placement yet."))
    text = canonical(written)
    number = db.session.scalar(select(func.max(Plan.number)).where(Plan.round_id == round_.id)) or 0
    plan = Plan(
        round_id=round_.id,
        number=number + 1,
        input_hash=digest(text),
        input_json=text,
        created_by_id=by.id if by else round_.created_by_id,
        created_at=now,
    )
    db.session.add(plan)
    db.session.flush()
    plan.job_id = jobs.enqueue(SOLVE, {"plan": plan.id}, now=now, key=f"plan-{plan.id}").id
    record("plan.asked", plan, by=by, at=now, input_hash=plan.input_hash)
    return plan


def stop(plan: Plan, *, failure: str = "cancelled", by: Member | None, now: datetime) -> None:
    """Ask the worker to stop. The plan is stopped at once; what the worker still finds is not kept."""
    _lock(plan)
    plan.move_to(PlanState.FAILED)
    plan.failure = failure
    if (job := plan_queries.job_of(plan)) is not None and not job.is_over:
        jobs.ask_to_cancel(job, now=now)
    record("plan.stopped", plan, by=by, at=now, failure=failure)


def keep_result(plan: Plan, result: Mapping[str, Any], *, now: datetime) -> None:
    """Store what the matching found, unless the plan was stopped meanwhile. Older plans not published yet go."""
    _lock(plan)
    if plan.state is not PlanState.SOLVING:
        return
    db.session.execute(
        update(Plan)
        .where(Plan.round_id == plan.round_id, Plan.state == PlanState.READY)
        .values(state=PlanState.SUPERSEDED)
    )
    plan.result_json = canonical(result)
    plan.move_to(PlanState.READY)
    record("plan.ready", plan, by=None, at=now, result_hash=digest(plan.result_json))


def keep_failure(plan: Plan, failure: str, *, now: datetime) -> None:
    _lock(plan)
    if plan.state is PlanState.SOLVING:
        plan.move_to(PlanState.FAILED)
        plan.failure = failure[:300]
        record("plan.failed", plan, by=None, at=now)


def _lock(plan: Plan) -> None:
    """Whoever moves it second sees where the first one moved it."""
    db.session.refresh(plan, attribute_names=["state"], with_for_update=True)


# --- pins and bans -------------------------------------------------------------------------------


def hold(round_: Round, code: str, place: Placement, kind: HoldKind, *, by: Member, now: datetime) -> Hold:
    """Fix a person, named by pseudonym, to a placement or away from it. One pin a person: a new one replaces it."""
    if not round_.is_changeable:
        raise Refused(_("This round is closed. Nothing in it changes any more."))
    application_id = plan_queries.code_of(round_.id, code)
    if application_id is None:
        raise Refused(_("Nobody in this round has the sign %(code)s.", code=code))
    if place.round_id != round_.id:
        raise Refused(_("This placement belongs to another round."))
    held = db.session.scalar(
        select(Hold).where(Hold.application_id == application_id, Hold.placement_id == place.id)
    )
    pin = plan_queries.pin_of(application_id)
    if kind is HoldKind.PIN and pin is not None and pin is not held:
        db.session.delete(pin)
        db.session.flush()
    if held is None:
        held = Hold(round_id=round_.id, application_id=application_id, placement_id=place.id)
    held.kind, held.by_id, held.held_at = kind, by.id, now
    db.session.add(held)
    record("plan.held", held, by=by, at=now, hold=kind.value, code=code, placement=place.code)
    return held


def lift(held: Hold, *, by: Member, now: datetime) -> None:
    record("plan.lifted", held, by=by, at=now, hold=held.kind.value)
    db.session.delete(held)


# --- publishing ----------------------------------------------------------------------------------


def publish(plan: Plan, *, by: Member, now: datetime) -> int:
    """Make the plan's offers and write to everybody it concerns; returns how many were newly offered a place.

    Raises `Refused` when the round has changed since, or the plan is not one that can be carried out.
    """
    round_ = plan.round
    db.session.refresh(round_, with_for_update=True)
    _lock(plan)
    if round_.state not in (RoundState.MATCHING, RoundState.PUBLISHED):
        raise Refused(_("Stop taking applications first; then a plan can be published."))
    result = orjson.loads(plan.result_json or "{}")
    if result.get("status") not in ("OPTIMAL", "BOUND"):
        raise Refused(_("This plan cannot be carried out, so it cannot be published."))
    if digest(canonical(document(round_))) != plan.input_hash:
        raise Refused(
            _("Something in the round has changed since this plan was worked out. Have it worked out again.")
        )
    for earlier in db.session.scalars(
        select(Plan).where(Plan.round_id == round_.id, Plan.state == PlanState.PUBLISHED)
    ):
        earlier.move_to(PlanState.SUPERSEDED)
    plan.move_to(PlanState.PUBLISHED)
    plan.published_at = now
    if round_.state is RoundState.MATCHING:
        round_.move_to(RoundState.PUBLISHED)
    with across_unions(
        "a published plan makes offers to people of both unions, each a row of their own union"
    ):
        offered = _make_offers(plan, result, now)
    record("plan.published", plan, by=by, at=now, offered=offered)
    return offered


def _make_offers(plan: Plan, result: Mapping[str, Any], now: datetime) -> int:
    places = {
        place.code: place
        for place in db.session.scalars(
            select(Placement).where(Placement.round_id == plan.round_id).options(joinedload(Placement.host))
        )
    }
    standing = {
        offer.application_id: offer
        for offer in db.session.scalars(
            select(Offer).where(Offer.round_id == plan.round_id, Offer.state.in_(LIVE_OFFERS))
        )
    }
    offered = 0
    for application in db.session.scalars(
        select(Application)
        .where(Application.round_id == plan.round_id, Application.state == ApplicationState.SUBMITTED)
        .options(joinedload(Application.member))
        .order_by(Application.code)
    ).all():
        place = places.get(result["assignment"].get(application.code, ""))
        held = standing.get(application.id)
        if place is None:
            if held is not None:
                _replace(held, now)
                _write("exchange_offer_withdrawn", application, plan, now)
            continue
        first, last = (date.fromisoformat(day) for day in result["stays"][application.code])
        if held is not None:
            if (held.placement_id, held.starts_on, held.ends_on) == (place.id, first, last):
                continue
            _replace(held, now)
        offer = Offer(
            union_id=application.union_id,
            round_id=plan.round_id,
            plan_id=plan.id,
            application_id=application.id,
            placement_id=place.id,
            starts_on=first,
            ends_on=last,
            answer_by=now + TO_ANSWER,
            offered_at=now,
        )
        db.session.add(offer)
        record("offer.made", offer, by=None, at=now, plan=plan.id)
        template = "exchange_offer" if held is None else "exchange_offer_changed"
        _write(template, application, plan, now, offer=offer, place=place)
        offered += 1
    return offered


def _replace(offer: Offer, now: datetime) -> None:
    offer.move_to(OfferState.REPLACED)
    record(
        "offer.replaced", offer, by=None, at=now
    )  # flushes: only one offer of a person may stand at a time


def _write(
    template: str,
    application: Application,
    plan: Plan,
    now: datetime,
    *,
    offer: Offer | None = None,
    place: Placement | None = None,
) -> None:
    member = application.member
    more: dict[str, Any] = {}
    if offer is not None and place is not None:
        with in_locale(member.locale):
            more = {
                "host": place.host.name,
                "city": place.host.city,
                "first": format_day(offer.starts_on),
                "last": format_day(offer.ends_on),
                "answer_by": format_moment(offer.answer_by, member.zone),
            }
    mail.send(
        template,
        to=member,
        now=now,
        key=f"{template}-{application.id}-plan-{plan.id}",
        link=mail.link("exchange.application", application_id=application.id),
        round=plan.round.name,
        **more,
    )
