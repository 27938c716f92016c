"""Who people are: unions, locals, members, roles, invitations and sessions."""

from __future__ import annotations

from flask import Blueprint, Flask, Response, request
from sqlalchemy.exc import OperationalError

from portal import clock
from portal.accounts import sessions
from portal.accounts.models import Member
from portal.database import writing
from portal.extensions import db, login
from portal.tenancy import set_union
from portal.web import SAFE, SENDER

SESSION = "relevo.session"
bp = Blueprint("accounts", __name__, url_prefix="/account")


def cookie_name(app: Flask) -> str:
    """`__Host-` binds the cookie to this very host; browsers take it over https only."""
    return "__Host-relevo" if app.config["SESSION_COOKIE_SECURE"] else "relevo"


def init_app(app: Flask) -> None:
    from portal.accounts import admin_views, commands, roster, rules, views  # noqa: F401

    login.init_app(app, add_context_processor=False)
    login.session_protection = None

    @login.request_loader
    def load(_request: object) -> Member | None:
        session = request.environ.get(SESSION)
        return session.member if session else None

    @app.before_request
    def know_the_sender() -> None:
        token = request.cookies.get(cookie_name(app))
        if token is None or request.endpoint == "static":
            return
        session = sessions.find(token, now=clock.now())
        if session is None:
            return
        request.environ[SESSION] = session
        request.environ[SENDER] = str(session.id)
        request.environ["relevo.locale"] = session.member.locale
        set_union(session.member.union_id)
        request.environ["relevo.touch"] = clock.now() - session.seen_at > sessions.SEEN_EVERY

    @app.after_request
    def keep_the_session_awake(response: Response) -> Response:
        if request.environ.get("relevo.touch") and request.method in SAFE:
            session_id = int(request.environ[SENDER])
            db.session.rollback()
            try:
                with writing():
                    sessions.touch(session_id, now=clock.now())
                    db.session.commit()
            except (
                OperationalError
            ):  # somebody writes for long; the page is ready, and the next one tries again
                db.session.rollback()
        return response

    app.register_blueprint(bp)
    commands.init_app(app)
