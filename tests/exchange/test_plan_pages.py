"""The coordinator's pages of a plan: progress, reasons, fixing people, publishing; and what they cost."""

from __future__ import annotations

import orjson
import pytest
from sqlalchemy import select

from portal import jobs
from portal.exchange import plan_actions, queries
from portal.exchange.documents import canonical
from portal.exchange.matching import solve
from portal.exchange.models import Hold, Offer, Plan
from portal.exchange.words import HoldKind, PlanState
from portal.extensions import db
from tests.exchange.people import CANARY


def test_a_plan_is_asked_for_followed_and_read(exchange, browser):
    place = exchange.placement(code="CAN-1", min_level="B1", capacity=2)
    ana = exchange.applicant("Ana Example", prefs=[[place.id]])
    bob = exchange.applicant("Bob Example", languages={"en": "C2"})
    pat = browser.as_(exchange.pat)

    asked = pat.post(f"/exchange/rounds/{exchange.round.id}/plans")
    waiting = pat.get(asked.location)
    fragment = pat.fragment(asked.location, "plan")
    jobs.work_off()
    done = pat.get(asked.location)

    assert 'hx-trigger="every 2s"' in waiting.text
    assert "Look again" in waiting.text
    assert "<html" not in fragment.text
    assert 'hx-trigger="every 2s"' not in done.text
    assert "1 person of 2 has a place" in done.text
    for sentence in (
        "Their first choice.",
        "Speaks Spanish B2; B1 is asked for.",
        "No open placement fits.",
        "1 placement: language below the level, and no interpreter seat",
        "1 more interpreter seat at CAN-1.",
        "Ana Example",
        "Bob Example",
        ana.code,
        bob.code,
    ):
        assert sentence in done.text, sentence


def test_a_plan_shows_the_other_union_signs_only(exchange, browser):
    exchange.placement(code="CAN-1")
    exchange.placement(exchange.host("usw", "Local 1557", "Clairton"), code="CLA-1")
    ana = exchange.applicant("Ana Example", delegation=f"{CANARY} group")
    exchange.applicant("Eve Example", delegation=f"{CANARY} group")
    luz = exchange.applicant("Luz Ejemplo", union="mineros")
    exchange.close()
    plan = exchange.solve()
    plan_actions.hold(
        exchange.round, ana.code, _place(exchange, "CAN-1"), HoldKind.PIN, by=exchange.pat, now=exchange.now
    )
    db.session.commit()
    paz = browser.as_(exchange.paz)

    seen = [
        paz.get(f"/exchange/plans/{plan.id}").text,
        paz.fragment(f"/exchange/plans/{plan.id}", "plan").text,
        paz.get(f"/exchange/plans/{plan.id}/publish").text,
        paz.get(f"/exchange/plans/{plan.id}/input.json").text,
        paz.get(f"/exchange/plans/{plan.id}/result.json").text,
    ]

    assert all(ana.code in text or "publish" in text for text in seen)
    for text in seen:
        for secret in ("Ana Example", "Eve Example", CANARY, "@example.org"):
            assert secret not in text
    assert "Luz Ejemplo" in seen[0]
    assert luz.code in seen[3]


def _place(exchange, code):
    return next(place for place in queries.placements(exchange.round.id) if place.code == code)


def test_the_files_of_a_plan_replay_to_the_byte(exchange, browser):
    exchange.placement(code="CAN-1")
    exchange.applicant()
    plan = exchange.solve()
    pat = browser.as_(exchange.pat)

    written = pat.get(f"/exchange/plans/{plan.id}/input.json").data
    found = pat.get(f"/exchange/plans/{plan.id}/result.json").data

    assert canonical(solve(orjson.loads(written))).encode() == found


def test_plans_do_not_exist_for_members(exchange, browser, make):
    exchange.placement()
    exchange.applicant()
    plan = exchange.solve()
    ana = browser.as_(make.member("Ana Example"))

    for part in ("", "/publish", "/input.json", "/result.json"):
        assert ana.get(f"/exchange/plans/{plan.id}{part}").status_code == 404
    for part in ("publish", "stop", "holds", "holds/1/lift"):
        assert ana.post(f"/exchange/plans/{plan.id}/{part}").status_code == 404
    assert ana.post(f"/exchange/rounds/{exchange.round.id}/plans").status_code == 404


