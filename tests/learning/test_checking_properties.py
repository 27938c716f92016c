"""What holds of the answer checker for any text at all."""

import csv
import re
import unicodedata
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.learning.checking import MODES, Mark, check
from portal.learning.checking.lexicon import lexicon
from portal.learning.checking.text import clean, unaccent
from portal.learning.checking.words_close import one_typo_apart

with (Path(__file__).parent / "answers.csv").open(encoding="utf-8", newline="") as _file:
    KNOWN = sorted(
        {(row["lang"], answer) for row in csv.DictReader(_file) for answer in row["expected"].split(" || ")}
    )

ALPHABET = {"es": "abcdefghijlmnñopqrstuvyzáéíóú", "en": "abcdefghijklmnopqrstuvwy"}

modes = st.sampled_from(MODES)
langs = st.sampled_from(["es", "en"])
known = st.sampled_from(KNOWN)
anything = st.text(max_size=80)
looks_real = st.text(alphabet="aeiouáñnlyst' -.,/$%0189ºª:&<½\u0301\u0303\u200b", max_size=40)
letters = st.text(alphabet="aby l", max_size=7).map(lambda text: text.replace(" ", ""))


@settings(max_examples=150, deadline=None)
@given(modes, langs, st.lists(anything | looks_real, max_size=3), anything | looks_real)
def test_no_text_makes_it_fail_and_every_verdict_has_its_sentence(mode, lang, expected, typed):
    verdict = check(mode, lang, expected, typed)

    assert verdict.sentence()
    assert verdict.rule == verdict.message.key.split(".")[0] or verdict.rule in ("V1", "W1", "K2")


@settings(max_examples=150, deadline=None)
@given(modes, langs, anything | looks_real)
def test_an_expected_answer_is_right_for_itself(mode, lang, answer):
    assume(clean(answer))

    assert check(mode, lang, [answer], answer).verdict is Mark.CORRECT


@settings(max_examples=150, deadline=None)
@given(modes, known, looks_real)
def test_the_way_accents_are_encoded_changes_nothing(mode, answer, typed):
    lang, expected = answer
    composed, apart = (unicodedata.normalize(form, typed) for form in ("NFC", "NFD"))

    assert check(mode, lang, [expected], composed) == check(mode, lang, [expected], apart)


@settings(max_examples=100, deadline=None)
@given(modes, known)
def test_case_and_closing_marks_change_nothing(mode, answer):
    lang, expected = answer

    assert check(mode, lang, [expected], f"«{expected.upper()}»!").verdict is Mark.CORRECT


@settings(max_examples=100, deadline=None)
@given(known, known)
def test_a_further_listed_answer_never_makes_a_good_one_wrong(first, second):
    assume(first[0] == second[0])

    assert check("sentence", first[0], [second[1], first[1]], first[1]).verdict is Mark.CORRECT


@settings(max_examples=150, deadline=None)
@given(known, st.data())
def test_leaving_out_a_word_is_never_accepted(answer, data):
    lang, expected = answer
    words = expected.split()
    assume(len(words) > 1 and "/" not in expected)
    at = data.draw(st.integers(0, len(words) - 1))
    typed = " ".join(words[:at] + words[at + 1 :])

    assert check("sentence", lang, [expected], typed).verdict is Mark.WRONG


@settings(max_examples=150, deadline=None)
@given(known, st.data())
def test_a_negation_put_in_is_never_accepted(answer, data):
    lang, expected = answer
    words = expected.split()
    at = data.draw(st.integers(0, len(words)))
    negation = data.draw(st.sampled_from({"es": ["no", "nunca", "sin"], "en": ["not", "never", "no"]}[lang]))

    assert not check("sentence", lang, [expected], " ".join([*words[:at], negation, *words[at:]])).accepted


@settings(max_examples=200, deadline=None)
@given(known, st.data())
def test_another_word_one_letter_away_is_accepted_only_by_a_rule_that_says_so(answer, data):
    lang, expected = answer
    assume("'" not in expected)
    words = re.findall(r"[^\W\d_]+|[\W\d_]+", expected)
    at = data.draw(st.sampled_from([at for at, word in enumerate(words) if word.isalpha()] or [0]))
    spelled = words[at].lower()
    near = sorted(
        word for word in every_typo(spelled, ALPHABET[lang]) if lexicon(lang).has(word) and word != spelled
    )
    assume(near)
    typed = "".join([*words[:at], data.draw(st.sampled_from(near)), *words[at + 1 :]])

    verdict = check("sentence", lang, [expected], typed)
    # Accents left out, tú/tu, a/an, a lost apostrophe and equal spellings are forgiven by name.
    assert not verdict.accepted or verdict.rule in ("A1", "A2", "G1", "K2", "M2", "M3", "N2")


@settings(max_examples=150, deadline=None)
@given(langs, st.integers(0, 9999), st.integers(0, 9999))
def test_another_number_is_never_accepted(lang, one, other):
    assume(one != other)
    sentence = {"es": "Somos {} mineros.", "en": "We are {} miners."}[lang]

    assert (
        check("sentence", lang, [sentence.format(one)], sentence.format(f"{other:,}")).verdict is Mark.WRONG
    )
    assert (
        check("sentence", lang, [sentence.format(one)], sentence.format(f"{one:,}")).verdict is Mark.CORRECT
    )


@given(letters, letters)
def test_one_typo_apart_agrees_with_trying_every_typo(one, other):
    assert one_typo_apart(one, other) == (one != other and other in every_typo(one))


def every_typo(word: str, alphabet: str = "abyl") -> set[str]:
    """Slow and plain: each insertion, deletion, substitution, swap and ll/y exchange."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    return (
        {left + right[1:] for left, right in cuts if right}
        | {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
        | {left + char + right[1:] for left, right in cuts if right for char in alphabet}
        | {left + char + right for left, right in cuts for char in alphabet}
        | {left + "y" + right[2:] for left, right in cuts if right[:2] == "ll"}
        | {left + "ll" + right[1:] for left, right in cuts if right[:1] == "y"}
    )


@given(st.text(max_size=20))
def test_taking_accents_off_twice_is_taking_them_off_once(text):
    assert unaccent(unaccent(text)) == unaccent(text)
