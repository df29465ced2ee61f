"""Scores of metadata quality: metrics, the points of a catalogue in each dimension, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from transfergraph.common.namespaces import DCAT
from transfergraph.config.code_tables import Codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import short, what_to_state
from transfergraph.dcat.evaluate.fetch import Fetch
from transfergraph.messages import complete_languages, number, text

SHOWN = 10
"""How many metrics with missing points the text of a score lists."""


class Dimension(Enum):
    """The dimensions of the scores; the second method has the first four (FAIR)."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"


@dataclass(frozen=True, slots=True)
class EvaluatedCatalogue:
    """What metrics are measured on.

    ``ask`` asks an address itself, and never a copy of what lies there; ``invalid`` are the nodes that
    violate DCAT-AP.
    """

    index: CatalogueIndex
    codes: Codes
    ask: Fetch
    invalid: Set[Node]

    def states(self, node: Node, path: str) -> bool:
        """Whether the node has a value of that property."""
        return bool(self.index.values(node, path))

    def distributions(self, dataset: Node) -> list[Node]:
        """The distributions of a dataset."""
        return self.index.nodes(dataset, DCAT + "distribution")

    def measure(self, metrics: Iterable[Metric], node: Node) -> list[MetricResult]:
        """The result of the node for each metric."""
        return [MetricResult(metric, metric.test(self, node, metric.path)) for metric in metrics]


@dataclass(frozen=True, slots=True)
class Metric:
    """One criterion that gives points.

    ``path`` is the IRI of the property concerned; ``advice`` the last part of the key of the text that says
    what to do, empty where the text for the property says it; ``test`` whether a node has the points, None
    when that could not be tested.
    """

    name: str
    dimension: Dimension
    weight: float
    path: str
    advice: str = ""
    test: Callable[[EvaluatedCatalogue, Node, str], bool | None] = EvaluatedCatalogue.states


@dataclass(frozen=True, slots=True)
class MetricResult:
    """Whether one node has the points of one metric: None when it could not be tested, and so has none."""

    metric: Metric
    passed: bool | None

    @property
    def points(self) -> float:
        """The weight, or 0."""
        return self.metric.weight if self.passed else 0.0

    @property
    def possible(self) -> float:
        """The weight where the node has it, or could have it."""
        return 0.0 if self.passed is False else self.metric.weight


@dataclass(frozen=True, slots=True)
class MissingPoints:
    """What a metric would add to the score of the catalogue, and at how many nodes it is not met.

    ``untested`` counts the nodes where it was not tested, for example because no address was tried.
    """

    metric: Metric
    points: float
    nodes: int
    untested: int

    def advice(self, language: str) -> str:
        """What to do to get the points."""
        if self.untested == self.nodes:
            return text("points.untested", language)
        if self.metric.advice:
            return text(f"points.do.{self.metric.advice}", language)
        return text(what_to_state(short(self.metric.path)) or "points.do.compliance", language)


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a catalogue by one method: the mean of its datasets.

    ``points`` are those that are certain, ``possible`` those with all that could not be tested.
    ``dimensions`` maps a dimension to its points and the most there are; ``missing`` has the metric with
    the most missing points first. ``datasets`` is how many datasets were evaluated.
    """

    method: str
    points: float
    possible: float
    most: float
    band: str
    dimensions: Mapping[Dimension, tuple[float, float]]
    missing: tuple[MissingPoints, ...]
    datasets: int

    def to_lines(self, language: str) -> Iterator[str]:
        """The score in a language: points, dimensions, and what to do for the next points."""
        datasets = text("points.datasets", language, count=self.datasets)
        yield f"{text(f'points.{self.method}', language)} ({datasets})"
        sums = {"points": _number(self.points, language), "most": _number(self.most, language)}
        band = text(f"points.{self.band}", language)
        if self.possible > self.points:
            could = _number(self.possible, language)
            yield f"  {text('points.range', language, **sums, possible=could, band=band)}"
        else:
            yield f"  {text('points.sum', language, **sums, band=band)}"
        for dimension, (points, most) in self.dimensions.items():
            sums = {"points": _number(points, language), "most": _number(most, language)}
            name = text(f"points.{dimension.value}", language)
            yield f"    {text('points.part', language, dimension=name, **sums)}"
        yield f"  {text('points.next' if self.missing else 'points.all', language)}"
        for one in self.missing[:SHOWN]:
            metric, points_text = short(one.metric.path) or one.metric.name, _number(one.points, language)
            line = text("points.gain", language, points=points_text, metric=metric, nodes=one.nodes)
            yield f"    {line} {one.advice(language)}"

    def to_json(self) -> dict[str, object]:
        """The score for programs; every metric with missing points is under ``gains``."""
        return {
            "method": self.method,
            "points": self.points,
            "possible": self.possible,
            "most": self.most,
            "band": self.band,
            "datasets": self.datasets,
            "dimensions": {
                dimension.value: {"points": points, "most": most}
                for dimension, (points, most) in self.dimensions.items()
            },
            "gains": [
                {
                    "metric": one.metric.name,
                    "property": short(one.metric.path),
                    "points": round(one.points, 6),
                    "nodes": one.nodes,
                    "untested": one.untested,
                    "advice": {language: one.advice(language) for language in complete_languages()},
                }
                for one in self.missing
            ],
        }


@dataclass(slots=True)
class _Lost:
    """What a metric would add, at how many nodes it is not met, and at how many of them not tested."""

    points: float = 0.0
    nodes: int = 0
    untested: int = 0

    def add(self, points: float, untested: bool) -> None:
        self.points += points
        self.nodes += 1
        self.untested += untested


def total(
    method: str,
    results: Iterable[tuple[MetricResult, float]],
    datasets: int,
    bands: Iterable[tuple[float, str]],
) -> Score:
    """Add up results, each with the share of the catalogue's score that its points have.

    ``bands`` are the least points of each band, the best first.
    """
    sums: dict[Dimension, float] = {}
    most: dict[Dimension, float] = {}
    lost: dict[str, tuple[Metric, _Lost]] = {}
    possible = 0.0
    for result, share in results:
        metric, dimension = result.metric, result.metric.dimension
        sums[dimension] = sums.get(dimension, 0.0) + result.points * share
        most[dimension] = most.get(dimension, 0.0) + metric.weight * share
        possible += result.possible * share
        if not result.passed:
            _, found = lost.setdefault(metric.name, (metric, _Lost()))
            found.add(metric.weight * share, result.passed is None)
    missing = [MissingPoints(one, sum_.points, sum_.nodes, sum_.untested) for one, sum_ in lost.values()]
    points = round(sum(sums.values()), 6)
    return Score(
        method=method,
        points=points,
        possible=round(possible, 6),
        most=round(sum(most.values()), 6),
        band=next(name for least, name in bands if points >= least),
        dimensions={d: (round(sums[d], 6), round(most[d], 6)) for d in Dimension if d in most},
        missing=tuple(sorted(missing, key=lambda one: (-round(one.points, 6), one.metric.name))),
        datasets=datasets,
    )


def _number(value: float, language: str) -> str:
    """At most three decimals, with the decimal sign of the language."""
    return number(Decimal(f"{value:.3f}"), language, ".###")
