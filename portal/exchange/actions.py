"""Rounds, hosts, placements and applications: what people do before anything is matched."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.accounts.models import Member
from portal.errors import Refused
from portal.events import record
from portal.exchange import queries
from portal.exchange.models import Application, Host, Placement, Round
from portal.exchange.words import ApplicationState, PlacementState, RoundState
from portal.extensions import db
from portal.i18n import _, format_day
from portal.sheets import fold
from portal.tenancy import across_unions

CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that reads like something else
CODE_LENGTH = 3
WRITTEN = (
    "windows", "languages", "sectors", "prefs", "passport_until", "entry", "certificates", "wants_interpreter",
    "delegation", "only_listed", "notes",
)  # fmt: skip


# --- rounds --------------------------------------------------------------------------------------


def create_round(fields: Mapping[str, Any], *, by: Member, now: datetime) -> Round:
    round_ = Round(**fields, salt=secrets.token_hex(16), created_by_id=by.id, created_at=now)
    db.session.add(round_)
    record("round.created", round_, by=by, at=now)
    return round_


def edit_round(round_: Round, fields: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    still_open(round_)
    for name, value in fields.items():
        setattr(round_, name, value)
    record("round.edited", round_, by=by, at=now)


def move_round(round_: Round, state: RoundState, *, by: Member, now: datetime) -> None:
    """Open it, stop taking applications, take them again, close it. Offers are sent by publishing a plan alone."""
    db.session.refresh(round_, with_for_update=True)
    if state is RoundState.PUBLISHED:
        raise Refused(_("Offers are sent by publishing a plan."))
    round_.move_to(state)
    record("round.moved", round_, by=by, at=now, state=state.value)


def still_open(round_: Round) -> None:
    """Lock the round until the answer, so that nothing changes while a plan of it is published."""
    db.session.refresh(round_, with_for_update=True)
    if not round_.is_changeable:
        raise Refused(_("This round is closed. Nothing in it changes any more."))


# --- hosts and placements ------------------------------------------------------------------------


def save_host(host: Host | None, fields: Mapping[str, Any], *, by: Member, now: datetime) -> Host:
    """Create or change a host of the union of `by`. Raises `Refused` when the union has one of that name."""
    same = db.session.scalar(select(Host.id).where(Host.union_id == by.union_id, Host.name == fields["name"]))
    if same is not None and (host is None or same != host.id):
        raise Refused(_("Your union has a host with this name already."))
    if host is None:
        host = Host(union_id=by.union_id)
        db.session.add(host)
    for name, value in fields.items():
        setattr(host, name, value)
    record("host.saved", host, by=by, at=now)
    return host


def move_host(host: Host, state: PlacementState, *, by: Member, now: datetime) -> None:
    """A closed host takes nobody: its placements stay as they are and count for no new plan."""
    host.move_to(state)
    record("host.moved", host, by=by, at=now, state=state.value)


def create_placement(
    round_: Round, host: Host, fields: Mapping[str, Any], *, by: Member, now: datetime
) -> Placement:
    still_open(round_)
    if host.state is not PlacementState.OPEN:
        raise Refused(_("This host is closed. Open it first."))
    place = Placement(round_id=round_.id, host_id=host.id)
    _fill(place, round_, host, fields)
    db.session.add(place)
    record("placement.created", place, by=by, at=now, union_id=host.union_id)
    return place


def edit_placement(place: Placement, fields: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    """Raises `Refused` when there would be fewer seats than offers that stand."""
    still_open(place.round)
    taken = queries.live_offers_at(place.id)
    if fields["capacity"] < taken:
        raise Refused(_("%(num)s people hold an offer here; there cannot be fewer seats.", num=taken))
    _fill(place, place.round, place.host, fields)
    record("placement.edited", place, by=by, at=now, union_id=place.host.union_id)


def move_placement(place: Placement, state: PlacementState, *, by: Member, now: datetime) -> None:
    """Close or open again. Offers that stand are kept until a plan without this placement is published."""
    still_open(place.round)
    place.move_to(state)
    record("placement.moved", place, by=by, at=now, union_id=place.host.union_id, state=state.value)


def _fill(place: Placement, round_: Round, host: Host, fields: Mapping[str, Any]) -> None:
    """Without a code of its own a placement keeps the one it has, or gets one from its city."""
    code = fields["code"] or place.code or _free_code(round_, host)
    same = db.session.scalar(
        select(Placement.id).where(Placement.round_id == round_.id, Placement.code == code)
    )
    if same is not None and same != place.id:
        raise Refused(_("Another placement of this round is called %(code)s already.", code=code))
    for name, value in fields.items():
        setattr(place, name, value)
    place.code = code


def _free_code(round_: Round, host: Host) -> str:
    """CAN-1, CAN-2: the city's first letters and a number that is free in the round."""
    letters = (fold(host.city)[:3] or "x").upper()
    taken = set(
        db.session.scalars(
            select(Placement.code).where(
                Placement.round_id == round_.id, Placement.code.startswith(f"{letters}-")
            )
        )
    )
    number = 1
    while f"{letters}-{number}" in taken:
        number += 1
    return f"{letters}-{number}"


