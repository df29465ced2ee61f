"""Catalogues of others: judged by the rules of their own country, and scored by two scorers."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import foreign_catalogues
import pyoxigraph as ox
import pytest
from catalogue_fixture import make_release, small_workspace
from mqa_scorer import score
from official_shapes import as_rdflib, needs_official_shapes

from transfergraph.common.namespaces import DCAT
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.evaluate.evaluate import Evaluation, evaluate_catalogue, evaluate_location
from transfergraph.dcat.evaluate.fetch import WebLimits, fetch_nothing
from transfergraph.dcat.evaluate.mqa import mqa_score
from transfergraph.dcat.evaluate.profiles import Profile
from transfergraph.dcat.evaluate.score import EvaluatedCatalogue

FOLDER = Path(__file__).parent / "catalogues"
COUNTRIES = ("austria", "france", "italy", "netherlands", "poland", "switzerland")
TODAY = date(2026, 12, 31)
WEB = WebLimits(seconds=10, megabytes=1, total_seconds=120)

MINIMAL = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
<https://a.example/{number}> a dcat:Dataset ; dct:title "{number}"@de ; dct:description "d"@de .
"""


def judged(country: str, profile: Profile = Profile.AUTO) -> Evaluation:
    return evaluate_location(str(FOLDER / f"{country}.ttl"), TODAY, None, profile)


def found(evaluation: Evaluation, code: str) -> list[tuple[str | None, str | None]]:
    """Place and value of each finding of this code."""
    return [(one.focus, one.value) for one in evaluation.report.findings if one.code == code]


def test_every_country_has_its_catalogue() -> None:
    assert tuple(sorted(file.stem for file in FOLDER.glob("*.ttl"))) == COUNTRIES


@pytest.mark.parametrize("country", COUNTRIES)
def test_foreign_catalogues_are_judged_in_both_languages_and_not_by_german_rules(country: str) -> None:
    evaluation = judged(country)
    assert evaluation.profile is (Profile.CH if country == "switzerland" else Profile.EU)
    german = (
        "catalogue.no-german",
        "catalogue.licence-not-german",
        "catalogue.attribution",
        "DE-",
        "contributorID",
    )
    assert not [
        one
        for one in evaluation.report.findings
        if one.code.startswith(german) or "dcatde" in str(one.path_text)
    ]
    for language, said in (("de", "Beurteilt nach DCAT-AP 3.0.1"), ("en", "Judged by DCAT-AP 3.0.1")):
        assert said in evaluation.to_text(language)
        assert all(one.message.in_language(language) for one in evaluation.report.findings)
    strict = judged(country, Profile.DE)
    assert "contributorID" in str([one.path_text for one in strict.report.findings])
    assert len(strict.report.findings) > len(evaluation.report.findings)


@needs_official_shapes
@pytest.mark.parametrize("country", COUNTRIES)
def test_two_scorers_agree_on_foreign_catalogues(country: str) -> None:
    text = (FOLDER / f"{country}.ttl").read_text("utf-8").replace("luft mess", "luft%20mess")  # for rdflib
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    second, first = score(as_rdflib(triples)), evaluate_catalogue(triples, TODAY)
    assert first.mqa.points == pytest.approx(second.old)
    assert first.fair.points == pytest.approx(second.new)


@needs_official_shapes
def test_two_scorers_agree_on_ours(tmp_path: Path) -> None:
    make_release(tmp_path / "out", small_workspace(tmp_path / "workspace"))
    triples = [quad.triple for quad in ox.parse(path=str(tmp_path / "out" / "catalog.ttl"))]
    second, first = score(as_rdflib(triples)), evaluate_catalogue(triples, TODAY)
    assert first.mqa.points == pytest.approx(second.old) and first.mqa.possible == 405
    assert first.fair.points == pytest.approx(second.new) and first.fair.possible == 7.5


def test_a_text_is_no_code_and_is_told_once() -> None:
    evaluation = judged("austria")
    about = [
        one.code
        for one in evaluation.report.findings
        if one.value == "cc-by" or (one.value == "CSV" and "format" in str(one.path_text))
    ]
    assert len(about) == len(set(about)) == 1
    assert about == ["dcat.Distribution-format"]
    (gain,) = [one for one in evaluation.mqa.missing if one.metric.name == "machine-readable"]
    assert gain.nodes == 2  # of brunnen and of the dataset without files; XLSX is one


def test_blank_nodes_are_called_the_same_whatever_their_file_calls_them() -> None:
    text = (FOLDER / "austria.ttl").read_text("utf-8")
    first, again = judged("austria"), judged("austria")
    assert [one.focus for one in first.report.findings] == [one.focus for one in again.report.findings]
    names = {one.focus for one in first.report.findings if str(one.focus).startswith("urn:blank:")}
    assert "urn:blank:https://daten.example.at/brunnen#dcat:distribution" in names
    assert "urn:blank:Ohne%20Adresse" in names
    quads = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    renamed = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)]
    one, other = (evaluate_catalogue(triples, TODAY).report.findings for triples in (quads, renamed))
    assert [(f.focus, f.code) for f in one] == [(f.focus, f.code) for f in other]


