"""The method of data.europa.eu since September 2026 (metricsVersion 2.0.0): 7.5 points in four dimensions.

The score of a dataset is the mean of two groups, the dataset itself and the mean of its distributions; of
data services the metrics are not published, so they are left out. Weights and dimensions are those of the
answers that the programming interface of the portal gives.
"""

from __future__ import annotations

from transfergraph.common.namespaces import ADMS, DCAT, DCATAP, DCT, FOAF
from transfergraph.config.code_tables import Codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.fetch import Reach
from transfergraph.dcat.evaluate.mqa import answers, from_table, known_licence, of_kind
from transfergraph.dcat.evaluate.score import Dimension, Metric, MetricResult, Score, Weighted, total

_F, _A, _I, _R, _ = Dimension

MOST = 7.5
BANDS = ((5.0, "excellent"), (2.5, "good"), (0.0, "sufficient"))

DATASET: tuple[Metric, ...] = (
    Metric("dataset-title", _F, 1, DCT + "title"),
    Metric("dataset-description", _F, 1, DCT + "description"),
    Metric("dataset-spatial", _F, 0.5, DCT + "spatial"),
    Metric("dataset-temporal", _F, 0.5, DCT + "temporal"),
    Metric("dataset-theme", _F, 0.5, DCAT + "theme"),
    Metric("dataset-keyword", _F, 0.5, DCAT + "keyword"),
    Metric("dataset-contactPoint", _R, 0.5, DCAT + "contactPoint"),
    Metric("dataset-publisher", _R, 0.5, DCT + "publisher"),
    Metric("dataset-issued", _F, 0.25, DCT + "issued"),
    Metric("dataset-modified", _F, 0.25, DCT + "modified"),
    Metric("dataset-relation", _F, 0.25, DCT + "relation"),
    Metric("dataset-applicableLegislation", _F, 0.25, DCATAP + "applicableLegislation"),
    Metric("dataset-identifier", _A, 0.25, DCT + "identifier"),
    Metric("dataset-admsIdentifier", _A, 0.25, ADMS + "identifier"),
    Metric("dataset-landingPage", _A, 0.25, DCAT + "landingPage"),
    Metric("dataset-provenance", _R, 0.25, DCT + "provenance"),
    Metric("dataset-accessRights", _R, 0.25, DCT + "accessRights"),
)
DATASET_RIGHTS_CODE = Metric("dataset-accessRights-vocabulary", _R, 0.25, DCT + "accessRights")

DISTRIBUTION: tuple[Metric, ...] = (
    Metric("distribution-accessURL", _A, 1, DCAT + "accessURL"),
    Metric("distribution-description", _F, 0.5, DCT + "description"),
    Metric("distribution-format", _A, 0.5, DCT + "format"),
    Metric("distribution-licence", _R, 0.5, DCT + "license"),
    Metric("distribution-downloadURL", _A, 0.25, DCAT + "downloadURL"),
    Metric("distribution-mediaType", _A, 0.25, DCAT + "mediaType"),
    Metric("distribution-byteSize", _A, 0.25, DCAT + "byteSize"),
    Metric("distribution-title", _F, 0.25, DCT + "title"),
    Metric("distribution-issued", _F, 0.25, DCT + "issued"),
    Metric("distribution-modified", _F, 0.25, DCT + "modified"),
    Metric("distribution-rights", _R, 0.25, DCT + "rights"),
    Metric("distribution-page", _R, 0.25, FOAF + "page"),
    Metric("distribution-status", _R, 0.25, ADMS + "status"),
)
FORMAT_CODE = Metric("distribution-format-vocabulary", _I, 0.5, DCT + "format")
MACHINE_READABLE = Metric("distribution-machine-readable", _I, 0.5, DCT + "format", "machine-readable")
NON_PROPRIETARY = Metric("distribution-non-proprietary", _I, 0.5, DCT + "format", "non-proprietary")
KNOWN_LICENCE = Metric("distribution-known-licence", _R, 0.5, DCT + "license", "known-licence")
ACCESS_STATUS = Metric("distribution-accessURL-status", _A, 0.25, DCAT + "accessURL", "status")
DOWNLOAD_STATUS = Metric("distribution-downloadURL-status", _A, 0.25, DCAT + "downloadURL", "status")
MEDIA_TYPE_CODE = Metric("distribution-mediaType-vocabulary", _I, 0.25, DCAT + "mediaType")


def fair_metrics(index: CatalogueIndex, codes: Codes, reach: Reach) -> Score:
    """The score of the catalogue: the mean of its datasets."""
    datasets = index.datasets()
    marks: list[Weighted] = []
    for dataset in datasets:
        distributions = index.nodes(dataset, DCAT + "distribution")
        share = 1 / len(datasets) / (2 if distributions else 1)
        marks += [(mark, share, index.label(dataset)) for mark in _dataset_marks(index, codes, dataset)]
        for node in distributions:
            found = _distribution_marks(index, codes, reach, node)
            marks += [(mark, share / len(distributions), index.label(node)) for mark in found]
    return total("7.5", marks, len(datasets), BANDS)


def _dataset_marks(index: CatalogueIndex, codes: Codes, dataset: Node) -> list[MetricResult]:
    marks = [MetricResult(metric, bool(index.values(dataset, metric.path))) for metric in DATASET]
    known = from_table(index, codes, dataset, DCT + "accessRights", "access-right")
    return [*marks, MetricResult(DATASET_RIGHTS_CODE, known)]


def _distribution_marks(index: CatalogueIndex, codes: Codes, reach: Reach, node: Node) -> list[MetricResult]:
    marks = [MetricResult(metric, bool(index.values(node, metric.path))) for metric in DISTRIBUTION]
    return [
        *marks,
        MetricResult(FORMAT_CODE, from_table(index, codes, node, DCT + "format", "file-type")),
        MetricResult(MACHINE_READABLE, of_kind(index, codes, node, codes.machine_readable)),
        MetricResult(NON_PROPRIETARY, of_kind(index, codes, node, codes.non_proprietary)),
        MetricResult(KNOWN_LICENCE, known_licence(index, codes, node)),
        MetricResult(ACCESS_STATUS, answers(index, reach, node, DCAT + "accessURL")),
        MetricResult(DOWNLOAD_STATUS, answers(index, reach, node, DCAT + "downloadURL")),
        MetricResult(MEDIA_TYPE_CODE, from_table(index, codes, node, DCAT + "mediaType", "media-type")),
    ]
