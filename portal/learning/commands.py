"""`flask --app portal content …` and `learning …`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from portal import clock
from portal.database import transaction
from portal.learning import voices
from portal.learning.checking.cli import check_answers
from portal.learning.lesson_files import CONTENT, ContentProblems, check_tree, load_tree
from portal.learning.loading import load_content


def init_app(app: Flask) -> None:
    content_group = AppGroup("content", help="The lessons as files: check them, load them.")
    learning_group = AppGroup("learning", help="Tools for those who write lessons.")
    learning_group.add_command(check_answers)
    app.cli.add_command(content_group)
    app.cli.add_command(learning_group)

    @content_group.command("load")
    def load() -> None:
        """Teach what the content files say; what is loaded already stays as it is."""
        try:
            content = load_tree()
        except ContentProblems as found:
            click.echo(str(found), err=True)
            raise SystemExit(1) from found
        folder = voices.folder_of(current_app.extensions["relevo"])
        lacking = voices.missing(content, folder)
        with transaction():
            done = load_content(content, now=clock.now())
            if len(lacking) > voices.AT_ONCE:
                voices.enqueue(lacking, now=clock.now())
        click.echo(f"{len(done.changed)} lessons loaded, {done.kept} unchanged, {len(done.retired)} retired.")
        if 0 < len(lacking) <= voices.AT_ONCE:
            made = voices.make(content, folder)
            click.echo(f"{made.made} dictations spoken by the computer voice.")
            for failure in made.failed[:3]:
                click.echo(f"Without sound: {failure.text}: {failure.reason}", err=True)

    @content_group.command("check")
    @click.argument("folder", default=CONTENT, type=click.Path(path_type=Path))
    def check(folder: Path) -> None:
        """List every problem of the content files (or of those in FOLDER), by file and line."""
        problems = check_tree(folder, answers=True)
        for problem in problems:
            click.echo(str(problem))
        if problems:
            raise SystemExit(1)
        click.echo("The content has no problem.")
