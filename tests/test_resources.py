"""One description, two carriers: whatever has an address is the same on a server and as a file.

What there is is counted as a whole; of what is alike a share is compared, and all where ``WHOLE`` is set.
"""

from __future__ import annotations

import dataclasses
import gzip
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest
from shares import share

import transfergraph as tg
from transfergraph.common.formats import GRAPH_FORMATS, MEDIA_TYPES
from transfergraph.common.iris import normalised
from transfergraph.common.namespaces import DOCS
from transfergraph.publish.resource_files import GONE, entities
from transfergraph.server.pool.ipc import Part, decode
from transfergraph.server.pool.requests import ClientPreferences, PageRequest, QuestionRequest, WorkerConfig
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.question_answers import answer_question
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.worker_context import WorkerContext, load_store, prepare
from transfergraph.web.addresses import HTML, PNG, QUESTIONS, Address
from transfergraph.web.resource_forms import Resource
from transfergraph.web.resources import Resources

URL = "https://data.agency.de/graph/"
OURS = "https://w3id.org/transfergraph/"
_IRI = re.compile(r"https://w3id\.org/transfergraph/[^\s\"'<>\\),;|`{}&]*(?![^\s\"'<>]*\{)")
_PACKED = (".sqlite", ".png", ".ico", ".wasm", ".xlsx")
_READ = {known.ending: known.oxigraph for known in GRAPH_FORMATS} | {"trig": ox.RdfFormat.TRIG}


@dataclass(frozen=True)
class Answered:
    """What a worker answers."""

    status: int
    fields: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Carriers:
    """A site in a folder, and the worker of a server that shows the same release at the same address."""

    release: Path
    folder: Path
    url: str
    context: WorkerContext

    @property
    def resources(self) -> Resources:
        shared = self.context.shared
        return Resources(self.context.store, shared.content, shared.site, lists=self.context.lists)

    @property
    def things(self) -> list[str]:
        """The addresses of all entities."""
        found = (
            self.context.shared.site.local(iri) for iri in entities(self.folder, self.context.shared.site)
        )
        gone = {self.context.shared.site.local(iri) for iri in self.context.shared.content.gone}
        return [local for local in found if local is not None and local not in gone]

    def ask(self, path: str, accept: str = "") -> Answered:
        """What the worker answers, without any redirect followed."""
        sent: list[bytes] = []
        writer = ResponseWriter(sent.append, "identity")
        preferences = ClientPreferences(accept, url=self.url)
        if path.startswith(QUESTIONS):
            asked = QuestionRequest(path.removeprefix(QUESTIONS), (), preferences)
            writer.finish(answer_question(self.context, asked, writer))
        else:
            writer.finish(answer_page(self.context, PageRequest(path, preferences), writer))
        parts = [message for message in map(decode, sent) if isinstance(message, Part)]
        head = parts[0].head
        assert head is not None
        return Answered(head.status, dict(head.headers), b"".join(part.body for part in parts))

    def resolves(self, path: str, accept: str) -> bool:
        """Whether the server has something there."""
        answer = self.ask(path, accept)
        if answer.status in (301, 303):
            return self.resolves(answer.fields["location"].removeprefix(self.url), accept)
        return answer.status in (200, 410)

    def has_file(self, path: str) -> bool:
        """Whether the site has something there, by the rules of its web servers."""
        place, folder = unquote(path), self.folder
        elsewhere = self.context.shared.content.elsewhere.get(normalised(path))
        return any(
            (folder / name).is_file()
            for name in (
                place,
                f"{place}.ttl",
                f"{place}.html",
                f"{place}.{GONE}",
                f"{place}/index.html",
                unquote(elsewhere or " "),
            )
        )


def carriers(release: Path, folder: Path, url: str) -> Carriers:
    config = WorkerConfig(folder, url, None, True, 1000, 10, 10, 256)
    shared = prepare(config)
    store = load_store(shared)
    assert store is not None
    return Carriers(
        release,
        folder,
        url,
        WorkerContext(
            dataclasses.replace(shared, site=dataclasses.replace(shared.site, endpoint=False)),
            store,
        ),
    )


