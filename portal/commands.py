"""What can be done from the command line: `flask --app portal …`."""

from __future__ import annotations

import signal
import time
from datetime import datetime
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from portal import clock, events, jobs, mail
from portal.config import PROJECT
from portal.database import transaction
from portal.extensions import db
from portal.logs import where
from portal.tenancy import across_unions

POLL_SECONDS = 0.5


def alembic_config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    config.attributes["engine"] = db.engine
    return config


def migrate() -> None:
    """Bring the database of the current app to the newest version."""
    from alembic import command

    command.upgrade(alembic_config(), "head")


@jobs.periodic(seconds=2)
def seal_events() -> None:
    events.seal()


def work(*, until: Any = None) -> None:
    """Run jobs and periodic tasks until `until()` is true."""
    last_run: dict[int, float] = {}
    with across_unions("the worker serves both unions; each handler narrows for itself"):
        while not (until and until()):
            try:
                jobs.run_periodic(last_run, time.monotonic())
                if jobs.work_off(most=20) == 0:
                    time.sleep(POLL_SECONDS)
            except Exception as error:
                jobs.log.error("the worker could not reach its jobs, trying again: %s", where(error))
                time.sleep(5)
            finally:
                db.session.remove()


def seed_demo(now: datetime) -> bool:
    """Fill an empty database with the demo; false, and nothing done, when it has people. Never in production."""
    from portal import demo

    if mail.settings().environment == "production":
        raise click.ClickException("The demo is never loaded in production.")
    with across_unions("the demo makes both unions"), transaction():
        if demo.is_there():
            return False
        demo.seed(now)
    return True


def init_app(app: Flask) -> None:
    @app.cli.command("migrate")
    def migrate_command() -> None:
        """Bring the database to the newest version."""
        migrate()

    @app.cli.command("work")
    def work_command() -> None:
        """Run the worker until it is told to stop."""
        stopped: list[int] = []
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda which, _frame: stopped.append(which))
        work(until=lambda: bool(stopped))

    @app.cli.command("db-check")
    def db_check() -> None:
        """Say whether the models and the migrations agree."""
        from alembic import command

        command.check(alembic_config())

    demo_group = click.Group("demo", help="The invented portal for trying Relevo out.")
    app.cli.add_command(demo_group)

    @demo_group.command("seed")
    @with_appcontext
    def demo_seed() -> None:
        """Fill an empty database with invented people; leaves a filled one alone."""
        click.echo(
            "The demo is ready." if seed_demo(clock.now()) else "There are people here already; left alone."
        )

    @app.cli.command("seal-check")
    def seal_check() -> None:
        """Verify the hash chain of every union's audit trail."""
        from sqlalchemy import select

        with transaction():
            events.seal(most=1_000_000)
        for chain in db.session.scalars(select(events.Seal.chain).distinct().order_by(events.Seal.chain)):
            broken = events.first_broken_link(chain)
            click.echo(f"chain {chain}: " + ("unbroken" if broken is None else f"broken at event {broken}"))
            if broken is not None:
                raise SystemExit(1)
