"""What an administrator does for the people of their own union."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from portal import clock, imports
from portal.accounts import actions, bp, queries
from portal.accounts.forms import ConfirmImportForm, InviteForm, RolesForm
from portal.accounts.models import Standing
from portal.errors import Hidden, Refused
from portal.extensions import db
from portal.i18n import _, _l
from portal.jobs import Job
from portal.policy import Permission, authorize, me
from portal.site import nav_item
from portal.web import flash, page, problem, seen

nav_item(_l("People"), "accounts.members", Permission.MEMBER_EDIT, order=80)
ROWS_SHOWN = 200


def _page_number() -> int:
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


@bp.get("/people")
def members() -> ResponseReturnValue:
    authorize(Permission.MEMBER_EDIT)
    words = request.args.get("words", "")[:100]
    found = queries.members(me().union_id, words=words, page=_page_number())
    return page("accounts/members.html", "people", found=found, words=words)


@bp.get("/people/<int:member_id>")
def member(member_id: int) -> ResponseReturnValue:
    person = queries.member_or_404(member_id)
    authorize(Permission.MEMBER_EDIT, person)
    form = RolesForm(roles=sorted(person.roles))
    return page("accounts/member.html", "account", person=person, form=form)


@bp.post("/people/<int:member_id>/roles", endpoint="set_roles")
def set_roles(member_id: int) -> ResponseReturnValue:
    person = queries.member_or_404(member_id)
    authorize(Permission.ROLE_GRANT, person)
    form = RolesForm()
    if not form.validate():
        return problem("accounts/member.html", "account", person=person, form=form)
    try:
        actions.set_roles(person, form.roles.data or [], by=me(), now=clock.now())
    except Refused as refusal:
        form.roles.errors = [str(refusal)]
        return problem("accounts/member.html", "account", person=person, form=form)
    flash(_("The roles are saved."))
    return seen("accounts.member", member_id=person.id)


@bp.post("/people/<int:member_id>/close", endpoint="close_account")
def close_account(member_id: int) -> ResponseReturnValue:
    return _set_active(member_id, False)


@bp.post("/people/<int:member_id>/open", endpoint="open_account")
def open_account(member_id: int) -> ResponseReturnValue:
    return _set_active(member_id, True)


def _set_active(member_id: int, active: bool) -> ResponseReturnValue:
    person = queries.member_or_404(member_id)
    authorize(Permission.MEMBER_EDIT, person)
    actions.set_active(person, active, by=me(), now=clock.now())
    flash(_("The account is open again.") if active else _("The account is closed. You can open it again."))
    return seen("accounts.member", member_id=person.id)


# --- invitations ---------------------------------------------------------------------------------


def _invite_form(**values: object) -> InviteForm:
    form = InviteForm(**values)
    form.local.choices = [
        (local.id, f"{local.name}, {local.city}") for local in queries.locals_of(me().union_id)
    ]
    return form


@bp.get("/invitations")
def invitations() -> ResponseReturnValue:
    authorize(Permission.MEMBER_INVITE)
    form = _invite_form(locale=me().locale, roles=["learner"])
    return page("accounts/invitations.html", "waiting", form=form, **_invited())


def _invited() -> dict[str, object]:
    union_id = me().union_id
    return {
        "waiting": queries.invitations(union_id),
        "to_invite": queries.number_to_invite(union_id, now=clock.now()),
    }


@bp.post("/invitations", endpoint="invite")
def invite() -> ResponseReturnValue:
    authorize(Permission.MEMBER_INVITE)
    form = _invite_form()
    if form.validate():
        try:
            actions.invite(
                by=me(),
                email=str(form.email.data),
                name=str(form.name.data),
                standing=Standing(form.standing.data),
                local=next(
                    (row for row in queries.locals_of(me().union_id) if row.id == form.local.data), None
                ),
                roles=form.roles.data or [],
                locale=form.locale.data,
                now=clock.now(),
            )
        except Refused as refusal:
            form.email.errors = [str(refusal)]
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
            return seen("accounts.invitations")
    return problem("accounts/invitations.html", form=form, **_invited())


@bp.post("/people/<int:member_id>/invite", endpoint="invite_member")
def invite_member(member_id: int) -> ResponseReturnValue:
    person = queries.member_or_404(member_id)
    authorize(Permission.MEMBER_INVITE, person)
    actions.invite_member(person, by=me(), now=clock.now())
    flash(_("The invitation is on its way to %(email)s.", email=person.email))
    return seen("accounts.member", member_id=person.id)


@bp.post("/invitations/rest", endpoint="invite_the_rest")
def invite_the_rest() -> ResponseReturnValue:
    authorize(Permission.MEMBER_INVITE)
    actions.invite_the_rest(by=me(), now=clock.now())
    flash(_("The invitations are on their way. In a minute they stand in the list below."))
    return seen("accounts.invitations")


@bp.post("/invitations/<int:invitation_id>/withdraw", endpoint="withdraw_invitation")
def withdraw_invitation(invitation_id: int) -> ResponseReturnValue:
    invitation = queries.invitation_or_404(invitation_id)
    authorize(Permission.MEMBER_INVITE, invitation)
    actions.withdraw_invitation(invitation, by=me(), now=clock.now())
    flash(_("The invitation is withdrawn; its link no longer works."))
    return seen("accounts.invitations")


@bp.get("/trail")
def trail() -> ResponseReturnValue:
    authorize(Permission.AUDIT_READ)
    return page("accounts/trail.html", "events", found=queries.trail(me().union_id, page=_page_number()))


# --- roster --------------------------------------------------------------------------------------


def _upload_or_404(upload_id: int) -> imports.Upload:
    upload = db.session.get(imports.Upload, upload_id)
    if upload is None or upload.kind != "roster" or upload.union_id != me().union_id:
        raise Hidden
    return upload


@bp.get("/roster")
def roster() -> ResponseReturnValue:
    authorize(Permission.ROSTER_IMPORT)
    return page("accounts/roster.html", error=None)


@bp.post("/roster", endpoint="upload_roster")
def upload_roster() -> ResponseReturnValue:
    authorize(Permission.ROSTER_IMPORT)
    file = request.files.get("file")
    if file is None or not file.filename:
        return problem("accounts/roster.html", error=_("Choose a file first."))
    try:
        upload = imports.upload("roster", file.read(), file.filename, by=me(), now=clock.now())
    except Refused as refusal:
        return problem("accounts/roster.html", error=str(refusal))
    return seen("accounts.roster_preview", upload_id=upload.id)


@bp.get("/roster/<int:upload_id>")
def roster_preview(upload_id: int) -> ResponseReturnValue:
    authorize(Permission.ROSTER_IMPORT)
    upload = _upload_or_404(upload_id)
    return page("accounts/roster_preview.html", "import", form=ConfirmImportForm(), **preview(upload))


def preview(upload: imports.Upload) -> dict[str, object]:
    """What the preview page shows: refused rows first, then what changes, the rest only counted."""
    rows = upload.report.get("rows", [])
    order = {"refused": 0, "changed": 1, "new": 2}
    notable = sorted(
        (row for row in rows if row["status"] in order), key=lambda row: (order[row["status"]], row["number"])
    )
    job = db.session.get(Job, upload.job_id) if upload.job_id else None
    return {
        "upload": upload,
        "job": job,
        "rows": notable[:ROWS_SHOWN],
        "left": max(0, len(notable) - ROWS_SHOWN),
        "say": imports.say,
        "statuses": {status.value: status.label for status in imports.RowStatus},
    }


@bp.post("/roster/<int:upload_id>/confirm", endpoint="confirm_roster")
def confirm_roster(upload_id: int) -> ResponseReturnValue:
    authorize(Permission.ROSTER_IMPORT)
    upload = _upload_or_404(upload_id)
    form = ConfirmImportForm()
    try:
        imports.confirm(upload, without_refused=bool(form.without_refused.data), by=me(), now=clock.now())
    except Refused as refusal:
        form.without_refused.errors = [str(refusal)]
        return problem("accounts/roster_preview.html", "import", form=form, **preview(upload))
    return seen("accounts.roster_preview", upload_id=upload.id)


@bp.post("/roster/<int:upload_id>/discard", endpoint="discard_roster")
def discard_roster(upload_id: int) -> ResponseReturnValue:
    authorize(Permission.ROSTER_IMPORT)
    imports.discard(_upload_or_404(upload_id), by=me(), now=clock.now())
    flash(_("Nothing was imported."))
    return seen("accounts.roster")
