"""How a worker answers for the ontology: its documentation, its RDF, and its old versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox

from transfergraph.errors import ReleaseError
from transfergraph.pages.html import render_ontology
from transfergraph.pages.ontology import read_ontology
from transfergraph.pages.site import DOCUMENT_FORMATS, HTML, ONTOLOGY, Address, Site
from transfergraph.release.dumps import PREFIXES
from transfergraph.release.manifest import read_manifest
from transfergraph.server.heads import begin_page, see_other
from transfergraph.server.jobs import Wishes
from transfergraph.server.offers import content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.sink import as_file

Versions = Mapping[str, Path]
"""The versions of the ontology, the latest first, each with a release that carries it."""

_FILE = Path("ontology", "transfergraph.ttl")
_VERSION = ox.NamedNode("http://www.w3.org/2002/07/owl#versionInfo")


def read_versions(release: Path) -> Versions:
    """The versions in this release and in those that are kept beside it."""
    found: dict[str, tuple[str, Path]] = {}
    for folder in (release, *sorted(release.parent.iterdir(), reverse=True)):
        try:
            created = read_manifest(folder).created.isoformat()
        except ReleaseError:
            continue
        version = _version(folder / _FILE)
        if version is not None and (version not in found or folder == release):
            found[version] = (created, folder)
    current = _version(release / _FILE)
    order = sorted(found, key=lambda one: (one == current, found[one][0], one), reverse=True)
    return {version: found[version][1] for version in order}


def _version(file: Path) -> str | None:
    if not file.is_file():
        return None
    quads = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
    texts = (q.object.value for q in quads if q.predicate == _VERSION and isinstance(q.object, ox.Literal))
    return next(texts, None)


def answer_ontology(versions: Versions, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> bool:
    """Answer for the ontology; False when there is no such version of it."""
    wanted = address.local.removeprefix("ontology").removeprefix("/") or next(iter(versions), "")
    if wanted not in versions or address.page != 1:
        return False
    if not address.ending:
        see_other(site, address.local, wishes, outlet)
        return True
    folder = versions[wanted]
    links = ("link", ", ".join(_links(site, address, wanted)))
    if address.ending == HTML:
        language = begin_page(site, address, wishes, outlet, links)
        ontology = read_ontology(read_vocabulary(folder), read_alignments(folder), list(versions))
        outlet.write(render_ontology(ontology, site, language).encode())
        return True
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    outlet.begin(200, ("content-type", content_type(form.media_type)), links)
    if form.name == "turtle":
        outlet.write((folder / _FILE).read_bytes())
    else:
        ox.serialize(read_triples(folder / _FILE), as_file(outlet), form.oxigraph, prefixes=PREFIXES)
    return True


def _links(site: Site, address: Address, version: str) -> Iterator[str]:
    yield f'<{ONTOLOGY}>; rel="describes"'
    yield f'<{site.licence}>; rel="license"'
    yield f'<{site.address(address.local, address.ending, address.language)}>; rel="canonical"'
    yield f'<{site.address("ontology")}>; rel="latest-version"'
    yield f'<{site.address(f"ontology/{version}")}>; rel="memento"'
    for language in site.languages:
        target = site.address(address.local, HTML, language)
        yield f'<{target}>; rel="alternate"; type="text/html"; hreflang="{language}"'
    for form in DOCUMENT_FORMATS:
        yield f'<{site.address(address.local, form.ending)}>; rel="alternate"; type="{form.media_type}"'
    yield f'<{site.url}ontology/shapes.ttl>; rel="describedby"; type="text/turtle"'


def read_vocabulary(folder: Path) -> Iterator[ox.Triple]:
    """The triples of ontology and schemes in a release."""
    for file in (folder / _FILE, *sorted((folder / "ontology" / "schemes").glob("*.ttl"))):
        yield from read_triples(file)


def read_alignments(folder: Path) -> Iterator[ox.Triple]:
    """The triples that say what other vocabularies call the terms, in a release; perhaps none."""
    file = folder / "ontology" / "alignments.ttl"
    if file.is_file():
        yield from read_triples(file)


def read_triples(file: Path) -> Iterator[ox.Triple]:
    """The triples of a Turtle file."""
    return (quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
