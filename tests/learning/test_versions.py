"""Content is loaded whole, by version, and nobody loses what they began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.extensions import db
from portal.learning import queries, voices
from portal.learning.lesson_files import load_tree
from portal.learning.loading import load_content
from portal.learning.models import CardState, Curriculum, Item, LessonVersion
from tests.conftest import MONDAY
from tests.learning.helpers import CONTENT, FIRST, answer, begin, finish, lesson_of

TUESDAY = MONDAY + timedelta(days=1)
LATER = "another wording"


def with_lesson(lesson_id, change):
    """The content with one lesson changed, or left out when `change` gives None."""

    def in_unit(unit):
        changed = [change(each) if each.id == lesson_id else each for each in unit.lessons]
        return replace(unit, lessons=tuple(each for each in changed if each is not None))

    return replace(
        CONTENT,
        courses=tuple(
            replace(course, units=tuple(in_unit(unit) for unit in course.units)) for course in CONTENT.courses
        ),
    )


def retitled(lesson):
    return replace(lesson, title={"en": LATER, "es": LATER}, version="f" * 32)


def shorter(lesson):
    return replace(lesson, exercises=lesson.exercises[:3], version="e" * 32)


def load(content=CONTENT, now=MONDAY):
    done = load_content(content, now=now)
    db.session.commit()
    return done


@pytest.fixture
def ana(make):
    load()
    return make.member("Ana Ejemplo")


def test_the_first_load_takes_all_and_the_second_nothing(app):
    first, second = load(), load(now=TUESDAY)

    assert (len(first.changed), first.kept) == (10, 0)
    assert (second.changed, second.retired, second.kept) == ((), (), 10)
    assert db.session.scalar(select(func.count(LessonVersion.id))) == 10
    assert set(db.session.scalars(select(Curriculum.loaded_at))) == {MONDAY}


def test_only_the_changed_lesson_gets_a_version(app):
    load()
    done = load(with_lesson(FIRST, retitled), TUESDAY)

    assert (done.changed, done.kept) == ((FIRST,), 9)
    assert queries.outlines()["es"].lesson(FIRST).title["en"] == LATER


def test_a_learner_half_way_finishes_the_version_they_began(ana):
    run = begin(ana, now=MONDAY)
    answer(run, ana, now=MONDAY)

    load(with_lesson(FIRST, shorter), TUESDAY)

    assert len(lesson_of(run).exercises) == 17
    while run.todo:
        answer(run, ana, now=TUESDAY)
    assert run.is_over
    again = begin(ana, now=TUESDAY)
    assert again.total == 3


def test_words_keep_their_ids_and_cards_from_version_to_version(ana):
    finish(ana, now=MONDAY)
    cards = set(db.session.scalars(select(CardState.item_id)))

    def changed(lesson):
        word = replace(lesson.words[0], meanings={**lesson.words[0].meanings, "en": "good day"})
        return replace(lesson, words=(word, *lesson.words[1:]), version="d" * 32)

    load(with_lesson(FIRST, changed), TUESDAY)
    finish(ana, now=TUESDAY)

    assert set(db.session.scalars(select(CardState.item_id))) == cards
    assert db.session.get(Item, f"{FIRST}:buenos-dias").meanings["en"] == "good day"


def test_a_retired_lesson_leaves_the_path_and_its_words_are_still_reviewed(ana):
    finish(ana, now=MONDAY)

    done = load(with_lesson(FIRST, lambda _lesson: None), TUESDAY)

    assert done.retired == (FIRST,)
    assert queries.outlines()["es"].lesson(FIRST) is None
    assert queries.current_version(FIRST) is None
    assert queries.due(ana, TUESDAY).count == 13
    assert db.session.get(Item, f"{FIRST}:puerta").is_taught is False


def test_a_wording_that_comes_back_is_the_version_it_was(app):
    load()
    before = queries.current_version(FIRST).id
    load(with_lesson(FIRST, retitled))
    load(now=TUESDAY)

    assert queries.current_version(FIRST).id == before
    assert db.session.scalar(select(func.count(LessonVersion.id))) == 11


def test_a_load_that_fails_changes_nothing(app):
    load()

    def broken(lesson):
        return replace(
            lesson, version="x" * 32, words=(replace(lesson.words[0], text=None), *lesson.words[1:])
        )

    with pytest.raises(Exception):  # noqa: B017
        load_content(with_lesson(FIRST, broken), now=TUESDAY)
    db.session.rollback()

    assert queries.current_version(FIRST).version == CONTENT.lesson(FIRST).version


def test_an_open_lesson_is_shown_in_the_version_begun(browser, make):
    load()
    member = make.member("Ana Ejemplo")
    begin(member, now=MONDAY)
    load(with_lesson(FIRST, retitled), TUESDAY)

    text = browser.as_(member).get("/lessons/spanish/a1.u01.l01").text

    assert '<h1><span lang="en">Good morning at the gate</span></h1>' in text


def test_the_command_loads_and_says_what_it_did(app):
    folder = voices.folder_of(app.extensions["relevo"])
    folder.mkdir(exist_ok=True)
    for name in voices.missing(CONTENT, folder):  # as if spoken before
        (folder / name).touch()
    runner = app.test_cli_runner()

    first = runner.invoke(args=["content", "load"])
    second = runner.invoke(args=["content", "load"])

    assert first.output == "10 lessons loaded, 0 unchanged, 0 retired.\n"
    assert second.output == "0 lessons loaded, 10 unchanged, 0 retired.\n"


def test_the_content_check_passes_on_what_we_ship_and_names_faults_with_exit_code_1(app, tmp_path):
    runner = app.test_cli_runner()
    good = runner.invoke(args=["content", "check"])

    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "course.yaml").write_text("id: es\nlanguage: xx\n")
    bad = runner.invoke(args=["content", "check", str(tmp_path)])

    assert (good.exit_code, good.output) == (0, "The content has no problem.\n")
    assert bad.exit_code == 1
    assert "es/course.yaml:" in bad.output


def test_answers_are_checked_from_the_command_line(app, tmp_path):
    file = tmp_path / "answers.csv"
    file.write_text("id,mode,lang,expected,typed\n1,sentence,es,Buenos días.,buenos dias\n")

    done = app.test_cli_runner().invoke(args=["learning", "check-answers", str(file)])

    assert done.exit_code == 0
    assert done.output.splitlines()[1].startswith("1,almost,A1,")


def test_many_missing_sounds_become_one_job(app):
    content = load_tree()
    names = voices.missing(content, app.extensions["relevo"].instance_path / "no-such-folder")

    first, second = (voices.enqueue(names, now=MONDAY) for _time in range(2))

    assert len(names) == 30
    assert first.id == second.id


def test_starting_the_portal_reads_no_word_list_and_no_scheduler():
    import subprocess
    import sys

    script = (
        "import sys; from portal import create_app; create_app(); "
        "from portal.learning.checking.lexicon import lexicon; "
        "print(lexicon.cache_info().currsize, 'fsrs' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=_environment()
    )

    assert done.stdout.split() == ["0", "False"]


def _environment():
    import os
    import tempfile

    return {**os.environ, "INSTANCE_PATH": tempfile.mkdtemp(), "DATABASE_URL": ""}
