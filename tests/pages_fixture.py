"""What the tests of the pages share: a site, stores with a few statements, and a reader of HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pyoxigraph as ox
from workspaces import REPOSITORY

from transfergraph import Text
from transfergraph.config.declarations import declarations_of
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.presentation_reader import read_presentation
from transfergraph.web.addresses import Site

BASE = "https://w3id.org/transfergraph/saxony/"
EXAMPLE = "https://example.org/"
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"

SITE = Site(
    title=Text(de="Innovationslandschaft Sachsen", en="Innovation landscape of Saxony"),
    description=Text(de="Jede Aussage mit ihrer Quelle.", en="Each statement with its source."),
    base=BASE,
    url="https://data.agency.example/graph/",
    release="2026.11-0123456789ab",
    issued=date(2026, 11, 24),
    licence="https://creativecommons.org/licenses/by/4.0/",
    citation=Text(
        de="Innovationslandschaft Sachsen, Release 2026.11-0123456789ab, 2026-11-24.",
        en="Innovation landscape of Saxony, release 2026.11-0123456789ab, 2026-11-24.",
    ),
    publisher="Eine Behörde",
    homepage="https://agency.example",
    languages=("de", "en"),
    credits=(Text(de="Fakten: eine Seite", en="Facts: a page"),),
    presentation=read_presentation(declarations_of(REPOSITORY, ("de", "en"))),
)

_PREFIXES = """
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix edtf: <http://id.loc.gov/datatypes/edtf/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix role: <https://w3id.org/transfergraph/scheme/role/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


STATED = "GRAPH ?graph {{ {} }} FILTER(!STRENDS(STR(?graph), 'graph/description'))"
"""A pattern about what sources and terms state, without what an endpoint says of the release and its queries."""


def store_of(folder: Path, turtle: str, graph: str = "graph/source") -> EmbeddedStore:
    """A store that holds these statements in one named graph; relative IRIs lie under the base."""
    quads = (
        ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(BASE + graph))
        for triple in ox.parse(_PREFIXES + turtle, format=ox.RdfFormat.TURTLE, base_iri=BASE)
    )
    return loaded(folder, quads)


def loaded(folder: Path, quads: Iterable[ox.Quad]) -> EmbeddedStore:
    """A store in memory that holds these quads."""
    file = folder / "graph.nq"
    file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    store = EmbeddedStore.in_memory()
    store.load(file)
    return store


_LINKING = ("href", "src", "action")
_BLOCKS = ("p", "li", "dt", "dd", "div", "td", "th", "tr", "section", "h1", "h2", "h3")


class Read(HTMLParser):
    """The elements of a page with their attributes, its text, and the links in it.

    Links within the site are as paths from the root, which the page has seen from its own (canonical) address.
    """

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._silent = ""
        self.feed(page)
        self.close()
        canonical = [one["href"] for one in self.all("link") if one.get("rel") == "canonical"]
        for _, attributes in self.elements:
            for name in _LINKING:
                if canonical and attributes.get(name, "").startswith(("./", "../")):
                    found = urlsplit(urljoin(canonical[0], attributes[name]))
                    attributes[name] = found._replace(scheme="", netloc="").geturl()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag in ("script", "style"):
            self._silent = tag
        if tag in _BLOCKS:
            self.text += " "

    def handle_endtag(self, tag: str) -> None:
        """Note that text is shown again."""
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        """Collect what is shown."""
        if not self._silent:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        """The attributes of the elements of that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def links(self) -> list[str]:
        """Where the links in the text lead."""
        return [attributes["href"] for attributes in self.all("a") if "href" in attributes]

    @property
    def words(self) -> str:
        """The text with single spaces."""
        return " ".join(self.text.split())
