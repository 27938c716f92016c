"""A portal that lives: invented people with weeks of history, the same every time, dated from today.

Everybody here is called Ejemplo, Muestra, Prueba, Example, Sample or Exemple. Private fields carry the canary, so
that a leak is a string somebody can search for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, select

from portal.accounts.models import Local, Member, Union
from portal.extensions import db
from portal.learning import loading
from portal.learning.lesson_files import load_tree

PASSWORD = "two shifts one bridge"
CANARY = "canary-7Q4"  # in every private free text of the demo; found elsewhere, it is a leak
ROLES = ("learner", "instructor", "coordinator", "commission", "administrator")


@dataclass
class World:
    """What the seeds of the features build on.

    `members` by key: "<role>_usw" and "<role>_mineros" for each of the five roles, "staff_1".."staff_24" (Steelworker
    staff who learn Spanish), "leader_1".."leader_24" (Minero leaders who learn English), "rank_1".. and
    "base_1".. (membership of the USW and of Los Mineros).
    """

    now: datetime
    unions: dict[str, Union] = field(default_factory=dict)
    locals: dict[str, Local] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.date()

    def group(self, prefix: str) -> list[Member]:
        """Members whose key is `prefix` and a number, in order: world.group("staff")."""
        keys = [
            key
            for key in self.members
            if key.rpartition("_")[0] == prefix and key.rpartition("_")[2].isdigit()
        ]
        return [self.members[key] for key in sorted(keys, key=lambda key: int(key.rpartition("_")[2]))]


def canary(union: str) -> str:
    """The mark of a private text of one union: canary("usw")."""
    return f"{CANARY}-{union}"


def is_there() -> bool:
    """Whether this database has people already; then the demo stays out."""
    return bool(db.session.scalar(select(func.count(Member.id))))


def seed(now: datetime) -> World:
    """Fill an empty database. Runs in the caller's transaction, across unions."""
    from portal.demo import courses, exchange, learning, people, teaching

    world = World(now)
    people.seed(world)
    if not loading.is_loaded():
        loading.load_content(load_tree(), now=now)
    for feature in (courses, learning, teaching, exchange):
        feature.seed(world)
        db.session.flush()
    return world


def sign_ins() -> list[tuple[str, str, str]]:
    """One (role, e-mail, password) per role of the demo, or nothing when this is not the demo."""
    emails = [f"{role}@usw.example" for role in ROLES]
    known = set(db.session.scalars(select(Member.email).where(Member.email.in_(emails))))
    return [(role, email, PASSWORD) for role, email in zip(ROLES, emails, strict=True) if email in known]
