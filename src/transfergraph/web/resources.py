"""What can be had of a release: each address, what it names, and the forms in which it is given.

The server negotiates over this and the static site walks it, so that both give the same bytes. *Fixed* is
what the release alone gives: what :meth:`Resources.fixed` lists, and the entities.
*Parametric* are the endpoint, the saved questions and the search: the server answers them for the values of a
request; a site has the pages of the questions for the examples of their files, and its page of the search
finds by script. What is none of these has no address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from itertools import chain
from urllib.parse import unquote

import pyoxigraph as ox

from transfergraph.common.formats import MEDIA_TYPES, OPENAPI
from transfergraph.common.iris import normalised
from transfergraph.common.namespaces import ANSWER_PREFIXES, CATALOGUE_PREFIXES, GRAPH_PREFIXES
from transfergraph.dcat.catalogue import VOID_FILE
from transfergraph.lists.find_in_list import FacetedList, ListIndex
from transfergraph.lists.list_query import ListQuery
from transfergraph.lists.list_result import ON_PAGE
from transfergraph.store import Store
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import (
    HTML,
    LIST_SCRIPT,
    ONTOLOGY,
    QUESTIONS,
    SCHEMA,
    SEARCH_PAGE,
    SEARCH_SCRIPT,
    STYLESHEET,
    Address,
    Site,
    is_ontology,
)
from transfergraph.web.dataset_page import DatasetRecord, render_dataset
from transfergraph.web.entity_cells import EntityCells
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_lists import (
    Listing,
    Overview,
    read_listing,
    read_listings,
    read_overview,
    read_page_paths,
)
from transfergraph.web.entity_page import render_entity
from transfergraph.web.list_downloads import list_file
from transfergraph.web.list_page import FILES, AskedList, list_script, render_faceted_list
from transfergraph.web.listed_files import FileResource, find_file
from transfergraph.web.ontology_page import (
    ONTOLOGY_FILE,
    Ontology,
    own_terms,
    read_alignments,
    read_ontology,
    read_triples,
    read_vocabulary,
    render_ontology,
)
from transfergraph.web.page_template import stylesheet
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.question_list import describe_api, list_questions, query_catalogue
from transfergraph.web.resource_forms import Form, page_form, rdf_forms
from transfergraph.web.schema_text import describe_schema
from transfergraph.web.search_engines import robots_txt, sitemap, sitemap_count
from transfergraph.web.search_page import describe_search, render_search, search_script
from transfergraph.web.site_pages import (
    GoneEntity,
    find_gone,
    render_gone,
    render_index,
    render_list,
    render_questions,
)

WELL_KNOWN, EXAMPLES = ".well-known/void", ".well-known/sparql-examples"
OPENAPI_FILE = f"{QUESTIONS}openapi.json"


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address names.

    ``forms`` are by the file ending of their address, which is empty for what is nothing but its bytes, of
    the ``media_type``; a ``file`` of the release is one of them. What has an ``iri`` is no document: its own
    address leads to one (Cool URIs for the Semantic Web, section 4.2). ``described`` is the path of RDF about
    it, or empty; ``see`` that of the file in which something is described. ``page`` counts from 1 to
    ``pages``. ``gone`` says what an earlier release had; ``related`` are other links (RFC 8288): relation,
    path, and the media type where the link is also a form of the resource.
    """

    local: str
    forms: Mapping[str, Form]
    iri: str = ""
    page: int = 1
    pages: int = 1
    media_type: str = ""
    described: str = ""
    see: str = ""
    file: FileResource | None = None
    gone: GoneEntity | None = None
    related: tuple[tuple[str, str, str], ...] = ()


