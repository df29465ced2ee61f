"""What a release says of itself, read from its manifest and its catalogue alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

from transfergraph.common.formats import media_type_of
from transfergraph.common.namespaces import DCAT, DCATDE, DCT, FOAF, RDFS, SKOS, SPDX, VCARD
from transfergraph.common.text import Text
from transfergraph.config.own_pages import own_pages
from transfergraph.config.settings import CatalogueSettings
from transfergraph.config.strict_toml import example_table
from transfergraph.dcat import CATALOGUE_FILE, CATALOGUE_FIRST, VOID_FILE
from transfergraph.dcat.catalogue_index import CatalogueIndex, Node
from transfergraph.dcat.triple_writer import TripleWriter
from transfergraph.errors import ReleaseError, WorkspaceError
from transfergraph.messages import explained
from transfergraph.queries import load_queries
from transfergraph.release.changes.tombstones import read_tombstones
from transfergraph.release.contents_reader import read_contents
from transfergraph.release.isolated_queries import QUESTIONS
from transfergraph.release.manifest import MANIFEST, Manifest, citation_in, read_manifest
from transfergraph.release.ontology_versions import read_versions
from transfergraph.release.publish_release import release_folder
from transfergraph.search import LIST
from transfergraph.vocabulary.presentation import Presentation
from transfergraph.vocabulary.presentation_reader import released_presentation
from transfergraph.web.addresses import Site
from transfergraph.web.appearance import read_appearance
from transfergraph.web.dataset_page import DatasetArea, DatasetRecord, Download
from transfergraph.web.entity_origins import RULES
from transfergraph.web.network_drawing import read_kinds
from transfergraph.web.own_page import OwnText, read_own_page
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.release_contents import ReleaseContents
from transfergraph.web.site_pages import GoneEntity

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True)
class ReleaseFacts:
    """A release with its folder, its manifest and its catalogue.

    ``triples`` are those of ``catalog.ttl``. ``moved`` is the folder of the files with the addresses of the
    site, None where the addresses are those of the release.
    """

    folder: Path
    manifest: Manifest
    triples: tuple[ox.Triple, ...]
    moved: Path | None = None

    @cached_property
    def index(self) -> CatalogueIndex:
        """The catalogue, ready to be asked."""
        return CatalogueIndex(self.triples)

    @cached_property
    def void_index(self) -> CatalogueIndex:
        """The VoID description by subject and property."""
        return CatalogueIndex(self.void)

    @cached_property
    def void(self) -> tuple[ox.Triple, ...]:
        """The VoID description; empty in a release that has none."""
        file = (self.moved or self.folder) / VOID_FILE
        return _read(file) if file.is_file() else ()

    @cached_property
    def presentation(self) -> Presentation:
        """How its classes and properties are shown."""
        return released_presentation(self.folder)

    @property
    def catalogue(self) -> ox.NamedNode:
        """The catalogue itself."""
        return self.iri("catalogue")

    def iri(self, path: str) -> ox.NamedNode:
        """What lies at that path below the base IRI."""
        return ox.NamedNode(self.manifest.base + path)

    @cached_property
    def url(self) -> str:
        """Where the catalogue says that the files lie, ending with a slash.

        Raises :class:`ReleaseError` when it says nothing of the kind.
        """
        for node in self.index.instances(DCAT + "Distribution"):
            path = node.value.removeprefix(f"{self.manifest.base}distribution/")
            where = self.index.first(node, DCAT + "downloadURL")
            if where is not None and where.value.endswith(f"/{path}"):
                return where.value.removesuffix(path)
        raise ReleaseError(explained("error.release.no-files", folder=self.folder / CATALOGUE_FILE))

    @property
    def title(self) -> Text:
        """The title of the graph."""
        return self.manifest.title

    @property
    def description(self) -> Text:
        """What the graph holds, in a sentence."""
        return self.text(self.catalogue, DCT + "description") or self.title

    @property
    def publisher(self) -> str:
        """The name of the publisher."""
        return self._said("agent/publisher", FOAF + "name")

    @property
    def homepage(self) -> str:
        """The home page of the publisher; empty when there is none."""
        return self._said("agent/publisher", FOAF + "homepage")

    @property
    def contact(self) -> tuple[str, str]:
        """Name and mail address of whom to ask."""
        mail = self._said("contact", VCARD + "hasEmail").removeprefix("mailto:")
        return self._said("contact", VCARD + "fn"), mail

    @property
    def who_to_ask(self) -> str:
        """Name and mail address in one line; empty where neither is known."""
        return ", ".join(filter(None, self.contact))

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and the last day that the data is about; None where the catalogue says neither."""
        return self._period(self.iri("dataset/graph"))

    def demand_portal_settings(self, verb: str) -> None:
        """Raise :class:`WorkspaceError` with all missing keys when the release tells portals nothing."""
        if self.contact == ("", ""):
            languages = self.manifest.languages
            keys = example_table(CatalogueSettings, "catalogue", languages, also=["attribution"])
            raise WorkspaceError(
                explained("error.release.not-publishable", verb=verb, id=self.manifest.id, keys=keys)
            )

    @property
    def attribution(self) -> Text | None:
        """What reusers have to print; None where the licence asks for nothing."""
        return self.text(self.catalogue, DCATDE + "licenseAttributionByText")

    @property
    def credits(self) -> tuple[Text, ...]:
        """Where the facts come from, one line for each source."""
        prefix = f"{self.manifest.base}graph/"
        sources = [node for node in self.index.subjects() if node.value.startswith(prefix)]
        found = (self.text(node, DCATDE + "licenseAttributionByText") for node in sources)
        return tuple(text for text in found if text is not None)

    @property
    def keywords(self) -> dict[str, tuple[str, ...]]:
        """The keywords of the graph, by language."""
        return self._keywords(self.iri("dataset/graph"))

    @cached_property
    def datasets(self) -> tuple[DatasetRecord, ...]:
        """The datasets that the catalogue lists, in the order of their IRIs."""
        listed = self.index.nodes(self.catalogue, DCAT + "dataset")
        ours = [node for node in listed if node.value.startswith(self.manifest.base)]
        return tuple(self._dataset(node) for node in ours)

    def site(self, url: str, documents: bool) -> Site:
        """The site of the release at this address, without an endpoint."""
        return Site(
            title=self.title,
            description=self.description,
            base=self.manifest.base,
            url=url,
            release=self.manifest.id,
            issued=self.manifest.created,
            licence=self.manifest.licence,
            citation=citation_in(self.manifest.languages, self.manifest),
            publisher=self.publisher,
            homepage=self.homepage,
            credits=self.credits,
            languages=self.manifest.languages,
            endpoint=False,
            documents=documents,
            searchable=documents and any(file.path == LIST for file in self.manifest.files),
            empty=frozenset(key for key, rows in self.manifest.counts.items() if rows == 0),
            kinds=read_kinds(self.folder),
            own_pages=tuple((one.name, one.title) for one in self.own_pages),
            appearance=read_appearance(self.folder),
            presentation=self.presentation,
        )

    @cached_property
    def own_pages(self) -> tuple[OwnText, ...]:
        """The pages that the workspace brought."""
        paths = (file.path for file in self.manifest.files)
        found = own_pages(paths, self.manifest.languages)
        return tuple(read_own_page(self.folder, page) for page in found)

    def text(self, node: Node, predicate: str) -> Text | None:
        """The texts of a property. None when there is none."""
        literals = [one for one in self.index.values(node, predicate) if isinstance(one, ox.Literal)]
        texts = {one.language or "": one.value for one in literals}
        return Text(dict(sorted(texts.items()))) if texts else None

    def _said(self, path: str, predicate: str) -> str:
        found = self.index.first(self.iri(path), predicate)
        return "" if found is None else found.value

    def _keywords(self, node: Node) -> dict[str, tuple[str, ...]]:
        literals = [one for one in self.index.values(node, DCAT + "keyword") if isinstance(one, ox.Literal)]
        return {
            language: tuple(one.value for one in literals if one.language == language)
            for language in self.manifest.languages
        }

    def _dataset(self, node: Node) -> DatasetRecord:
        index = self.index
        version = index.first(node, DCAT + "version")
        title = self.text(node, DCT + "title") or self.title
        return DatasetRecord(
            iri=node.value,
            local=node.value.removeprefix(self.manifest.base),
            title=title,
            about=self.text(node, DCT + "description") or title,
            keywords=self._keywords(node),
            issued=self._date(node, "issued"),
            modified=self._date(node, "modified"),
            version=self.manifest.id if version is None else version.value,
            licence=self.manifest.licence,
            attribution=self.attribution,
            contact=self.who_to_ask,
            period=self._period(node),
            area=self._area(node),
            citation=self.text(node, DCT + "bibliographicCitation") or Text.same(self.manifest.citation),
            downloads=tuple(self._downloads(node)),
            parts=tuple(self._parts(node)),
            described=self._described(node),
        )

    def _described(self, node: Node) -> tuple[ox.Triple, ...]:
        """What catalogue and VoID description say of a dataset and of all that belongs to it."""
        out = TripleWriter(self.manifest.languages)
        for triples, index in ((self.triples, self.index), (self.void, self.void_index)):
            reached = index.reachable(node)
            out.update(triple for triple in triples if triple.subject in reached)
        return out.sorted(CATALOGUE_FIRST)

    def _date(self, node: Node, name: str) -> date | None:
        found = self.index.first(node, DCT + name)
        return None if found is None else date.fromisoformat(found.value[:10])

    def _period(self, node: Node) -> tuple[str, str] | None:
        for period in self.index.nodes(node, DCT + "temporal"):
            days = [self.index.first(period, DCAT + name) for name in ("startDate", "endDate")]
            if days[0] is not None and days[1] is not None:
                return days[0].value, days[1].value
        return None

    def _area(self, node: Node) -> DatasetArea | None:
        for area in self.index.nodes(node, DCT + "spatial"):
            name = self.text(area, SKOS + "prefLabel") or self.text(area, RDFS + "label")
            box = self.index.first(area, DCAT + "bbox")
            return DatasetArea(area.value, name or Text.same(area.value), _box(box.value if box else ""))
        return None

    def _downloads(self, dataset: Node) -> Iterator[Download]:
        for node in self.index.nodes(dataset, DCAT + "distribution"):
            where = self.index.first(node, DCAT + "downloadURL")
            if where is None or not where.value.startswith(self.url):
                continue
            local = where.value.removeprefix(self.url)
            path = unquote(local)
            media_type = self.index.first(node, DCAT + "mediaType")
            size = self.index.first(node, DCAT + "byteSize")
            yield Download(
                name=path.rpartition("/")[2] if path.startswith("data/graph.") else path,
                local=local,
                title=self.text(node, DCT + "title") or Text.same(path),
                media_type=media_type.value.removeprefix(_MEDIA_TYPES) if media_type else "",
                packed=bool(self.index.values(node, DCAT + "compressFormat")),
                size=int(size.value) if size else 0,
                sha256=self._checksum(node),
            )

    def _parts(self, dataset: Node) -> Iterator[Download]:
        files = {file.path: file for file in self.manifest.files}
        for node in self.index.nodes(dataset, DCT + "hasPart"):
            local = node.value.removeprefix(self.url)
            if (file := files.get(unquote(local))) is not None:
                title = self.text(node, DCT + "title") or Text.same(file.path)
                kind = media_type_of(file.path)
                yield Download(file.path, local, title, kind, False, file.size, file.sha256)

    def _checksum(self, node: Node) -> str:
        for checksum in self.index.nodes(node, SPDX + "checksum"):
            value = self.index.first(checksum, SPDX + "checksumValue")
            if value is not None:
                return value.value
        return ""


