from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.learning.lesson_files import ContentProblems, check_tree, load_tree
from portal.learning.lesson_text import pieces, shuffled, unknown_words, words_of
from portal.learning.lesson_types import (
    CheckMode,
    ExerciseType,
    LessonState,
    pack_lesson,
    unpack_lesson,
)
from portal.learning.lesson_yaml import LARGEST_FILE, Unreadable, parse_document

COURSE = """\
id: es
language: es
explained_in: [en]
title: {en: "Spanish", es: "Español", fr: "Espagnol"}
about: {en: "Spanish.", es: "Español.", fr: "Espagnol."}
function_words: [el, la, en, no]
names: [Ana]
"""
UNIT = """\
id: es.a1.u01
level: A1
title: {en: "At work", es: "En el trabajo", fr: "Au travail"}
about: {en: "Work.", es: "Trabajo.", fr: "Travail."}
can_do:
  - {id: a1.work, en: "I can work.", es: "Puedo trabajar.", fr: "Je peux travailler."}
"""
LESSON = """\
id: es.a1.u01.l01
title: {en: "The gate", es: "La puerta", fr: "La barrière"}
level: A1
can_do: [a1.work]
needs: []
words:
  - {id: puerta, es: "la puerta", en: "gate", pos: n, gender: f}
  - {id: esta, es: "está", en: "is", pos: v}
sentences:
  - {id: s1, es: ["Ana está en la puerta.", "En la puerta está Ana, sí."], en: ["Ana is at the gate."], uses: [puerta]}
  - {id: s2, es: ["La puerta no está."], en: ["The gate is not there.", "The gate isn't there."]}
dialogue:
  - {who: Ana, es: "¿La puerta?", en: "The gate?"}
grammar: {en: "**Está** is for places."}
exercises:
  - {type: choose, sentence: s1, wrong: ["Ana no está en la puerta.", "La puerta no está en Ana."]}
  - {type: cloze, sentence: s1, blank: "puerta", accept: ["entrada"], hint: {en: "gate"}}
  - {type: order, sentence: s1}
  - {type: translate, from: en, sentence: s2}
  - {type: translate, from: es, sentence: s2}
  - {id: last, type: dictation, sentence: s2}
tandem: {minutes: 10, es: "¿Dónde está tu puerta?", en: "Where is your gate?"}
sources: ["Written for this test"]
reviewed: {es: null, en: null, steward: null}
"""
SECOND = """\
id: es.a1.u01.l02
title: {en: "The mine", es: "La mina", fr: "La mine"}
level: A1
can_do: [a1.work]
needs: [es.a1.u01.l01]
words:
  - {id: mina, es: "la mina", en: "mine", pos: n, gender: f}
sentences:
  - {id: s1, es: ["La mina está en la puerta."], en: ["The mine is at the gate."]}
  - {id: s2, es: ["Ana está en la mina."], en: ["Ana is in the mine."]}
dialogue: []
grammar: {en: "Nothing new."}
exercises:
  - {type: order, sentence: s2}
tandem: {minutes: 10, es: "¿Y tu mina?", en: "And your mine?"}
sources: ["Written for this test"]
reviewed: {es: null, en: null, steward: null}
"""
RUBBISH = [
    "x",
    "- 1",
    "",
    "words: 3",
    "a: {b: [",
    "sentences: [3]",
    "exercises: [[]]",
    "words: [{id: {}, es: [], en: {}, pos: []}]",
    "sentences: [{id: s1, es: [[], {}], en: 3, uses: {}}]",
    "exercises: [{type: [], sentence: {}}]",
    "exercises: [{type: cloze, sentence: [s1], blank: {}}]",
    "reviewed: 3",
    "needs: {}",
    "tandem: []",
    "can_do: [{}]",
    "explained_in: [[], {}]",
    "function_words: [[], {}, 3]",
    "language: []",
    "id: {}",
    "title: [en]",
]


