"""Lessons through the web: with fragments and without, on good input and bad."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.extensions import db
from portal.learning import queries
from portal.learning.models import LessonAnswer, LessonRun
from tests.learning.helpers import (
    CONTENT,
    FIRST,
    answer,
    begin,
    exercise_on,
    finish,
    lesson_of,
    load,
    words_of_page,
)

LESSONS = list(CONTENT.lessons())
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def ana(make):
    load()
    return make.member("Ana Ejemplo")


@pytest.fixture
def hers(browser, ana):
    return browser.as_(ana)


def address(lesson_id, rest=""):
    course, _, place = lesson_id.partition(".")
    return f"/lessons/{'spanish' if course == 'es' else 'english'}/{place}{rest}"


def start(browser, lesson_id=FIRST):
    response = browser.post(address(lesson_id, "/begin"))
    assert response.status_code == 303
    return response.location


def the_run():
    return db.session.scalars(select(LessonRun).order_by(LessonRun.id.desc()).limit(1)).one()


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.id)
def test_every_exercise_is_solved_on_the_web_by_its_own_answer(browser, make, lesson):
    load()
    spanish = lesson.course_id == "es"
    member = make.member(
        "Ana Ejemplo", union="usw" if spanish else "mineros", locale="en" if spanish else "es_MX"
    )
    hers = browser.as_(member)
    place = start(hers, lesson.id)
    run = the_run()
    assert run.total == len(lesson.exercises)

    for number, exercise in enumerate(lesson.exercises):
        page = hers.get(place)
        assert page.status_code == 200
        assert f'name="exercise" value="{number}"' in page.text
        sent = hers.post(f"{place}/answer", {"exercise": number, "answer": exercise.expected[0]})
        assert sent.status_code == 303
        feedback = hers.get(sent.location)
        assert 'class="feedback good"' in feedback.text, (exercise.id, words_of_page(feedback.text))

    assert the_run().is_over
    end = hers.get(place)
    assert lesson.tandem is None or lesson.tandem.prompts[lesson.language][:20] in words_of_page(end.text)


def test_a_lesson_shows_its_words_dialogue_and_grammar_with_their_languages(hers):
    text = hers.get(address(FIRST)).text

    assert '<span lang="es">me llamo</span>' in text
    assert '<span lang="en">my name is</span>' in text
    assert '<p lang="es">Buenos días. Soy Daniel, de Pittsburgh.</p>' in text
    assert '<strong lang="es">Soy</strong>' in text
    assert "not yet reviewed" in text


def test_what_is_not_explained_in_the_readers_language_says_so(browser, make):
    load()
    luz = make.member("Luz Muestra", union="mineros", locale="fr_CA")

    text = browser.as_(luz).get(address("en.a1.u01.l01")).text

    assert '<html lang="fr-CA"' in text
    assert '<span lang="es">mi nombre es' not in text
    assert re.search(r'<p class="hint">\s*\S', text)
    assert 'class="muted small" lang="es"' in text


def test_a_fragment_is_the_exercise_alone(hers):
    place = start(hers)
    run = the_run()

    sent = hers.fragment(
        f"{place}/answer",
        "exercise",
        method="POST",
        data={"exercise": 0, "answer": exercise_on(run).expected[0]},
    )
    shown = hers.fragment(sent.location, "exercise")

    assert sent.status_code == 303
    assert shown.text.strip().startswith('<section id="exercise"')
    assert "<html" not in shown.text
    assert 'id="go-on"' in shown.text


def test_a_wrong_answer_says_which_rule_decided_and_shows_the_difference(hers, ana):
    run = begin(ana, now=clock.now())
    while exercise_on(run).id != f"{FIRST}.e09":
        answer(run, ana, now=clock.now())
    place = f"/lessons/run/{run.id}"
    sent = hers.post(
        f"{place}/answer", {"exercise": run.todo[0], "answer": "Buenas días, me llamo Marc Tremblay"}
    )

    text = hers.get(sent.location).text

    assert "<del>Buenas</del>" in text
    assert "<ins>Buenos</ins>" in text
    assert "Here it is Buenos, not Buenas." in words_of_page(text)
    assert "It comes once more, at the end." in text


def test_what_is_typed_is_shown_as_text_never_as_markup(hers, ana):
    run = begin(ana, now=clock.now())
    while exercise_on(run).type != "translate":
        answer(run, ana, now=clock.now())
    place = f"/lessons/run/{run.id}"

    for typed in (SCRIPT, f"good {SCRIPT} morning", '"><img src=x>', "{{ 7*7 }} %(x)s %"):
        run = queries.run_or_hidden(run.id)
        sent = hers.post(f"{place}/answer", {"exercise": run.todo[0], "answer": typed})
        text = hers.get(sent.location).text if sent.status_code == 303 else sent.text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert sent.status_code in (303, 422)


def test_nothing_typed_is_told_beside_the_field_and_costs_nothing(hers):
    place = start(hers)

    sent = hers.post(f"{place}/answer", {"exercise": 0, "answer": "   "})

    assert sent.status_code == 422
    assert "Choose one of the sentences" in sent.text
    assert the_run().answered == 0


def test_show_me_gives_the_answer_without_blame_and_brings_it_back(hers):
    place = start(hers)

    sent = hers.post(f"{place}/answer", {"exercise": 0, "reveal": "1"})
    text = words_of_page(hers.get(sent.location).text)

    assert "Here it is" in text
    assert "Not yet" not in text
    assert the_run().todo[-1] == 0


def test_a_second_tab_is_led_to_where_the_learner_is(hers):
    place = start(hers)
    run = the_run()
    right = {"exercise": 0, "answer": exercise_on(run).expected[0]}
    hers.post(f"{place}/answer", right)

    late = hers.post(f"{place}/answer", right)

    assert (late.status_code, late.location) == (303, f"{place}#exercise")
    assert db.session.scalar(select(func.count(LessonAnswer.id))) == 1


def test_the_same_form_sent_twice_is_one_answer(hers):
    place = start(hers)
    right = {"exercise": 0, "answer": exercise_on(the_run()).expected[0]}

    first = hers.post(f"{place}/answer", right, key="twice")
    second = hers.post(f"{place}/answer", right, key="twice")

    assert first.location == second.location
    assert the_run().answered == 1


BAD = ["x" * 100_000, "a\x00b", "\u202egnirts\u202c", "💥" * 400, "%s%d{0}", "' OR 1=1 --", "\ud7ff\uffff"]


@pytest.mark.parametrize("typed", BAD, ids=range(len(BAD)))
def test_bad_input_is_answered_kindly(hers, ana, typed):
    run = begin(ana, now=clock.now())
    while exercise_on(run).type != "translate":
        answer(run, ana, now=clock.now())
    place = f"/lessons/run/{run.id}"

    sent = hers.post(f"{place}/answer", {"exercise": run.todo[0], "answer": typed})
    shown = hers.get(sent.location) if sent.status_code == 303 else sent

    assert sent.status_code in (303, 422)
    assert shown.status_code in (200, 422)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"answer": "x"},
        {"exercise": "x", "answer": "x"},
        {"exercise": "-1", "answer": "x"},
        {"exercise": "99999999999999999999", "answer": "x"},
        {"exercise": ["0", "5"], "answer": ["a", "b"]},
        {"exercise": "", "answer": "", "reveal": "maybe"},
    ],
    ids=range(7),
)
def test_missing_doubled_and_wild_fields_never_break_the_player(hers, data):
    place = start(hers)

    sent = hers.post(f"{place}/answer", data)

    assert sent.status_code in (303, 422)
    assert hers.get(place).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/lessons/spanish/a1.u99.l01",
        "/lessons/spanish/nothing",
        "/lessons/klingon",
        "/lessons/run/999999",
        "/lessons/run/99999999999999",
        "/lessons/voice/../../../etc/passwd",
        "/lessons/voice/" + "0" * 32 + ".mp3",
        "/lessons/voice/secret_key",
    ],
)
def test_what_is_not_there_is_a_404(hers, path):
    assert hers.get(path).status_code == 404


@pytest.mark.parametrize("after", ["0", "-3", "x", "99999999999999999999", "2147483647"])
def test_an_answer_that_is_not_there_leads_to_the_next_exercise(hers, after):
    place = start(hers)

    page = hers.get(f"{place}?after={after}")

    assert page.status_code == 200
    assert 'name="exercise" value="0"' in page.text


def test_somebody_elses_run_is_a_404_in_every_way(browser, make, ana):
    run = begin(ana, now=clock.now())
    same_union = browser.as_(make.member("Sam Sample"))
    other_union = browser.as_(make.member("Luz Muestra", union="mineros"))

    for stranger in (same_union, other_union):
        assert stranger.get(f"/lessons/run/{run.id}").status_code == 404
        assert (
            stranger.post(f"/lessons/run/{run.id}/answer", {"exercise": 0, "answer": "x"}).status_code == 404
        )


def test_somebody_elses_answer_is_not_shown_in_ones_own_run(browser, make, ana):
    theirs = begin(ana, now=clock.now())
    given = answer(theirs, ana, "Gracias, compañera.", now=clock.now()).id
    sam = make.member("Sam Sample")
    mine = begin(sam, now=clock.now())

    page = browser.as_(sam).get(f"/lessons/run/{mine.id}?after={given}")

    assert 'id="go-on"' not in page.text


def test_strangers_are_asked_to_sign_in_and_coordinators_have_no_lessons(browser, make, ana):
    assert browser.get("/lessons").status_code == 303
    pat = browser.as_(make.member("Pat Example", "coordinator"))
    assert pat.get("/lessons").status_code == 404
    assert pat.get("/today").status_code == 404


def test_instructors_read_lessons_and_have_no_button_to_begin(browser, make, ana):
    ines = browser.as_(make.member("Inés Prueba", "instructor"))

    page = ines.get(address(FIRST))

    assert page.status_code == 200
    assert "/begin" not in page.text
    assert ines.post(address(FIRST, "/begin")).status_code == 404


def test_the_path_leads_to_ones_own_program_and_the_other_is_open(browser, make, ana):
    luz = browser.as_(make.member("Luz Muestra", union="mineros"))

    assert "/lessons/english/a1.u01.l01" in luz.get("/lessons").text
    assert "/lessons/spanish/a1.u01.l01" in luz.get("/lessons/spanish").text
    assert "/lessons/spanish/a1.u01.l01" in browser.as_(ana).get("/lessons").text


def test_the_path_shows_what_is_finished_open_and_next(hers, ana):
    finish(ana, now=clock.now())
    run = begin(ana, "es.a1.u01.l03", now=clock.now())
    answer(run, ana, now=clock.now())

    text = words_of_page(hers.get("/lessons").text)

    assert "Lesson 1 Finished" in text
    assert "Lesson 2 Next" in text
    assert f"Lesson 3 1 of {run.total}" in text


def test_pages_take_the_same_statements_after_one_lesson_and_after_many(hers, ana, statements):
    now = clock.now()
    paths = ("/today", "/lessons", address(FIRST), "/lessons/progress", "/lessons/review")

    def counts():
        for path in paths:
            hers.get(path)
        found = []
        for path in paths:
            with statements() as seen:
                assert hers.get(path).status_code == 200
            found.append(len(seen))
        return found

    finish(ana, now=now - timedelta(days=3))
    first = counts()
    for lesson in LESSONS:
        for back in (2, 9, 16):
            finish(ana, lesson.id, now=now - timedelta(days=back))
    assert counts() == first
    assert max(first) <= 8, dict(zip(paths, first, strict=True))


def test_a_dictation_without_its_sound_is_copied_instead(hers, ana):
    run = begin(ana, now=clock.now())
    while exercise_on(run).type != "dictation":
        answer(run, ana, now=clock.now())

    text = hers.get(f"/lessons/run/{run.id}").text

    assert "<audio" not in text
    assert f'<p class="prompt" lang="es">{exercise_on(run).listen}</p>' in text


def test_the_sound_is_served_to_members_and_may_be_kept(browser, hers, ana, app):
    from portal.learning import voices
    from portal.learning.voice import voice_name

    folder = voices.folder_of(app.extensions["relevo"])
    run = begin(ana, now=clock.now())
    while exercise_on(run).type != "dictation":
        answer(run, ana, now=clock.now())
    name = voice_name(exercise_on(run).listen, "es")
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"ID3 sound")
    try:
        page = hers.get(f"/lessons/run/{run.id}").text
        sound = hers.get(f"/lessons/voice/{name}")
        part = hers.get(f"/lessons/voice/{name}", headers={"Range": "bytes=0-2"})
        stranger = browser.get(f"/lessons/voice/{name}")
        known = hers.get(f"/lessons/voice/{name}", headers={"If-None-Match": sound.headers["ETag"]})
        body = sound.data
    finally:
        (folder / name).unlink()

    assert f'src="/lessons/voice/{name}"' in page
    assert "A computer speaks here" in page
    assert (sound.status_code, body, sound.mimetype) == (200, b"ID3 sound", "audio/mpeg")
    assert sound.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (part.status_code, part.data) == (206, b"ID3")
    assert known.status_code == 304
    assert stranger.status_code == 303


def test_lesson_text_of_the_run_is_that_of_its_version(ana):
    run = begin(ana, now=clock.now())

    assert lesson_of(run).version == queries.current_version(FIRST).version
