"""The two tables union offices send: a roster of members and applications for a round."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from .cells import Cell, Column
from .dates import day
from .people import email, name, part_of_name, phone, whole_name
from .problems import N_, Refusal
from .validity import certificates, entry_permissions, until
from .vocabulary import (
    APPLICATION_HEADINGS,
    LOCALES,
    PEOPLE_HEADINGS,
    ROLES,
    ROSTER_HEADINGS,
    STANDINGS,
    UNIONS,
)
from .windows import BACKWARD, windows
from .words import country, languages, level, list_of, local, one_of, ranked, words, yes_no, zone


def whole_windows(values: Mapping[str, Any]) -> tuple[tuple[date, date], ...] | None:
    """The stretches given in one cell, and those given as a first and a last day in cells of their own."""
    found: list[tuple[date, date]] = list(values.get("windows") or ())
    for first_key, last_key in (("starts_on", "ends_on"), ("starts_on_2", "ends_on_2")):
        first, last = values.get(first_key), values.get(last_key)
        if first and last:
            if first > last:
                raise Refusal(BACKWARD, text=f"{first.isoformat()} – {last.isoformat()}")
            found.append((first, last))
    return tuple(found) or None


def _column(
    headings: Mapping[str, tuple[str, ...]], key: str, parse: Callable[[Cell], Any], label: str, **more: Any
) -> Column:
    return Column(key, headings[key], parse, label=label, **more)


def _person(key: str, parse: Callable[[Cell], Any], label: str, **more: Any) -> Column:
    return _column(PEOPLE_HEADINGS, key, parse, label, **more)


def _roster(key: str, parse: Callable[[Cell], Any], label: str, **more: Any) -> Column:
    return _column(ROSTER_HEADINGS, key, parse, label, **more)


def _application(key: str, parse: Callable[[Cell], Any], label: str, **more: Any) -> Column:
    return _column(APPLICATION_HEADINGS, key, parse, label, **more)


PEOPLE = (
    _person(
        "name", name, N_("Name"), required=True, instead=("family_name", "given_name"), derive=whole_name
    ),
    _person("given_name", part_of_name, N_("First name")),
    _person("family_name", part_of_name, N_("Last name")),
    _person("second_family_name", part_of_name, N_("Second last name")),
    _person("email", email, N_("E-mail"), required=True),
    # Read so that a wrong number shows; Relevo does not store it.
    _person("phone", phone, N_("Telephone"), lenient=True),
    _person("country", country, N_("Country")),
)

ROSTER = (
    *PEOPLE,
    _roster("local", local, N_("Local"), required=True),
    _roster("standing", one_of(STANDINGS), N_("Standing")),
    _roster("roles", list_of(one_of(ROLES)), N_("Roles")),
    _roster("locale", one_of(LOCALES), N_("Language")),
    _roster("zone", zone, N_("Time zone"), lenient=True),
    _roster("starts_on", day, N_("Start date"), lenient=True),
)

APPLICATIONS = (
    *PEOPLE,
    _application("union", one_of(UNIONS), N_("Union")),
    _application("local", local, N_("Local")),
    _application(
        "windows",
        windows,
        N_("Dates"),
        required=True,
        instead=("starts_on", "ends_on"),
        derive=whole_windows,
    ),
    _application("starts_on", day, N_("From")),
    _application("ends_on", day, N_("To")),
    _application("starts_on_2", day, N_("From (second stretch)")),
    _application("ends_on_2", day, N_("To (second stretch)")),
    _application("languages", languages, N_("Languages")),
    _application("spanish", level, N_("Spanish level")),
    _application("english", level, N_("English level")),
    _application("french", level, N_("French level")),
    _application("sectors", list_of(words), N_("Sectors")),
    _application("placements", ranked, N_("Placements")),
    _application("passport_until", day, N_("Passport valid until")),
    _application("entry", entry_permissions, N_("Entry permissions")),
    _application("entry_us", until, N_("US entry valid until")),
    _application("entry_ca", until, N_("Canada entry valid until")),
    _application("entry_mx", until, N_("Mexico entry valid until")),
    _application("certificates", certificates, N_("Certificates")),
    _application("interpreter", yes_no, N_("Interpreter")),
)