def test_an_invalid_address_is_a_finding_with_its_line() -> None:
    evaluation = judged("switzerland")
    value = "https://daten.example.ch/luft messwerte.json"
    (finding,) = [one for one in evaluation.report.findings if one.code == "catalogue.invalid-iri"]
    text = (FOLDER / "switzerland.ttl").read_text("utf-8")
    number = text[: text.index(value)].count("\n") + 1
    assert finding.value == value and f"line {number}" in finding.message.english
    assert len(evaluation.report.findings) > 5, "the rest is judged as well"


def test_the_rules_of_switzerland_count_there_alone() -> None:
    base = "https://daten.example.ch/"
    evaluation, plain = judged("switzerland"), judged("switzerland", Profile.EU)
    swiss = {(one.focus, one.code) for one in evaluation.report.findings}
    added = swiss - {(one.focus, one.code) for one in plain.report.findings}
    assert added == {
        (f"{base}luft", "dcat.Dataset-contactPoint-missing-CH"),
        (f"{base}verkehr", "dcat.Dataset-publisher-missing-CH"),
        (f"{base}verkehr", "dcat.Dataset-contactPoint-missing-CH"),
        (f"{base}verkehr", "dcat.Dataset-identifier-missing-CH"),
        (f"{base}luft/json", "dcat.Distribution-issued-missing-CH"),
        (f"{base}luft/json", "catalogue.licence-not-swiss"),
        (f"{base}luft/pdf", "dcat.Distribution-issued-missing-CH"),
        (f"{base}luft/pdf", "dcat.Distribution-license-missing-CH"),
        (f"{base}verkehr/html", "dcat.Distribution-issued-missing-CH"),
        (f"{base}verkehr/html", "dcat.Distribution-license-missing-CH"),
    }
    assert "opendata.swiss" in evaluation.to_text("en") and "opendata.swiss" not in plain.to_text("en")
    text = (FOLDER / "switzerland.ttl").read_text("utf-8").replace("luft mess", "luft%20mess")
    terms = "http://dcat-ap.ch/vocabulary/licenses/terms_by"
    licensed = text.replace("http://publications.europa.eu/resource/authority/licence/CC_BY_4_0", terms)
    for changed, codes in (
        (licensed, []),
        (licensed.replace('"Luft"@de , "Air"@fr', '"Luchtkwaliteit"@nl'), ["catalogue.no-swiss-language"]),
    ):
        triples = [quad.triple for quad in ox.parse(changed, format=ox.RdfFormat.TURTLE)]
        again = evaluate_catalogue(triples, TODAY)
        assert again.profile is Profile.CH
        said = ("catalogue.licence-not-swiss", "catalogue.no-swiss-language")
        assert [one.code for one in again.report.findings if one.code in said] == codes


def test_the_country_with_most_signs_counts() -> None:
    text = (FOLDER / "switzerland.ttl").read_text("utf-8").replace("luft mess", "luft%20mess")
    german = "<https://daten.example.ch/luft> <http://purl.org/dc/terms/spatial> <http://data.europa.eu/nuts/code/{}> .\n"
    triples = [
        quad.triple
        for quad in ox.parse(text + german.format("DE1") + german.format("DED"), format=ox.RdfFormat.TURTLE)
    ]
    assert evaluate_catalogue(triples, TODAY).profile is Profile.DE


def test_high_value_datasets_are_judged() -> None:
    evaluation = judged("italy")
    base = "https://dati.example.it/"
    assert {focus for focus, _ in found(evaluation, "catalogue.hvd-legislation")} == {
        f"{base}strade/shp",
        f"{base}altro",
    }
    assert found(evaluation, "catalogue.hvd-category") == [(f"{base}imprese", None)]
    assert found(evaluation, "catalogue.hvd-unknown-category") == [(f"{base}altro", f"{base}categoria")]
    assert {focus for focus, _ in found(evaluation, "catalogue.hvd-api")} == {
        f"{base}{name}" for name in ("strade", "imprese", "altro")
    }
    text = (FOLDER / "italy.ttl").read_text("utf-8")
    without = text.replace(
        "dcat:contactPoint <https://dati.example.it/contatto>", "dct:rights <https://x.example/r>"
    )
    triples = [quad.triple for quad in ox.parse(without, format=ox.RdfFormat.TURTLE)]
    service = [
        one
        for one in evaluate_catalogue(triples, TODAY).report.findings
        if one.code == "catalogue.hvd-service"
    ]
    assert [(one.focus, str(one.path_text)) for one in service] == [
        (f"{base}api", "<http://www.w3.org/ns/dcat#contactPoint>")
    ]
    assert not found(judged("netherlands"), "catalogue.hvd-category")


