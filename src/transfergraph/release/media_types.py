"""Of which media type a file of a release is."""

from __future__ import annotations

from pathlib import PurePosixPath

from transfergraph.common.formats import GRAPH_FORMATS

_TYPES = {
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
    return _TYPES.get(file.suffix, "application/octet-stream")


def is_compressible(media_type: str) -> bool:
    """True for what a content coding makes smaller."""
    return media_type not in ("application/gzip", "application/zip", "application/octet-stream")
