"""Every route against one policy table; every form against nonsense; every page against leaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal import clock, demo
from portal.accounts.models import Member
from portal.courses.models import Cohort, Enrollment
from portal.events import Event
from portal.exchange.models import Application, Offer
from portal.exchange.words import OfferState
from portal.extensions import db
from portal.tenancy import across_unions
from tests.conftest import Database
from tests.pages import Browser
from tests.policy_table import MEMBERS, TABLE, UNIONS

ACTORS = (*sorted(MEMBERS), "nobody")


class Town:
    """The demo's people, each at a browser of their own."""

    def __init__(self, app: Flask, world: demo.World):
        self.app, self.world = app, world
        stranger = Browser(app)
        self.browsers = {"nobody": stranger} | {
            key: stranger.as_(world.members[key]) for key in sorted(MEMBERS)
        }

    def address(self, rule: Rule) -> str:
        with self.app.test_request_context():
            from flask import url_for

            return url_for(rule.endpoint, **TABLE[rule.endpoint].values(self.world))


@pytest.fixture(scope="module")
def town(_app: Flask, _database: Database) -> Iterator[Town]:
    with _app.app_context(), across_unions("a test looks at everything"):
        _database.renew()
        world = demo.seed(clock.now())
        db.session.commit()
        yield Town(_app, world)
        db.session.remove()


@pytest.fixture(scope="module")
def rules(_app: Flask) -> list[Rule]:
    return sorted(_app.url_map.iter_rules(), key=lambda rule: (rule.endpoint, rule.rule))


def of_method(rules: list[Rule], method: str) -> list[Rule]:
    return [rule for rule in rules if method in (rule.methods or ()) and rule.endpoint in TABLE]


def is_closed(actor: str, response: TestResponse) -> bool:
    """Kept out: a 404 for a member, the way to sign in for a stranger (or a 404 where a link is the key)."""
    to_sign_in = response.status_code == 303 and "/account/sign-in" in response.headers["Location"]
    return response.status_code == 404 or (actor == "nobody" and to_sign_in)


def test_every_route_stands_in_the_policy_table_and_nothing_else_does(rules):
    assert {rule.endpoint for rule in rules} ^ set(TABLE) == set()


