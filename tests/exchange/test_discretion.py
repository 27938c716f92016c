"""Of the other union's people coordinators read sign, languages and dates: no papers, no wishes, no names for ever."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import select

from portal.exchange import discretion, matching, offer_actions, plan_queries
from portal.exchange.documents import canonical
from portal.exchange.models import NAMES_KNOWN_AFTER, Offer
from portal.extensions import db
from tests.exchange.people import member_of

from . import rounds

PRIVATE = ("passport", "entry", "cert:", "dates_combined", "sector", "not_acceptable")


def both(exchange):
    """A Steelworker whose papers end too early, and a Minero who can go; closed and worked out."""
    exchange.placement(code="CAN-1")
    exchange.placement(exchange.host("usw", "Local 1557", "Clairton"), code="CLA-1")
    ana = exchange.applicant("Ana Example", passport_until=exchange.day(3), sectors=["office"], waited=7)
    luz = exchange.applicant("Luz Ejemplo", union="mineros", waited=5)
    return ana, luz, exchange.solve()


def test_the_page_of_a_plan_says_nothing_of_the_other_unions_papers_and_wishes(exchange, browser):
    _ana, _luz, plan = both(exchange)

    theirs = browser.as_(exchange.pat).get(f"/exchange/plans/{plan.id}").text
    others = browser.as_(exchange.paz).get(f"/exchange/plans/{plan.id}").text

    assert "1 placement: their passport ends too early" in theirs
    assert "another sector than they asked for" in theirs
    assert "Waited through 5 earlier rounds." in others
    assert "1 placement: for a reason their own union knows" in others
    for secret in ("passport", "sector", "Waited through 7"):
        assert secret not in others.split("Without a place, and why")[1].split("</table>")[0], secret
    assert "Waited through 5" not in theirs


def test_the_files_of_a_plan_hold_signs_languages_and_dates_of_the_other_unions_people(exchange, browser):
    ana, luz, plan = both(exchange)
    paz = browser.as_(exchange.paz)

    written = orjson.loads(paz.get(f"/exchange/plans/{plan.id}/input.json").data)
    found = orjson.loads(paz.get(f"/exchange/plans/{plan.id}/result.json").data)

    people = {person["id"]: person for person in written["participants"]}
    assert people[ana.code] == {
        "id": ana.code,
        "union": "usw",
        "windows": ana.windows,
        "languages": ana.languages,
    }
    assert people[luz.code]["passport_expiry"] == luz.passport_until.isoformat()
    assert found["ineligible"][ana.code] == {"CAN-1": ["withheld"], "CLA-1": ["same_union", "withheld"]}


def test_those_who_run_the_portal_print_the_whole_plan_and_replay_it(exchange, app):
    _ana, _luz, plan = both(exchange)
    run = app.test_cli_runner().invoke

    written = run(args=["exchange", "plan", str(plan.id)])
    found = run(args=["exchange", "plan", str(plan.id), "--result"])

    assert (written.exit_code, found.exit_code) == (0, 0)
    assert canonical(matching.solve(orjson.loads(written.stdout))) + "\n" == found.stdout
    assert run(args=["exchange", "plan", "987654"]).exit_code == 2


@pytest.mark.parametrize("union", rounds.UNIONS)
def test_no_reason_in_papers_or_wishes_crosses_in_any_small_round(union):
    for seed in range(40):
        round_ = {"delegations": [], "pins": {}, "incumbent": {}} | rounds.small(seed)
        result = matching.solve(round_)
        own = {person["id"] for person in round_["participants"] if person["union"] == union}

        found = discretion.result_for(round_, result, union)

        for code, row in found["ineligible"].items():
            if code in own:
                assert row == result["ineligible"][code]
            else:
                assert not any(reason.startswith(PRIVATE) for codes in row.values() for reason in codes), seed
        for code, advice in found["certificate"].get("unplaced", {}).items():
            if code not in own and advice["change"]:
                assert not advice["change"]["code"].startswith(PRIVATE), seed
        for rule in found.get("rules", []):
            if rule.get("participant") not in own:
                assert not any(reason.startswith(PRIVATE) for reason in rule.get("because", [])), seed
        assert all(pair["participant"] in own for pair in found.get("envy", {"pairs": []})["pairs"])


def test_one_unions_own_round_is_read_as_it_was_written():
    round_ = rounds.round_of([rounds.participant("ana", "USW")], [rounds.placement("A-1", "LM")])
    round_["delegations"] = [{"id": "D-ana", "members": ["ana"]}]
    result = matching.solve(round_)

    assert discretion.input_for(round_, "USW") == round_
    assert discretion.result_for(round_, result, "USW") == result
    assert discretion.input_for(round_, "LM")["delegations"] == []
    assert (discretion.holds_others(round_, "USW"), discretion.holds_others(round_, "LM")) == (False, True)


def test_how_long_the_other_unions_people_waited_is_not_in_the_list(exchange, browser):
    both(exchange)

    text = browser.as_(exchange.paz).get(f"/exchange/rounds/{exchange.round.id}/applications.csv").text

    waited = {line.split(",")[2]: line.rstrip().rsplit(",", 1)[1] for line in text.splitlines()[1:]}
    assert waited == {"yes": "5", "no": ""}


def test_names_are_known_until_thirty_days_after_the_stay(exchange, browser):
    exchange.placement(code="CAN-1")
    ana = exchange.applicant("Ana Example")
    exchange.publish()
    offer = plan_queries.incoming_or_404(db.session.scalars(select(Offer.id)).one(), exchange.paz.union_id)
    offer_actions.accept(offer, by=member_of(ana), now=exchange.now)
    offer_actions.confirm(offer, by=exchange.paz, now=exchange.now)
    paz, guest = browser.as_(exchange.paz), browser.as_(member_of(ana))

    def known(last_day) -> list[bool]:
        stay = db.session.get_one(Offer, offer.id)
        stay.starts_on = stay.ends_on = last_day
        db.session.commit()
        pages = [f"/exchange/rounds/{exchange.round.id}/{part}" for part in ("offers", "applications")]
        return [
            *("Ana Example" in paz.get(address).text for address in pages),
            "Your contact at the host" in guest.get(f"/exchange/applications/{ana.id}").text,
        ]

    assert known(exchange.today - NAMES_KNOWN_AFTER) == [True, True, True]
    assert known(exchange.today - NAMES_KNOWN_AFTER - timedelta(days=1)) == [False, False, False]
