"""The two programs of the Alliance: what is taught, to whom, explained in which languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.accounts.models import Standing
from portal.i18n import _l


@dataclass(frozen=True)
class Program:
    """One mount of the courses blueprint. `code` is its address and its endpoint prefix."""

    code: str
    teaches: str
    union_code: str
    standing: Standing
    explained_in: tuple[str, ...]
    name: Any
    lede: Any
    for_whom: Any

    def suits(self, standing: Standing) -> bool:
        """Whether people of this standing enroll by themselves; others are admitted by a coordinator."""
        return standing is self.standing


SPANISH = Program(
    code="spanish",
    teaches="es",
    union_code="usw",
    standing=Standing.STAFF,
    explained_in=("en", "fr_CA"),
    name=_l("Spanish"),
    lede=_l("Spanish for the work we share with Los Mineros: the floor, the table, the phone call."),
    for_whom=_l("Spanish is for the staff of the United Steelworkers."),
)
ENGLISH = Program(
    code="english",
    teaches="en",
    union_code="mineros",
    standing=Standing.LEADERSHIP,
    explained_in=("es_MX",),
    name=_l("English"),
    lede=_l("English for the work we share with the Steelworkers: the floor, the table, the phone call."),
    for_whom=_l("English is for the leadership of Los Mineros."),
)
PROGRAMS = {program.code: program for program in (SPANISH, ENGLISH)}
