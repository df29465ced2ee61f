"""The older method of data.europa.eu: 405 points in five dimensions for each dataset.

A dataset gets the points of its own metadata and those of its best distribution; the catalogue gets the
mean of its datasets. Weights are those of the piveau metrics vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT
from transfergraph.config.code_tables import GERMAN_LICENCES, Codes
from transfergraph.dcat.catalogue_index import Node
from transfergraph.dcat.evaluate.code_lists import in_table
from transfergraph.dcat.evaluate.score import (
    Dimension,
    EvaluatedCatalogue,
    Metric,
    MetricResult,
    Score,
    total,
)

BANDS = ((350.5, "excellent"), (220.5, "good"), (119.5, "sufficient"), (0.0, "bad"))


def answers(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool | None:
    """Whether an address answers with 200 to 299; None when it was not asked, False when there is none."""
    found = [catalogue.ask(url.value) for url in catalogue.index.nodes(node, path)]
    if any(answer.is_there for answer in found):
        return True
    return False if all(answer.tried for answer in found) else None


def in_list(table: str) -> Callable[[EvaluatedCatalogue, Node, str], bool]:
    """Whether a property has a value of that code table."""

    def test(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
        codes = catalogue.codes.tables[table]
        return any(
            in_table(value.value, codes)
            for value in catalogue.index.values(node, path)
            if isinstance(value, ox.NamedNode)  # a text is no code
        )

    return test


def is_machine_readable(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
    """Whether the format is one that programs read."""
    return _file_types(catalogue, node, path) & catalogue.codes.machine_readable != set()


def is_non_proprietary(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
    """Whether the format belongs to no vendor."""
    return _file_types(catalogue, node, path) & catalogue.codes.non_proprietary != set()


def has_known_licence(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
    """Whether the licence is in the EU table, in the German list, or the ``https`` page of one of them."""
    return any(_is_known(value.value, catalogue.codes) for value in catalogue.index.nodes(node, path))


def _file_types(catalogue: EvaluatedCatalogue, node: Node, path: str) -> set[str]:
    prefix = catalogue.codes.tables["file-type"].prefix
    found = catalogue.index.nodes(node, path)
    return {value.value.removeprefix(prefix) for value in found if value.value.startswith(prefix)}


def _is_known(iri: str, codes: Codes) -> bool:
    pages = {licence.address.rstrip("/") for licence in codes.licences.values()}
    creative_commons = "https://creativecommons.org/licenses/", "https://creativecommons.org/publicdomain/"
    return (
        iri in codes.tables["licence"]
        or iri.startswith(f"{GERMAN_LICENCES}/")
        or iri.rstrip("/") in pages
        or iri.startswith(creative_commons)
    )


def _uses_known_formats(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
    """Whether both the format and the media type are in their lists."""
    media_type = in_list("media-type")(catalogue, node, DCAT + "mediaType")
    return media_type and in_list("file-type")(catalogue, node, path)


def _complies(catalogue: EvaluatedCatalogue, node: Node, _: str) -> bool:
    """Whether neither the dataset nor what describes it violates DCAT-AP."""
    return catalogue.invalid.isdisjoint(catalogue.index.reachable(node))


def _is_dated(catalogue: EvaluatedCatalogue, node: Node, path: str) -> bool:
    """Whether the dataset or one of its distributions has that date."""
    return any(catalogue.states(one, path) for one in (node, *catalogue.distributions(node)))


_F, _A, _I, _R, _C = Dimension

DATASET: tuple[Metric, ...] = (
    Metric("keyword", _F, 30, DCAT + "keyword"),
    Metric("theme", _F, 30, DCAT + "theme"),
    Metric("spatial", _F, 20, DCT + "spatial"),
    Metric("temporal", _F, 20, DCT + "temporal"),
    Metric("compliance", _I, 30, "", "compliance", _complies),
    Metric("accessRights", _R, 10, DCT + "accessRights"),
    Metric("accessRights-vocabulary", _R, 5, DCT + "accessRights", test=in_list("access-right")),
    Metric("contactPoint", _R, 20, DCAT + "contactPoint"),
    Metric("publisher", _R, 10, DCT + "publisher"),
    Metric("issued", _C, 5, DCT + "issued", test=_is_dated),
    Metric("modified", _C, 5, DCT + "modified", test=_is_dated),
)
DISTRIBUTION: tuple[Metric, ...] = (
    Metric("accessURL-status", _A, 50, DCAT + "accessURL", "status", answers),
    Metric("downloadURL", _A, 20, DCAT + "downloadURL"),
    Metric("downloadURL-status", _A, 30, DCAT + "downloadURL", "status", answers),
    Metric("format", _I, 20, DCT + "format"),
    Metric("mediaType", _I, 10, DCAT + "mediaType"),
    Metric("format-vocabulary", _I, 10, DCT + "format", "vocabulary", _uses_known_formats),
    Metric("non-proprietary", _I, 20, DCT + "format", "non-proprietary", is_non_proprietary),
    Metric("machine-readable", _I, 20, DCT + "format", "machine-readable", is_machine_readable),
    Metric("licence", _R, 20, DCT + "license"),
    Metric("known-licence", _R, 10, DCT + "license", "known-licence", has_known_licence),
    Metric("rights", _C, 5, DCT + "rights"),
    Metric("byteSize", _C, 5, DCAT + "byteSize"),
)


def mqa_score(catalogue: EvaluatedCatalogue) -> Score:
    """The score of the catalogue: the mean of its datasets.

    Of each dataset the distribution with the most points counts; for what is possible, that which could have
    most.
    """
    measured = [_measured(catalogue, dataset) for dataset in catalogue.index.datasets()]
    certain, possible = (
        total("405", _shared(measured, attribute), len(measured), BANDS)
        for attribute in ("points", "possible")
    )
    return replace(certain, possible=possible.possible)


class _Measured(NamedTuple):
    """The results of a dataset, and those of each of its distributions."""

    own: list[MetricResult]
    distributions: list[list[MetricResult]]


def _measured(catalogue: EvaluatedCatalogue, dataset: Node) -> _Measured:
    distributions = [catalogue.measure(DISTRIBUTION, node) for node in catalogue.distributions(dataset)]
    none = [MetricResult(metric, False) for metric in DISTRIBUTION]
    return _Measured(catalogue.measure(DATASET, dataset), distributions or [none])


def _shared(measured: Sequence[_Measured], counted: str) -> Iterator[tuple[MetricResult, float]]:
    """The results of each dataset with those of the distribution that has most of what is counted."""
    for own, distributions in measured:
        best = max(distributions, key=lambda results: sum(getattr(one, counted) for one in results))
        yield from ((result, 1 / len(measured)) for result in (*own, *best))
