"""What the metadata-quality points of data.europa.eu are made of, for both of its methods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Dimension(Enum):
    """The dimensions of the points; the second method has the first four (FAIR)."""

    FINDABILITY = "findability"
    ACCESSIBILITY = "accessibility"
    INTEROPERABILITY = "interoperability"
    REUSABILITY = "reusability"
    CONTEXTUALITY = "contextuality"


@dataclass(frozen=True, slots=True)
class Metric:
    """One thing that gives points.

    ``path`` is the IRI of the property concerned; ``advice`` the last part of the key of the text that says
    what to do, empty where the text for the property says it.
    """

    name: str
    dimension: Dimension
    weight: float
    path: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class MetricResult:
    """What one node got for one metric: None when it could not be tested, and so counts as nothing."""

    metric: Metric
    got: bool | None

    @property
    def points(self) -> float:
        """The weight, or 0."""
        return self.metric.weight if self.got else 0.0


@dataclass(frozen=True, slots=True)
class MissingPoints:
    """What is missing: how many points the score of the catalogue would rise, and at how many nodes.

    ``untested`` counts the nodes where it was not tested, for example because no address was tried.
    """

    metric: Metric
    points: float
    nodes: int
    untested: int


@dataclass(frozen=True, slots=True)
class Score:
    """The points of a catalogue by one method: the mean of its datasets.

    ``dimensions`` maps a dimension to the points got and the most there are; ``gains`` come with the
    largest first. ``datasets`` is how many datasets were judged.
    """

    method: str
    points: float
    most: float
    band: str
    dimensions: Mapping[Dimension, tuple[float, float]]
    gains: tuple[MissingPoints, ...]
    datasets: int


Weighted = tuple[MetricResult, float, str]
"""A mark, the share of the catalogue's score that its points have, and the node that got it."""


def total(method: str, marks: Sequence[Weighted], datasets: int, bands: Iterable[tuple[float, str]]) -> Score:
    """Add up weighted marks; ``bands`` are the least points of each band, the best first."""
    got: dict[Dimension, float] = {}
    most: dict[Dimension, float] = {}
    lost: dict[Metric, list[tuple[float, bool]]] = {}
    for mark, share, _ in marks:
        dimension = mark.metric.dimension
        got[dimension] = got.get(dimension, 0.0) + mark.points * share
        most[dimension] = most.get(dimension, 0.0) + mark.metric.weight * share
        if not mark.got:
            lost.setdefault(mark.metric, []).append((mark.metric.weight * share, mark.got is None))
    gains = [
        MissingPoints(metric, sum(p for p, _ in found), len(found), sum(untested for _, untested in found))
        for metric, found in lost.items()
    ]
    points = round(sum(got.values()), 6)
    return Score(
        method=method,
        points=points,
        most=round(sum(most.values()), 6),
        band=next(name for least, name in bands if points >= least),
        dimensions={d: (round(got[d], 6), round(most[d], 6)) for d in Dimension if d in most},
        gains=tuple(sorted(gains, key=lambda gain: (-round(gain.points, 6), gain.metric.name))),
        datasets=datasets,
    )
