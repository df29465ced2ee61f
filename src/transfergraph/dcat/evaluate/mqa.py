"""The older method of data.europa.eu: 405 points in five dimensions for each dataset.

A dataset gets the points of its own metadata and those of its best distribution; the catalogue gets the
mean of its datasets. Weights are those of the piveau metrics vocabulary.
"""

from __future__ import annotations

from collections.abc import Collection

from transfergraph.common.namespaces import DCAT, DCT
from transfergraph.config.code_tables import GERMAN_LICENCES, Codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.code_lists import in_table
from transfergraph.dcat.evaluate.fetch import Reach
from transfergraph.dcat.evaluate.score import Dimension, Metric, MetricResult, Score, Weighted, total

_F, _A, _I, _R, _C = Dimension

KEYWORD = Metric("keyword", _F, 30, DCAT + "keyword")
THEME = Metric("theme", _F, 30, DCAT + "theme")
SPATIAL = Metric("spatial", _F, 20, DCT + "spatial")
TEMPORAL = Metric("temporal", _F, 20, DCT + "temporal")
ACCESS_STATUS = Metric("accessURL-status", _A, 50, DCAT + "accessURL", "status")
DOWNLOAD = Metric("downloadURL", _A, 20, DCAT + "downloadURL")
DOWNLOAD_STATUS = Metric("downloadURL-status", _A, 30, DCAT + "downloadURL", "status")
FORMAT = Metric("format", _I, 20, DCT + "format")
MEDIA_TYPE = Metric("mediaType", _I, 10, DCAT + "mediaType")
VOCABULARY = Metric("format-vocabulary", _I, 10, DCT + "format", "vocabulary")
NON_PROPRIETARY = Metric("non-proprietary", _I, 20, DCT + "format", "non-proprietary")
MACHINE_READABLE = Metric("machine-readable", _I, 20, DCT + "format", "machine-readable")
COMPLIANCE = Metric("compliance", _I, 30, "", "compliance")
LICENCE = Metric("licence", _R, 20, DCT + "license")
KNOWN_LICENCE = Metric("known-licence", _R, 10, DCT + "license", "known-licence")
ACCESS_RIGHTS = Metric("accessRights", _R, 10, DCT + "accessRights")
ACCESS_RIGHTS_CODE = Metric("accessRights-vocabulary", _R, 5, DCT + "accessRights")
CONTACT = Metric("contactPoint", _R, 20, DCAT + "contactPoint")
PUBLISHER = Metric("publisher", _R, 10, DCT + "publisher")
RIGHTS = Metric("rights", _C, 5, DCT + "rights")
BYTE_SIZE = Metric("byteSize", _C, 5, DCAT + "byteSize")
ISSUED = Metric("issued", _C, 5, DCT + "issued")
MODIFIED = Metric("modified", _C, 5, DCT + "modified")

MOST = 405
BANDS = ((350.5, "excellent"), (220.5, "good"), (119.5, "sufficient"), (0.0, "bad"))


def mqa_score(index: CatalogueIndex, codes: Codes, reach: Reach, at_fault: Collection[Node]) -> Score:
    """The score of the catalogue; ``at_fault`` are the nodes that violate DCAT-AP."""
    datasets = index.datasets()
    marks: list[Weighted] = []
    for dataset in datasets:
        share = 1 / len(datasets)
        compliant = not index.reachable(dataset) & set(at_fault)
        marks += [
            (mark, share, index.label(dataset))
            for mark in _dataset_marks(index, codes, reach, dataset, compliant)
        ]
    return total("405", marks, len(datasets), BANDS)