def tree(
    root: Path, lesson: str = LESSON, second: str | None = None, course: str = COURSE, unit: str = UNIT
) -> Path:
    folder = root / "es" / "a1" / "u01"
    folder.mkdir(parents=True, exist_ok=True)
    (root / "es" / "course.yaml").write_text(course, encoding="utf-8")
    (folder / "unit.yaml").write_text(unit, encoding="utf-8")
    (folder / "l01.yaml").write_text(lesson, encoding="utf-8")
    if second is not None:
        (folder / "l02.yaml").write_text(second, encoding="utf-8")
    return root


def problems(root: Path, *changes: tuple[str, str], second: str | None = None) -> list[str]:
    lesson = LESSON
    for old, new in changes:
        assert old in lesson
        lesson = lesson.replace(old, new)
    return [
        f"{problem.path.rpartition('/')[2]}:{problem.line}: {problem.message}"
        for problem in check_tree(tree(root, lesson, second))
    ]


def test_a_sound_lesson_becomes_data_for_a_player(tmp_path):
    lesson = load_tree(tree(tmp_path)).lesson("es.a1.u01.l01")

    assert [(word.id, word.forms) for word in lesson.words] == [
        ("es.a1.u01.l01:puerta", ("puerta",)),
        ("es.a1.u01.l01:esta", ("está",)),
    ]
    assert lesson.sentences[0].uses == ("es.a1.u01.l01:puerta", "es.a1.u01.l01:esta")
    assert [(exercise.id, exercise.type, exercise.mode) for exercise in lesson.exercises] == [
        ("es.a1.u01.l01.e01", ExerciseType.CHOOSE, CheckMode.SENTENCE),
        ("es.a1.u01.l01.e02", ExerciseType.CLOZE, CheckMode.CLOZE),
        ("es.a1.u01.l01.e03", ExerciseType.ORDER, CheckMode.SENTENCE),
        ("es.a1.u01.l01.e04", ExerciseType.TRANSLATE, CheckMode.SENTENCE),
        ("es.a1.u01.l01.e05", ExerciseType.TRANSLATE, CheckMode.SENTENCE),
        ("es.a1.u01.l01.last", ExerciseType.DICTATION, CheckMode.DICTATION),
    ]
    assert lesson.state is LessonState.DRAFT


def test_each_type_of_exercise_carries_what_it_needs(tmp_path):
    choose, cloze, order, into, back, dictation = load_tree(tree(tmp_path)).lesson("es.a1.u01.l01").exercises

    assert sorted(choose.choices) == [
        "Ana está en la puerta.",
        "Ana no está en la puerta.",
        "La puerta no está en Ana.",
    ]
    assert (choose.prompt_for("en"), choose.expected) == (
        ("en", "Ana is at the gate."),
        ("Ana está en la puerta.",),
    )
    assert choose.wrong == tuple(c for c in choose.choices if c != "Ana está en la puerta.")
    assert (cloze.prompt_for("en"), cloze.expected) == (
        ("es", "Ana está en la ____."),
        ("puerta", "entrada"),
    )
    assert (cloze.meaning, cloze.hint) == ({"en": "Ana is at the gate."}, {"en": "gate"})
    assert sorted(order.tokens) == ["Ana", "en", "está", "la", "puerta"]
    assert order.tokens != ("Ana", "está", "en", "la", "puerta")
    assert (into.prompt_for("fr"), into.expected) == (
        ("en", "The gate is not there."),
        ("La puerta no está.",),
    )
    assert (back.prompt_for("en"), back.answer_language, back.expected) == (
        ("es", "La puerta no está."),
        "en",
        ("The gate is not there.", "The gate isn't there."),
    )
    assert (dictation.prompt_for("en"), dictation.listen) == (("", ""), "La puerta no está.")


def test_a_reader_of_french_is_not_asked_to_answer_in_english(tmp_path):
    lesson = load_tree(tree(tmp_path)).lesson("es.a1.u01.l01")

    assert len(lesson.exercises_for("en")) == 6
    assert [exercise.id[-3:] for exercise in lesson.exercises_for("fr")] == [
        "e01",
        "e02",
        "e03",
        "e04",
        "ast",
    ]