def test_somebody_is_pinned_and_let_go_again(exchange, browser):
    place = exchange.placement(code="CAN-1")
    ana = exchange.applicant()
    plan = exchange.solve()
    pat = browser.as_(exchange.pat)
    form = {"person": ana.code, "placement_id": str(place.id), "kind": "pin"}

    noted = pat.post(f"/exchange/plans/{plan.id}/holds", form)
    held = db.session.scalars(select(Hold)).one()
    assert (noted.status_code, held.kind) == (303, HoldKind.PIN)
    assert "Pinned here" in pat.get(f"/exchange/plans/{plan.id}").text
    lifted = pat.post(f"/exchange/plans/{plan.id}/holds/{held.id}/lift")

    assert lifted.status_code == 303
    assert db.session.scalars(select(Hold)).all() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"person": "ZZZ"},
        {"person": ""},
        {"placement_id": "999999"},
        {"placement_id": "everywhere"},
        {"placement_id": "9" * 40},
        {"kind": "maybe"},
        {"kind": ""},
    ],
)
def test_a_faulty_pin_is_refused_beside_its_field(exchange, browser, changes):
    place = exchange.placement(code="CAN-1")
    ana = exchange.applicant()
    plan = exchange.solve()
    form = {"person": ana.code, "placement_id": str(place.id), "kind": "pin"} | changes

    response = browser.as_(exchange.pat).post(f"/exchange/plans/{plan.id}/holds", form)

    assert response.status_code == 422
    assert "error-summary" in response.text
    assert db.session.scalars(select(Hold)).all() == []


def test_a_pin_of_another_round_is_not_lifted_here(exchange, browser):
    place = exchange.placement()
    ana = exchange.applicant()
    plan = exchange.solve()
    other = exchange.new_round("Other")
    held = plan_actions.hold(exchange.round, ana.code, place, HoldKind.PIN, by=exchange.pat, now=exchange.now)
    held.round_id = other.id
    db.session.commit()

    response = browser.as_(exchange.pat).post(f"/exchange/plans/{plan.id}/holds/{held.id}/lift")

    assert response.status_code == 404


def test_an_impossible_pin_is_explained(exchange, browser):
    place = exchange.placement(code="CAN-1")
    ana = exchange.applicant(passport_until=exchange.day(3))
    plan_actions.hold(exchange.round, ana.code, place, HoldKind.PIN, by=exchange.pat, now=exchange.now)
    db.session.commit()

    text = browser.as_(exchange.pat).get(f"/exchange/plans/{exchange.solve().id}").text

    assert f"{ana.code} cannot go to CAN-1: Their passport is not valid long enough." in text


def test_a_plan_is_confirmed_before_it_is_published(exchange, browser):
    exchange.placement(code="CAN-1")
    exchange.applicant()
    exchange.close()
    plan = exchange.solve()
    pat = browser.as_(exchange.pat)

    asked = pat.get(f"/exchange/plans/{plan.id}/publish")
    assert "Letters that go out" in asked.text
    assert "Ana Example" in asked.text
    published = pat.post(f"/exchange/plans/{plan.id}/publish")

    assert published.location == f"/exchange/rounds/{exchange.round.id}/offers"
    assert db.session.query(Offer).count() == 1
    again = pat.post(f"/exchange/plans/{plan.id}/publish")
    assert again.status_code == 422
    assert db.session.query(Offer).count() == 1


def test_a_plan_is_stopped_from_its_page(exchange, browser):
    exchange.placement()
    exchange.applicant()
    pat = browser.as_(exchange.pat)
    address = pat.post(f"/exchange/rounds/{exchange.round.id}/plans").location

    assert pat.post(f"{address}/stop").status_code == 303
    assert "It was stopped before it was finished." in pat.get(address).text
    assert db.session.scalars(select(Plan)).one().state is PlanState.FAILED