@contextmanager
def pages(answers: dict[str, tuple[int, bytes]]) -> Iterator[str]:
    """A server of these pages, by their paths; every page may name the server as HOST."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, (404, b""))
            host = "http://{}:{}".format(*self.connection.getsockname())
            body = body.replace(b"HOST", host.encode())
            self.send_response(status)
            self.send_header("Content-Type", "text/turtle")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def page(number: int, following: int | None) -> bytes:
    view = (
        f"<HOST/{number}> a hydra:PartialCollectionView ; hydra:next <HOST/{following}> .\n"
        if following
        else ""
    )
    return (MINIMAL.format(number=number) + view).encode()


def test_pages_are_followed() -> None:
    answers = {f"/{number}": (200, page(number, number + 1 if number < 3 else None)) for number in (1, 2, 3)}
    with pages(answers) as host:
        evaluation = evaluate_location(f"{host}/1", TODAY, WEB)
        offline = evaluate_location(str(FOLDER / "france.ttl"), TODAY, None)
    assert evaluation.mqa.datasets == 3
    assert not [one for one in evaluation.report.findings if one.code.startswith("catalogue.page")]
    ((_, unread),) = found(offline, "catalogue.page-missing")
    assert unread == "https://donnees.example.fr/catalog.ttl?page=2"


def test_a_cycle_of_pages_ends_and_is_told() -> None:
    answers = {"/1": (200, page(1, 2)), "/2": (200, page(2, 1))}
    with pages(answers) as host:
        evaluation = evaluate_location(f"{host}/1", TODAY, WEB)
        assert found(evaluation, "catalogue.page-again") == [(f"{host}/1", f"{host}/1")]
    assert evaluation.mqa.datasets == 2


@pytest.mark.parametrize("answer,said", [((500, b"no"), "500"), ((200, b"<urn:a> <urn:b>"), "Turtle")])
def test_a_page_that_cannot_be_read_does_not_end_the_judgement(answer: tuple[int, bytes], said: str) -> None:
    with pages({"/1": (200, page(1, 2)), "/2": (200, page(2, 3)), "/3": answer}) as host:
        evaluation = evaluate_location(f"{host}/1", TODAY, WEB)
    (finding,) = [one for one in evaluation.report.findings if one.code == "catalogue.page-missing"]
    assert said in finding.message.english and evaluation.mqa.datasets == 2


@pytest.mark.parametrize("ending", ["ttl", "rdf"])
def test_a_catalogue_in_utf_16_is_read(ending: str, tmp_path: Path) -> None:
    text = MINIMAL.format(number="Größe")
    if ending == "rdf":
        triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
        written = ox.serialize(triples, format=ox.RdfFormat.RDF_XML)
        assert written is not None
        text = written.decode().replace("UTF-8", "UTF-16")
    file = tmp_path / f"catalog.{ending}"
    file.write_text(text, "utf-16")
    assert evaluate_location(str(file), TODAY, None).mqa.datasets == 1


def test_ten_thousand_datasets_are_judged(tmp_path: Path) -> None:
    head, _, line = MINIMAL.rstrip().rpartition("\n")
    file = tmp_path / "catalog.ttl"
    lines = (line.format(number=number) for number in range(10_000))
    file.write_text("\n".join([head, *lines]), "utf-8")
    evaluation = evaluate_location(str(file), TODAY, None)
    assert evaluation.mqa.datasets == 10_000
    assert len(found(evaluation, "catalogue.not-listed")) == 10_000


def test_fifty_megabytes_are_judged(tmp_path: Path) -> None:
    """Here in long texts; as 18,200 datasets in ``make nightly``."""
    file = tmp_path / "catalog.ttl"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(100):
            stream.write(MINIMAL.format(number=number).replace('"d"', f'"{"d" * 500_000}"'))
    assert file.stat().st_size > 50_000_000
    assert evaluate_location(str(file), TODAY, None).mqa.datasets == 100


class Untouched(Set[Node]):
    """Nodes through which nobody may walk: with 10,000 datasets that is a step for every pair."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self._nodes = frozenset(nodes)

    def __contains__(self, node: object) -> bool:
        return node in self._nodes

    def __iter__(self) -> Iterator[Node]:
        raise AssertionError("the set was walked through")

    def __len__(self) -> int:
        return len(self._nodes)


