"""Three languages, complete: en, es_MX, fr_CA. Which one, and how days and moments are written in it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo, available_timezones

import babel
import flask_babel
from babel.dates import format_date as babel_date
from babel.dates import format_datetime, get_timezone_location
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, has_request_context, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from portal.extensions import babel as extension

LOCALES = {"en": "English", "es_MX": "Español", "fr_CA": "Français"}
HTML_LANG = {"en": "en", "es_MX": "es-MX", "fr_CA": "fr-CA"}
DEFAULT = "en"
COOKIE = "relevo_language"
CATALOGS = Path(__file__).parent / "translations"
_BY_LANGUAGE = {"en": "en", "es": "es_MX", "fr": "fr_CA"}
_SPELLED = {"en": "EEEE, MMMM d, y", "es_MX": "EEEE d 'de' MMMM 'de' y", "fr_CA": "EEEE d MMMM y"}
_SHORT = {"en": "EEE, MMM d", "es_MX": "EEE d MMM", "fr_CA": "EEE d MMM"}
_CLOCK = {"en": "h:mm a", "es_MX": "H:mm", "fr_CA": "H 'h' mm"}


# It behaves as text, and forms and labels take it for text.
_l = cast("Callable[..., str]", lazy_gettext)


def N_(text: str) -> str:
    """Mark a string for translation where it is defined; `_` translates it where it is shown."""
    return text


def init_app(app: Flask) -> None:
    compile_catalogs()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGS)
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    extension.init_app(app, locale_selector=choose_locale, timezone_selector=lambda: "UTC")
    # Templates ask for a hundred strings a page; Flask-Babel's own way looks up domain and context for each.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalog(locale()).gettext(text),
        ngettext=lambda one, many, number: _catalog(locale()).ngettext(one, many, number),
        newstyle=True,
    )


def compile_catalogs() -> None:
    """Compile each catalog that is newer than its binary; safe when several processes start at once."""
    for source in CATALOGS.glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            write_mo(file, catalog)
        os.replace(file.name, target)


def choose_locale() -> str:
    """Account, then cookie, then the browser's wish, then English."""
    if not has_request_context():
        return DEFAULT
    if (chosen := request.environ.get("relevo.locale")) in LOCALES:
        return chosen
    if (cookie := request.cookies.get(COOKIE)) in LOCALES:
        return cookie
    for wish in request.accept_languages.values():
        if (found := _BY_LANGUAGE.get(wish.lower().replace("_", "-").split("-")[0])) is not None:
            return found
    return DEFAULT


def locale() -> str:
    """The language of the present request or `in_locale` block."""
    found = flask_babel.get_locale()
    return _BY_LANGUAGE[found.language] if found else DEFAULT  # str(found) is ten times as slow


@cache
def _catalog(code: str) -> NullTranslations:
    return Translations.load(CATALOGS, [code])


@contextmanager
def in_locale(code: str) -> Iterator[None]:
    """Write everything inside in the language of the person who will read it."""
    with flask_babel.force_locale(code if code in LOCALES else DEFAULT):
        yield


def format_day(day: date, *, short: bool = False) -> str:
    """A day with its month spelled; never 03/08."""
    code = locale()
    pattern = (_SHORT if short else _SPELLED)[code]
    if code == "fr_CA" and day.day == 1:
        pattern = pattern.replace("d", "'1er'", 1)  # lundi 1er mars
    return babel_date(day, pattern, locale=_babel_locale(code))


def format_moment(at: datetime, zone: str, *, short: bool = False) -> str:
    """A moment on the wall of `zone`, with the place the zone is named for."""
    local = at.astimezone(ZoneInfo(zone))
    return _(
        "%(day)s, %(clock)s (%(place)s)",
        day=format_day(local.date(), short=short),
        clock=format_clock(at, zone),
        place=place(zone),
    )


def format_clock(at: datetime, zone: str) -> str:
    """The time of day on the wall of `zone`, without the day."""
    return format_datetime(
        at.astimezone(UTC), _CLOCK[locale()], tzinfo=ZoneInfo(zone), locale=_babel_locale(locale())
    )


def place(zone: str) -> str:
    """The city a zone is named for, in the reader's language ("Mexico City")."""
    return _place(zone, locale())


@cache
def _babel_locale(code: str) -> babel.Locale:
    return babel.Locale.parse(code)


@lru_cache(maxsize=2048)
def _place(zone: str, code: str) -> str:
    return get_timezone_location(ZoneInfo(zone), locale=_babel_locale(code), return_city=True)


@cache
def zones() -> frozenset[str]:
    return frozenset(available_timezones())


__all__ = [
    "HTML_LANG",
    "LOCALES",
    "N_",
    "_",
    "_l",
    "choose_locale",
    "format_clock",
    "format_day",
    "format_moment",
    "in_locale",
    "init_app",
    "locale",
    "ngettext",
    "place",
    "zones",
]
