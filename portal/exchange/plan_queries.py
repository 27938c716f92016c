"""What pages read of plans, guests and offers: the other union's people by pseudonym until both sides said yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, exists, func, literal, null, select
from sqlalchemy.orm import aliased, joinedload, undefer

from portal.accounts.models import Member
from portal.exchange.models import (
    LIVE_OFFERS,
    NAMES_KNOWN_AFTER,
    Application,
    Hold,
    Host,
    Offer,
    Placement,
    Plan,
    Round,
)
from portal.exchange.queries import PAGE, WITH_HOST, hidden
from portal.exchange.words import ApplicationState, HoldKind, OfferState, PlanState
from portal.extensions import db
from portal.jobs import Job
from portal.tenancy import across_unions


@dataclass(frozen=True)
class Guest:
    """One applicant as a coordinator may see them. `name` is None across unions until both sides said yes."""

    code: str
    union_id: int
    name: str | None
    languages: dict[str, str]
    windows: list[list[str]]
    state: ApplicationState
    waited: int | None = None  # own union only
    id: int | None = None  # own union only
    delegation: str = ""  # own union only


def latest_offers(application_ids: Iterable[int]) -> dict[int, Offer]:
    """The newest offer of each application; one that was replaced by a plan counts only when nothing followed."""
    found: dict[int, Offer] = {}
    for offer in db.session.scalars(
        select(Offer)
        .where(Offer.application_id.in_(list(application_ids)))
        .options(joinedload(Offer.placement).options(WITH_HOST))
        .order_by(Offer.id)
    ):
        found[offer.application_id] = offer
    return found


def offer_or_404(offer_id: int) -> Offer:
    """An offer to a person of one's own union."""
    return (
        db.session.scalar(
            select(Offer)
            .where(Offer.id == offer_id)
            .options(
                joinedload(Offer.application),
                joinedload(Offer.round),
                joinedload(Offer.placement).options(WITH_HOST),
            )
        )
        or hidden()
    )


def standing(application_id: int) -> Sequence[Offer]:
    return db.session.scalars(
        select(Offer)
        .where(Offer.application_id == application_id, Offer.state.in_(LIVE_OFFERS))
        .options(joinedload(Offer.round))
        .order_by(Offer.id)
    ).all()


def incoming_or_404(offer_id: int, union_id: int) -> Offer:
    """An offer of a seat at a host of this union, whoever is to sit there; for the host's answer."""
    with across_unions("the host's union answers for its host; narrowed to hosts of that union"):
        return (
            db.session.scalar(
                select(Offer)
                .join(Offer.placement)
                .join(Placement.host)
                .where(Offer.id == offer_id, Host.union_id == union_id)
                .options(
                    joinedload(Offer.application).options(joinedload(Application.member)),
                    joinedload(Offer.round),
                    joinedload(Offer.placement).options(WITH_HOST),
                )
            )
            or hidden()
        )


def contact_name(member_id: int | None) -> str | None:
    """Who answered for the host: told to a guest once both sides have said yes."""
    if member_id is None:
        return None
    with across_unions("both sides have said yes, so guest and contact may know each other's name"):
        return db.session.scalar(select(Member.name).where(Member.id == member_id))


def _known_name(viewer: Member, today: date) -> Any:
    """The name in SQL: of one's own union, or of guests both sides agreed on, until a while after the stay.

    Else NULL, so it never leaves the database.
    """
    both = aliased(Offer)
    agreed = exists().where(
        both.application_id == Application.id,
        both.state == OfferState.CONFIRMED,
        both.ends_on >= today - NAMES_KNOWN_AFTER,
    )
    return case((Application.union_id == viewer.union_id, Member.name), (agreed, Member.name), else_=null())


def guests(
    round_id: int,
    viewer: Member,
    *,
    today: date,
    states: Iterable[ApplicationState] = (ApplicationState.SUBMITTED,),
    page: int | None = None,
) -> list[Guest]:
    """The people of a round as `viewer`, a coordinator, may see them: own union first; `page` counts from 1."""
    own = Application.union_id == viewer.union_id
    # Only what was sent in concerns the other union: its drafts are not even counted.
    shown = Application.state.in_(list(states)) & (own | (Application.state == ApplicationState.SUBMITTED))
    name = _known_name(viewer, today).label("name")
    statement = (
        select(
            Application.code,
            Application.union_id,
            name,
            Application.languages,
            Application.windows,
            Application.state,
            case((own, Application.waited), else_=null()).label("waited"),
            case((own, Application.id), else_=null()).label("id"),
            case((own, Application.delegation), else_=literal("")).label("delegation"),
        )
        .join(Member, Member.id == Application.member_id)
        .where(Application.round_id == round_id, shown)
        .order_by(case((own, 0), else_=1), name, Application.code)
    )
    if page is not None:
        statement = statement.limit(PAGE).offset((page - 1) * PAGE)
    with across_unions("a shared round: pseudonym, languages and dates of the other union's people, no more"):
        return [Guest(**row._mapping) for row in db.session.execute(statement)]


def guests_count(round_id: int, viewer: Member, states: Iterable[ApplicationState]) -> int:
    own = Application.union_id == viewer.union_id
    with across_unions("how many people a shared round has"):
        return (
            db.session.scalar(
                select(func.count())
                .select_from(Application)
                .where(
                    Application.round_id == round_id,
                    Application.state.in_(list(states)),
                    own | (Application.state == ApplicationState.SUBMITTED),
                )
            )
            or 0
        )


