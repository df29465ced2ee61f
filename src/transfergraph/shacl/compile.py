"""From shapes to SPARQL SELECT queries: one query per shape and constraint (SHACL sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import BlankNode

from transfergraph.common.property_paths import Path, Predicate, path_text
from transfergraph.shacl import shape_model as sh
from transfergraph.shacl.node_patterns import (
    FocusPatterns,
    Nodes,
    counting,
    having_value,
    instances,
    is_single_step,
    target_nodes,
    union,
)
from transfergraph.shacl.sparql_constraints import DATA_GRAPH, SHAPES_GRAPH, select_at
from transfergraph.shacl.value_tests import Simple, all_of, any_of, simple_test
from transfergraph.store import Term

_LONGEST = 500_000
"""Characters of a query beyond which stores cannot be expected to plan it in time."""


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT query whose solutions are results of one constraint of one shape.

    It selects ``?this`` and, where the constraint has them, ``?value``, ``?path`` and ``?against``; for
    ``sh:sparql`` whatever the constraint's own query selects. ``nodes`` are the focus nodes. A query that
    ``reads_shapes`` is for a store with the data and the shapes as two graphs. ``ways`` is, for a shape of
    ``sh:property``, a query of the focus nodes that are validated several times, each a value node of several
    others; ``times`` how many shapes have the same query.
    """

    shape: sh.Shape
    constraint: sh.Constraint
    text: str
    nodes: Nodes
    reads_shapes: bool = False
    ways: str | None = None
    times: int = 1


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A shape with targets that pySHACL validates, with all its constraints, and the reason in English."""

    shape: Term
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How shapes are validated: by queries, and what is left to pySHACL."""

    shapes: sh.Shapes
    queries: tuple[Query, ...]
    handed_over: tuple[HandedOver, ...]


def compile_shapes(shapes: sh.Shapes) -> Plan:
    """The queries for all shapes with targets; what cannot be a query is named in ``handed_over``."""
    queries: dict[tuple[Term, sh.Constraint, str], Query] = {}
    handed_over: list[HandedOver] = []
    for shape in shapes.with_targets():
        try:
            if shape.targets.not_compiled:
                raise sh.NotCompiled(f"{' and '.join(shape.targets.not_compiled)} is not compiled")
            for query in list(_queries(FocusPatterns(shapes, shape, target_nodes(shape.targets)))):
                key = (query.shape.term, query.constraint, query.text)
                queries[key] = replace(query, times=queries[key].times + 1) if key in queries else query
        except sh.NotCompiled as reason:
            handed_over.append(HandedOver(shape.term, f"{reason}"))
    return Plan(shapes, tuple(queries.values()), tuple(handed_over))


def _queries(place: FocusPatterns, chain: str = "") -> Iterator[Query]:
    """The queries of the place; ``chain`` is a pattern of each way in which its focus nodes are reached."""
    ways = None
    if chain:
        focus = place.focus
        ways = (
            f"SELECT {focus} (COUNT(*) AS ?ways) WHERE {{ {chain} }} GROUP BY {focus} HAVING (COUNT(*) > 1)"
        )
    for constraint in place.shape.constraints:
        if isinstance(constraint, sh.Property):
            steps = f"{{ SELECT DISTINCT {place.focus} {place.value} WHERE {{ {place.reached()} }} }}"
            child = place.child(constraint.shape)
            yield from _queries(child, chain if place.path is None else f"{chain} {steps}")
            continue
        for rows in violation_patterns(place, constraint):
            text = rows.query()
            if len(text) > _LONGEST:
                raise sh.NotCompiled(f"its query would be longer than {_LONGEST} characters")
            reads_shapes = isinstance(constraint, sh.Sparql) and f"<{SHAPES_GRAPH}>" in text
            if reads_shapes:
                graphs = f"FROM <{DATA_GRAPH}> FROM NAMED <{SHAPES_GRAPH}>"
                text = text.replace("SELECT DISTINCT *", f"SELECT DISTINCT * {graphs}", 1)
            yield Query(place.shape, constraint, text, place.nodes, reads_shapes, ways)


_MANY = 50
"""Terms of ``sh:in`` beyond which they are better a set than an expression of that many parts."""


@dataclass(frozen=True, slots=True)
class ViolationPatterns:
    """A pattern whose solutions break a constraint, with the variables that hold the parts of a result.

    ``everything`` is true for a query written by hand, all of whose variables matter.
    """

    pattern: str
    focus: str
    value: str | None = None
    path: str | None = None
    against: str | None = None
    everything: bool = False

    def query(self) -> str:
        """The SELECT query of the distinct rows."""
        parts = {"this": self.focus, "value": self.value, "path": self.path, "against": self.against}
        columns = " ".join(f"({variable} AS ?{name})" for name, variable in parts.items() if variable)
        return f"SELECT DISTINCT {'*' if self.everything else columns} WHERE {{ {self.pattern} }}"


