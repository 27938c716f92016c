"""Names, addresses and telephone numbers as people type them."""

# ruff: noqa: E501 - an example and its sentence stand on one line

import pytest

from portal.sheets import Refusal
from portal.sheets.people import Phone, read_email, read_name, read_phone, whole_name


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        ("(218) 555-0123", "US", "+12185550123"),
        ("218.555.0123", "US", "+12185550123"),
        ("1-218-555-0123", "US", "+12185550123"),
        ("+1 418 555 0123", "MX", "+14185550123"),
        ("418-555-0123", "CA", "+14185550123"),
        ("tel:+1-418-555-0123", None, "+14185550123"),
        ("001 418 555 0123", "MX", "+14185550123"),
        ("(664) 123-4567", "MX", "+526641234567"),
        ("55 1234 5678", "MX", "+525512345678"),
        ("+52 1 664 123 4567", "US", "+526641234567"),
        ("+52 (664) 123 4567", None, "+526641234567"),
        ("011 52 664 123 4567", "US", "+526641234567"),
        ("00 52 664 123 4567", None, "+526641234567"),
        ("01 800 123 4567", "MX", "+528001234567"),
        ("01 (664) 123-45-67", None, "+526641234567"),
        ("044 664 123 4567", "MX", "+526641234567"),
        ("5216641234567", None, "+526641234567"),
        ("Cel. 664 123 4567", "MX", "+526641234567"),
    ],
)
def test_a_number_of_the_three_countries_becomes_e164(written, country, number):
    assert read_phone(written, country) == Phone(number, "")


@pytest.mark.parametrize(
    "written", ["218 555 0123 ext. 45", "218 555 0123 x45", "(218) 555-0123, poste 45", "2185550123 #45"]
)
def test_an_extension_is_kept_apart(written):
    assert read_phone(written, "CA") == Phone("+12185550123", "45")


@pytest.mark.parametrize(
    ("written", "country", "reason"),
    [
        ("664 123 4567", None, "664 123 4567 could be a number of several countries. Begin it with +1 or +52."),
        ("1 664 123 4567", "MX", "1 664 123 4567 could be a number of several countries. Begin it with +1 or +52."),
        ("+33 1 23 45 67 89", "US", "+33 1 23 45 67 89 is not a number of the United States, Canada or Mexico."),
        ("555-0123", "US", "555-0123 has 7 digits; a number has 10 after its country code."),
        ("118 555 0123", "US", "118 555 0123 is not a number that is in use: look at the area code."),
        ("218 055 0123", "US", "218 055 0123 is not a number that is in use: look at the area code."),
        ("164 123 4567", "MX", "164 123 4567 is not a number that is in use: look at the area code."),
        ("1-800-MINEROS", "MX", "“1-800-MINEROS” is not a telephone number in digits."),
        ("664 123 4567 / 664 123 4568", "MX", "“664 123 4567 / 664 123 4568” holds more than one number. Keep one."),
        ("6.64123E+09", "MX", "A spreadsheet shortened this number to 6.64123E+09. Format the column as text and type it again."),
        ("+", "MX", "+ has 0 digits; a number has 10 after its country code."),
    ],
)  # fmt: skip
def test_a_number_that_could_be_wrong_is_refused(written, country, reason):
    with pytest.raises(Refusal) as refusal:
        read_phone(written, country)
    assert str(refusal.value) == reason


@pytest.mark.parametrize(
    ("written", "address"),
    [
        (" Ana.Peña-not <ANA@Example.ORG> ", "ANA@example.org"),
        ("mailto:ana@EXAMPLE.org?subject=hola", "ana@example.org"),
        ("ana+relevo@sub.example.org;", "ana+relevo@sub.example.org"),
        ("<o'malley@example.org>", "o'malley@example.org"),
    ],
)
def test_an_address_comes_out_bare_with_its_domain_in_lower_case(written, address):
    assert read_email(written) == address


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("ana", "“ana” is not an e-mail address: the @ is missing."),
        ("ana@example", "“ana@example” is not a complete e-mail address, such as ana@example.org."),
        (
            "ana..luz@example.org",
            "“ana..luz@example.org” is not a complete e-mail address, such as ana@example.org.",
        ),
        ("ana@-x.org", "“ana@-x.org” is not a complete e-mail address, such as ana@example.org."),
        ("ana@10.0.0.1", "“ana@10.0.0.1” is not a complete e-mail address, such as ana@example.org."),
        ("ana@example,org", "“,” cannot stand in an e-mail address."),
        ("ana luz@example.org", "“␣” cannot stand in an e-mail address."),
        ("peña@example.org", "“ñ” cannot stand in an e-mail address."),
        ("a@x.example, b@x.example", "“a@x.example, b@x.example” holds more than one address. Keep one."),
    ],
)
def test_an_address_that_could_not_be_reached_is_refused(written, reason):
    with pytest.raises(Refusal) as refusal:
        read_email(written)
    assert str(refusal.value) == reason


def test_a_name_keeps_its_accents_and_its_case():
    assert read_name("  JOSÉ\u00a0 María   Núñez-d'Ávila ") == "JOSÉ María Núñez-d'Ávila"


def test_a_name_is_turned_around_only_when_that_is_asked():
    assert read_name("NÚÑEZ, Ana") == "NÚÑEZ, Ana"
    assert read_name("NÚÑEZ, Ana", last_first=True) == "Ana NÚÑEZ"
    assert read_name("Smith, John, Jr.", last_first=True) == "John Smith Jr."
    assert read_name("Ana Núñez", last_first=True) == "Ana Núñez"


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("664 555 0123", "“6” does not belong in a name. Check whether the columns have slipped."),
        ("ana@example.org", "“@” does not belong in a name. Check whether the columns have slipped."),
        ("=HYPERLINK", "“=” does not belong in a name. Check whether the columns have slipped."),
        ("...", "“...” holds no letter, so it cannot be a name."),
        ("x" * 201, "This name has 201 letters; the most that fits is 120."),
    ],
)
def test_what_is_no_name_is_refused(written, reason):
    with pytest.raises(Refusal) as refusal:
        read_name(written)
    assert str(refusal.value) == reason


def test_several_commas_cannot_be_turned_around():
    with pytest.raises(Refusal, match="several commas"):
        read_name("Núñez, Ana, Luz", last_first=True)


@pytest.mark.parametrize(
    ("values", "whole"),
    [
        ({"given_name": "Ana", "family_name": "Núñez", "second_family_name": "Peña"}, "Ana Núñez Peña"),
        ({"given_name": "Élise", "name": "Tremblay"}, "Élise Tremblay"),
        ({"name": "Ana", "family_name": "Núñez"}, "Ana Núñez"),
        ({"name": "Ana Núñez", "family_name": "NUÑEZ"}, "Ana Núñez"),
        ({"name": "Jean-Guy Roy", "given_name": "Jean-Guy"}, "Jean-Guy Roy"),
        ({}, None),
    ],
)
def test_half_names_are_put_together(values, whole):
    assert whole_name(values) == whole