def test_the_version_follows_what_is_said_and_not_how_it_is_laid_out(tmp_path):
    first = load_tree(tree(tmp_path / "a")).lesson("es.a1.u01.l01").version
    laid_out = load_tree(tree(tmp_path / "b", "# a note\n" + LESSON.replace('"gate"', "gate"))).lesson(
        "es.a1.u01.l01"
    )
    changed = load_tree(tree(tmp_path / "c", LESSON.replace('en: "gate",', 'en: "gate; door",'))).lesson(
        "es.a1.u01.l01"
    )

    assert laid_out.version == first
    assert changed.version != first
    assert len(first) == 32


def test_a_lesson_can_be_packed_and_read_back(tmp_path):
    lesson = load_tree(tree(tmp_path)).lesson("es.a1.u01.l01")

    assert unpack_lesson(pack_lesson(lesson)) == lesson


def test_three_review_stamps_make_a_lesson_reviewed(tmp_path):
    stamped = LESSON.replace(
        "{es: null, en: null, steward: null}",
        '{es: "Ana Ruiz, 2026-03-14", en: "Jo Hall, 2026-03-15", steward: "Lee Roy, 2026-03-16"}',
    )

    assert load_tree(tree(tmp_path, stamped)).lesson("es.a1.u01.l01").state is LessonState.REVIEWED


def test_all_problems_are_told_at_once_with_their_lines(tmp_path):
    told = problems(
        tmp_path,
        ("level: A1", "level: A9"),
        ("pos: n, gender: f", "pos: n, colour: red"),
        ('blank: "puerta"', 'blank: "mina"'),
        ("minutes: 10", "minutes: ten"),
    )

    assert told == [
        "l01.yaml:3: The level is 'A9'. Use A1, A2, B1, B2 or C1.",
        "l01.yaml:7: A Spanish noun needs its gender: m, f or mf.",
        "l01.yaml:7: A word has no field 'colour'. It knows: id, es, en, pos, fr, gender, note, forms.",
        "l01.yaml:17: “mina” is not in the sentence “Ana está en la puerta.”. It must be there once.",
        "l01.yaml:22: The tandem card needs a whole number from 5 to 60.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("id: s2", "id: s1", "l01.yaml:11: The id 's1' is already used for the sentence on line 10."),
        (
            "id: es.a1.u01.l01",
            "id: es.a1.u01.l9",
            "l01.yaml:1: The id is 'es.a1.u01.l9'; from where the file stands it must be 'es.a1.u01.l01'.",
        ),
        (
            "can_do: [a1.work]",
            "can_do: [a1.rest]",
            "l01.yaml:4: The can-do statement 'a1.rest' is not in the unit's unit.yaml.",
        ),
        (
            "needs: []",
            "needs: [es.a1.u01.l07]",
            "l01.yaml:5: It needs the lesson 'es.a1.u01.l07', which is not there.",
        ),
        (
            "uses: [puerta]",
            "uses: [mina]",
            "l01.yaml:10: uses: there is no word 'mina' in this lesson or those it needs.",
        ),
        (
            '"¿La puerta?"',
            '"¿La salida?"',
            "l01.yaml:13: “salida” in “¿La salida?” is not taught before: add it to the "
            "words of this lesson or of one it needs, or to the forms of a word, the function words or the names.",
        ),
        (
            '"La puerta no está en Ana."',
            '"Ana está, en la Puerta"',
            "l01.yaml:16: “Ana está, en la Puerta” is listed as wrong, but it is also an accepted answer.",
        ),
        (
            "type: order, sentence: s1",
            "type: order, sentence: s9",
            "l01.yaml:18: There is no sentence 's9' in this lesson.",
        ),
        (
            "type: order",
            "type: juggle",
            "l01.yaml:18: The type of this exercise is 'juggle'. Use choose, cloze, order, "
            "translate or dictation.",
        ),
        (
            '"En la puerta está Ana, sí."',
            '"En la puerta está Ana."',
            "l01.yaml:18: An order exercise has more than one "
            "solution: “En la puerta está Ana.” is made of the same words.",
        ),
        ("id: last", "id: e02", "l01.yaml:21: The exercise id 'e02' is used twice."),
        (
            '"Ana está en la puerta.", ',
            '"Ana está. La puerta.", ',
            "l01.yaml:18: An order exercise needs a sentence in one "
            "piece; around a comma or a stop the parts could change places.",
        ),
        (
            '"The gate?"',
            '"<b>The gate?</b>"',
            "l01.yaml:13: The line in en holds a character that is not allowed "
            "(such as <, > or an invisible one).",
        ),
        (
            "es: null, en",
            'es: "soon", en',
            "l01.yaml:24: A review is null or a name and a day: “Ana Ruiz, 2026-03-14”.",
        ),
        (
            "es: null, en",
            'es: "Ana Ruiz, 2026-02-30", en',
            "l01.yaml:24: A review is null or a name and a day: “Ana Ruiz, 2026-03-14”.",
        ),
        (
            "**Está** is",
            "**Está is",
            "l01.yaml:14: Emphasis is *like this* or **like this**: closed, and not one in the other.",
        ),
        ("sources:", "level: A2\nsources:", "l01.yaml:23: The field 'level' is here twice."),
    ],
)
def test_a_mistake_is_told_in_plain_words_where_it_stands(tmp_path, old, new, told):
    assert told in problems(tmp_path, (old, new))


