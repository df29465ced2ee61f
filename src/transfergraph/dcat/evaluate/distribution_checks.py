"""Whether what a catalogue says of its files is true: size, checksum, format and number of triples."""

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
from transfergraph.dcat.evaluate.fetch import Reach
from transfergraph.findings import Finding, Severity

_MEDIA_TYPES = "assignments/media-types/"
_ALGORITHM = SPDX + "checksumAlgorithm_"
_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


def check_files(index: CatalogueIndex, reach: Reach) -> Iterator[Finding]:
    """Findings on each file that can be reached; an address that cannot be tried yields none."""
    counted = {
        distribution: dataset
        for dataset in index.datasets()
        for distribution in index.nodes(dataset, DCAT + "distribution")
    }
    for distribution in sorted(index.instances(DCAT + "Distribution"), key=str):
        for url in index.nodes(distribution, DCAT + "downloadURL"):
            answer = reach(url.value)
            if not answer.tried:
                continue
            if not answer.is_there:
                said = answer.problem or str(answer.status)
                yield finding(
                    index,
                    "catalogue.file-missing",
                    Severity.VIOLATION,
                    distribution,
                    DCAT + "downloadURL",
                    url,
                    said=said,
                )
            elif answer.file is not None:
                yield from _check_bytes(index, distribution, answer.file)
                yield from _check_content(index, distribution, counted.get(distribution), answer.file)
                if answer.media_type is not None:
                    yield from _check_header(index, distribution, answer.media_type)


def _check_bytes(index: CatalogueIndex, distribution: Node, file: Path) -> Iterator[Finding]:
    size = index.first(distribution, DCAT + "byteSize")
    actual = file.stat().st_size
    if size is not None and _number(size.value) != actual:
        yield finding(
            index,
            "catalogue.file-size",
            Severity.VIOLATION,
            distribution,
            DCAT + "byteSize",
            size,
            actual=actual,
        )
    for checksum in index.nodes(distribution, SPDX + "checksum"):
        algorithm = index.first(checksum, SPDX + "algorithm")
        value = index.first(checksum, SPDX + "checksumValue")
        if algorithm is None or value is None or not algorithm.value.startswith(_ALGORITHM):
            continue
        name = algorithm.value.removeprefix(_ALGORITHM)
        if name in hashlib.algorithms_available and not name.startswith("shake"):
            with file.open("rb") as stream:
                digest = hashlib.file_digest(stream, name).hexdigest()
            if digest != value.value.lower():
                yield finding(
                    index,
                    "catalogue.file-checksum",
                    Severity.VIOLATION,
                    checksum,
                    SPDX + "checksumValue",
                    value,
                    actual=digest,
                )


def _check_content(
    index: CatalogueIndex, distribution: Node, dataset: Node | None, file: Path
) -> Iterator[Finding]:
    with file.open("rb") as stream:
        packed = stream.read(2) == _GZIP
    stated = media_type(index, distribution, DCAT + "compressFormat")
    declared = media_type(index, distribution, DCAT + "mediaType")
    if packed and stated is None and declared not in ("application/gzip", None):
        yield finding(
            index, "catalogue.file-packed", Severity.WARNING, distribution, DCAT + "compressFormat", None
        )
    if not packed and stated == "application/gzip":
        yield finding(
            index,
            "catalogue.file-not-packed",
            Severity.VIOLATION,
            distribution,
            DCAT + "compressFormat",
            None,
        )
    chosen = ox.RdfFormat.from_media_type(declared) if declared else None
    if chosen is None or (stated is not None and not packed):
        return
    try:
        count = count_triples(file, chosen, packed)
    except (SyntaxError, ValueError, OSError, EOFError, zlib.error) as error:
        yield finding(
            index, "catalogue.file-format", Severity.VIOLATION, distribution, DCAT + "mediaType", None,
            format=chosen.name, said=str(error),
        )  # fmt: skip
        return
    if dataset is None:
        return
    triples = index.first(dataset, VOID + "triples")
    if triples is not None and _number(triples.value) != count:
        yield finding(
            index, "catalogue.file-triples", Severity.VIOLATION, dataset, VOID + "triples", triples,
            actual=count, file=index.label(distribution),
        )  # fmt: skip


def _check_header(index: CatalogueIndex, distribution: Node, answered: str) -> Iterator[Finding]:
    declared = media_type(index, distribution, DCAT + "mediaType")
    packed = media_type(index, distribution, DCAT + "compressFormat")
    if declared is not None and answered not in (declared.lower(), packed, "application/octet-stream"):
        yield finding(
            index, "catalogue.file-header", Severity.WARNING, distribution, DCAT + "mediaType", None,
            declared=declared, answered=answered,
        )  # fmt: skip


def media_type(index: CatalogueIndex, node: Node, predicate: str) -> str | None:
    """The media type that a property names, as ``text/csv``, whether as IANA address or as text."""
    value = index.first(node, predicate)
    if value is None:
        return None
    name = value.value.partition(_MEDIA_TYPES)[2] or value.value
    return name.lower() if "/" in name and "://" not in name else None


def count_triples(file: Path, chosen: ox.RdfFormat, packed: bool) -> int:
    """The different triples in an RDF file, whatever named graphs they are in.

    Triples that follow one another count once, which is exact for sorted files and for formats without
    named graphs that repeat nothing.
    """
    with file.open("rb") as raw:
        stream = io.BufferedReader(gzip.GzipFile(fileobj=raw), _CHUNK) if packed else raw
        count = 0
        previous: ox.Triple | None = None
        for quad in ox.parse(stream, format=chosen, base_iri=file.resolve().as_uri()):
            triple = quad.triple
            if triple != previous:
                count += 1
                previous = triple
        return count


def _number(text: str) -> int | None:
    try:
        return int(float(text)) if not text.isdecimal() else int(text)
    except ValueError:
        return None