@pytest.fixture(scope="module")
def small(merged_release: Path, merged_site: Path) -> Carriers:
    """The second of two releases: an organisation was merged into another one, and one has gone."""
    return carriers(merged_release, merged_site, URL)


@pytest.fixture(scope="module")
def curated(saxony: tg.Release, saxon_site: Path) -> Carriers:
    """The curated data."""
    return carriers(saxony.path, saxon_site, "http://localhost/")


@dataclass(frozen=True)
class Form:
    """A form of a resource, in a language where it has some."""

    resource: Resource
    ending: str
    language: str

    @property
    def address(self) -> str:
        return str(Address(self.resource.local, self.ending, self.language, self.resource.page))

    @property
    def kind(self) -> tuple[object, ...]:
        """What is the same of resources that are alike: the folder, the form, the language, and whether they have gone."""
        place = folder_of(self.resource.local) or self.resource.local
        is_other_page = self.resource.page > 1
        return place, self.ending, self.language, self.resource.gone is not None, is_other_page


def forms(resources: Resources, local: str, languages: Iterable[str]) -> Iterator[Form]:
    """All forms of what there is below an address."""
    for resource in resources.documents(local):
        for ending in resource.forms:
            for language in ("", *languages) if ending == PNG else languages if ending == HTML else ("",):
                yield Form(resource, ending, language)


@pytest.mark.share
def test_every_resource_is_served_and_written_with_the_same_bytes_in_every_form(small: Carriers) -> None:
    counts: dict[str, int] = defaultdict(int)
    languages = small.context.shared.site.languages
    histories = [one for local in small.things if (one := small.resources.history_of(local))]
    assert len(histories) > 3
    embeds = [f"embed/{local}" for local in small.things]
    every = (*small.resources.fixed(), *small.things, *histories, *embeds)
    resources = small.resources
    found = [form for local in every for form in forms(resources, local, languages)]
    for form in found:
        assert (small.folder / unquote(form.address)).is_file(), form.address
        counts[form.ending] += 1
    for form in share(found, lambda form: form.kind):
        address, resource = form.address, form.resource
        answer = small.ask(address)
        assert answer.body == (small.folder / unquote(address)).read_bytes(), address
        assert answer.status == (200 if resource.gone is None else 410), address
        kind = resource.media_type or MEDIA_TYPES[form.ending]
        assert answer.fields["content-type"].partition(";")[0] == kind, address
    lists = len(small.context.shared.site.presentation.lists)
    assert counts["csv"] == counts["xlsx"] == lists > 10
    assert counts["ttl"] - lists == counts["nt"] == counts["rdf"] == counts["jsonld"] > 150
    assert counts["html"] > 2 * counts["ttl"] and counts["json"] == 2 + lists
    computed = sum(local.startswith("workbench/") for local in small.resources.fixed())
    assert computed == 13  # scripts, editor, charts and their licences, terms, store and dump
    assert counts[""] == len(small.context.shared.content.files) + 11 + computed
    assert counts["png"] > 20
    assert {path.suffix for path in small.folder.rglob(f"*.{GONE}")} == {f".{GONE}"}


def test_every_page_of_a_long_list_of_statements_is_the_same(curated: Carriers) -> None:
    paged = list(curated.folder.rglob("*.page-2.*"))
    assert len(paged) > 6
    for path in paged:
        address = path.relative_to(curated.folder).as_posix()
        if ".page-2.html" not in address:  # in the language of the reader
            assert curated.ask(address).body == path.read_bytes(), address


def test_whatever_is_written_is_a_resource_a_question_or_a_file(small: Carriers) -> None:
    resources, files = small.resources, small.context.shared.content.files
    addresses = {*resources.fixed(), *resources.parametric(), *small.things}
    addresses |= {resources.history_of(one) for one in small.things}
    addresses |= {f"embed/{one}" for one in small.things}
    assert len(addresses) > 100
    settings = ("server-config/nginx.conf", ".htaccess", ".transfergraph-site", "manifest.json")
    for path in small.folder.rglob("*"):
        name = path.relative_to(small.folder).as_posix()
        if path.is_dir() or name in files or name in settings:
            continue
        stem = re.sub(
            r"(\.page-\d+)?(\.(de|en))?\.(html|ttl|nt|rdf|jsonld|linkset|json|csv|xlsx|rq|gone|png)$",
            "",
            name,
        )
        known = {unquote(one) for one in addresses}
        assert {name, stem, stem.removesuffix("index")} & known, name