def test_a_wrong_choice_that_the_checker_lets_pass_is_told(tmp_path):
    lesson = LESSON.replace('"La puerta no está en Ana."', '"Ana esta en la puerta."').replace(
        "pos: v}", 'pos: v, forms: ["esta"]}'
    )

    assert check_tree(tree(tmp_path, lesson)) == []
    assert [str(problem) for problem in check_tree(tmp_path, answers=True)] == [
        "es/a1/u01/l01.yaml:16: The wrong choice “Ana esta en la puerta.” would be judged almost. Change it more."
    ]


def test_a_word_is_heard_in_two_sentences_and_practiced(tmp_path):
    told = problems(tmp_path, ('"La puerta no está."', '"Ana no está."'), ("sentence: s1", "sentence: s2"))

    assert "l01.yaml:7: The word “la puerta” is in one sentence; it needs 2." in told
    assert "l01.yaml:7: No exercise practices the word “la puerta”." in told


def test_a_lesson_may_use_the_words_of_the_lessons_it_needs(tmp_path):
    assert problems(tmp_path, second=SECOND) == []


def test_a_lesson_may_not_use_words_of_a_lesson_it_does_not_need(tmp_path):
    told = problems(tmp_path, second=SECOND.replace("needs: [es.a1.u01.l01]", "needs: []"))

    assert told[0].startswith("l02.yaml:9: “está” in “La mina está en la puerta.” is not taught before")


def test_lessons_that_need_each_other_are_found(tmp_path):
    told = problems(tmp_path, ("needs: []", "needs: [es.a1.u01.l02]"), second=SECOND)

    assert told == [
        "l02.yaml:5: These lessons need each other: es.a1.u01.l01 → es.a1.u01.l02 → es.a1.u01.l01."
    ]


def test_a_sentence_and_a_word_are_taught_once_in_a_course(tmp_path):
    second = SECOND.replace("La mina está en la puerta.", "¡La puerta no está!").replace(
        '"la mina", en: "mine"', '"la puerta", en: "gate"'
    )
    told = problems(tmp_path, second=second)

    assert "l02.yaml:9: The sentence “¡La puerta no está!” is already at es/a1/u01/l01.yaml:11." in told
    assert "l02.yaml:7: The word “la puerta” is already taught at es/a1/u01/l01.yaml:7." in told


def test_a_file_in_an_unknown_place_and_a_missing_unit_are_told(tmp_path):
    tree(tmp_path)
    (tmp_path / "es/a1/u01/unit.yaml").rename(tmp_path / "es/a1/u01/notes.yaml")

    assert [str(problem) for problem in check_tree(tmp_path)] == [
        "es/a1/u01/l01.yaml:1: There is no unit.yaml beside this lesson.",
        "es/a1/u01/notes.yaml:1: The file stands where nothing looks for it. A lesson is like es/a1/u01/l01.yaml.",
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path):
    tree(tmp_path / "content")
    (tmp_path / "secret.yaml").write_text("id: x")
    (tmp_path / "content/es/a1/u01/l02.yaml").symlink_to(tmp_path / "secret.yaml")

    assert [str(problem) for problem in check_tree(tmp_path / "content")] == [
        "es/a1/u01/l02.yaml:1: This is a link or no file. Put the file itself here."
    ]


