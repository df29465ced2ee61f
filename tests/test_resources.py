"""One description, two carriers: whatever has an address is the same on a server and as a file."""

from __future__ import annotations

import dataclasses
import gzip
import html
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox
import pytest
from workspaces import TABLES, edited, make_workspace

import transfergraph as tg
from transfergraph.common.formats import GRAPH_FORMATS, MEDIA_TYPES
from transfergraph.publish.resource_files import GONE, entities
from transfergraph.publish.static_site import SiteOutcome
from transfergraph.server.pool.ipc import Part, decode
from transfergraph.server.pool.requests import ClientPreferences, PageRequest, WorkerConfig
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.worker_context import WorkerContext, load_store, prepare
from transfergraph.web.addresses import HTML, Address, normalised
from transfergraph.web.resources import Resources

URL = "https://data.agency.de/graph/"
OURS = "https://w3id.org/transfergraph/"
_IRI = re.compile(r"https://w3id\.org/transfergraph/[^\s\"'<>\\),;|`{}&]*(?![^\s\"'<>]*\{)")
_READ = {known.ending: known.oxigraph for known in GRAPH_FORMATS} | {"trig": ox.RdfFormat.TRIG}


@dataclass(frozen=True)
class Answered:
    """What a worker answers."""

    status: int
    fields: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Carriers:
    """A site, and the worker of a server that shows the same release at the same address."""

    site: SiteOutcome
    context: WorkerContext

    @property
    def resources(self) -> Resources:
        return Resources(self.context.store, self.context.shared.content, self.context.shared.site)

    @property
    def things(self) -> list[str]:
        """The addresses of all entities."""
        found = (
            self.context.shared.site.local(iri)
            for iri in entities(self.site.folder, self.context.shared.site)
        )
        gone = {self.context.shared.site.local(iri) for iri in self.context.shared.content.gone}
        return [local for local in found if local is not None and local not in gone]

    def ask(self, path: str, accept: str = "") -> Answered:
        """What the worker answers, without any redirect followed."""
        sent: list[bytes] = []
        writer = ResponseWriter(sent.append, "identity")
        writer.finish(
            answer_page(self.context, PageRequest(path, ClientPreferences(accept, url=URL)), writer)
        )
        parts = [message for message in map(decode, sent) if isinstance(message, Part)]
        head = parts[0].head
        assert head is not None
        return Answered(head.status, dict(head.headers), b"".join(part.body for part in parts))

    def resolves(self, path: str, accept: str) -> bool:
        """Whether the server has something there; files of the manifest are sent by another of its processes."""
        if unquote(path) in self.context.shared.content.files or unquote(path) == "manifest.json":
            return True
        answer = self.ask(path, accept)
        if answer.status in (301, 303):
            return self.resolves(answer.fields["location"].removeprefix(URL), accept)
        return answer.status in (200, 410)

    def has_file(self, path: str) -> bool:
        """Whether the site has something there, by the rules of its web servers."""
        place, folder = unquote(path), self.site.folder
        elsewhere = self.context.shared.content.elsewhere.get(normalised(path))
        return any(
            (folder / name).is_file()
            for name in (
                place,
                f"{place}.ttl",
                f"{place}.{GONE}",
                f"{place}/index.html",
                unquote(elsewhere or " "),
            )
        )


