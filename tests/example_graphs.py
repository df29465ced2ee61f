"""The examples of the ontology as graphs, and what a validator says about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import pyshacl
from rdflib import RDF, SH, SKOS, Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as QueryResult
from workspaces import REPOSITORY

ONTOLOGY = REPOSITORY / "ontology"
EXAMPLES = ONTOLOGY / "examples"
TG = "https://w3id.org/transfergraph/ontology#"
SHAPES = "https://w3id.org/transfergraph/shapes#"
BASE = "https://example.org/"

_HEADER = re.compile(r"#! (?P<key>[a-z]+): (?P<value>.+)")
_EXPECTED = re.compile(r"(?P<severity>\w+) tgsh:(?P<shape>\w+) <(?P<focus>[^<> ]+)>")


class Result(NamedTuple):
    """One result of a validation: local name of the severity, local name of the shape, IRI of the focus node."""

    severity: str
    shape: str
    focus: str


@dataclass(frozen=True, slots=True)
class Example:
    """An example file and its header; the file names are relative to the folder of the examples."""

    name: str
    summary: str
    companions: tuple[str, ...]
    expected: frozenset[Result]


class PreparedGraph(Graph):
    """A graph that parses a query text once; pySHACL asks the same text for every focus node."""

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> QueryResult:
        """As :meth:`rdflib.Graph.query`."""
        prepared = _prepared(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


@cache
def examples(ending: str) -> tuple[Example, ...]:
    """The examples whose names end so (``valid.ttl`` or ``invalid.ttl``), by name; there is always one."""
    found = tuple(_read(path.name) for path in sorted(EXAMPLES.glob(f"*.{ending}")))
    assert found, f"no example ends in {ending}"
    return found


def _read(name: str) -> Example:
    headers: dict[str, list[str]] = {}
    for line in (EXAMPLES / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#!"):
            continue
        header = _HEADER.fullmatch(line)
        assert header, f"{name}: {line}"
        headers.setdefault(header["key"], []).append(header["value"])
    (summary,) = headers.pop("summary")
    companions = tuple(headers.pop("with", ()))
    lines = headers.pop("expects", [])
    expected = frozenset(_expected(name, line) for line in lines)
    assert len(expected) == len(lines), f"{name} expects a result twice"
    assert not headers, f"{name}: unknown header {sorted(headers)}"
    return Example(name, summary, companions, expected)


def _expected(name: str, line: str) -> Result:
    match = _EXPECTED.fullmatch(line)
    assert match, f"{name}: {line}"
    focus = match["focus"] if ":" in match["focus"] else BASE + match["focus"]
    return Result(match["severity"], match["shape"], focus)


@cache
def example_graph(example: Example) -> Graph:
    """The triples of an example and its companions, without the vocabulary."""
    graph = Graph()
    for name in (*example.companions, example.name):
        graph.parse(EXAMPLES / name, format="turtle")
    return graph


@cache
def ontology() -> Graph:
    """The ontology alone."""
    return Graph().parse(ONTOLOGY / "transfergraph.ttl", format="turtle")


@cache
def alignments() -> Graph:
    """The links to other vocabularies alone."""
    return Graph().parse(ONTOLOGY / "alignments.ttl", format="turtle")


@cache
def schemes() -> Graph:
    """All concept schemes."""
    files = sorted((ONTOLOGY / "schemes").glob("*.ttl"))
    assert files, "no concept schemes"
    graph = Graph()
    for file in files:
        graph.parse(file, format="turtle")
    return graph


@cache
def shapes() -> Graph:
    """The shapes; not to be changed."""
    return Graph().parse(ONTOLOGY / "shapes.ttl", format="turtle")


@cache
def data_graph(example: Example) -> Graph:
    """What a validator is given: the example, the ontology, and the schemes.

    Of the concepts in the schemes only those that the example mentions are taken, and those above them, for
    speed; the others have no connection to it.
    """
    graph = PreparedGraph()
    own = example_graph(example)
    mentioned = set(own.objects()) | set(own.subjects())
    for one in list(mentioned):
        mentioned |= {above for above in schemes().transitive_objects(one, SKOS.broader) if above is not None}
    unrelated = set(schemes().subjects(RDF.type, SKOS.Concept)) - mentioned
    for triple in own:
        graph.add(triple)
    for triple in ontology():
        graph.add(triple)
    for triple in schemes():
        if triple[0] not in unrelated:
            graph.add(triple)
    return graph


def iris(nodes: Iterable[object]) -> list[URIRef]:
    """The IRIs among the nodes, each once, sorted."""
    return sorted({node for node in nodes if isinstance(node, URIRef)})


def results(data: Graph, shapes_graph: Graph) -> frozenset[Result]:
    """What the reference validator finds. ``data`` holds the vocabulary as well and is left as it is."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes_graph, inplace=True)
    assert isinstance(report, Graph)
    return frozenset(
        Result(
            _local(report, node, SH.resultSeverity),
            _local(report, node, SH.sourceShape),
            _focus(report, node),
        )
        for node in report.objects(None, SH.result)
    )


def _local(report: Graph, node: Any, predicate: URIRef) -> str:
    return str(report.value(node, predicate)).rpartition("#")[2]


def _focus(report: Graph, node: Any) -> str:
    return str(report.value(node, SH.focusNode))
