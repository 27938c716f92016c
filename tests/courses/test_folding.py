"""What people type is found whatever their keyboard makes of accents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.folding import MOST_WORDS, fold, words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Éxito en la  MINA", "exito en la mina"),
        ("l’œil", "l'oeil"),
        ("Niño, garçon, Straße", "nino, garcon, strasse"),
        ("e\u0301xito", "exito"),
        ("\u202eanim\u0000 \ufb01n", "anim fin"),
        ("", ""),
        ("鋼", "鋼"),
    ],
)
def test_accents_case_and_spaces_do_not_count(text, folded):
    assert fold(text) == folded


@given(some.text(max_size=60))
def test_folding_twice_changes_nothing_more(text):
    assert fold(fold(text)) == fold(text)


def test_signs_that_like_understands_are_searched_as_they_are():
    assert words("100% a_b c\\d") == ["100\\%", "a\\_b", "c\\\\d"]
    assert len(words("a " * 50)) == MOST_WORDS
