"""Signing in, out, and back in when the password is gone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from portal import clock, jobs
from portal.accounts import actions, cookie_name, passwords, queries, sessions
from portal.accounts.models import ABSOLUTE_LIMIT, IDLE_LIMIT, PasswordReset, Session, SignInAttempt
from portal.errors import Refused, TooMany
from portal.extensions import db
from tests.conftest import MONDAY

PASSWORD = "molten copper at dawn"


@pytest.fixture
def ana(make):
    return make.member(
        "Ana Ejemplo", email="ana@example.org", password_hash=passwords.hash_password(PASSWORD)
    )


def sign_in(browser, email="ana@example.org", password=PASSWORD, **fields):
    return browser.post("/account/sign-in", {"email": email, "password": password, **fields})


def test_the_right_password_opens_a_session_of_which_only_the_hash_is_stored(app, ana, browser):
    response = sign_in(browser)

    assert response.status_code == 303
    token = browser.client.get_cookie(cookie_name(app)).value
    stored = db.session.scalars(select(Session)).one()
    assert stored.token_hash == sessions.token_hash(token)
    assert stored.token_hash != token
    assert "Ana Ejemplo" in browser.get("/account/profile").text


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(app, ana, browser):
    sign_in(browser)
    first = browser.client.get_cookie(cookie_name(app)).value
    browser._csrf = None
    sign_in(browser)

    assert browser.client.get_cookie(cookie_name(app)).value != first
    assert db.session.query(Session).count() == 1


@pytest.mark.parametrize(
    ("email", "password"), [("ana@example.org", "wrong password"), ("nobody@example.org", PASSWORD)]
)
def test_the_answer_is_the_same_whether_or_not_the_account_exists(ana, browser, email, password):
    response = sign_in(browser, email, password)

    assert response.status_code == 422
    assert "do not belong together" in response.text
    assert db.session.query(Session).count() == 0


def test_a_missing_account_costs_the_same_work_as_a_wrong_password(ana, monkeypatch):
    seen = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords._hasher.__class__,
        "verify",
        lambda self, stored, given: seen.append(stored[:30]) or real(stored, given),
    )

    assert actions.authenticate("nobody@example.org", PASSWORD) is None
    assert actions.authenticate("ana@example.org", "wrong password") is None
    assert seen[0] == seen[1] == "$argon2id$v=19$m=19456,t=2,p=1"


def test_a_closed_account_cannot_sign_in(ana, browser):
    ana.is_active = False
    assert sign_in(browser).status_code == 422


def test_after_eight_failures_even_the_right_password_waits(ana, browser):
    for _ in range(actions.TRIES_PER_ACCOUNT):
        assert sign_in(browser, password="wrong password").status_code == 422

    response = sign_in(browser)

    assert response.status_code == 429
    assert response.headers["Retry-After"] == "900"
    assert db.session.query(SignInAttempt).count() == 2 * actions.TRIES_PER_ACCOUNT


def test_the_wait_is_over_after_fifteen_minutes(app):
    for _ in range(actions.TRIES_PER_ACCOUNT):
        actions.count_failed_try("ana@example.org", "192.0.2.1", now=MONDAY)

    with pytest.raises(TooMany):
        actions.check_tries("ana@example.org", "192.0.2.7", now=MONDAY + timedelta(minutes=14))
    actions.check_tries("ana@example.org", "192.0.2.7", now=MONDAY + timedelta(minutes=15))


def test_signing_in_leads_back_to_where_one_was_going_but_never_elsewhere(ana, browser):
    assert sign_in(browser, next="/account/profile").location == "/account/profile"
    browser._csrf = None
    assert "evil" not in sign_in(browser, next="https://evil.example/").location


def test_a_page_for_members_sends_a_stranger_to_sign_in_and_back(browser):
    response = browser.get("/account/profile")
    assert (response.status_code, response.location) == (303, "/account/sign-in?next=/account/profile")

    fragment = browser.fragment("/account/profile", "devices")
    assert fragment.status_code == 401
    assert fragment.headers["HX-Redirect"].startswith("/account/sign-in")


def test_signing_out_ends_the_session_on_the_server(app, ana, browser):
    sign_in(browser)
    browser._csrf = None
    browser.post("/account/sign-out")

    assert db.session.query(Session).count() == 0
    assert browser.get("/account/profile").status_code == 303


@pytest.mark.parametrize("age", [IDLE_LIMIT, ABSOLUTE_LIMIT])
def test_a_session_ends_by_itself(ana, age):
    token = sessions.open_session(ana, device="Test", now=MONDAY)
    if age == ABSOLUTE_LIMIT:
        sessions.touch(db.session.scalars(select(Session.id)).one(), now=MONDAY + age - timedelta(hours=1))

    assert sessions.find(token, now=MONDAY + age - timedelta(seconds=1)) is not None
    assert sessions.find(token, now=MONDAY + age) is None


def test_other_devices_are_listed_and_can_be_signed_out_from_here(ana, browser):
    phone, computer = browser.as_(ana), browser.as_(ana)
    other = db.session.scalars(select(Session).order_by(Session.id)).first()

    assert computer.get("/account/profile").text.count("This device") == 1
    assert computer.post(f"/account/devices/{other.id}/sign-out").status_code == 303

    assert phone.get("/account/profile").status_code == 303
    assert computer.get("/account/profile").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(make, ana, browser):
    browser.as_(ana)
    hers = db.session.scalars(select(Session)).one()

    assert (
        browser.as_(make.member("Luz Ejemplo")).post(f"/account/devices/{hers.id}/sign-out").status_code
        == 404
    )
    assert db.session.get(Session, hers.id) is not None


def test_a_lost_password_is_replaced_by_a_link_that_works_once(ana, browser, outbox):
    old_device = browser.as_(ana)
    assert browser.post("/account/forgot", {"email": "ANA@example.org"}).location == "/account/sign-in"
    jobs.work_off()
    letter = next(outbox.glob("*.eml")).read_text()
    link = re.search(r"http://localhost(/account/reset/\S+)", letter.replace("=\n", "")).group(1)

    assert browser.get(link).status_code == 200
    assert browser.post(link, {"password": "a whole new password"}).status_code == 303

    assert old_device.get("/account/profile").status_code == 303
    assert browser.get("/account/profile").status_code == 200
    assert browser.get(link).status_code == 404
    assert actions.authenticate("ana@example.org", "a whole new password") is not None


def test_of_two_who_hold_one_reset_link_only_the_first_sets_a_password(app, ana):
    actions.ask_for_reset("ana@example.org", now=clock.now())
    db.session.commit()
    jobs.work_off()
    link = queries.open_resets(ana.id, now=clock.now())[0]
    db.session.commit()
    with db.engine.begin() as other:  # the other one, between our look at the link and our use of it
        other.execute(db.update(PasswordReset).values(used_at=clock.now()))

    with app.test_request_context(), pytest.raises(Refused, match="no longer works"):
        actions.reset_password(link, "a second new password", now=clock.now())


def test_a_letter_goes_only_to_an_account_but_the_answer_is_the_same(ana, browser, outbox):
    known = browser.post("/account/forgot", {"email": "ana@example.org"})
    unknown = browser.post("/account/forgot", {"email": "nobody@example.org"})

    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    jobs.work_off()
    assert len(list(outbox.glob("*.eml"))) == 1
    assert all(job.payload == {} for job in db.session.scalars(select(jobs.Job)))


def test_a_reset_link_grows_too_old(ana, browser):
    actions.ask_for_reset("ana@example.org", now=clock.now())
    db.session.commit()
    jobs.work_off()
    reset = queries.open_resets(ana.id, now=clock.now())[0]

    assert clock.now() + timedelta(minutes=119) < reset.expires_at < clock.now() + timedelta(minutes=121)


def test_changing_the_password_needs_the_present_one_and_ends_the_other_devices(ana, browser):
    here, there = browser.as_(ana), browser.as_(ana)

    assert (
        here.post(
            "/account/password", {"old": "wrong password", "password": "brand new password"}
        ).status_code
        == 422
    )
    assert (
        here.post("/account/password", {"old": PASSWORD, "password": "brand new password"}).status_code == 303
    )

    assert there.get("/account/profile").status_code == 303
    assert here.get("/account/profile").status_code == 200
    with pytest.raises(Refused, match="not your present password"):
        actions.change_password(ana, PASSWORD, "x" * 12, keep_session=1, now=MONDAY)


def test_whoever_holds_a_device_cannot_guess_the_password_for_ever(ana, browser):
    device = browser.as_(ana)
    guesses = [
        device.post("/account/password", {"old": f"guess {n}", "password": "brand new password"}).status_code
        for n in range(9)
    ]

    right = device.post("/account/password", {"old": PASSWORD, "password": "brand new password"})

    assert guesses == [422] * 8 + [429]
    assert (right.status_code, "Wait a few minutes" in right.text) == (429, True)
    assert sign_in(browser).status_code == 303


def test_a_page_is_shown_though_the_database_has_no_time_to_note_the_visit(ana, browser):
    device = browser.as_(ana)
    db.session.execute(db.update(Session).values(seen_at=clock.now() - timedelta(hours=1)))

    def busy(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    event.listen(db.engine, "before_cursor_execute", busy)
    try:
        assert device.get("/account/profile").status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", busy)


def test_the_language_menu_changes_the_account_and_the_browser(ana, browser):
    device = browser.as_(ana)
    device.post("/language/fr_CA", {"next": "/account/profile"})

    assert ana.locale == "fr_CA"
    assert '<html lang="fr-CA"' in device.get("/account/profile").text
    assert browser.post("/language/de", {}).status_code == 404


@pytest.mark.parametrize(
    ("headers", "tag"),
    [
        ({}, "en"),
        ({"Accept-Language": "es-ES,en;q=0.5"}, "es-MX"),
        ({"Accept-Language": "de,fr-FR;q=0.8"}, "fr-CA"),
    ],
)
def test_a_stranger_reads_the_language_of_their_browser(browser, headers, tag):
    assert f'<html lang="{tag}"' in browser.get("/", headers=headers).text


BAD_TEXT = ["", " ", "\x00", "x" * 5000, "‮evil", "<script>alert(1)</script>", "9" * 400, "Ñ" * 121]


@pytest.mark.parametrize("text", BAD_TEXT)
@pytest.mark.parametrize("field", ["name", "locale", "zone"])
def test_the_profile_takes_no_nonsense_and_keeps_what_was_typed(ana, browser, field, text):
    good = {"name": "Ana Ejemplo", "locale": "en", "zone": "America/Toronto"}

    response = browser.as_(ana).post("/account/profile", {**good, field: text})

    assert response.status_code == 422
    assert "<script>alert" not in response.text
    assert ana.name == "Ana Ejemplo"


@pytest.mark.parametrize("text", BAD_TEXT)
@pytest.mark.parametrize("address", ["/account/sign-in", "/account/forgot"])
def test_signing_in_takes_no_nonsense(browser, address, text):
    response = browser.post(address, {"email": text, "password": text})

    assert response.status_code == 422
    assert "<script>alert" not in response.text


def test_a_wrong_kind_of_body_is_refused_without_a_fault(browser):
    response = browser.get("/account/sign-in")
    response = browser._request("POST", "/account/sign-in", data=b"{}", content_type="application/json")
    assert response.status_code in (400, 403, 415, 422)
