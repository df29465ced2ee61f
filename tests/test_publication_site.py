"""A release as files: complete, true, the same each time, and never half-written."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from official_shapes import Result, as_rdflib, needs_official_shapes, results
from pages_fixture import SITE, Read, store_of
from server_fixture import Served, served
from small_files import run_with_small_files
from workspaces import make_workspace

import transfergraph as tg
from transfergraph.common import files
from transfergraph.common.namespaces import DCAT, VOID
from transfergraph.dcat.evaluate.evaluate import evaluate_location
from transfergraph.publish import parallel_writing as sharing
from transfergraph.publish import static_site as site
from transfergraph.publish.resource_files import entities, write_documents
from transfergraph.publish.site_files import INVENTORY, place_of
from transfergraph.publish.static_site import SiteOutcome
from transfergraph.queries import Answer
from transfergraph.release.release_facts import read_facts
from transfergraph.release.verify import file_faults
from transfergraph.web import search_engines
from transfergraph.web.addresses import DOCUMENT_FORMATS
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resources import Resources

URL = "https://data.agency.de/graph/"
ENDPOINT = "https://data.agency.de/sparql"
LOCAL = "http://localhost/"
"""The address of the site that all files share."""
BASE = "https://w3id.org/transfergraph/saxony/"


@pytest.fixture(scope="module")
def shown(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> SiteOutcome:
    """The site of the curated data without pages about entities, but with an endpoint."""
    return tg.site(
        saxony.path, tmp_path_factory.mktemp("site") / "graph", URL, endpoint=ENDPOINT, pages=False
    )


@pytest.fixture(scope="module")
def small(first_release: tuple[Path, Path]) -> Path:
    """A small release."""
    return tg.open(first_release[1]).path


@pytest.fixture(scope="module")
def small_site(small: Path, tmp_path_factory: pytest.TempPathFactory) -> SiteOutcome:
    """The site of the small release: never changed, only copied."""
    return tg.site(small, tmp_path_factory.mktemp("small") / "site", URL)


@pytest.fixture(scope="module")
def bare_site(small: Path, tmp_path_factory: pytest.TempPathFactory) -> SiteOutcome:
    """The same where there are too many entities for pages about them: never changed, only copied."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(site, "PAGES_UP_TO", 3)
        return tg.site(small, tmp_path_factory.mktemp("bare") / "site", URL)


