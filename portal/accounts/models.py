"""Unions, their locals, their people, and how people prove who they are."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from portal.extensions import db
from portal.folding import fold
from portal.i18n import _l
from portal.tenancy import OwnedByUnion

IDLE_LIMIT = timedelta(days=3)
ABSOLUTE_LIMIT = timedelta(days=30)


class Country(StrEnum):
    US = "US"
    CA = "CA"
    MX = "MX"

    @property
    def label(self) -> str:
        return {"US": _l("United States"), "CA": _l("Canada"), "MX": _l("Mexico")}[self.value]


class Standing(StrEnum):
    """What a person is in the union, whatever they may do in the portal."""

    STAFF = "staff"
    LEADERSHIP = "leadership"
    MEMBERSHIP = "membership"

    @property
    def label(self) -> str:
        return {"staff": _l("Staff"), "leadership": _l("Leadership"), "membership": _l("Membership")}[
            self.value
        ]


class RoleName(StrEnum):
    LEARNER = "learner"
    INSTRUCTOR = "instructor"
    COORDINATOR = "coordinator"
    COMMISSION = "commission"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return {
            "learner": _l("Learner"),
            "instructor": _l("Instructor"),
            "coordinator": _l("Exchange coordinator"),
            "commission": _l("Commission member"),
            "administrator": _l("Administrator"),
        }[self.value]


class Union(db.Model):
    """One of the two organizations. `code` is stable: usw, mineros."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(40))


class Local(db.Model):
    """A local union or sección: public facts only, so it is no union's secret."""

    __table_args__ = (UniqueConstraint("union_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    union_id: Mapped[int] = mapped_column(ForeignKey("union.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(160))
    city: Mapped[str] = mapped_column(String(80))
    region: Mapped[str] = mapped_column(String(80))
    country: Mapped[Country]
    zone: Mapped[str] = mapped_column(String(64))
    sector: Mapped[str] = mapped_column(String(60))
    employer: Mapped[str] = mapped_column(String(120))

    union: Mapped[Union] = relationship(lazy="raise_on_sql")


class Member(OwnedByUnion, db.Model):
    """A person of one union. `email` is stored in lower case; without a password hash they cannot sign in yet."""

    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    local_id: Mapped[int | None] = mapped_column(ForeignKey("local.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sort_name: Mapped[str] = mapped_column(String(240))  # the name as it is sorted and searched
    email: Mapped[str] = mapped_column(String(254), unique=True)
    standing: Mapped[Standing]
    locale: Mapped[str] = mapped_column(String(8), default="en")
    zone: Mapped[str] = mapped_column(String(64), default="America/New_York")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    is_active: Mapped[bool] = mapped_column(default=True)
    joined_at: Mapped[datetime]

    union: Mapped[Union] = relationship(lazy="raise_on_sql")
    local: Mapped[Local | None] = relationship(lazy="raise_on_sql")
    grants: Mapped[list[Role]] = relationship(lazy="selectin", cascade="all, delete-orphan")

    is_authenticated = True
    is_anonymous = False

    @validates("name")
    def _remember_how_it_is_sorted(self, _key: str, name: str) -> str:
        self.sort_name = fold(name)[:240]  # some signs fold to several letters
        return name

    def get_id(self) -> str:
        return str(self.id)

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.name.value for grant in self.grants)

    def has(self, role: RoleName) -> bool:
        return role.value in self.roles

    @property
    def learns(self) -> bool:
        return self.has(RoleName.LEARNER)

    @property
    def teaches(self) -> bool:
        return self.has(RoleName.INSTRUCTOR)

    @property
    def coordinates(self) -> bool:
        return self.has(RoleName.COORDINATOR)

    @property
    def administers(self) -> bool:
        return self.has(RoleName.ADMINISTRATOR)

    @property
    def sits_on_commission(self) -> bool:
        return self.has(RoleName.COMMISSION)


class Role(db.Model):
    """What a member may do, within the member's own union."""

    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[RoleName] = mapped_column(primary_key=True)
    granted_at: Mapped[datetime]


class Session(db.Model):
    """One signed-in device. The cookie holds a 256-bit secret, the table only its SHA-256."""

    __table_args__ = (Index("ix_session_member_id_ends_at", "member_id", "ends_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"))
    device: Mapped[str] = mapped_column(String(80))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    member: Mapped[Member] = relationship(lazy="raise_on_sql")

    def is_live(self, now: datetime) -> bool:
        return now < self.ends_at and now - self.seen_at < IDLE_LIMIT


class Invitation(OwnedByUnion, db.Model):
    """A single-use link by which a person enters a union's rolls."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    standing: Mapped[Standing]
    local_id: Mapped[int | None] = mapped_column(ForeignKey("local.id"))
    roles: Mapped[list[str]]
    locale: Mapped[str] = mapped_column(String(8))
    invited_by_id: Mapped[int] = mapped_column(ForeignKey("member.id"))
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]

    local: Mapped[Local | None] = relationship(lazy="raise_on_sql")


class PasswordReset(db.Model):
    """A single-use link to choose a new password."""

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInAttempt(db.Model):
    """A failed try, counted by account and by address; both only as hashes, forgotten after a day."""

    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
