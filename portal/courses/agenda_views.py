"""One's own meetings: a page, and a calendar feed at a private address."""

from __future__ import annotations

from flask import current_app, flash, make_response, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from portal import clock, mail
from portal.courses import agenda as agenda_of
from portal.courses import feed, planning, queries
from portal.courses import own_bp as bp
from portal.courses.models import CalendarFeed, Meeting
from portal.errors import Hidden
from portal.i18n import _, in_locale
from portal.policy import Permission, authorize, me
from portal.web import page, seen

LONGEST_TOKEN = 200


def _signer() -> URLSafeSerializer:
    # The database alone gives nobody an address: it also takes the portal's secret.
    return URLSafeSerializer(current_app.secret_key or "", salt="calendar feed")


def _address(found: CalendarFeed) -> str:
    return mail.link("courses.calendar", token=_signer().dumps(found.key))


@bp.get("/agenda")
def agenda() -> ResponseReturnValue:
    authorize(Permission.AGENDA_READ)
    member = me()
    found = queries.feed_of(member)
    return page(
        "courses/agenda.html",
        "feed",
        lines=agenda_of.lines(queries.upcoming_meetings(member, clock.now()), member.zone),
        enrollments=queries.enrollments_of(member),
        feed=found,
        address=_address(found) if found else None,
    )


@bp.post("/agenda/feed")
def make_feed() -> ResponseReturnValue:
    authorize(Permission.AGENDA_READ)
    planning.make_feed(me(), now=clock.now())
    flash(_("Here is your private address. An address you had before no longer works."))
    return seen(".agenda", "feed")


@bp.post("/agenda/feed/close")
def close_feed() -> ResponseReturnValue:
    authorize(Permission.AGENDA_READ)
    planning.close_feed(me(), now=clock.now())
    flash(_("The address no longer works."), "info")
    return seen(".agenda", "feed")


@bp.get("/calendar/<token>.ics")
def calendar(token: str) -> ResponseReturnValue:
    """The feed for a calendar program; whoever has the address has the right."""
    authorize(Permission.PUBLIC)
    found = _feed_at(token)
    member = found.member
    with in_locale(member.locale):
        body = feed.calendar(
            queries.feed_meetings(member, clock.now()),
            address=mail.settings().public_url,
            link=_page_of,
        )
    response = make_response(body)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = "inline; filename=relevo.ics"
    response.headers["X-Robots-Tag"] = "noindex"
    response.cache_control.private = True
    response.cache_control.no_cache = True
    response.add_etag()
    return response.make_conditional(request)


def _feed_at(token: str) -> CalendarFeed:
    if len(token) > LONGEST_TOKEN:
        raise Hidden
    try:
        key = _signer().loads(token)
    except BadSignature:
        raise Hidden from None
    found = queries.feed_by_key(str(key))
    if found is None:
        raise Hidden
    return found


def _page_of(meeting: Meeting) -> str:
    return mail.link(f"{meeting.cohort.program.code}.cohort", cohort_id=meeting.cohort_id)
