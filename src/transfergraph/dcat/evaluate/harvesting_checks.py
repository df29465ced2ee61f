"""What no shape says and harvesters stumble over: keywords, languages, dates, identifiers, geometries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCATDE, DCT, FOAF, VCARD
from transfergraph.config.code_tables import Codes
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.catalogue_findings import class_name, finding
from transfergraph.findings import Finding, Severity

_V, _W, _I = Severity.VIOLATION, Severity.WARNING, Severity.INFO
_GEOMETRY = "http://www.w3.org/ns/locn#geometry"
_KEYWORD = re.compile(r"[\w .-]{2,100}")
_EXAMPLE = re.compile(
    r"[/@.](example|invalid|test|localhost)([:/?#]|$)|[/@.]example\.(com|org|net)([:/?#]|$)"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLASSES = {
    "Catalogue": "Catalog",
    "Dataset": "Dataset",
    "Distribution": "Distribution",
    "Service": "DataService",
}


def check_pitfalls(index: CatalogueIndex, codes: Codes, today: date) -> Iterator[Finding]:
    """All findings; ``today`` is the day that no date of publication may lie behind."""
    if not index.datasets():
        yield finding(index, "catalogue.nothing", _V, ox.BlankNode("none"), None, None)
    yield from _keywords(index)
    yield from _languages(index)
    yield from _dates(index, today.isoformat())
    yield from _nodes(index)
    yield from _identifiers(index)
    yield from _licences(index, codes)
    yield from _addresses(index)
    for place in index.instances(DCT + "Location"):
        for _ in index.values(place, _GEOMETRY):
            yield finding(index, "catalogue.geometry", _V, place, _GEOMETRY, None)
    for node in index.instances(DCAT + "Distribution"):
        if index.values(node, DCAT + "accessService") and index.values(node, DCAT + "downloadURL"):
            yield finding(index, "catalogue.service-and-download", _W, node, DCAT + "accessService", None)


def _keywords(index: CatalogueIndex) -> Iterator[Finding]:
    for name in ("Dataset", "Service"):
        for node in index.instances(DCAT + _CLASSES[name]):
            for value in index.values(node, DCAT + "keyword"):
                if isinstance(value, ox.Literal) and not _KEYWORD.fullmatch(value.value):
                    yield finding(index, "catalogue.keyword", _W, node, DCAT + "keyword", value)


def _languages(index: CatalogueIndex) -> Iterator[Finding]:
    for name, local in _CLASSES.items():
        for node in index.instances(DCAT + local):
            for path in (DCT + "title", DCT + "description"):
                values = [v for v in index.values(node, path) if isinstance(v, ox.Literal)]
                tags = Counter((value.language or "").lower() for value in values)
                for tag, count in sorted(tags.items()):
                    if count > 1:
                        yield finding(index, "catalogue.language-twice", _W, node, path, None, tag=tag)
                if values and "de" not in tags and name != "Distribution":
                    yield finding(index, "catalogue.no-german", _W, node, path, None)


def _dates(index: CatalogueIndex, today: str) -> Iterator[Finding]:
    for name in ("Catalogue", "Dataset", "Distribution"):
        for node in index.instances(DCAT + _CLASSES[name]):
            issued, modified = index.first(node, DCT + "issued"), index.first(node, DCT + "modified")
            for path, value in ((DCT + "issued", issued), (DCT + "modified", modified)):
                if value is not None and _DATE.match(value.value) and value.value[:10] > today:
                    yield finding(index, "catalogue.future", _W, node, path, value)
            if issued is not None and modified is not None and _before(modified.value, issued.value):
                yield finding(
                    index,
                    "catalogue.modified-before-issued",
                    _W,
                    node,
                    DCT + "modified",
                    modified,
                    issued=issued.value,
                )
    for period in index.instances(DCT + "PeriodOfTime"):
        start, end = index.first(period, DCAT + "startDate"), index.first(period, DCAT + "endDate")
        if start is not None and end is not None and _before(end.value, start.value):
            yield finding(index, "catalogue.period", _V, period, DCAT + "endDate", end)


def _before(one: str, other: str) -> bool:
    """Whether a date lies before another, as far as both are known."""
    length = min(len(one), len(other), 10)
    return one[:length] < other[:length]


def _nodes(index: CatalogueIndex) -> Iterator[Finding]:
    """Entries without an IRI, and entries that no catalogue lists."""
    catalogues = index.instances(DCAT + "Catalog")
    for name, local in _CLASSES.items():
        for node in index.instances(DCAT + local):
            if isinstance(node, ox.BlankNode):
                yield finding(
                    index,
                    "catalogue.blank-node",
                    _W,
                    node,
                    None,
                    ox.Literal(node.value),
                    **{"class": class_name(name)},
                )
    for name, path in (("Dataset", DCAT + "dataset"), ("Service", DCAT + "service")):
        listed = {value for catalogue in catalogues for value in index.nodes(catalogue, path)}
        for node in index.instances(DCAT + _CLASSES[name]):
            if node not in listed:
                yield finding(
                    index, "catalogue.not-listed", _W, node, path, None, **{"class": class_name(name)}
                )


def _identifiers(index: CatalogueIndex) -> Iterator[Finding]:
    found = [(node, value) for node in index.datasets() for value in index.values(node, DCT + "identifier")]
    often = Counter(value.value for _, value in found)
    for node, value in found:
        if often[value.value] > 1:
            yield finding(index, "catalogue.identifier-twice", _W, node, DCT + "identifier", value)


def _licences(index: CatalogueIndex, codes: Codes) -> Iterator[Finding]:
    table = codes.tables["german-licence"]
    for node in index.instances(DCAT + "Distribution"):
        for value in index.nodes(node, DCT + "license"):
            code = value.value.removeprefix(table.prefix)
            if value.value not in table:
                continue
            if code not in codes.open_licences:
                yield finding(index, "catalogue.licence-not-open", _I, node, DCT + "license", value)
            asks = "by" in code and "zero" not in code
            if asks and not index.values(node, DCATDE + "licenseAttributionByText"):
                path = DCATDE + "licenseAttributionByText"
                yield finding(index, "catalogue.attribution", _W, node, path, value)


def _addresses(index: CatalogueIndex) -> Iterator[Finding]:
    places = (
        (VCARD + "Kind", (VCARD + "hasEmail", VCARD + "hasURL")),
        (FOAF + "Agent", (FOAF + "mbox", FOAF + "homepage")),
        (DCAT + "Distribution", (DCAT + "accessURL", DCAT + "downloadURL")),
        (DCAT + "DataService", (DCAT + "endpointURL",)),
    )
    for target, paths in places:
        for node in index.instances(target):
            for path in paths:
                for value in index.nodes(node, path):
                    if _EXAMPLE.search(value.value):
                        yield finding(index, "catalogue.example-address", _W, node, path, value)