def carriers(release: Path, folder: Path) -> Carriers:
    site = tg.site(release, folder, URL)
    config = WorkerConfig(site.folder, URL, None, True, 1000, 10, 10, 256)
    shared = prepare(config)
    store = load_store(config)
    assert store is not None
    return Carriers(
        site,
        WorkerContext(
            dataclasses.replace(shared, site=dataclasses.replace(shared.site, endpoint=False)), store
        ),
    )


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Carriers:
    """The second of two releases: an organisation was merged into another one, and one has gone."""
    folder = tmp_path_factory.mktemp("small")
    more = "weg-ag,company,Weg AG,Gone Inc.,,,,,page\nlang/ag,company,Lang AG,Long Inc.,,,,,page\n"
    root = make_workspace(folder / "ws", organisations=TABLES["organisations"] + more)
    tg.build(root, folder / "build", accept_violations=True)
    data = root / "data" / "source"
    kept = edited("organisations", "müller-ag,company", "meier-ag,company") + more.splitlines(True)[1]
    (data / "organisations.csv").write_text(kept, "utf-8")
    (data / "participations.csv").write_text(
        TABLES["participations"].replace("müller-ag", "meier-ag"), "utf-8"
    )
    (data / "former_organisations.csv").write_text("id,replaced_by\nmüller-ag,meier-ag\n", "utf-8")
    outcome = tg.build(root, folder / "build", accept_violations=True, accept_loss=True)
    assert outcome.release is not None
    return carriers(outcome.release, folder / "site")


