"""Plans: what goes in, what is kept, what is published, and that an ended offer moves few others."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from portal import jobs
from portal.errors import Refused
from portal.exchange import actions, offer_actions, plan_actions, plan_queries, queries
from portal.exchange.documents import canonical, digest, document
from portal.exchange.matching import solve
from portal.exchange.models import Offer, Plan
from portal.exchange.words import HoldKind, OfferState, PlacementState, PlanState, RoundState
from portal.extensions import db
from tests.exchange.people import member_of


def live_offers() -> dict[int, str]:
    return {
        offer.application_id: offer.state.value
        for offer in db.session.scalars(select(Offer).where(Offer.state != OfferState.REPLACED))
    }


def test_a_round_becomes_a_document_without_names_notes_or_delegation_names(exchange):
    place = exchange.placement(code="CAN-1")
    ana = exchange.applicant("Ana Example", prefs=[[place.id]], delegation="The Gary group")
    bob = exchange.applicant("Bob Example", delegation="the gary  group")
    exchange.applicant("Cy Example", delegation="Alone")

    found = document(exchange.round)

    assert [group["members"] for group in found["delegations"]] == [sorted([ana.code, bob.code])]
    assert found["participants"][0].keys() == {
        "id", "union", "country", "windows", "passport_expiry", "entry", "languages", "no_interpreter",
        "sectors", "certs", "prefs", "only_listed", "waited",
    }  # fmt: skip
    text = canonical(found)
    for secret in ("Example", "canary", "gary", "Alone", "@"):
        assert secret not in text


def test_only_certificates_a_placement_asks_for_go_into_the_document(exchange):
    exchange.placement(certificates=["site_safety"])
    exchange.applicant(certificates={"site_safety": "2030-01-01", "medical": "2030-01-01"})

    assert document(exchange.round)["participants"][0]["certs"] == {"site_safety": "2030-01-01"}


def test_a_person_without_a_known_passport_is_not_sent_abroad(exchange):
    exchange.placement(code="CAN-1")
    ana = exchange.applicant(passport_until=None)

    result = orjson.loads(exchange.solve().result_json)

    assert result["assignment"] == {}
    assert result["ineligible"][ana.code] == {"CAN-1": ["passport"]}


def test_the_worker_solves_a_plan_and_the_same_input_gives_the_same_bytes_again(exchange):
    exchange.placement(code="CAN-1")
    ana = exchange.applicant()

    plan = exchange.solve()

    assert plan.state is PlanState.READY
    assert orjson.loads(plan.result_json)["assignment"] == {ana.code: "CAN-1"}
    assert plan.input_hash == digest(plan.input_json)
    assert canonical(solve(orjson.loads(plan.input_json))) == plan.result_json
    assert db.session.get(jobs.Job, plan.job_id).state is jobs.JobState.DONE


def test_a_second_plan_is_refused_while_one_is_being_worked_out(exchange):
    exchange.placement()
    exchange.applicant()
    plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)

    with pytest.raises(Refused, match="already"):
        plan_actions.solve(exchange.round, by=exchange.paz, now=exchange.now)


def test_a_plan_without_people_or_placements_is_refused(exchange):
    exchange.applicant()

    with pytest.raises(Refused, match="nobody to place, or no open placement"):
        plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)


def test_a_stopped_plan_keeps_no_result(exchange):
    exchange.placement()
    exchange.applicant()
    plan = plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)
    plan_actions.stop(plan, by=exchange.pat, now=exchange.now)
    db.session.commit()

    assert jobs.work_off() == 0
    assert (plan.state, plan.failure, plan.result_json) == (PlanState.FAILED, "cancelled", None)


def test_a_result_that_comes_after_the_stop_is_thrown_away(exchange):
    exchange.placement()
    exchange.applicant()
    plan = plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)
    plan_actions.stop(plan, by=exchange.pat, now=exchange.now)

    plan_actions.keep_result(plan, {"status": "OPTIMAL"}, now=exchange.now)

    assert (plan.state, plan.result_json) == (PlanState.FAILED, None)


def test_a_newer_plan_replaces_the_one_that_was_ready(exchange):
    exchange.placement()
    exchange.applicant()
    first = exchange.solve()

    second = exchange.solve()

    db.session.refresh(first)
    assert [first.state, second.state] == [PlanState.SUPERSEDED, PlanState.READY]
    assert [first.number, second.number] == [1, 2]


def test_a_pin_and_a_ban_are_followed_by_the_next_plan(exchange):
    near, far = (
        exchange.placement(code="A-1"),
        exchange.placement(exchange.host(name="Sección 17"), code="B-1"),
    )
    ana, bob = exchange.applicant("Ana Example", prefs=[[near.id]]), exchange.applicant("Bob Example")
    plan_actions.hold(exchange.round, ana.code, far, HoldKind.PIN, by=exchange.paz, now=exchange.now)
    plan_actions.hold(exchange.round, bob.code, near, HoldKind.BAN, by=exchange.pat, now=exchange.now)
    db.session.commit()

    result = orjson.loads(exchange.solve().result_json)

    assert result["assignment"] == {ana.code: "B-1"}
    assert set(result["ineligible"][bob.code]["A-1"]) == {"ban"}


def test_a_new_pin_replaces_the_old_one(exchange):
    near, far = (
        exchange.placement(code="A-1"),
        exchange.placement(exchange.host(name="Sección 17"), code="B-1"),
    )
    ana = exchange.applicant()
    for place in (near, far):
        plan_actions.hold(exchange.round, ana.code, place, HoldKind.PIN, by=exchange.pat, now=exchange.now)

    assert document(exchange.round)["pins"] == {ana.code: "B-1"}


def test_a_pin_against_a_hard_rule_gives_no_plan_to_publish(exchange):
    place = exchange.placement(code="CAN-1")
    ana = exchange.applicant(passport_until=exchange.day(3))
    exchange.close()
    plan_actions.hold(exchange.round, ana.code, place, HoldKind.PIN, by=exchange.pat, now=exchange.now)
    db.session.commit()

    plan = exchange.solve()

    assert orjson.loads(plan.result_json)["status"] == "INFEASIBLE"
    with pytest.raises(Refused, match="cannot be carried out"):
        plan_actions.publish(plan, by=exchange.pat, now=exchange.now)


def test_publishing_offers_each_placed_person_their_seat_and_writes_in_their_language(exchange, outbox):
    exchange.placement(code="CAN-1")
    exchange.placement(exchange.host("usw", "Local 1557", "Clairton"), code="CLA-1")
    ana, luz = exchange.applicant(), exchange.applicant("Luz Ejemplo", union="mineros")

    plan = exchange.publish()
    jobs.work_off()

    assert (plan.state, exchange.round.state) == (PlanState.PUBLISHED, RoundState.PUBLISHED)
    offers = {offer.application_id: offer for offer in db.session.scalars(select(Offer))}
    assert {id_: offer.union_id for id_, offer in offers.items()} == {
        ana.id: ana.union_id,
        luz.id: luz.union_id,
    }
    assert offers[ana.id].starts_on == exchange.day(0)
    assert offers[ana.id].ends_on == exchange.day(27)
    letters = [path.read_text() for path in sorted(outbox.glob("*.eml"))]
    assert sorted(line for text in letters for line in text.splitlines() if "Content-Language" in line) == [
        "Content-Language: en",
        "Content-Language: es-MX",
    ]


def test_publishing_is_refused_while_applications_are_taken(exchange):
    exchange.placement()
    exchange.applicant()

    with pytest.raises(Refused, match="Stop taking applications first"):
        plan_actions.publish(exchange.solve(), by=exchange.pat, now=exchange.now)


def test_a_plan_of_a_round_that_changed_since_is_not_published(exchange):
    place = exchange.placement(code="A-1")
    exchange.applicant()
    exchange.close()
    plan = exchange.solve()
    actions.move_placement(
        queries.placement_or_404(place.id), PlacementState.CLOSED, by=exchange.paz, now=exchange.now
    )

    with pytest.raises(Refused, match="has changed since"):
        plan_actions.publish(plan, by=exchange.pat, now=exchange.now)
    assert list(db.session.scalars(select(Offer))) == []


def offer_of(application) -> Offer:
    return plan_queries.offer_or_404(
        db.session.scalars(
            select(Offer.id).where(Offer.application_id == application.id).order_by(Offer.id.desc())
        ).first()
    )


def test_a_declined_offer_is_solved_again_and_shown_before_anything_is_sent(exchange, outbox):
    exchange.placement(code="A-1")
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    people = [exchange.applicant(name) for name in ("Ana Example", "Bob Example", "Cy Example")]
    exchange.publish()
    jobs.work_off()
    held = live_offers()
    declining = next(person for person in people if person.id in held)
    staying = next(person for person in people if person.id in held and person is not declining)
    left_out = next(person for person in people if person.id not in held)
    before = offer_of(staying).placement.code
    letters = len(list(outbox.glob("*.eml")))

    offer_actions.decline(
        offer_of(declining), reason="", stays_in=False, by=member_of(declining), now=exchange.now
    )
    db.session.commit()
    jobs.work_off()

    plan = db.session.scalars(select(Plan).order_by(Plan.number.desc())).first()
    result = orjson.loads(plan.result_json)
    assert (plan.state, plan.number) == (PlanState.READY, 2)
    assert result["vector"]["kept"] == 1
    assert result["assignment"][staying.code] == before
    assert left_out.code in result["assignment"]
    assert len(list(outbox.glob("*.eml"))) == letters
    assert live_offers() == {declining.id: "declined", staying.id: "offered"}


def test_publishing_the_new_plan_writes_only_to_those_it_changes(exchange, outbox):
    exchange.placement(code="A-1")
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    people = [exchange.applicant(name) for name in ("Ana Example", "Bob Example", "Cy Example")]
    exchange.publish()
    jobs.work_off()
    letters = len(list(outbox.glob("*.eml")))
    declining = next(person for person in people if person.id in live_offers())
    offer_actions.decline(
        offer_of(declining), reason="", stays_in=False, by=member_of(declining), now=exchange.now
    )
    db.session.commit()
    jobs.work_off()
    plan = plan_queries.plan_or_404(db.session.scalars(select(Plan.id).order_by(Plan.number.desc())).first())

    assert plan_actions.publish(plan, by=exchange.paz, now=exchange.now) == 1
    db.session.commit()
    jobs.work_off()

    assert len(list(outbox.glob("*.eml"))) == letters + 1
    assert sorted(live_offers().values()) == ["declined", "offered", "offered"]


def test_whoever_declined_and_stays_is_not_offered_the_same_placement_again(exchange):
    place = exchange.placement(code="A-1")
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    ana = exchange.applicant(prefs=[[place.id]])
    exchange.publish()
    offer_actions.decline(offer_of(ana), reason="Too far", stays_in=True, by=member_of(ana), now=exchange.now)
    db.session.commit()

    plan = plan_actions.plan_queries.solving(exchange.round.id)
    jobs.work_off()

    db.session.refresh(plan)
    assert orjson.loads(plan.result_json)["assignment"] == {ana.code: "B-1"}


def test_an_answer_overtakes_a_plan_that_is_still_being_worked_out(exchange):
    exchange.placement(code="A-1")
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    ana, _bob = exchange.applicant(), exchange.applicant("Bob Example")
    exchange.publish()
    running = plan_actions.solve(exchange.round, by=exchange.pat, now=exchange.now)
    db.session.commit()

    offer_actions.decline(offer_of(ana), reason="", stays_in=True, by=member_of(ana), now=exchange.now)
    db.session.commit()
    jobs.work_off()

    states = {plan.number: plan.state.value for plan in db.session.scalars(select(Plan))}
    assert states == {1: "published", 2: "failed", 3: "ready"}
    assert running.failure == "overtaken"


def test_days_of_earlier_rounds_are_carried_in_the_ledger(exchange):
    earlier = exchange.new_round("Last year", RoundState.PUBLISHED)
    ana = exchange.applicant(round_=earlier)
    place = exchange.placement(round_=earlier)
    db.session.add(
        Offer(
            union_id=ana.union_id,
            round_id=earlier.id,
            plan_id=_some_plan(exchange, earlier).id,
            application_id=ana.id,
            placement_id=place.id,
            starts_on=exchange.day(0),
            ends_on=exchange.day(9),
            state=OfferState.CONFIRMED,
            answer_by=exchange.now,
            offered_at=exchange.now,
        )
    )
    db.session.commit()

    assert document(exchange.round)["ledger_days"] == {"usw": 10}


def _some_plan(exchange, round_) -> Plan:
    plan = Plan(
        round_id=round_.id,
        number=1,
        input_hash="",
        input_json="{}",
        state=PlanState.PUBLISHED,
        created_by_id=exchange.pat.id,
        created_at=exchange.now,
    )
    db.session.add(plan)
    db.session.flush()
    return plan
