"""Reading any catalogue: from a file, or from the web with limits."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from transfergraph.dcat.evaluate.fetch import Reach
from transfergraph.errors import UsageError

_BY_ENDING = {
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}


def read_catalogue(location: str, reach: Reach) -> tuple[ox.Triple, ...]:
    """The triples of the catalogue in a file or at an ``http(s)`` address.

    An address is fetched through ``reach``; the media type of the answer decides its format, as it does
    for harvesters, and for a file its ending. Raises :class:`UsageError` when it is not there or not RDF.
    """
    if location.startswith(("http://", "https://")):
        answer = reach(location)
        if answer.file is None:
            raise UsageError(f"{location} cannot be fetched: {answer.problem or answer.status}.")
        chosen = ox.RdfFormat.from_media_type(answer.media_type or "") or _ending(location)
        return _parse(answer.file, location, chosen)
    file = Path(location)
    if not file.is_file():
        raise UsageError(f"{location} is neither a file nor an address that begins with https://.")
    return _parse(file, file.resolve().as_uri(), _ending(file.name))


def _ending(name: str) -> ox.RdfFormat | None:
    return _BY_ENDING.get(name.rpartition(".")[2].lower())


def _parse(file: Path, base: str, chosen: ox.RdfFormat | None) -> tuple[ox.Triple, ...]:
    if chosen is None:
        raise UsageError(f"{base} has no known RDF format; known endings: {', '.join(sorted(_BY_ENDING))}.")
    try:
        return tuple(quad.triple for quad in ox.parse(path=str(file), format=chosen, base_iri=base))
    except (SyntaxError, ValueError, OSError) as error:
        raise UsageError(f"{base} is not valid {chosen.name}: {error}") from error
