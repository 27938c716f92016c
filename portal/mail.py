"""Mail leaves after the commit: a job in the transaction, rendered in the receiver's language when it is sent.

Without MAIL_URL (development, tests) each message is a file under instance/outbox.
"""

from __future__ import annotations

import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import current_app, render_template

from portal import jobs
from portal.config import Settings
from portal.extensions import db
from portal.i18n import in_locale


def send(template: str, *, to: Any, now: datetime, key: str | None = None, **context: Any) -> None:
    """Queue `templates/mail/<template>.txt` for `to` (anything with name, email, locale).

    The first line of the template is the subject. `context` must be JSON; give links as made by `link`. With a
    `key` the same message leaves once, however often it is asked for.
    """
    payload = {
        "template": template,
        "name": to.name,
        "email": to.email,
        "locale": to.locale,
        "context": context,
    }
    jobs.enqueue("mail.send", payload, now=now, key=key)


def link(endpoint: str, **values: Any) -> str:
    """A full address of this portal, usable outside a request."""
    public = urlsplit(settings().public_url)
    adapter = current_app.url_map.bind(public.netloc, public.path or "/", url_scheme=public.scheme)
    return adapter.build(endpoint, values, force_external=True)


def settings() -> Settings:
    return current_app.extensions["relevo"]


def compose(payload: dict[str, Any]) -> EmailMessage:
    with in_locale(payload["locale"]):
        text = render_template(f"mail/{payload['template']}.txt", name=payload["name"], **payload["context"])
    subject, _blank, body = text.strip().partition("\n")
    message = EmailMessage(policy=SMTP.clone(max_line_length=998))
    message["From"] = settings().mail_from
    message["To"] = payload["email"]
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body.strip() + "\n")  # it drops every Content header set before
    message["Content-Language"] = payload["locale"].replace("_", "-")
    return message


@jobs.job("mail.send", stepwise=True)
def deliver(run: jobs.Run) -> None:
    """Outside any transaction: a slow mail server must not keep everybody else from writing.

    A worker that dies between sending and the mark "done" sends again, under the same Message-ID.
    """
    message = compose(run.payload)
    message["Message-ID"] = f"<relevo-{run.id}@{urlsplit(settings().public_url).hostname}>"
    if settings().mail_url is None:
        outbox = settings().instance_path / "outbox"
        outbox.mkdir(parents=True, exist_ok=True)
        (outbox / f"{run.id:08d}.eml").write_bytes(message.as_bytes())
    else:
        _over_smtp(message, settings().mail_url or "")
    with run.finish():
        row = db.session.get_one(jobs.Job, run.id)
        row.payload = {}  # who wrote to whom is nobody's business once it is sent


def _over_smtp(message: EmailMessage, url: str) -> None:
    parts = urlsplit(url)
    server_class = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with server_class(parts.hostname or "localhost", parts.port or 0, timeout=8) as server:
        if parts.scheme == "smtp" and parts.username:
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
