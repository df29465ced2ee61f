"""A release as files for a plain web server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pyoxigraph as ox

from transfergraph.common.files import replace_folder
from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.dcat.catalogue import CATALOGUE_FILE, VOID_FILE
from transfergraph.dcat.triple_writer import write_triples
from transfergraph.errors import UsageError
from transfergraph.publish import overview_pages
from transfergraph.publish.entity_files import entities
from transfergraph.publish.parallel_writing import open_store, write_all
from transfergraph.publish.relocation import (
    Relocation,
    base_url,
    is_local,
    moved_catalogue,
    moved_void,
    relocation,
)
from transfergraph.publish.site_files import copy, place_of, refuse_foreign, write, write_inventory
from transfergraph.publish.web_server_config import APACHE, NGINX, write_configuration
from transfergraph.release.changes.tombstones import Tombstone, read_tombstones
from transfergraph.release.manifest import MANIFEST, Manifest, describe
from transfergraph.release.release_facts import ReleaseFacts, facts_of, read_facts
from transfergraph.web.addresses import STYLESHEET, Site
from transfergraph.web.entity_lists import read_page_paths
from transfergraph.web.page_template import stylesheet
from transfergraph.web.sitemap import robots_txt, sitemap, sitemap_count

PAGES_UP_TO = 50_000
"""Up to so many entities have pages where ``pages`` is None."""

ANSWERED_UP_TO = 500_000
"""Up to so many statements the saved questions are answered; some take minutes in a larger graph."""

_CATALOGUES = (CATALOGUE_FILE, "catalog.rdf", "catalog.jsonld")
_WITH_ADDRESSES = ("feed.atom", "catalog-feed")
WELL_KNOWN = ".well-known/void"


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
    endpoint that holds the graph, for the catalogue. Raises :class:`UsageError` for an address or folder that
    will not do, :class:`ReleaseError` when the site cannot be written, and :class:`WorkspaceError` when other
    machines will see it and the release does not say what portals ask for.
    """
    url = base_url(url)
    if endpoint is not None and not urlsplit(endpoint).scheme.startswith("http"):
        raise UsageError(f"{endpoint!r} is no SPARQL endpoint: its address begins with https:// or http://.")
    facts = read_facts(release)
    if not is_local(url):
        facts.demand_portal_settings("site")
    target = Path(folder)
    with replace_folder(target, refuse_foreign) as staged:
        iris, gone = _things(facts, url)
        documents = len(iris) <= PAGES_UP_TO if pages is None else pages
        site = facts.site(url, documents)
        shown = _write_files(facts, relocation(facts, url), endpoint, staged, advance)
        left_out = _write_pages(site, facts.folder, shown, iris, gone, advance)
        write_configuration(site, target.resolve(), staged)
        files, size = write_inventory(staged, target, facts.manifest.id, url)
    return SiteOutcome(target, url, facts.manifest.id, files, size, len(iris), documents, tuple(left_out))


def _things(facts: ReleaseFacts, url: str) -> tuple[Sequence[str], Sequence[Tombstone]]:
    """The entities of the release, and what earlier ones had."""
    gone = read_tombstones(facts.folder)
    iris = [iri for iri in entities(facts.folder, facts.site(url, True)) if iri not in gone]
    return iris, [one for _, one in sorted(gone.items())]


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
    write(folder, WELL_KNOWN, (folder / VOID_FILE).read_bytes())
    manifest = _described(facts.manifest, moved, folder)
    write(folder, MANIFEST, manifest.to_json().encode())
    write(folder, STYLESHEET, stylesheet().encode())
    return facts_of(folder, manifest)


def _described(manifest: Manifest, changed: Iterable[str], folder: Path) -> Manifest:
    """The manifest with size and checksum of the files that the site has otherwise."""
    anew = {entry.path: entry for entry in describe(folder, [folder / path for path in changed])}
    return msgspec.structs.replace(manifest, files=tuple(anew.get(one.path, one) for one in manifest.files))


def _write_pages(
    site: Site,
    release: Path,
    shown: ReleaseFacts,
    iris: Sequence[str],
    gone: Sequence[Tombstone],
    advance: Progress,
) -> list[str]:
    """Write all pages of the site that ``shown`` describes; return the IRIs that have none."""
    folder, datasets = shown.folder, shown.datasets
    triples = shown.manifest.counts.get("triples", 0)
    store = open_store(release, triples)
    overview_pages.write_start(store, site, shown.manifest, datasets, folder)
    overview_pages.write_questions(store, site, folder, answered=triples <= ANSWERED_UP_TO)
    overview_pages.write_ontologies(site, release, folder)
    overview_pages.write_datasets(datasets, site, folder)
    left_out = overview_pages.write_tombstones(store, site, gone, folder)
    if site.documents:
        overview_pages.write_lists(store, site, folder)
        left_out += write_all(release, triples, site, iris, folder, advance)
    listed = read_page_paths(store, site, (dataset.local for dataset in datasets))
    _write_sitemaps(site, [path for path in listed if not path or place_of(path.rstrip("/"))], folder)
    return sorted(left_out)


def _write_sitemaps(site: Site, paths: Sequence[str], folder: Path) -> None:
    count = sitemap_count(site, paths)
    for number in range(count + 1 if count > 1 else 1):
        name = f"sitemap-{number}.xml" if number else "sitemap.xml"
        write(folder, name, sitemap(site, paths, number).encode())
    write(folder, "robots.txt", robots_txt(site.url, site.endpoint).encode())
