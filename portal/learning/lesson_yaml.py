"""YAML as lessons use it: plain text, lists and fields, every value with its line. Nothing a file says is run.

Only a whole number and null are read as something other than text, so that a teacher may write `en: no`
or a date and mean just that.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

LARGEST_FILE = 256 * 1024
MOST_VALUES = 20_000
DEEPEST = 8

Keys = tuple[str | int, ...]
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, order=True)
class Problem:
    """Something to put right in a content file; `line` counts from 1."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Unreadable(Exception):
    """The file is no YAML that lessons use."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True)
class Document:
    """A file's data, where the line of each value is found by the keys that lead to it."""

    path: str
    data: Any
    lines: dict[Keys, int]
    repeated: tuple[tuple[int, str], ...]

    def line(self, *keys: str | int) -> int:
        """The line of the value, or of the nearest one around it."""
        for size in range(len(keys), -1, -1):
            if keys[:size] in self.lines:
                return self.lines[keys[:size]]
        return 1


def read_document(file: Path, shown_as: str) -> Document:
    """Raises Unreadable with a line and a sentence for the person who wrote the file."""
    try:
        with file.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise Unreadable(1, f"The file cannot be opened: {error.strerror}.") from error
    if len(raw) > LARGEST_FILE:
        raise Unreadable(1, f"The file is larger than {LARGEST_FILE // 1024} KB. Make two lessons of it.")
    return parse_document(raw, shown_as)


def parse_document(raw: bytes, shown_as: str) -> Document:
    """Raises Unreadable, as `read_document` does."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unreadable(line, "This is not UTF-8 text. Save the file as UTF-8.") from error
    try:
        _refuse_what_lessons_never_need(text)
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Unreadable(_line(mark), f"The YAML cannot be read here: {error.problem}.") from error
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1 if isinstance(error.position, int) else 1
        raise Unreadable(
            line, "There is a character here that text files never hold. Take it out."
        ) from error
    except yaml.YAMLError as error:
        raise Unreadable(1, "The YAML cannot be read.") from error
    if node is None:
        raise Unreadable(1, "The file is empty.")
    lines: dict[Keys, int] = {}
    repeated: list[tuple[int, str]] = []
    data = _plain(node, (), lines, repeated)
    return Document(shown_as, data, lines, tuple(repeated))


def _refuse_what_lessons_never_need(text: str) -> None:
    """Look at the stream of events before any tree is built: depth, number, anchors, tags."""
    depth = 0
    for values, event in enumerate(yaml.parse(text, Loader=LOADER)):
        line = _line(event.start_mark)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable(
                line, "Anchors and aliases (& and *) are not used in lessons. Put text in quotes."
            )
        if getattr(event, "tag", None) not in (None, "!"):
            raise Unreadable(line, "Tags (!) are not used in lessons. Put text that starts with ! in quotes.")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise Unreadable(line, f"Fields are nested more than {DEEPEST} deep here.")
        if values > MOST_VALUES:
            raise Unreadable(line, f"The file holds more than {MOST_VALUES} values. Make two lessons of it.")


def _plain(node: yaml.Node, keys: Keys, lines: dict[Keys, int], repeated: list[tuple[int, str]]) -> Any:
    lines[keys] = _line(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        fields: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise Unreadable(_line(key_node.start_mark), "A field needs a plain word as its name.")
            name = str(key_node.value)
            if name in fields:
                repeated.append((_line(key_node.start_mark), name))
                continue
            fields[name] = _plain(value_node, (*keys, name), lines, repeated)
            lines[(*keys, name)] = _line(key_node.start_mark)
        return fields
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*keys, place), lines, repeated) for place, item in enumerate(node.value)]
    text = str(node.value)
    if getattr(node, "style", None) in (None, ""):
        if text in ("", "~", "null"):
            return None
        if re.fullmatch(r"\d{1,6}", text, re.ASCII):
            return int(text)
    return text


def _line(mark: Any) -> int:
    return mark.line + 1 if mark is not None else 1