def folder_of(path: str) -> str:
    """The folder in which a file lies; of deep ones the upper two."""
    return "/".join(path.split("/")[:-1][:2])


def minted(folder: Path, url: str) -> Iterator[tuple[str, str]]:
    """The IRIs of ours and the addresses of the site in every file below a folder, each with its file.

    Not those that end with a slash, which are namespaces and beginnings, those that a page cuts, and those of the
    software's documentation, to which findings lead.
    """
    for file in folder.rglob("*"):
        name = file.relative_to(folder).as_posix()
        if not file.is_file() or name.startswith("store/") or name.endswith(_PACKED):
            continue
        content = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
        ending = name.removesuffix(".gz").rpartition(".")[2]
        if ending in _READ:
            for quad in ox.parse(content, format=_READ[ending], base_iri=f"{url}{name}", lenient=True):
                terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
                yield from ((term.value, name) for term in terms if isinstance(term, ox.NamedNode))
        else:
            found = {iri.rstrip(".") for iri in _IRI.findall(html.unescape(content.decode()))}
            yield from ((iri, name) for iri in found if "…" not in iri and not iri.endswith("/"))


@pytest.mark.share
@pytest.mark.parametrize("which", ["small", "curated"])
def test_every_iri_in_any_file_of_a_release_has_an_address_on_the_server_and_as_a_file(
    which: str, request: pytest.FixtureRequest
) -> None:
    both: Carriers = request.getfixturevalue(which)
    site, paths = both.context.shared.site, {}
    for folder in (both.folder, both.release):
        for iri, name in minted(folder, both.url):
            local = site.local(iri)
            if iri.startswith(DOCS):
                continue
            for start in (site.base, OURS, both.url):
                if iri.startswith(start):
                    paths[(local or iri.removeprefix(start)).partition("#")[0]] = (iri, name)
                    break
    paths = {path: said for path, said in paths.items() if path and not path.endswith("/")}
    assert len(paths) > {"small": 400, "curated": 2000}[which]
    assert {said for path, said in paths.items() if not both.has_file(path)} == set()
    asked = list(share(sorted(paths), folder_of))
    for accept in ("text/html, */*;q=0.1", "text/turtle, */*;q=0.1"):
        assert {paths[path] for path in asked if not both.resolves(path, accept)} == set()


def test_a_server_with_an_endpoint_differs_by_what_leads_to_it_alone(small: Carriers) -> None:
    shared = small.context.shared
    site = dataclasses.replace(shared.site, endpoint=True)
    context = dataclasses.replace(small.context, shared=dataclasses.replace(shared, site=site))
    served = dataclasses.replace(small, context=context)
    assert set(served.resources.fixed()) - set(small.resources.fixed()) == {"questions/openapi.json"}
    lists = {f"questions/index.{ending}" for ending in ("json", "ttl", "nt", "rdf", "jsonld")}
    store = {f"workbench/{name}.js" for name in ("worker", "worker-source", "wasm", "graph-1")}
    expected = {"robots.txt", ".well-known/sparql-examples", *lists, *store}
    differing = set()
    found = [form for local in small.resources.fixed() for form in forms(small.resources, local, ["en"])]
    others_than_expected = [form for form in found if form.address not in expected]
    those = [form for form in found if form.address in expected]
    for form in (*those, *share(others_than_expected, lambda form: form.kind)):
        address, body = form.address, served.ask(form.address).body
        if form.ending == HTML:
            lines = [one for one in body.decode().splitlines() if "/sparql." not in one]
            written = (small.folder / unquote(address)).read_text("utf-8").splitlines()
            computed = address.startswith(("questions/", "sparql."))  # by a script, or by the server
            others = {one for one in written if one not in lines and "/sparql." not in one}
            others = set() if computed else others
            assert not others or form.resource.gone is not None, (address, others)
        elif body != (small.folder / unquote(address)).read_bytes():
            differing.add(address)
    assert differing == expected


