"""The texts of SPARQL 1.1 Update that a push sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from transfergraph.common.namespaces import GSP, VIRTUOSO_GEOMETRY
from transfergraph.publish.push.dump_batches import split
from transfergraph.publish.push.push_state import PushNames

_VALUE = re.compile(rb'"\^\^<http://www\.w3\.org/2001/XMLSchema#(?!string|anyURI)[A-Za-z]+> \.\n\Z')
_WKT = f'"^^<{GSP}wktLiteral> .\n'.encode()
_ESCAPE = re.compile(rb"\\(\\[uU]|.)", re.DOTALL)


def data(triples: bytes) -> str:
    """N-Triples as they may stand in the text of an update or a query.

    SPARQL has ``\\u0041`` mean a letter wherever it stands (section 19.2), so a backslash followed by a u in
    a literal, which N-Triples writes ``\\\\u``, needs its u written so as well.
    """
    return _ESCAPE.sub(_with_code_point, triples).decode()


def _with_code_point(escape: re.Match[bytes]) -> bytes:
    letter = escape[1][1:]
    return escape[0] if not letter else b"\\\\\\u%04X" % letter[0]


def move_staged(
    names: PushNames, identifier: str, counts: Mapping[str, int], obsolete: Iterable[str], state: bytes
) -> str:
    """Replace the old graphs by the staging graphs and drop the obsolete ones, in one request.

    This does what MOVE does, without it: MOVE, COPY and ADD of Apache Jena Fuseki 5.2.0 lose statements.
    A server may spell values in its own way when it copies them.
    """
    steps = []
    for graph in counts:
        staged = names.staging(identifier, graph)
        steps.append(f"DROP SILENT GRAPH <{graph}>")
        steps.append(
            f"INSERT {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{staged}> {{ ?s ?p ?o }} }}"
        )
        steps.append(f"DROP SILENT GRAPH <{staged}>")
    steps += [f"DROP SILENT GRAPH <{graph}>" for graph in obsolete]
    return " ;\n".join([*steps, *_set_state(names, state)])


def patch(names: PushNames, removed: Iterable[bytes], added: Iterable[bytes], state: bytes) -> str:
    """Remove and add N-Quads lines, in one request.

    A value that a server may spell in its own way, 1.5 for 1.50, is removed however it is spelt.
    """
    exact: list[bytes] = []
    valued: list[bytes] = []
    for line in removed:
        (valued if has_value(split(line)[1]) else exact).append(line)
    steps = [f"DELETE DATA {{\n{_blocks(exact)}}}"] if exact else []
    if valued:
        rows = "".join(f"(<{graph.decode()}> {_terms(triple)})\n" for graph, triple in map(split, valued))
        steps.append(
            f"DELETE {{ GRAPH ?g {{ ?s ?p ?o }} }} WHERE {{\nVALUES (?g ?s ?p ?v) {{\n{rows}}}\n"
            "GRAPH ?g { ?s ?p ?o } FILTER(?o = ?v) }"
        )
    block = _blocks(added)
    if block:
        steps.append(f"INSERT DATA {{\n{block}}}")
    return " ;\n".join([*steps, *_set_state(names, state)])


def has_value(triple: bytes) -> bool:
    """True for an N-Triples line whose object is a number, a truth value or a date of XML Schema."""
    return _VALUE.search(triple) is not None


def look_up(graph: str, triples: Iterable[bytes]) -> str:
    """How many of these N-Triples lines a graph has, values compared as values: a SELECT query for ``?n``.

    Each is looked up by itself. As rows of VALUES they would be compared letter by letter. A geometry is
    compared as a text: Virtuoso keeps it as a type of its own, and takes no query that has one.
    """
    branches = []
    for number, triple in enumerate(triples):
        if has_value(triple):
            subject, predicate, value = _terms(triple).split(" ", 2)
            found = f"GRAPH <{graph}> {{ {subject} {predicate} ?o{number} FILTER(?o{number} = {value}) }}"
        elif triple.endswith(_WKT):
            subject, predicate, value = _terms(triple).split(" ", 2)
            text = value.removesuffix(_WKT.decode().removeprefix('"').removesuffix(" .\n"))
            same = f"STR(?o{number}) = {text} || DATATYPE(?o{number}) = <{VIRTUOSO_GEOMETRY}>"
            found = f"GRAPH <{graph}> {{ {subject} {predicate} ?o{number} FILTER({same}) }}"
        else:
            found = f"GRAPH <{graph}> {{ {data(triple)} }}"
        branches.append(f"{{ {found} BIND({number} AS ?i) }}")
    return f"SELECT (COUNT(DISTINCT ?i) AS ?n) WHERE {{ {' UNION '.join(branches)} }}"


def _terms(triple: bytes) -> str:
    """The three terms of an N-Triples line."""
    return data(triple.removesuffix(b" .\n"))


def _set_state(names: PushNames, state: bytes) -> Iterator[str]:
    yield f"DROP SILENT GRAPH <{names.state_graph}>"
    yield f"INSERT DATA {{ GRAPH <{names.state_graph}> {{\n{data(state)}}} }}"


def _blocks(lines: Iterable[bytes]) -> str:
    by_graph: dict[bytes, list[bytes]] = {}
    for line in lines:
        graph, triple = split(line)
        by_graph.setdefault(graph, []).append(triple)
    return "".join(
        f"GRAPH <{graph.decode()}> {{\n{data(b''.join(by_graph[graph]))}}}\n" for graph in sorted(by_graph)
    )
