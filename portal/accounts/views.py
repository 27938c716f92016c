"""Signing in and out, and everything about one's own account."""

from __future__ import annotations

from flask import Response, current_app, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal import clock, site
from portal.accounts import SESSION, actions, bp, cookie_name, queries, sessions
from portal.accounts.devices import device
from portal.accounts.forms import AcceptForm, ForgotForm, PasswordForm, ProfileForm, ResetForm, SignInForm
from portal.accounts.models import ABSOLUTE_LIMIT, Member
from portal.errors import Hidden, Refused
from portal.events import record
from portal.i18n import _, locale
from portal.policy import Permission, authorize, me
from portal.web import flash, for_strangers, keep, local_path, page, problem, repeatable, seen


def _signed_in(member: Member, address: str) -> Response:
    """Open a new session, end the one this browser had, and go on to `address`."""
    now = clock.now()
    if (earlier := request.environ.get(SESSION)) is not None:
        sessions.close(earlier.id)
    token = sessions.open_session(member, device=device(request.user_agent.string), now=now)
    record("session.opened", member, by=member, at=now)
    session.clear()  # a form made for the stranger is no good for the member
    response = redirect(address, 303)
    response.set_cookie(
        cookie_name(current_app),
        token,
        max_age=int(ABSOLUTE_LIMIT.total_seconds()),
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


@bp.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    wish = local_path(request.args.get("next"))
    if (member := me()) is not None:
        return redirect(wish or site.home_address(member), 303)
    return page("accounts/sign_in.html", form=SignInForm(), wish=wish)


@bp.post("/sign-in", endpoint="sign_in_now")
@repeatable
@for_strangers
def sign_in_now() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    form, now = SignInForm(), clock.now()
    wish = local_path(request.form.get("next"))
    if not form.validate():
        return problem("accounts/sign_in.html", form=form, wish=wish)
    email, address = str(form.email.data), request.remote_addr or ""
    actions.check_tries(email, address, now=now)
    member = actions.authenticate(email, str(form.password.data))
    if member is None:
        actions.count_failed_try(email, address, now=now)
        keep()
        form.password.errors = [
            _("This address and password do not belong together. Check both, or choose a new password.")
        ]
        return problem("accounts/sign_in.html", form=form, wish=wish)
    return _signed_in(member, wish or url_for("index"))


@bp.post("/sign-out")
@repeatable
def sign_out() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    if (live := request.environ.get(SESSION)) is not None:
        sessions.close(live.id)
    session.clear()
    flash(_("You are signed out. See you next shift."))
    response = seen("index")
    response.delete_cookie(cookie_name(current_app), secure=current_app.config["SESSION_COOKIE_SECURE"])
    return response


@bp.get("/forgot")
def forgot() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    return page("accounts/forgot.html", form=ForgotForm())


@bp.post("/forgot", endpoint="forgot_now")
@for_strangers
def forgot_now() -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    form, now = ForgotForm(), clock.now()
    if not form.validate():
        return problem("accounts/forgot.html", form=form)
    tried = {"email": str(form.email.data), "address": request.remote_addr or "", "kind": "reset"}
    actions.check_tries(**tried, now=now)
    actions.count_failed_try(**tried, now=now)
    actions.ask_for_reset(str(form.email.data), now=now)
    flash(
        _("If this address has an account, a letter with a link is on its way. The link works for two hours.")
    )
    return seen("accounts.sign_in")


@bp.get("/reset/<token>")
def reset(token: str) -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    if queries.open_reset(token, now=clock.now()) is None:
        return page("accounts/spent_link.html", status=404, again=url_for("accounts.forgot"))
    return page("accounts/reset.html", form=ResetForm(), token=token)


@bp.post("/reset/<token>", endpoint="reset_now")
@repeatable
@for_strangers
def reset_now(token: str) -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    form, now = ResetForm(), clock.now()
    link = queries.open_reset(token, now=now)
    if link is None:
        return page("accounts/spent_link.html", status=404, again=url_for("accounts.forgot"))
    if not form.validate():
        return problem("accounts/reset.html", form=form, token=token)
    try:
        member = actions.reset_password(link, str(form.password.data), now=now)
    except Refused:
        return page("accounts/spent_link.html", status=404, again=url_for("accounts.forgot"))
    return _signed_in(member, url_for("index"))


@bp.get("/invitation/<token>")
def accept(token: str) -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    invitation = queries.invitation_by_token(token, now=clock.now())
    if invitation is None:
        return page("accounts/spent_link.html", status=404, again=None)
    zone = invitation.local.zone if invitation.local else "America/New_York"
    form = AcceptForm(name=invitation.name, locale=locale(), zone=zone)
    return page("accounts/accept.html", form=form, token=token, invitation=invitation)


@bp.post("/invitation/<token>", endpoint="accept_now")
@repeatable
@for_strangers
def accept_now(token: str) -> ResponseReturnValue:
    authorize(Permission.PUBLIC)
    form, now = AcceptForm(), clock.now()
    invitation = queries.invitation_by_token(token, now=now)
    if invitation is None:
        return page("accounts/spent_link.html", status=404, again=None)
    if not form.validate():
        return problem("accounts/accept.html", form=form, token=token, invitation=invitation)
    try:
        member = actions.accept_invitation(
            invitation,
            name=str(form.name.data),
            password=str(form.password.data),
            locale=form.locale.data,
            zone=form.zone.data,
            now=now,
        )
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return problem("accounts/accept.html", form=form, token=token, invitation=invitation)
    response = _signed_in(member, url_for("index"))
    flash(_("Welcome, %(name)s.", name=member.name))  # after it: the stranger's cookie is emptied there
    return response


# --- one's own account ---------------------------------------------------------------------------


def _profile(status: int = 200, **forms: object) -> Response:
    member = me()
    forms.setdefault("form", ProfileForm(formdata=None, obj=member))
    forms.setdefault("password_form", PasswordForm(formdata=None))
    return page(
        "accounts/profile.html",
        "devices",
        status=status,
        member=member,
        devices=queries.sessions_of(member, now=clock.now()),
        this_device=request.environ[SESSION].id,
        **forms,
    )


@bp.get("/profile")
def profile() -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN, me())
    return _profile()


