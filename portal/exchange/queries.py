"""What pages read of rounds, hosts, placements and applications: what is there before anything is matched."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Local, Member, Union
from portal.errors import Hidden
from portal.exchange.models import LIVE_OFFERS, Application, Host, Offer, Placement, Round
from portal.exchange.words import (
    ApplicationState,
    PlacementState,
    RoundState,
)
from portal.extensions import db
from portal.imports import Upload
from portal.tenancy import across_unions

PAGE = 50
WITH_HOST = joinedload(Placement.host).options(joinedload(Host.union))


@dataclass
class Counts:
    """Of one round: applications sent in by union, open placements and their seats."""

    applications: dict[int, int] = field(default_factory=dict)
    placements: int = 0
    seats: int = 0

    @property
    def people(self) -> int:
        return sum(self.applications.values())


def rounds(member: Member) -> Sequence[Round]:
    """Newest first; those being prepared for coordinators only."""
    statement = select(Round).order_by(Round.opens_on.desc(), Round.id.desc()).limit(PAGE)
    if not member.coordinates:
        statement = statement.where(Round.state != RoundState.DRAFT)
    return db.session.scalars(statement).all()


def round_or_404(round_id: int) -> Round:
    return db.session.get(Round, round_id) or hidden()


def counts(round_ids: Iterable[int]) -> dict[int, Counts]:
    """Numbers only, of both unions, in two statements."""
    ids = list(round_ids)
    found: dict[int, Counts] = defaultdict(Counts)
    with across_unions("coordinators of both unions see how many people a shared round has"):
        people = db.session.execute(
            select(Application.round_id, Application.union_id, func.count())
            .where(Application.round_id.in_(ids), Application.state == ApplicationState.SUBMITTED)
            .group_by(Application.round_id, Application.union_id)
        )
        for round_id, union_id, number in people:
            found[round_id].applications[union_id] = number
    places = db.session.execute(
        select(Placement.round_id, func.count(), func.sum(Placement.capacity))
        .where(Placement.round_id.in_(ids), Placement.state == PlacementState.OPEN)
        .group_by(Placement.round_id)
    )
    for round_id, number, seats in places:
        found[round_id].placements, found[round_id].seats = number, int(seats or 0)
    return found


def hosts() -> Sequence[Host]:
    return db.session.scalars(
        select(Host)
        .options(joinedload(Host.union), joinedload(Host.local))
        .order_by(Host.union_id, Host.state.desc(), Host.name, Host.id)
    ).all()


def open_hosts(union_id: int) -> Sequence[Host]:
    return db.session.scalars(
        select(Host)
        .where(Host.union_id == union_id, Host.state == PlacementState.OPEN)
        .order_by(Host.name, Host.id)
    ).all()


def host_or_404(host_id: int) -> Host:
    return (
        db.session.scalar(select(Host).where(Host.id == host_id).options(joinedload(Host.union))) or hidden()
    )


def locals_of(union_id: int) -> Sequence[Local]:
    return db.session.scalars(
        select(Local).where(Local.union_id == union_id).order_by(Local.name, Local.id)
    ).all()


def placements(round_id: int) -> Sequence[Placement]:
    return db.session.scalars(
        select(Placement)
        .where(Placement.round_id == round_id)
        .options(WITH_HOST)
        .order_by(Placement.state.desc(), Placement.starts_on, Placement.code)
    ).all()


def rankable(round_id: int, union_id: int) -> Sequence[Placement]:
    """Placements a member of this union may go to."""
    return [
        place
        for place in placements(round_id)
        if place.host.union_id != union_id and place.state is PlacementState.OPEN
    ]


def placement_or_404(placement_id: int) -> Placement:
    return (
        db.session.scalar(
            select(Placement)
            .where(Placement.id == placement_id)
            .options(WITH_HOST, joinedload(Placement.round))
        )
        or hidden()
    )


def live_offers_at(placement_id: int) -> int:
    with across_unions("a host's seats are counted whoever sits on them"):
        return (
            db.session.scalar(
                select(func.count())
                .select_from(Offer)
                .where(Offer.placement_id == placement_id, Offer.state.in_(LIVE_OFFERS))
            )
            or 0
        )


def application_of(member: Member, round_id: int) -> Application | None:
    return db.session.scalar(
        select(Application).where(Application.member_id == member.id, Application.round_id == round_id)
    )


def application_or_404(application_id: int) -> Application:
    return (
        db.session.scalar(
            select(Application)
            .where(Application.id == application_id)
            .options(
                joinedload(Application.round),
                joinedload(Application.member).options(joinedload(Member.local)),
            )
        )
        or hidden()
    )


def my_applications(member: Member) -> Sequence[Application]:
    return db.session.scalars(
        select(Application)
        .where(Application.member_id == member.id)
        .options(joinedload(Application.round))
        .order_by(Application.updated_at.desc(), Application.id.desc())
        .limit(PAGE)
    ).all()


def union_names() -> dict[str, str]:
    return {union.code: union.short_name for union in db.session.scalars(select(Union))}


def upload_or_404(upload_id: int, round_id: int) -> Upload:
    return (
        db.session.scalar(
            select(Upload).where(
                Upload.id == upload_id, Upload.kind == "applications", Upload.target_id == round_id
            )
        )
        or hidden()
    )


def times_passed_over(member_id: int, round_id: int) -> int:
    """Earlier rounds with offers in which this person had applied and got none."""
    offered = exists().where(Offer.application_id == Application.id)
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Application)
            .join(Round, Round.id == Application.round_id)
            .where(
                Application.member_id == member_id,
                Application.round_id != round_id,
                Application.state == ApplicationState.SUBMITTED,
                Round.state.in_([RoundState.PUBLISHED, RoundState.CLOSED]),
                ~offered,
            )
        )
        or 0
    )


def hidden() -> Any:
    raise Hidden
