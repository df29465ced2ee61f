"""Whether distributions are as the catalogue describes them: size, checksum, format, number of triples."""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, SPDX, VOID
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import finding
from transfergraph.dcat.evaluate.fetch import Fetch
from transfergraph.findings import Finding, Severity

_V = Severity.VIOLATION
_MEDIA_TYPES = "assignments/media-types/"
_ALGORITHM = SPDX + "checksumAlgorithm_"
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


def check_distributions(index: CatalogueIndex, fetch: Fetch) -> Iterator[Finding]:
    """Findings on each file that can be fetched; an address that cannot be tried yields none."""
    datasets = {
        distribution: dataset
        for dataset in index.datasets()
        for distribution in index.nodes(dataset, DCAT + "distribution")
    }
    for node in sorted(index.instances(DCAT + "Distribution"), key=str):
        for url in index.nodes(node, DCAT + "downloadURL"):
            answer = fetch(url.value)
            if answer.tried and not answer.is_there:
                said = answer.problem or str(answer.status)
                path = DCAT + "downloadURL"
                yield finding(index, "catalogue.file-missing", _V, node, path, url, said=said)
            elif answer.file is not None:
                yield from _check_bytes(index, node, answer.file)
                yield from _check_content(index, node, datasets.get(node), answer.file)
                if answer.media_type is not None:
                    yield from _check_header(index, node, answer.media_type)


def _check_bytes(index: CatalogueIndex, node: Node, file: Path) -> Iterator[Finding]:
    size, actual = index.first(node, DCAT + "byteSize"), file.stat().st_size
    if size is not None and _number(size.value) != actual:
        path = DCAT + "byteSize"
        yield finding(index, "catalogue.file-size", _V, node, path, size, actual=actual)
    for checksum in index.nodes(node, SPDX + "checksum"):
        algorithm = index.first(checksum, SPDX + "algorithm")
        value = index.first(checksum, SPDX + "checksumValue")
        if algorithm is None or value is None or not algorithm.value.startswith(_ALGORITHM):
            continue
        name = algorithm.value.removeprefix(_ALGORITHM)
        if name in hashlib.algorithms_available and not name.startswith("shake"):
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, name).hexdigest()
            if digest != value.value.lower():
                path = SPDX + "checksumValue"
                yield finding(index, "catalogue.file-checksum", _V, checksum, path, value, actual=digest)


def _check_content(index: CatalogueIndex, node: Node, dataset: Node | None, file: Path) -> Iterator[Finding]:
    with file.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    stated = media_type(index, node, DCAT + "compressFormat")
    declared = media_type(index, node, DCAT + "mediaType")
    if packed and stated is None and declared not in ("application/gzip", None):
        yield finding(index, "catalogue.file-packed", Severity.WARNING, node, DCAT + "compressFormat")
    if not packed and stated == "application/gzip":
        yield finding(index, "catalogue.file-not-packed", _V, node, DCAT + "compressFormat")
    chosen = ox.RdfFormat.from_media_type(declared) if declared else None
    if chosen is None or (stated is not None and not packed):
        return
    try:
        count = count_triples(file, chosen, packed)
    except (SyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        given = {"format": chosen.name, "said": str(error)}
        yield finding(index, "catalogue.file-format", _V, node, DCAT + "mediaType", None, **given)
        return
    triples = None if dataset is None else index.first(dataset, VOID + "triples")
    if count is None or dataset is None or triples is None:
        return
    if _number(triples.value) != count:
        name, path = index.label(node), VOID + "triples"
        yield finding(index, "catalogue.file-triples", _V, dataset, path, triples, actual=count, file=name)


def _check_header(index: CatalogueIndex, node: Node, answered: str) -> Iterator[Finding]:
    declared = media_type(index, node, DCAT + "mediaType")
    packed = media_type(index, node, DCAT + "compressFormat")
    if declared is not None and answered not in (declared.lower(), packed, "application/octet-stream"):
        given = {"declared": declared, "answered": answered}
        yield finding(
            index, "catalogue.file-header", Severity.WARNING, node, DCAT + "mediaType", None, **given
        )


def media_type(index: CatalogueIndex, node: Node, predicate: str) -> str | None:
    """The media type that a property names, as ``text/csv``, whether as IANA address or as text."""
    value = index.first(node, predicate)
    if value is None:
        return None
    name = value.value.partition(_MEDIA_TYPES)[2] or value.value
    return name.lower() if "/" in name and "://" not in name else None


def count_triples(file: Path, chosen: ox.RdfFormat, packed: bool) -> int | None:
    """The different triples in an RDF file, whatever named graphs they are in.

    None for RDF 1.2 that reifies triples: what it says is about a graph, and no form of it.

    Triples that follow one another count once, which is exact for sorted files and for formats without
    named graphs that repeat nothing.
    """
    with file.open("rb") as raw:
        stream = io.BufferedReader(gzip.GzipFile(fileobj=raw), _CHUNK) if packed else raw
        count = 0
        reifies = False
        previous: ox.Triple | None = None
        for quad in ox.parse(stream, format=chosen, base_iri=file.resolve().as_uri()):
            triple = quad.triple
            reifies = reifies or isinstance(triple.object, ox.Triple)
            if triple != previous:
                count += 1
                previous = triple
        return None if reifies else count


def _number(text: str) -> int | None:
    try:
        return int(float(text)) if not text.isdecimal() else int(text)
    except ValueError:
        return None