# --- applications --------------------------------------------------------------------------------


def may_apply(round_: Round, member: Member, *, now: datetime) -> bool:
    """Through the last day on the applicant's own wall."""
    today = now.astimezone(ZoneInfo(member.zone)).date()
    return round_.state is RoundState.OPEN and round_.opens_on <= today <= round_.closes_on


def pseudonym(round_: Round, member_id: int) -> str:
    """Three letters for this person in this round, the same each time; longer when they are taken."""
    hashed = hashlib.sha256(f"{round_.salt}:{member_id}".encode()).digest()
    letters = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in hashed)
    length = CODE_LENGTH
    with across_unions("a pseudonym is unique in a round of both unions"):
        while db.session.scalar(
            select(Application.id).where(
                Application.round_id == round_.id,
                Application.code == letters[:length],
                Application.member_id != member_id,
            )
        ):
            length += 1
    return letters[:length]


def start_application(round_: Round, member: Member, *, now: datetime) -> Application:
    """The member's application in this round, new or the one that is there. Raises `Refused` outside the days."""
    held = queries.application_of(member, round_.id)
    if held is None:
        held = new_application(round_, member, now=now)
    if not may_apply(round_, member, now=now):
        raise Refused(_closed(round_, member, now))
    return held


def new_application(round_: Round, member: Member, *, now: datetime) -> Application:
    application = Application(
        union_id=member.union_id,
        round_id=round_.id,
        member_id=member.id,
        code=pseudonym(round_, member.id),
        windows=[],
        languages={},
        sectors=[],
        prefs=[],
        entry={},
        certificates={},
        wants_interpreter=True,
        only_listed=False,
        delegation="",
        notes="",
        waited=0,
        state=ApplicationState.DRAFT,
        updated_at=now,
    )
    db.session.add(application)
    return application


def _closed(round_: Round, member: Member, now: datetime) -> str:
    today = now.astimezone(ZoneInfo(member.zone)).date()
    if round_.state is RoundState.OPEN and today < round_.opens_on:
        return _("This round opens on %(day)s.", day=format_day(round_.opens_on))
    return _(
        "This round took applications until %(day)s. Your exchange coordinator can still help.",
        day=format_day(round_.closes_on),
    )


def save_application(
    application: Application, fields: Mapping[str, Any], *, by: Member, now: datetime
) -> None:
    """Write the answers. One that was sent in stays so while nothing is missing; else it is a draft again."""
    for name in WRITTEN:
        if name in fields:
            setattr(application, name, fields[name])
    application.updated_at = now
    if application.state is ApplicationState.WITHDRAWN or (
        application.state is ApplicationState.SUBMITTED and missing(application)
    ):
        application.move_to(ApplicationState.DRAFT)
    record("application.saved", application, by=by, at=now)


def missing(application: Application) -> list[tuple[str, str]]:
    """What must be answered before it can be sent in: (part of the form, sentence)."""
    found = []
    if not application.windows:
        found.append(("windows", _("Say when you could travel: at least one first and last day.")))
    if not application.languages:
        found.append(("languages", _("Say which languages you speak, even a little.")))
    if application.passport_until is None:
        found.append(("passport_until", _("Say until when your passport is valid.")))
    if application.only_listed and not application.prefs:
        found.append(("prefs", _("You want listed placements only: choose at least one.")))
    return found


def submit(application: Application, *, by: Member, now: datetime) -> None:
    """Raises `Refused` when something is missing or the round no longer takes applications."""
    if application.state is ApplicationState.SUBMITTED:
        return
    if not may_apply(application.round, application.member, now=now):
        raise Refused(_closed(application.round, application.member, now))
    if missing(application):
        raise Refused(_("Something is still missing. Look at the list, then send it in."))
    application.move_to(ApplicationState.SUBMITTED)
    application.submitted_at = now
    application.waited = queries.times_passed_over(application.member_id, application.round_id)
    record("application.submitted", application, by=by, at=now)
