"""Random graphs and shapes, and what an engine says of them: ours, pySHACL and Jena.

``python tests/random_shapes.py --examples 1000 --seed 1 [--jena]`` compares as many, by a seed.

Left out by construction is what pySHACL 0.40.1 answers otherwise than the recommendation (each has a case
in ``tests/shacl`` with the answer of the recommendation):

- blank nodes under ``sh:minLength 0``: lengths start at 1 here;
- values that cannot be compared with a bound or with each other: bounds and ``sh:lessThan`` meet only
  numbers here, on properties of their own;
- ill-typed literals, which pySHACL compares as text;
- the inverse of a sequence, of which pySHACL takes the steps in the wrong order: inverse are only single
  properties here;
- ``sh:node`` of a property shape, which is not well formed.

Literals that Oxigraph rewrites are left out as well: both engines work on what the store holds.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

import fuseki
import pyoxigraph as ox
import rdflib
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from shapes_cases import shown, store_of

from transfergraph.common.property_paths import path_text
from transfergraph.shacl import Result, compile_shapes, read_shapes, run_plan
from transfergraph.shacl.pyshacl_engine import copy_of, validate_with_pyshacl
from transfergraph.shacl.shape_nodes import read_path

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix ex: <http://example.org/> .
"""

IRIS = ["ex:a", "ex:b", "ex:c"]
BLANKS = ["_:x"]
LITERALS = [
    '"one"',
    '"two"',
    '"one"@de',
    '"zwei"@de',
    '"one"@en',
    '"two"@en-GB',
    "1",
    "2",
    "30",
    "1.5",
    '"2020-02-28"^^xsd:date',
    '"2021-03-01"^^xsd:date',
]
PROPERTIES = ["ex:p", "ex:q"]
CLASSES = ["ex:C", "ex:D"]