class Resources:
    """All resources of a release as a site shows them.

    ``shows`` tells which pages the carrier can have; the sitemap leaves out the others. Without ``lists``, as
    in releases of before, lists are read from the store, and have no facets.
    """

    def __init__(
        self,
        store: Store,
        content: PublishedRelease,
        site: Site,
        shows: Callable[[str], bool] = lambda local: True,
        lists: ListIndex | None = None,
    ) -> None:
        self._store, self._content, self._site, self._shows = store, content, site, shows
        self._lists = lists.lists if lists is not None and site.documents else {}

    def fixed(self) -> Iterator[str]:
        """The addresses of all fixed resources but entities, each once, without their endings."""
        content, site = self._content, self._site
        yield from ("", QUESTIONS, *self._plain())
        yield from (FileResource(path).local for path in content.files)
        if site.searchable:
            yield SEARCH_PAGE
        if site.documents:
            yield from (f"{key}/" for key in site.presentation.lists)
        if content.versions:
            yield from ("ontology", *(f"ontology/{version}" for version in content.versions))
        for iri in (*content.described, *sorted(content.gone)):
            local = site.local(iri)
            if local is not None and "#" not in local and unquote(local) not in content.files:
                yield local
        yield from content.elsewhere

    def parametric(self) -> Iterator[str]:
        """The addresses of what a server answers for the values of a request."""
        yield from (f"{QUESTIONS}{question.name}" for question in self._content.questions)
        if self._site.endpoint:
            yield "sparql"

    def documents(self, local: str) -> Iterator[Resource]:
        """What lies at an address, page by page; nothing where nothing does."""
        if local.endswith("/") and local[:-1] in self._lists:
            listed = self._lists[local[:-1]]
            for page in range(1, max(1, -(-listed.count // ON_PAGE)) + 1):
                yield self._faceted(listed, page)
            return
        if local.endswith("/") and local[:-1] in self._site.presentation.lists:
            for page, listing in enumerate(read_listings(self._store, self._site, local[:-1]), 1):
                yield self._list(listing, page)
            return
        found = self._single(local) or self.find(Address(local, HTML))
        if found is not None:
            yield found
            for page in range(2, found.pages + 1):
                following = self.find(Address(local, HTML, page=page))
                if following is not None:
                    yield following

    def find(self, address: Address) -> Resource | None:
        """What the address names, if it has the file ending; None when that is nothing.

        The forms of an entity are read only for an address with an ending.
        """
        local, page = address.local, address.page
        if page == 1 and not address.ending and (found := self._single(local)) is not None:
            return found
        if local.endswith("/") or local == "":
            made = {"": self._start, QUESTIONS: self._questions}.get(local)
            found = made() if made is not None else self._one_list(local[:-1], page)
        elif is_ontology(local):
            found = self._ontology(local)
        elif local == SEARCH_PAGE and self._site.searchable:
            found = self._search()
        else:
            found = self._thing(address)
        if found is None or found.page != page or address.ending not in ("", *found.forms):
            return None
        return found

    def exists(self, local: str) -> bool:
        """True for the address of an entity, or of anything else that is no page."""
        return not local.endswith("/") and local != "" and self.find(Address(local)) is not None

    def sitemap(self) -> list[str]:
        """The addresses that search engines are told of: pages in each language, and files."""
        content, site = self._content, self._site
        paths = read_page_paths(self._store, site, (one.local for one in content.datasets))
        shown = [path for path in paths if self._shows(path)]
        pages = (site.address(path, HTML, language) for path in shown for language in site.languages)
        schema = (SCHEMA,) if content.versions else ()
        files = (FileResource(path).local for path in content.files)
        return [*pages, *map(site.address, (*schema, *files))]

    # What has one form alone

    def _plain(self) -> Iterator[str]:
        yield from (STYLESHEET, "robots.txt", "sitemap.xml", EXAMPLES)
        if self._site.searchable:
            yield SEARCH_SCRIPT
        if self._lists:
            yield LIST_SCRIPT
        count = sitemap_count(self.sitemap())
        yield from (f"sitemap-{number}.xml" for number in range(1, count + 1) if count > 1)
        if self._content.versions:
            yield SCHEMA
        if VOID_FILE in self._content.files:
            yield WELL_KNOWN
        if self._site.endpoint:
            yield OPENAPI_FILE

    def _single(self, local: str) -> Resource | None:
        """A resource without file endings."""
        site, content = self._site, self._content
        if (file := find_file(local, content.files)) is not None:
            bytes_of = (content.folder / file.path).read_bytes
            return Resource(local, {"": lambda _: bytes_of()}, media_type=file.media_type, file=file)
        if (see := content.elsewhere.get(normalised(local))) is not None:
            return Resource(local, {}, see=see)
        if local == STYLESHEET:
            return _plain(local, "css", lambda: stylesheet().encode())
        if local == SEARCH_SCRIPT and site.searchable:
            return _plain(local, "js", search_script)
        if local == LIST_SCRIPT and self._lists:
            return _plain(local, "js", list_script)
        if local == "robots.txt":
            return _plain(local, "txt", lambda: robots_txt(site.url, site.endpoint).encode())
        if local == WELL_KNOWN and VOID_FILE in content.files:
            return _plain(local, "ttl", (content.folder / VOID_FILE).read_bytes)
        if local == EXAMPLES:
            return _plain(local, "ttl", lambda: self._examples()["ttl"](""))
        if local == SCHEMA and content.versions:
            return _plain(local, "md", lambda: describe_schema(self._store, site, self._newest_ontology()))
        if local == OPENAPI_FILE and site.endpoint:
            return Resource(local, {"": lambda _: describe_api(content.questions, site)}, media_type=OPENAPI)
        return self._sitemap(local)

    def _sitemap(self, local: str) -> Resource | None:
        name, _, ending = local.rpartition(".")
        start, _, number = name.partition("-")
        if (start, ending) != ("sitemap", "xml") or (name != start and not _is_number(number)):
            return None
        addresses, part = self.sitemap(), int(number or 0)
        count = sitemap_count(addresses)
        if part > (count if count > 1 else 0):
            return None
        return _plain(local, "xml", lambda: sitemap(self._site.url, addresses, part).encode())

    # Pages about the whole

    def _start(self) -> Resource:
        content, site = self._content, self._site
        datasets = [(one.local, one.title) for one in content.datasets]

        @cache
        def overview() -> Overview:
            files = content.files.items()
            return read_overview(self._store, site, content.counts, content.questions, files, datasets)

        forms = page_form(lambda language: render_index(site, language, overview()))
        return Resource("", forms, described=WELL_KNOWN)

    def _search(self) -> Resource:
        forms = {
            **page_form(lambda language: render_search(self._site, language)),
            "json": lambda _: describe_search(),
        }
        return Resource(SEARCH_PAGE, forms)

    def _questions(self) -> Resource:
        site, questions = self._site, self._content.questions
        answered = self._content.answers_examples
        forms = {
            "json": lambda _: list_questions(questions, site, answered),
            **page_form(lambda language: render_questions(questions, site, language, answered)),
            **self._examples(),
        }
        api = (("service-desc", OPENAPI_FILE, OPENAPI),) if site.endpoint else ()
        return Resource(QUESTIONS, forms, related=api)

    def _examples(self) -> dict[str, Form]:
        triples = partial(query_catalogue, self._content.questions, self._site)
        return rdf_forms(lambda: sorted(triples(), key=str), ANSWER_PREFIXES)

    def _faceted(self, listed: FacetedList, page: int) -> Resource:
        """A page of a list with facets; the first also as files of all its rows."""
        site, store = self._site, self._store
        asked = AskedList(listed, ListQuery(page=page))

        def page_in(language: str) -> str:
            result = listed.find(asked.query, (language, site.languages[0]))
            return render_faceted_list(asked, result, site, language)

        forms = page_form(page_in)
        if page == 1:
            for ending in FILES:
                forms[ending] = partial(_list_file, store, asked, site, ending)
        pages = max(1, -(-listed.count // ON_PAGE))
        return Resource(f"{listed.key}/", forms, page=page, pages=pages)

    def _one_list(self, key: str, page: int) -> Resource | None:
        if key in self._lists:
            found = self._faceted(self._lists[key], page)
            return found if page <= found.pages else None
        known = key in self._site.presentation.lists
        listing = read_listing(self._store, self._site, key, page) if known else None
        return self._list(listing, page) if listing is not None and page <= listing.pages else None

    def _list(self, listing: Listing, page: int) -> Resource:
        forms = page_form(lambda language: render_list(listing, self._site, language, page))
        return Resource(f"{listing.key}/", forms, page=page, pages=listing.pages)

    def _ontology(self, local: str) -> Resource | None:
        site, versions = self._site, self._content.versions
        version = local.removeprefix("ontology").removeprefix("/") or next(iter(versions), "")
        if version not in versions:
            return None
        folder = versions[version]
        own = partial(own_terms, self._store) if local == "ontology" else tuple  # a version has none
        ontology = cache(
            lambda: read_ontology(
                chain(read_vocabulary(folder), own()), read_alignments(folder), list(versions)
            )
        )
        forms = {
            **page_form(lambda language: render_ontology(ontology(), site, language)),
            **rdf_forms(lambda: read_triples(folder / ONTOLOGY_FILE), GRAPH_PREFIXES),
            "ttl": lambda language: (folder / ONTOLOGY_FILE).read_bytes(),
        }
        related = (
            ("latest-version", "ontology", ""),
            ("memento", f"ontology/{version}", ""),
        )
        return Resource(local, forms, ONTOLOGY, described="ontology/shapes.ttl", related=related)

    def _newest_ontology(self) -> Ontology:
        versions = self._content.versions
        stated = chain(read_vocabulary(next(iter(versions.values()))), own_terms(self._store))
        return read_ontology(stated, (), list(versions))

    # Things: what is no document

    def _thing(self, address: Address) -> Resource | None:
        for iri in self._site.iris(address.local):
            for dataset in self._content.datasets:
                if dataset.iri == iri:
                    return self._dataset(dataset) if address.page == 1 else None
            gone = self._content.gone.get(iri)
            if gone is not None:
                return self._gone(gone)
            found = self._described(self._store, iri, address)
            if found is None and iri in self._content.mentioned:
                found = self._described(self._catalogue, iri, address)
            if found is not None:
                return found
        return None

    @cached_property
    def _catalogue(self) -> Store:
        return self._content.read_catalogue()

    def _described(self, store: Store, iri: str, address: Address) -> Resource | None:
        """What a store describes."""
        local = self._site.local(iri) or address.local
        if not address.ending:
            if _asks(store, iri, _KNOWN):
                return Resource(local, {}, iri)
            if not _asks(store, iri, _REPLACED):
                return None
        cells = EntityCells(self._content.rows, iri)
        base, release = self._site.base, self._site.release
        document = find_document(store, base, iri, address.page, release, cells.sources)
        if document is None:
            return None
        if document.is_gone:  # in a release of before there was a list of what has gone
            return self._gone(GoneEntity(iri, document.label, "", document.successor))
        forms = {
            **page_form(lambda language: render_entity(document, self._site, language, cells)),
            **rdf_forms(lambda: document.triples, GRAPH_PREFIXES),
        }
        described = str(Address(local, "ttl", "", document.page))
        return Resource(local, forms, document.iri, document.page, document.pages, described=described)

    def _dataset(self, dataset: DatasetRecord) -> Resource:
        forms = {
            **page_form(
                lambda language: render_dataset(dataset, self._site, language, self._content.datasets)
            ),
            **rdf_forms(lambda: dataset.described, CATALOGUE_PREFIXES),
        }
        return Resource(dataset.local, forms, dataset.iri, described=f"{dataset.local}.ttl")

    def _gone(self, known: GoneEntity) -> Resource:
        site = self._site
        gone = find_gone(self._store, site, known.iri, known.label, known.release, known.successor)
        forms = {
            **page_form(lambda language: render_gone(gone, site, language)),
            **rdf_forms(lambda: gone.triples, GRAPH_PREFIXES),
        }
        return Resource(site.local(known.iri) or "", forms, known.iri, gone=gone)


def _list_file(store: Store, asked: AskedList, site: Site, ending: str, language: str) -> bytes:
    return list_file(store, asked, site, ending, language or site.languages[0])


_REPLACED = f"?thing <{terms.REPLACED_BY}> ?value"
_KNOWN = (
    f"{{ ?thing ?property ?value FILTER(?property != <{terms.REPLACED_BY}>) }} "
    "UNION { ?subject ?property ?thing }"
)


def _asks(store: Store, iri: str, pattern: str) -> bool:
    """True when the pattern has a solution for the thing."""
    try:
        return store.ask(f"ASK {{ {pattern.replace('?thing', str(ox.NamedNode(iri)))} }}")
    except ValueError:  # no IRI
        return False


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6 and not text.startswith("0")


def _plain(local: str, ending: str, content: Callable[[], bytes]) -> Resource:
    return Resource(local, {"": lambda language: content()}, media_type=MEDIA_TYPES[ending])
