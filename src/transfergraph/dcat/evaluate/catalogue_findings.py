"""Findings on a catalogue, with texts from the catalogue of messages."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import NamedNode

from transfergraph.common.namespaces import prefixed_name
from transfergraph.common.property_paths import Predicate
from transfergraph.common.text import Text
from transfergraph.dcat.catalogue_index import CatalogueIndex, Term
from transfergraph.findings import Finding, Severity
from transfergraph.messages import CATALOGUE, Value, advice, both


def short(iri: str) -> str:
    """``dcat:Dataset`` for an IRI in a namespace with a prefix, else the IRI."""
    return prefixed_name(iri) or iri


def finding(
    index: CatalogueIndex,
    key: str,
    severity: Severity,
    focus: Term,
    path: str | None,
    value: Term | None,
    **values: Value | Text,
) -> Finding:
    """A finding whose texts are ``catalogue.<key>`` and its remedy; ``path`` is the IRI of a property.

    A Text among the values is taken in the language of the message.
    """
    given = {"property": short(path) if path else "", "value": value.value if value is not None else ""}
    told = {
        language: advice(f"catalogue.{key}", **{**given, **_in_language(values, language)})
        for language in ("de", "en")
    }
    return Finding(
        severity=severity,
        code=f"catalogue.{key}",
        message=Text(told["de"].message.de, told["en"].message.en),
        remedy=Text(told["de"].remedy.de, told["en"].remedy.en),
        value=None if value is None else value.value,
        focus=index.label(focus),
        path=None if path is None else Predicate(NamedNode(path)),
    )


def _in_language(values: Mapping[str, Value | Text], language: str) -> dict[str, Value]:
    return {
        name: value.in_language(language) if isinstance(value, Text) else value
        for name, value in values.items()
    }


def what_to_state(prefixed: str) -> str | None:
    """The key of the text that says what a property like ``dct:title`` should hold, None when unknown."""
    key = f"catalogue.state.{prefixed.replace(':', '-')}"
    return key if key in CATALOGUE else None


def class_name(name: str) -> Text:
    """What a reader calls a class: ``Dataset`` is "Datensatz" and "Dataset"."""
    return both(f"catalogue.class.{name}")