def violation_patterns(place: FocusPatterns, constraint: sh.Constraint) -> Iterator[ViolationPatterns]:
    """The ways to break this constraint of the place's shape."""
    focus, value = place.focus, place.value
    match constraint:
        case sh.Class(iri):
            known = f"{{ SELECT DISTINCT {value} WHERE {{ {instances(value, iri.value)} }} }}"
            yield ViolationPatterns(place.reached_where(f"MINUS {known}"), focus, value)
        case sh.In(terms) if len(terms) > _MANY:
            listed = " ".join(str(term) for term in terms if not isinstance(term, BlankNode))
            yield ViolationPatterns(
                place.reached_where(f"MINUS {{ VALUES {value} {{ {listed} }} }}"), focus, value
            )
        case sh.HasValue():
            yield ViolationPatterns(_without_value(place, constraint), focus)
        case sh.Count():
            yield from _counted(place, constraint)
        case sh.UniqueLang():
            yield _repeated_language(place)
        case sh.Pair():
            yield from _paired(place, constraint)
        case sh.Not() | sh.Logical() | sh.Node():
            yield ViolationPatterns(_shaped(place, constraint), focus, value)
        case sh.Property(shape):
            yield ViolationPatterns(place.reached_where(not_conforming(place.inner(shape))), focus, value)
        case sh.Qualified():
            yield from _qualified(place, constraint)
        case sh.Closed(allowed):
            others = f"FILTER(?predicate NOT IN ({', '.join(str(iri) for iri in allowed)}))"
            yield ViolationPatterns(
                f"{place.reached()} {value} ?predicate ?object . {others}", focus, "?object", "?predicate"
            )
        case sh.Sparql():
            yield ViolationPatterns(f"{{ {select_at(place, constraint)} }}", "?this", everything=True)
        case sh.Foreign(_, reason):
            raise sh.NotCompiled(reason)
        case _:
            yield ViolationPatterns(
                place.reached_where(f"FILTER(!{simple_test(constraint, value)})"), focus, value
            )


def failing(place: FocusPatterns) -> str:
    """A pattern that binds the focus variable to the focus nodes that do not conform to the shape."""
    test = conformance_test(place)
    if test is not None:
        return f"{place.nodes.pattern} FILTER(!{test})"
    sets = []
    for constraint in place.shape.constraints:
        for rows in violation_patterns(place, constraint):
            column = rows.focus if rows.focus == place.focus else f"({rows.focus} AS {place.focus})"
            sets.append(f"{{ SELECT DISTINCT {column} WHERE {{ {rows.pattern} }} }}")
    return union(sets)


def conforming(place: FocusPatterns) -> str:
    """A pattern to follow one that binds the focus variable: it keeps the nodes that conform."""
    test = conformance_test(place)
    return f"MINUS {{ {failing(place)} }}" if test is None else f"FILTER({test})"


def not_conforming(place: FocusPatterns) -> str:
    """A pattern to follow one that binds the focus variable: it keeps the nodes that do not conform."""
    test = conformance_test(place)
    return f"{{ {failing(place)} }}" if test is None else f"FILTER(!{test})"


def conformance_test(place: FocusPatterns) -> str | None:
    """Whether a node conforms, as an expression on the focus variable; None when that takes other triples."""
    if place.path is not None:
        return "true" if place.shape.deactivated else None
    tests = [_node_test(place, constraint) for constraint in place.shape.constraints]
    known = [test for test in tests if test is not None]
    return all_of(known) if len(known) == len(tests) else None


def _node_test(place: FocusPatterns, constraint: sh.Constraint) -> str | None:
    match constraint:
        case sh.HasValue(term):
            return f"sameTerm({place.value}, {term})"
        case sh.Not(shape):
            test = conformance_test(place.inner(shape))
            return None if test is None else f"(!{test})"
        case sh.Node(shape):
            return conformance_test(place.inner(shape))
        case sh.Logical(parameter, shapes):
            tests = [conformance_test(place.inner(shape)) for shape in shapes]
            known = [test for test in tests if test is not None]
            return _combined(parameter, known) if len(known) == len(tests) else None
        case sh.In(terms) if len(terms) > _MANY:
            return None
        case _ if isinstance(constraint, Simple):
            return simple_test(constraint, place.value)
        case _:
            return None


def _combined(parameter: str, tests: list[str]) -> str:
    if parameter == "xone":
        return f"(({' + '.join(f'IF({test}, 1, 0)' for test in tests) or '0'}) = 1)"
    return all_of(tests) if parameter == "and" else any_of(tests)


