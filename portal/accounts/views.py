"""Accounts over HTTP."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from portal.accounts import SESSION, bp, cookie_name, sessions
from portal.policy import Permission, authorize, me
from portal.web import page, repeatable, seen


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    return page("accounts/sign_in.html")


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN)
    return page("accounts/profile.html", member=me())


@bp.post("/sign-out")
@repeatable
def sign_out() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    if (session := request.environ.get(SESSION)) is not None:
        sessions.close(session.id)
    response = seen("index")
    response.delete_cookie(cookie_name(current_app), secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response
