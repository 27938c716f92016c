"""A portal nobody has used yet: unions, locals, and the first administrator of each union."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal import jobs
from portal.accounts.directory import invite_first_administrator, load_directory
from portal.accounts.models import Local, Member, Union
from portal.errors import Refused
from portal.extensions import db
from tests.conftest import MONDAY

HEADER = "union,number,name,city,region,country,zone,sector,employer\n"


def union(code: str) -> Union:
    return db.session.scalars(select(Union).where(Union.code == code)).one()


def test_the_directory_is_loaded_once(app):
    assert load_directory(now=MONDAY) == 12
    assert load_directory(now=MONDAY) == 0
    assert [each.code for each in db.session.scalars(select(Union).order_by(Union.id))] == ["usw", "mineros"]
    assert {each.value for each in db.session.scalars(select(Local.country))} == {"US", "CA", "MX"}


def test_a_corrected_line_corrects_the_local(app, tmp_path):
    load_directory(now=MONDAY)
    path = tmp_path / "locals.csv"
    path.write_text(
        HEADER + "usw,1557,Local 1557,Clairton,Pennsylvania,US,America/New_York,steel,Example Steel\n"
    )

    assert load_directory(path, now=MONDAY) == 0
    assert db.session.scalars(select(Local.employer).where(Local.number == "1557")).one() == "Example Steel"


@pytest.mark.parametrize(
    "line",
    [
        "ibew,1,Local 1,Gary,Indiana,US,America/Chicago,steel,Works",
        "usw,1,Local 1,Gary,Indiana,DE,America/Chicago,steel,Works",
        "usw,1,Local 1,Gary,Indiana,US,America/Gary,steel,Works",
        "usw,1,Local 1",
    ],
)
def test_a_line_that_is_not_whole_is_refused_by_its_number(app, tmp_path, line):
    path = tmp_path / "locals.csv"
    path.write_text(HEADER + line + "\n")

    with pytest.raises(Refused, match="Line 2 of the directory"):
        load_directory(path, now=MONDAY)


def test_the_first_administrator_gets_in_by_letter_and_invites_the_others(app, browser, outbox):
    load_directory(now=MONDAY)
    runner = app.test_cli_runner()
    db.session.commit()
    done = runner.invoke(
        args=["unions", "administrator", "mineros", "Primera@example.org", "Primera Ejemplo"]
    )
    assert (done.exit_code, done.output) == (0, "The letter to Primera@example.org is on its way.\n")
    jobs.work_off()
    letter = next(outbox.glob("*.eml")).read_text().replace("=\n", "")
    link = re.search(r"http://localhost(/account/invitation/\S+)", letter).group(1)

    answers = {"name": "Primera Ejemplo", "password": "tres palabras sueltas", "locale": "es_MX"}
    assert browser.post(link, {**answers, "zone": "America/Hermosillo"}).status_code == 303

    assert browser.get("/account/invitations").status_code == 200
    assert db.session.scalar(select(func.count(Member.id))) == 1
    again = runner.invoke(args=["unions", "administrator", "mineros", "otra@example.org", "Otra Ejemplo"])
    assert again.exit_code == 1
    assert "has an administrator already" in again.output


def test_the_letter_may_be_asked_for_again_while_it_is_not_answered(app):
    load_directory(now=MONDAY)
    for _time in range(2):
        invite_first_administrator(
            union("usw"), email="first@example.org", name="First Example", locale="en", now=MONDAY
        )

    assert db.session.scalar(select(func.count(Member.id))) == 1


def test_somebody_on_the_roster_becomes_the_first_administrator(app, make):
    load_directory(now=MONDAY)
    ana = make.member("Ana Ejemplo", email="ana@example.org")
    db.session.expire_all()

    invite_first_administrator(union("usw"), email="Ana@example.org", name="Ana", locale="en", now=MONDAY)

    assert ana.roles == {"learner", "administrator"}


def test_without_unions_the_command_says_what_to_do_first(app):
    done = app.test_cli_runner().invoke(args=["unions", "administrator", "usw", "a@example.org", "A Example"])
    assert done.exit_code == 1
    assert "unions load" in done.output
