"""Words that stand for values, in three languages."""

# ruff: noqa: E501 - an example and its sentence stand on one line

from datetime import date

import pytest

from portal.sheets import Cell, Reading, Refusal
from portal.sheets.validity import certificates, entry_permissions, until
from portal.sheets.vocabulary import ROLES, STANDINGS
from portal.sheets.words import (
    LocalName,
    country,
    languages,
    level,
    list_of,
    local,
    one_of,
    ranked,
    yes_no,
    zone,
)


def cell(text: str) -> Cell:
    return Cell("C17", "Heading", text, text, Reading(date(2027, 1, 11)))


@pytest.mark.parametrize("text", ["Yes", "sí", "SI", "oui", "X", "✓", "1", "Verdadero", "vrai"])
def test_yes_is_yes_in_three_languages(text):
    assert yes_no(cell(text)) is True


@pytest.mark.parametrize("text", ["No", "non", "FALSO", "0", "n"])
def test_no_is_no_in_three_languages(text):
    assert yes_no(cell(text)) is False


@pytest.mark.parametrize(
    ("text", "code"),
    [("b1", "B1"), ("Nivel A2", "A2"), ("Avanzado (C1)", "C1"), ("none", "none"), ("ninguno", "none"), ("aucun", "none"),
     ("básico", "A2"), ("BASICO", "A2"), ("intermediate", "B1"), ("Avancé", "C1"), ("débutant", "A1"), ("native", "C2"),
     ("intermedio alto", "B2"), ("langue maternelle", "C2")],
)  # fmt: skip
def test_a_level_is_a_code_or_a_word(text, code):
    assert level(cell(text)) == code


def test_a_word_taken_for_a_level_is_noted():
    written = cell("Intermedio")
    level(written)
    assert written.notes == [
        ("“%(text)s” was read as level %(level)s.", {"text": "Intermedio", "level": "B1"})
    ]


def test_two_levels_are_no_level():
    with pytest.raises(Refusal, match="more than one level"):
        level(cell("B1/B2"))


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Español B1; inglés básico", {"es": "B1", "en": "A2"}),
        ("English (native) / Spanish: A2", {"en": "C2", "es": "A2"}),
        ("anglais B2 et espagnol débutant, français langue maternelle", {"en": "B2", "es": "A1", "fr": "C2"}),
        ("B1 español", {"es": "B1"}),
    ],
)
def test_languages_come_with_their_levels(text, levels):
    assert languages(cell(text)) == levels


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Spanish", "“Spanish” names a language without its level, such as: Spanish B1."),
        ("Klingon B2", "“Klingon B2” names no language that is known here."),
        ("Spanish B1; español A2", "“español A2” gives two levels for one language."),
        (";", "“;” names no language that is known here."),
    ],
)
def test_languages_that_say_too_little_are_refused(text, reason):
    with pytest.raises(Refusal) as refusal:
        languages(cell(text))
    assert str(refusal.value) == reason


def test_a_choice_is_found_by_its_alias_in_any_spelling():
    standing = one_of(STANDINGS)
    assert [standing(cell(text)) for text in ("STAFF", "Dirigencia", "Secrétaire-Archiviste", "agremiado / a")] == [
        "staff", "leadership", "leadership", "membership",
    ]  # fmt: skip


def test_a_choice_that_is_unknown_is_refused_with_the_choices():
    with pytest.raises(Refusal) as refusal:
        one_of(STANDINGS)(cell("Retiree"))
    assert str(refusal.value) == "“Retiree” is not one of: staff, leadership, membership."


def test_a_list_may_be_split_in_several_ways_and_names_each_entry_once():
    assert list_of(one_of(ROLES))(cell("Alumna; maestra / student\nLearner")) == ("learner", "instructor")


@pytest.mark.parametrize("text", ["US", "U.S.A.", "EE.UU.", "Estados Unidos", "États-Unis"])
def test_a_country_has_many_names(text):
    assert country(cell(text)) == "US"


def test_choices_keep_their_rank_and_may_be_equals():
    assert ranked(cell("1. MX-104\n2) MX-101 = MX-103; MX-104")) == (
        ("MX-104",),
        ("MX-101", "MX-103"),
        ("MX-104",),
    )
    assert ranked(cell("MX-104 > 2B")) == (("MX-104",), ("2B",))


@pytest.mark.parametrize(
    ("text", "number"),
    [("1938", "1938"), ("Local 1938", "1938"), ("USW Local 7884-02", "7884-02"), ("Sección 65", "65"), ("SECC. 271", "271"),
     ("Section locale 9490", "9490"), ("L-1938", "1938"), ("Sección No. 201 (Sombrerete)", "201"), ("Cananea", "")],
)  # fmt: skip
def test_the_number_of_a_local_is_found_in_its_name(text, number):
    assert local(cell(text)) == LocalName(text, number)


def test_a_zone_is_found_by_its_city():
    written = cell("Hermosillo")
    assert zone(written) == "America/Hermosillo"
    assert len(written.notes) == 1
    assert zone(cell("america/mexico city")) == "America/Mexico_City"
    with pytest.raises(Refusal, match="is not a time zone"):
        zone(cell("mountain"))


def test_permissions_of_entry_name_their_country():
    assert entry_permissions(cell("US 2027-09-30; Canadá: sin límite")) == {
        "US": date(2027, 9, 30),
        "CA": "open",
    }
    assert entry_permissions(cell("EE. UU. vigente hasta 12 mar 2028, MX open")) == {
        "US": date(2028, 3, 12),
        "MX": "open",
    }
    with pytest.raises(Refusal, match="names no country"):
        entry_permissions(cell("2027-09-30"))
    with pytest.raises(Refusal, match="two days for one country"):
        entry_permissions(cell("US 2027-09-30; USA open"))


def test_certificates_keep_their_names():
    assert certificates(cell("OSHA 10 hour: 2028-01-15; First aid (March 3, 2028)")) == {
        "OSHA 10 hour": date(2028, 1, 15),
        "First aid": date(2028, 3, 3),
    }
    with pytest.raises(Refusal, match="names no certificate"):
        certificates(cell("2028-01-15"))


def test_a_permission_may_have_no_end():
    assert until(cell("Sin vencimiento")) == "open"
    assert until(cell("30 septembre 2027")) == date(2027, 9, 30)