@bp.post("/profile", endpoint="edit_profile")
def edit_profile() -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN, me())
    form = ProfileForm()
    if not form.validate():
        return _profile(422, form=form)
    actions.edit_profile(
        me(), name=str(form.name.data), locale=form.locale.data, zone=form.zone.data, now=clock.now()
    )
    flash(_("Your account is saved."))
    return seen("accounts.profile")


@bp.post("/password", endpoint="change_password")
def change_password() -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN, me())
    form = PasswordForm()
    if not form.validate():
        return _profile(422, password_form=form)
    now = clock.now()
    tried = {"email": me().email, "address": request.remote_addr or "", "kind": "change"}
    actions.check_tries(**tried, now=now)
    try:
        actions.change_password(
            me(),
            str(form.old.data),
            str(form.password.data),
            keep_session=request.environ[SESSION].id,
            now=now,
        )
    except Refused as refusal:
        actions.count_failed_try(**tried, now=now)
        keep()
        form.old.errors = [str(refusal)]
        return _profile(422, password_form=form)
    flash(_("Your password is changed. Your other devices are signed out."))
    return seen("accounts.profile")


@bp.post("/devices/<int:session_id>/sign-out", endpoint="end_session")
def end_session(session_id: int) -> ResponseReturnValue:
    mine = {row.id: row for row in queries.sessions_of(me(), now=clock.now())} if me() else {}
    authorize(Permission.SIGNED_IN, mine.get(session_id))
    if session_id not in mine:
        raise Hidden
    sessions.close(session_id)
    record("session.closed", me(), by=me(), at=clock.now())
    flash(_("That device is signed out."))
    return seen("accounts.profile", _anchor="devices")


@bp.post("/devices/sign-out", endpoint="end_other_sessions")
def end_other_sessions() -> ResponseReturnValue:
    authorize(Permission.SIGNED_IN, me())
    sessions.close_all(me().id, but=request.environ[SESSION].id)
    record("session.closed", me(), by=me(), at=clock.now())
    flash(_("All your other devices are signed out."))
    return seen("accounts.profile", _anchor="devices")
