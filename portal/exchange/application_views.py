"""Applications over HTTP: written by people, read and imported by the coordinators of their union."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from portal import clock, imports
from portal.errors import Refused
from portal.exchange import actions, bp, offer_actions, plan_queries, queries, sentences, timeline
from portal.exchange.application_form import ApplicationForm, describe
from portal.exchange.forms import ConfirmImportForm, UploadForm
from portal.exchange.models import Application, Round
from portal.exchange.review import pseudonym
from portal.exchange.words import ApplicationState, OfferState, RoundState, Sector
from portal.extensions import db
from portal.i18n import _, format_day
from portal.jobs import Job
from portal.policy import Permission, authorize, me
from portal.sheets import write_csv
from portal.web import flash, page, problem, seen

SHOWN = (ApplicationState.SUBMITTED, ApplicationState.DRAFT)
ROWS_SHOWN = 200


def page_number() -> int:
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


# --- the person ----------------------------------------------------------------------------------


@bp.route("/rounds/<int:round_id>/apply", methods=["GET", "POST"])
def apply(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_READ, round_)
    places = queries.rankable(round_id, me().union_id)
    home = me().local.country.value if me().local else None
    if request.method == "GET":
        held = queries.application_of(me(), round_id)
        form = ApplicationForm(places, home, held)
        open_now = actions.may_apply(round_, me(), now=clock.now())
        return page("exchange/apply.html", form=form, round=round_, application=held, open_now=open_now)
    application = actions.start_application(round_, me(), now=clock.now())
    authorize(Permission.APPLICATION_EDIT, application)
    form = ApplicationForm(places, home)
    if not form.validate():
        return problem("exchange/apply.html", form=form, round=round_, application=application, open_now=True)
    actions.save_application(application, form.fields(application), by=me(), now=clock.now())
    if "later" in request.form:
        flash(
            _(
                "Your draft is saved. Go on whenever you like, until %(day)s.",
                day=format_day(round_.closes_on),
            )
        )
        return seen(".index")
    return seen(".application", application_id=application.id)


@bp.get("/applications/<int:application_id>")
def application(application_id: int) -> ResponseReturnValue:
    found = queries.application_or_404(application_id)
    authorize(Permission.APPLICATION_READ, found)
    return page("exchange/application.html", "application", **_answers(found))


def _answers(application: Application, refusal: str | None = None) -> dict[str, Any]:
    """What the page of one application shows, in words."""
    places = {place.id: place for place in queries.placements(application.round_id)}
    offer = plan_queries.latest_offers([application.id]).get(application.id)
    own = application.member_id == me().id
    return {
        "application": application,
        "round": application.round,
        "own": own,
        "refusal": refusal,
        "offer": offer,
        "contact": plan_queries.contact_name(offer.host_answered_by_id)
        if offer and offer.state is OfferState.CONFIRMED and clock.now().date() <= offer.names_until
        else None,
        "steps": timeline.steps(application, offer, me().zone),
        "missing": actions.missing(application) if own else [],
        "may_change": own and actions.may_apply(application.round, me(), now=clock.now()),
        "windows": [tuple(date.fromisoformat(day) for day in window) for window in application.windows],
        "languages": [
            (sentences.language(code), level) for code, level in sorted(application.languages.items())
        ],
        "sectors": [Sector(code).label for code in application.sectors],
        "tiers": [[describe(places[id_]) for id_ in tier if id_ in places] for tier in application.prefs],
        "entry": [
            (code, [date.fromisoformat(day) for day in span] if isinstance(span, list) else span)
            for code, span in sorted(application.entry.items())
        ],
        "certificates": [
            (sentences.certificate(code), date.fromisoformat(day))
            for code, day in sorted(application.certificates.items())
        ],
    }


@bp.post("/applications/<int:application_id>/submit")
def submit(application_id: int) -> ResponseReturnValue:
    found = queries.application_or_404(application_id)
    authorize(Permission.APPLICATION_EDIT, found)
    try:
        actions.submit(found, by=me(), now=clock.now())
    except Refused as refusal:
        return problem("exchange/application.html", "application", **_answers(found, str(refusal)))
    flash(_("Your application is sent in. You can change it until the round closes."))
    return seen(".application", application_id=application_id)


@bp.post("/applications/<int:application_id>/withdraw")
def withdraw(application_id: int) -> ResponseReturnValue:
    found = queries.application_or_404(application_id)
    authorize(Permission.APPLICATION_EDIT, found)
    offer_actions.withdraw(found, by=me(), now=clock.now())
    flash(_("Your application is taken back. While the round is open you can send it in again."))
    return seen(".application", application_id=application_id)


# --- the coordinator -----------------------------------------------------------------------------


@bp.get("/rounds/<int:round_id>/applications")
def applications(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    number = plan_queries.guests_count(round_id, me(), SHOWN)
    pages = -(-number // queries.PAGE) or 1
    shown = min(page_number(), pages)
    return page(
        "exchange/applications.html",
        round=round_,
        guests=plan_queries.guests(round_id, me(), today=clock.now().date(), states=SHOWN, page=shown),
        number=number,
        page=shown,
        pages=pages,
        pseudonym=pseudonym,
        language=sentences.language,
        day=date.fromisoformat,
    )


@bp.get("/rounds/<int:round_id>/applications.csv")
def applications_csv(round_id: int) -> ResponseReturnValue:
    """The same list as a file: names of one's own union, signs of the other's people."""
    round_ = queries.round_or_404(round_id)
    authorize(Permission.ROUND_MANAGE, round_)
    rows: list[list[Any]] = [
        [_("Sign"), _("Name"), _("Own union"), _("State"), _("Languages"), _("Dates"), _("Rounds waited")]
    ]
    for guest in plan_queries.guests(round_id, me(), today=clock.now().date(), states=SHOWN):
        rows.append(
            [
                guest.code,
                guest.name or pseudonym(guest.code),
                _("yes") if guest.union_id == me().union_id else _("no"),
                str(guest.state.label),
                "; ".join(
                    f"{sentences.language(code)} {level}" for code, level in sorted(guest.languages.items())
                ),
                "; ".join(f"{first} – {last}" for first, last in guest.windows),
                "" if guest.waited is None else guest.waited,
            ]
        )
    response = make_response(write_csv(rows))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="round-{round_.id}-applications.csv"'
    response.cache_control.no_store = True
    return response


@bp.route("/rounds/<int:round_id>/import", methods=["GET", "POST"], endpoint="import")
def import_(round_id: int) -> ResponseReturnValue:
    round_ = queries.round_or_404(round_id)
    authorize(Permission.APPLICATION_IMPORT)
    form = UploadForm()
    takes = round_.state in (RoundState.OPEN, RoundState.MATCHING)
    if request.method == "GET":
        return page("exchange/import.html", round=round_, form=form, takes=takes)
    if form.validate():
        file = form.file.data
        try:
            upload = _keep(round_, file.read(), file.filename, form.country.data)
            return seen(".import_preview", round_id=round_id, upload_id=upload.id)
        except Refused as refusal:
            form.file.errors = [str(refusal)]
    return problem("exchange/import.html", round=round_, form=form, takes=takes)


def _keep(round_: Round, content: bytes, filename: str, country: str) -> imports.Upload:
    return imports.upload(
        "applications",
        content,
        filename,
        by=me(),
        now=clock.now(),
        target_id=round_.id,
        options={"country": country} if country else {},
    )


@bp.get("/rounds/<int:round_id>/import/<int:upload_id>")
def import_preview(round_id: int, upload_id: int) -> ResponseReturnValue:
    upload = queries.upload_or_404(upload_id, round_id)
    authorize(Permission.APPLICATION_IMPORT, upload)
    return page("exchange/import_preview.html", "import", **_preview(upload, ConfirmImportForm()))


def _preview(upload: imports.Upload, form: ConfirmImportForm) -> dict[str, Any]:
    """Refused rows first, then what changes; unchanged ones are only counted."""
    order = {"refused": 0, "changed": 1, "new": 2}
    notable = sorted(
        (row for row in upload.report.get("rows", []) if row["status"] in order),
        key=lambda row: (order[row["status"]], row["number"]),
    )
    return {
        "upload": upload,
        "round": queries.round_or_404(upload.target_id or 0),
        "form": form,
        "job": db.session.get(Job, upload.job_id) if upload.job_id else None,
        "rows": notable[:ROWS_SHOWN],
        "left": max(0, len(notable) - ROWS_SHOWN),
        "say": imports.say,
        "statuses": {status.value: status.label for status in imports.RowStatus},
    }


@bp.post("/rounds/<int:round_id>/import/<int:upload_id>/confirm")
def confirm_import(round_id: int, upload_id: int) -> ResponseReturnValue:
    upload = queries.upload_or_404(upload_id, round_id)
    authorize(Permission.APPLICATION_IMPORT, upload)
    form = ConfirmImportForm()
    try:
        imports.confirm(upload, without_refused=bool(form.without_refused.data), by=me(), now=clock.now())
    except Refused as refusal:
        form.without_refused.errors = [str(refusal)]
        return problem("exchange/import_preview.html", "import", **_preview(upload, form))
    return seen(".import_preview", round_id=round_id, upload_id=upload_id)


@bp.post("/rounds/<int:round_id>/import/<int:upload_id>/discard")
def discard_import(round_id: int, upload_id: int) -> ResponseReturnValue:
    upload = queries.upload_or_404(upload_id, round_id)
    authorize(Permission.APPLICATION_IMPORT, upload)
    imports.discard(upload, by=me(), now=clock.now())
    flash(_("Nothing was imported."))
    return seen(".import", round_id=round_id)
