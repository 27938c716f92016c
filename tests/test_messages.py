"""The interface is complete in its three languages."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from portal.messages import check, faults


def test_the_catalogs_are_complete():
    assert check() == []


@pytest.mark.parametrize(
    ("source", "translation", "fault"),
    [
        ("Save", "", "missing: 'Save'"),
        ("Hello %(name)s", "Hola %(nombre)s", "other places in the translation: 'Hello %(name)s'"),
        ("<b>Now</b>", "<i>Ahora</i>", "other tags in the translation: '<b>Now</b>'"),
        ("Save", "Guardar ", "space around the translation: 'Save'"),
        (("%(num)s seat", "%(num)s seats"), ("un lugar", "%(num)s lugares"), None),
        (("%(num)s seat", "%(num)s seats"), ("un lugar", ""), "missing: '%(num)s seat'"),
    ],
)
def test_a_fault_in_a_catalog_is_named(source, translation, fault):
    template, catalog = Catalog(), Catalog(locale="es_MX")
    template.add(source)
    catalog.add(source, translation)

    assert list(faults(template, catalog)) == ([fault] if fault else [])


def test_what_is_doubtful_or_left_over_is_named():
    template, catalog = Catalog(), Catalog(locale="es_MX")
    template.add("Save")
    catalog.add("Save", "Guardar", flags=["fuzzy"])
    catalog.add("Gone", "Ido")

    assert list(faults(template, catalog)) == ["fuzzy: 'Save'", "no longer used: 'Gone'"]
