"""What harvesters refuse or misread and no shape demands: keywords, languages, dates, identifiers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from transfergraph.common.iris import is_reserved
from transfergraph.common.namespaces import DCAT, DCATDE, DCT, FOAF, VCARD
from transfergraph.config.code_tables import Codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import class_name, finding
from transfergraph.findings import Finding, Severity

_V, _W, _I = Severity.VIOLATION, Severity.WARNING, Severity.INFO
_GEOMETRY = "http://www.w3.org/ns/locn#geometry"
_ATTRIBUTION = DCATDE + "licenseAttributionByText"
_KEYWORD = re.compile(r"[\w .-]{2,100}")
_MAIL = re.compile(r"[^@\s:]+@[^@\s:]+\.[^@\s:]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLASSES = {
    "Catalogue": DCAT + "Catalog",
    "Dataset": DCAT + "Dataset",
    "Distribution": DCAT + "Distribution",
    "Service": DCAT + "DataService",
}
_ADDRESSES = {
    VCARD + "Kind": (VCARD + "hasEmail", VCARD + "hasURL"),
    FOAF + "Agent": (FOAF + "mbox", FOAF + "homepage"),
    DCAT + "Distribution": (DCAT + "accessURL", DCAT + "downloadURL"),
    DCAT + "DataService": (DCAT + "endpointURL",),
}


def check_harvesting(
    index: CatalogueIndex, codes: Codes, today: date, german: bool = True
) -> Iterator[Finding]:
    """All findings; ``today`` is the day that no date of publication may lie behind.

    What German portals alone ask for counts only for a ``german`` catalogue.
    """
    if not index.datasets():
        yield finding(index, "catalogue.nothing", _V, ox.BlankNode("none"), None)
    yield from _keywords(index)
    yield from _languages(index, german)
    yield from _dates(index, today.isoformat())
    yield from _nodes(index)
    yield from _identifiers(index)
    if german:
        yield from _licences(index, codes)
    yield from _addresses(index)
    yield from _mail_addresses(index)
    for place in index.instances(DCT + "Location"):
        for _ in index.values(place, _GEOMETRY):
            yield finding(index, "catalogue.geometry", _V, place, _GEOMETRY)
    for node in index.instances(DCAT + "Distribution"):
        if index.values(node, DCAT + "accessService") and index.values(node, DCAT + "downloadURL"):
            yield finding(index, "catalogue.service-and-download", _W, node, DCAT + "accessService")


def _entries(index: CatalogueIndex, *names: str) -> Iterator[tuple[str, Node]]:
    """The entries of these classes, or of all, each with the name of its class."""
    return ((name, node) for name in names or _CLASSES for node in index.instances(_CLASSES[name]))


def _keywords(index: CatalogueIndex) -> Iterator[Finding]:
    path = DCAT + "keyword"
    for _, node in _entries(index, "Dataset", "Service"):
        for value in index.values(node, path):
            if isinstance(value, ox.Literal) and not _KEYWORD.fullmatch(value.value):
                yield finding(index, "catalogue.keyword", _W, node, path, value)


def _languages(index: CatalogueIndex, german: bool) -> Iterator[Finding]:
    for name, node in _entries(index):
        for path in (DCT + "title", DCT + "description"):
            values = [v for v in index.values(node, path) if isinstance(v, ox.Literal)]
            tags = Counter((value.language or "").lower() for value in values)
            for tag, count in sorted(tags.items()):
                if count > 1:
                    yield finding(index, "catalogue.language-twice", _W, node, path, None, tag=tag)
            if german and values and "de" not in tags and name != "Distribution":
                yield finding(index, "catalogue.no-german", _W, node, path)


def _dates(index: CatalogueIndex, today: str) -> Iterator[Finding]:
    for _, node in _entries(index, "Catalogue", "Dataset", "Distribution"):
        issued, modified = index.first(node, DCT + "issued"), index.first(node, DCT + "modified")
        for path, value in ((DCT + "issued", issued), (DCT + "modified", modified)):
            if value is not None and _DATE.match(value.value) and value.value[:10] > today:
                yield finding(index, "catalogue.future", _W, node, path, value)
        if issued is not None and modified is not None and _before(modified.value, issued.value):
            key, path = "catalogue.modified-before-issued", DCT + "modified"
            yield finding(index, key, _W, node, path, modified, issued=issued.value)
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
    for name, node in _entries(index):
        if isinstance(node, ox.BlankNode):
            given = {"class": class_name(name)}
            yield finding(index, "catalogue.blank-node", _W, node, None, None, **given)
    for name, path in (("Dataset", DCAT + "dataset"), ("Service", DCAT + "service")):
        catalogues = index.instances(DCAT + "Catalog")
        listed = {value for catalogue in catalogues for value in index.nodes(catalogue, path)}
        for _, node in _entries(index, name):
            if node not in listed:
                given = {"class": class_name(name)}
                yield finding(index, "catalogue.not-listed", _W, node, path, None, **given)


def _identifiers(index: CatalogueIndex) -> Iterator[Finding]:
    found = [(node, value) for node in index.datasets() for value in index.values(node, DCT + "identifier")]
    counts = Counter(value.value for _, value in found)
    for node, value in found:
        if counts[value.value] > 1:
            yield finding(index, "catalogue.identifier-twice", _W, node, DCT + "identifier", value)


def _licences(index: CatalogueIndex, codes: Codes) -> Iterator[Finding]:
    table, path = codes.tables["german-licence"], DCT + "license"
    for _, node in _entries(index, "Distribution"):
        for value in index.nodes(node, path):
            if value.value not in table:
                continue
            code = value.value.removeprefix(table.prefix)
            if code not in codes.open_licences:
                yield finding(index, "catalogue.licence-not-open", _I, node, path, value)
            demands = "by" in code and "zero" not in code
            if demands and not index.values(node, _ATTRIBUTION):
                yield finding(index, "catalogue.attribution", _W, node, _ATTRIBUTION, value)


def _addresses(index: CatalogueIndex) -> Iterator[Finding]:
    for target, paths in _ADDRESSES.items():
        for node in index.instances(target):
            for path in paths:
                for value in index.nodes(node, path):
                    if is_reserved(value.value):
                        yield finding(index, "catalogue.example-address", _W, node, path, value)


def _mail_addresses(index: CatalogueIndex) -> Iterator[Finding]:
    """Mail addresses without their scheme, which are taken for a file beside the catalogue."""
    for target, path in ((VCARD + "Kind", VCARD + "hasEmail"), (FOAF + "Agent", FOAF + "mbox")):
        for node in index.instances(target):
            for value in index.nodes(node, path):
                name = value.value.rpartition("/")[2]
                if not value.value.startswith("mailto:") and _MAIL.fullmatch(name):
                    yield finding(index, "catalogue.mail-address", _W, node, path, value, mail=name)
