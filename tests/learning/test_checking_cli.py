"""Checking a file of answers from the command line."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from portal.learning.checking.cli import UnreadableAnswers, check_answers, check_file

SAMPLE = Path(__file__).parent / "answers.sample.csv"


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def test_the_sample_comes_out_as_csv_with_a_verdict_for_each_row():
    out = io.StringIO()

    assert check_file(SAMPLE, out) == 40
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        wanted = [(row["id"], row["verdict"], row["rule"]) for row in csv.DictReader(file)]
    rows = list(csv.DictReader(io.StringIO(out.getvalue())))
    assert list(rows[0]) == ["id", "verdict", "rule", "message"]
    assert [(row["id"], row["verdict"], row["rule"]) for row in rows] == wanted
    assert all(row["message"] for row in rows)


def test_a_byte_order_mark_other_columns_and_their_order_do_not_matter(tmp_path):
    text = "\ufefftyped,note,lang,id,mode,expected\n2 mineros,x,es,a1,sentence,Dos mineros. || Un par.\n"
    result = CliRunner().invoke(check_answers, [str(write(tmp_path / "answers.csv", text))])

    assert result.exit_code == 0
    assert result.stdout.splitlines()[1] == "a1,correct,M1,Correct. Digits and words are both fine."


def test_a_short_row_counts_as_an_empty_answer(tmp_path):
    out = io.StringIO()

    check_file(write(tmp_path / "answers.csv", "id,mode,lang,expected,typed\na1,cloze,en,strike\n"), out)
    assert out.getvalue().splitlines()[1].startswith("a1,wrong,X2,")


@pytest.mark.parametrize(
    ("text", "encoding", "problem"),
    [
        ("id,mode,lang,expected\n", "utf-8", "The file has no column typed."),
        ("", "utf-8", "The file has no column id, mode, lang, expected, typed."),
        ("id,mode,lang,expected,typed\na1,cloze,es,año,ano\n", "latin-1", "The file is not UTF-8 text."),
        ("id,mode,lang,expected,typed\na1,essay,es,sí,si\n", "utf-8", "Line 2: unknown mode: 'essay'."),
        ('id,mode,lang,expected,typed\na1,cloze,es,"sí,si\n', "utf-8", "The file is not readable as CSV"),
    ],
)
def test_an_unreadable_file_says_why_and_prints_no_rows(tmp_path, text, encoding, problem):
    result = CliRunner().invoke(check_answers, [str(write(tmp_path / "answers.csv", text, encoding))])

    assert result.exit_code == 2
    assert problem in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("name", ["", "missing.csv"])
def test_a_file_that_is_not_there_or_is_a_folder_is_refused(tmp_path, name):
    with pytest.raises(UnreadableAnswers, match="cannot be opened"):
        check_file(tmp_path / name, io.StringIO())