def code_of(round_id: int, code: str) -> int | None:
    """The id of the application with this pseudonym in this round."""
    with across_unions("coordinators of both unions pin people of a shared round, by pseudonym"):
        return db.session.scalar(
            select(Application.id).where(
                Application.round_id == round_id,
                Application.code == code,
                Application.state == ApplicationState.SUBMITTED,
            )
        )


def holds(round_id: int) -> Sequence[Any]:
    """Rows of (id, kind, code of the person, code and state of the placement)."""
    with across_unions("pins and bans of a shared round, by pseudonym"):
        return db.session.execute(
            select(
                Hold.id,
                Hold.kind,
                Application.code.label("person"),
                Placement.code.label("placement"),
                Placement.state.label("placement_state"),
            )
            .join(Application, Application.id == Hold.application_id)
            .join(Placement, Placement.id == Hold.placement_id)
            .where(Hold.round_id == round_id)
            .order_by(Hold.kind.desc(), Application.code, Placement.code)
        ).all()


def hold_or_404(hold_id: int) -> Hold:
    return db.session.get(Hold, hold_id) or hidden()


def pin_of(application_id: int) -> Hold | None:
    return db.session.scalar(
        select(Hold).where(Hold.application_id == application_id, Hold.kind == HoldKind.PIN)
    )


def plans(round_id: int) -> Sequence[Plan]:
    return db.session.scalars(
        select(Plan).where(Plan.round_id == round_id).order_by(Plan.number.desc()).limit(PAGE)
    ).all()


def plan_or_404(plan_id: int) -> Plan:
    return (
        db.session.scalar(
            select(Plan)
            .where(Plan.id == plan_id)
            .options(joinedload(Plan.round), undefer(Plan.input_json), undefer(Plan.result_json))
        )
        or hidden()
    )


def solving(round_id: int) -> Plan | None:
    return db.session.scalar(select(Plan).where(Plan.round_id == round_id, Plan.state == PlanState.SOLVING))


def job_of(plan: Plan) -> Job | None:
    return db.session.get(Job, plan.job_id) if plan.job_id else None


def offers_in(round_id: int, viewer: Member, *, today: date) -> Sequence[Any]:
    """Rows about the offers of a round that still stand or ended by somebody's answer; the reason of a decline
    only for the person's own union."""
    own = Offer.union_id == viewer.union_id
    with across_unions("offers of a shared round: pseudonym, placement, dates and state"):
        return db.session.execute(
            select(
                Offer.id,
                Offer.state,
                Offer.union_id,
                Offer.starts_on,
                Offer.ends_on,
                Offer.answer_by,
                Offer.answered_at,
                Application.code.label("person"),
                _known_name(viewer, today).label("name"),
                Placement.code.label("placement"),
                Host.name.label("host"),
                Host.union_id.label("host_union_id"),
                case((own, Offer.reason), else_=literal("")).label("reason"),
            )
            .join(Application, Application.id == Offer.application_id)
            .join(Member, Member.id == Application.member_id)
            .join(Placement, Placement.id == Offer.placement_id)
            .join(Host, Host.id == Placement.host_id)
            .where(Offer.round_id == round_id, Offer.state != OfferState.REPLACED)
            .order_by(Application.code, Offer.id)
        ).all()


def stays_offered(round_id: int) -> dict[str, list[str]]:
    """First and last day (ISO) of the offers that stand, by pseudonym."""
    with across_unions("dates of the offers of a shared round, by pseudonym"):
        rows = db.session.execute(
            select(Application.code, Offer.starts_on, Offer.ends_on)
            .join(Application, Application.id == Offer.application_id)
            .where(Offer.round_id == round_id, Offer.state.in_(LIVE_OFFERS))
        )
        return {code: [first.isoformat(), last.isoformat()] for code, first, last in rows}


def offer_counts(round_id: int) -> dict[OfferState, int]:
    with across_unions("how many offers of a shared round stand where"):
        rows = db.session.execute(
            select(Offer.state, func.count())
            .where(Offer.round_id == round_id, Offer.state != OfferState.REPLACED)
            .group_by(Offer.state)
        )
        return {row[0]: row[1] for row in rows}


def waiting_for_the_host(union_id: int) -> Sequence[Any]:
    """Rows of (round id, its name, guests): who accepted a seat at this union's hosts and waits for its word."""
    with across_unions("guests who wait for an answer of this union's hosts, as numbers"):
        return db.session.execute(
            select(Round.id, Round.name, func.count())
            .join(Offer, Offer.round_id == Round.id)
            .join(Placement, Placement.id == Offer.placement_id)
            .join(Host, Host.id == Placement.host_id)
            .where(Offer.state == OfferState.ACCEPTED, Host.union_id == union_id)
            .group_by(Round.id, Round.name)
            .order_by(Round.id)
        ).all()


def overdue(now: datetime) -> Sequence[Offer]:
    """Offers nobody answered in time, with what their end needs; for the worker's sweep."""
    return db.session.scalars(
        select(Offer)
        .where(Offer.state == OfferState.OFFERED, Offer.answer_by < now)
        .options(
            joinedload(Offer.round),
            joinedload(Offer.application).options(joinedload(Application.member)),
            joinedload(Offer.placement).options(joinedload(Placement.host)),
        )
        .order_by(Offer.id)
        .limit(500)
    ).all()


def coordinators(union_id: int) -> Sequence[Member]:
    with across_unions("mail to the coordinators of one union"):
        found = db.session.scalars(
            select(Member).where(Member.union_id == union_id, Member.is_active).order_by(Member.id)
        ).all()
    return [member for member in found if member.coordinates]
