"""The demo's exchange: thirty ready to match in two directions, one round published, nothing that crosses."""

from __future__ import annotations

import orjson
from sqlalchemy import func, select

from portal import clock, demo, jobs
from portal.exchange import actions, plan_actions, plan_queries, queries
from portal.exchange.models import Application, Offer, Plan, Round
from portal.exchange.words import OfferState, RoundState
from portal.extensions import db


def rounds() -> dict[str, Round]:
    return {round_.name: round_ for round_ in db.session.scalars(select(Round))}


def seeded() -> demo.World:
    world = demo.World(clock.now())
    from portal.demo import exchange, people

    people.seed(world)
    exchange.seed(world)
    db.session.commit()
    return world


def test_thirty_applications_in_two_directions_are_ready_to_match(app):
    world = seeded()
    spring = rounds()["Spring exchange"]
    by_union = dict(
        db.session.execute(
            select(Application.union_id, func.count())
            .where(Application.round_id == spring.id)
            .group_by(Application.union_id)
        ).all()
    )
    assert (spring.state, sorted(by_union.values())) == (RoundState.OPEN, [15, 15])

    coordinator = world.members["coordinator_usw"]
    actions.move_round(spring, RoundState.MATCHING, by=coordinator, now=world.now)
    plan = plan_actions.solve(spring, by=coordinator, now=world.now)
    db.session.commit()
    jobs.work_off()
    db.session.refresh(plan)

    result = orjson.loads(plan.result_json)
    placed = len(result["assignment"])
    assert result["status"] == "OPTIMAL"
    assert 15 <= placed < 30  # enough to publish, and somebody to explain


def test_one_round_is_published_with_answers_and_an_offer_for_each_demo_learner(app):
    world = seeded()
    winter = rounds()["Winter exchange"]
    states = db.session.scalars(select(Offer.state).where(Offer.round_id == winter.id)).all()

    assert winter.state is RoundState.PUBLISHED
    assert {OfferState.OFFERED, OfferState.ACCEPTED, OfferState.CONFIRMED} == set(states)
    for role in ("learner_usw", "learner_mineros"):
        application = queries.application_of(world.members[role], winter.id)
        assert plan_queries.latest_offers([application.id])[application.id].state is OfferState.OFFERED


def test_no_private_text_of_one_union_is_on_a_page_of_the_other(app, browser):
    world = seeded()
    found = rounds()
    plan = db.session.scalars(select(Plan)).one()
    pages = [
        "/exchange/",
        "/exchange/hosts",
        f"/exchange/plans/{plan.id}",
        f"/exchange/plans/{plan.id}/publish",
        f"/exchange/plans/{plan.id}/input.json",
        f"/exchange/plans/{plan.id}/result.json",
    ] + [
        f"/exchange/rounds/{round_.id}{part}"
        for round_ in found.values()
        for part in ("", "/applications", "/applications.csv", "/offers", "/placements")
    ]
    for own, other in (("usw", "mineros"), ("mineros", "usw")):
        device = browser.as_(world.members[f"coordinator_{own}"])
        for address in pages:
            response = device.get(address)
            assert response.status_code == 200, address
            assert demo.canary(other) not in response.text, address
            assert f"@{other}.example" not in response.text, address
