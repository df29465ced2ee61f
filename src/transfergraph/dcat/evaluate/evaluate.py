"""The evaluation of any catalogue: profiles, code lists, harvesting, distributions, scores."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
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
from transfergraph.dcat.evaluate.mqa import mqa_score
from transfergraph.dcat.evaluate.profiles import check_shapes, profile_of
from transfergraph.dcat.evaluate.score import EvaluatedCatalogue, Score
from transfergraph.errors import UsageError
from transfergraph.finding_reports.json_report import dump_json, report_to_json
from transfergraph.findings import Finding, Report, Severity
from transfergraph.messages import complete_languages, explained

_ENDINGS = ("json", "jsonld", "nq", "nt", "owl", "rdf", "trig", "ttl", "xml")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All findings on a catalogue, and its scores by both methods of data.europa.eu."""

    report: Report
    mqa: Score
    fair: Score

    def to_text(self, language: str) -> str:
        """Both scores on several lines, in a language, ending with a line break."""
        lines = [line for score in (self.mqa, self.fair) for line in score.to_lines(language)]
        return "\n".join(lines) + "\n"

    def to_json(self) -> str:
        """The report as JSON, as :func:`report_to_json` writes it, and both scores under ``points``."""
        content = json.loads(report_to_json(self.report, complete_languages()))
        content["points"] = [self.mqa.to_json(), self.fair.to_json()]
        return dump_json(content, levels=2)


def evaluate_location(location: str, today: date, web: WebLimits | None) -> Evaluation:
    """Evaluate the catalogue in a file or at an address; without ``web`` nothing is fetched.

    Files that lie beside a catalogue file, as in a release, are taken for what their addresses would give.
    Raises :class:`UsageError` when the catalogue cannot be read.
    """
    with TemporaryDirectory(prefix="transfergraph-") as scratch:
        fetch = fetch_nothing if web is None else from_web(Path(scratch), web)
        triples = read_catalogue(location, fetch)
        folders = files_beside(triples, Path(location).parent) if Path(location).is_file() else {}
        return evaluate_catalogue(triples, today, first_of(from_folders(folders), fetch))


def evaluate_catalogue(triples: Iterable[ox.Triple], today: date, fetch: Fetch = fetch_nothing) -> Evaluation:
    """Evaluate a catalogue.

    ``triples`` are those of the catalogue as it was written, before any store has seen them; ``today`` is
    the day behind which no date may lie. Without ``fetch`` no distribution is checked, and the metrics for
    addresses that answer count as not tested.
    """
    index, codes = CatalogueIndex(triples), read_codes()
    conformance = list(check_shapes(index))
    findings = [
        *conformance,
        *check_codes(index, codes),
        *check_harvesting(index, codes, today),
        *check_distributions(index, fetch),
    ]
    catalogue = EvaluatedCatalogue(index, codes, fetch, _invalid(index, conformance))
    return Evaluation(Report.of(findings), mqa_score(catalogue), fair_score(catalogue))


def _invalid(index: CatalogueIndex, findings: Iterable[Finding]) -> set[Node]:
    """The nodes with a violation of DCAT-AP itself, as data.europa.eu counts compliance."""
    labels = {
        finding.focus
        for finding in findings
        if finding.severity is Severity.VIOLATION and profile_of(finding.code) == "AP"
    }
    return {node for node in index.subjects() if index.label(node) in labels}


def read_catalogue(location: str, fetch: Fetch) -> tuple[ox.Triple, ...]:
    """The triples of the catalogue in a file or at an ``http(s)`` address.

    The media type of the answer decides the format at an address, as it does for harvesters, and for a file
    its ending. Raises :class:`UsageError` when it is not there or not RDF.
    """
    if location.startswith(("http://", "https://")):
        answer = fetch(location)
        if answer.file is None:
            raise UsageError(
                explained("error.catalogue.fetch", location=location, status=answer.problem or answer.status)
            )
        chosen = ox.RdfFormat.from_media_type(answer.media_type or "") or _format_by_ending(location)
        return _parse(answer.file, location, chosen)
    file = Path(location)
    if not file.is_file():
        raise UsageError(explained("error.catalogue.location", location=location))
    return _parse(file, file.resolve().as_uri(), _format_by_ending(file.name))


def _format_by_ending(name: str) -> ox.RdfFormat | None:
    ending = name.rpartition(".")[2].lower()
    known = "rdf" if ending == "owl" else ending
    return ox.RdfFormat.from_extension(known) if ending in _ENDINGS else None


def _parse(file: Path, base: str, chosen: ox.RdfFormat | None) -> tuple[ox.Triple, ...]:
    if chosen is None:
        raise UsageError(explained("error.catalogue.format", base=base, endings=", ".join(_ENDINGS)))
    try:
        return tuple(quad.triple for quad in ox.parse(path=str(file), format=chosen, base_iri=base))
    except (SyntaxError, ValueError, OSError) as error:
        raise UsageError(
            explained("error.catalogue.syntax", base=base, chosen=chosen.name, error=error)
        ) from error


def files_beside(triples: Iterable[ox.Triple], folder: Path) -> dict[str, Path]:
    """The address that the folder mirrors, when a file that the catalogue offers lies in it."""
    urls = {
        triple.object.value
        for triple in triples
        if triple.predicate.value == DCAT + "downloadURL" and isinstance(triple.object, ox.NamedNode)
    }
    for url in sorted(urls):
        parts = urlsplit(url).path.strip("/").split("/")
        for start in range(len(parts)):
            rest = "/".join(parts[start:])
            if rest and (folder / unquote(rest)).is_file():
                return {url.removesuffix(rest): folder}
    return {}
