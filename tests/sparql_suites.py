"""The SPARQL suites of the W3C that lie beside the repository, read from their manifests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from workspaces import REPOSITORY

SUITES = REPOSITORY.parent / "shared" / "suites" / "rdf-tests" / "sparql"
MISSING = "the SPARQL suites are not beside the repository"
BASE = "http://example.org/suites/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "rdf": ox.RdfFormat.RDF_XML,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
}

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Manifest:
    """The statements of one manifest."""

    def __init__(self, file: Path) -> None:
        self.folder = file.parent
        self._values: dict[tuple[Node, str], list[Node]] = defaultdict(list)
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, base_iri=iri_of(file)):
            self._values[quad.subject, quad.predicate.value].append(quad.object)

    def values(self, node: Node, name: str) -> list[Node]:
        """All objects of a property, each list with its members."""
        return [one for value in self._values.get((node, name), ()) for one in self._members(value)]

    def value(self, node: Node, name: str) -> Node | None:
        """The object of a property, if there is one."""
        return next(iter(self.values(node, name)), None)

    def subjects(self, name: str) -> Iterator[Node]:
        """What has this property."""
        return (node for node, property_ in self._values if property_ == name)

    def _members(self, node: Node) -> Iterator[Node]:
        if (node, f"{RDF}first") not in self._values:
            if node != ox.NamedNode(f"{RDF}nil"):
                yield node
            return
        while (node, f"{RDF}first") in self._values:
            yield self._values[node, f"{RDF}first"][0]
            node = self._values[node, f"{RDF}rest"][0]


@dataclass(frozen=True)
class SuiteTest:
    """One entry of a manifest."""

    name: str
    kind: str
    query: Path | None
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()
    result: Path | None = None

    @property
    def text(self) -> str:
        """The query, with the address of its file as base."""
        assert self.query is not None
        return f"BASE <{iri_of(self.query)}>\n" + self.query.read_bytes().decode("utf-8", "surrogateescape")


def iri_of(file: Path) -> str:
    """The address that a file of the suites has in its manifest."""
    return BASE + file.relative_to(SUITES).as_posix()


def file_of(node: Node) -> Path:
    """The file of the suites at an address."""
    assert isinstance(node, ox.NamedNode)
    return SUITES / node.value.removeprefix(BASE)


def manifests(version: str) -> Iterator[Manifest]:
    """All manifests of a version (``sparql11``) that are included, however deeply."""
    todo, met = [SUITES / version / "manifest.ttl"], set()
    if version == "sparql11":
        todo = [SUITES / version / "manifest-all.ttl"]
    while todo:
        file = todo.pop(0)
        if file in met:
            continue
        met.add(file)
        manifest = Manifest(file)
        yield manifest
        todo += [
            file_of(one)
            for node in manifest.subjects(f"{MF}include")
            for one in manifest.values(node, f"{MF}include")
        ]


def suite_tests(version: str) -> list[SuiteTest]:
    """The tests that the manifests list."""
    found = []
    for manifest in manifests(version):
        for node in list(manifest.subjects(f"{MF}entries")):
            found += [_test(manifest, entry) for entry in manifest.values(node, f"{MF}entries")]
    return found


def _test(manifest: Manifest, entry: Node) -> SuiteTest:
    assert isinstance(entry, ox.NamedNode)
    kinds = [
        one.value.rpartition("#")[2]
        for one in manifest.values(entry, f"{RDF}type")
        if isinstance(one, ox.NamedNode)
    ]
    name = f"{manifest.folder.relative_to(SUITES).as_posix()}/{entry.value.rpartition('#')[2].rpartition('/')[2]}"
    action = manifest.value(entry, f"{MF}action")
    query = action if isinstance(action, ox.NamedNode) else action and manifest.value(action, f"{QT}query")
    result = manifest.value(entry, f"{MF}result")
    return SuiteTest(
        name=name,
        kind=kinds[0].removesuffix("11"),
        query=file_of(query) if isinstance(query, ox.NamedNode) else None,
        data=tuple(file_of(one) for one in manifest.values(action, f"{QT}data")) if action else (),
        graphs=tuple(file_of(one) for one in manifest.values(action, f"{QT}graphData")) if action else (),
        result=file_of(result) if isinstance(result, ox.NamedNode) else None,
    )


def statements(file: Path) -> list[ox.Quad]:
    """What a file of data says, with blank nodes that no other file has."""
    quads = ox.parse(
        path=str(file), format=FORMATS[file.suffix[1:]], base_iri=iri_of(file), rename_blank_nodes=True
    )
    return list(quads)
