"""The method of data.europa.eu since September 2026 (metricsVersion 2.0.0): 7.5 points in four dimensions.

The score of a dataset is the mean of two groups, the dataset itself and the mean of its distributions; of
data services the metrics are not published, so they are left out. Weights and dimensions are those of the
answers that the programming interface of the portal gives.
"""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.common.namespaces import ADMS, DCAT, DCATAP, DCT, FOAF
from transfergraph.dcat.evaluate.mqa import (
    answers,
    has_known_licence,
    in_list,
    is_machine_readable,
    is_non_proprietary,
)
from transfergraph.dcat.evaluate.score import (
    Dimension,
    EvaluatedCatalogue,
    Metric,
    MetricResult,
    Score,
    total,
)

_F, _A, _I, _R, _ = Dimension

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
    Metric("dataset-accessRights-vocabulary", _R, 0.25, DCT + "accessRights", test=in_list("access-right")),
)
_FORMAT, _LICENCE, _MEDIA_TYPE = DCT + "format", DCT + "license", DCAT + "mediaType"
DISTRIBUTION: tuple[Metric, ...] = (
    Metric("distribution-accessURL", _A, 1, DCAT + "accessURL"),
    Metric("distribution-description", _F, 0.5, DCT + "description"),
    Metric("distribution-format", _A, 0.5, _FORMAT),
    Metric("distribution-licence", _R, 0.5, _LICENCE),
    Metric("distribution-downloadURL", _A, 0.25, DCAT + "downloadURL"),
    Metric("distribution-mediaType", _A, 0.25, _MEDIA_TYPE),
    Metric("distribution-byteSize", _A, 0.25, DCAT + "byteSize"),
    Metric("distribution-title", _F, 0.25, DCT + "title"),
    Metric("distribution-issued", _F, 0.25, DCT + "issued"),
    Metric("distribution-modified", _F, 0.25, DCT + "modified"),
    Metric("distribution-rights", _R, 0.25, DCT + "rights"),
    Metric("distribution-page", _R, 0.25, FOAF + "page"),
    Metric("distribution-status", _R, 0.25, ADMS + "status"),
    Metric("distribution-format-vocabulary", _I, 0.5, _FORMAT, test=in_list("file-type")),
    Metric("distribution-machine-readable", _I, 0.5, _FORMAT, "machine-readable", is_machine_readable),
    Metric("distribution-non-proprietary", _I, 0.5, _FORMAT, "non-proprietary", is_non_proprietary),
    Metric("distribution-known-licence", _R, 0.5, _LICENCE, "known-licence", has_known_licence),
    Metric("distribution-accessURL-status", _A, 0.25, DCAT + "accessURL", "status", answers),
    Metric("distribution-downloadURL-status", _A, 0.25, DCAT + "downloadURL", "status", answers),
    Metric("distribution-mediaType-vocabulary", _I, 0.25, _MEDIA_TYPE, test=in_list("media-type")),
)


def fair_score(catalogue: EvaluatedCatalogue) -> Score:
    """The score of the catalogue: the mean of its datasets."""
    return total("7.5", _results(catalogue), len(catalogue.index.datasets()), BANDS)


def _results(catalogue: EvaluatedCatalogue) -> Iterator[tuple[MetricResult, float]]:
    datasets = catalogue.index.datasets()
    for dataset in datasets:
        distributions = catalogue.distributions(dataset)
        share = 1 / len(datasets) / (2 if distributions else 1)
        yield from ((result, share) for result in catalogue.measure(DATASET, dataset))
        for node in distributions:
            measured = catalogue.measure(DISTRIBUTION, node)
            yield from ((result, share / len(distributions)) for result in measured)
