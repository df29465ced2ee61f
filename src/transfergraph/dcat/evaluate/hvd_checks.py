"""High-value datasets, after DCAT-AP HVD 3.0 and the Implementing Regulation (EU) 2023/138.

A dataset is one of them when it says so: by a category, or by the regulation as its legislation.
"""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.common.namespaces import DCAT, DCATAP, DCT, FOAF
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import finding
from transfergraph.dcat.shared_nodes import HIGH_VALUE_REGULATION
from transfergraph.findings import Finding, Severity

_CATEGORIES = read_codes().tables["high-value-category"].prefix
_V, _W = Severity.VIOLATION, Severity.WARNING
_CATEGORY, _LAW = DCATAP + "hvdCategory", DCATAP + "applicableLegislation"


def check_high_value(index: CatalogueIndex) -> Iterator[Finding]:
    """What high-value datasets, their distributions and their interfaces lack."""
    for dataset in index.datasets():
        if index.values(dataset, _CATEGORY) or _names_the_regulation(index, dataset):
            yield from _check_dataset(index, dataset)


def _names_the_regulation(index: CatalogueIndex, node: Node) -> bool:
    return any(law.value == HIGH_VALUE_REGULATION for law in index.nodes(node, _LAW))


def _check_dataset(index: CatalogueIndex, dataset: Node) -> Iterator[Finding]:
    categories = index.values(dataset, _CATEGORY)
    if not categories:
        yield finding(index, "catalogue.hvd-category", _V, dataset, _CATEGORY)
    for category in categories:
        if not category.value.startswith(_CATEGORIES):
            yield finding(index, "catalogue.hvd-unknown-category", _V, dataset, _CATEGORY, category)
    distributions = index.nodes(dataset, DCAT + "distribution")
    services = _services(index, dataset, distributions)
    for node in (dataset, *distributions, *services):
        if not _names_the_regulation(index, node):
            yield finding(index, "catalogue.hvd-legislation", _V, node, _LAW)
    if not services:
        yield finding(index, "catalogue.hvd-api", _W, dataset, DCAT + "servesDataset")
    for service in services:
        if not (index.values(service, DCT + "license") or index.values(service, DCT + "rights")):
            yield finding(index, "catalogue.hvd-service", _V, service, DCT + "license")
        if not index.values(service, DCAT + "contactPoint"):
            yield finding(index, "catalogue.hvd-service", _V, service, DCAT + "contactPoint")
        described = (FOAF + "page", DCAT + "endpointDescription")
        if not any(index.values(service, path) for path in described):
            yield finding(index, "catalogue.hvd-service", _V, service, FOAF + "page")


def _services(index: CatalogueIndex, dataset: Node, distributions: list[Node]) -> list[Node]:
    serving = [
        service
        for service in index.instances(DCAT + "DataService")
        if dataset in index.nodes(service, DCAT + "servesDataset")
    ]
    reached = [node for one in distributions for node in index.nodes(one, DCAT + "accessService")]
    return list(dict.fromkeys([*serving, *reached]))