def test_loading_refuses_with_every_problem(tmp_path):
    tree(tmp_path, LESSON.replace("level: A1", "level: A9").replace("minutes: 10", "minutes: 0"))

    with pytest.raises(ContentProblems) as refused:
        load_tree(tmp_path)
    assert [problem.line for problem in refused.value.problems] == [3, 22]


@pytest.mark.parametrize(
    ("raw", "line", "told"),
    [
        (b"", 1, "The file is empty."),
        (b"id: [1\nname: 2", 2, "The YAML cannot be read here"),
        (b"id: 1\nname: &a 2", 2, "Anchors and aliases"),
        (b"id: 1\nname: !!python/object/apply:os.system [ls]", 2, "Tags (!) are not used"),
        (b"id: \xff", 1, "This is not UTF-8 text"),
        (b"id: a\nname: b\0", 2, "There is a character here"),
        (b"[" * 50, 1, "Fields are nested more than 8 deep here."),
        (b"{[a]: 1}", 1, "A field needs a plain word as its name."),
        (b"a" * (LARGEST_FILE + 1), 1, "The file is larger than 256 KB"),
    ],
)
def test_a_file_that_is_no_lesson_yaml_is_refused_in_words(tmp_path, raw, line, told):
    root = tree(tmp_path)
    (root / "es/a1/u01/l01.yaml").write_bytes(raw)

    found = check_tree(root)[0]
    assert (found.path, found.line) == ("es/a1/u01/l01.yaml", line)
    assert found.message.startswith(told)


def test_yes_no_and_days_stay_text():
    document = parse_document(b"a: no\nb: 2026-03-14\nc: 12\nd: ~\ne: '12'", "x.yaml")

    assert document.data == {"a": "no", "b": "2026-03-14", "c": 12, "d": None, "e": "12"}


def test_words_are_found_without_marks_and_case():
    assert words_of("¿Qué pasó, I’m OK?") == ("qué", "pasó", "i'm", "ok")
    assert unknown_words("Buenos días, Ana", [("buenos", "días")], frozenset({"ana"})) == ()
    assert unknown_words("Buenos y días", [("buenos", "días")], frozenset({"y"})) == ("buenos", "días")


def test_pieces_do_not_tell_which_comes_first():
    assert pieces("¿Dónde está Ana?", frozenset({"ana"})) == ("dónde", "está", "Ana")
    assert pieces("Ana está.", frozenset({"ana"})) == ("Ana", "está")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=5), min_size=2, max_size=9, unique=True), st.text(max_size=9))
def test_shuffling_keeps_every_piece_and_never_the_order(items, seed):
    mixed = shuffled(items, seed)

    assert sorted(mixed) == sorted(items)
    assert mixed != tuple(items)
    assert mixed == shuffled(items, seed)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="ab:{}[],&*!|>-# \n\"'?%@\0é", max_size=80).map(str.encode))
def test_no_file_brings_the_reader_down(raw):
    try:
        document = parse_document(raw, "x.yaml")
    except Unreadable as refused:
        line = refused.line
    else:
        line = document.line()
    assert line >= 1


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["course", "unit", "lesson"]),
    st.integers(0, 23),
    st.lists(st.sampled_from(RUBBISH), min_size=1, max_size=2),
)
def test_any_line_of_any_file_may_be_rubbish(tmp_path_factory, kind, place, rubbish):
    files = {"course": COURSE, "unit": UNIT, "lesson": LESSON}
    lines = files[kind].splitlines()
    lines[place % len(lines)] = "\n".join(rubbish)
    root = tree(tmp_path_factory.mktemp("tree"), **{**files, kind: "\n".join(lines)})

    assert all(problem.line >= 1 and problem.message.endswith(".") for problem in check_tree(root))
