"""A release as files for a plain web server."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from transfergraph.common.files import replace_folder
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.common.processes import QueryLimits
from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.config.own_pages import LEGAL, PLACEHOLDER
from transfergraph.errors import UsageError
from transfergraph.lists import LIST_INDEX
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.messages import explained
from transfergraph.publish.parallel_writing import open_store, supervised_store, write_all
from transfergraph.publish.resource_files import entities, has_place, path_of, write_page, write_resource
from transfergraph.publish.site_files import copy, refuse_foreign, write, write_inventory
from transfergraph.publish.web_server_config import APACHE, NGINX, write_configuration
from transfergraph.queries import Answer, GraphAnswer, NamedQuery, Result, run
from transfergraph.release.changes.tombstones import read_tombstones
from transfergraph.release.release_facts import ReleaseFacts, facts_of, read_facts, read_published
from transfergraph.release.relocation import (
    Relocation,
    base_url,
    is_local,
    moved_paths,
    relocation,
    without_pages,
    write_moved,
)
from transfergraph.store import Store
from transfergraph.web.addresses import QUESTIONS, Address, Site
from transfergraph.web.answer_tables import AskedQuestion, ParameterChoice, choices, json_answer
from transfergraph.web.navigation import NETWORK_FILE
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resources import Resources
from transfergraph.web.site_pages import render_question

PAGES_UP_TO = 50_000
"""Up to so many entities have pages where ``pages`` is None."""

LIMITS = QueryLimits()
"""What a saved question may take."""

_ROWS_ON_PAGE = 1000
_ROWS_IN_FILE = 100_000  # of the answer to a question


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """A site that was written: where it lies, what it shows, how many files and bytes it has.

    ``entities`` counts what the release has IRIs for; ``documents`` is True where they have pages, and
    ``left_out`` are the IRIs that have none although the others have. ``lacking`` are the names of pages that
    the law asks of an agency, and that the workspace did not bring; ``unfilled`` are the files of pages with
    places that are still to be filled in. Both are empty where others do not see the site.
    ``settings`` are the files with those for nginx and for Apache.
    """

    folder: Path
    url: str
    release: str
    files: int
    size: int
    entities: int
    documents: bool
    left_out: tuple[str, ...]
    lacking: tuple[str, ...] = ()
    unfilled: tuple[str, ...] = ()
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
        site = replace(facts.site(url, documents), other_endpoint=endpoint or "")
        shown = _write_files(facts, relocation(facts, url), endpoint, documents, staged, advance)
        content = read_published(shown, facts.folder)
        left_out = _write_pages(site, facts.folder, content, iris, advance)
        write_configuration(site, content.elsewhere, target.resolve(), staged)
        files, size = write_inventory(staged, target, facts.manifest.id, url)
    lacking, unfilled = ((), ()) if is_local(url) else (_lacking(facts), _unfilled(facts))
    return SiteOutcome(
        target, url, facts.manifest.id, files, size, len(iris), documents, tuple(left_out), lacking, unfilled
    )


def _lacking(facts: ReleaseFacts) -> tuple[str, ...]:
    own = {one.name for one in facts.own_pages}
    return tuple(name for name in LEGAL if name not in own)


def _unfilled(facts: ReleaseFacts) -> tuple[str, ...]:
    return tuple(
        f"{page.local}.{language}.md"
        for page in facts.own_pages
        for language, content in page.content.items()
        if PLACEHOLDER.search(content)
    )


def _write_files(
    facts: ReleaseFacts,
    move: Relocation,
    endpoint: str | None,
    documents: bool,
    folder: Path,
    advance: Progress,
) -> ReleaseFacts:
    """Write the files of the release, with the addresses of the site in those that have any.

    Without ``documents`` the pages of the network lead to no pages about entities.
    Returns the facts of the site: its manifest lists the files as they are there.
    """
    files, moved = facts.manifest.files, moved_paths(facts, move)
    rewritten: set[str] = set()
    for number, entry in enumerate(files):
        advance(Stage.COPY, number, len(files))
        if entry.path in moved:
            continue
        copy(folder, facts.folder, entry)
        if _leads_to_pages(entry.path) and not documents:
            file = folder / entry.path
            file.write_bytes(without_pages(file.read_bytes()))
            rewritten.add(entry.path)
    return facts_of(folder, write_moved(facts, move, endpoint, folder, rewritten))


def _leads_to_pages(path: str) -> bool:
    """Whether it is the network page or one of its lists."""
    return path == NETWORK_FILE or (path.startswith("network/list") and path.endswith(".html"))


def _write_pages(
    site: Site, release: Path, content: PublishedRelease, iris: Sequence[str], advance: Progress
) -> list[str]:
    """Write all resources of the release into the folder of its content; return the IRIs that have none."""
    folder, triples = content.folder, content.counts.get("triples", 0)
    store = open_store(release, triples)
    asked = supervised_store(release, triples, LIMITS)
    try:
        _write_questions(asked, content, site, folder)
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


def _write_questions(store: Store, content: PublishedRelease, site: Site, folder: Path) -> None:
    """Write the saved questions, answered for the values of their files unless the graph is too large."""
    for question in content.questions:
        result = run(store, question, site.base, {}, _ROWS_IN_FILE) if content.answers_examples else None
        offered = choices(store, site, question) if content.browser_store.parts else {}
        _write_question(site, question, result, offered, content, folder)


def _write_question(
    site: Site,
    question: NamedQuery,
    result: Result | None,
    offered: Mapping[str, Sequence[ParameterChoice]],
    content: PublishedRelease,
    folder: Path,
) -> None:
    local = f"{QUESTIONS}{question.name}"
    files = _answer_files(question, result, site)
    asked = AskedQuestion(choices=offered, endings=tuple(ending for ending in files if ending != "rq"))
    shown = result
    if isinstance(result, Answer):
        cut = result.cut or len(result.rows) > _ROWS_ON_PAGE
        shown = Answer(result.variables, result.rows[:_ROWS_ON_PAGE], cut)

    def page(language: str) -> bytes:
        return render_question(question, shown, site, language, asked, content.browser_store).encode()

    write_page(site, Address(local), page, folder)
    for ending, file in files.items():
        write(folder, path_of(Address(local, ending)), file.encode())


def _answer_files(question: NamedQuery, result: Result | None, site: Site) -> Mapping[str, str]:
    """The answer as files, by their endings, and the query."""
    if result is None:
        return {"rq": question.text}
    if isinstance(result, GraphAnswer):
        return {"ttl": result.write("turtle", GRAPH_PREFIXES), "rq": question.text}
    values = json_answer(question, result, {}, site)
    files = {"json": json_text(values)}
    if isinstance(result, Answer):
        files["csv"] = result.write("csv", site.languages[0])
    return {**files, "rq": question.text}