@pytest.fixture(scope="module")
def curated(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Carriers:
    """The curated data."""
    return carriers(saxony.path, tmp_path_factory.mktemp("curated") / "site")


def test_every_resource_is_served_and_written_with_the_same_bytes_in_every_form(small: Carriers) -> None:
    counts: dict[str, int] = defaultdict(int)
    languages = small.context.shared.site.languages
    for local in (*small.resources.fixed(), *small.things):
        for resource in small.resources.documents(local):
            for ending in resource.forms:
                for language in languages if ending == HTML else ("",):
                    address = str(Address(resource.local, ending, language, resource.page))
                    answer = small.ask(address)
                    assert answer.body == (small.site.folder / unquote(address)).read_bytes(), address
                    assert answer.status == (200 if resource.gone is None else 410), address
                    kind = resource.media_type or MEDIA_TYPES[ending]
                    assert answer.fields["content-type"].partition(";")[0] == kind, address
                    counts[ending] += 1
    assert counts["ttl"] == counts["nt"] == counts["rdf"] == counts["jsonld"] > 150
    assert counts["html"] > 2 * counts["ttl"] and counts[""] == 4
    assert {path.suffix for path in small.site.folder.rglob(f"*.{GONE}")} == {f".{GONE}"}


def test_every_page_of_a_long_list_of_statements_is_the_same(curated: Carriers) -> None:
    paged = list(curated.site.folder.rglob("*.page-2.*"))
    assert len(paged) > 6
    for path in paged:
        address = path.relative_to(curated.site.folder).as_posix()
        if ".page-2.html" not in address:  # in the language of the reader
            assert curated.ask(address).body == path.read_bytes(), address


def test_whatever_is_written_is_a_resource_a_question_or_a_file(small: Carriers) -> None:
    resources, files = small.resources, small.context.shared.content.files
    addresses = {*resources.fixed(), *resources.parametric(), *small.things}
    assert len(addresses) > 100
    settings = ("server-config/nginx.conf", ".htaccess", ".transfergraph-site", "manifest.json")
    for path in small.site.folder.rglob("*"):
        name = path.relative_to(small.site.folder).as_posix()
        if path.is_dir() or name in files or name in settings:
            continue
        stem = re.sub(r"(\.page-\d+)?(\.(de|en))?\.(html|ttl|nt|rdf|jsonld|json|csv|rq|gone)$", "", name)
        known = {unquote(one) for one in addresses}
        assert {name, stem, stem.removesuffix("index")} & known, name


def minted(folder: Path) -> Iterator[tuple[str, str]]:
    """The IRIs of ours in all files below a folder that are RDF, JSON, Atom, tables or pages, each with its file."""
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        ending = name.removesuffix(".gz").rpartition(".")[2]
        if not file.is_file() or name == "network.html" or re.fullmatch(r"questions/.*html", name):
            continue  # a script with addresses in parts, and the texts of queries
        content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
        if ending in _READ:
            for quad in ox.parse(content, format=_READ[ending], base_iri=f"{URL}{name}", lenient=True):
                terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
                yield from ((term.value, name) for term in terms if isinstance(term, ox.NamedNode))
        elif ending in ("json", "atom", "csv", "html"):
            found = _IRI.findall(html.unescape(content.decode()))
            yield from ((iri.rstrip("."), name) for iri in found if "…" not in iri)  # cut for readers


@pytest.mark.parametrize("which", ["small", "curated"])
def test_every_iri_that_a_release_mints_has_an_address_on_the_server_and_as_a_file(
    which: str, request: pytest.FixtureRequest
) -> None:
    both: Carriers = request.getfixturevalue(which)
    site, paths = both.context.shared.site, {}
    for iri, name in minted(both.site.folder):
        if iri.endswith("/"):
            continue  # a namespace
        if iri.startswith((site.base, OURS)) and not iri.startswith(f"{OURS}check/"):
            local = site.local(iri) or iri.removeprefix(OURS)
            paths[local.partition("#")[0]] = (iri, name)
        elif iri.startswith(URL):
            paths[iri.removeprefix(URL).partition("#")[0]] = (iri, name)
    paths = {path: said for path, said in paths.items() if path}
    assert len(paths) > {"small": 200, "curated": 1500}[which]
    unknown = {said for path, said in paths.items() if not both.has_file(path)}
    assert unknown == set()
    for accept in ("text/html", "text/turtle"):
        assert {said for path, said in paths.items() if not both.resolves(path, accept)} == set()


def test_kinds_of_iris_that_had_no_address(small: Carriers) -> None:
    stem = next((small.site.folder / "feed").glob("*-1.trig")).stem
    for path, location in {
        "dataset/graph": "dataset/graph.ttl",
        "graph/derived": "graph/derived.ttl",
        "graph/vocabulary": "graph/vocabulary.ttl",
        "report": "report.ttl",
        "feed": "feed.ttl",
        "catalog-feed": "catalog-feed.ttl",
        f"feed/{stem}": f"feed/{stem}.trig",
        f"feed/{stem.removesuffix('-1')}": f"feed/{stem}.trig",
        "data/source/organisations.csv": "data/tables/source/organisations.csv",
        "data/source/source.toml": "data/tables/source/csvw-metadata.json",
        "shapes": "ontology/shapes.ttl",
        "presentation": "ontology/presentation.shapes.ttl",
    }.items():
        answer = small.ask(path, "text/turtle")
        assert (answer.status, answer.fields["location"]) == (303, URL + location), path
    for path in (
        "graph/none",
        "feed/none",
        "data/source/none.csv",
        "transfergraph.toml",
        "dataset/graph/class/tg-Alliance",
        "data",
    ):
        assert small.ask(path).status == 404, path
    described = small.ask("dataset/graph.ttl").body.decode()
    assert "#class-tg-Alliance>" in described and "#property-rdf-type>" in described
    page = (small.site.folder / f"feed/{stem}.trig").read_text("utf-8")
    assert f"@prefix event: <{small.context.shared.site.base}feed/{stem}#> ." in page


def test_percent_encodings_are_compared_as_rfc_3986_normalises_them(small: Carriers) -> None:
    for asked, path in {
        "organisation/m%c3%bcller-ag": "organisation/m%C3%BCller-ag",
        "organisation/%6d%C3%BCller%2dag": "organisation/m%C3%BCller-ag",
        "organisation/lang%2fag": "organisation/lang%2Fag",
        "%75ndertaking/recomine": "undertaking/recomine",
        "dataset/gr%61ph": "dataset/graph",
        "%66eed": "feed",
    }.items():
        for accept in ("text/turtle", "text/html"):
            same, other = small.ask(path, accept), small.ask(asked, accept)
            assert (same.status, same.body) == (other.status, other.body) and same.status != 404, asked
    for ending in ("ttl", "en.html"):
        there = small.ask(f"organisation/lang%2Fag.{ending}")
        assert small.ask(f"organisation/lang%2fag.{ending}").body == there.body
        assert "lang%2fag" not in small.ask(f"organisation/lang%2fag.{ending}").fields["link"]
    assert small.ask("organisation/lang/ag").status == 404