def read_facts(release: str | Path) -> ReleaseFacts:
    """What a release says of itself; given is its folder, or the folder of builds: then the current one.

    Raises :class:`ReleaseError` when there is no release, or it has no catalogue.
    """
    folder = release_folder(release)
    return facts_of(folder, read_manifest(folder))


def facts_of(folder: Path, manifest: Manifest, moved: Path | None = None) -> ReleaseFacts:
    """What lies in this folder, or in that of the files with other addresses.

    Raises :class:`ReleaseError` when its catalogue cannot be read.
    """
    return ReleaseFacts(folder, manifest, _read((moved or folder) / CATALOGUE_FILE), moved)


def _read(file: Path) -> tuple[ox.Triple, ...]:
    try:
        return tuple(quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE))
    except (OSError, SyntaxError) as error:
        raise ReleaseError(explained("error.release.not-shown", file=file, error=error)) from error


def read_published(facts: ReleaseFacts, release: Path) -> PublishedRelease:
    """What those who show a release read of it.

    The folder of the facts is the ``release``, or a copy of it with other addresses.

    Beside the release lie the earlier ones, with their versions of the ontology. Raises
    :class:`WorkspaceError` for an invalid question, :class:`ReleaseError` for a damaged file.
    """
    questions, rules = facts.folder / QUESTIONS, facts.folder / RULES
    gone = read_tombstones(release).values()
    base = facts.manifest.base
    # What is read later keeps none of the triples: a server has them for as long as it runs.
    folder, manifest, moved, listed = facts.folder, facts.manifest, facts.moved, bool(facts.triples)
    bare = ReleaseFacts(folder, manifest, (), moved)
    subjects = {one.subject.value for one in facts.triples if isinstance(one.subject, ox.NamedNode)}
    objects = {one.object.value for one in facts.triples if isinstance(one.object, ox.NamedNode)}
    pages = {f"{facts.url}{dataset.local}.html" for dataset in facts.datasets}  # they describe themselves
    pages |= {facts.url + part.local for dataset in facts.datasets for part in dataset.parts}
    subjects, objects = subjects - pages, objects - pages
    return PublishedRelease(
        base=base,
        folder=facts.folder,
        moved=facts.moved,
        counts=facts.manifest.counts,
        files={**{file.path: file.size for file in facts.manifest.files}, MANIFEST: 0},
        inputs=tuple(file.path for file in facts.manifest.inputs),
        questions=load_queries(questions) if any(questions.glob("*.rq")) else (),
        datasets=facts.datasets,
        described=sorted(iri for iri in subjects if iri.startswith(base)),
        mentioned=frozenset(iri for iri in subjects | objects if iri.startswith(base)),
        versions=read_versions(release),
        gone={one.iri: GoneEntity(one.iri, one.label, one.last_release or "", one.successor) for one in gone},
        rules=load_queries(rules) if any(rules.glob("*.rq")) else (),
        contact_mail=facts.contact[1],
        read_contents=lambda: _contents(facts_of(folder, manifest, moved) if listed else bare),
        own_pages={one.local: one for one in facts.own_pages},
    )


def _contents(facts: ReleaseFacts) -> ReleaseContents:
    """What the release holds, with what its catalogue says of rights and whom to ask."""
    schemes = {one.kind for one in facts.presentation.tables.values() if one.is_scheme}
    contents = read_contents(facts.folder, facts.manifest, facts.index, facts.period, schemes)
    return replace(contents, attribution=facts.attribution, contact=facts.who_to_ask)


def _box(polygon: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north of a polygon as well-known text, longitude first."""
    numbers: Sequence[float] = [float(one) for one in _NUMBER.findall(polygon.partition("(")[2])]
    if len(numbers) < 4:
        return None
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])