def _dataset_marks(
    index: CatalogueIndex, codes: Codes, reach: Reach, dataset: Node, compliant: bool
) -> list[MetricResult]:
    def has(path: str) -> bool:
        return bool(index.values(dataset, path))

    own = [MetricResult(metric, has(metric.path)) for metric in (KEYWORD, THEME, SPATIAL, TEMPORAL)]
    own += [MetricResult(metric, has(metric.path)) for metric in (ACCESS_RIGHTS, CONTACT, PUBLISHER)]
    own.append(
        MetricResult(
            ACCESS_RIGHTS_CODE, from_table(index, codes, dataset, DCT + "accessRights", "access-right")
        )
    )
    own.append(MetricResult(COMPLIANCE, compliant))
    distributions = index.nodes(dataset, DCAT + "distribution")
    candidates = [distribution_marks(index, codes, reach, node) for node in distributions]
    best = max(candidates or [_nothing()], key=lambda marks: sum(mark.points for mark in marks))
    dated = [
        MetricResult(
            metric, has(metric.path) or any(index.values(node, metric.path) for node in distributions)
        )
        for metric in (ISSUED, MODIFIED)
    ]
    return [*own, *best, *dated]


def distribution_marks(index: CatalogueIndex, codes: Codes, reach: Reach, node: Node) -> list[MetricResult]:
    """The marks of one distribution."""

    def has(path: str) -> bool:
        return bool(index.values(node, path))

    known_format = from_table(index, codes, node, DCT + "format", "file-type")
    known_type = from_table(index, codes, node, DCAT + "mediaType", "media-type")
    return [
        MetricResult(ACCESS_STATUS, answers(index, reach, node, DCAT + "accessURL")),
        MetricResult(DOWNLOAD, has(DCAT + "downloadURL")),
        MetricResult(DOWNLOAD_STATUS, answers(index, reach, node, DCAT + "downloadURL")),
        MetricResult(FORMAT, has(DCT + "format")),
        MetricResult(MEDIA_TYPE, has(DCAT + "mediaType")),
        MetricResult(VOCABULARY, known_format and known_type),
        MetricResult(NON_PROPRIETARY, of_kind(index, codes, node, codes.non_proprietary)),
        MetricResult(MACHINE_READABLE, of_kind(index, codes, node, codes.machine_readable)),
        MetricResult(LICENCE, has(DCT + "license")),
        MetricResult(KNOWN_LICENCE, known_licence(index, codes, node)),
        MetricResult(RIGHTS, has(DCT + "rights")),
        MetricResult(BYTE_SIZE, has(DCAT + "byteSize")),
    ]


def _nothing() -> list[MetricResult]:
    metrics = (
        ACCESS_STATUS, DOWNLOAD, DOWNLOAD_STATUS, FORMAT, MEDIA_TYPE, VOCABULARY, NON_PROPRIETARY,
        MACHINE_READABLE, LICENCE, KNOWN_LICENCE, RIGHTS, BYTE_SIZE,
    )  # fmt: skip
    return [MetricResult(metric, False) for metric in metrics]


def answers(index: CatalogueIndex, reach: Reach, node: Node, path: str) -> bool | None:
    """Whether an address answers with 200 to 299; None when it was not tried, False when there is none."""
    urls = index.nodes(node, path)
    if not urls:
        return False
    found = [reach(url.value) for url in urls]
    if any(answer.is_there for answer in found):
        return True
    return False if all(answer.tried for answer in found) else None


def from_table(index: CatalogueIndex, codes: Codes, node: Node, path: str, table: str) -> bool:
    """Whether the property has a value of that code table."""
    return any(in_table(value.value, codes.tables[table]) for value in index.values(node, path))


def of_kind(index: CatalogueIndex, codes: Codes, node: Node, wanted: Collection[str]) -> bool:
    """Whether the format is one of these file types."""
    prefix = codes.tables["file-type"].prefix
    return any(v.value.removeprefix(prefix) in wanted for v in index.values(node, DCT + "format"))


def known_licence(index: CatalogueIndex, codes: Codes, node: Node) -> bool:
    """Whether the licence is in the EU table, in the German list, or the ``https`` page of one of them."""
    return any(_is_known(value.value, codes) for value in index.nodes(node, DCT + "license"))


def _is_known(iri: str, codes: Codes) -> bool:
    pages = {licence.address.rstrip("/") for licence in codes.licences.values()}
    creative_commons = "https://creativecommons.org/licenses/", "https://creativecommons.org/publicdomain/"
    return (
        iri in codes.tables["licence"]
        or iri.startswith(f"{GERMAN_LICENCES}/")
        or iri.rstrip("/") in pages
        or iri.startswith(creative_commons)
    )
