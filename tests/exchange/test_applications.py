"""Applications: saved as drafts, checked, sent in, taken back; read by one's own union alone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.errors import Refused
from portal.exchange import actions, offer_actions, queries
from portal.exchange.models import Application, Offer
from portal.exchange.words import ApplicationState, OfferState, RoundState
from portal.extensions import db
from tests.exchange.people import CANARY, member_of


def answers(exchange, **changes) -> dict:
    return {
        "windows-0-first": exchange.day(0).isoformat(),
        "windows-0-last": exchange.day(30).isoformat(),
        "language_en": "C2",
        "language_es": "A2",
        "language_fr": "none",
        "wants_interpreter": "y",
        "sectors": ["mining"],
        "tier_1-0": "0",
        "delegation": "",
        "passport_until": "2031-05-01",
        "entry_CA-kind": "none",
        "entry_MX-kind": "granted",
        "entry_MX-first": "2027-01-01",
        "entry_MX-last": "2028-01-01",
        "certificate_first_aid": "2029-01-01",
        "notes": CANARY,
        "check": "1",
    } | changes


def test_a_member_saves_checks_and_sends_in_an_application(exchange, browser, make):
    place = exchange.placement()
    ana = make.member("Ana Example")
    device = browser.as_(ana)

    saved = device.post(
        f"/exchange/rounds/{exchange.round.id}/apply", answers(exchange, **{"tier_1-0": str(place.id)})
    )
    application = db.session.scalars(select(Application)).one()
    assert (saved.status_code, saved.location) == (303, f"/exchange/applications/{application.id}")
    assert application.state is ApplicationState.DRAFT
    checked = device.get(saved.location)
    assert "Check your answers" in checked.text
    assert place.code in checked.text
    sent = device.post(f"/exchange/applications/{application.id}/submit")

    assert sent.status_code == 303
    assert application.state is ApplicationState.SUBMITTED
    assert application.union_id == ana.union_id
    assert application.windows == [[exchange.day(0).isoformat(), exchange.day(30).isoformat()]]
    assert application.languages == {"en": "C2", "es": "A2"}
    assert application.sectors == ["mining"]
    assert application.prefs == [[place.id]]
    assert application.passport_until.isoformat() == "2031-05-01"
    assert application.entry == {"MX": ["2027-01-01", "2028-01-01"]}
    assert application.certificates == {"first_aid": "2029-01-01"}
    assert application.wants_interpreter is True


def test_an_empty_form_is_a_draft_that_says_what_is_missing(exchange, browser, make):
    device = browser.as_(make.member("Ana Example"))
    empty = {"language_en": "none", "language_es": "none", "language_fr": "none", "later": "1"}

    assert device.post(f"/exchange/rounds/{exchange.round.id}/apply", empty).location == "/exchange/"
    application = db.session.scalars(select(Application)).one()
    refused = device.post(f"/exchange/applications/{application.id}/submit")

    assert refused.status_code == 422
    assert "Something is still missing." in refused.text
    assert "at least one first and last day" in refused.text
    assert application.state is ApplicationState.DRAFT


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"windows-0-last": ""}, "Give both days, or leave both empty."),
        ({"windows-0-last": "2020-01-01"}, "The last day cannot lie before the first."),
        ({"windows-0-first": "soon"}, "Not a valid date value."),
        ({"passport_until": "9999-12-31"}, "Look at the year of this date."),
        ({"language_es": "Z9"}, "Not a valid choice."),
        ({"sectors": ["piracy"]}, "is not a valid choice"),
        ({"tier_1-0": "987654321"}, "Not a valid choice."),
        ({"tier_1-0": "first"}, "Invalid Choice: could not coerce."),
        ({"entry_MX-last": ""}, "Say from when to when it is granted."),
        ({"entry_MX-kind": "always"}, "Not a valid choice."),
        ({"delegation": "x" * 81}, "This is longer than 80 characters."),
        ({"notes": "x" * 4001}, "This is longer than 4000 characters."),
    ],
)
def test_a_faulty_answer_comes_back_beside_its_question(exchange, browser, make, changes, sentence):
    response = browser.as_(make.member("Ana Example")).post(
        f"/exchange/rounds/{exchange.round.id}/apply", answers(exchange, **changes)
    )

    assert response.status_code == 422
    assert sentence in response.text
    assert "error-summary" in response.text
    assert CANARY in response.text or "notes" in changes
    assert db.session.query(Application).count() == 0


def test_the_same_placement_is_not_ranked_twice(exchange, browser, make):
    place = str(exchange.placement().id)

    response = browser.as_(make.member("Ana Example")).post(
        f"/exchange/rounds/{exchange.round.id}/apply",
        answers(exchange, **{"tier_1-0": place, "tier_3-0": place, "tier_4-0": "0"}),
    )

    assert response.status_code == 422
    assert "You named the same placement twice." in response.text


def test_a_placement_of_ones_own_union_is_no_choice(exchange, browser, make):
    place = exchange.placement(exchange.host("usw", "Local 1557", "Clairton"))

    response = browser.as_(make.member("Ana Example")).post(
        f"/exchange/rounds/{exchange.round.id}/apply", answers(exchange, **{"tier_1-0": str(place.id)})
    )

    assert response.status_code == 422


def test_text_in_an_application_is_never_markup(exchange, browser, make):
    device = browser.as_(make.member("Ana Example"))
    device.post(
        f"/exchange/rounds/{exchange.round.id}/apply",
        answers(exchange, notes="<script>\x00\u202eboo</script>"),
    )

    application = db.session.scalars(select(Application)).one()
    shown = device.get(f"/exchange/applications/{application.id}").text
    assert "<script>\u202e" not in shown
    assert "&lt;script&gt;" in shown


def test_what_was_saved_stands_in_the_form_again(exchange, browser, make):
    place = exchange.placement()
    device = browser.as_(make.member("Ana Example"))
    device.post(
        f"/exchange/rounds/{exchange.round.id}/apply", answers(exchange, **{"tier_2-0": str(place.id)})
    )

    form = device.get(f"/exchange/rounds/{exchange.round.id}/apply").text

    assert f'value="{exchange.day(0).isoformat()}"' in form
    assert f'<option selected value="{place.id}">' in form
    assert 'value="2031-05-01"' in form
    assert CANARY in form


def test_the_last_day_counts_on_the_applicants_own_wall(exchange, make):
    ana = make.member("Ana Example", zone="America/Vancouver")
    exchange.round.closes_on = exchange.today
    midnight_in_utc = exchange.now.replace(hour=0, minute=30) + timedelta(days=1)

    assert actions.may_apply(exchange.round, ana, now=midnight_in_utc)
    assert not actions.may_apply(exchange.round, ana, now=midnight_in_utc + timedelta(hours=9))


def test_nobody_applies_to_a_round_that_is_being_matched(exchange, browser, make):
    exchange.round.state = RoundState.MATCHING
    db.session.commit()

    response = browser.as_(make.member("Ana Example")).post(
        f"/exchange/rounds/{exchange.round.id}/apply", answers(exchange)
    )

    assert response.status_code == 422
    assert "This round took applications until" in response.text


def test_an_application_sent_in_that_loses_its_dates_is_a_draft_again(exchange):
    ana = exchange.applicant()

    actions.save_application(ana, {"notes": "Later, please."}, by=member_of(ana), now=exchange.now)
    assert ana.state is ApplicationState.SUBMITTED
    actions.save_application(ana, {"windows": []}, by=member_of(ana), now=exchange.now)
    assert ana.state is ApplicationState.DRAFT


def test_taking_an_application_back_declines_the_offer_that_stands(exchange):
    exchange.placement()
    ana = exchange.applicant()
    exchange.publish()

    offer_actions.withdraw(queries.application_or_404(ana.id), by=member_of(ana), now=exchange.now)

    assert ana.state is ApplicationState.WITHDRAWN
    assert db.session.scalars(select(Offer)).one().state is OfferState.DECLINED


def test_who_was_passed_over_before_has_waited(exchange):
    earlier = exchange.new_round("Last year", RoundState.PUBLISHED)
    ana = member_of(exchange.applicant(round_=earlier))
    application = exchange.applicant(member=ana, state=ApplicationState.DRAFT)

    actions.submit(queries.application_or_404(application.id), by=ana, now=exchange.now)

    assert application.waited == 1


def test_an_application_is_not_sent_in_twice_nor_after_the_last_day(exchange):
    application = exchange.applicant(state=ApplicationState.DRAFT)
    exchange.round.closes_on = exchange.today - timedelta(days=2)
    db.session.commit()

    with pytest.raises(Refused, match="took applications until"):
        actions.submit(
            queries.application_or_404(application.id), by=member_of(application), now=exchange.now
        )


def test_another_member_and_the_other_union_find_no_application(exchange, browser, make):
    ana = exchange.applicant()
    address = f"/exchange/applications/{ana.id}"
    others = {
        "own coordinator": (browser.as_(exchange.pat), 200),
        "colleague": (browser.as_(make.member("Bob Example")), 404),
        "other union": (browser.as_(make.member("Luz Ejemplo", union="mineros")), 404),
        "other coordinator": (browser.as_(exchange.paz), 404),
    }

    assert {who: device.get(address).status_code for who, (device, _) in others.items()} == {
        who: status for who, (_, status) in others.items()
    }
    for who, (device, _) in others.items():
        assert device.post(f"{address}/submit").status_code == 404, who
        assert device.post(f"{address}/withdraw").status_code == 404, who


def test_the_other_unions_people_are_listed_by_a_sign_with_languages_and_dates_only(exchange, browser):
    ana = exchange.applicant("Ana Example", delegation=f"{CANARY} group", sectors=["mining"])
    draft = exchange.applicant("Dora Example", state=ApplicationState.DRAFT)
    paz = browser.as_(exchange.paz)

    for address in ("applications", "applications.csv"):
        text = paz.get(f"/exchange/rounds/{exchange.round.id}/{address}").text
        assert ana.code in text
        for secret in ("Ana Example", CANARY, "@example.org", draft.code, "Dora"):
            assert secret not in text, f"{secret} in {address}"
    own = browser.as_(exchange.pat).get(f"/exchange/rounds/{exchange.round.id}/applications").text
    assert "Ana Example" in own
    assert "Dora Example" in own


def test_a_sign_is_the_same_in_a_round_and_another_in_the_next(exchange):
    ana = member_of(exchange.applicant())
    other = exchange.new_round("Next")
    other.salt = "another"

    assert actions.pseudonym(exchange.round, ana.id) == actions.pseudonym(exchange.round, ana.id)
    assert actions.pseudonym(exchange.round, ana.id) != actions.pseudonym(other, ana.id)


def test_a_sign_that_is_taken_becomes_longer(exchange, make):
    ana, bob = make.member("Ana Example"), make.member("Bob Example")
    wanted = actions.pseudonym(exchange.round, bob.id)
    exchange.applicant(member=ana, code=wanted)

    longer = actions.pseudonym(exchange.round, bob.id)

    assert longer.startswith(wanted)
    assert len(longer) == len(wanted) + 1


def test_a_page_after_the_last_one_shows_the_last_one(exchange, browser):
    exchange.applicant("Ana Example")

    text = browser.as_(exchange.pat).get(f"/exchange/rounds/{exchange.round.id}/applications?page=9").text

    assert "Ana Example" in text
    assert "Nobody has applied yet" not in text


@pytest.mark.parametrize(
    ("state", "title"),
    [(ApplicationState.SUBMITTED, "You have applied"), (ApplicationState.DRAFT, "Your application")],
)
def test_the_round_says_you_applied_only_when_you_did(exchange, browser, state, title):
    ana = exchange.applicant("Ana Example", state=state)

    text = browser.as_(member_of(ana)).get(f"/exchange/rounds/{exchange.round.id}").text

    assert f'<h2 id="next-title">{title}</h2>' in text
