"""Rounds, hosts, placements, applications, plans and offers of the exchange.

Rounds, hosts, placements and plans are shared by both unions: a plan knows people only by the pseudonym of the
round. Applications and offers belong to the union of the person who travels.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from portal.accounts.models import Country, Local, Member, Union
from portal.errors import Refused
from portal.exchange.words import (
    ApplicationState,
    HoldKind,
    Language,
    Level,
    OfferState,
    PlacementState,
    PlanState,
    RoundState,
    Sector,
)
from portal.extensions import db
from portal.i18n import _
from portal.tenancy import OwnedByUnion

ROUND_NEXT_STATES = {
    RoundState.DRAFT: {RoundState.OPEN},
    RoundState.OPEN: {RoundState.MATCHING},
    RoundState.MATCHING: {RoundState.OPEN, RoundState.PUBLISHED, RoundState.CLOSED},
    RoundState.PUBLISHED: {RoundState.CLOSED},
    RoundState.CLOSED: set(),
}
PLACEMENT_NEXT_STATES = {
    PlacementState.OPEN: {PlacementState.CLOSED},
    PlacementState.CLOSED: {PlacementState.OPEN},
}
APPLICATION_NEXT_STATES = {
    ApplicationState.DRAFT: {ApplicationState.SUBMITTED, ApplicationState.WITHDRAWN},
    ApplicationState.SUBMITTED: {ApplicationState.DRAFT, ApplicationState.WITHDRAWN},
    ApplicationState.WITHDRAWN: {ApplicationState.DRAFT},
}
PLAN_NEXT_STATES = {
    PlanState.SOLVING: {PlanState.READY, PlanState.FAILED},
    PlanState.READY: {PlanState.PUBLISHED, PlanState.SUPERSEDED},
    PlanState.PUBLISHED: {PlanState.SUPERSEDED},
    PlanState.FAILED: set(),
    PlanState.SUPERSEDED: set(),
}
_ENDS = {OfferState.DECLINED, OfferState.REPLACED}
OFFER_NEXT_STATES = {
    OfferState.OFFERED: {OfferState.ACCEPTED, OfferState.LAPSED} | _ENDS,
    OfferState.ACCEPTED: {OfferState.CONFIRMED, OfferState.REFUSED} | _ENDS,
    OfferState.CONFIRMED: _ENDS,
    OfferState.DECLINED: set(),
    OfferState.REFUSED: set(),
    OfferState.LAPSED: set(),
    OfferState.REPLACED: set(),
}
LIVE_OFFERS = (OfferState.OFFERED, OfferState.ACCEPTED, OfferState.CONFIRMED)
NAMES_KNOWN_AFTER = timedelta(days=30)  # the stay: time for the way home, thanks and what is left to settle
ENDED_OFFERS = (OfferState.DECLINED, OfferState.REFUSED, OfferState.LAPSED)
_LIVE_ONLY = text("state IN ('offered', 'accepted', 'confirmed')")


class Moves:
    """Goes from state to state by the table of its class, and by nothing else."""

    NEXT_STATES: ClassVar[dict[Any, set[Any]]]
    state: Any

    def move_to(self, state: Any) -> None:
        """Raises `Refused` when the table does not lead there."""
        if state not in self.NEXT_STATES[self.state]:
            raise Refused(
                _(
                    "This is “%(before)s” now and cannot become “%(after)s”.",
                    before=self.state.label,
                    after=state.label,
                )
            )
        self.state = state


class Round(Moves, db.Model):
    """One call for applications and placements. `closes_on` is the last day, on the wall of the applicant."""

    NEXT_STATES = ROUND_NEXT_STATES
    __table_args__ = (
        CheckConstraint("closes_on >= opens_on", name="days_in_order"),
        CheckConstraint("max_head_difference >= 0", name="head_difference_not_negative"),
        CheckConstraint("budget >= 0", name="budget_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    max_head_difference: Mapped[int | None]
    budget: Mapped[int | None]
    state: Mapped[RoundState] = mapped_column(default=RoundState.DRAFT)
    salt: Mapped[str] = mapped_column(String(64))  # of the pseudonyms; never shown
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]

    @property
    def is_changeable(self) -> bool:
        """Whether placements and applications may still change."""
        return self.state is not RoundState.CLOSED


class Host(Moves, db.Model):
    """A place of one union that takes guests of the other. Everything here is shown to both."""

    NEXT_STATES = PLACEMENT_NEXT_STATES
    __table_args__ = (UniqueConstraint("union_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("union.id"), index=True)
    local_id: Mapped[int | None] = mapped_column(ForeignKey("local.id"))
    name: Mapped[str] = mapped_column(String(120))
    city: Mapped[str] = mapped_column(String(80))
    country: Mapped[Country]
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.OPEN)

    union: Mapped[Union] = relationship(lazy="raise_on_sql")
    local: Mapped[Local | None] = relationship(lazy="raise_on_sql")


class Placement(Moves, db.Model):
    """Seats at a host for a stretch of days in one round. `code` is how people and files name it."""

    NEXT_STATES = PLACEMENT_NEXT_STATES
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        CheckConstraint("min_days >= 1", name="min_days_positive"),
        CheckConstraint("max_days IS NULL OR max_days >= min_days", name="stay_in_order"),
        CheckConstraint("capacity >= 1", name="capacity_positive"),
        CheckConstraint("interpreter_seats >= 0", name="interpreter_seats_not_negative"),
        CheckConstraint("passport_margin_days >= 0", name="passport_margin_not_negative"),
        CheckConstraint("cost >= 0", name="cost_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    host_id: Mapped[int] = mapped_column(ForeignKey("host.id"), index=True)
    code: Mapped[str] = mapped_column(String(20))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    min_days: Mapped[int]
    max_days: Mapped[int | None]
    capacity: Mapped[int]
    sector: Mapped[Sector]
    language: Mapped[Language]
    min_level: Mapped[Level]
    interpreter_seats: Mapped[int] = mapped_column(default=0)
    certificates: Mapped[list[str]]
    passport_margin_days: Mapped[int] = mapped_column(default=0)
    cost: Mapped[int] = mapped_column(default=0)  # for one guest, in US dollars
    description: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[PlacementState] = mapped_column(default=PlacementState.OPEN)

    host: Mapped[Host] = relationship(lazy="raise_on_sql")
    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class Application(Moves, OwnedByUnion, db.Model):
    """What one member can do in one round. Days documents are valid until, never their numbers."""

    NEXT_STATES = APPLICATION_NEXT_STATES
    __table_args__ = (
        UniqueConstraint("round_id", "member_id"),
        UniqueConstraint("round_id", "code"),
        CheckConstraint("waited >= 0", name="waited_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(12))  # the pseudonym in this round
    windows: Mapped[list[list[str]]] = mapped_column(JSON)  # [[first day, last day]], ISO, inclusive
    languages: Mapped[dict[str, Any]]
    sectors: Mapped[list[str]]
    prefs: Mapped[list[list[int]]] = mapped_column(JSON)  # tiers of placement ids
    passport_until: Mapped[date | None]
    entry: Mapped[dict[str, Any]]  # country: "open" or [first day, last day]; absent: none
    certificates: Mapped[dict[str, Any]]  # code: last valid day, ISO
    wants_interpreter: Mapped[bool] = mapped_column(default=True)
    delegation: Mapped[str] = mapped_column(String(80), default="")
    only_listed: Mapped[bool] = mapped_column(default=False)
    waited: Mapped[int] = mapped_column(default=0)
    notes: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[ApplicationState] = mapped_column(default=ApplicationState.DRAFT)
    updated_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")
    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class Hold(db.Model):
    """What a coordinator fixed for the next plan: this person here (pin), or anywhere but here (ban)."""

    __table_args__ = (UniqueConstraint("application_id", "placement_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), index=True)
    kind: Mapped[HoldKind]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    held_at: Mapped[datetime]


class Plan(Moves, db.Model):
    """One run of the matching, kept to the byte: the same input gives the same result again."""

    NEXT_STATES = PLAN_NEXT_STATES
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    number: Mapped[int]
    input_hash: Mapped[str] = mapped_column(String(64))
    input_json: Mapped[str] = deferred(mapped_column(Text))
    result_json: Mapped[str | None] = deferred(mapped_column(Text))
    job_id: Mapped[int | None]
    state: Mapped[PlanState] = mapped_column(default=PlanState.SOLVING)
    failure: Mapped[str | None] = mapped_column(String(300))
    created_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    round: Mapped[Round] = relationship(lazy="raise_on_sql")


class Offer(Moves, OwnedByUnion, db.Model):
    """A placement offered to a person. Confirmed once the person and the host's union have both said yes."""

    NEXT_STATES = OFFER_NEXT_STATES
    __table_args__ = (
        Index(
            "uq_offer_live_application",
            "application_id",
            unique=True,
            sqlite_where=_LIVE_ONLY,
            postgresql_where=_LIVE_ONLY,
        ),
        CheckConstraint("ends_on >= starts_on", name="days_in_order"),
        Index("ix_offer_round_id_state", "round_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id", ondelete="CASCADE"))
    placement_id: Mapped[int] = mapped_column(ForeignKey("placement.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[OfferState] = mapped_column(default=OfferState.OFFERED)
    answer_by: Mapped[datetime]
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]  # by the person
    reason: Mapped[str] = mapped_column(Text, default="")  # of a decline; for the person's own union only
    host_answered_at: Mapped[datetime | None]
    host_answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("member.id"))

    application: Mapped[Application] = relationship(lazy="raise_on_sql")
    placement: Mapped[Placement] = relationship(lazy="raise_on_sql")
    round: Mapped[Round] = relationship(lazy="raise_on_sql")

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_OFFERS

    @property
    def names_until(self) -> date:
        """The last day on which guest and host's union know each other by name, once both have said yes."""
        return self.ends_on + NAMES_KNOWN_AFTER

    @property
    def member_id(self) -> int:
        return self.application.member_id
