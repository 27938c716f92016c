"""The pages that belong to no feature: the front door, the language menu, the style guide, the outbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as modern
from typing import Any

from flask import Flask, abort, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal import clock, i18n, policy
from portal.config import Settings
from portal.policy import Permission
from portal.styleguide import samples
from portal.web import FAULT, for_strangers, local_path, page, repeatable

YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class NavItem:
    """One entry of the main menu, shown to whom the rule of its permission allows."""

    label: Any
    endpoint: str
    permission: Permission
    order: int
    thing: Any = None


_nav: list[NavItem] = []
_beams: list[Callable[[], tuple[int, int, int]]] = []
_homes: list[tuple[int, Callable[[Any], str | None]]] = []


def nav_item(label: Any, endpoint: str, permission: Permission, *, order: int, thing: Any = None) -> None:
    """Add an entry to the main menu; `label` is a lazy translation. Known entries are replaced.

    `thing` is what the rule of `permission` is asked about.
    """
    _nav[:] = [item for item in _nav if item.endpoint != endpoint]
    _nav.append(NavItem(label, endpoint, permission, order, thing))
    _nav.sort(key=lambda item: item.order)


def home_for(order: int) -> Callable[[Callable[[Any], str | None]], Callable[[Any], str | None]]:
    """Register `member -> address or None`: the first that knows where a member starts is used, by `order`."""

    def register(function: Callable[[Any], str | None]) -> Callable[[Any], str | None]:
        _homes.append((order, function))
        _homes.sort(key=lambda pair: pair[0])
        return function

    return register


def bridge_from(count: Callable[[], tuple[int, int, int]]) -> Callable[[], tuple[int, int, int]]:
    """Register what counts the beams of the bridge: by Spanish learners, by English learners, joint spans."""
    _beams[:] = [count]
    return count


def home_address(member: Any) -> str:
    """Where this member starts the day."""
    return next(
        (address for _order, home in _homes if (address := home(member))), url_for("accounts.profile")
    )


def _nav_of(member: Any) -> list[tuple[str, str, bool]]:
    here = request.path
    entries = []
    for item in _nav:
        if policy.allows(item.permission, item.thing):
            address = url_for(item.endpoint)
            entries.append(
                (item.label, address, here == address or here.startswith(address.rstrip("/") + "/"))
            )
    return entries


def init_app(app: Flask, settings: Settings) -> None:
    @app.context_processor
    def what_every_template_knows() -> dict[str, Any]:
        if not has_request_context():  # a letter knows only what it is given
            return {}
        code = i18n.locale()
        if request.environ.get(FAULT):  # the member may be out of reach, and that may be the fault
            return {"locale": code, "html_lang": i18n.HTML_LANG[code]}
        member = policy.me()
        return {
            "me": member,
            "nav": _nav_of(member),
            "locale": code,
            "html_lang": i18n.HTML_LANG[code],
            "locales": i18n.LOCALES,
            "html_langs": i18n.HTML_LANG,
            "now": clock.now(),
            "allows": policy.allows,
            "Permission": Permission,
            "is_development": settings.is_development,
        }

    app.jinja_env.filters.update(
        day=i18n.format_day, moment=i18n.format_moment, clock=i18n.format_clock, place=i18n.place
    )

    @app.get("/")
    def index() -> ResponseReturnValue:
        policy.authorize(Permission.PUBLIC)
        member = policy.me()
        if member is not None:
            return redirect(home_address(member), 303)
        return page("site/index.html", beams=_beams[0]() if _beams else None)

    @app.post("/language/<locale>")
    @repeatable
    @for_strangers
    def set_locale(locale: str) -> ResponseReturnValue:
        """Choose the language of this browser, and of the account when somebody is signed in."""
        policy.authorize(Permission.PUBLIC)
        if locale not in i18n.LOCALES:
            abort(404)
        if (member := policy.me()) is not None:
            member.locale = locale
        response = redirect(local_path(request.form.get("next")) or url_for("index"), 303)
        response.set_cookie(
            i18n.COOKIE, locale, max_age=YEAR, secure=settings.is_secure, httponly=True, samesite="Lax"
        )
        return response

    @app.get("/styleguide")
    def styleguide() -> ResponseReturnValue:
        policy.authorize(Permission.PUBLIC)
        return page("styleguide.html", **samples())

    @app.get("/offline")
    def offline() -> ResponseReturnValue:
        policy.authorize(Permission.PUBLIC)
        return page("errors/offline.html")

    @app.get("/health")
    def health() -> ResponseReturnValue:
        """Say that the portal and its database answer; 503 when they do not."""
        from sqlalchemy import text

        from portal.extensions import db

        policy.authorize(Permission.PUBLIC)
        db.session.execute(text("SELECT 1"))
        return {"status": "ok"}

    if settings.is_development or settings.is_testing:

        @app.get("/development/outbox")
        def outbox() -> ResponseReturnValue:
            """The mails this portal would have sent, newest first. Never exists in production."""
            policy.authorize(Permission.PUBLIC)
            files = sorted((settings.instance_path / "outbox").glob("*.eml"), reverse=True)[:100]
            mails = [message_from_bytes(file.read_bytes(), policy=modern) for file in files]
            return page(
                "site/outbox.html",
                mails=[
                    {
                        "to": mail["To"],
                        "subject": mail["Subject"],
                        "lang": mail["Content-Language"],
                        "text": mail.get_body(("plain",)).get_content(),  # type: ignore[union-attr]
                    }
                    for mail in mails
                ],
            )
