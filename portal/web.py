"""The edge between HTTP and the features: pages and their blocks, the one commit, the answers to faults."""

from __future__ import annotations

import logging
import re
from contextvars import copy_context
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2_fragments.flask import render_block
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.routing import IntegerConverter

from portal import clock, idempotency, policy
from portal.database import is_outage, writing
from portal.errors import Hidden, Refused, SignInNeeded, TooMany
from portal.extensions import csrf, db, htmx
from portal.i18n import _
from portal.logs import where

SAFE = {"GET", "HEAD", "OPTIONS"}
KEEP = "relevo.keep"
FAULT = "relevo.fault"
SENDER = "relevo.sender"
RETRY_AFTER = 10
_VARY = ("HX-Request", "HX-Target", "Cookie", "Accept-Language")
_NUMBER = re.compile(r"-\d+$")
log = logging.getLogger("relevo")


class Portal(Flask):
    """Flask, with the union's one rule for transactions around every view."""

    def wsgi_app(self, environ: Any, start_response: Any) -> Any:
        # Server threads are used again: who acted in the last request must not linger in this one.
        return copy_context().run(super().wsgi_app, environ, start_response)

    def full_dispatch_request(self) -> Response:
        # The sender is looked up before the view runs, in the view's own transaction. On SQLite one that began
        # for reading fails at its first write as soon as anybody else has written meanwhile.
        with writing(request.method not in SAFE):
            return super().full_dispatch_request()

    def dispatch_request(self) -> ResponseReturnValue:
        if request.method == "OPTIONS":
            return super().dispatch_request()
        if request.method in SAFE:
            return finish(make_response(super().dispatch_request()))
        try:
            return finish(make_response(super().dispatch_request()))
        except (Refused, Hidden, HTTPException, IntegrityError) as fault:
            db.session.rollback()
            if answered := _answered_before():
                return answered
            raise fault from None


# --- what views call -----------------------------------------------------------------------------


def page(template: str, *blocks: str, status: int = 200, **context: Any) -> Response:
    """Render a page, or, for htmx, only the block whose id it targets; only `blocks` may travel alone.

    A block that stands once for each of many bears its name and a number: "#person-12" asks for `person`.
    """
    target = (htmx.target or "").rpartition("#")[2] if htmx else ""
    block = target if target in blocks else _NUMBER.sub("", target)
    if block in blocks:
        body = render_block(template, block, **context) + render_template(
            "components/flashes.html", swap=True
        )
    else:
        body = render_template(template, **context)
    response = make_response(body, status)
    response.vary.update(_VARY)
    response.cache_control.no_store = True
    return response


def seen(endpoint: str, _anchor: str | None = None, **values: Any) -> Response:
    """The answer to a write: "see it there" (303), which htmx follows as well."""
    response = make_response(redirect(url_for(endpoint, _anchor=_anchor, **values), 303))
    response.cache_control.no_store = True
    return response


def problem(template: str, *blocks: str, **context: Any) -> Response:
    """The same page again with what was entered and what is wrong with it (422); nothing is written."""
    return page(template, *blocks, status=422, **context)


def keep() -> None:
    """Commit what this request wrote although its answer is a refusal: a count of failed sign-ins."""
    request.environ[KEEP] = True


def finish(response: Response) -> Response:
    """Commit a successful write, once; roll back everything else. No `authorize()`, no answer."""
    endpoint = f"{request.method} {request.endpoint}"
    if not policy.was_authorized():
        db.session.rollback()
        raise RuntimeError(f"{endpoint} never called authorize()")
    is_write = request.method not in SAFE
    succeeded = is_write and response.status_code < 400
    if not succeeded and not request.environ.get(KEEP):
        db.session.rollback()
        # Sent twice, the second is often refused for what the first has done: it gets the first one's answer.
        return (is_write and _answered_before()) or response
    if succeeded and (key := _form_key()):
        idempotency.remember(key, response.status_code, response.location or request.path, now=clock.now())
    db.session.commit()
    return response


def local_path(address: str | None) -> str | None:
    """Cut `address` to a path of this portal, or None: nobody is sent elsewhere by a link."""
    if not address or "\\" in address or any(ord(letter) < 33 for letter in address):
        return None
    parts = urlsplit(address)
    own = not parts.netloc or parts.netloc == request.host
    if not own or parts.scheme not in ("", "http", "https") or not parts.path.startswith("/"):
        return None
    path = "/" + parts.path.lstrip("/")
    return f"{path}?{parts.query}" if parts.query else path


def repeatable(view: Any) -> Any:
    """Mark a view whose repetition is harmless by nature (signing in); its answers are not stored."""
    view.is_repeatable = True
    return view


def for_strangers(view: Any) -> Any:
    """Mark a view whose form is sent without being signed in; when it is stale, signing in would not help."""
    view.is_for_strangers = True
    return view


# --- idempotency ---------------------------------------------------------------------------------


def _form_key() -> str | None:
    if getattr(current_app.view_functions.get(request.endpoint or ""), "is_repeatable", False):
        return None
    return idempotency.digest(request, request.environ.get(SENDER, ""))


def _answered_before() -> Response | None:
    key = _form_key()
    answer = idempotency.given(key) if key else None
    return make_response(redirect(answer.location, answer.status)) if answer else None


