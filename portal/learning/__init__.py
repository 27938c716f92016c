"""Lessons, checking, review and progress."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, url_for

from portal.i18n import _l
from portal.policy import Permission
from portal.site import home_for, nav_item

bp = Blueprint("learning", __name__)


def init_app(app: Flask) -> None:
    from portal.learning import commands, review_views, rules, views, voices, wording  # noqa: F401

    app.register_blueprint(bp)
    commands.init_app(app)
    voices.register(app.extensions["relevo"])
    app.jinja_env.globals.update(told=wording.told, page_language=wording.reader_language)
    app.jinja_env.filters.update(note=wording.note, rest=wording.rest)
    nav_item(_l("Today"), "learning.today", Permission.LESSON_STUDY, order=10)
    nav_item(_l("Lessons"), "learning.lessons", Permission.LESSON_READ, order=11)


@home_for(10)
def learners_start_at_today(member: Any) -> str | None:
    return url_for("learning.today") if member.learns else None
