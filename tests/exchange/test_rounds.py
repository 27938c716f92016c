"""Rounds, hosts and placements: run by coordinators of both unions, seen by members, safe from bad input."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.exchange import actions, queries
from portal.exchange.models import Host, Placement, Round
from portal.exchange.words import PlacementState, RoundState
from portal.extensions import db

ROUND = {
    "name": "Fall exchange",
    "opens_on": "2027-02-01",
    "closes_on": "2027-03-01",
    "max_head_difference": "",
    "budget": "",
}
HOST = {"name": "Local 1557", "local_id": "0", "city": "Clairton", "country": "US", "description": ""}


def placement_form(host: Host, **changes: str) -> dict[str, str]:
    return {
        "host_id": str(host.id),
        "code": "",
        "starts_on": "2027-04-01",
        "ends_on": "2027-04-28",
        "min_days": "14",
        "max_days": "",
        "capacity": "2",
        "sector": "mining",
        "language": "es",
        "min_level": "A2",
        "interpreter_seats": "1",
        "passport_margin_days": "",
        "cost": "",
        "description": "",
    } | changes


def test_a_coordinator_creates_a_round_and_opens_it(exchange, browser):
    pat = browser.as_(exchange.pat)

    created = pat.post("/exchange/rounds/new", ROUND)
    round_ = db.session.scalars(select(Round).order_by(Round.id.desc())).first()
    opened = pat.post(f"/exchange/rounds/{round_.id}/state", {"to": "open"})

    assert (created.status_code, created.location) == (303, f"/exchange/rounds/{round_.id}")
    assert opened.status_code == 303
    assert (round_.name, round_.state) == ("Fall exchange", RoundState.OPEN)


def test_members_do_not_see_a_round_that_is_being_prepared(exchange, browser, make):
    exchange.new_round("Secret plans", RoundState.DRAFT)
    ana = browser.as_(make.member("Ana Example"))

    assert "Secret plans" not in ana.get("/exchange/").text
    assert ana.get(f"/exchange/rounds/{exchange.round.id + 1}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/exchange/rounds/new",
        "/exchange/rounds/{round}/edit",
        "/exchange/rounds/{round}/applications",
        "/exchange/rounds/{round}/applications.csv",
        "/exchange/rounds/{round}/import",
        "/exchange/rounds/{round}/offers",
        "/exchange/rounds/{round}/placements/new",
        "/exchange/hosts",
        "/exchange/hosts/new",
    ],
)
def test_what_coordinators_do_does_not_exist_for_members(exchange, browser, make, address):
    found = browser.as_(make.member("Ana Example")).get(address.format(round=exchange.round.id))

    assert found.status_code == 404


def test_a_round_goes_only_where_its_states_lead(exchange):
    with pytest.raises(Refused, match="cannot become"):
        actions.move_round(exchange.round, RoundState.CLOSED, by=exchange.pat, now=exchange.now)
    with pytest.raises(Refused, match="by publishing a plan"):
        actions.move_round(exchange.round, RoundState.PUBLISHED, by=exchange.pat, now=exchange.now)


def test_a_button_nobody_has_drawn_is_refused(exchange, browser):
    pat = browser.as_(exchange.pat)

    assert pat.post(f"/exchange/rounds/{exchange.round.id}/state", {"to": "heaven"}).status_code == 422
    assert pat.post(f"/exchange/rounds/{exchange.round.id}/state").status_code == 422


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Give the round a name."),
        ({"name": "x" * 121}, "This is longer than 120 characters."),
        ({"closes_on": "2027-01-31"}, "The last day cannot lie before the first."),
        ({"closes_on": "03/08/2027"}, "Not a valid date value."),
        ({"opens_on": "0001-01-01"}, "Look at the year of this date."),
        ({"max_head_difference": "-1"}, "Enter a whole number from 0 to 10,000."),
        ({"budget": "9" * 30}, "Enter a whole number from 0 to 10,000,000."),
        ({"budget": "lots"}, "Not a valid integer value."),
    ],
)
def test_a_faulty_round_comes_back_with_the_reason_and_what_was_entered(exchange, browser, changes, sentence):
    response = browser.as_(exchange.pat).post("/exchange/rounds/new", ROUND | changes)

    assert response.status_code == 422
    assert sentence in response.text
    assert next(iter(changes.values())) in response.text
    assert db.session.query(Round).count() == 1


def test_a_host_belongs_to_the_union_of_who_creates_it(exchange, browser):
    assert browser.as_(exchange.pat).post("/exchange/hosts/new", HOST).status_code == 303

    host = db.session.scalars(select(Host)).one()
    assert (host.name, host.union_id) == ("Local 1557", exchange.pat.union_id)


def test_two_hosts_of_one_union_do_not_share_a_name(exchange, browser):
    pat = browser.as_(exchange.pat)
    pat.post("/exchange/hosts/new", HOST)

    again = pat.post("/exchange/hosts/new", HOST)

    assert again.status_code == 422
    assert "Your union has a host with this name already." in again.text


def test_a_host_of_the_other_union_is_read_but_not_changed(exchange, browser):
    host = exchange.host("mineros")
    pat = browser.as_(exchange.pat)

    assert host.name in pat.get("/exchange/hosts").text
    assert pat.get(f"/exchange/hosts/{host.id}/edit").status_code == 404
    assert pat.post(f"/exchange/hosts/{host.id}/edit", HOST).status_code == 404
    assert pat.post(f"/exchange/hosts/{host.id}/state", {"to": "closed"}).status_code == 404


def test_a_placement_gets_a_short_name_from_its_city(exchange, browser):
    host = exchange.host("mineros")
    paz = browser.as_(exchange.paz)
    address = f"/exchange/rounds/{exchange.round.id}/placements/new"

    for _ in range(2):
        assert paz.post(address, placement_form(host)).status_code == 303

    assert [place.code for place in queries.placements(exchange.round.id)] == ["CAN-1", "CAN-2"]


def test_a_placement_at_a_host_of_the_other_union_is_no_choice(exchange, browser):
    host = exchange.host("mineros")
    exchange.host("usw", "Local 1557", "Clairton")
    address = f"/exchange/rounds/{exchange.round.id}/placements/new"

    response = browser.as_(exchange.pat).post(address, placement_form(host))

    assert response.status_code == 422
    assert "Not a valid choice." in response.text
    assert db.session.query(Placement).count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Give the host a name."),
        ({"city": "x" * 81}, "This is longer than 80 characters."),
        ({"country": "FR"}, "Not a valid choice."),
        ({"local_id": "999999"}, "Not a valid choice."),
        ({"local_id": "here"}, "Invalid Choice: could not coerce."),
        ({"description": "x" * 4001}, "This is longer than 4000 characters."),
    ],
)
def test_a_faulty_host_comes_back_with_the_reason(exchange, browser, changes, sentence):
    response = browser.as_(exchange.pat).post("/exchange/hosts/new", HOST | changes)

    assert response.status_code == 422
    assert sentence in response.text
    assert db.session.query(Host).count() == 0


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ends_on": "2027-03-01"}, "The last day cannot lie before the first."),
        ({"min_days": "40"}, "The placement itself is shorter than this."),
        ({"max_days": "7"}, "The longest stay cannot be shorter than the shortest."),
        ({"capacity": "0"}, "Enter a whole number from 1 to 500."),
        ({"capacity": "99999999999999999999"}, "Enter a whole number from 1 to 500."),
        ({"sector": "piracy"}, "Not a valid choice."),
        ({"code": "x" * 21}, "This is longer than 20 characters."),
        ({"cost": "-5"}, "Enter a whole number from 0 to 10,000,000."),
    ],
)
def test_a_faulty_placement_comes_back_with_the_reason(exchange, browser, changes, sentence):
    host = exchange.host("mineros")
    address = f"/exchange/rounds/{exchange.round.id}/placements/new"

    response = browser.as_(exchange.paz).post(address, placement_form(host, **changes))

    assert response.status_code == 422
    assert sentence in response.text


def test_two_placements_of_a_round_do_not_share_a_short_name(exchange, browser):
    host = exchange.host("mineros")
    exchange.placement(host, code="CAN-7")
    address = f"/exchange/rounds/{exchange.round.id}/placements/new"

    response = browser.as_(exchange.paz).post(address, placement_form(host, code="CAN-7"))

    assert response.status_code == 422
    assert "Another placement of this round is called CAN-7 already." in response.text


def test_a_placement_is_edited_and_closed_by_its_own_union_only(exchange, browser):
    host = exchange.host()
    place = exchange.placement(host)
    form = placement_form(host, capacity="5", code=place.code)

    assert browser.as_(exchange.pat).post(f"/exchange/placements/{place.id}/edit", form).status_code == 404
    assert browser.as_(exchange.paz).post(f"/exchange/placements/{place.id}/edit", form).status_code == 303
    paz = browser.as_(exchange.paz)
    assert paz.post(f"/exchange/placements/{place.id}/state", {"to": "closed"}).status_code == 303
    assert (place.capacity, place.state) == (5, PlacementState.CLOSED)


def test_there_are_never_fewer_seats_than_offers(exchange):
    place = exchange.placement(capacity=2)
    exchange.applicant()
    exchange.applicant("Bob Example")
    exchange.publish()
    fields = {"capacity": 1, "code": place.code}

    with pytest.raises(Refused, match="2 people hold an offer here"):
        actions.edit_placement(queries.placement_or_404(place.id), fields, by=exchange.paz, now=exchange.now)


def test_every_page_for_members_opens(exchange, browser, make):
    place = exchange.placement(description="Ventilation and gas.")
    ana = browser.as_(make.member("Ana Example", union="usw"))
    round_ = exchange.round.id

    for address in ("", f"rounds/{round_}", f"rounds/{round_}/placements", f"placements/{place.id}"):
        assert ana.get(f"/exchange/{address}").status_code == 200, address
    assert "Ventilation and gas." in ana.get(f"/exchange/placements/{place.id}").text


def test_every_page_for_coordinators_opens(exchange, browser):
    host = exchange.host("usw", "Local 1557", "Clairton")
    place = exchange.placement(host)
    pat = browser.as_(exchange.pat)
    round_ = exchange.round.id

    for address in (
        "",
        "hosts",
        "hosts/new",
        f"hosts/{host.id}/edit",
        "rounds/new",
        f"rounds/{round_}",
        f"rounds/{round_}/edit",
        f"rounds/{round_}/placements",
        f"rounds/{round_}/placements/new",
        f"placements/{place.id}",
        f"placements/{place.id}/edit",
        f"rounds/{round_}/applications",
        f"rounds/{round_}/applications.csv",
        f"rounds/{round_}/import",
        f"rounds/{round_}/offers",
    ):
        assert pat.get(f"/exchange/{address}").status_code == 200, address
