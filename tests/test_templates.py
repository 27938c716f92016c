"""What holds for every template, whoever wrote it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portal.config import PROJECT

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
LETTERS = sorted((PROJECT / "templates" / "mail").glob("*.txt"))
FORM = re.compile(r"<form\b(?P<tag>[^>]*)>(?P<body>.*?)</form>", re.S)
FORBIDDEN = {
    "an inline style": re.compile(r"\sstyle\s*=", re.I),
    "an inline handler": re.compile(r"\s(on[a-z]+|hx-on[:-][\w:-]+)\s*=", re.I),
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "a javascript: address": re.compile(r"javascript:", re.I),
    "evaluated attributes": re.compile(r"hx-(vals|headers)\s*=\s*['\"]js:", re.I),
    "another host": re.compile(r"(src|href|action)\s*=\s*['\"]https?://", re.I),
    "unescaped output": re.compile(r"\|\s*safe\b|autoescape\s+false"),
    "a swap that htmx 4 does not inherit": re.compile(r"<body[^>]*\shx-(?!\w+:inherited)"),
}


def name(path: Path) -> str:
    return str(path.relative_to(PROJECT / "templates"))


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_form_that_writes_carries_its_hidden_fields(path):
    for form in FORM.finditer(path.read_text()):
        if re.search(r'method="post"', form["tag"], re.I):
            assert "csrf_field()" in form["body"], form[0][:200]


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_no_template_does_what_the_policy_of_its_pages_forbids(path):
    text = path.read_text()
    if name(path) == "components/icons.html":
        text = text.replace("{{- paths[name]|safe -}}", "")  # drawings that stand in this very file
    assert {what: found[0] for what, pattern in FORBIDDEN.items() if (found := pattern.search(text))} == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_every_template_compiles(app, path):
    app.jinja_env.get_template(name(path))


@pytest.mark.parametrize("path", LETTERS, ids=name)
def test_every_letter_has_a_subject_and_a_blank_line(path):
    lines = path.read_text().splitlines()
    assert lines[0].strip()
    assert lines[1].strip() == ""


@pytest.mark.parametrize("path", LETTERS, ids=name)
def test_letters_say_everything_through_gettext(path):
    bare = re.sub(r"\{[{%#].*?[}%#]\}", "", path.read_text(), flags=re.S)
    assert re.findall(r"[A-Za-zÀ-ÿ]{3,}", bare.replace("Relevo", "")) == []
