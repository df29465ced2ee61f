"""Findings on a catalogue, with their texts."""

from __future__ import annotations

from functools import cache, lru_cache

from pyoxigraph import NamedNode

from transfergraph.common.namespaces import prefixed_name
from transfergraph.common.property_paths import Predicate
from transfergraph.common.text import Text
from transfergraph.dcat.catalogue_index import CatalogueIndex, Term
from transfergraph.findings import Finding, Severity
from transfergraph.messages import Advice, Value, advice, both, has_text


@lru_cache(10_000)
def short(iri: str) -> str:
    """``dcat:Dataset`` for an IRI in a namespace with a prefix, else the IRI."""
    return prefixed_name(iri) or iri


def finding(
    index: CatalogueIndex,
    key: str,
    severity: Severity,
    focus: Term,
    path: str | None,
    value: Term | None = None,
    **values: Value,
) -> Finding:
    """A finding whose texts are those of the key and its remedy; ``path`` is the IRI of a property."""
    said = None if value is None else index.label(value)
    given = {"property": short(path) if path else "", "value": said or ""}
    message, remedy = _advice(key, *sorted({**given, **values}.items()))
    return Finding(
        severity=severity,
        code=key,
        message=message,
        remedy=remedy,
        value=said,
        focus=index.label(focus),
        path=None if path is None else _step(path),
    )


@lru_cache(20_000)
def _advice(key: str, *values: tuple[str, Value]) -> Advice:
    """One for all findings that are told alike: a format may be missing at each of 30,000 files."""
    return advice(key, **dict(values))


@cache
def _step(path: str) -> Predicate:
    return Predicate(NamedNode(path))


def what_to_state(prefixed: str) -> str | None:
    """The key of the text that says what a property like ``dct:title`` should hold, None when unknown."""
    key = f"catalogue.state.{prefixed.replace(':', '-')}"
    return key if has_text(key) else None


@cache
def class_name(name: str) -> Text:
    """What a reader calls a class: ``Dataset`` is "Datensatz" and "Dataset"."""
    return both(f"catalogue.class.{name}")
