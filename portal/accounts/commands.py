"""`flask --app portal unions …`: what has to be there before the first person can sign in."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from portal import clock
from portal.accounts.directory import DIRECTORY, UNIONS, invite_first_administrator, load_directory
from portal.accounts.models import Union
from portal.database import transaction
from portal.errors import Refused
from portal.extensions import db
from portal.i18n import LOCALES
from portal.tenancy import across_unions


def init_app(app: Flask) -> None:
    group = AppGroup("unions", help="The unions, their locals and their first administrators.")
    app.cli.add_command(group)

    @group.command("load")
    @click.argument("path", default=DIRECTORY, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def load(path: Path) -> None:
        """Add the unions and the locals of the directory, or of PATH (the same columns)."""
        try:
            with across_unions("the directory is of both unions"), transaction():
                added = load_directory(path, now=clock.now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
        click.echo(f"{added} locals added.")

    @group.command("administrator")
    @click.argument("union", type=click.Choice(sorted(UNIONS)))
    @click.argument("email")
    @click.argument("name")
    @click.option(
        "--locale", default="en", type=click.Choice(sorted(LOCALES)), help="The language of the letter."
    )
    def administrator(union: str, email: str, name: str, locale: str) -> None:
        """Invite the first administrator of UNION. The letter leaves when the worker runs."""
        try:
            with across_unions("nobody is there yet"), transaction():
                found = db.session.scalar(select(Union).where(Union.code == union))
                if found is None:
                    raise Refused("There are no unions yet: run `flask --app portal unions load` first.")
                invite_first_administrator(found, email=email, name=name, locale=locale, now=clock.now())
        except Refused as refusal:
            raise click.ClickException(str(refusal)) from None
        click.echo(f"The letter to {email} is on its way.")
