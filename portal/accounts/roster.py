"""The roster of one union, from its own files: who is new, who has changed, who is refused and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.accounts.models import Local, Member, Role, RoleName, Standing, Union
from portal.events import record
from portal.extensions import db
from portal.i18n import LOCALES, N_, _, place
from portal.imports import Importer, Outcome, RowStatus, Upload, importer, label_of, refused
from portal.sheets import ROSTER, Reading, Row, fold
from portal.tenancy import across_unions

SEVERAL_LOCALS = N_("Your union has several locals in “%(text)s”: %(known)s. Write the number.")
NO_SUCH_LOCAL = N_("Your union has no local “%(text)s” here. Known are: %(known)s.")
TWICE = N_("This address stands in row %(number)s already; that row is used.")
ELSEWHERE = N_("This address cannot be used. Ask the person for another one.")
HOME = {"usw": "US", "mineros": "MX"}


def reading(upload: Upload, today: date) -> Reading:
    """Dates and telephone numbers are read as in the country of the union, unless the file says otherwise."""
    union = db.session.get_one(Union, upload.union_id)
    return Reading(today=today, country=HOME.get(union.code))


def apply(upload: Upload, rows: Sequence[Row], now: datetime) -> list[Outcome]:
    """Write the rows into the roster. Absent columns and empty cells leave what is known as it is.

    New people are written together: row by row, a long file would keep everybody else from writing for long.
    """
    actor = db.session.get_one(Member, upload.member_id)
    locals_ = db.session.scalars(select(Local).where(Local.union_id == upload.union_id)).all()
    emails = [row.values["email"].lower() for row in rows]
    known, others = _people(upload.union_id, emails)
    seen: dict[str, int] = {}
    added: list[Member] = []
    outcomes = []
    for row, email in zip(rows, emails, strict=True):
        found = _locals(row, locals_)
        if email in seen:
            outcomes.append(refused(row, TWICE, column="email", number=seen[email]))
        elif email in others:
            outcomes.append(refused(row, ELSEWHERE, column="email"))
        elif len(found) != 1:
            why = SEVERAL_LOCALS if found else NO_SUCH_LOCAL
            names = ", ".join(entry.number for entry in found or locals_)
            outcomes.append(refused(row, why, column="local", text=row.values["local"].text, known=names))
        else:
            seen[email] = row.number
            if email in known:
                outcomes.append(_change(row, known[email], found[0], locals_, actor, now))
            else:
                added.append(_new(row, email, found[0], upload, now))
                outcomes.append(Outcome(row.number, RowStatus.NEW, label_of(row)))
    db.session.add_all(added)
    db.session.flush()
    for member in added:
        record("member.imported", member, by=actor, at=now, columns=["new"])
    return outcomes


def _people(union_id: int, emails: Sequence[str]) -> tuple[dict[str, Member], set[str]]:
    """Those of this union by address, and the addresses taken elsewhere."""
    known: dict[str, Member] = {}
    others: set[str] = set()
    with across_unions("an address is unique in the whole portal; of the other union only that it is taken"):
        for start in range(0, len(emails), 500):
            found = db.session.scalars(
                select(Member)
                .where(Member.email.in_(emails[start : start + 500]))
                .options(joinedload(Member.grants))
            ).unique()
            for member in found:
                if member.union_id == union_id:
                    known[member.email] = member
                else:
                    others.add(member.email)
    return known, others


def _locals(row: Row, locals_: Sequence[Local]) -> list[Local]:
    """The local by its number, else by its name, else those of the city the office wrote."""
    text, number = row.values["local"]
    words = fold(text)
    return (
        [local for local in locals_ if local.number == number or fold(local.number) == words][:1]
        or [local for local in locals_ if fold(local.name) == words]
        or [local for local in locals_ if fold(local.city) == words]
    )


def _wanted(row: Row, local: Local) -> dict[str, Any]:
    """What the row says, by column of a member; what it leaves open is not there."""
    wanted: dict[str, Any] = {"name": row.values["name"], "local_id": local.id}
    for key in ("standing", "locale", "zone"):
        if value := row.values.get(key):
            wanted[key] = Standing(value) if key == "standing" else value
    return wanted


def _roles(row: Row) -> set[RoleName]:
    return {RoleName(role) for role in row.values.get("roles") or ()}


def _change(
    row: Row, member: Member, local: Local, locals_: Sequence[Local], actor: Member, now: datetime
) -> Outcome:
    changes: list[tuple[str, Any, Any]] = []
    for column, new in _wanted(row, local).items():
        old = getattr(member, column)
        if old != new:
            changes.append((column, old, new))
            setattr(member, column, new)
    new_roles = _roles(row) - {grant.name for grant in member.grants}
    if new_roles:  # a roster adds roles; taking one away is a decision of its own
        changes.append(("roles", None, sorted(new_roles)))
        member.grants.extend(Role(name=role, granted_at=now) for role in sorted(new_roles))
    if not changes:
        return Outcome(row.number, RowStatus.UNCHANGED, label_of(row))
    record("member.imported", member, by=actor, at=now, columns=[change[0] for change in changes])
    names = {entry.id: entry.name for entry in locals_}
    said = [
        (_label(column), _said(column, old, names), _said(column, new, names)) for column, old, new in changes
    ]
    return Outcome(row.number, RowStatus.CHANGED, label_of(row), said)


def _new(row: Row, email: str, local: Local, upload: Upload, now: datetime) -> Member:
    by_region = "fr_CA" if local.region == "Québec" else {"MX": "es_MX"}.get(local.country.value, "en")
    defaults = {"standing": Standing.MEMBERSHIP, "locale": by_region, "zone": local.zone}
    return Member(
        union_id=upload.union_id,
        email=email,
        joined_at=now,
        **(defaults | _wanted(row, local)),
        grants=[Role(name=role, granted_at=now) for role in sorted(_roles(row) or {RoleName.LEARNER})],
    )


def _label(column: str) -> str:
    return {
        "name": _("Name"),
        "local_id": _("Local"),
        "standing": _("Standing"),
        "locale": _("Language"),
        "zone": _("Time zone"),
        "roles": _("Roles"),
    }[column]


def _said(column: str, value: Any, locals_: Mapping[int, str]) -> str:
    """What stands in a column, as people say it."""
    match column, value:
        case _, None:
            return ""
        case "local_id", _:
            return locals_[value]
        case "standing", _:
            return str(value.label)
        case "locale", _:
            return LOCALES.get(value, value)
        case "zone", _:
            return place(value)
        case "roles", _:
            return ", ".join(str(role.label) for role in value)
    return str(value)


importer("roster", Importer(columns=ROSTER, reading=reading, apply=apply))