def _check_unsafe_request() -> None:
    """Refuse writes from elsewhere and forms without a key, before any view runs."""
    if request.method in SAFE or request.endpoint is None:
        return
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise CSRFError("origin")
    if not origin and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("origin")
    if not request.form.get(idempotency.FIELD):
        raise CSRFError("key")


# --- answers to faults ---------------------------------------------------------------------------


def _fault(status: int, **context: Any) -> Response:
    """An error page in the portal's voice; for htmx the sentence alone, into #alerts. Asks the database nothing."""
    db.session.rollback()
    request.environ[FAULT] = True
    context.setdefault("message", None)
    if htmx:
        response = make_response(render_template("errors/_alert.html", status=status, **context), status)
        response.headers["HX-Retarget"] = "#alerts"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Push-Url"] = "false"
    else:
        back = local_path(request.referrer)
        response = make_response(render_template(f"errors/{status}.html", back=back, **context), status)
    response.vary.update(_VARY)
    response.cache_control.no_store = True
    return response


def _refused(fault: Refused) -> Response:
    return _fault(422, message=str(fault))


def _hidden(_fault_: object) -> Response:
    return _fault(404)


def _sign_in_needed(_fault_: object) -> Response:
    db.session.rollback()
    wish = local_path(htmx.current_url if htmx else request.full_path.rstrip("?"))
    if request.method not in SAFE and not htmx:
        wish = local_path(request.referrer)
    address = url_for("accounts.sign_in", next=wish)
    if htmx:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = address
    else:
        response = make_response(redirect(address, 303))
    response.cache_control.no_store = True
    return response


def _csrf(_fault_: CSRFError) -> Response:
    """A stale form. Most often the session has ended meanwhile: then sign in again first."""
    view = current_app.view_functions.get(request.endpoint or "")
    if policy.me() is None and not getattr(view, "is_for_strangers", False):
        return _sign_in_needed(None)
    return _fault(403, message=_("This form is out of date. Load the page again and send it once more."))


def _too_many(fault: TooMany) -> Response:
    if request.environ.get(KEEP):
        db.session.commit()
    response = _fault(429, message=str(fault))
    response.headers["Retry-After"] = str(fault.retry_after)
    return response


def _out_of_service() -> Response:
    response = _fault(503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def _unexpected(fault: BaseException) -> Response:
    original = getattr(fault, "original_exception", None) or fault
    if is_outage(original) or (isinstance(original, OSError) and original.errno == 28):
        log.error("out of service: %s", type(original).__name__)
        return _out_of_service()
    if isinstance(original, IntegrityError):
        return _fault(
            422, message=_("Somebody changed this at the same moment. Load the page again and look.")
        )
    if isinstance(original, DataError | OverflowError):
        return _fault(422, message=_("One of the values is too large or has a form we cannot store."))
    log.error("unexpected fault at %s: %s", request.endpoint, where(original))
    return _fault(500)


def _http(fault: HTTPException) -> Response | HTTPException:
    status = fault.code or 500
    if isinstance(fault, SecurityError):  # asked for under a name that is not ours: no page of ours to show
        return Response("This address is not served here.\n", 400, mimetype="text/plain")
    if status < 400 or fault.response is not None:
        return fault
    if status in (403, 404, 429, 500, 503):
        return _fault(status)
    if status in (401,):
        return _sign_in_needed(fault)
    sentences = {
        405: _("This address cannot be used that way."),
        413: _("This file is too large. The most we can take is 12 MB."),
    }
    response = _fault(422, message=sentences.get(status, _("We could not read what was sent.")))
    response.status_code = status
    if isinstance(getattr(fault, "valid_methods", None), list | set | tuple):
        response.allow.update(fault.valid_methods)  # type: ignore[attr-defined]
    return response


# --- setting up ----------------------------------------------------------------------------------

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def _secure(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = CSP
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    return response


class BoundedInteger(IntegerConverter):
    """Numbers in addresses fit the database's own integers; anything larger is a 404, not a fault."""

    def __init__(self, url_map: Any, **options: Any):
        super().__init__(url_map, **{"max": 2**31 - 1, **options})


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class CleanRequest(Flask.request_class):
    """A request without control characters: no database stores NUL and no person types it."""

    @property
    def form(self) -> Any:
        return self._clean("form", super().form)

    @property
    def args(self) -> Any:
        return self._clean("args", super().args)

    def _clean(self, name: str, values: Any) -> Any:
        cleaned = self.__dict__.get(f"_clean_{name}")
        if cleaned is None:
            pairs = (
                (_CONTROL.sub("", key), _CONTROL.sub("", value)) for key, value in values.items(multi=True)
            )
            cleaned = self.__dict__[f"_clean_{name}"] = type(values)(list(pairs))
        return cleaned


def _no_control_characters_in_addresses() -> None:
    if _CONTROL.search(request.path):
        raise Hidden


def init_app(app: Flask) -> None:
    app.before_request(_no_control_characters_in_addresses)
    app.after_request(_secure)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Hidden, _hidden)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.register_error_handler(TooMany, _too_many)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    app.jinja_env.globals.update(csrf_token=generate_csrf, idempotency_key=idempotency.new_key)


def guard(app: Flask) -> None:
    """Check unsafe requests once the features know who sends them."""
    app.before_request(_check_unsafe_request)
    csrf.init_app(app)


__all__ = [
    "Portal",
    "flash",
    "guard",
    "init_app",
    "keep",
    "local_path",
    "page",
    "problem",
    "repeatable",
    "seen",
]
