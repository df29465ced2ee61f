"""The formats of RDF, results and files: name, media type, ending. The only such list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

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


_FILE_TYPES = {
    ".atom": "application/atom+xml",
    ".css": "text/css",
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".rq": "application/sparql-query",
    ".trig": "application/trig",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".zip": "application/zip",
    **{f".{known.ending}": known.media_type.partition(";")[0] for known in GRAPH_FORMATS},
}
_CSVW = "csvw-metadata.json"


def media_type_of(path: str) -> str:
    """The media type, from the ending; CSVW metadata has its own (section 6.1 of its vocabulary)."""
    file = PurePosixPath(path)
    if file.name == _CSVW:
        return "application/csvm+json"
    return _FILE_TYPES.get(file.suffix, "application/octet-stream")


def is_compressible(media_type: str) -> bool:
    """True for what a content coding makes smaller."""
    return media_type not in ("application/gzip", "application/zip", "application/octet-stream")