def test_who_moves_is_shown_before_a_second_plan_is_published(exchange, browser):
    exchange.placement(code="A-1")
    ana = exchange.applicant("Ana Example")
    exchange.publish()
    exchange.applicant("Bob Example")
    place = _place(exchange, "A-1")
    plan_actions.hold(exchange.round, ana.code, place, HoldKind.BAN, by=exchange.pat, now=exchange.now)
    db.session.commit()
    plan = exchange.solve()

    text = browser.as_(exchange.pat).get(f"/exchange/plans/{plan.id}").text

    assert "Who moves" in text
    assert "no place" in text.split("Who moves")[1].split("</table>")[0]


def test_offers_that_all_end_are_shown_before_such_a_plan_is_published(exchange, browser):
    exchange.placement(code="A-1")
    ana = exchange.applicant("Ana Example")
    exchange.publish()
    place = _place(exchange, "A-1")
    plan_actions.hold(exchange.round, ana.code, place, HoldKind.BAN, by=exchange.pat, now=exchange.now)
    db.session.commit()
    plan = exchange.solve()

    text = browser.as_(exchange.pat).get(f"/exchange/plans/{plan.id}/publish").text

    letters = text.split("Letters that go out")[1].split("</table>")[0]
    assert "Ana Example" in letters
    assert "no place" in letters


def test_an_offer_whose_days_change_counts_among_the_letters(exchange, browser):
    place = exchange.placement(code="A-1")
    exchange.applicant("Ana Example")
    exchange.publish()
    queries.placement_or_404(place.id).ends_on = exchange.day(20)
    db.session.commit()
    plan = exchange.solve()
    pat = browser.as_(exchange.pat)

    asked = pat.get(f"/exchange/plans/{plan.id}/publish").text

    letters = asked.split("Letters that go out")[1].split("</table>")[0]
    assert "Ana Example" in letters
    assert letters.count("A-1, ") == 2
    pat.post(f"/exchange/plans/{plan.id}/publish")
    assert [offer.state.value for offer in db.session.scalars(select(Offer).order_by(Offer.id))] == [
        "replaced",
        "offered",
    ]


def test_a_plan_after_offers_keeps_to_the_budget_of_statements(exchange, browser, statements):
    exchange.placement(code="A-1", capacity=2)
    exchange.applicant("Ana Example")
    exchange.publish()
    exchange.applicant("Bob Example")
    plan = exchange.solve()
    pat = browser.as_(exchange.pat)
    pat.get(f"/exchange/plans/{plan.id}")

    with statements() as seen:
        pat.get(f"/exchange/plans/{plan.id}")

    assert len(seen) <= 8, seen


PAGES = {
    "index": "/exchange/",
    "round": "/exchange/rounds/{round}",
    "placements": "/exchange/rounds/{round}/placements",
    "applications": "/exchange/rounds/{round}/applications",
    "csv": "/exchange/rounds/{round}/applications.csv",
    "offers": "/exchange/rounds/{round}/offers",
    "plan": "/exchange/plans/{plan}",
    "publish": "/exchange/plans/{plan}/publish",
}


def test_pages_send_the_same_few_statements_for_two_people_and_for_forty(exchange, browser, statements):
    host = exchange.host("usw", "Local 1557", "Clairton")
    exchange.placement(code="CAN-1", capacity=3)
    exchange.placement(host, code="CLA-1", capacity=3)
    exchange.applicant("Ana Example")
    exchange.applicant("Luz Ejemplo", union="mineros")
    exchange.close()
    small = exchange.solve()
    pat = browser.as_(exchange.pat)

    def cost(plan) -> dict[str, int]:
        found = {}
        ids = {"round": exchange.round.id, "plan": plan.id}
        for name, address in PAGES.items():
            with statements() as seen:
                assert pat.get(address.format(**ids)).status_code == 200
            found[name] = len(seen)
        return found

    cost(small)
    few = cost(small)
    for number in range(20):
        exchange.applicant(f"Ana{number} Example")
        exchange.applicant(f"Luz{number} Ejemplo", union="mineros")
        exchange.placement(host, code=f"CLA-{number + 2}")
    many = cost(exchange.solve())

    assert many == few
    assert max(many.values()) <= 8, many
