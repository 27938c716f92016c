"""Every rule of the answer checker on written cases, and what a verdict carries."""

import csv
import subprocess
import sys
import time
from pathlib import Path

import pytest

from portal.learning.checking import SENTENCES, Mark, Op, check
from portal.learning.checking.words import build

HERE = Path(__file__).parent
CHECKING = HERE.parents[1] / "portal" / "learning" / "checking"


def cases(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["answers.sample.csv", "answers.csv"])
def test_every_case_gets_its_verdict_and_where_it_names_one_its_rule(name):
    disagreements = []
    for case in cases(name):
        verdict = check(case["mode"], case["lang"], case["expected"].split(" || "), case["typed"])
        if verdict.verdict != case["verdict"] or case["rule"] not in ("", verdict.rule):
            disagreements.append((case, verdict.verdict.value, verdict.rule))

    assert disagreements == []


def test_the_cases_cover_both_languages_all_modes_and_every_rule():
    written = cases("answers.csv")

    assert len(written) >= 400
    assert {(case["lang"], case["mode"]) for case in written} == {
        (lang, mode) for lang in ("es", "en") for mode in ("sentence", "cloze", "dictation")
    }
    # A cloze that is refused under a forgiving rule keeps the rule's name, so each sentence's rule appears.
    assert {key.split(".")[0] for key in SENTENCES} <= {case["rule"] for case in written}


def test_a_wrong_answer_says_what_differs_in_reading_order():
    verdict = check("sentence", "es", ["El carro es rojo.", "El coche es rojo."], "el coche es roja")

    assert verdict.verdict is Mark.WRONG
    assert verdict.rule == "V1"
    assert verdict.nearest == "El coche es rojo."
    assert verdict.diff == ((Op.SAME, "El coche es"), (Op.EXTRA, "roja"), (Op.MISSING, "rojo"))
    assert verdict.sentence() == "Here it is rojo, not roja."


def test_a_contraction_shows_as_it_was_written():
    verdict = check("sentence", "en", ["We don't agree."], "We do agree.")

    assert verdict.diff == ((Op.SAME, "We"), (Op.EXTRA, "do"), (Op.MISSING, "don't"), (Op.SAME, "agree"))
    assert verdict.sentence() == "A word is missing: not."


def test_missing_opening_marks_are_noted_without_a_penalty():
    verdict = check("sentence", "es", ["¿Hay huelga?"], "hay huelga")

    assert verdict.verdict is Mark.CORRECT
    assert verdict.message.key == "N2.opening"


def test_a_percent_sign_in_an_answer_does_not_disturb_the_sentence():
    verdict = check("sentence", "en", ["We won."], "We won 100%(typed)s %s %d")

    assert verdict.verdict is Mark.WRONG
    assert verdict.sentence()


def test_the_course_may_add_its_own_words():
    plain = check("sentence", "es", ["Usa el rezago."], "Usa el rezagu.")
    taught = check("sentence", "es", ["Usa el rezago."], "Usa el rezagu.", course_words={"rezagu"})

    assert (plain.verdict, taught.verdict) == (Mark.ALMOST, Mark.WRONG)


def test_repeating_the_prompt_is_not_an_answer():
    assert (
        check("sentence", "es", ["El paro sigue."], "The walkout goes on", prompt="The walkout goes on.").rule
        == "X1"
    )


def test_a_word_shared_by_both_languages_is_right_even_when_it_is_the_prompt():
    assert check("sentence", "es", ["Hospital"], "hospital", prompt="Hospital").verdict is Mark.CORRECT


@pytest.mark.parametrize(
    "typed", ["a" * 1_000_000, "no " * 300_000, "<" * 500_000, "é́" * 200_000, "1," * 200_000]
)
def test_a_huge_answer_is_refused_quickly(typed):
    started = time.perf_counter()

    assert check("sentence", "es", ["No hay gas."], typed).verdict is Mark.WRONG
    assert time.perf_counter() - started < 0.5


def test_a_long_expected_answer_is_still_right():
    long = " ".join(["compañeros"] * 500)

    assert check("sentence", "es", [long], long).verdict is Mark.CORRECT


def test_no_expected_answer_accepts_nothing():
    assert check("sentence", "es", [], "huelga").verdict is Mark.WRONG
    assert check("sentence", "es", ["", " "], "").rule == "X2"


@pytest.mark.parametrize(("mode", "lang"), [("essay", "es"), ("sentence", "fr")])
def test_an_unknown_mode_or_language_is_a_mistake_of_the_caller(mode, lang):
    with pytest.raises(ValueError, match="unknown"):
        check(mode, lang, ["huelga"], "huelga")


def test_the_checker_itself_asks_for_neither_flask_nor_the_database():
    sources = [path.read_text(encoding="utf-8") for path in CHECKING.rglob("*.py")]

    assert not [
        text for text in sources if "import flask" in text or "from flask" in text or "sqlalchemy" in text
    ]


def test_word_lists_are_read_on_first_use_only():
    program = (
        "import portal.learning.checking as checking\n"
        "from portal.learning.checking.lexicon import lexicon\n"
        "assert lexicon.cache_info().currsize == 0\n"
        "checking.check('sentence', 'es', ['huelga'], 'huelgo')\n"
        "assert lexicon.cache_info().currsize > 0\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=HERE.parents[1])


def test_the_word_lists_stay_small_and_say_where_they_come_from():
    files = [
        path
        for path in (CHECKING / "words").iterdir()
        if path.suffix in {".words", ".folded", ".stems", ".names"}
    ]
    sources = (CHECKING / "words" / "SOURCES.md").read_text(encoding="utf-8")

    assert len(files) == 8
    assert sum(path.stat().st_size for path in files) < 4_000_000
    assert all(digest in sources for digest in build.ARCHIVES.values())


def test_affixes_open_into_the_forms_they_stand_for():
    table = build.affixes(
        ["SFX S Y 1", "SFX S 0 s [aeo]", "PFX D Y 1", "PFX D 0 des .", "SFX B Y 1", "SFX B r dura/S [aeí]r"]
    )

    assert set(build.forms("carga", "SD", table)) == {"carga", "cargas", "descarga", "descargas"}
    assert set(build.forms("atar", "B", table)) == {"atar", "atadura", "ataduras"}
