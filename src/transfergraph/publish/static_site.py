"""A release as files for a plain web server."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pyoxigraph as ox

from transfergraph.common.files import replace_folder
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.common.processes import QueryLimits
from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.dcat.catalogue import CATALOGUE_FILE, VOID_FILE
from transfergraph.dcat.triple_writer import write_triples
from transfergraph.errors import UsageError
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.lists.list_files import LIST_INDEX
from transfergraph.messages import explained
from transfergraph.publish.parallel_writing import open_store, supervised_store, write_all
from transfergraph.publish.relocation import (
    Relocation,
    base_url,
    is_local,
    moved_catalogue,
    moved_void,
    relocation,
)
from transfergraph.publish.resource_files import entities, has_place, path_of, write_page, write_resource
from transfergraph.publish.site_files import copy, refuse_foreign, write, write_inventory
from transfergraph.publish.web_server_config import APACHE, NGINX, write_configuration
from transfergraph.queries import Answer, GraphAnswer, NamedQuery, Result, run
from transfergraph.release.changes.tombstones import read_tombstones
from transfergraph.release.manifest import MANIFEST, Manifest, describe
from transfergraph.release.release_facts import ReleaseFacts, facts_of, read_facts, read_published
from transfergraph.store import Store
from transfergraph.web.addresses import QUESTIONS, Address, Site
from transfergraph.web.answer_tables import AskedQuestion, json_answer
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resources import Resources
from transfergraph.web.site_pages import render_question

PAGES_UP_TO = 50_000
"""Up to so many entities have pages where ``pages`` is None."""

LIMITS = QueryLimits()
"""What a saved question may take."""

_ROWS_ON_PAGE = 1000
_ROWS_IN_FILE = 100_000  # of the answer to a question
_CATALOGUES = (CATALOGUE_FILE, "catalog.rdf", "catalog.jsonld")
_WITH_ADDRESSES = ("feed.atom", "catalog-feed")


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """A site that was written: where it lies, what it shows, how many files and bytes it has.

    ``entities`` counts what the release has IRIs for; ``documents`` is True where they have pages, and
    ``left_out`` are the IRIs that have none although the others have. ``settings`` are the files with those
    for nginx and for Apache.
    """

    folder: Path
    url: str
    release: str
    files: int
    size: int
    entities: int
    documents: bool
    left_out: tuple[str, ...]
    settings: tuple[str, str] = (NGINX, APACHE)


def write_site(
    release: str | Path,
    folder: str | Path,
    url: str,
    pages: bool | None = None,
    endpoint: str | None = None,
    advance: Progress = silent,
) -> SiteOutcome:
    """Write everything that a plain web server needs to show a release at ``url``.

    ``release`` is its folder, or the folder of builds. ``folder`` is new, empty, or holds an earlier site of
    ours, which stays whole until the new one takes its place in one step. With ``pages`` every
    entity gets its documents; None does so for up to :data:`PAGES_UP_TO` entities. ``endpoint`` is a SPARQL
    endpoint that holds the graph, for the catalogue. Raises :class:`QueryError` for a saved question that
    takes more than :data:`LIMITS`, :class:`UsageError` for an address or folder that
    will not do, :class:`ReleaseError` when the site cannot be written, and :class:`WorkspaceError` when other
    machines will see it and the release does not say what portals ask for.
    """
    url = base_url(url)
    if endpoint is not None and not urlsplit(endpoint).scheme.startswith("http"):
        raise UsageError(explained("error.site.endpoint", endpoint=endpoint))
    facts = read_facts(release)
    if not is_local(url):
        facts.demand_portal_settings("site")
    target = Path(folder)
    with replace_folder(target, refuse_foreign) as staged:
        gone = read_tombstones(facts.folder)
        iris = [iri for iri in entities(facts.folder, facts.site(url, True)) if iri not in gone]
        documents = len(iris) <= PAGES_UP_TO if pages is None else pages
        site = facts.site(url, documents)
        shown = _write_files(facts, relocation(facts, url), endpoint, staged, advance)
        content = read_published(shown, facts.folder)
        left_out = _write_pages(site, facts.folder, content, iris, advance)
        write_configuration(site, content.elsewhere, target.resolve(), staged)
        files, size = write_inventory(staged, target, facts.manifest.id, url)
    return SiteOutcome(target, url, facts.manifest.id, files, size, len(iris), documents, tuple(left_out))


def _write_files(
    facts: ReleaseFacts, move: Relocation, endpoint: str | None, folder: Path, advance: Progress
) -> ReleaseFacts:
    """Write the files of the release, with the addresses of the site in those that have any.

    Returns the facts of the site: its manifest lists the files as they are there.
    """
    moved = {*_CATALOGUES, VOID_FILE}
    files = facts.manifest.files
    for number, entry in enumerate(files):
        advance(Stage.COPY, number, len(files))
        if entry.path in moved:
            continue
        copy(folder, facts.folder, entry)
        if entry.path.startswith(_WITH_ADDRESSES) and move.old != move.new:
            file = folder / entry.path
            file.write_bytes(move.text(file.read_bytes()))
            moved.add(entry.path)
    triples = moved_catalogue(facts, move, endpoint)
    for name in _CATALOGUES:
        write_triples(triples, folder / name)
    void = ox.parse(path=str(facts.folder / VOID_FILE), format=ox.RdfFormat.TURTLE)
    write_triples(moved_void((quad.triple for quad in void), move, endpoint), folder / VOID_FILE)
    manifest = _described(facts.manifest, moved, folder)
    write(folder, MANIFEST, manifest.to_json().encode())
    return facts_of(folder, manifest)


def _described(manifest: Manifest, changed: Iterable[str], folder: Path) -> Manifest:
    """The manifest with size and checksum of the files that the site has otherwise."""
    anew = {entry.path: entry for entry in describe(folder, [folder / path for path in changed])}
    return msgspec.structs.replace(manifest, files=tuple(anew.get(one.path, one) for one in manifest.files))


def _write_pages(
    site: Site, release: Path, content: PublishedRelease, iris: Sequence[str], advance: Progress
) -> list[str]:
    """Write all resources of the release into the folder of its content; return the IRIs that have none."""
    folder, triples = content.folder, content.counts.get("triples", 0)
    store = open_store(release, triples)
    asked = supervised_store(release, triples, LIMITS)
    try:
        _write_questions(asked, content.questions, site, folder, content.answers_examples)
    finally:
        asked.empty()
    lists = ListIndex(release / LIST_INDEX) if LIST_INDEX in content.files else None
    resources = Resources(store, content, site, has_place, lists)
    left_out = [
        site.iri(local)
        for local in resources.fixed()
        if not write_resource(resources, site, local, folder) and local not in content.elsewhere
    ]
    if lists is not None:
        lists.close()
    if site.documents:
        left_out += write_all(release, triples, site, iris, folder, advance)
    return sorted(left_out)


def _write_questions(
    store: Store, questions: Sequence[NamedQuery], site: Site, folder: Path, answered: bool
) -> None:
    """Write the saved questions, ``answered`` for the values of their files or not."""
    for question in questions:
        result = run(store, question, site.base, {}, _ROWS_IN_FILE) if answered else None
        _write_question(site, question, result, folder)


def _write_question(site: Site, question: NamedQuery, result: Result | None, folder: Path) -> None:
    local = f"{QUESTIONS}{question.name}"
    files = _answer_files(question, result, site)
    asked = AskedQuestion(endings=tuple(ending for ending in files if ending != "rq"))
    shown = result
    if isinstance(result, Answer):
        cut = result.cut or len(result.rows) > _ROWS_ON_PAGE
        shown = Answer(result.variables, result.rows[:_ROWS_ON_PAGE], cut)

    def page(language: str) -> bytes:
        return render_question(question, shown, site, language, asked).encode()

    write_page(site, Address(local), page, folder)
    for ending, content in files.items():
        write(folder, path_of(Address(local, ending)), content.encode())


def _answer_files(question: NamedQuery, result: Result | None, site: Site) -> Mapping[str, str]:
    """The answer as files, by their endings, and the query."""
    if result is None:
        return {"rq": question.text}
    if isinstance(result, GraphAnswer):
        return {"ttl": result.write("turtle", GRAPH_PREFIXES), "rq": question.text}
    values = json_answer(question, result, {}, site)
    files = {"json": json.dumps(values, ensure_ascii=False, indent=1) + "\n"}
    if isinstance(result, Answer):
        files["csv"] = result.write("csv", site.languages[0])
    return {**files, "rq": question.text}
