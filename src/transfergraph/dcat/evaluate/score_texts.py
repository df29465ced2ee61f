"""The points of a catalogue in words: how many, in which dimension, and what to do for the next ones."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from transfergraph.dcat.evaluate.catalogue_findings import short, what_to_state
from transfergraph.dcat.evaluate.evaluation import Evaluation
from transfergraph.dcat.evaluate.score import MissingPoints, Score
from transfergraph.messages import number, text

SHOWN = 10
"""How many of the largest possible gains are told."""


def points_in_words(judgement: Evaluation, language: str) -> str:
    """Both scores on several lines, in ``"de"`` or ``"en"``, ending with a line break."""
    lines = [line for score in (judgement.points, judgement.fair) for line in _lines(score, language)]
    return "\n".join(lines) + "\n"


def _lines(score: Score, language: str) -> Iterator[str]:
    datasets = text("points.datasets", language, count=score.datasets)
    yield f"{text(f'points.{score.method}', language)} ({datasets})"
    band = text(f"points.{score.band}", language)
    points, most = _number(score.points, language), _number(score.most, language)
    yield f"  {text('points.sum', language, points=points, most=most, band=band)}"
    for dimension, (got, possible) in score.dimensions.items():
        part = text(
            "points.part",
            language,
            dimension=text(f"points.{dimension.value}", language),
            points=_number(got, language),
            most=_number(possible, language),
        )
        yield f"    {part}"
    if not score.gains:
        yield f"  {text('points.all', language)}"
        return
    yield f"  {text('points.next', language)}"
    for gain in score.gains[:SHOWN]:
        told = text(
            "points.gain",
            language,
            points=_number(gain.points, language),
            metric=short(gain.metric.path) or gain.metric.name,
            nodes=gain.nodes,
        )
        yield f"    {told} {advice_for(gain, language)}"


def advice_for(gain: MissingPoints, language: str) -> str:
    """What to do to get the points of a gain."""
    if gain.untested == gain.nodes:
        return text("points.untested", language)
    if gain.metric.advice:
        return text(f"points.do.{gain.metric.advice}", language)
    state = what_to_state(short(gain.metric.path))
    return text(state or "points.do.compliance", language)


def _number(value: float, language: str) -> str:
    """At most three decimals, with the decimal sign of the language."""
    return number(Decimal(f"{value:.3f}"), language, ".###")
