"""The addresses in the files of a release, moved to where a site shows them, written or served."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec
import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCATAP, DCATDE, DCT, FOAF, VOID
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat import CATALOGUE_FILE, CATALOGUE_FIRST, VOID_FILE
from transfergraph.dcat.catalogue_pages import is_page, write_pages
from transfergraph.dcat.datasets import SPARQL, STANDARDS
from transfergraph.dcat.shared_nodes import describe_page
from transfergraph.dcat.triple_writer import TripleWriter, write_triples
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import both, explained
from transfergraph.release.manifest import MANIFEST, Manifest, describe
from transfergraph.release.release_facts import ReleaseFacts

_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+")
_REST = r"([^\s\"'<>]*)"
_LISTED = re.compile(rb"<!--listed-->.*?<!--/listed-->", re.DOTALL)
_VOID_FIRST = (VOID + "DatasetDescription",)
_CATALOGUES = (CATALOGUE_FILE, "catalog.rdf", "catalog.jsonld")
_FEEDS = ("feed.atom", "catalog-feed")
_SHARED = (
    DCT + "publisher",
    DCAT + "contactPoint",
    DCAT + "theme",
    DCAT + "keyword",
    DCT + "accessRights",
    DCATAP + "hvdCategory",
)


def base_url(given: str) -> str:
    """The address of a start page, with the slash at its end; raises :class:`UsageError` when it is none."""
    if not _ADDRESS.fullmatch(given) or not urlsplit(given).hostname or "@" in urlsplit(given).netloc:
        raise UsageError(explained("error.site.address", given=given))
    return given if given.endswith("/") else f"{given}/"


def is_local(url: str) -> bool:
    """True for an address that only this machine sees."""
    return re.fullmatch(r"localhost|127(\.\d{1,3}){3}|::1", urlsplit(url).hostname or "") is not None


@dataclass(frozen=True, slots=True)
class Relocation:
    """From where the catalogue says that the files lie to where the site has them.

    ``paths`` are those of the files, ``base`` is the base IRI. The files of a release without a public URL
    have addresses below the base IRI, as everything else has; there only the known paths are moved.
    """

    old: str
    new: str
    base: str
    paths: frozenset[str]

    def address(self, iri: str) -> str:
        """The new address of a file or of the start page; all other IRIs as they are."""
        if not iri.startswith(self.old):
            return iri
        rest = iri.removeprefix(self.old)
        path = unquote(rest.partition("#")[0])
        return self.new + rest if path in self.paths or not iri.startswith(self.base) else iri

    def term(self, term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple) -> ox.NamedNode | ox.Literal:
        """The term with its address moved; the triples of a catalogue hold IRIs and literals alone."""
        assert isinstance(term, ox.NamedNode | ox.Literal)
        return ox.NamedNode(self.address(term.value)) if isinstance(term, ox.NamedNode) else term

    def text(self, content: bytes) -> bytes:
        """Any text, with every address of a file moved, and the address to which XML says others relate."""
        start, end = (f'xml:base="{url}"'.encode() for url in (self.old, self.new))
        pattern = re.escape(self.old.encode()) + _REST.encode()
        return re.sub(
            pattern, lambda found: self.address(found[0].decode()).encode(), content.replace(start, end)
        )


def relocation(facts: ReleaseFacts, url: str) -> Relocation:
    """How the addresses of a release become those of a site at this address."""
    paths = frozenset(entry.path for entry in facts.manifest.files)
    return Relocation(facts.url, url, facts.manifest.base, paths)


def moved_paths(facts: ReleaseFacts, move: Relocation) -> set[str]:
    """The files of a release that a site has with other addresses."""
    feeds = (entry.path for entry in facts.manifest.files if entry.path.startswith(_FEEDS))
    pages = (entry.path for entry in facts.manifest.files if is_page(entry.path))
    return {*_CATALOGUES, VOID_FILE, *pages, *(feeds if move.old != move.new else ())}


def write_moved(
    facts: ReleaseFacts,
    move: Relocation,
    endpoint: str | None,
    folder: Path,
    rewritten: Collection[str] = (),
) -> Manifest:
    """Write those files as the site has them, and the manifest with their sizes and checksums; return it.

    ``endpoint`` is as in :func:`moved_catalogue`; the files ``rewritten`` are in the folder already, with
    other bytes than in the release. Raises :class:`ReleaseError` for a file that is not the one that the
    manifest lists.
    """
    paths = moved_paths(facts, move)
    for entry in facts.manifest.files:
        if entry.path in paths and entry.path.startswith(_FEEDS):
            content = (facts.folder / entry.path).read_bytes()
            if hashlib.sha256(content).hexdigest() != entry.sha256:
                file = facts.folder / entry.path
                raise ReleaseError(explained("error.release.file-changed", release=file))
            target = folder / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(move.text(content))
    triples = moved_catalogue(facts, move, endpoint)
    for name in _CATALOGUES:
        write_triples(triples, folder / name)
    if any(is_page(entry.path) for entry in facts.manifest.files):
        write_pages(triples, facts.catalogue.value, move.new, folder)
    write_triples(moved_void(facts.void, move, endpoint), folder / VOID_FILE)
    anew = {
        entry.path: entry
        for entry in describe(folder, [folder / path for path in (*paths, *sorted(rewritten))])
    }
    files = tuple(anew.get(one.path, one) for one in facts.manifest.files)
    manifest = msgspec.structs.replace(facts.manifest, files=files)
    (folder / MANIFEST).write_bytes(manifest.to_json().encode())
    return manifest


def moved_catalogue(facts: ReleaseFacts, move: Relocation, endpoint: str | None) -> tuple[ox.Triple, ...]:
    """The triples of the catalogue of a site, sorted.

    Every dataset is led to its page there, the service to the start page. ``endpoint`` is the SPARQL
    endpoint that holds the graph; without one the catalogue lists no service.
    """
    out = TripleWriter(facts.manifest.languages)
    service = facts.iri("service/sparql")
    pages = {facts.url + f"{dataset.local}.html" for dataset in facts.datasets}
    dropped = (service, ox.NamedNode(SPARQL), *map(ox.NamedNode, pages))
    for triple in facts.triples:
        subject, predicate = move.term(triple.subject), triple.predicate
        if triple.subject in dropped or triple.object == service or predicate.value == DCAT + "landingPage":
            continue
        out.update([ox.Triple(_node(subject), predicate, move.term(triple.object))])
    if endpoint is not None:
        _describe_service(out, facts, service, endpoint, move.new)
        out.add(service.value, DCAT + "landingPage", ox.NamedNode(move.new))
    for dataset in facts.datasets:
        page = f"{move.new}{dataset.local}.html"
        out.add(dataset.iri, DCAT + "landingPage", page)
        describe_page(out, page, dataset.title)
    describe_page(out, move.new, facts.title)
    return out.sorted(CATALOGUE_FIRST)


def without_pages(network: bytes) -> bytes:
    """A page of the network for a site that has no pages about entities: nothing in it leads to any."""
    return _LISTED.sub(b"", network).replace(b" data-site=", b" data-unlisted data-site=", 1)


def moved_void(triples: Iterable[ox.Triple], move: Relocation, endpoint: str | None) -> Sequence[ox.Triple]:
    """The triples of the VoID description of a site, sorted."""
    out = TripleWriter(())
    stated = VOID + "sparqlEndpoint"
    for triple in triples:
        if triple.predicate.value != stated:
            subject = _node(move.term(triple.subject))
            out.update([ox.Triple(subject, triple.predicate, move.term(triple.object))])
            if endpoint is not None and triple.predicate.value == FOAF + "primaryTopic":
                out.add(move.term(triple.object).value, stated, ox.NamedNode(endpoint))
    return out.sorted(_VOID_FIRST)


def _node(term: ox.NamedNode | ox.Literal) -> ox.NamedNode:
    assert isinstance(term, ox.NamedNode)
    return term


def _describe_service(
    out: TripleWriter, facts: ReleaseFacts, service: ox.NamedNode, endpoint: str, url: str
) -> None:
    """State the endpoint as DCAT-AP has it; what it shares with the graph is copied from there.

    ``url`` is the start page of the site.
    """
    node, graph = service.value, facts.iri("dataset/graph")
    title, suffix = facts.title, both("portal.service")
    out.type(node, DCAT + "DataService")
    for predicate in _SHARED:
        out.add(node, predicate, *_terms(facts, graph, predicate))
    out.add(node, DCT + "title", title.each("{}: {}".format, suffix))
    out.add(node, DCT + "description", both("portal.service.about"))
    out.add(node, DCT + "identifier", ox.Literal(node))
    for predicate in (DCT + "license", DCATDE + "licenseAttributionByText"):
        out.add(node, predicate, *_terms(facts, facts.catalogue, predicate))
    out.add(node, DCT + "conformsTo", ox.NamedNode(SPARQL))
    out.type(SPARQL, DCT + "Standard")
    out.add(SPARQL, DCT + "title", ox.Literal(STANDARDS[SPARQL], language="en"))
    out.add(node, DCAT + "endpointURL", ox.NamedNode(endpoint))
    out.add(node, DCAT + "endpointDescription", ox.NamedNode(endpoint))
    out.add(node, DCAT + "servesDataset", graph)
    available = read_codes().iri("planned-availability", "AVAILABLE")
    out.add(node, DCATAP + "availability", ox.NamedNode(available))
    out.add(facts.catalogue.value, DCAT + "service", service)
    if facts.index.values(graph, DCATAP + "hvdCategory"):
        law = DCATAP + "applicableLegislation"
        out.add(node, law, *_terms(facts, graph, law))
        out.add(node, FOAF + "page", ox.NamedNode(url))


def _terms(facts: ReleaseFacts, node: ox.NamedNode, predicate: str) -> list[ox.NamedNode | ox.Literal]:
    found = facts.index.values(node, predicate)
    return [value for value in found if isinstance(value, ox.NamedNode | ox.Literal)]
