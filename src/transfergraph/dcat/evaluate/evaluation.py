"""The judgement of a catalogue, ours or another's: profiles, codes, pitfalls, truth of the files, points."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import pyoxigraph as ox

from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.code_lists import check_codes
from transfergraph.dcat.evaluate.distribution_checks import check_files
from transfergraph.dcat.evaluate.fair_metrics import fair_metrics
from transfergraph.dcat.evaluate.fetch import Reach, nowhere
from transfergraph.dcat.evaluate.harvesting_checks import check_pitfalls
from transfergraph.dcat.evaluate.mqa import mqa_score
from transfergraph.dcat.evaluate.profiles import check_shapes, profile_of
from transfergraph.dcat.evaluate.score import Score
from transfergraph.findings import Finding, Report, Severity


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings on a catalogue, and its points by both methods of data.europa.eu."""

    report: Report
    points: Score
    fair: Score


def evaluate_catalogue(triples: Iterable[ox.Triple], today: date, reach: Reach = nowhere) -> Evaluation:
    """Judge a catalogue.

    ``triples`` are those of the catalogue as it was written, before any store has seen them; ``today`` is
    the day behind which no date may lie. Without ``reach`` no file is fetched: nothing is then said of
    their truth, and the points for addresses that answer count as not tested.
    """
    index, codes = CatalogueIndex(triples), read_codes()
    conformance = list(check_shapes(index))
    findings = [
        *conformance,
        *check_codes(index, codes),
        *check_pitfalls(index, codes, today),
        *check_files(index, reach),
    ]
    at_fault = _at_fault(index, conformance)
    return Evaluation(
        Report.of(findings), mqa_score(index, codes, reach, at_fault), fair_metrics(index, codes, reach)
    )


def _at_fault(index: CatalogueIndex, findings: Iterable[Finding]) -> set[Node]:
    """The nodes with a violation of DCAT-AP itself, as data.europa.eu counts compliance."""
    labels = {
        finding.focus
        for finding in findings
        if finding.severity is Severity.VIOLATION and profile_of(finding.code) == "AP"
    }
    return {node for node in index.subjects() if index.label(node) in labels}
