"""What is taught, when, and who sits where."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, url_for

from portal.courses.programs import ENGLISH, PROGRAMS, SPANISH, Program
from portal.i18n import _l
from portal.policy import Permission, allows
from portal.site import home_for, nav_item

# Written once, mounted twice: its endpoints are spanish.index and english.index, spanish.cohort and so on.
program_bp = Blueprint("program", __name__)
own_bp = Blueprint("courses", __name__)


def init_app(app: Flask) -> None:
    from portal.courses import actions, agenda_views, planning, rules, views  # noqa: F401

    for order, program in ((20, SPANISH), (30, ENGLISH)):
        app.register_blueprint(program_bp, name=program.code, url_prefix=f"/{program.code}")
        nav_item(program.name, f"{program.code}.index", Permission.CATALOG_READ, order=order, thing=program)
    app.register_blueprint(own_bp)
    nav_item(_l("Agenda"), "courses.agenda", Permission.AGENDA_READ, order=15)


def _home_in(program: Program, member: Any) -> str | None:
    if member.learns and allows(Permission.CATALOG_READ, program, actor=member):
        return url_for(f"{program.code}.index")
    return None


@home_for(20)
def learners_of_spanish_start_at_its_catalog(member: Any) -> str | None:
    return _home_in(SPANISH, member)


@home_for(30)
def learners_of_english_start_at_its_catalog(member: Any) -> str | None:
    return _home_in(ENGLISH, member)


__all__ = ["ENGLISH", "PROGRAMS", "SPANISH", "own_bp", "program_bp"]