def _shaped(place: FocusPatterns, constraint: sh.Not | sh.Logical | sh.Node) -> str:
    """The focus nodes with those value nodes that break a constraint made of other shapes."""
    test = _node_test(place, constraint)
    if test is not None:
        return place.reached_where(f"FILTER(!{test})")
    match constraint:
        case sh.Not(shape):
            return place.reached_where(conforming(place.inner(shape)))
        case sh.Node(shape):
            return place.reached_where(not_conforming(place.inner(shape)))
        case sh.Logical("and", shapes):
            return place.reached_where(f"{{ {union([failing(place.inner(shape)) for shape in shapes])} }}")
        case sh.Logical("or", shapes):
            return place.reached_where(" ".join(not_conforming(place.inner(shape)) for shape in shapes))
        case sh.Logical(_, shapes):
            inner = [place.inner(shape) for shape in shapes]
            one_by_one = union([f"{shape.nodes.pattern} {conforming(shape)}" for shape in inner])
            counted = f"GROUP BY {place.value} HAVING (COUNT(*) = 1)"
            return place.reached_where(f"MINUS {{ SELECT {place.value} WHERE {{ {one_by_one} }} {counted} }}")


def _without_value(place: FocusPatterns, constraint: sh.HasValue) -> str:
    """The focus nodes among whose value nodes the term is not."""
    term = constraint.term
    if isinstance(term, BlankNode):
        return place.nodes.pattern  # a blank node of the shapes graph is no node of the data
    if place.path is None:
        return f"{place.nodes.pattern} FILTER(!sameTerm({place.focus}, {term}))"
    if isinstance(place.path, Predicate):
        return place.nodes.without(f"{place.focus} {path_text(place.path)} {term} .")
    condition = f"FILTER(sameTerm({place.value}, {term}))"
    return place.nodes.without(having_value(place.nodes, place.path, condition))


def _counted(place: FocusPatterns, constraint: sh.Count) -> Iterator[ViolationPatterns]:
    path = place.own_path()
    yield from _outside(place, path, constraint.parameter == "minCount", constraint.count, "")


def _qualified(place: FocusPatterns, constraint: sh.Qualified) -> Iterator[ViolationPatterns]:
    path = place.own_path()
    conditions = [
        *(not_conforming(place.inner(sibling)) for sibling in constraint.siblings),
        conforming(place.inner(constraint.shape)),
    ]
    is_minimum = constraint.parameter == "qualifiedMinCount"
    yield from _outside(place, path, is_minimum, constraint.count, " ".join(conditions))


def _outside(
    place: FocusPatterns, path: Path, is_minimum: bool, count: int, condition: str
) -> Iterator[ViolationPatterns]:
    """The focus nodes with too few or too many value nodes under a condition."""
    nodes = place.nodes
    if is_minimum and count == 1 and not condition and is_single_step(path):
        yield ViolationPatterns(nodes.without_step(path), place.focus)
    elif is_minimum and count == 1:
        yield ViolationPatterns(nodes.without(having_value(nodes, path, condition)), place.focus)
    elif is_minimum and count > 1:
        yield ViolationPatterns(nodes.without(counting(nodes, path, condition, f">= {count}")), place.focus)
    elif not is_minimum:
        yield ViolationPatterns(counting(nodes, path, condition, f"> {count}"), place.focus)


def _repeated_language(place: FocusPatterns) -> ViolationPatterns:
    path = place.own_path()
    language = f'BIND(LCASE(LANG({place.value})) AS ?language) FILTER(?language != "")'
    columns = f"{place.focus} ?language"
    group = f"GROUP BY {columns} HAVING (COUNT(DISTINCT {place.value}) > 1)"
    pattern = place.nodes.reached_where(path, language, columns, group)
    return ViolationPatterns(pattern, place.focus, against="?language")


def _paired(place: FocusPatterns, constraint: sh.Pair) -> Iterator[ViolationPatterns]:
    focus, value = place.focus, place.value
    related = f"{focus} {constraint.predicate} {value} ."
    match constraint.parameter:
        case "disjoint":
            yield ViolationPatterns(place.reached_where(related), focus, value)
        case "equals":
            yield ViolationPatterns(place.reached_where(f"MINUS {{ {related} }}"), focus, value)
            yield _only_related(place, constraint)
        case parameter:
            path = place.own_path()
            sign = "<" if parameter == "lessThan" else "<="
            greater = f"{focus} {constraint.predicate} ?greater ."
            pattern = (
                f"{place.nodes.reached(path)} {greater} FILTER(!COALESCE({value} {sign} ?greater, false))"
            )
            yield ViolationPatterns(pattern, focus, value, against="?greater")


def _only_related(place: FocusPatterns, constraint: sh.Pair) -> ViolationPatterns:
    """The values of the predicate of ``sh:equals`` that are no value nodes."""
    focus = place.focus
    if place.path is None:
        pattern = f"{place.nodes.pattern} {focus} {constraint.predicate} ?other ."
        return ViolationPatterns(f"{pattern} FILTER(!sameTerm({focus}, ?other))", focus, "?other")
    reached = (
        f"{focus} {path_text(place.path)} {place.value} ." if is_single_step(place.path) else place.reached()
    )
    related = f"{place.nodes.pattern} {focus} {constraint.predicate} {place.value} ."
    return ViolationPatterns(f"{related} MINUS {{ {reached} }}", focus, place.value)