def test_compliance_looks_at_what_describes_a_dataset_and_not_at_every_fault() -> None:
    text = (FOLDER / "netherlands.ttl").read_text("utf-8")
    index = CatalogueIndex(quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE))
    catalogue = EvaluatedCatalogue(index, read_codes(), fetch_nothing, Untouched(index.subjects()))
    (lost,) = [one for one in mqa_score(catalogue).missing if one.metric.name == "compliance"]
    assert lost.nodes == len(index.datasets()) > 0 and lost.untested == 0


def test_what_is_told_alike_is_kept_once() -> None:
    lines = [MINIMAL.split("<https://a", 1)[0], "<https://a.example/c> a dcat:Catalog .\n"]
    for number in range(3):
        node = f"<https://a.example/{number}>"
        theme = "<http://publications.europa.eu/resource/authority/data-theme/ENVI>"
        lines.append(f'{node} a dcat:Dataset ; dct:title "{number}" ; dcat:theme {theme} .\n')
    triples = [quad.triple for quad in ox.parse("".join(lines), format=ox.RdfFormat.TURTLE)]
    findings = evaluate_catalogue(triples, TODAY).report.findings
    for code in ("catalogue.no-scheme", "catalogue.not-listed", "dcat.Dataset-description-missing"):
        alike = [one for one in findings if one.code == code]
        assert len(alike) == 3, {one.code for one in findings}
        assert len({id(one.message) for one in alike}) == len({id(one.path) for one in alike}) == 1
    index = CatalogueIndex(triples)
    nodes = [index.datasets()[0], *index.nodes(index.datasets()[0], DCAT + "theme")]
    assert index.nodes(index.datasets()[1], DCAT + "theme")[0] is nodes[1]
    assert set(index.triples) == set(triples) and list(index.triples) == sorted(index.triples, key=str)


@pytest.mark.parametrize("country", COUNTRIES)
def test_advice_for_other_countries_is_not_that_for_germany(country: str) -> None:
    evaluation = judged(country)
    told = [one.remedy for one in evaluation.report.findings]
    for language, where in (
        ("en", ("in Germany", "German portals")),
        ("de", ("in Deutschland", "deutsche Port")),
    ):
        advice = [
            *(one.in_language(language) for one in told),
            *(one.advice(language) for score in (evaluation.mqa, evaluation.fair) for one in score.missing),
        ]
        assert len(advice) > 10
        for one in advice:
            is_german = "dcat-ap.de" in one.lower() or "German" in one or "auf Deutsch" in one
            assert not is_german or any(word in one for word in where) or "EU" in one, one


def test_a_blank_node_is_named_by_what_it_is_where_it_is_a_value_too() -> None:
    text = MINIMAL.format(number=1) + '<https://a.example/1> dct:publisher [ dct:title "Ministerium" ] .\n'
    found = []
    for renamed in (False, True):
        quads = ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=renamed)
        findings = evaluate_catalogue([quad.triple for quad in quads], TODAY).report.findings
        found.append([(one.code, one.value, one.message.english) for one in findings])
    assert found[0] == found[1]
    (about,) = [one for one in found[0] if one[0] == "dcat.Dataset-publisher-range"]
    assert about[1] == "urn:blank:Ministerium" and "urn:blank:Ministerium" in about[2]


def test_a_mail_address_without_its_scheme_is_told() -> None:
    contact = (
        "<https://a.example/1> dcat:contactPoint <https://a.example/c> .\n"
        "<https://a.example/c> a <http://www.w3.org/2006/vcard/ns#Kind> ;\n"
        "  <http://www.w3.org/2006/vcard/ns#hasEmail> <{}> .\n"
    )
    for mail, said in (
        ("office@a.example", ["https://b.example/office@a.example"]),
        ("mailto:o@a.example", []),
    ):
        text = MINIMAL.format(number=1) + contact.format(mail)
        quads = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="https://b.example/catalog.ttl")
        findings = evaluate_catalogue([quad.triple for quad in quads], TODAY).report.findings
        assert [one.value for one in findings if one.code == "catalogue.mail-address"] == said


def test_the_themes_of_opendata_swiss_are_a_sign_of_switzerland() -> None:
    theme = "<https://a.example/1> dcat:theme <http://opendata.swiss/themes/mobility> .\n"
    quads = ox.parse(MINIMAL.format(number=1) + theme, format=ox.RdfFormat.TURTLE)
    assert evaluate_catalogue([quad.triple for quad in quads], TODAY).profile is Profile.CH


@needs_official_shapes
def test_the_table_of_foreign_catalogues_can_be_made() -> None:
    files = [FOLDER / f"{country}.ttl" for country in COUNTRIES if country != "switzerland"]  # an invalid IRI
    lines = foreign_catalogues.table(files).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [f"| {file.stem}" for file in files]
    assert all(line.endswith("| the same |") for line in lines[2:])
    assert len(foreign_catalogues.ADDRESSES) == 20
    assert len({name[:2] for name in foreign_catalogues.ADDRESSES}) >= 6
