"""Offers: answered by the person, then by the host's union; names cross only after both said yes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_string
from email.policy import default

import pytest
from sqlalchemy import select

from portal import jobs
from portal.errors import Hidden, Refused
from portal.exchange import offer_actions, plan_queries
from portal.exchange.jobs import let_unanswered_offers_lapse
from portal.exchange.models import Offer, Plan
from portal.exchange.words import ApplicationState, OfferState, RoundState
from portal.extensions import db
from tests.exchange.people import CANARY, member_of


@pytest.fixture
def ana(exchange):
    """A Steelworker who holds an offer at a Minero host."""
    exchange.placement(code="CAN-1")
    application = exchange.applicant("Ana Example", delegation=f"{CANARY} group")
    exchange.publish()
    jobs.work_off()
    return application


def the_offer() -> Offer:
    return db.session.scalars(select(Offer)).one()


def test_the_guest_accepts_and_the_hosts_coordinators_are_asked_by_sign(exchange, ana, browser, outbox):
    device = browser.as_(member_of(ana))
    shown = device.get(f"/exchange/applications/{ana.id}").text
    assert "Accept the offer" in shown

    accepted = device.post(f"/exchange/offers/{the_offer().id}/accept")
    jobs.work_off()

    assert accepted.location == f"/exchange/applications/{ana.id}"
    assert the_offer().state is OfferState.ACCEPTED
    letter = sorted(outbox.glob("*.eml"))[-1].read_text()
    assert f"Guest {ana.code} has accepted" in letter
    assert f"To: {exchange.paz.email}" in letter
    assert "Ana" not in letter


def test_the_name_appears_to_the_other_union_only_after_both_said_yes(exchange, ana, browser):
    paz = browser.as_(exchange.paz)
    pages = [
        f"/exchange/rounds/{exchange.round.id}/{part}"
        for part in ("offers", "applications", "applications.csv")
    ] + [f"/exchange/plans/{the_offer().plan_id}{part}" for part in ("", "/publish")]

    def sees(secret: str) -> list[str]:
        found = {address: paz.get(address) for address in pages}
        assert {response.status_code for response in found.values()} == {200}
        return [address for address, response in found.items() if secret in response.text]

    offer = plan_queries.offer_or_404(the_offer().id)
    assert sees("Ana Example") == []
    offer_actions.accept(offer, by=member_of(ana), now=exchange.now)
    db.session.commit()
    assert sees("Ana Example") == []
    assert "Welcome this guest" in paz.get(pages[0]).text
    confirmed = paz.post(f"/exchange/offers/{offer.id}/confirm")

    assert confirmed.status_code == 303
    assert "Ana Example" in paz.get(pages[0]).text
    assert "Ana Example" in paz.get(pages[2]).text
    assert sees(CANARY) == []
    assert sees("@example.org") == []


def test_the_guest_learns_the_contacts_name_only_after_both_said_yes(exchange, ana, browser):
    guest = browser.as_(member_of(ana))
    offer = plan_queries.offer_or_404(the_offer().id)
    offer_actions.accept(offer, by=member_of(ana), now=exchange.now)
    db.session.commit()
    assert "Paz Ejemplo" not in guest.get(f"/exchange/applications/{ana.id}").text

    incoming = plan_queries.incoming_or_404(offer.id, exchange.paz.union_id)
    offer_actions.confirm(incoming, by=exchange.paz, now=exchange.now)
    db.session.commit()

    assert "Paz Ejemplo" in guest.get(f"/exchange/applications/{ana.id}").text


def test_only_the_person_answers_and_only_the_hosts_union_confirms(exchange, ana, browser, make):
    offer = the_offer()
    others = [
        browser.as_(exchange.pat),
        browser.as_(exchange.paz),
        browser.as_(make.member("Bob Example")),
        browser.as_(make.member("Luz Ejemplo", union="mineros")),
    ]
    for device in others:
        for verb in ("accept", "decline"):
            assert device.post(f"/exchange/offers/{offer.id}/{verb}").status_code == 404
    assert browser.as_(exchange.pat).post(f"/exchange/offers/{offer.id}/confirm").status_code == 404
    assert browser.as_(exchange.pat).post(f"/exchange/offers/{offer.id}/refuse").status_code == 404
    assert browser.as_(member_of(ana)).post(f"/exchange/offers/{offer.id}/confirm").status_code == 404
    with pytest.raises(Hidden):
        plan_queries.incoming_or_404(offer.id, exchange.pat.union_id)
    assert the_offer().state is OfferState.OFFERED


def test_a_host_does_not_answer_before_the_guest(exchange, ana, browser):
    response = browser.as_(exchange.paz).post(f"/exchange/offers/{the_offer().id}/confirm")

    assert response.status_code == 422
    assert the_offer().state is OfferState.OFFERED


def test_a_decline_asks_what_now_and_keeps_the_reason_with_the_guests_union(exchange, ana, browser):
    device = browser.as_(member_of(ana))
    address = f"/exchange/offers/{the_offer().id}/decline"
    assert device.get(address).status_code == 200

    unanswered = device.post(address, {"reason": f"{CANARY} my mother is ill"})
    assert unanswered.status_code == 422
    assert "Choose what should happen now." in unanswered.text
    assert "my mother is ill" in unanswered.text
    declined = device.post(address, {"reason": f"{CANARY} my mother is ill", "stays_in": "no"})

    assert declined.status_code == 303
    assert the_offer().state is OfferState.DECLINED
    assert ana.state is ApplicationState.WITHDRAWN
    offers = f"/exchange/rounds/{exchange.round.id}/offers"
    assert "my mother is ill" in browser.as_(exchange.pat).get(offers).text
    assert CANARY not in browser.as_(exchange.paz).get(offers).text


def test_an_offer_is_not_accepted_twice_nor_after_its_day(exchange, ana):
    offer = plan_queries.offer_or_404(the_offer().id)

    with pytest.raises(Refused, match="had to be answered sooner"):
        offer_actions.accept(offer, by=member_of(ana), now=offer.answer_by)
    offer_actions.accept(offer, by=member_of(ana), now=exchange.now)
    with pytest.raises(Refused, match="cannot become"):
        offer_actions.accept(offer, by=member_of(ana), now=exchange.now)


def test_an_offer_nobody_answered_lapses_with_a_letter_and_the_round_is_solved_again(exchange, ana, outbox):
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    offer = the_offer()
    offer.answer_by = exchange.now - timedelta(hours=1)
    db.session.commit()

    let_unanswered_offers_lapse()
    db.session.commit()
    jobs.work_off()

    assert the_offer().state is OfferState.LAPSED
    letter = message_from_string(sorted(outbox.glob("*.eml"))[-1].read_text(), policy=default)
    assert letter["To"] == member_of(ana).email
    assert "You stay in the round" in " ".join(letter.get_content().split())
    assert [plan.state.value for plan in db.session.scalars(select(Plan).order_by(Plan.number))] == [
        "published",
        "ready",
    ]


def test_however_many_offers_lapse_the_round_is_solved_again_once(exchange):
    exchange.placement(code="A-1", capacity=3)
    for name in ("Ana Example", "Bob Example", "Cy Example"):
        exchange.applicant(name)
    exchange.publish()
    exchange.placement(exchange.host(name="Sección 17"), code="B-1")
    for offer in db.session.scalars(select(Offer)):
        offer.answer_by = exchange.now - timedelta(hours=1)
    db.session.commit()

    let_unanswered_offers_lapse()
    db.session.commit()

    assert {offer.state for offer in db.session.scalars(select(Offer))} == {OfferState.LAPSED}
    assert db.session.query(Plan).count() == 2


def test_a_refusal_of_the_host_keeps_the_guest_in_the_round(exchange, ana, browser, outbox):
    offer_actions.accept(plan_queries.offer_or_404(the_offer().id), by=member_of(ana), now=exchange.now)
    db.session.commit()

    response = browser.as_(exchange.paz).post(f"/exchange/offers/{the_offer().id}/refuse")
    jobs.work_off()

    assert response.status_code == 303
    assert the_offer().state is OfferState.REFUSED
    assert ana.state is ApplicationState.SUBMITTED
    assert "cannot take a guest after all" in sorted(outbox.glob("*.eml"))[-1].read_text()


def test_nothing_is_solved_again_in_a_closed_round(exchange, ana):
    exchange.round.state = RoundState.CLOSED
    offer_actions.decline(
        plan_queries.offer_or_404(the_offer().id),
        reason="",
        stays_in=True,
        by=member_of(ana),
        now=exchange.now,
    )

    assert plan_queries.solving(exchange.round.id) is None


def test_the_timeline_follows_the_offer(exchange, ana, browser):
    device = browser.as_(member_of(ana))

    def now_at() -> str:
        text = device.get("/exchange/").text
        return " ".join(text.split('aria-current="step"')[1].split("</li>")[0].strip(" >\n").split())

    assert now_at().startswith("Your answer")
    offer_actions.accept(plan_queries.offer_or_404(the_offer().id), by=member_of(ana), now=exchange.now)
    db.session.commit()
    assert now_at().startswith("Confirmed by the host")


def test_the_last_moment_to_answer_is_told_in_the_readers_own_zone(exchange, ana, browser, outbox):
    offer = the_offer()
    offer.answer_by = datetime(2031, 3, 2, 3, 0, tzinfo=UTC)  # still the first of March in Pittsburgh
    guest = member_of(ana)
    guest.zone = "America/New_York"
    db.session.commit()

    pages = [
        browser.as_(guest).get("/exchange/").text,
        browser.as_(guest).get(f"/exchange/applications/{ana.id}").text,
    ]

    for text in pages:
        assert "March 1, 2031" in text
        assert "March 2, 2031" not in text
