"""The evaluation of catalogues: harvesting, distributions, scores, and where a catalogue is read from."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest
from catalogue_fixture import PUBLIC_URL, changed, make_release, small_workspace
from own_thread import running
from workspaces import LANGUAGES, texts_of_finding

from transfergraph import Finding, Severity, UsageError
from transfergraph.common.namespaces import ADMS, DCAT, DCATAP, DCATDE, DCT, FOAF, RDF, SPDX, VOID, XSD
from transfergraph.dcat.catalogue import describe
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.distribution_checks import check_distributions
from transfergraph.dcat.evaluate.evaluate import (
    Evaluation,
    evaluate_catalogue,
    evaluate_location,
    files_beside,
)
from transfergraph.dcat.evaluate.fetch import (
    NOT_TRIED,
    Fetch,
    WebLimits,
    fetch_nothing,
    first_of,
    from_folders,
    from_web,
)
from transfergraph.dcat.evaluate.read_catalogue import read_all_pages
from transfergraph.dcat.evaluate.score import Dimension
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.finding_reports.shacl_report import report_to_turtle

TODAY = date(2026, 12, 31)
BASE = "https://w3id.org/transfergraph/saxony/"
Triples = frozenset[ox.Triple]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[DescribedRelease, Path]:
    folder = tmp_path_factory.mktemp("check")
    release, _ = make_release(folder / "out", small_workspace(folder / "workspace"))
    return changed(release, publisher_mail="daten@agency.de", contact_mail="daten@agency.de"), folder / "out"


@pytest.fixture(scope="module")
def triples(made: tuple[DescribedRelease, Path]) -> Triples:
    return frozenset(describe(made[0], []))


@pytest.fixture(scope="module")
def fetch(made: tuple[DescribedRelease, Path]) -> Fetch:
    return from_folders({PUBLIC_URL: made[1]})


def dropped(triples: Iterable[ox.Triple], kind: str, path: str) -> Triples:
    """Without a property of all instances of a DCAT class."""
    kept = frozenset(triples)
    wanted = {t.subject for t in kept if t.object == ox.NamedNode(DCAT + kind)}
    left = frozenset(t for t in kept if not (t.subject in wanted and t.predicate.value == path))
    assert len(left) < len(kept)
    return left


def swapped(triples: Iterable[ox.Triple], path: str, value: ox.NamedNode | ox.Literal) -> Triples:
    """With another value for a property wherever it stands."""
    kept = frozenset(triples)
    done = frozenset(
        ox.Triple(t.subject, t.predicate, value) if t.predicate.value == path else t for t in kept
    )
    assert done != kept
    return done


def codes(evaluation: Evaluation) -> set[str]:
    return {finding.code for finding in evaluation.report.findings}


# Points: what each property is worth.


def test_the_catalogue_has_all_points(triples: Triples, fetch: Fetch) -> None:
    evaluation = evaluate_catalogue(triples, TODAY, fetch)
    assert evaluation.report.findings == ()
    assert (evaluation.mqa.points, evaluation.mqa.most, evaluation.mqa.band) == (405, 405, "excellent")
    assert (evaluation.fair.points, evaluation.fair.most, evaluation.fair.band) == (7.5, 7.5, "excellent")
    most = {dimension: most for dimension, (_, most) in evaluation.mqa.dimensions.items()}
    assert most == dict(zip(Dimension, (100, 100, 110, 75, 20), strict=True))
    assert evaluation.mqa.missing == evaluation.fair.missing == ()


def test_without_a_law_that_demands_the_data_an_eighth_of_a_point_is_left(
    made: tuple[DescribedRelease, Path], fetch: Fetch
) -> None:
    evaluation = evaluate_catalogue(describe(changed(made[0], legislation=()), []), TODAY, fetch)
    assert evaluation.mqa.points == 405
    assert evaluation.fair.points == 7.375
    assert [one.metric.name for one in evaluation.fair.missing] == ["dataset-applicableLegislation"]


def test_without_fetching_the_status_is_not_tested_and_not_counted(triples: Triples) -> None:
    evaluation = evaluate_catalogue(triples, TODAY)
    assert evaluation.report.findings == ()
    assert evaluation.mqa.points == 405 - 50 - 30
    assert evaluation.fair.points == 7.5 - 0.25
    assert {one.untested for one in evaluation.mqa.missing} == {3}


# Class, property, points lost of 405, points lost in the group of 7.5 (which is half of the score).
WORTH = [
    ("Dataset", DCT + "title", 30, 1), ("Dataset", DCT + "description", 30, 1),
    ("Dataset", DCT + "publisher", 10, 0.5), ("Dataset", DCT + "identifier", 0, 0.25),
    ("Dataset", DCAT + "keyword", 30, 0.5), ("Dataset", DCAT + "theme", 30, 0.5),
    ("Dataset", DCT + "spatial", 20, 0.5), ("Dataset", DCT + "temporal", 20, 0.5),
    ("Dataset", DCAT + "contactPoint", 20, 0.5), ("Dataset", DCT + "accessRights", 15, 0.5),
    ("Dataset", DCAT + "landingPage", 0, 0.25), ("Dataset", DCT + "provenance", 0, 0.25),
    ("Dataset", DCT + "relation", 0, 0.25), ("Dataset", ADMS + "identifier", 0, 0.25),
    ("Dataset", DCATAP + "applicableLegislation", 0, 0.25), ("Dataset", DCT + "issued", 0, 0.25),
    ("Dataset", DCT + "modified", 0, 0.25), ("Dataset", DCT + "accrualPeriodicity", 0, 0),
    ("Distribution", DCAT + "accessURL", 80, 1.25), ("Distribution", DCAT + "downloadURL", 50, 0.5),
    ("Distribution", DCT + "license", 30, 1), ("Distribution", DCT + "format", 70, 2),
    ("Distribution", DCAT + "mediaType", 20, 0.5), ("Distribution", DCAT + "byteSize", 5, 0.25),
    ("Distribution", DCT + "title", 0, 0.25), ("Distribution", DCT + "description", 0, 0.5),
    ("Distribution", DCT + "issued", 0, 0.25), ("Distribution", DCT + "modified", 0, 0.25),
    ("Distribution", DCT + "rights", 5, 0.25), ("Distribution", FOAF + "page", 0, 0.25),
    ("Distribution", ADMS + "status", 0, 0.25), ("Distribution", DCATDE + "licenseAttributionByText", 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    "kind,path,old,new", WORTH, ids=[f"{k}-{p.rpartition('/')[2]}" for k, p, _, _ in WORTH]
)
def test_each_property_is_worth_what_the_portal_gives(
    kind: str, path: str, old: float, new: float, triples: Triples, fetch: Fetch
) -> None:
    evaluation = evaluate_catalogue(dropped(triples, kind, path), TODAY, fetch)
    assert 405 - evaluation.mqa.points == pytest.approx(old)
    assert (7.5 - evaluation.fair.points) * 2 == pytest.approx(new)
    missing = sum(one.points for one in evaluation.fair.missing)
    assert evaluation.fair.points + missing == pytest.approx(7.5)


def test_without_distributions_only_the_dataset_counts(triples: Triples, fetch: Fetch) -> None:
    evaluation = evaluate_catalogue(dropped(triples, "Dataset", DCAT + "distribution"), TODAY, fetch)
    assert evaluation.mqa.points == pytest.approx(405 - 220)
    assert evaluation.fair.points == 7.5


def test_an_agent_without_a_name_costs_the_points_for_compliance(triples: Triples, fetch: Fetch) -> None:
    left = frozenset(t for t in triples if t.predicate.value != FOAF + "name")
    assert evaluate_catalogue(left, TODAY, fetch).mqa.points == 375


@pytest.mark.parametrize(
    "licence,known",
    [
        ("https://creativecommons.org/licenses/by/4.0/", True),
        ("http://creativecommons.org/licenses/by/4.0/", False),
        ("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", True),
        ("http://dcat-ap.de/def/licenses/dl-by-de/2.0", True),
        ("https://agency.de/licence", False),
    ],
)
def test_a_known_licence_gives_points(licence: str, known: bool, triples: Triples, fetch: Fetch) -> None:
    evaluation = evaluate_catalogue(swapped(triples, DCT + "license", ox.NamedNode(licence)), TODAY, fetch)
    lost = {one.metric.name for one in evaluation.mqa.missing}
    assert ("known-licence" in lost) == (not known)


@pytest.mark.parametrize(
    "code,machine,open_format",
    [
        ("CSV", True, True),
        ("TXT", False, True),
        ("XLSX", True, False),
        ("RDF", False, False),
        ("PDF", False, False),
    ],
)
def test_a_format_is_evaluated_by_what_can_be_done_with_it(
    code: str, machine: bool, open_format: bool, triples: Triples, fetch: Fetch
) -> None:
    value = ox.NamedNode(f"http://publications.europa.eu/resource/authority/file-type/{code}")
    lost = {
        one.metric.name
        for one in evaluate_catalogue(swapped(triples, DCT + "format", value), TODAY, fetch).mqa.missing
    }
    assert ("machine-readable" not in lost, "non-proprietary" not in lost) == (machine, open_format)


def test_a_media_type_is_known_in_any_case_and_under_http(triples: Triples, fetch: Fetch) -> None:
    value = ox.NamedNode("http://www.iana.org/assignments/media-types/TEXT/CSV")
    evaluation = evaluate_catalogue(swapped(triples, DCAT + "mediaType", value), TODAY, fetch_nothing)
    assert "format-vocabulary" not in {one.metric.name for one in evaluation.mqa.missing}
    invented = ox.NamedNode("https://www.iana.org/assignments/media-types/text/tabelle")
    evaluation = evaluate_catalogue(swapped(triples, DCAT + "mediaType", invented), TODAY, fetch_nothing)
    assert "format-vocabulary" in {one.metric.name for one in evaluation.mqa.missing}
    assert "catalogue.unknown-code" in codes(evaluation)


def test_scores_are_shown_in_both_languages(triples: Triples, fetch: Fetch) -> None:
    evaluation = evaluate_catalogue(dropped(triples, "Dataset", DCT + "temporal"), TODAY, fetch)
    german, english = evaluation.to_text("de"), evaluation.to_text("en")
    assert "385 von 405: ausgezeichnet" in german
    assert "7,25 von 7,5: ausgezeichnet" in german
    assert "+20 für dct:temporal (3 Stellen): Den Zeitraum als dct:PeriodOfTime" in german
    assert "385 of 405: excellent" in english
    assert "+0.25 for dct:temporal (3 places): State the period as a dct:PeriodOfTime" in english
    whole = evaluate_catalogue(triples, TODAY, fetch).to_text("de")
    assert whole.count("Alle Punkte erreicht.") == 2


# Pitfalls.


def about(path: str, value: ox.NamedNode | ox.Literal, subject: str = "dataset/graph") -> ox.Triple:
    return ox.Triple(ox.NamedNode(BASE + subject), ox.NamedNode(path), value)


HARVESTING: list[tuple[str, str, Severity, list[ox.Triple]]] = [
    ("keyword with a slash", "catalogue.keyword", Severity.WARNING, [about(DCAT + "keyword", ox.Literal("Bund/Land", language="de"))]),
    ("keyword with a comma", "catalogue.keyword", Severity.WARNING, [about(DCAT + "keyword", ox.Literal("Bund, Land", language="de"))]),
    ("keyword of one letter", "catalogue.keyword", Severity.WARNING, [about(DCAT + "keyword", ox.Literal("x", language="de"))]),
    ("keyword of 101 letters", "catalogue.keyword", Severity.WARNING, [about(DCAT + "keyword", ox.Literal("x" * 101, language="de"))]),
    ("title twice", "catalogue.language-twice", Severity.WARNING, [about(DCT + "title", ox.Literal("Noch einer", language="de"))]),
    ("geometry as node", "catalogue.geometry", Severity.VIOLATION, [ox.Triple(ox.NamedNode("https://sws.geonames.org/2842566/"), ox.NamedNode("http://www.w3.org/ns/locn#geometry"), ox.NamedNode("urn:x:geometry"))]),
    ("same identifier", "catalogue.identifier-twice", Severity.WARNING, [about(DCT + "identifier", ox.Literal(BASE + "dataset/tables"))]),
    ("service and download", "catalogue.service-and-download", Severity.WARNING, [about(DCAT + "accessService", ox.NamedNode(BASE + "service/sparql"), "distribution/data/graph.nq.gz")]),
    ("dataset not listed", "catalogue.not-listed", Severity.WARNING, [about(RDF + "type", ox.NamedNode(DCAT + "Dataset"), "dataset/lost")]),
    ("dataset as blank node", "catalogue.blank-node", Severity.WARNING, [ox.Triple(ox.BlankNode("b1"), ox.NamedNode(RDF + "type"), ox.NamedNode(DCAT + "Dataset"))]),
    ("example mail", "catalogue.example-address", Severity.WARNING, [about("http://www.w3.org/2006/vcard/ns#hasEmail", ox.NamedNode("mailto:daten@example.org"), "contact")]),
]  # fmt: skip


@pytest.mark.parametrize("name,code,severity,added", HARVESTING, ids=[name for name, _, _, _ in HARVESTING])
def test_what_harvesters_refuse_is_named(
    name: str, code: str, severity: Severity, added: list[ox.Triple], triples: Triples
) -> None:
    found = [f for f in evaluate_catalogue(triples | set(added), TODAY).report.findings if f.code == code]
    assert found
    assert {finding.severity for finding in found} == {severity}


SWAPS: list[tuple[str, Callable[[Triples], Triples]]] = [
    ("catalogue.future", lambda t: swapped(t, DCT + "modified", ox.Literal("2031-01-01", datatype=ox.NamedNode(XSD + "date")))),
    ("catalogue.modified-before-issued", lambda t: swapped(t, DCT + "modified", ox.Literal("2020", datatype=ox.NamedNode(XSD + "gYear")))),
    ("catalogue.period", lambda t: swapped(t, DCAT + "endDate", ox.Literal("2001-01-01", datatype=ox.NamedNode(XSD + "date")))),
    ("catalogue.licence-not-open", lambda t: swapped(t, DCT + "license", ox.NamedNode("http://dcat-ap.de/def/licenses/cc-by-nc/4.0"))),
    ("catalogue.attribution", lambda t: dropped(t, "Distribution", DCATDE + "licenseAttributionByText")),
    ("catalogue.no-german", lambda t: frozenset(x for x in t if not (x.predicate.value == DCT + "title" and isinstance(x.object, ox.Literal) and x.object.language == "de"))),
    ("catalogue.place", lambda t: swapped(t, DCT + "spatial", ox.NamedNode("https://agency.de/sachsen"))),
    ("catalogue.unknown-code", lambda t: swapped(t, DCAT + "theme", ox.NamedNode("http://publications.europa.eu/resource/authority/data-theme/SACHSEN"))),
    ("catalogue.old-code", lambda t: swapped(t, ADMS + "status", ox.NamedNode("http://purl.org/adms/status/Completed"))),
    ("catalogue.nothing", lambda t: frozenset()),
]  # fmt: skip


@pytest.mark.parametrize("code,change", SWAPS, ids=[code for code, _ in SWAPS])
def test_a_wrong_value_is_named(code: str, change: Callable[[Triples], Triples], triples: Triples) -> None:
    assert code in codes(evaluate_catalogue(change(triples), TODAY))


def test_an_invented_code_is_named_though_it_declares_itself(triples: Triples) -> None:
    scheme = "http://publications.europa.eu/resource/authority/data-theme"
    invented = ox.NamedNode(f"{scheme}/INNO")
    declared = {
        ox.Triple(
            invented, ox.NamedNode(RDF + "type"), ox.NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
        ),
        ox.Triple(
            invented, ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"), ox.NamedNode(scheme)
        ),
        ox.Triple(
            invented, ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"), ox.Literal("Innovation")
        ),
        about(DCAT + "theme", invented),
    }
    found = evaluate_catalogue(triples | declared, TODAY).report.findings
    assert [(f.code, f.value) for f in found] == [("catalogue.unknown-code", invented.value)]


def test_every_finding_has_both_languages_and_fits_into_a_report(triples: Triples) -> None:
    broken = frozenset(t for t in triples if not t.predicate.value.startswith((DCT, RDF)))
    added = {ox.Triple(ox.BlankNode("b1"), ox.NamedNode(RDF + "type"), ox.NamedNode(DCAT + "Dataset"))}
    kept = {t for t in triples if t.predicate.value == RDF + "type"}
    report = evaluate_catalogue(broken | added | kept, TODAY).report
    assert len(report) > 100
    for finding in report.findings:
        for text in texts_of_finding(finding):
            assert text.strip() == text != ""
            assert "{" not in text
        assert finding.message.in_language("de") != finding.message.english
    assert "sh:ValidationReport" in report_to_turtle(report, BASE, LANGUAGES)


# Distributions.


def only(findings: Iterable[Finding], code: str) -> Finding:
    (found,) = [finding for finding in findings if finding.code == code]
    return found


def offered(content: bytes, folder: Path, **said: str) -> tuple[CatalogueIndex, Fetch]:
    """A dataset with one file of this content, and what its distribution says of it."""
    (folder / "file.nt.gz").write_bytes(content)
    text = f"""
    @prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix spdx: <{SPDX}> . @prefix void: <{VOID}> .
    @prefix xsd: <{XSD}> . @prefix m: <https://www.iana.org/assignments/media-types/> .
    <urn:d> a dcat:Dataset ; dcat:distribution <urn:f> ; void:triples {said.get("triples", "2")} .
    <urn:f> a dcat:Distribution ; dcat:downloadURL <https://agency.de/file.nt.gz> ;
        dcat:mediaType <https://www.iana.org/assignments/media-types/{said.get("media", "application/n-triples")}> ;
        dcat:byteSize {said.get("size", str(len(content)))} ; spdx:checksum <urn:c> .
    <urn:c> a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_{said.get("algorithm", "sha256")} ;
        spdx:checksumValue "{said.get("checksum", hashlib.sha256(content).hexdigest())}" .
    """
    if said.get("packed", "yes") == "yes":
        text += (
            "<urn:f> dcat:compressFormat <https://www.iana.org/assignments/media-types/application/gzip> ."
        )
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    return CatalogueIndex(triples), from_folders({"https://agency.de/": folder})


NT = gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n", mtime=0)


def test_what_is_true_is_not_found(tmp_path: Path) -> None:
    assert list(check_distributions(*offered(NT, tmp_path))) == []
    assert (
        list(
            check_distributions(*offered(NT, tmp_path, algorithm="md5", checksum=hashlib.md5(NT).hexdigest()))
        )
        == []
    )


@pytest.mark.parametrize(
    "code,content,said",
    [
        ("catalogue.file-size", NT, {"size": "17"}),
        ("catalogue.file-checksum", NT, {"checksum": "0" * 64}),
        ("catalogue.file-checksum", NT, {"algorithm": "sha1", "checksum": "0" * 40}),
        ("catalogue.file-triples", NT, {"triples": "3"}),
        ("catalogue.file-packed", NT, {"packed": "no"}),
        ("catalogue.file-not-packed", b"<urn:a> <urn:b> <urn:c> .\n", {"triples": "1"}),
        ("catalogue.file-format", gzip.compress(b"<urn:a> <urn:b> .\n"), {}),
        ("catalogue.file-format", NT[:-9], {}),
        ("catalogue.file-format", gzip.compress(b"not RDF"), {"media": "application/rdf+xml"}),
    ],
)
def test_what_is_not_true_is_found(code: str, content: bytes, said: dict[str, str], tmp_path: Path) -> None:
    finding = only(check_distributions(*offered(content, tmp_path, **said)), code)
    assert finding.focus in ("urn:f", "urn:c", "urn:d")


def test_a_file_that_speaks_of_triples_is_read_and_not_counted(tmp_path: Path) -> None:
    content = (
        b"<urn:r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( <urn:a> <urn:b> <urn:c> )>> .\n"
    )
    assert list(check_distributions(*offered(gzip.compress(content, mtime=0), tmp_path))) == []
    broken = gzip.compress(content + b"<urn:a>\n", mtime=0)
    assert only(check_distributions(*offered(broken, tmp_path)), "catalogue.file-format")


def test_a_file_that_is_not_there_is_found(tmp_path: Path) -> None:
    index, fetch = offered(NT, tmp_path)
    (tmp_path / "file.nt.gz").unlink()
    assert (
        only(check_distributions(index, fetch), "catalogue.file-missing").value
        == "https://agency.de/file.nt.gz"
    )
    assert list(check_distributions(index, fetch_nothing)) == []


def test_a_folder_answers_only_for_what_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret").write_text("x", "utf-8")
    fetch = from_folders({"https://agency.de/": tmp_path / "in"})
    for path in ("../secret", "%2e%2e/secret", "..%2fsecret"):
        assert fetch(f"https://agency.de/{path}").status == 404
    assert fetch("https://elsewhere.de/x") == NOT_TRIED
    assert fetch("https://agency.de/").is_there


# The web, with limits.


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answers = {
            "/ok.ttl": (200, b"<urn:a> <urn:b> <urn:c> ."),
            "/gone": (410, b""),
            "/large": (200, b"x" * 3_000_000),
        }
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
            return
        if self.path == "/slow":
            threading.Event().wait(2)
        status, content = answers.get(self.path, (404, b""))
        self.send_response(status)
        self.send_header("Content-Type", "text/turtle; charset=utf-8")
        self.end_headers()
        with suppress(BrokenPipeError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with running(served):
        yield f"http://127.0.0.1:{served.server_port}"


def test_the_web_is_fetched_with_limits(server: str, tmp_path: Path) -> None:
    fetch = first_of(from_web(tmp_path, WebLimits(seconds=1, megabytes=1, total_seconds=60)))
    answer = fetch(f"{server}/ok.ttl")
    assert (answer.status, answer.media_type) == (200, "text/turtle")
    assert answer.file is not None
    assert answer.file.read_bytes() == b"<urn:a> <urn:b> <urn:c> ."
    assert fetch(f"{server}/ok.ttl") is answer
    assert not fetch(f"{server}/gone").is_there
    large = fetch(f"{server}/large")
    assert (large.is_there, large.file, large.problem) == (True, None, "too large")
    assert fetch(f"{server}/slow").status is None
    assert fetch(f"{server}/away").file is None
    assert fetch("http://127.0.0.1:1/").problem is not None
    assert fetch("file:///etc/passwd") == NOT_TRIED
    assert len(list(tmp_path.iterdir())) == 1


def test_the_time_for_all_is_bounded(server: str, tmp_path: Path) -> None:
    fetch = from_web(tmp_path, WebLimits(seconds=1, megabytes=1, total_seconds=0))
    assert not fetch(f"{server}/ok.ttl").tried


def test_a_catalogue_is_read_from_file_and_web(
    server: str, made: tuple[DescribedRelease, Path], triples: Triples, tmp_path: Path
) -> None:
    web = from_web(tmp_path, WebLimits(seconds=5, megabytes=1, total_seconds=60))
    assert len(list(read_all_pages(f"{server}/ok.ttl", web).index.triples)) == 1
    formats = [
        read_all_pages(str(made[1] / f"catalog.{ending}"), fetch_nothing).index.triples
        for ending in ("ttl", "rdf", "jsonld")
    ]
    assert set(formats[0]) == set(formats[1]) == set(formats[2])
    (tmp_path / "broken.ttl").write_text("<urn:a> <urn:b>", "utf-8")
    for location, said in (
        (f"{server}/gone", "cannot be fetched: 410"),
        (str(tmp_path / "none.ttl"), "neither a file nor an address"),
        (str(tmp_path / "broken.ttl"), "is not valid Turtle"),
        (str(made[1]), "neither a file nor an address"),
    ):
        with pytest.raises(UsageError, match=said):
            read_all_pages(location, web)
    odd = tmp_path / "catalogue.doc"
    odd.write_text("x", "utf-8")
    with pytest.raises(UsageError, match="no known RDF format"):
        read_all_pages(str(odd), web)


def test_the_files_beside_a_catalogue_stand_for_its_addresses(
    made: tuple[DescribedRelease, Path], triples: Triples
) -> None:
    index = CatalogueIndex(triples)
    assert files_beside(index, made[1]) == {PUBLIC_URL: made[1]}
    assert files_beside(index, made[1] / "data") == {f"{PUBLIC_URL}data/": made[1] / "data"}
    assert files_beside(index, Path("/nonexistent")) == {}


def test_a_release_is_evaluated_by_its_own_files_without_the_web(made: tuple[DescribedRelease, Path]) -> None:
    evaluation = evaluate_location(str(made[1] / "catalog.ttl"), TODAY, None)
    assert codes(evaluation) == {"catalogue.example-address"}
    assert (evaluation.mqa.points, evaluation.mqa.possible) == (325, 405), "no address was asked"
    assert "325 bis 405 von 405" in evaluation.to_text("de")
    damaged = made[1] / "data" / "tables" / "source" / "regions.csv"
    before = damaged.read_bytes()
    damaged.write_bytes(before + b"x")
    try:
        assert {"catalogue.file-size", "catalogue.file-checksum"} <= codes(
            evaluate_location(str(made[1] / "catalog.ttl"), TODAY, None)
        )
    finally:
        damaged.write_bytes(before)


def test_the_command_tells_it_to_readers_and_to_programs(
    made: tuple[DescribedRelease, Path], triples: Triples, tmp_path: Path
) -> None:
    def called(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "transfergraph", "catalogue", "check", str(file), "--offline"]
        return subprocess.run([*command, *options], capture_output=True, text=True, check=False)

    ours = made[1] / "catalog.ttl"
    shown = called(ours, "--lang", "de")
    assert shown.returncode == 0 and "325 bis 405 von 405" in shown.stdout, shown.stderr
    output = json.loads(called(ours, "--format", "json").stdout)
    assert len(output["findings"]) == len(evaluate_location(str(ours), date.today(), None).report)
    first, second = output["points"]
    assert (first["method"], first["points"], first["possible"], first["band"]) == ("405", 325, 405, "good")
    assert {one["metric"] for one in first["gains"]} == {"accessURL-status", "downloadURL-status"}
    assert all(one["untested"] == one["nodes"] for one in first["gains"])
    assert second["dimensions"]["accessibility"] == {"points": 1.5, "most": 1.75}
    assert output["profile"] == "de"
    file = tmp_path / "other.nt"
    file.write_bytes(
        ox.serialize(dropped(triples, "Dataset", DCT + "temporal"), format=ox.RdfFormat.N_TRIPLES) or b""
    )
    gains = json.loads(called(file, "--format", "json").stdout)["points"][0]["gains"]
    missing = next(one for one in gains if one["property"] == "dct:temporal")
    assert (missing["points"], missing["untested"]) == (20, 0) and "Zeitraum" in missing["advice"]["de"]


def test_a_catalogue_on_the_web_is_evaluated_within_limits(server: str) -> None:
    evaluation = evaluate_location(
        f"{server}/ok.ttl", TODAY, WebLimits(seconds=5, megabytes=1, total_seconds=60)
    )
    assert codes(evaluation) == {"catalogue.nothing"}
    with pytest.raises(UsageError, match="cannot be fetched"):
        evaluate_location(f"{server}/ok.ttl", TODAY, None)