def test_the_list_of_questions_has_the_forms_that_there_are(small: Carriers) -> None:
    listed = json.loads((small.folder / "questions/index.json").read_bytes())["questions"]
    assert [one["name"] for one in listed] == [one.name for one in small.context.shared.content.questions]
    for one in listed:
        address = one["url"].removeprefix(URL)
        assert (small.folder / one["query"].removeprefix(URL)).is_file()
        assert one["formats"].keys() >= {"html"} and len(one["formats"]) > 1
        for ending, media_type in one["formats"].items():
            assert (small.folder / f"{address}.{ending}").is_file(), one
            assert media_type == MEDIA_TYPES[ending]
    answer = small.ask("questions/", "text/turtle")
    assert answer.body == (small.folder / ".well-known/sparql-examples").read_bytes()
    assert small.ask("questions/openapi.json").status == 404 and b"sparql>" not in answer.body


def test_the_sitemap_lists_what_is_fixed(small: Carriers) -> None:
    listed = {one.removeprefix(URL) for one in small.resources.sitemap()}
    files = {quote(path) for path in small.context.shared.content.files}
    assert files <= listed and "manifest.json" in files and {"schema.md", "questions/index.en.html"} <= listed
    for address in listed:
        assert small.ask(address).status == 200 and small.has_file(address), address


def test_kinds_of_iris_that_had_no_address(small: Carriers) -> None:
    stem = next((small.folder / "feed").glob("*-1.trig")).stem
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
        "check/none",
        "releases/none/manifest.json",
        "transfergraph.toml",
        "dataset/graph/class/tg-Alliance",
        "data",
    ):
        assert small.ask(path).status == 404, path
    described = small.ask("dataset/graph.ttl").body.decode()
    assert "#class-tg-Alliance>" in described and "#property-rdf-type>" in described
    page = (small.folder / f"feed/{stem}.trig").read_text("utf-8")
    assert f"@prefix event: <{small.context.shared.site.base}feed/{stem}#> ." in page


SPELLINGS = {
    "organisation/m%c3%bcller-ag": "organisation/m%C3%BCller-ag",
    "organisation/%6d%C3%BCller%2dag": "organisation/m%C3%BCller-ag",
    "organisation/lang%2fag": "organisation/lang%2Fag",
    "organisation/l%61ng%2fag%2Een%2ehtml": "organisation/lang%2Fag.en.html",
    "organisation/lang%2Fag%2ettl": "organisation/lang%2Fag.ttl",
    "%75ndertaking/recomine": "undertaking/recomine",
    "organi%73ations/": "organisations/",
    "organi%73ations": "organisations",
    "dataset/gr%61ph": "dataset/graph",
    "dataset/graph%2eRDF": "dataset/graph.RDF",
    "%66eed": "feed",
    "data/%73ource/organisations%2Ecsv": "data/source/organisations.csv",
    "d%61ta/graph%2ent.gz": "data/graph.nt.gz",
    "m%61nifest%2Ejson": "manifest.json",
    "ont%6flogy%2Fnone": "ontology%2Fnone",
    "%6fntology.ttl": "ontology.ttl",
    "%2ewell-known/void": ".well-known/void",
    "schema%2Emd": "schema.md",
    "sitem%61p.xml": "sitemap.xml",
    "%71uestions/": "questions/",
    "questions/inde%78.json": "questions/index.json",
    "p%61ges.css": "pages.css",
    "%69ndex.html": "index.html",
}


@pytest.mark.parametrize("asked", SPELLINGS)
def test_percent_encodings_are_compared_as_rfc_3986_normalises_them(small: Carriers, asked: str) -> None:
    path = SPELLINGS[asked]
    absent = ("none", "RDF")
    for accept in ("text/turtle, */*;q=0.1", "text/html, */*;q=0.1", ""):
        same, other = small.ask(path, accept), small.ask(asked, accept)
        assert same.status == other.status and (same.status == 404) == path.endswith(absent), asked
        if same.status != 404:
            assert (same.body, same.fields) == (other.body, other.fields), asked


def test_a_slash_within_a_key_is_none_of_a_path(small: Carriers) -> None:
    assert "lang%2fag" not in small.ask("organisation/lang%2fag.ttl").fields["link"]
    for path in ("organisation/lang/ag", "organisation%2Flang%2Fag", "undertaking%2frecomine"):
        assert small.ask(path).status == 404, path
