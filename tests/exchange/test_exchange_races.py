"""Two people at once: whoever comes second sees what the first one did. The first is another transaction."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from portal.errors import Refused
from portal.exchange import actions, offer_actions, plan_actions, plan_queries, queries
from portal.exchange.models import Application, Offer, Plan, Round
from portal.exchange.words import ApplicationState, OfferState, PlanState, RoundState
from portal.extensions import db
from portal.tenancy import across_unions
from tests.exchange.people import member_of


def meanwhile(thing: Any, state: Any) -> None:
    """Somebody else moves it; what this session has loaded does not know."""
    table = type(thing)
    with across_unions("somebody of either union"):
        db.session.execute(
            update(table).where(table.id == thing.id).values(state=state),
            execution_options={"synchronize_session": False},
        )
    assert thing.state is not state


@pytest.fixture
def plan(exchange) -> Plan:
    exchange.placement(code="CAN-1")
    exchange.applicant()
    exchange.close()
    return exchange.solve()


@pytest.mark.parametrize("state", [PlanState.PUBLISHED, PlanState.SUPERSEDED])
def test_a_plan_another_coordinator_published_or_replaced_is_not_published_again(exchange, plan, state):
    meanwhile(plan, state)

    with pytest.raises(Refused, match="cannot become"):
        plan_actions.publish(plan, by=exchange.paz, now=exchange.now)
    assert db.session.scalars(select(Offer)).all() == []


def test_a_plan_that_is_ready_meanwhile_is_not_stopped(exchange):
    exchange.placement()
    exchange.applicant()
    asked = plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)
    db.session.commit()
    assert asked.state is PlanState.SOLVING
    meanwhile(asked, PlanState.READY)

    with pytest.raises(Refused, match="cannot become"):
        plan_actions.stop(asked, by=exchange.pat, now=exchange.now)


def test_a_placement_is_not_changed_in_a_round_closed_meanwhile(exchange):
    place = exchange.placement()
    place = queries.placement_or_404(place.id)
    assert place.round.state is RoundState.OPEN
    meanwhile(place.round, RoundState.CLOSED)

    with pytest.raises(Refused, match="This round is closed"):
        actions.edit_placement(place, {"capacity": 5, "code": ""}, by=exchange.paz, now=exchange.now)


def test_an_application_is_not_taken_back_twice(exchange):
    ana = exchange.applicant()
    ana = queries.application_or_404(ana.id)
    assert ana.state is ApplicationState.SUBMITTED
    meanwhile(ana, ApplicationState.WITHDRAWN)

    with pytest.raises(Refused, match="cannot become"):
        offer_actions.withdraw(ana, by=member_of(ana), now=exchange.now)


@pytest.mark.parametrize("state", [OfferState.CONFIRMED, OfferState.REFUSED, OfferState.DECLINED])
def test_a_host_does_not_answer_twice_nor_after_the_guest_left(exchange, state):
    exchange.placement(code="CAN-1")
    ana = exchange.applicant()
    exchange.publish()
    number = db.session.scalars(select(Offer.id)).one()
    offer_actions.accept(plan_queries.offer_or_404(number), by=member_of(ana), now=exchange.now)
    db.session.commit()
    offer = plan_queries.incoming_or_404(number, exchange.paz.union_id)
    assert offer.state is OfferState.ACCEPTED
    meanwhile(offer, state)

    with pytest.raises(Refused, match="cannot become"):
        offer_actions.confirm(offer, by=exchange.paz, now=exchange.now)


def test_answers_wait_for_a_plan_that_is_being_published(exchange, statements):
    """The round is locked first by both, so that neither waits for the other for ever."""
    exchange.placement(code="CAN-1")
    ana = exchange.applicant()
    exchange.publish()
    offer = plan_queries.offer_or_404(db.session.scalars(select(Offer.id)).one())

    with statements() as seen:
        offer_actions.accept(offer, by=member_of(ana), now=exchange.now)

    reads = [text for text in seen if text.startswith("SELECT")]
    first = next(at for at, text in enumerate(reads) if f"FROM {Round.__tablename__}" in text)
    assert first < next(at for at, text in enumerate(reads) if f"FROM {Offer.__tablename__}" in text)
    assert db.session.get_one(Application, ana.id).state is ApplicationState.SUBMITTED
