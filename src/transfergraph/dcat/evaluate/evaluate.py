"""The evaluation of any catalogue: profiles, code lists, harvesting, distributions, scores."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from transfergraph.common.files import ScratchFolder
from transfergraph.common.namespaces import DCAT
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.catalogue_findings import finding
from transfergraph.dcat.evaluate.code_lists import check_codes
from transfergraph.dcat.evaluate.distribution_checks import check_distributions
from transfergraph.dcat.evaluate.fair_metrics import fair_score
from transfergraph.dcat.evaluate.fetch import (
    Fetch,
    WebLimits,
    fetch_nothing,
    first_of,
    from_folders,
    from_web,
)
from transfergraph.dcat.evaluate.harvesting_checks import check_harvesting
from transfergraph.dcat.evaluate.hvd_checks import check_high_value
from transfergraph.dcat.evaluate.mqa import mqa_score
from transfergraph.dcat.evaluate.profiles import Profile, check_shapes, profile_of
from transfergraph.dcat.evaluate.read_catalogue import CatalogueText, read_all_pages
from transfergraph.dcat.evaluate.score import EvaluatedCatalogue, Score
from transfergraph.dcat.evaluate.swiss_checks import check_swiss
from transfergraph.finding_reports.json_report import dump_json, report_to_json
from transfergraph.findings import Finding, Report, Severity
from transfergraph.messages import complete_languages, text


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings on a catalogue, its scores by both methods of data.europa.eu, and whose rules counted."""

    report: Report
    mqa: Score
    fair: Score
    profile: Profile

    def to_text(self, language: str) -> str:
        """Both scores on several lines, in a language, ending with a line break."""
        lines = [line for score in (self.mqa, self.fair) for line in score.to_lines(language)]
        return "\n".join([*lines, text(f"points.profile.{self.profile.value}", language)]) + "\n"

    def to_json(self) -> str:
        """The report as JSON, as :func:`report_to_json` writes it, and both scores under ``points``."""
        content = json.loads(report_to_json(self.report, complete_languages()))
        content["points"] = [self.mqa.to_json(), self.fair.to_json()]
        content["profile"] = self.profile.value
        return dump_json(content, levels=2)


def evaluate_location(
    location: str, today: date, web: WebLimits | None, profile: Profile = Profile.AUTO
) -> Evaluation:
    """Evaluate the catalogue in a file or at an address, page by page; without ``web`` nothing is fetched.

    Files that lie beside a catalogue file, as in a release, are compared with what it says of them; whether
    their addresses answer is asked on the web alone. Raises :class:`UsageError` when the catalogue cannot
    be read.
    """
    with ScratchFolder() as scratch:
        ask = first_of(fetch_nothing if web is None else from_web(Path(scratch), web))
        read = read_all_pages(location, ask)
        folders = files_beside(read.index, Path(location).parent) if Path(location).is_file() else {}
        fetch = first_of(from_folders(folders), ask)
        return _evaluated(read, today, fetch, ask, profile)


def evaluate_catalogue(
    triples: Iterable[ox.Triple],
    today: date,
    fetch: Fetch = fetch_nothing,
    ask: Fetch | None = None,
    profile: Profile = Profile.AUTO,
) -> Evaluation:
    """Evaluate a catalogue.

    ``triples`` are those of the catalogue as it was written, before any store has seen them; ``today`` is
    the day behind which no date may lie. Without ``fetch`` no distribution is checked. ``ask`` is what
    tells whether addresses answer, where that is not ``fetch``; where it does not try, the metrics for that
    count as not tested.
    """
    return _evaluated(CatalogueText(CatalogueIndex(triples)), today, fetch, ask or fetch, profile)


def _evaluated(read: CatalogueText, today: date, fetch: Fetch, ask: Fetch, profile: Profile) -> Evaluation:
    index, codes = read.index, read_codes()
    judged = profile.chosen(index)
    german = judged is Profile.DE
    conformance = [one for one in check_shapes(index) if judged.counts(one.code)]
    findings = [
        *conformance,
        *check_codes(index, codes, german),
        *check_harvesting(index, codes, today, german),
        *check_high_value(index),
        *(check_swiss(index) if judged is Profile.CH else ()),
        *check_distributions(index, fetch),
        *_text_findings(read),
    ]
    catalogue = EvaluatedCatalogue(index, codes, ask, _invalid(index, conformance))
    return Evaluation(Report.of(findings), mqa_score(catalogue), fair_score(catalogue), judged)


def _text_findings(read: CatalogueText) -> Iterator[Finding]:
    """What is wrong with the catalogue as a text, and which page of it was not read."""
    index = read.index
    for one in read.invalid:
        node = ox.Literal(one.value)
        yield finding(index, "catalogue.invalid-iri", Severity.VIOLATION, node, None, node, line=one.line)
    if read.unread is not None:
        key = "catalogue.page-missing" if read.unread.problem else "catalogue.page-again"
        severity = Severity.VIOLATION if read.unread.problem != "offline" else Severity.WARNING
        page = ox.Literal(read.unread.address)
        yield finding(index, key, severity, page, None, page, said=read.unread.problem)


def _invalid(index: CatalogueIndex, findings: Iterable[Finding]) -> set[Node]:
    """The nodes with a violation of DCAT-AP itself, as data.europa.eu counts compliance."""
    labels = {
        one.focus for one in findings if one.severity is Severity.VIOLATION and profile_of(one.code) == "AP"
    }
    return {node for node in index.subjects() if index.label(node) in labels}


def files_beside(index: CatalogueIndex, folder: Path) -> dict[str, Path]:
    """The address that the folder mirrors, when a file that the catalogue offers lies in it."""
    path = DCAT + "downloadURL"
    urls = {
        value.value
        for node in index.subjects()
        for value in index.nodes(node, path)
        if isinstance(value, ox.NamedNode)
    }
    for url in sorted(urls):
        parts = urlsplit(url).path.strip("/").split("/")
        for start in range(len(parts)):
            rest = "/".join(parts[start:])
            if rest and (folder / unquote(rest)).is_file():
                return {url.removesuffix(rest): folder}
    return {}
