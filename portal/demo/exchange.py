"""The demo's exchange: a spring round with thirty applications ready to match, and a winter round under way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import select

from portal.accounts.models import Member
from portal.demo import World, canary
from portal.exchange import actions, offer_actions, plan_actions, plan_queries
from portal.exchange.matching import solve
from portal.exchange.models import Application, Host, Offer, Placement, Round
from portal.exchange.words import ApplicationState, Language, Level, RoundState, Sector
from portal.extensions import db

A_DAY = timedelta(days=1)
# local, name, sector, what guests should know
HOSTS = (
    (
        "usw_1557",
        "Local 1557 safety office",
        Sector.STEEL,
        "Guests sleep with members' families ten minutes from the coke works.",
    ),
    (
        "usw_6500",
        "Local 6500 hall",
        Sector.MINING,
        "The hall has two guest rooms. Bring warm boots until May.",
    ),
    (
        "usw_480",
        "Local 480 training center",
        Sector.SMELTING,
        "The training center stands above the river; the smelter is a walk away.",
    ),
    (
        "mineros_65",
        "Sección 65, comité local",
        Sector.MINING,
        "Las compañeras y los compañeros reciben a las visitas en la terminal de Cananea.",
    ),
    (
        "mineros_271",
        "Sección 271, casa sindical",
        Sector.STEEL,
        "La casa sindical tiene cocina y cuatro cuartos, a una cuadra del mar.",
    ),
    (
        "mineros_147",
        "Sección 147, comisión de seguridad",
        Sector.STEEL,
        "Quien llega de noche avisa antes: alguien va por la visita a Saltillo.",
    ),
)
LEVELS = ("A1", "A2", "A2", "B1", "B1", "B2")
SECTORS = (["mining"], ["steel"], ["steel", "smelting"], [], ["mining", "smelting"])


def seed(world: World) -> None:
    hosts = {key: _host(world, key, name, text) for key, name, _sector, text in HOSTS}
    _published(world, hosts)
    _ready_to_match(world, hosts)


def _host(world: World, key: str, name: str, text: str) -> Host:
    local = world.locals[key]
    fields = {
        "name": name,
        "local_id": local.id,
        "city": local.city,
        "country": local.country,
        "description": text,
    }
    coordinator = world.members[f"coordinator_{key.partition('_')[0]}"]
    return actions.save_host(None, fields, by=coordinator, now=world.now)


def _round(world: World, name: str, opens: date, closes: date) -> Round:
    coordinator = world.members["coordinator_usw"]
    fields = {
        "name": name,
        "opens_on": opens,
        "closes_on": closes,
        "max_head_difference": None,
        "budget": None,
    }
    round_ = actions.create_round(fields, by=coordinator, now=world.now)
    actions.move_round(round_, RoundState.OPEN, by=coordinator, now=world.now)
    round_.salt = f"{name} of the demo"  # the same signs every time
    db.session.flush()
    return round_


def _placements(world: World, round_: Round, hosts: dict[str, Host], first: date) -> list[Placement]:
    """Two stays at each host, a month apart, with few seats: some people stay out, and some seats stay empty."""
    found = []
    for number, (key, _name, sector, _text) in enumerate(HOSTS):
        in_mexico = key.startswith("mineros")
        coordinator = world.members[f"coordinator_{key.partition('_')[0]}"]
        for turn in range(2):
            starts = first + (28 * turn + 7 * (number % 3)) * A_DAY
            fields: dict[str, Any] = {
                "code": "",
                "starts_on": starts,
                "ends_on": starts + 20 * A_DAY,
                "min_days": 12,
                "max_days": None,
                "capacity": 1 + (number + turn) % 3,
                "sector": sector,
                "language": Language.ES if in_mexico else Language.EN,
                "min_level": Level.A2 if turn == 0 else Level.B1,
                "interpreter_seats": 1 if number % 2 == 0 else 0,
                "certificates": ["site_safety"] if sector is Sector.MINING else [],
                "passport_margin_days": 180 if in_mexico else 0,
                "cost": 900 + 150 * number,
                "description": "Walks with the safety committee, two shifts a week, and tells of it in the hall.",
            }
            found.append(actions.create_placement(round_, hosts[key], fields, by=coordinator, now=world.now))
    return found


def _apply(
    world: World, round_: Round, people: Sequence[Member], places: Sequence[Placement], first: date
) -> list[Application]:
    """Send in an application of each; what they can and wish goes round in small circles."""
    found = []
    for number, member in enumerate(people):
        union = "usw" if member.union_id == world.unions["usw"].id else "mineros"
        own, other = ("en", "es") if union == "usw" else ("es", "en")
        wished = [place for place in places if place.host.union_id != member.union_id]
        start = number % len(wished)
        application = actions.new_application(round_, member, now=world.now)
        fields = {
            "windows": [
                [_iso(first - 3 * A_DAY), _iso(first + (30 + 10 * (number % 5)) * A_DAY)],
                *([[_iso(first + 80 * A_DAY), _iso(first + 110 * A_DAY)]] if number % 4 == 0 else []),
            ],
            "languages": {own: "C2", other: LEVELS[number % len(LEVELS)]},
            "sectors": SECTORS[number % len(SECTORS)],
            "prefs": [[wished[start].id], [wished[(start + 2) % len(wished)].id, wished[start - 1].id]],
            "passport_until": first + (60 if number % 11 == 10 else 900 + 30 * number) * A_DAY,
            "entry": {
                "US": "open" if number % 3 else [_iso(first - 30 * A_DAY), _iso(first + 200 * A_DAY)],
                "CA": "open",
                "MX": "open",
            }
            if number % 9 != 8
            else {},
            "certificates": {"site_safety": _iso(first + 400 * A_DAY)} if number % 3 != 2 else {},
            "wants_interpreter": number % 5 != 4,
            "delegation": "Safety committee" if number in (3, 4) else "",
            "only_listed": number % 7 == 6,
            "notes": f"Works nights in winter. {canary(union)}",
        }
        for name, value in fields.items():
            setattr(application, name, value)
        application.move_to(ApplicationState.SUBMITTED)
        application.submitted_at = world.now - (1 + number % 9) * A_DAY
        found.append(application)
    db.session.flush()
    return found


def _iso(day: date) -> str:
    return day.isoformat()


def _ready_to_match(world: World, hosts: dict[str, Host]) -> None:
    round_ = _round(world, "Spring exchange", world.today - 12 * A_DAY, world.today + 12 * A_DAY)
    first = world.today + 90 * A_DAY
    places = _placements(world, round_, hosts, first)
    _apply(world, round_, [*world.group("staff")[:15], *world.group("leader")[:15]], places, first)


def _published(world: World, hosts: dict[str, Host]) -> None:
    """Offers went out five days ago: some are accepted, one is confirmed by both, the learners' own still wait."""
    then = world.now - 5 * A_DAY
    round_ = _round(world, "Winter exchange", world.today - 60 * A_DAY, world.today - 20 * A_DAY)
    first = world.today + 35 * A_DAY
    places = _placements(world, round_, hosts, first)
    learners = [world.members["learner_usw"], world.members["learner_mineros"]]
    people = [*learners, *world.group("staff")[15:20], *world.group("leader")[15:20]]
    applications = _apply(world, round_, people, places, first)
    for application in applications[:2]:  # so that whoever tries the demo finds an offer to answer
        application.languages = {"en": "C1", "es": "C1"}
        application.sectors, application.only_listed = [], False
        application.windows = [[_iso(first - 3 * A_DAY), _iso(first + 90 * A_DAY)]]
        application.certificates = {"site_safety": _iso(first + 400 * A_DAY)}
        application.waited = 1
    coordinator = world.members["coordinator_usw"]
    actions.move_round(round_, RoundState.MATCHING, by=coordinator, now=then)
    plan = plan_actions.solve(round_, by=coordinator, now=then)
    plan_actions.keep_result(plan, solve(orjson.loads(plan.input_json)), now=then)
    plan_actions.publish(plan_queries.plan_or_404(plan.id), by=coordinator, now=then)
    _answer(world, [application.id for application in applications[2:]])


def _answer(world: World, application_ids: Sequence[int]) -> None:
    """The first of each union is confirmed by both sides, the second has accepted, the others think it over."""
    seen: dict[int, int] = {}
    for offer_id in db.session.scalars(
        select(Offer.id).where(Offer.application_id.in_(application_ids)).order_by(Offer.id)
    ).all():
        offer = plan_queries.offer_or_404(offer_id)
        number = seen[offer.union_id] = seen.get(offer.union_id, 0) + 1
        guest = db.session.get_one(Member, offer.member_id)
        if number <= 2:
            offer_actions.accept(offer, by=guest, now=world.now - 3 * A_DAY)
        if number == 1:
            host_union = "mineros" if offer.union_id == world.unions["usw"].id else "usw"
            offer_actions.confirm(
                plan_queries.incoming_or_404(offer.id, world.unions[host_union].id),
                by=world.members[f"coordinator_{host_union}"],
                now=world.now - 2 * A_DAY,
            )
