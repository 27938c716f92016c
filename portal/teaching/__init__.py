"""The instructor's week: rosters, attendance and notes; and what learners see of their own attendance."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, url_for

from portal.i18n import _l
from portal.policy import Permission
from portal.site import home_for, nav_item

bp = Blueprint("teaching", __name__)


def init_app(app: Flask) -> None:
    from portal.teaching import actions, note_views, rules, views  # noqa: F401

    app.register_blueprint(bp)
    nav_item(_l("My classes"), "teaching.classes", Permission.ATTENDANCE_READ, order=17)
    nav_item(_l("Teaching"), "teaching.week", Permission.WEEK_READ, order=40)


@home_for(20)
def instructors_start_at_their_week(member: Any) -> str | None:
    return url_for("teaching.week") if member.teaches else None


__all__ = ["bp"]