@pytest.mark.parametrize("actor", ACTORS)
def test_pages_open_to_those_the_table_names_and_to_nobody_else(town, rules, actor):
    wrong = []
    for rule in of_method(rules, "GET"):
        response = town.browsers[actor].get(town.address(rule))
        if (
            is_closed(actor, response) != (actor not in TABLE[rule.endpoint].who)
            or response.status_code >= 500
        ):
            wrong.append((rule.endpoint, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("actor", ACTORS)
def test_fragments_are_as_closed_as_their_pages(town, rules, actor):
    headers = {"HX-Request": "true", "HX-Target": "main#main"}
    wrong = []
    for rule in of_method(rules, "GET"):
        response = town.browsers[actor].get(town.address(rule), headers=headers)
        closed = response.status_code == 404 or (actor == "nobody" and "HX-Redirect" in response.headers)
        if closed != (actor not in TABLE[rule.endpoint].who) or response.status_code >= 500:
            wrong.append((rule.endpoint, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", demo.ROLES)
def test_every_block_of_a_page_can_travel_alone(town, rules, role):
    """A macro imported outside its block is undefined when the block is rendered for htmx."""
    browser = town.browsers[f"{role}_usw"]
    broken = []
    for rule in of_method(rules, "GET"):
        address = town.address(rule)
        if rule.endpoint == "static" or (whole := browser.get(address)).status_code != 200:
            continue
        for target in set(re.findall(r'\bid="([a-z][\w-]*)"', whole.text)) & block_names(town.app):
            alone = browser.fragment(address, target)
            if alone.status_code != 200 or f'id="{target}"' not in alone.text:
                broken.append((rule.endpoint, target, alone.status_code))
    assert broken == []


def block_names(app: Flask) -> set[str]:
    """The names of all blocks in all templates."""
    env = app.jinja_env
    return {block for template in env.list_templates() for block in env.get_template(template).blocks}


@pytest.mark.parametrize("actor", ACTORS)
def test_forms_of_others_are_closed_and_change_nothing(town, rules, actor):
    before = db.session.scalar(select(func.count(Event.id)))
    wrong = []
    for rule in of_method(rules, "POST"):
        if actor not in TABLE[rule.endpoint].who:
            response = town.browsers[actor].post(town.address(rule))
            if not is_closed(actor, response):
                wrong.append((rule.endpoint, response.status_code))
    assert wrong == []
    assert db.session.scalar(select(func.count(Event.id))) == before


def private_strings(world: demo.World, union: str, reader: str = "nobody") -> set[str]:
    """What the other union may not read: names, addresses, and the canary of every private text.

    Known by name across the unions are instructors, whom both learn from, guests whom both sides have accepted, and
    to an instructor the people of the cohorts they teach.
    """
    people = db.session.scalars(select(Member).where(Member.union_id == world.unions[union].id)).all()
    confirmed = select(Application.member_id).join(Offer).where(Offer.state == OfferState.CONFIRMED)
    known = set(db.session.scalars(confirmed)) | {member.id for member in people if member.teaches}
    if reader in world.members:
        taught = (
            select(Enrollment.member_id).join(Cohort).where(Cohort.instructor_id == world.members[reader].id)
        )
        known |= set(db.session.scalars(taught))
    names = {member.name for member in people if member.id not in known}
    return {*names, *(member.email for member in people), demo.canary(union)}


@pytest.mark.parametrize("union", UNIONS)
@pytest.mark.parametrize("role", demo.ROLES)
def test_the_private_words_of_one_union_never_reach_the_other(town, rules, union, role):
    other = UNIONS[1 - UNIONS.index(union)]
    strings = private_strings(town.world, other, f"{role}_{union}")
    leaks = []
    for rule in of_method(rules, "GET"):
        if rule.endpoint in ("outbox", "static"):
            continue  # the development outbox shows everybody's letters by intent, and never exists in production
        text = unescape(town.browsers[f"{role}_{union}"].get(town.address(rule)).text)
        leaks += [(rule.endpoint, string) for string in strings if string in text]
    assert leaks == []


def test_a_stranger_reads_no_private_word(town, rules):
    strings = private_strings(town.world, "usw") | private_strings(town.world, "mineros")
    for rule in of_method(rules, "GET"):
        if rule.endpoint in ("outbox", "static"):
            continue
        text = unescape(town.browsers["nobody"].get(town.address(rule)).text)
        assert [string for string in strings if string in text] == []


# --- nonsense in every form: last, for it may change what the tests above look at -----------------

NONSENSE = {
    "nothing": "",
    "long": "x" * 20_000,
    "NUL": "a\x00b",
    "right to left": "\u202egnp.exe",
    "markup": "<script>alert(1)</script>",
    "number": "9" * 60,
    "negative": "-1",
    "date": "2027-02-30",
    "accent": "ñ\u0301\ud7ff",
}
FIELD = re.compile(r"<(?:input|select|textarea)\b[^>]*\bname=\"([^\"]+)\"")
HIDDEN = {"csrf_token", "idempotency_key", "next"}


def fields_of(town: Town, rules: list[Rule], actor: str) -> set[str]:
    """The names of all fields in all forms this person ever sees."""
    names: set[str] = set()
    for rule in of_method(rules, "GET"):
        if rule.endpoint != "static" and actor in TABLE[rule.endpoint].who:
            names |= set(FIELD.findall(town.browsers[actor].get(town.address(rule)).text))
    return names - HIDDEN


@pytest.mark.parametrize("role", ["administrator", "coordinator", "instructor", "learner"])
def test_no_form_breaks_on_nonsense(town, rules, role):
    actor = f"{role}_usw"
    names = fields_of(town, rules, actor)
    broken = []
    for rule in of_method(rules, "POST"):
        if rule.endpoint in ("accounts.sign_out", "accounts.sign_in_now", "accounts.forgot_now"):
            continue  # they end the session, or count against the whole network address: accounts' own tests
        if actor not in TABLE[rule.endpoint].who:
            continue
        for kind, text in NONSENSE.items():
            response = town.browsers[actor].post(town.address(rule), dict.fromkeys(names, text))
            if response.status_code >= 500 or "<script>alert(1)" in response.text:
                broken.append((rule.endpoint, kind, response.status_code))
        doubled = town.browsers[actor].post(town.address(rule), {name: ["1", "1"] for name in names})
        wrong_type = town.browsers[actor]._request(
            "POST", town.address(rule), data=b"\xff\xfe{}", content_type="application/json"
        )
        broken += [(rule.endpoint, r.status_code) for r in (doubled, wrong_type) if r.status_code >= 500]
    assert broken == []
