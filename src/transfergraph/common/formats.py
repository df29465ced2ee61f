"""The formats of RDF, results and files: name, media type, ending. The only such list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from transfergraph.errors import UsageError
from transfergraph.messages import explained

if TYPE_CHECKING:
    from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class GraphFormat:
    """A serialisation of RDF: what it is ``called``, and its entry in the W3C list of formats as ``iri``."""

    name: str
    media_type: str
    ending: str
    called: str
    iri: str

    @cached_property
    def oxigraph(self) -> RdfFormat:
        """The same, for the engine."""
        from pyoxigraph import RdfFormat  # a MiB that the process which takes the requests never needs

        found = RdfFormat.from_media_type(self.media_type)
        assert found is not None
        return found


@dataclass(frozen=True)
class ResultFormat:
    """A serialisation of the solutions of a SELECT or ASK query; ``media_type`` as registered."""

    name: str
    media_type: str

    @property
    def ending(self) -> str:
        """That of a file."""
        return self.name

    @cached_property
    def oxigraph(self) -> QueryResultsFormat:
        """The same, for the engine."""
        from pyoxigraph import QueryResultsFormat

        found = QueryResultsFormat.from_media_type(self.media_type)
        assert found is not None
        return found


_W3C = "http://www.w3.org/ns/formats/"

GRAPH_FORMATS: tuple[GraphFormat, ...] = (
    GraphFormat("n-quads", "application/n-quads", "nq", "N-Quads", f"{_W3C}N-Quads"),
    GraphFormat("turtle", "text/turtle", "ttl", "Turtle", f"{_W3C}Turtle"),
    GraphFormat("n-triples", "application/n-triples", "nt", "N-Triples", f"{_W3C}N-Triples"),
    GraphFormat(
        "json-ld", "application/ld+json", "jsonld", "JSON-LD", "https://www.w3.org/ns/formats/data/JSON-LD"
    ),
    GraphFormat("rdf-xml", "application/rdf+xml", "rdf", "RDF/XML", f"{_W3C}RDF_XML"),
)

RESULT_FORMATS: tuple[ResultFormat, ...] = (
    ResultFormat("csv", "text/csv"),
    ResultFormat("tsv", "text/tab-separated-values"),
    ResultFormat("json", "application/sparql-results+json"),
    ResultFormat("xml", "application/sparql-results+xml"),
)

MEDIA_TYPES = {
    **{known.ending: known.media_type for known in GRAPH_FORMATS},
    "trig": "application/trig",
    "atom": "application/atom+xml",
    "css": "text/css",
    "csv": "text/csv",
    "gif": "image/gif",
    "gz": "application/gzip",
    "html": "text/html",
    "ico": "image/vnd.microsoft.icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "linkset": "application/linkset+json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "rq": "application/sparql-query",
    "sqlite": "application/vnd.sqlite3",
    "svg": "image/svg+xml",
    "txt": "text/plain",
    "webp": "image/webp",
    "xml": "application/xml",
    "zip": "application/zip",
    "srj": "application/sparql-results+json",
    "srx": "application/sparql-results+xml",
    "tsv": "text/tab-separated-values",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The media type of a file by its ending."""
PROBLEM = "application/problem+json"
"""The media type of problem details (RFC 9457)."""
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
"""The media type of a description of an API."""
LINK_FORMAT = "application/link-format"
"""The media type of a list of links (RFC 6690)."""
_OTHER = "application/octet-stream"


def media_type_of(path: str) -> str:
    """The media type of a file; CSVW metadata has its own (section 6.1 of its vocabulary)."""
    file = PurePosixPath(path)
    if file.name == "csvw-metadata.json":
        return "application/csvm+json"
    return MEDIA_TYPES.get(file.suffix[1:], _OTHER)


def is_compressible(media_type: str) -> bool:
    """True for what a content coding makes smaller."""
    packed = (MEDIA_TYPES[one] for one in ("gif", "gz", "ico", "jpg", "pdf", "png", "webp", "zip"))
    return media_type not in (*packed, _OTHER)


def graph_format(name: str) -> GraphFormat:
    """The format of that name; raises :class:`UsageError` with the known names."""
    for known in GRAPH_FORMATS:
        if known.name == name:
            return known
    raise UsageError(
        explained("error.format.unknown", name=name, known=", ".join(f.name for f in GRAPH_FORMATS))
    )


def result_format(name: str) -> ResultFormat:
    """The format of that name; raises :class:`UsageError` with the known names."""
    for known in RESULT_FORMATS:
        if known.name == name:
            return known
    raise UsageError(
        explained("error.format.unknown-result", name=name, known=", ".join(f.name for f in RESULT_FORMATS))
    )
