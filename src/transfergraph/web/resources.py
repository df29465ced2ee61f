"""What can be had of a release: each address, what it names, and the forms in which it is given.

The server negotiates over this and the static site walks it, so that both give the same bytes. *Fixed* is
what the release alone gives: what :meth:`Resources.fixed` lists, and the entities.
*Parametric* are the endpoint, the saved questions and the search: the server answers them for the values of a
request; a site has the pages of the questions for the examples of their files, and its page of the search
finds by script. What is none of these has no address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, cached_property, partial
from itertools import chain
from urllib.parse import unquote

from transfergraph.common.formats import MEDIA_TYPES, OPENAPI
from transfergraph.common.iris import normalised
from transfergraph.common.namespaces import ANSWER_PREFIXES, CATALOGUE_PREFIXES, GRAPH_PREFIXES
from transfergraph.dcat import VOID_FILE
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.store import Store
from transfergraph.web.addresses import (
    EMBED_FOLDER,
    EMBED_SCRIPT,
    FAVICON,
    HISTORY_FOLDER,
    HTML,
    LIST_SCRIPT,
    ONTOLOGY,
    QUESTIONS,
    SCHEMA,
    SCHEME_SCRIPT,
    SEARCH_PAGE,
    SEARCH_SCRIPT,
    STYLESHEET,
    WORKBENCH,
    Address,
    Site,
    is_ontology,
)
from transfergraph.web.appearance import scheme_script, stylesheet
from transfergraph.web.dataset_page import DatasetRecord, render_dataset, signposted_dataset
from transfergraph.web.document_queries import is_known, is_replaced
from transfergraph.web.embed_page import embed_script
from transfergraph.web.embed_resources import find_embedded, has_embeds
from transfergraph.web.entity_cells import EntityCells
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_forms import entity_forms, history_forms
from transfergraph.web.entity_lists import read_page_paths
from transfergraph.web.entity_page import signposted_entity
from transfergraph.web.list_resources import ListResources
from transfergraph.web.list_script import list_script
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
from transfergraph.web.overview_pages import OVERVIEWS, overview_forms
from transfergraph.web.own_page import render_own_page
from transfergraph.web.preview_picture import favicon
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.question_list import describe_api, list_questions, query_catalogue
from transfergraph.web.resource_forms import Form, Resource, link_set_form, page_form, rdf_forms
from transfergraph.web.schema_text import describe_schema
from transfergraph.web.search_engines import robots_txt, sitemap, sitemap_count
from transfergraph.web.search_page import describe_search, render_search, search_script
from transfergraph.web.site_pages import (
    GoneEntity,
    find_gone,
    render_gone,
    render_questions,
    render_sparql,
)
from transfergraph.web.terms_script import terms_script
from transfergraph.workbench.browser_files import FOLDER, TERMS, BrowserFiles

WELL_KNOWN, EXAMPLES = ".well-known/void", ".well-known/sparql-examples"
OPENAPI_FILE = f"{QUESTIONS}openapi.json"


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
        self._browser = BrowserFiles(content.folder, 0 if site.endpoint else content.browser_store.parts)
        faceted = lists.lists if lists is not None and site.documents else {}
        self._lists = ListResources(store, site, faceted)

    def fixed(self) -> Iterator[str]:
        """The addresses of all fixed resources but entities, each once, without their endings."""
        content, site = self._content, self._site
        yield from (QUESTIONS, *OVERVIEWS, *self._content.own_pages, *self._plain())
        yield from (FileResource(path).local for path in content.files)
        if site.searchable:
            yield SEARCH_PAGE
        if not site.endpoint:
            yield WORKBENCH
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
            yield WORKBENCH

    def documents(self, local: str) -> Iterator[Resource]:
        """What lies at an address, page by page; nothing where nothing does."""
        if local.endswith("/") and local[:-1] in self._site.presentation.lists:
            yield from self._lists.pages(local[:-1])
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
        if page == 1 and not address.ending and (single := self._single(local)) is not None:
            return single
        found: Resource | None
        if local in OVERVIEWS:
            forms = overview_forms(local, self._store, self._content, self._site)
            found = Resource(local, forms, described=WELL_KNOWN)
        elif local.endswith("/"):
            found = self._questions() if local == QUESTIONS else self._lists.page(local[:-1], page)
        elif (own := self._content.own_pages.get(local)) is not None:
            found = Resource(local, page_form(partial(render_own_page, own, self._site)))
        elif is_ontology(local):
            found = self._ontology(local)
        elif local == SEARCH_PAGE and self._site.searchable:
            found = self._search()
        elif local == WORKBENCH and not self._site.endpoint:
            found = self._workbench()
        else:
            found = self._thing(address) or self._history(address)
            found = found or find_embedded(self._store, self._content, self._site, address)
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
        yield from (STYLESHEET, SCHEME_SCRIPT, FAVICON, "robots.txt", "sitemap.xml", EXAMPLES)
        if self._site.searchable:
            yield SEARCH_SCRIPT
        yield from (TERMS, *self._browser.paths())
        if self._lists.faceted:
            yield LIST_SCRIPT
        if has_embeds(self._content, self._site):
            yield EMBED_SCRIPT
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
            bytes_of = content.file(file.path).read_bytes
            return Resource(local, {"": lambda _: bytes_of()}, media_type=file.media_type, file=file)
        if (see := content.elsewhere.get(normalised(local))) is not None:
            return Resource(local, {}, see=see)
        if local in (FAVICON, SCHEME_SCRIPT):
            return _plain(local, local.rpartition(".")[2], favicon if local == FAVICON else scheme_script)
        if local == STYLESHEET:
            return _plain(local, "css", lambda: stylesheet(site.appearance).encode())
        if local == SEARCH_SCRIPT and site.searchable:
            return _plain(local, "js", search_script)
        if local == TERMS:
            return _plain(local, "js", lambda: terms_script(self._store, content, site))
        if local.startswith(FOLDER) and (read := self._browser.reader(local)) is not None:
            return _plain(local, local.rpartition(".")[2], read)
        if local == LIST_SCRIPT and self._lists.faceted:
            return _plain(local, "js", list_script)
        if local == EMBED_SCRIPT and has_embeds(content, site):
            return _plain(local, "js", embed_script)
        if local == "robots.txt":
            return _plain(local, "txt", lambda: robots_txt(site.url, site.endpoint).encode())
        if local == WELL_KNOWN and VOID_FILE in content.files:
            return _plain(local, "ttl", content.file(VOID_FILE).read_bytes)
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

    def _search(self) -> Resource:
        forms = {
            **page_form(lambda language: render_search(self._site, language)),
            "json": lambda _: describe_search(),
        }
        return Resource(SEARCH_PAGE, forms)

    def _workbench(self) -> Resource:
        """The page for queries where no server answers; it is the script that does."""
        site, questions, store = self._site, self._content.questions, self._content.browser_store
        return Resource(
            WORKBENCH, page_form(lambda language: render_sparql(site, language, questions, store=store))
        )

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
            **page_form(lambda language: render_ontology(ontology(), site, language, local)),
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
            if is_known(store, iri):
                return Resource(local, {}, iri)
            if not is_replaced(store, iri):
                return None
        cells = EntityCells(self._content.rows, iri)
        base, release = self._site.base, self._site.release
        known = self._content.known_things if store is self._store else None
        document = find_document(store, base, iri, address.page, release, cells.sources, known)
        if document is None:
            return None
        if document.is_gone:  # in a release of before there was a list of what has gone
            return self._gone(GoneEntity(iri, document.label, "", document.successor))
        forms = entity_forms(store, self._content, self._site, document, cells, address.ending, known)
        subject = signposted_entity(document, self._site)
        return Resource(local, forms, document.iri, document.page, document.pages, subject=subject)

    def history_of(self, local: str) -> str:
        """The address of what happened to the entity at this one; empty where nothing is recorded."""
        iris = self._site.iris(local)
        return f"{HISTORY_FOLDER}{local}" if any(map(self._content.history.of, iris)) else ""

    def _history(self, address: Address) -> Resource | None:
        """What happened to an entity from release to release."""
        local = address.local.removeprefix(HISTORY_FOLDER)
        if local == address.local or address.page != 1:
            return None
        for iri in self._site.iris(local):
            if forms := history_forms(self._store, self._content, self._site, iri):
                return Resource(f"{HISTORY_FOLDER}{self._site.local(iri)}", forms)
        return None

    def embed_of(self, local: str) -> str:
        """The address of the small page about the entity at this one; empty where no entity has one."""
        return f"{EMBED_FOLDER}{local}" if has_embeds(self._content, self._site) else ""

    def _dataset(self, dataset: DatasetRecord) -> Resource:
        subject = signposted_dataset(dataset)
        forms = {
            **page_form(
                lambda language: render_dataset(dataset, self._site, language, self._content.datasets)
            ),
            **rdf_forms(lambda: dataset.described, CATALOGUE_PREFIXES),
            **link_set_form(subject, self._site),
        }
        return Resource(dataset.local, forms, dataset.iri, subject=subject)

    def _gone(self, known: GoneEntity) -> Resource:
        site = self._site
        gone = find_gone(self._store, site, known.iri, known.label, known.release, known.successor)
        forms = {
            **page_form(lambda language: render_gone(gone, site, language)),
            **rdf_forms(lambda: gone.triples, GRAPH_PREFIXES),
        }
        return Resource(site.local(known.iri) or "", forms, known.iri, gone=gone)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6 and not text.startswith("0")


def _plain(local: str, ending: str, content: Callable[[], bytes]) -> Resource:
    return Resource(local, {"": lambda language: content()}, media_type=MEDIA_TYPES[ending])
