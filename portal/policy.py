"""Who may do what: one rule a permission, deny by default.

A feature states its rules in its `rules.py`. A view calls `authorize` before it reads or writes; an answer
of a view that never did is not sent, and a write that never did does not commit.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask import request
from flask_login import current_user

from portal.errors import Hidden, SignInNeeded

AUTHORIZED = "relevo.authorized"


class Permission(StrEnum):
    PUBLIC = "public"  # anybody, signed in or not
    SIGNED_IN = "signed_in"  # any member, about oneself only

    # accounts
    MEMBER_EDIT = "member.edit"
    MEMBER_INVITE = "member.invite"
    ROLE_GRANT = "role.grant"
    ROSTER_IMPORT = "roster.import"
    AUDIT_READ = "audit.read"

    # courses
    CATALOG_READ = "catalog.read"
    COHORT_READ = "cohort.read"
    COHORT_MANAGE = "cohort.manage"
    MEETING_CANCEL = "meeting.cancel"
    SEAT_TAKE = "seat.take"
    SEAT_LEAVE = "seat.leave"
    SEAT_ADMIT = "seat.admit"
    AGENDA_READ = "agenda.read"

    # learning
    LESSON_READ = "lesson.read"
    LESSON_STUDY = "lesson.study"
    REVIEW_DO = "review.do"
    PROGRESS_READ = "progress.read"

    # teaching
    WEEK_READ = "week.read"
    ROSTER_READ = "roster.read"
    COHORT_TEACH = "cohort.teach"
    ATTENDANCE_TAKE = "attendance.take"
    ATTENDANCE_READ = "attendance.read"
    NOTE_EDIT = "note.edit"

    # exchange
    ROUND_READ = "round.read"
    ROUND_MANAGE = "round.manage"
    HOST_MANAGE = "host.manage"
    PLACEMENT_READ = "placement.read"
    APPLICATION_READ = "application.read"
    APPLICATION_EDIT = "application.edit"
    APPLICATION_IMPORT = "application.import"
    PLAN_READ = "plan.read"
    PLAN_SOLVE = "plan.solve"
    PLAN_PUBLISH = "plan.publish"
    OFFER_ANSWER = "offer.answer"
    OFFER_CONFIRM = "offer.confirm"


Rule = Callable[[Any, Any], bool]
RULES: dict[Permission, Rule] = {}
_for_anybody: set[Permission] = set()


def rule(permission: Permission, *, anybody: bool = False) -> Callable[[Rule], Rule]:
    """Register the one rule of `permission`: `(actor, thing) -> bool`.

    With `anybody` the rule is also asked when nobody is signed in; the actor is then None.
    Raises ValueError on a second rule for one permission.
    """

    def register(function: Rule) -> Rule:
        if permission in RULES:
            raise ValueError(f"{permission} has a rule already: {RULES[permission].__name__}")
        RULES[permission] = function
        if anybody:
            _for_anybody.add(permission)
        return function

    return register


def me() -> Any:
    """The member signed in, or None."""
    return current_user._get_current_object() if current_user and current_user.is_authenticated else None


def allows(permission: Permission, thing: Any = None, *, actor: Any = None) -> bool:
    """Whether the rule lets `actor` (left out: the member signed in) do this. No rule, no access."""
    actor = me() if actor is None else actor
    found = RULES.get(permission)
    if found is None or (actor is None and permission not in _for_anybody):
        return False
    return bool(found(actor, thing))


def authorize(permission: Permission, thing: Any = None) -> None:
    """Let the request go on, or raise: `SignInNeeded` for a stranger, `Hidden` (404) for a member."""
    if not allows(permission, thing):
        raise SignInNeeded if me() is None else Hidden
    request.environ[AUTHORIZED] = True


def was_authorized() -> bool:
    return bool(request.environ.get(AUTHORIZED))


@rule(Permission.PUBLIC, anybody=True)
def anybody_sees_what_is_public(_actor: Any, _thing: Any) -> bool:
    return True


@rule(Permission.SIGNED_IN)
def members_act_on_what_is_their_own(actor: Any, thing: Any) -> bool:
    return thing is None or getattr(thing, "member_id", None) == actor.id or thing is actor