def evenly(*choices: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """One of the strategies, each as likely as the others however many branches it has itself."""
    return st.sampled_from(choices).flatmap(lambda choice: choice)


iris, classes, properties = st.sampled_from(IRIS), st.sampled_from(CLASSES), st.sampled_from(PROPERTIES)
nodes = st.sampled_from(IRIS + BLANKS)
literals = st.sampled_from(LITERALS)
numbers = st.sampled_from(["1", "2", "2.0e0", "1.5", "-1", "30"])
names = st.sampled_from(['"one"@en', '"two"@en', '"eins"@de', '"zwei"@de', '"none"', '"none too"'])
bounds = st.sampled_from(["ex:low", "ex:high"])
terms = st.sampled_from(IRIS + LITERALS)

statements = st.one_of(
    st.tuples(nodes, properties, st.one_of(nodes, literals)),
    st.tuples(nodes, bounds, numbers),
    st.tuples(nodes, st.just("ex:name"), names),
    st.tuples(nodes, st.just("a"), classes),
    st.sampled_from(
        [("ex:D", "rdfs:subClassOf", "ex:C"), ("ex:E", "rdfs:subClassOf", "ex:D"), ("ex:a", "a", "ex:E")]
    ),
)
data_graphs = st.lists(statements, min_size=6, max_size=20).map(
    lambda triples: PREFIXES + "\n".join(" ".join(triple) + " ." for triple in sorted(set(triples)))
)

paths = st.recursive(
    properties,
    lambda inner: st.one_of(
        properties.map(lambda path: f"[ sh:inversePath {path} ]"),
        st.tuples(inner, inner).map(lambda steps: f"( {' '.join(steps)} )"),
        st.tuples(inner, inner).map(lambda choices: f"[ sh:alternativePath ( {' '.join(choices)} ) ]"),
        inner.map(lambda path: f"[ sh:zeroOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:oneOrMorePath {path} ]"),
        inner.map(lambda path: f"[ sh:zeroOrOnePath {path} ]"),
    ),
    max_leaves=3,
)

datatypes = st.sampled_from(["xsd:string", "xsd:integer", "xsd:date", "xsd:boolean", "rdf:langString"])
kinds = st.sampled_from(
    ["sh:IRI", "sh:Literal", "sh:BlankNode", "sh:BlankNodeOrIRI", "sh:BlankNodeOrLiteral", "sh:IRIOrLiteral"]
)
small = st.integers(0, 3)
some_terms = st.lists(terms, max_size=4, unique=True).map(lambda items: f"( {' '.join(items)} )")
languages = st.lists(st.sampled_from(['"de"', '"en"', '"fr"']), max_size=2, unique=True)

value_constraints = st.one_of(
    classes.map(lambda c: f"sh:class {c}"),
    datatypes.map(lambda d: f"sh:datatype {d}"),
    kinds.map(lambda k: f"sh:nodeKind {k}"),
    st.tuples(st.sampled_from(["min", "max"]), st.integers(1, 4)).map(
        lambda parts: f"sh:{parts[0]}Length {parts[1]}"
    ),
    st.sampled_from(["o", "^o.*e$", "^http", "[0-9]+"]).map(lambda p: f'sh:pattern "{p}"'),
    languages.map(lambda tags: f"sh:languageIn ( {' '.join(tags)} )"),
    some_terms.map(lambda items: f"sh:in {items}"),
    terms.map(lambda term: f"sh:hasValue {term}"),
    properties.map(lambda p: f"sh:equals {p}"),
    properties.map(lambda p: f"sh:disjoint {p}"),
)
property_constraints = st.one_of(
    st.tuples(st.sampled_from(["min", "max"]), small).map(lambda parts: f"sh:{parts[0]}Count {parts[1]}"),
    st.just("sh:uniqueLang true"),
)
severities = st.sampled_from(["", "", "sh:severity sh:Warning", "sh:severity sh:Info", "sh:deactivated true"])


def body(constraints: list[str], *more: str) -> str:
    """Predicates and objects, each parameter at most once, so that the shape is well formed."""
    by_parameter = {constraint.split()[0]: constraint for constraint in constraints}
    return " ; ".join([*by_parameter.values(), *(part for part in more if part)])


def is_property_shape(shape: str) -> bool:
    return shape.startswith("[ sh:path")


def shape_constraints(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    lists = st.lists(inner, min_size=1, max_size=3).map(lambda shapes: f"( {' '.join(shapes)} )")
    return st.one_of(
        inner.map(lambda shape: f"sh:not {shape}"),
        inner.filter(lambda shape: not is_property_shape(shape)).map(lambda shape: f"sh:node {shape}"),
        st.tuples(st.sampled_from(["and", "or", "xone"]), lists).map(
            lambda parts: f"sh:{parts[0]} {parts[1]}"
        ),
    )


def property_shapes(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    qualified = st.tuples(inner, st.sampled_from(["Min", "Max"]), small).map(
        lambda parts: f"sh:qualifiedValueShape {parts[0]} ; sh:qualified{parts[1]}Count {parts[2]}"
    )
    nested = inner.filter(is_property_shape).map(lambda shape: f"sh:property {shape}")
    constraints = evenly(value_constraints, property_constraints, shape_constraints(inner), qualified, nested)
    ends = st.sampled_from(["minExclusive", "minInclusive", "maxExclusive", "maxInclusive"])
    ordered = st.one_of(
        st.sampled_from(["lessThan", "lessThanOrEquals"]).map(
            lambda p: f"[ sh:path ex:low ; sh:{p} ex:high ]"
        ),
        st.tuples(bounds, ends, numbers).map(lambda parts: "[ sh:path {} ; sh:{} {} ]".format(*parts)),
    )
    named = st.tuples(
        st.lists(st.one_of(value_constraints, property_constraints), max_size=2), severities
    ).map(lambda parts: f"[ sh:path ex:name ; {body([*parts[0], 'sh:uniqueLang true'], parts[1])} ]")
    general = st.tuples(paths, st.lists(constraints, min_size=1, max_size=3), severities).map(
        lambda parts: f"[ sh:path {parts[0]} ; {body(parts[1], parts[2])} ]"
    )
    return evenly(general, general, general, ordered, named)


def node_bodies(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    closed = properties.map(lambda p: f"sh:closed true ; sh:ignoredProperties ( rdf:type {p} )")
    constraints = st.one_of(
        value_constraints,
        shape_constraints(inner),
        property_shapes(inner).map(lambda shape: f"sh:property {shape}"),
        closed,
    )
    return st.lists(constraints, min_size=1, max_size=3).map(body)


leaves = st.lists(value_constraints, min_size=1, max_size=2).map(lambda cs: f"[ {body(cs)} ]")
inner_shapes = st.recursive(
    leaves,
    lambda inner: st.one_of(node_bodies(inner).map(lambda b: f"[ {b} ]"), property_shapes(inner)),
    max_leaves=3,
)
targets = st.one_of(
    classes.map(lambda c: f"sh:targetClass {c}"),
    st.lists(terms, min_size=1, max_size=2, unique=True).map(lambda ts: f"sh:targetNode {', '.join(ts)}"),
    properties.map(lambda p: f"sh:targetSubjectsOf {p}"),
    properties.map(lambda p: f"sh:targetObjectsOf {p}"),
)
top_level = st.lists(property_shapes(inner_shapes), min_size=1, max_size=2).map(
    lambda shapes: f"sh:property {', '.join(shapes)}"
)
shapes_graphs = st.tuples(targets, targets, evenly(top_level, top_level, node_bodies(inner_shapes))).map(
    lambda parts: f"{PREFIXES} ex:S a sh:NodeShape ; {' ; '.join(parts)} ."
)


Essence = set[tuple[str, ...]]
Jena = Callable[[str, str], Essence]


def essence(results: list[Result]) -> Essence:
    """What is compared of results."""
    return {
        (str(r.focus), str(r.path_text), str(r.value), r.component.value, r.severity.value) for r in results
    }


def jena(address: str) -> Jena:
    """What Jena's SHACL engine says of a graph and shapes, in the same form."""

    def results(data: str, shapes: str) -> Essence:
        turtle = {"Content-Type": "text/turtle", "Accept": "text/turtle"}
        lines = ox.serialize(ox.parse(data, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.TURTLE)
        with urlopen(Request(f"{address}/shacl/data?default", lines, turtle, method="PUT"), timeout=60):
            pass
        with urlopen(
            Request(f"{address}/shacl/shacl?graph=default", shapes.encode(), turtle), timeout=60
        ) as answer:
            report = rdflib.Graph().parse(data=answer.read(), format="turtle")
        return {_jena_result(report, node) for node in report.objects(None, rdflib.SH.result)}

    return results


def _jena_result(report: rdflib.Graph, node: rdflib.term.Node) -> tuple[str, ...]:
    def term(name: str) -> str:
        value = report.value(node, rdflib.SH[name])
        return "None" if value is None else "_:x" if isinstance(value, rdflib.BNode) else shown(value)

    path = report.value(node, rdflib.SH.resultPath)
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")
    focus, value, component, severity = map(term, names)
    told = "None" if path is None else path_text(read_path(report, path))
    return (focus, told, value, component[1:-1], severity[1:-1])


def compare(examples: int, chosen: int | None = None, other: Jena | None = None) -> Counter[str]:
    """Compare so many random graphs and shapes; return how often each component was broken.

    With ``other``, the results of Jena are compared, in place of those of pySHACL.
    """
    met: Counter[str] = Counter()

    def agree(data: str, shapes_graph: str) -> None:
        triples = ox.parse(data.encode(), format=ox.RdfFormat.TURTLE)
        store = store_of([ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples])
        shapes = read_shapes(rdflib.Graph().parse(data=shapes_graph, format="turtle"))
        plan = compile_shapes(shapes)
        assert not plan.handed_over
        results = run_plan(store, plan)
        met.update({result.component.value for result in results})
        if other is not None:
            assert unnamed(essence(results)) == unnamed(other(data, shapes_graph))
        else:
            targeted = {shape.term for shape in shapes.with_targets()}
            assert essence(results) == essence(validate_with_pyshacl(copy_of(store), shapes, targeted))

    test = given(data=data_graphs, shapes_graph=shapes_graphs)(agree)
    test = settings(
        max_examples=examples,
        deadline=None,
        derandomize=chosen is None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )(test)
    (test if chosen is None else seed(chosen)(test))()
    return met


def unnamed(found: Essence) -> Essence:
    """The same, with blank nodes that have no name; the data have one of them."""
    return {tuple("_:x" if part.startswith("_:") else part for part in row) for row in found}


def main() -> None:
    """Compare, and show what was met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jena", action="store_true", help="with Jena in place of pySHACL")
    options = parser.parse_args()
    with ExitStack() as stack:
        other = None
        if options.jena:
            scratch = Path(stack.enter_context(TemporaryDirectory()))
            other = jena(stack.enter_context(fuseki.running(scratch)))
        met = compare(options.examples, options.seed, other)
    sys.stdout.write(f"{options} {met.most_common()}\n")


if __name__ == "__main__":
    main()
