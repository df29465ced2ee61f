"""The named graphs of a release, by their path below the base IRI."""

from __future__ import annotations

DERIVED_GRAPH = "graph/derived"
VOCABULARY_GRAPH = "graph/vocabulary"


def source_graph(base: str, source: str) -> str:
    """The IRI of the named graph of a source."""
    return f"{base}graph/{source}"
