"""The site that pages belong to, and where on it everything lies.

An entity has the path of its IRI below the prefix of the site; its documents have endings of their own::

    undertaking/recomine                      the entity: the server answers 303, a static site its page
    undertaking/recomine.html                 its page, in the language that the reader's browser asks for
    undertaking/recomine.en.html              its page in English
    undertaking/recomine.page-2.en.html       the second hundred of what points at it
    undertaking/recomine.page-2.ttl           the same as Turtle
    undertaking/recomine.linkset              where its page leads programs
    organisations/                            the list of these; its page: organisations/index.html
    organisations/index.csv?seat=place/zittau the same as a table, narrowed by a facet
    embed/undertaking/recomine.en.html        its surroundings as a small page for other sites
    ontology, scheme/role/partner             the terms of the ontology and of its schemes

Paths are percent-encoded as in the IRI, so that a slash within a key (``%2F``) stays one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, unquote, urlsplit

from transfergraph.common.displayed_values import web_address
from transfergraph.common.formats import GRAPH_FORMATS, GraphFormat
from transfergraph.common.iris import ADDRESS_SAFE, normalised
from transfergraph.common.text import Text
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.web.appearance import Appearance

ONTOLOGY = "https://w3id.org/transfergraph/ontology"
SCHEMES = "https://w3id.org/transfergraph/scheme/"
STYLESHEET = "pages.css"
SCHEME_SCRIPT = "scheme.js"
QUESTIONS = "questions/"
SCHEMA = "schema.md"
SEARCH_PAGE = "search"
SEARCH_SCRIPT = "search.js"
HISTORY_FOLDER = "history/"
EMBED_FOLDER = "embed/"
EMBED_SCRIPT = "embed.js"
FAVICON = "favicon.ico"
LIST_SCRIPT = "lists.js"
WORKBENCH = "sparql"
ABOUT_PAGE = "about"
DATA_PAGE = "download"
HTML, PNG = "html", "png"
LINK_SET = "linkset"
"""The file ending of a set of links (RFC 9264), which has none of its own."""

DOCUMENT_FORMATS: tuple[GraphFormat, ...] = tuple(f for f in GRAPH_FORMATS if f.name != "n-quads")
"""The formats of RDF in which a document is offered: those without named graphs."""

LIST_ENDINGS = ("csv", "xlsx", "rq")
"""The file endings of lists that other documents do not have."""

_ENDINGS = (HTML, PNG, LINK_SET, "json", *LIST_ENDINGS, *(known.ending for known in DOCUMENT_FORMATS))
_ENDED = re.compile(rf"(?P<stem>.+)\.(?P<ending>{'|'.join(_ENDINGS)})", re.DOTALL)
_PAGE = re.compile(r"(?P<stem>.+)\.page-(?P<page>[1-9][0-9]{0,8})", re.DOTALL)
_BEYOND_ASCII = re.compile("(?:%[89A-F][0-9A-F])+")


@dataclass(frozen=True, slots=True)
class Address:
    """A path below the prefix, taken apart.

    ``local`` is the path of the entity or list; ``ending`` is empty for the thing itself, ``language`` is
    empty where none was named, ``page`` counts from 1.
    """

    local: str
    ending: str = ""
    language: str = ""
    page: int = 1

    def __str__(self) -> str:
        if not self.ending:
            return self.local
        local, _, fragment = self.local.partition("#")
        stem = f"{local}index" if local.endswith("/") or not local else local
        page = f".page-{self.page}" if self.page > 1 else ""
        language = f".{self.language}" if self.language else ""
        return f"{stem}{page}{language}.{self.ending}" + (f"#{fragment}" if fragment else "")


def readings(path: str, languages: Collection[str]) -> Iterator[Address]:
    """What a path can mean on a site in these languages, the longest name of an entity first.

    An entity may be called ``wir.en`` or ``index``, so the first reading that names something is the right
    one.
    """
    yield Address(path)
    ended = _ENDED.fullmatch(path)
    if ended is None:
        return
    stem, ending, language = ended["stem"], ended["ending"], ""
    yield from _named(stem, ending, language)
    before, _, last = stem.rpartition(".")
    if ending in (HTML, PNG) and before and last in languages:
        stem, language = before, last
        yield from _named(stem, ending, language)
    if paged := _PAGE.fullmatch(stem):
        yield from _named(paged["stem"], ending, language, int(paged["page"]))


def _named(stem: str, ending: str, language: str, page: int = 1) -> Iterator[Address]:
    """What has that name: an entity, or the list that the folder of an ``index`` stands for."""
    yield Address(stem, ending, language, page)
    if stem == "index" or stem.endswith("/index"):
        yield Address(stem.removesuffix("index"), ending, language, page)


@dataclass(frozen=True, slots=True)
class SiteLink:
    """The target of a link, empty where there is none; ``external`` when it leads away from the site."""

    target: str
    external: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What every page says of itself, and the base of its links.

    ``base`` is the IRI under which the data IRIs are minted; ``url`` the absolute address of the start
    page, such as ``https://data.agency.example/graph/``; both end with a slash. Links are absolute paths
    under the path of ``url``. ``release`` and ``issued`` name the release; ``licence`` is an address;
    ``credits`` has one line for each source; ``stylesheet`` lies below the prefix. Only a site with an
    ``endpoint`` answers SPARQL and questions with parameters; ``other_endpoint`` is the address of one
    elsewhere that holds the graph, or empty; only one with ``documents`` has pages about
    entities and lists of them, and only a ``searchable`` one finds these by name; ``presentation`` says how
    they are called and ordered. ``kinds`` are those of the organisations in its network, the most frequent
    first. The lists of ``empty`` have no entries. ``own_pages`` are those that the
    workspace brings: the name and title of each; ``appearance`` is how all pages look.
    """

    title: Text
    description: Text
    base: str
    url: str
    release: str
    issued: date
    licence: str
    citation: Text
    publisher: str
    homepage: str
    languages: tuple[str, ...]
    credits: tuple[Text, ...] = ()
    stylesheet: str = STYLESHEET
    endpoint: bool = True
    documents: bool = True
    searchable: bool = False
    other_endpoint: str = ""
    empty: frozenset[str] = frozenset()
    kinds: tuple[str, ...] = ()
    own_pages: tuple[tuple[str, Text], ...] = ()
    appearance: Appearance = field(default_factory=Appearance)
    presentation: Presentation = field(default_factory=Presentation, repr=False)

    @property
    def prefix(self) -> str:
        """The path of the start page: ``/`` or, behind a proxy, such as ``/graph/``."""
        return urlsplit(self.url).path or "/"

    def iri(self, local: str) -> str:
        """The IRI of what lies at that path below the prefix."""
        if is_ontology(local):
            return ONTOLOGY + local.removeprefix("ontology")
        if local.startswith("scheme/"):
            return SCHEMES + local.removeprefix("scheme/")
        return self.base + local

    def iris(self, local: str) -> Iterator[str]:
        """The IRIs whose address that path can be: as it stands, normalised, and with the characters beyond
        ASCII that an IRI may have (RFC 3987, section 3.2)."""
        plain = normalised(local)
        decoded = _BEYOND_ASCII.sub(lambda octets: _decoded(octets[0]), plain)
        yield from dict.fromkeys(map(self.iri, (local, plain, decoded)))

    def local(self, iri: str) -> str | None:
        """The path below the prefix of an IRI that this site answers for; None for all others."""
        return local_path(self.base, iri)

    def path(self, local: str, ending: str = "", language: str = "", page: int = 1) -> str:
        """The absolute path of what lies there, for a link."""
        return self.prefix + str(Address(local, ending, language, page))

    def address(self, local: str, ending: str = "", language: str = "", page: int = 1) -> str:
        """The absolute URL of what lies there."""
        return self.url + str(Address(local, ending, language, page))

    def link(self, iri: str, language: str) -> SiteLink:
        """Where an IRI leads a reader of that language: to our page about it, or out into the web.

        Nowhere when it may not become a link: only ``http`` and ``https`` do, and nothing leads to a page
        that the site does not have.
        """
        local = self.local(iri)
        if local is not None:
            if not self.documents and not is_ontology(local):
                return SiteLink("", external=False)
            return SiteLink(self.path(local, HTML, language), external=False)
        target = web_address(iri)
        return SiteLink(target, external=bool(target))


def local_path(base: str, iri: str) -> str | None:
    """The path below the start page of an IRI that a site for this base answers for; None for all others."""
    if iri == ONTOLOGY or iri.startswith((f"{ONTOLOGY}#", f"{ONTOLOGY}/")):
        return _as_path("ontology" + iri.removeprefix(ONTOLOGY))
    if iri.startswith(SCHEMES) and iri != SCHEMES:
        return _as_path("scheme/" + iri.removeprefix(SCHEMES))
    if iri.startswith(base) and iri != base:
        return _as_path(iri.removeprefix(base))
    return None


def is_ontology(local: str) -> bool:
    """True for the path of the ontology, of one of its terms, or of one of its versions."""
    return local == "ontology" or local.startswith(("ontology#", "ontology/"))


def _decoded(octets: str) -> str:
    try:
        return unquote(octets, errors="strict")
    except UnicodeDecodeError:
        return octets


def _as_path(rest: str) -> str | None:
    """The end of a path, in nothing but URL characters and without a step upwards; None when it has one."""
    if not {".", ".."}.isdisjoint(unquote(rest).split("/")):
        return None
    path = rest.lstrip("/")
    return "%2F" * (len(rest) - len(path)) + quote(path, safe=ADDRESS_SAFE)
