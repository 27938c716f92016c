"""Makes what tests need, with recognisably invented people. Every method commits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Country, Local, Member, Role, RoleName, Standing, Union
from portal.extensions import db

LOCALS = {
    "usw": ("1557", "Local 1557", "Clairton", "Pennsylvania", Country.US, "America/New_York"),
    "mineros": ("65", "Sección 65", "Cananea", "Sonora", Country.MX, "America/Hermosillo"),
}
NAMES = {"usw": ("United Steelworkers", "USW"), "mineros": ("Los Mineros", "Los Mineros")}


class Factory:
    """`make.member("Ana Ejemplo")`; what is not said gets a plain default."""

    def __init__(self, now: datetime):
        self.now = now
        self._count = 0

    def add(self, thing: Any) -> Any:
        db.session.add(thing)
        db.session.commit()
        return thing

    def union(self, code: str = "usw") -> Union:
        held = db.session.scalar(select(Union).where(Union.code == code))
        return held or self.add(Union(code=code, name=NAMES[code][0], short_name=NAMES[code][1]))

    def local(self, code: str = "usw") -> Local:
        number, name, city, region, country, zone = LOCALS[code]
        union = self.union(code)
        held = db.session.scalar(select(Local).where(Local.union_id == union.id, Local.number == number))
        return held or self.add(
            Local(
                union_id=union.id,
                number=number,
                name=name,
                city=city,
                region=region,
                country=country,
                zone=zone,
                sector="steel",
                employer="Example Works",
            )
        )

    def member(
        self,
        name: str = "Ana Ejemplo",
        *roles: str,
        union: str = "usw",
        standing: Standing = Standing.STAFF,
        locale: str = "en",
        zone: str | None = None,
        email: str | None = None,
        **columns: Any,
    ) -> Member:
        """A member with `roles` (left out: learner). The e-mail is unique by itself."""
        self._count += 1
        local = self.local(union)
        member = Member(
            union_id=local.union_id,
            local_id=local.id,
            name=name,
            email=email
            or f"{name.split()[0].lower().encode('ascii', 'ignore').decode()}{self._count}@example.org",
            standing=standing,
            locale=locale,
            zone=zone or local.zone,
            joined_at=self.now,
            grants=[Role(name=RoleName(role), granted_at=self.now) for role in roles or ("learner",)],
            **columns,
        )
        return self.add(member)
