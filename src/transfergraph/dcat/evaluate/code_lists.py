"""Whether the codes of a catalogue are in the lists from which they must, or should, come.

Validators look only at what the catalogue says of a code, so that an invented one passes them when it
declares itself in a scheme. Here codes are compared with the lists, and it is also reported where the
catalogue does not say to which scheme a code belongs.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox

from transfergraph.common.namespaces import ADMS, DCAT, DCATAP, DCATDE, DCT, FOAF, SKOS, SPDX
from transfergraph.config.code_tables import Codes, CodeTable
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import class_name, finding
from transfergraph.findings import Finding, Severity
from transfergraph.messages import Value

_V, _W = Severity.VIOLATION, Severity.WARNING
_GEONAMES = "https://sws.geonames.org/"
_PLACES = "http://publications.europa.eu/resource/authority/place/"
_OLD = {
    "http://purl.org/adms/status/": "distribution-status",
    "http://dcat-ap.de/def/hashAlgorithms/": "checksum-algorithm",
}


class Rule(NamedTuple):
    """Which list the values of a property come from.

    ``outside`` is the severity of a value from elsewhere, ``undeclared`` that of a value of which the
    catalogue does not state the scheme; None where that is no fault.
    """

    name: str
    target: str
    path: str
    table: str
    outside: Severity
    undeclared: Severity | None


RULES: tuple[Rule, ...] = (
    Rule("Catalogue", DCAT + "Catalog", DCT + "language", "language", _V, _V),
    Rule("Catalogue", DCAT + "Catalog", DCT + "license", "german-licence", _W, _W),
    Rule("Catalogue", DCAT + "Catalog", DCATAP + "availability", "planned-availability", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCT + "language", "language", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCAT + "theme", "data-theme", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCT + "accrualPeriodicity", "frequency", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCT + "accessRights", "access-right", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCATAP + "availability", "planned-availability", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCT + "type", "dataset-type", _W, _W),
    Rule("Dataset", DCAT + "Dataset", DCATDE + "contributorID", "contributor", _V, _V),
    Rule("Dataset", DCAT + "Dataset", DCATDE + "politicalGeocodingLevelURI", "geocoding-level", _W, _W),
    Rule("Service", DCAT + "DataService", DCAT + "theme", "data-theme", _W, _W),
    Rule("Service", DCAT + "DataService", DCT + "license", "german-licence", _W, _W),
    Rule("Service", DCAT + "DataService", DCT + "accessRights", "access-right", _V, _V),
    Rule("Service", DCAT + "DataService", DCATAP + "availability", "planned-availability", _V, _V),
    Rule("Service", DCAT + "DataService", DCT + "format", "file-type", _V, _V),
    Rule("Series", DCAT + "DatasetSeries", DCT + "accrualPeriodicity", "frequency", _V, _V),
    Rule("Record", DCAT + "CatalogRecord", DCT + "language", "language", _V, _V),
    Rule("Distribution", DCAT + "Distribution", DCT + "language", "language", _V, _V),
    Rule("Distribution", DCAT + "Distribution", DCT + "license", "german-licence", _V, _V),
    Rule("Distribution", DCAT + "Distribution", DCT + "format", "file-type", _V, _V),
    Rule("Distribution", DCAT + "Distribution", DCAT + "mediaType", "media-type", _V, None),
    Rule("Distribution", DCAT + "Distribution", DCAT + "compressFormat", "media-type", _V, None),
    Rule("Distribution", DCAT + "Distribution", DCAT + "packageFormat", "media-type", _V, None),
    Rule("Distribution", DCAT + "Distribution", ADMS + "status", "distribution-status", _V, _V),
    Rule("Distribution", DCAT + "Distribution", DCATAP + "availability", "planned-availability", _V, _V),
    Rule("Agent", FOAF + "Agent", DCT + "type", "publisher-type", _V, _V),
    Rule("Licence", DCT + "LicenseDocument", DCT + "type", "licence-type", _V, _V),
    Rule("Checksum", SPDX + "Checksum", SPDX + "algorithm", "checksum-algorithm", _W, None),
)


GERMAN_TABLES = ("german-licence", "contributor", "geocoding-level")


def check_codes(index: CatalogueIndex, codes: Codes, german: bool = True) -> Iterator[Finding]:
    """Findings on the codes of the catalogue; the German lists count only for a ``german`` one."""
    for rule in RULES:
        if rule.table in GERMAN_TABLES and not german:
            continue
        table = codes.tables[rule.table]
        for node in index.instances(rule.target):
            for value in index.nodes(node, rule.path):
                yield from _check(index, rule, table, codes, node, value)
    yield from _check_taxonomy(index, codes)
    yield from _check_places(index, codes)


def in_table(value: str, table: CodeTable) -> bool:
    """Whether an IRI is in the table; media types have no case and are also found under ``http``."""
    if table.name != "media-type":
        return value in table
    name = value.replace("http://", "https://", 1).removeprefix(table.prefix)
    return name in table.codes or name.lower() in _media_types(table.codes)


@cache
def _media_types(codes: frozenset[str]) -> frozenset[str]:
    return frozenset(code.lower() for code in codes)


def _check(
    index: CatalogueIndex, rule: Rule, table: CodeTable, codes: Codes, node: Node, value: Node
) -> Iterator[Finding]:
    def found(key: str, severity: Severity, **values: str) -> Finding:
        given: dict[str, Value] = {"class": class_name(rule.name), "list": table.title, **values}
        return finding(index, key, severity, node, rule.path, value, **given)

    if isinstance(value, ox.NamedNode) and in_table(value.value, table):
        schemes = [scheme.value for scheme in index.nodes(value, SKOS + "inScheme")]
        if rule.undeclared is not None and table.scheme is not None and table.scheme not in schemes:
            yield found("catalogue.no-scheme", rule.undeclared, scheme=table.scheme)
        return
    for old, replacement in _OLD.items():
        if value.value.startswith(old):
            yield found("catalogue.old-code", _W, prefix=codes.tables[replacement].prefix)
    if value.value.startswith(table.prefix):
        yield found("catalogue.unknown-code", rule.outside, source=table.source)
    elif rule.name == "Distribution" and rule.table == "german-licence":
        yield found("catalogue.licence-not-german", rule.outside)
    else:
        yield found("catalogue.other-code", rule.outside, prefix=table.prefix)


def _check_taxonomy(index: CatalogueIndex, codes: Codes) -> Iterator[Finding]:
    """A catalogue names the EU table of themes among its taxonomies."""
    table = codes.tables["data-theme"]
    for node in index.instances(DCAT + "Catalog"):
        values = index.values(node, DCAT + "themeTaxonomy")
        if values and table.scheme not in [value.value for value in values]:
            given: dict[str, Value] = {
                "class": class_name("Catalogue"),
                "list": table.title,
                "prefix": table.scheme or "",
            }
            yield finding(index, "catalogue.other-code", _W, node, DCAT + "themeTaxonomy", values[0], **given)


def _check_places(index: CatalogueIndex, codes: Codes) -> Iterator[Finding]:
    lists = (codes.tables["country"], codes.tables["continent"])
    for name in ("Catalog", "Dataset", "DatasetSeries"):
        for node in index.instances(DCAT + name):
            for value in index.nodes(node, DCT + "spatial"):
                known = value.value.startswith((_GEONAMES, _PLACES)) or any(value.value in t for t in lists)
                if isinstance(value, ox.NamedNode) and not known:
                    yield finding(index, "catalogue.place", _W, node, DCT + "spatial", value)
