"""Reads what a release says of its own content: from its catalogue, its report and its feed."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec
import pyoxigraph as ox

from transfergraph.common.namespaces import DC, DCT, DQV, RDFS, TG
from transfergraph.common.text import Text
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.release.changes import ATOM
from transfergraph.release.manifest import Manifest
from transfergraph.web.release_contents import (
    SOURCE_COUNT,
    YEAR_COUNT,
    ContentFile,
    DataSource,
    ListedRelease,
    MeasuredCount,
    OpenFinding,
    ReleaseContents,
)

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_REPORT = "report.json"
_ENTRY = "{http://www.w3.org/2005/Atom}"
_DIV = "{http://www.w3.org/1999/xhtml}"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read_contents(
    folder: Path,
    manifest: Manifest,
    catalogue: CatalogueIndex,
    period: tuple[str, str] | None,
    schemes: AbstractSet[str] = frozenset(),
) -> ReleaseContents:
    """What a release says of its content; raises :class:`ReleaseError` for a damaged file.

    ``schemes`` are those whose concepts are the rows of a table.
    """
    return ReleaseContents(
        sources=tuple(_sources(catalogue, manifest.base)),
        counts=tuple(_counts(catalogue, manifest.base)),
        shares=_shares(catalogue, manifest.base, schemes | manifest.entities.keys()),
        entities=manifest.entities,
        findings=manifest.findings,
        open_findings=_findings(folder),
        period=period,
        releases=_releases(folder, manifest.base),
        files=tuple(ContentFile(one.path, one.size, one.sha256) for one in manifest.files),
    )


def _sources(catalogue: CatalogueIndex, base: str) -> Iterator[DataSource]:
    for node in catalogue.subjects():
        retrieved = catalogue.first(node, TG + "retrieved")
        if retrieved is None or not node.value.startswith(f"{base}graph/"):
            continue

        def value(property_: str, node: Node = node) -> str:
            found = catalogue.first(node, property_)
            return "" if found is None else found.value

        title = _text(catalogue, node, DCT + "title") or Text.same(node.value)
        yield DataSource(
            node.value,
            title,
            value(DC + "publisher"),
            value(DCT + "source"),
            value(DCT + "license"),
            retrieved.value,
        )


def _measured(catalogue: CatalogueIndex, base: str, metric: str) -> Iterator[tuple[str, Node]]:
    """The measurements of a metric, each with the end of its IRI after the name of the metric."""
    start = f"{base}quality/{metric}/"
    for node in catalogue.instances(DQV + "QualityMeasurement"):
        if node.value.startswith(start):
            yield node.value.removeprefix(start), node


def _counts(catalogue: CatalogueIndex, base: str) -> Iterator[MeasuredCount]:
    stated = dict(_measured(catalogue, base, "rows-stated"))
    for key, node in _measured(catalogue, base, "rows-known"):
        kind, _, rest = key.partition("/")
        subject, _, noun = rest.rpartition("/")
        status = catalogue.first(node, DCT + "type")
        yield MeasuredCount(
            kind,
            unquote(subject) if kind in (SOURCE_COUNT, YEAR_COUNT) else _subject(catalogue, node),
            unquote(noun),
            _text(catalogue, node, RDFS + "label") or Text.same(noun),
            _number(catalogue, node),
            _number(catalogue, stated[key]) if key in stated else None,
            "" if status is None else status.value.rpartition("/")[2],
        )


def _subject(catalogue: CatalogueIndex, node: Node) -> str:
    return next((one.value for one in catalogue.nodes(node, DCT + "subject")), "")


def _number(catalogue: CatalogueIndex, node: Node) -> int | None:
    found = catalogue.first(node, DQV + "value")
    return None if found is None else int(found.value)


def _shares(
    catalogue: CatalogueIndex, base: str, kinds: AbstractSet[str]
) -> dict[tuple[str, str, str], Decimal]:
    found: dict[tuple[str, str, str], Decimal] = {}
    for _, node in _measured(catalogue, base, "fill-rate"):
        value, language = catalogue.first(node, DQV + "value"), catalogue.first(node, DCT + "language")
        both = [one.value for one in catalogue.nodes(node, DCT + "subject")]
        classes = [one for one in both if one in kinds]
        properties = [one for one in both if one not in kinds]
        if value is not None and classes and properties:
            key = (classes[0], properties[0], "" if language is None else language.value)
            found[key] = Decimal(value.value)
    return found


class _Group(msgspec.Struct):
    severity: str
    count: int
    message: dict[str, str]


class _Report(msgspec.Struct):
    """The part of ``report.json`` that is read: a long list of single findings is left out."""

    groups: list[_Group]


def _findings(folder: Path) -> tuple[OpenFinding, ...]:
    file = folder / _REPORT
    if not file.is_file():
        return ()
    try:
        report = msgspec.json.decode(file.read_bytes(), type=_Report)
    except (msgspec.DecodeError, ValueError) as error:
        raise ReleaseError(explained("error.release.damaged-file", file=file)) from error
    return tuple(OpenFinding(one.severity, one.count, Text(one.message)) for one in report.groups)


def _releases(folder: Path, base: str) -> tuple[ListedRelease, ...]:
    from xml.etree import ElementTree  # for one page: workers that are never asked for it need none

    file = folder / ATOM
    if not file.is_file():
        return ()
    try:
        entries = ElementTree.parse(file).getroot().findall(f"{_ENTRY}entry")
        return tuple(_release(entry, base) for entry in entries)
    except (ElementTree.ParseError, ValueError) as error:
        raise ReleaseError(explained("error.release.damaged-file", file=file)) from error


def _release(entry: Element, base: str) -> ListedRelease:
    links = entry.findall(f"{_ENTRY}link")
    texts = {one.get("hreflang", ""): one.get("href", "") for one in links if one.get("hreflang")}
    notes = {
        part.get(_LANGUAGE, ""): tuple("".join(line.itertext()) for line in _lines(part))
        for part in entry.findall(f"{_ENTRY}content/{_DIV}div/{_DIV}div")
    }
    identifier = entry.findtext(f"{_ENTRY}id", "").removeprefix(f"{base}release/")
    day = entry.findtext(f"{_ENTRY}updated", "")[:10]
    pages = tuple(one.get("href", "") for one in links if one.get("rel") == "related")
    return ListedRelease(unquote(identifier), day, notes, texts, pages)


def _lines(part: Element) -> Iterator[Element]:
    yield from part.findall(f"{_DIV}p")
    yield from part.findall(f"{_DIV}ul/{_DIV}li")


def _text(catalogue: CatalogueIndex, node: Node, predicate: str) -> Text | None:
    literals = [one for one in catalogue.values(node, predicate) if isinstance(one, ox.Literal)]
    texts = {one.language or "": one.value for one in literals}
    return Text(dict(sorted(texts.items()))) if texts else None
