"""`flask --app portal exchange solve ROUND.json`: the matching without the database, for anyone to check."""

from __future__ import annotations

import sys
from typing import BinaryIO

import click
import orjson

from portal.errors import Hidden
from portal.exchange import bp, plan_queries
from portal.exchange.matching import BadRound, TooLarge, read_text, solve_round

bp.cli.help = "Match exchange rounds."


@bp.cli.command("solve")
@click.argument("file", metavar="ROUND.json", type=click.File("rb"))
def solve_command(file: BinaryIO) -> None:
    """Solve a round in the exchange-match/1 form and print the result as one JSON object.

    A file that cannot be read as a round is named on standard error, and the exit code is 2. "-" reads
    standard input.
    """
    try:
        result = solve_round(read_text(file.read()))
    except (BadRound, TooLarge) as fault:
        click.echo(f"{file.name}: {fault}", err=True)
        sys.exit(2)
    click.echo(orjson.dumps(result, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2).decode())


@bp.cli.command("plan")
@click.argument("plan_id", type=int)
@click.option("--result", is_flag=True, help="What was found, instead of what was solved.")
def plan_command(plan_id: int, result: bool) -> None:
    """Print the very bytes of a stored plan, both unions' people included, for those who run the portal.

    They replay with "solve". Exit code 2 when there is no such plan, or it has no result.
    """
    try:
        found = plan_queries.plan_or_404(plan_id)
    except Hidden:
        found = None
    text = found and (found.result_json if result else found.input_json)
    if text is None:
        click.echo(f"Plan {plan_id} is not there, or has no result.", err=True)
        sys.exit(2)
    click.echo(text)
