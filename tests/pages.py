"""A small browser for web tests: keeps cookies, fills the hidden fields, follows nothing unless asked."""

from __future__ import annotations

import contextvars
import re
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal import clock
from portal.accounts import cookie_name, sessions
from portal.accounts.models import Member
from portal.extensions import db

HIDDEN = re.compile(r'name="(csrf_token|idempotency_key)"[^>]*value="([^"]*)"')


class Browser:
    """One person at one device.

    Each request runs in a context of its own, as in the server, so that nothing of the test's session, user
    or tenancy leaks into it; what the test wrote is committed before, and read fresh after.
    """

    def __init__(self, app: Flask):
        self.app = app
        self.client = app.test_client()
        self._csrf: str | None = None

    def as_(self, member: Member) -> Browser:
        """A new device on which `member` is signed in."""
        browser = Browser(self.app)
        token = sessions.open_session(member, device="Test", now=clock.now())
        db.session.commit()
        browser.client.set_cookie(cookie_name(self.app), token, domain="localhost")
        return browser

    def get(self, address: str, **options: Any) -> TestResponse:
        return self._request("GET", address, **options)

    def post(
        self, address: str, data: dict[str, Any] | None = None, *, key: str | None = None, **options: Any
    ) -> TestResponse:
        """Send a form with a fresh CSRF token and idempotency key (or `key`), as a page would have it."""
        if self._csrf is None:
            found = dict(HIDDEN.findall(self.get("/", follow_redirects=True).text))
            self._csrf = unescape(found["csrf_token"])
        self._keys = getattr(self, "_keys", 0) + 1
        form = {
            "csrf_token": self._csrf,
            "idempotency_key": key or f"key-{id(self)}-{self._keys}",
            **(data or {}),
        }
        return self._request("POST", address, data=form, **options)

    def fragment(self, address: str, target: str, *, method: str = "GET", **options: Any) -> TestResponse:
        """The same by htmx, aimed at the element with the id `target`."""
        headers = {"HX-Request": "true", "HX-Target": f"section#{target}", **options.pop("headers", {})}
        if method == "POST":
            return self.post(address, headers=headers, **options)
        return self.get(address, headers=headers, **options)

    def _request(self, method: str, address: str, **options: Any) -> TestResponse:
        db.session.commit()
        response = contextvars.Context().run(self.client.open, address, method=method, **options)
        db.session.expire_all()
        return response
