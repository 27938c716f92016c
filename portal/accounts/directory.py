"""The two unions and their locals: public facts, kept in directory.csv, loaded before anybody can be invited."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.accounts import actions, queries
from portal.accounts.models import Country, Local, Member, Role, RoleName, Standing, Union
from portal.errors import Refused
from portal.events import record
from portal.extensions import db
from portal.i18n import _, zones
from portal.tenancy import acting_for

DIRECTORY = Path(__file__).parent / "directory.csv"
UNIONS = {
    "usw": ("United Steelworkers", "USW"),
    "mineros": ("Sindicato Nacional de Trabajadores Mineros (Los Mineros)", "Los Mineros"),
}


def load_directory(path: Path = DIRECTORY, *, now: datetime) -> int:
    """Add the unions, and add or correct the locals of the file; returns how many locals are new.

    Raises `Refused`, naming the line, when a row is not whole.
    """
    unions = {union.code: union for union in db.session.scalars(select(Union))}
    for code, (name, short_name) in UNIONS.items():
        if code not in unions:
            unions[code] = Union(code=code, name=name, short_name=short_name)
            db.session.add(unions[code])
    db.session.flush()
    known = {(local.union_id, local.number): local for local in db.session.scalars(select(Local))}
    added = 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            facts = _facts(row, line)
            union = unions[row["union"]]
            local = known.get((union.id, row["number"]))
            if local is None:
                local = known[union.id, row["number"]] = Local(
                    union_id=union.id, number=row["number"], **facts
                )
                db.session.add(local)
                record("local.added", local, by=None, at=now)
                added += 1
            for column, value in facts.items():
                if getattr(local, column) != value:
                    setattr(local, column, value)
    db.session.flush()
    return added


def _facts(row: dict[str, str], line: int) -> dict[str, object]:
    names = ("name", "city", "region", "country", "zone", "sector", "employer")
    whole = all(row.get(name) for name in ("union", "number", *names))
    if (
        not whole
        or row["union"] not in UNIONS
        or row["zone"] not in zones()
        or row["country"] not in set(Country)
    ):
        raise Refused(_("Line %(line)s of the directory is not whole or names something unknown.", line=line))
    return {**{name: row[name] for name in names}, "country": Country(row["country"])}


def invite_first_administrator(union: Union, *, email: str, name: str, locale: str, now: datetime) -> Member:
    """Put the first administrator of a union on its rolls and send the link; the others are invited by them.

    Raises `Refused` when the union has an administrator with an account.
    """
    with acting_for(union.id):
        holders = (
            select(Member).join(Role).where(Role.name == RoleName.ADMINISTRATOR, Member.union_id == union.id)
        )
        if any(member.password_hash for member in db.session.scalars(holders)):
            raise Refused(_("This union has an administrator already. Ask them for an invitation."))
        local = db.session.scalars(select(Local).where(Local.union_id == union.id).order_by(Local.id)).first()
        member = db.session.scalar(select(Member).where(Member.email == email.lower()))
        if member is None:
            member = Member(
                union=union,
                local=local,
                name=name,
                email=email.lower(),
                standing=Standing.STAFF if union.code == "usw" else Standing.LEADERSHIP,
                locale=locale,
                zone=local.zone if local else "UTC",
                joined_at=now,
                grants=[Role(name=RoleName.ADMINISTRATOR, granted_at=now)],
            )
            db.session.add(member)
            db.session.flush()
            record("member.founded", member, by=None, at=now)
        elif not member.administers:
            member.grants.append(Role(name=RoleName.ADMINISTRATOR, granted_at=now))
            record("roles.changed", member, by=None, at=now, granted=[RoleName.ADMINISTRATOR], taken=[])
        db.session.flush()
        member = queries.member_or_404(member.id)  # with the union and the local that the letter names
        actions.invite_member(member, by=member, now=now)
    return member