@pytest.fixture(scope="module")
def without_endpoint(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the curated data without pages about entities, and without an endpoint."""
    return tg.site(saxony.path, tmp_path_factory.mktemp("no") / "site", URL, pages=False).folder


@pytest.fixture
def old_site(bare_site: SiteOutcome, tmp_path: Path) -> Path:
    """A copy of it, which may be replaced."""
    return shutil.copytree(bare_site.folder, tmp_path / "site")


@dataclasses.dataclass(frozen=True)
class Shared:
    """A site that many processes wrote, and the steps that they told."""

    made: SiteOutcome
    steps: list[tuple[str, int, int]]


@pytest.fixture(scope="module")
def shared_site(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """The small site again, written by many processes, its pages asked for though they are too many."""
    steps: list[tuple[str, int, int]] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sharing, "_WORTH", 1)
        patched.setattr(site, "PAGES_UP_TO", 3)
        made = tg.site(
            small,
            tmp_path_factory.mktemp("two") / "site",
            URL,
            pages=True,
            advance=lambda step, n=0, of=0: steps.append((step.value, n, of)),
        )
    return Shared(made, steps)


SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
LINK = re.compile(r'\s(?:href|src)="([^"]*)"')


def contents(folder: Path) -> dict[str, bytes]:
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }


def dead_links(folder: Path, url: str, but: str = ".") -> dict[str, str]:
    """The addresses below the start page to which pages, but those in a folder, lead and at which nothing lies."""
    dead = {}

    @cache
    def leads_somewhere(address: str) -> bool:
        place = folder / unquote(address.removeprefix(url))
        return place.is_file() or (place / "index.html").is_file()

    for page in folder.rglob("*.html"):
        if page.parent.name == but:
            continue
        here = url + page.relative_to(folder).as_posix()
        shown = SCRIPT.sub("", page.read_text("utf-8"))
        for target in set(LINK.findall(shown)):
            address = urljoin(here, unescape(target)).partition("#")[0].partition("?")[0]
            if address.startswith(url) and not leads_somewhere(address):
                dead[address] = here
    return dead


def triples(file: Path, form: ox.RdfFormat = ox.RdfFormat.TURTLE) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(file), format=form)}


def test_the_site_is_complete(saxon_site: Path, saxony: tg.Release) -> None:
    folder = saxon_site
    for name in ("index.html", "index.de.html", "pages.css", "sitemap.xml", "robots.txt", ".well-known/void"):
        assert (folder / name).is_file(), name
    for entry in saxony.manifest.files:
        assert (folder / entry.path).is_file(), entry.path
    iris = list(entities(saxony.path, read_facts(saxony.path).site(LOCAL, False)))
    assert len(iris) > 500
    for iri in iris:
        local = iri.removeprefix(BASE).replace("https://w3id.org/transfergraph/scheme/", "scheme/")
        for ending in ("html", "de.html", "en.html", *(form.ending for form in DOCUMENT_FORMATS)):
            assert (folder / unquote(f"{local}.{ending}")).is_file(), iri


def test_what_is_told_of_a_site_is_so(small: Path, small_site: SiteOutcome) -> None:
    assert small_site.documents and small_site.left_out == () and small_site.url == URL
    assert small_site.entities == len(list(entities(small, read_facts(small).site(URL, False)))) > 10
    written = contents(small_site.folder)
    assert (small_site.files, small_site.size) == (len(written), sum(map(len, written.values())))


def test_every_link_leads_somewhere(saxon_site: Path) -> None:
    assert dead_links(saxon_site, LOCAL) == {}


def test_the_files_are_as_the_manifest_states(saxon_site: Path, saxony: tg.Release) -> None:
    manifest = tg.open(saxon_site).manifest
    assert manifest.id == saxony.manifest.id
    assert list(file_faults(saxon_site, manifest.files)) == []
    changed = {
        one.path for one, other in zip(manifest.files, saxony.manifest.files, strict=True) if one != other
    }
    assert changed <= {"catalog.ttl", "catalog.rdf", "catalog.jsonld", "void.ttl", "feed.atom"} | {
        path for path in changed if path.startswith("catalog-feed")
    }


def test_documents_are_those_of_the_server(saxon_site: Path, server: Served) -> None:
    pages = sorted((saxon_site / "organisation").glob("*.ttl")) + sorted(
        (saxon_site / "scheme" / "role").glob("*.ttl")
    )
    for file in [*pages[::7], saxon_site / "ontology.ttl"]:
        path = file.relative_to(saxon_site).with_suffix("").as_posix()
        for form in DOCUMENT_FORMATS:
            answer = server.get(f"{path}.{form.ending}")
            assert answer.body == (saxon_site / f"{path}.{form.ending}").read_bytes(), path


def test_pages_are_those_of_the_server(saxon_site: Path, server: Served) -> None:
    for path in (
        "organisation/htw-dresden",
        "undertaking/recomine",
        "organisations/index",
        "about",
        "scheme/role/partner",
        "dataset/graph",
        "dataset/tables",
        "dataset/ontology",
    ):
        for language in ("de", "en"):
            here = (saxon_site / f"{path}.{language}.html").read_text("utf-8")
            there = server.get(f"{path}.{language}.html").text
            assert there == here.replace(LOCAL, server.url)


def test_the_catalogue_has_the_addresses_of_the_site(shown: SiteOutcome, saxony: tg.Release) -> None:
    folder = shown.folder
    found = triples(folder / "catalog.ttl")
    assert found == triples(folder / "catalog.rdf", ox.RdfFormat.RDF_XML)
    assert found == triples(folder / "catalog.jsonld", ox.RdfFormat.JSON_LD)
    downloads = {
        t.object.value
        for t in found
        if t.predicate.value == DCAT + "downloadURL" and isinstance(t.object, ox.NamedNode)
    }
    assert len(downloads) > 20
    assert all(
        one.startswith(URL) and (folder / unquote(one.removeprefix(URL))).is_file() for one in downloads
    )
    ends = {str(t.object) for t in found if t.predicate.value == DCAT + "endpointURL"}
    assert ends == {f"<{ENDPOINT}>"}
    pages = {str(t.object) for t in found if t.predicate.value == DCAT + "landingPage"}
    own = {f"<{URL}dataset/{key}.html>" for key in ("graph", "tables", "ontology")}
    assert pages == {f"<{URL}>", *own}  # the endpoint has the start page
    dumps = {str(t.object) for t in triples(folder / "void.ttl") if t.predicate.value == VOID + "dataDump"}
    assert {one.strip("<>").removeprefix(URL) for one in dumps} == {
        f"data/graph.{e}.gz" for e in ("nq", "ttl", "nt", "jsonld", "rdf")
    }
    assert (folder / ".well-known/void").read_bytes() == (folder / "void.ttl").read_bytes()
    feed = ElementTree.parse(folder / "feed.atom").getroot()
    assert feed.attrib["{http://www.w3.org/XML/1998/namespace}base"] == URL
    quality = f"{BASE}dataset/graph/quality"
    kept = {t for t in triples(saxony.path / "catalog.ttl") if str(t.subject).startswith(f"<{quality}")}
    assert kept <= found


def test_the_catalogue_of_the_site_is_as_good_as_that_of_the_release(
    shown: SiteOutcome, saxony: tg.Release
) -> None:
    today = date(2027, 1, 1)
    ours, there = (
        evaluate_location(str(folder / "catalog.ttl"), today, None) for folder in (shown.folder, saxony.path)
    )
    assert {(f.code, f.path) for f in ours.report.findings if "service" not in str(f.focus)} <= {
        (f.code, f.path) for f in there.report.findings
    }


@needs_official_shapes
@pytest.mark.parametrize("name", ["shapes", "recommended", "range", "german"])
def test_the_official_shapes_find_nothing_new(
    shown: SiteOutcome, without_endpoint: Path, saxony: tg.Release, name: str
) -> None:
    def found(folder: Path) -> set[Result]:
        catalogue = as_rdflib(triples(folder / "catalog.ttl"))
        return {one._replace(focus="", value="") for one in results(catalogue, name)}

    known = found(saxony.path)
    assert found(shown.folder) <= known and found(without_endpoint) <= known


def test_a_site_at_the_public_url_has_the_catalogue_of_the_release(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    settings = (root / "transfergraph.toml").read_text("utf-8")
    settings = settings.replace("[catalogue]", f'[catalogue]\npublic_url = "{URL}"', 1)
    (root / "transfergraph.toml").write_text(settings, "utf-8")
    release = tg.build(root, tmp_path / "build").release
    assert release is not None
    same = tg.site(release, tmp_path / "same", URL, endpoint=f"{URL}sparql").folder
    with served(tmp_path / "build", root) as server:
        for file in sorted((same / "dataset").glob("*.*")):
            if file.suffix != ".html" or file.name.count(".") == 2:  # a language is named
                answer = server.get(f"dataset/{file.name}").body
                assert answer.decode() == file.read_text("utf-8"), file
    for name in ("manifest.json", *(entry.path for entry in tg.open(release).manifest.files)):
        assert (same / name).read_bytes() == (release / name).read_bytes(), name
    other = tg.site(release, tmp_path / "other", "http://mirror.example/", pages=False).folder
    for file in (other / "catalog.ttl", other / "void.ttl", other / "feed.atom", *other.rglob("*.trig")):
        assert URL not in file.read_text("utf-8"), file
    assert f"{DCAT}DataService" not in (other / "catalog.jsonld").read_text("utf-8")
    assert "sparqlEndpoint" not in (other / "void.ttl").read_text("utf-8")


def test_a_server_at_another_address_sends_the_catalogue_of_a_site_there(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, builds = first_release
    site = tg.site(builds, tmp_path / "site", URL, endpoint=f"{URL}sparql").folder
    original = (builds / "current" / "catalog.ttl").read_bytes()
    listed = json.loads((site / "manifest.json").read_bytes())["files"]
    with served(builds, root, "--public-url", URL) as server:
        for name in ("manifest.json", *(one["path"] for one in listed)):
            assert server.get(name).body == (site / name).read_bytes(), name
        assert server.get(".well-known/void").body == (site / "void.ttl").read_bytes()
        assert server.get("catalog.ttl").body != original
        there = read_facts(site).index
        for node in there.instances(DCAT + "Distribution"):
            for where in there.values(node, DCAT + "downloadURL"):
                assert server.ask(f"/{where.value.removeprefix(URL)}", "HEAD").status == 200
        for node in there.datasets():
            (page,) = there.values(node, DCAT + "landingPage")
            assert page.value == f"{URL}dataset/{node.value.rpartition('/')[2]}.html"
            answer = server.get(page.value.removeprefix(URL))
            assert answer.status == 200 and "text/html" in answer.field("content-type")
            document = server.get(page.value.removeprefix(URL).replace(".html", ".ttl"))
            assert f"<{URL}data/" in document.body.decode() or f"<{URL}ontology/" in document.body.decode()
        (service,) = there.instances(DCAT + "DataService")
        assert [*there.values(service, DCAT + "endpointURL")] == [ox.NamedNode(f"{URL}sparql")]


def test_dataset_pages_tell_search_engines_what_they_ask_for(shown: SiteOutcome) -> None:
    for key in ("graph", "tables", "ontology"):
        for language in ("de", "en"):
            page = (shown.folder / f"dataset/{key}.{language}.html").read_text("utf-8")
            block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
            assert block is not None
            told = json.loads(block[1])
            assert told["@type"] == "Dataset" and told["@id"] == f"{BASE}dataset/{key}"
            assert 50 <= len(told["description"]) <= 5000
            assert told["license"].startswith("https://") and told["isAccessibleForFree"] is True
            for name in (
                "name",
                "creator",
                "keywords",
                "temporalCoverage",
                "identifier",
                "url",
                "dateModified",
                "version",
            ):
                assert told[name], name
            west, south = told["spatialCoverage"]["geo"]["box"].split()[1::-1]
            assert (float(west), float(south)) == (11.8723, 50.1715)
            for one in told["distribution"]:
                file = shown.folder / unquote(one["contentUrl"].removeprefix(URL))
                assert one["contentSize"] == f"{file.stat().st_size} B" and one["encodingFormat"]
                assert len(one["sha256"]) == 64
        described = triples(shown.folder / f"dataset/{key}.ttl")
        assert described <= triples(shown.folder / "catalog.ttl") | triples(shown.folder / "void.ttl")
        assert (
            ox.Triple(
                ox.NamedNode(f"{BASE}dataset/{key}"),
                ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
                ox.NamedNode(DCAT + "Dataset"),
            )
            in described
        )


def test_the_sitemap_lists_pages_that_are_there(saxon_site: Path) -> None:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

    def addresses(file: Path) -> list[str]:
        return [loc.text or "" for loc in ElementTree.parse(file).iter(f"{namespace}loc")]

    listed = addresses(saxon_site / "sitemap.xml")
    assert len(listed) == len(set(listed)) > 200
    assert all((saxon_site / unquote(one.removeprefix(LOCAL))).is_file() for one in listed)
    assert {f"{LOCAL}dataset/graph.de.html", f"{LOCAL}organisation/htw-dresden.en.html"} <= set(listed)
    assert {f"{LOCAL}{name}" for name in ("schema.md", "network.html", "data/graph.nq.gz")} <= set(listed)
    assert f"Sitemap: {LOCAL}sitemap.xml\n" in (saxon_site / "robots.txt").read_text()


def test_a_long_sitemap_is_written_in_parts(
    small: Path, bare_site: SiteOutcome, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    namespace = "{http://www.sitemaps.org/schemas/sitemap/0.9}"

    def addresses(file: Path) -> list[str]:
        return [loc.text or "" for loc in ElementTree.parse(file).iter(f"{namespace}loc")]

    monkeypatch.setattr(search_engines, "MOST_IN_SITEMAP", 20)
    parts = tg.site(small, tmp_path / "parts", URL, pages=False).folder
    listed = addresses(bare_site.folder / "sitemap.xml")
    names = [f"sitemap-{n}.xml" for n in range(1, -(-len(listed) // 20) + 1)]
    assert len(names) > 2 and addresses(parts / "sitemap.xml") == [URL + name for name in names]
    assert sorted(file.name for file in parts.glob("sitemap*")) == sorted(["sitemap.xml", *names])
    assert [one for name in names for one in addresses(parts / name)] == listed
    assert all(len(addresses(parts / name)) == 20 for name in names[:-1])


def test_questions_are_answered_for_their_examples(saxon_site: Path, saxony: tg.Release) -> None:
    answer = saxony.question("partners-of")
    assert isinstance(answer, Answer)
    told = json.loads((saxon_site / "questions/partners-of.json").read_text("utf-8"))
    assert len(told["rows"]) == len(answer.rows) and told["release"] == saxony.manifest.id
    assert (saxon_site / "questions/partners-of.csv").read_text("utf-8").count("\n") == len(told["rows"]) + 1
    page = Read((saxon_site / "questions/partners-of.en.html").read_text("utf-8"))
    assert "Answered for" in page.words
    assert [form.get("role", "") for form in page.all("form")] == ["search", ""]
    assert "Excel" not in Read((saxon_site / "questions/index.en.html").read_text("utf-8")).words


def test_the_same_release_gives_the_same_bytes_by_one_process_or_many(
    small_site: SiteOutcome, shared_site: Shared
) -> None:
    second = shared_site.made
    one, two = contents(small_site.folder), contents(second.folder)
    assert one.keys() == two.keys()
    differing = {path for path in one if one[path] != two[path]}
    assert differing == {"server-config/nginx.conf"}  # it names its folder
    assert ("pages", second.entities, second.entities) in shared_site.steps
    assert not [file for file in second.folder.parent.iterdir() if file.name != "site"]


def test_without_pages_no_link_leads_astray(bare_site: SiteOutcome) -> None:
    made = bare_site
    assert not made.documents and made.entities > 10
    assert dead_links(made.folder, URL) == {}
    assert not (made.folder / "organisation").exists() and not (made.folder / "organisations").exists()
    assert (made.folder / "dataset" / "graph.en.html").is_file() and (made.folder / "ontology.ttl").is_file()


def test_pages_are_left_out_by_themselves_where_they_are_too_many(
    small_site: SiteOutcome, bare_site: SiteOutcome, shared_site: Shared
) -> None:
    assert small_site.documents and not bare_site.documents and shared_site.made.documents
    assert small_site.entities == bare_site.entities == shared_site.made.entities


def test_what_cannot_be_a_file_is_told_and_the_rest_is_there(tmp_path: Path) -> None:
    names = ["x" * 240, ".hidden", "a%2Fb", "a", "a.ttl%2Fc", "%2E%2E%2Fup", "müller", "%FF"]
    iris = [f"{BASE}organisation/{name}" for name in names]
    store = store_of(
        tmp_path, "".join(f'<{iri}> a tg:Organisation ; skos:prefLabel "N"@de .\n' for iri in iris)
    )
    folder = tmp_path / "site"
    site = dataclasses.replace(SITE, endpoint=False)
    content = PublishedRelease(BASE, tmp_path, {}, {}, (), (), (), (), frozenset(), {}, {})
    told = list(write_documents(Resources(store, content, site), site, iris, folder))
    assert [one for one in told if one is not None] == [iris[number] for number in (0, 1, 4, 5, 7)]
    written = {path.removesuffix(".de.html") for path in contents(folder) if path.endswith(".de.html")}
    assert {"organisation/a/b", "organisation/a", "organisation/müller"} <= written
    assert (folder / "organisation" / "a.ttl").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"graph.nq", "site"}


@pytest.mark.parametrize(
    ("local", "place"),
    [
        ("organisation/m%C3%BCller", "organisation/müller"),
        ("a%2Fb", "a/b"),
        ("a%2F..%2Fb", None),
        ("..", None),
        ("%2Fetc", None),
        ("a%00", None),
        ("a%FF", None),
        (".git/x", None),
        ("a//b", None),
        ("", None),
        ("x" * 201, None),
        ("ü" * 101, None),
    ],
)
def test_where_things_lie_on_disk(local: str, place: str | None) -> None:
    assert place_of(local) == place


def test_what_has_gone_has_a_page_and_a_mark(merged_site: Path) -> None:
    stem = merged_site / "organisation" / "müller-ag"
    assert stem.with_name("müller-ag.gone").read_bytes() == b""
    page = Read(stem.with_name("müller-ag.en.html").read_text("utf-8"))
    assert "no longer part of the graph" in page.words.lower()
    assert "/graph/organisation/meier-ag.en.html" in page.links
    replaced = triples(stem.with_name("müller-ag.ttl"))
    assert {str(t.object) for t in replaced} == {f"<{BASE}organisation/meier-ag>"}
    assert not stem.with_name("meier-ag.gone").exists()
    assert f"{URL}organisation/m%C3%BCller-ag.en.html" not in (merged_site / "sitemap.xml").read_text()
    assert dead_links(merged_site, URL, but="lang") == {}  # lang/ag has the address lang%2Fag: no folder


def test_what_is_the_same_keeps_its_time(small: Path, bare_site: SiteOutcome, tmp_path: Path) -> None:
    folder = shutil.copytree(bare_site.folder, tmp_path / "site")
    for file in folder.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    tg.site(small, folder, "https://other.example/", pages=False)
    assert (folder / "data" / "graph.nt.gz").stat().st_mtime == 1_000_000_000
    assert (folder / "catalog.ttl").stat().st_mtime > 1_000_000_000


@pytest.mark.parametrize(
    "url",
    [
        "data.agency.de/graph/",
        "ftp://x/",
        "https://",
        "https:///x",
        "https://me:secret@x/",
        "https://x/?a",
        "https://x/#a",
        "",
        "https://a b/",
    ],
)
def test_an_address_that_is_none_is_refused(small: Path, tmp_path: Path, url: str) -> None:
    with pytest.raises(tg.UsageError, match="is no base URL: it is the whole address"):
        tg.site(small, tmp_path / "site", url)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(tg.UsageError, match="is no SPARQL endpoint"):
        tg.site(small, tmp_path / "site", URL, endpoint="localhost/sparql")


def test_a_folder_that_is_not_ours_stays_as_it_is(
    small: Path, bare_site: SiteOutcome, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(tg.UsageError, match="not a site written by transfergraph"):
        tg.site(small, folder, URL)
    assert contents(tmp_path) == {"site/thesis.txt": b"mine"}
    (folder / "thesis.txt").unlink()
    shutil.copytree(bare_site.folder, folder, dirs_exist_ok=True)
    (folder / "own" / "deep").mkdir(parents=True)
    (folder / "own" / "deep" / "file").write_text("mine")
    before = contents(tmp_path)
    with pytest.raises(tg.UsageError, match=r"would be lost: own/deep/file\. Move that"):
        tg.site(small, folder, URL)
    assert contents(tmp_path) == before
    (tmp_path / "file").write_text("mine")
    with pytest.raises(tg.UsageError, match="is a file"):
        tg.site(small, tmp_path / "file", URL)
    (folder / INVENTORY).write_bytes(b"\xff\xfe")
    with pytest.raises(tg.UsageError, match="not a site written by transfergraph"):
        tg.site(small, folder, URL)
    with pytest.raises(tg.UsageError, match="not a site written by transfergraph"):
        tg.site(small, small, URL)


def test_a_damaged_release_makes_no_site(small: Path, bare_site: SiteOutcome, tmp_path: Path) -> None:
    release = tmp_path / small.name
    shutil.copytree(small, release)
    shutil.copytree(bare_site.folder, tmp_path / "site")
    before = contents(tmp_path / "site")
    (release / "report.json").write_text("{}")
    with pytest.raises(tg.ReleaseError, match=r"report.json is damaged: its checksum"):
        tg.site(release, tmp_path / "site", URL)
    (release / "report.json").unlink()
    with pytest.raises(tg.ReleaseError, match=r"report.json is missing"):
        tg.site(release, tmp_path / "site", URL)
    (release / "catalog.ttl").write_text("no turtle")
    with pytest.raises(tg.ReleaseError, match=r"catalog.ttl cannot be read"):
        tg.site(release, tmp_path / "site", URL)
    assert contents(tmp_path / "site") == before
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([small.name, "site"])


PROGRAM = """
import os, signal, sys
from transfergraph.publish import parallel_writing as sharing
import transfergraph as tg
sharing._WORTH = 1
def advance(step, done, total):
    if (step.value, done) == (sys.argv[3], int(sys.argv[4])) or (done >= int(sys.argv[4]) > 0 and step.value == sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
tg.site(sys.argv[1], sys.argv[2], "https://new.example/", advance=advance)
"""


@pytest.mark.parametrize(("step", "count"), [("copy", 5), ("pages", 0), ("pages", 10)])
def test_a_kill_leaves_the_old_site_whole(
    small: Path, old_site: Path, tmp_path: Path, step: str, count: int
) -> None:
    before = contents(old_site)
    command = [sys.executable, "-c", PROGRAM, str(small), str(old_site), step, str(count)]
    killed = subprocess.run(command, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert contents(old_site) == before
    made = tg.site(small, old_site, "https://new.example/", pages=False)
    assert read_facts(old_site).url == "https://new.example/"
    assert made.files == len(contents(old_site))
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("largest", [200, 30_000, 200_000])
def test_a_full_disk_leaves_the_old_site_whole(
    small: Path, old_site: Path, tmp_path: Path, largest: int
) -> None:
    before = contents(old_site)

    arguments = ("site", old_site, "--base-url", "https://new.example/", "--release", small)
    failed = run_with_small_files(largest, *arguments)
    assert failed.returncode == 4 and "Traceback" not in failed.stderr
    assert "File too large" in failed.stderr and "What was there before is untouched" in failed.stderr
    assert contents(old_site) == before
    assert [file.name for file in tmp_path.iterdir()] == ["site"]


def test_a_worker_that_dies_ends_the_site(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = tmp_path / small.name
    shutil.copytree(small, release)
    monkeypatch.setattr(sharing, "_WORTH", 1)
    monkeypatch.setattr(sharing, "write_share", os._exit)
    with pytest.raises(tg.ReleaseError, match="Writing the pages failed"):
        tg.site(release, tmp_path / "site", URL)
    assert [file.name for file in tmp_path.iterdir()] == [small.name]


def test_two_sites_at_once_do_not_meet(small: Path, tmp_path: Path) -> None:
    with files.replace_folder(tmp_path / "site", lambda _: None) as aside:
        (aside / "x").write_text("x")
        with pytest.raises(tg.ReleaseError, match="Another run is writing"):
            tg.site(small, tmp_path / "site", URL)
    assert contents(tmp_path) == {"site/x": b"x"}


@pytest.fixture
def without_exchange(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A system that cannot let two folders change their names at once."""
    monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    yield


@pytest.mark.usefixtures("without_exchange")
def test_without_an_exchange_the_old_folder_is_put_back_after_a_kill(tmp_path: Path) -> None:
    place = tmp_path / "site"
    for name in ("a", "b"):
        with files.replace_folder(place, lambda _: None) as aside:
            (aside / name).write_text(name)
    assert contents(tmp_path) == {"site/b": b"b"}
    place.rename(tmp_path / ".site.old")  # where a kill between the two steps leaves it
    with pytest.raises(RuntimeError), files.replace_folder(place, lambda _: None):
        raise RuntimeError
    assert contents(tmp_path) == {"site/b": b"b"}


@pytest.mark.usefixtures("without_exchange")
def test_a_rename_that_fails_puts_the_old_folder_back(tmp_path: Path) -> None:
    place = tmp_path / "site"
    with files.replace_folder(place, lambda _: None) as aside:
        (aside / "a").write_text("a")
    with (
        pytest.raises(tg.ReleaseError, match="untouched"),
        files.replace_folder(place, lambda _: None) as aside,
    ):
        shutil.rmtree(aside)
    assert contents(tmp_path) == {"site/a": b"a"}


def test_a_link_to_a_folder_is_followed(small: Path, bare_site: SiteOutcome, tmp_path: Path) -> None:
    shutil.copytree(bare_site.folder, tmp_path / "there")
    (tmp_path / "there" / "catalog.ttl").unlink()
    (tmp_path / "site").symlink_to("there")
    tg.site(small, tmp_path / "site", URL, pages=False)
    assert (tmp_path / "site").is_symlink() and (tmp_path / "there" / "catalog.ttl").is_file()


def test_a_site_needs_a_release(tmp_path: Path) -> None:
    with pytest.raises(tg.ReleaseError, match="no release"):
        tg.site(tmp_path / "nothing", tmp_path / "site", URL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("goes_on_writing", [False, True])
def test_what_a_killed_run_left_does_not_come_into_the_new_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, goes_on_writing: bool
) -> None:
    place = tmp_path / "site[1]"
    left = tmp_path / f".{place.name}.new-{os.getpid()}-0"
    left.mkdir()
    (left / "late").write_text("of a run that was killed")
    if goes_on_writing:
        monkeypatch.setattr("transfergraph.common.files.clear", lambda left: None)
    with files.replace_folder(place, lambda folder: None) as made:
        assert (made == left) is not goes_on_writing
        (made / "page").write_text("new")
    assert {file.name: file.read_text() for file in place.iterdir()} == {"page": "new"}
