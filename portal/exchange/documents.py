"""A round as an exchange-match/1 document: what the matching reads, and nothing that says who somebody is."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import Any

import orjson
from sqlalchemy import select

from portal.accounts.models import Local, Member, Union
from portal.exchange.matching.schema import SCHEMA
from portal.exchange.models import (
    ENDED_OFFERS,
    LIVE_OFFERS,
    Application,
    Hold,
    Host,
    Offer,
    Placement,
    Round,
)
from portal.exchange.words import ApplicationState, HoldKind, OfferState, PlacementState
from portal.extensions import db
from portal.sheets import fold
from portal.tenancy import across_unions

NEVER = "1970-01-01"  # a passport nobody has told us of lets nobody travel
HOME = {"usw": "US", "mineros": "MX"}  # of members without a local


def canonical(document: Any) -> str:
    """One way to write it, so that the same round gives the same bytes."""
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS).decode()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(round_: Round) -> dict[str, Any]:
    """The round as it stands. People who have not sent in, and placements that are closed, are not in it.

    Incumbents are the offers that stand; whoever declined, was refused or let an offer lapse is not offered
    the same placement again.
    """
    places = _placements(round_.id)
    codes = {place.id: place.code for place in places}
    with across_unions("both unions' applicants of one round, by pseudonym and without names"):
        people = _applicants(round_.id)
        holds = _holds(round_.id)
        offers = _offers(round_.id)
        ledger = _ledger(round_.id)
    person_of = {person.id: person.code for person in people}
    asked = {certificate for place in places for certificate in place.certificates}
    pins, bans, incumbent = {}, set(), {}
    for application_id, placement_id, kind in holds:
        if application_id in person_of and placement_id in codes:
            if kind is HoldKind.PIN:
                pins[person_of[application_id]] = codes[placement_id]
            else:
                bans.add((person_of[application_id], codes[placement_id]))
    for application_id, placement_id, state in offers:
        if application_id not in person_of or placement_id not in codes:
            continue
        if state in LIVE_OFFERS:
            incumbent[person_of[application_id]] = codes[placement_id]
        elif state in ENDED_OFFERS:
            bans.add((person_of[application_id], codes[placement_id]))
    return {
        "schema": SCHEMA,
        "id": f"round-{round_.id}",
        "unions": sorted(db.session.scalars(select(Union.code))),
        "participants": [_participant(person, codes, asked) for person in people],
        "placements": [_placement(place) for place in places],
        "delegations": _delegations(people),
        "pins": pins,
        "bans": [list(ban) for ban in sorted(bans)],
        "incumbent": incumbent,
        "ledger_days": ledger,
        "max_head_difference": round_.max_head_difference,
        "budget": round_.budget,
    }


def _applicants(round_id: int) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Application.id,
                Application.code,
                Union.code.label("union"),
                Local.country,
                Application.windows,
                Application.languages,
                Application.sectors,
                Application.prefs,
                Application.passport_until,
                Application.entry,
                Application.certificates,
                Application.wants_interpreter,
                Application.delegation,
                Application.only_listed,
                Application.waited,
            )
            .join(Member, Member.id == Application.member_id)
            .join(Union, Union.id == Application.union_id)
            .outerjoin(Local, Local.id == Member.local_id)
            .where(Application.round_id == round_id, Application.state == ApplicationState.SUBMITTED)
            .order_by(Application.code)
        )
    )


def _placements(round_id: int) -> list[Any]:
    return list(
        db.session.execute(
            select(
                Placement.id,
                Placement.code,
                Placement.host_id,
                Union.code.label("host_union"),
                Host.country,
                Placement.starts_on,
                Placement.ends_on,
                Placement.min_days,
                Placement.max_days,
                Placement.capacity,
                Placement.sector,
                Placement.language,
                Placement.min_level,
                Placement.interpreter_seats,
                Placement.certificates,
                Placement.passport_margin_days,
                Placement.cost,
            )
            .join(Host, Host.id == Placement.host_id)
            .join(Union, Union.id == Host.union_id)
            .where(
                Placement.round_id == round_id,
                Placement.state == PlacementState.OPEN,
                Host.state == PlacementState.OPEN,
            )
            .order_by(Placement.code)
        )
    )


def _holds(round_id: int) -> list[Any]:
    statement = select(Hold.application_id, Hold.placement_id, Hold.kind).where(Hold.round_id == round_id)
    return list(db.session.execute(statement))


def _offers(round_id: int) -> list[Any]:
    statement = select(Offer.application_id, Offer.placement_id, Offer.state)
    return list(db.session.execute(statement.where(Offer.round_id == round_id).order_by(Offer.id)))


def _ledger(round_id: int) -> dict[str, int]:
    """Person-days each union's guests have spent with the other in all other rounds."""
    days: dict[str, int] = defaultdict(int)
    for code, first, last in db.session.execute(
        select(Union.code, Offer.starts_on, Offer.ends_on)
        .join(Union, Union.id == Offer.union_id)
        .where(Offer.round_id != round_id, Offer.state == OfferState.CONFIRMED)
    ):
        days[code] += (last - first).days + 1
    return dict(days)


def _participant(person: Any, codes: dict[int, str], asked: set[str]) -> dict[str, Any]:
    tiers = [[codes[id_] for id_ in tier if id_ in codes] for tier in person.prefs]
    return {
        "id": person.code,
        "union": person.union,
        "country": person.country.value if person.country else HOME[person.union],
        "windows": person.windows,
        "passport_expiry": person.passport_until.isoformat() if person.passport_until else NEVER,
        "entry": person.entry,
        "languages": person.languages,
        "no_interpreter": not person.wants_interpreter,
        "sectors": person.sectors,
        "certs": {code: day for code, day in person.certificates.items() if code in asked},
        "prefs": [tier for tier in tiers if tier],
        "only_listed": person.only_listed,
        "waited": person.waited,
    }


def _placement(place: Any) -> dict[str, Any]:
    return {
        "id": place.code,
        "host": f"host-{place.host_id}",
        "host_union": place.host_union,
        "country": place.country.value,
        "sector": place.sector.value,
        "start": place.starts_on.isoformat(),
        "end": place.ends_on.isoformat(),
        "min_days": place.min_days,
        "max_days": place.max_days,
        "capacity": place.capacity,
        "language": place.language.value,
        "min_level": place.min_level.value,
        "interpreter_cap": place.interpreter_seats,
        "certs": sorted(place.certificates),
        "passport_margin_days": place.passport_margin_days,
        "cost": place.cost,
        "host_prefs": [],
    }


def _delegations(people: list[Any]) -> list[dict[str, Any]]:
    """Those of one union who wrote the same delegation; one person alone is none. Its name stays with its union."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for person in people:
        if name := fold(person.delegation):
            groups[person.union, name].append(person.code)
    return [
        {"id": f"D-{members[0]}", "members": members}
        for members in sorted(groups.values())
        if len(members) > 1
    ]
