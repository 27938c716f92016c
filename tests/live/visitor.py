"""A person with a browser and no patience for magic: cookies, forms, redirects, over plain HTTP."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode


class Away(Exception):
    """The server did not answer, or said that it cannot now: ask again."""


class Visitor:
    """Every request may raise `Away`."""

    def __init__(self, port: int):
        self.port = port
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def post(self, path: str, form: list[tuple[str, str]]) -> tuple[int, str]:
        """The status and, for a redirect, where to; else the page."""
        return self._ask("POST", path, urlencode(form))

    def form(self, page: str, action: str) -> list[tuple[str, str]]:
        """The hidden fields of the form at `page` that goes to `action`."""
        status, text = self.get(page)
        assert status == 200, f"{status} for {page}: {text[:300]}"
        reader = _Hidden(action)
        reader.feed(text)
        assert reader.fields, f"{page} has no form for {action}"
        return reader.fields

    def sign_in(self, email: str, password: str) -> None:
        fields = self.form("/account/sign-in", "/account/sign-in")
        status, text = self.post("/account/sign-in", [*fields, ("email", email), ("password", password)])
        assert status == 303, f"{status} at sign-in: {text[:300]}"

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            raise Away from fault
        finally:
            connection.close()
        if response.status >= 500:
            raise Away
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(line).items()})
        return response.status, response.headers.get("Location", text)


class _Hidden(HTMLParser):
    def __init__(self, action: str):
        super().__init__()
        self.action = action
        self.inside = False
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("action") == self.action
        if tag == "input" and self.inside and given.get("type") == "hidden":
            self.fields.append((given.get("name") or "", given.get("value") or ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
