"""The stream of what happened to the entities of a graph, for those who keep a copy of it.

A Linked Data Event Stream (LDES 1.0, https://w3id.org/ldes/specification, with the pages of the TREE
hypermedia specification) in the profile of DCAT-AP Feeds, section 1: each member is an activity
(``as:Create``, ``as:Update``, ``as:Delete`` of Activity Streams 2.0) with ``as:object`` and
``as:published``, named by a fragment of its page; what is told of the entity from then on is in the named
graph of the activity. Who applies all members in order has the graph.

The root is Turtle and holds no members; the pages are TriG. A release adds pages of its own, and never
touches those of a release before it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, FOAF, TYPE, VCARD, XSD
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.release.changes.difference import SubjectChange
from transfergraph.release.sorted_ntriples import subject_of

TREE = "https://w3id.org/tree#"
_PREFIXES = f"""\
@prefix as: <https://www.w3.org/ns/activitystreams#> .
@prefix ldes: <https://w3id.org/ldes#> .
@prefix tree: <{TREE}> .
@prefix xsd: <{XSD}> .
"""
_MEMBERS = 5000  # of one page
_NOWHERE = "http://localhost/"  # what the addresses of pages are relative to while a root is read
_RELATION = (f"{TREE}node", f"{TREE}value")

_TYPE = ox.NamedNode(TYPE)
_ENTITIES = {
    *(f"{DCAT}{name}" for name in ("Catalog", "DataService", "Dataset", "Distribution")),
    DCT + "LicenseDocument",
    VCARD + "Kind",
    FOAF + "Agent",
}


@dataclass(frozen=True, slots=True)
class LdesStream:
    """A stream by its IRI, its title by language, and the name of its root (``<name>.ttl``) and folder of
    pages."""

    iri: str
    name: str
    title: Mapping[str, str]

    @property
    def root(self) -> str:
        """The file of the root."""
        return f"{self.name}.ttl"


@dataclass(frozen=True, slots=True)
class LdesPage:
    """A page by its path beside the root, and when its members were published (``xsd:dateTime``)."""

    path: str
    published: str


class EventWriter:
    """Writes the pages of one release, change by change."""

    def __init__(self, folder: Path, stream: LdesStream, release: str, published: str) -> None:
        self._folder, self._name, self._release, self._published = folder, stream.name, release, published
        self._stream = stream.iri
        self._time = f'"{published}"^^xsd:dateTime'.encode()
        self._count = 0
        self._activities: list[bytes] = []
        self._graphs: list[bytes] = []
        self._pages: list[LdesPage] = []

    def add(self, change: SubjectChange) -> None:
        """Add what happened to one entity."""
        self._count += 1
        kind = b"Delete" if not change.after else b"Update" if change.before else b"Create"
        self._activities.append(
            b"event:%d a as:%b ; as:object %b ; as:published %b .\n"
            % (self._count, kind, change.subject, self._time)
        )
        if change.after:
            description = b"".join(map(_turtle, groupby(change.after, subject_of)))
            self._graphs.append(b"event:%d {\n%b}\n" % (self._count, description))
        if len(self._activities) == _MEMBERS:
            self._write()

    def finish(self) -> tuple[LdesPage, ...]:
        """Write the last page; return all pages of the release."""
        if self._activities:
            self._write()
        return tuple(self._pages)

    def _write(self) -> None:
        name = f"{self._release}-{len(self._pages) + 1}"
        path = f"{self._name}/{name}.trig"
        first = self._count - len(self._activities) + 1
        members = ", ".join(f"event:{number}" for number in range(first, self._count + 1))
        file = self._folder / path
        file.parent.mkdir(exist_ok=True)
        head = (
            f"{_PREFIXES}@prefix event: <{self._stream}/{name}#> .\n\n"
            "<> a tree:Node ; ldes:immutable true .\n"
            f"<{self._stream}> tree:member {members} .\n\n"
        ).encode()
        content = b"".join([head, *self._activities, b"\n", *self._graphs])
        try:
            read = ox.parse(content, format=ox.RdfFormat.TRIG, base_iri=_NOWHERE + path, lenient=True)
            deque(read, maxlen=0)  # the terms are those of the graph or of the catalogue, read strictly there
        except SyntaxError as error:
            raise ReleaseError(explained("error.release.unreadable", path=path, error=error)) from error
        file.write_bytes(content)
        self._pages.append(LdesPage(path, self._published))
        self._activities, self._graphs = [], []


def _turtle(about: tuple[bytes, Iterable[bytes]]) -> bytes:
    """The lines of one subject in Turtle, which names it once."""
    subject, lines = about
    start = len(subject) + 1
    return b"%b %b .\n" % (subject, b" ;\n".join([line[start:-3] for line in lines]))


def write_root(folder: Path, stream: LdesStream, pages: Sequence[LdesPage]) -> None:
    """Write the root: what stream this is, and which page holds the members of which time."""
    titles = " , ".join(str(ox.Literal(title, language=language)) for language, title in stream.title.items())
    relations = [relation for number, page in enumerate(pages, 1) for relation in _relations(number, page)]
    names = " , ".join(name for name, _ in relations)
    links = f" ;\n    tree:relation {names}" if names else ""
    text = (
        f"{_PREFIXES}@prefix dct: <{DCT}> .\n\n"
        f"<{stream.iri}> a ldes:EventStream ;\n"
        f"    dct:title {titles} ;\n"
        "    ldes:timestampPath as:published ;\n"
        "    ldes:versionOfPath as:object ;\n"
        "    ldes:versionCreateObject as:Create ;\n"
        "    ldes:versionUpdateObject as:Update ;\n"
        "    ldes:versionDeleteObject as:Delete ;\n"
        "    tree:view <> .\n\n"
        f"<> a tree:Node{links} .\n"
        f"{''.join(description for _, description in relations)}"
    )
    (folder / stream.root).write_text(text, encoding="utf-8")


def _relations(number: int, page: LdesPage) -> Iterator[tuple[str, str]]:
    """The names and descriptions of the two relations that lead to a page."""
    for name, kind in ((f"<#from-{number}>", "GreaterThan"), (f"<#until-{number}>", "LessThan")):
        yield (
            name,
            (
                f"\n{name} a tree:{kind}OrEqualToRelation ; tree:path as:published ;\n"
                f'    tree:value "{page.published}"^^xsd:dateTime ; tree:node <{page.path}> .\n'
            ),
        )


def read_pages(release: Path, stream: LdesStream) -> tuple[LdesPage, ...]:
    """The pages of the stream that a release has, in order; none when it has no such stream.

    Raises :class:`ReleaseError` when the root is damaged.
    """
    file = release / stream.root
    if not file.is_file():
        return ()
    relations: dict[str, dict[str, str]] = {}
    try:
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=_NOWHERE + stream.root):
            if quad.predicate.value in _RELATION and not isinstance(quad.object, ox.Triple):
                relations.setdefault(str(quad.subject), {})[quad.predicate.value] = quad.object.value
        node, value = _RELATION
        pages = {one[node].removeprefix(_NOWHERE): one[value] for one in relations.values()}
    except (OSError, SyntaxError, KeyError) as error:
        raise ReleaseError(explained("error.release.damaged", file=file, error=error)) from error
    return tuple(LdesPage(path, published) for path, published in pages.items())


@dataclass(frozen=True, slots=True)
class CatalogueGraph:
    """The lines of a catalogue by subject, what each subject mentions, and its entities.

    Entities are what DCAT-AP Feeds has activities about. Everything else, such as a checksum or a period,
    belongs to each entity that leads to it.
    """

    lines: Mapping[str, list[bytes]]
    mentioned: Mapping[str, list[str]]
    entities: frozenset[str]

    def described(self, entity: str) -> tuple[bytes, ...]:
        """All lines about an entity and what belongs to it, sorted; none when it is not there."""
        if entity not in self.entities:
            return ()
        found, waiting = {entity}, [entity]
        while waiting:
            for other in self.mentioned.get(waiting.pop(), ()):
                if other in self.lines and other not in self.entities and other not in found:
                    found.add(other)
                    waiting.append(other)
        return tuple(sorted(line for subject in found for line in self.lines[subject]))


def catalogue_changes(old: Path | None, new: Path) -> Iterator[SubjectChange]:
    """What differs between the catalogues of two releases, in the order of the IRIs.

    The lines of a change are those of the entity with all that belongs to it. Raises
    :class:`ReleaseError` for a damaged catalogue.
    """
    before = CatalogueGraph({}, {}, frozenset()) if old is None else read_catalogue(old)
    after = read_catalogue(new)
    for entity in sorted(before.entities | after.entities):
        was, now = before.described(entity), after.described(entity)
        if was != now:
            yield SubjectChange(f"<{entity}>".encode(), was, now)


def read_catalogue(release: Path) -> CatalogueGraph:
    """The catalogue of a release; empty when it has none."""
    file = release / CATALOGUE_FILE
    lines: dict[str, list[bytes]] = defaultdict(list)
    mentioned: dict[str, list[str]] = defaultdict(list)
    entities: set[str] = set()
    try:
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE) if file.is_file() else ():
            subject = str(quad.subject)[1:-1]
            lines[subject].append(f"{quad.subject} {quad.predicate} {quad.object} .\n".encode())
            if isinstance(quad.object, ox.NamedNode):
                mentioned[subject].append(quad.object.value)
                if quad.predicate == _TYPE and quad.object.value in _ENTITIES:
                    entities.add(subject)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(explained("error.release.damaged", file=file, error=error)) from error
    return CatalogueGraph(lines, mentioned, frozenset(entities))
