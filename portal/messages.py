"""Are the catalogs complete? Every string the code and the templates show, in every language, with its places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask

from portal.config import PROJECT
from portal.i18n import CATALOGS, DEFAULT, LOCALES

METHODS = {"portal": [("**.py", "python")], "templates": [("**.*", "jinja2")]}
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "N_": None, "lazy_ngettext": (1, 2)}
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_TAG = re.compile(r"</?[a-z][^>]*>")


def extract() -> Catalog:
    """All visible strings of the project as they stand now."""
    catalog = Catalog()
    for folder, methods in METHODS.items():
        found = extract_from_dir(PROJECT / folder, method_map=methods, keywords=KEYWORDS)
        for _file, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    return catalog


def faults(template: Catalog, catalog: Catalog) -> Iterator[str]:
    """What is missing, doubtful, left over or of another shape in one language."""
    for message in template:
        if not message.id:
            continue
        name = repr(message.id if isinstance(message.id, str) else message.id[0])
        translated = catalog.get(message.id, message.context)
        if translated is None or not all(_texts(translated, translated.string)):
            yield f"missing: {name}"
        elif translated.fuzzy:
            yield f"fuzzy: {name}"
        else:
            yield from (f"{fault}: {name}" for fault in _shape_faults(translated))
    for message in catalog:
        if message.id and template.get(message.id, message.context) is None:
            yield f"no longer used: {message.id!r}"


def _texts(message: Message, value: object) -> list[str]:
    return list(value) if isinstance(value, list | tuple) else [str(value or "")]


def _shape_faults(message: Message) -> Iterator[str]:
    sources = _texts(message, message.id)
    for text in _texts(message, message.string):
        if set(_PLACE.findall(text)) - {"num"} != set(_PLACE.findall(sources[-1])) - {"num"}:
            yield "other places in the translation"
        if sorted(_TAG.findall(text)) != sorted(_TAG.findall(sources[-1])):
            yield "other tags in the translation"
        if text != text.strip() and sources[-1] == sources[-1].strip():
            yield "space around the translation"


def catalog_of(locale: str, folder: Path = CATALOGS) -> Catalog:
    path = folder / locale / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return Catalog(locale=locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def check() -> list[str]:
    """Every fault of every language, "es_MX missing: …"."""
    template = extract()
    return [
        f"{locale} {fault}"
        for locale in LOCALES
        if locale != DEFAULT
        for fault in faults(template, catalog_of(locale))
    ]


def register(app: Flask) -> None:
    group = click.Group("messages", help="The translations of what people see.")
    app.cli.add_command(group)

    @group.command("check")
    def check_command() -> None:
        """Name what the catalogs lack; exit 1 when it is anything."""
        found = check()
        for line in found:
            click.echo(line)
        if found:
            raise SystemExit(1)
