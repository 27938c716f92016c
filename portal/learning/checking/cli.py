"""Check a file of answers from the command line."""

import csv
import sys
from pathlib import Path
from typing import TextIO

import click

from portal.learning.checking.checker import check

COLUMNS = ("id", "mode", "lang", "expected", "typed")
BETWEEN_ANSWERS = " || "


class UnreadableAnswers(Exception):
    """The file cannot be checked; the text says why."""


def check_file(path: Path | str, out: TextIO) -> int:
    """Write `id,verdict,rule,message` for each row of a UTF-8 CSV file; return how many rows there were.

    Raises `UnreadableAnswers` before anything is written.
    """
    checked = [("id", "verdict", "rule", "message")]
    for number, row in _rows(Path(path)):
        try:
            answers = row["expected"].split(BETWEEN_ANSWERS)
            verdict = check(row["mode"].strip(), row["lang"].strip(), answers, row["typed"])
        except ValueError as error:
            raise UnreadableAnswers(f"Line {number}: {error}.") from error
        checked.append((row["id"], verdict.verdict, verdict.rule, verdict.sentence()))
    csv.writer(out, lineterminator="\n").writerows(checked)
    return len(checked) - 1


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = reader.fieldnames or []
            if lacking := [column for column in COLUMNS if column not in header]:
                raise UnreadableAnswers(f"The file has no column {', '.join(lacking)}.")
            return [(reader.line_num, {name: row[name] or "" for name in COLUMNS}) for row in reader]
    except OSError as error:
        raise UnreadableAnswers(f"The file cannot be opened: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UnreadableAnswers("The file is not UTF-8 text.") from error
    except csv.Error as error:
        raise UnreadableAnswers(f"The file is not readable as CSV: {error}.") from error


@click.command("check-answers")
@click.argument("file", type=click.Path(path_type=Path))
def check_answers(file: Path) -> None:
    """Check FILE, a CSV with the columns id, mode, lang, expected and typed."""
    try:
        check_file(file, sys.stdout)
    except UnreadableAnswers as problem:
        click.echo(str(problem), err=True)
        raise SystemExit(2) from problem
