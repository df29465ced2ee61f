"""The RDF and result formats: name, media type, ending. The only such list."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat

from transfergraph.errors import UsageError


@dataclass(frozen=True, slots=True)
class GraphFormat:
    """A serialisation of RDF; ``iri`` is its entry in the W3C list of formats."""

    name: str
    media_type: str
    ending: str
    iri: str
    oxigraph: RdfFormat


@dataclass(frozen=True, slots=True)
class ResultFormat:
    """A serialisation of the solutions of a SELECT or ASK query."""

    name: str
    media_type: str
    ending: str
    oxigraph: QueryResultsFormat


def _graph(name: str, oxigraph: RdfFormat) -> GraphFormat:
    return GraphFormat(name, oxigraph.media_type, oxigraph.file_extension, oxigraph.iri, oxigraph)


def _result(name: str, oxigraph: QueryResultsFormat) -> ResultFormat:
    return ResultFormat(name, oxigraph.media_type, name, oxigraph)


GRAPH_FORMATS: tuple[GraphFormat, ...] = (
    _graph("n-quads", RdfFormat.N_QUADS),
    _graph("turtle", RdfFormat.TURTLE),
    _graph("n-triples", RdfFormat.N_TRIPLES),
    _graph("json-ld", RdfFormat.JSON_LD),
    _graph("rdf-xml", RdfFormat.RDF_XML),
)

RESULT_FORMATS: tuple[ResultFormat, ...] = (
    _result("csv", QueryResultsFormat.CSV),
    _result("tsv", QueryResultsFormat.TSV),
    _result("json", QueryResultsFormat.JSON),
    _result("xml", QueryResultsFormat.XML),
)


def graph_format(name: str) -> GraphFormat:
    """The format of that name; raises :class:`UsageError` with the known names."""
    for known in GRAPH_FORMATS:
        if known.name == name:
            return known
    raise UsageError(f"No RDF format is called {name!r}; known: {', '.join(f.name for f in GRAPH_FORMATS)}.")


def result_format(name: str) -> ResultFormat:
    """The format of that name; raises :class:`UsageError` with the known names."""
    for known in RESULT_FORMATS:
        if known.name == name:
            return known
    raise UsageError(
        f"No result format is called {name!r}; known: {', '.join(f.name for f in RESULT_FORMATS)}."
    )
