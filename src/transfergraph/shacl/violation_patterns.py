"""What breaks a constraint, as graph patterns (SHACL section 4, "validation results")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode

from transfergraph.shacl.focus_patterns import FocusPatterns
from transfergraph.shacl.node_sets import counting, having_value, instances, union
from transfergraph.shacl.property_paths import Path, Predicate, is_single_step, path_text
from transfergraph.shacl.shape_model import (
    Class,
    Closed,
    Constraint,
    Count,
    Foreign,
    HasValue,
    In,
    Logical,
    Node,
    Not,
    NotCompiled,
    Pair,
    Property,
    Qualified,
    Sparql,
    UniqueLang,
)
from transfergraph.shacl.sparql_constraints import select_at
from transfergraph.shacl.value_tests import all_of, any_of, simple_test

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


def violation_patterns(place: FocusPatterns, constraint: Constraint) -> Iterator[ViolationPatterns]:
    """The ways to break this constraint of the place's shape."""
    focus, value = place.focus, place.value
    match constraint:
        case Class(iri):
            known = f"{{ SELECT DISTINCT {value} WHERE {{ {instances(value, iri.value)} }} }}"
            yield ViolationPatterns(place.reached_where(f"MINUS {known}"), focus, value)
        case In(terms) if len(terms) > _MANY:
            listed = " ".join(str(term) for term in terms if not isinstance(term, BlankNode))
            yield ViolationPatterns(
                place.reached_where(f"MINUS {{ VALUES {value} {{ {listed} }} }}"), focus, value
            )
        case HasValue():
            yield ViolationPatterns(_without_value(place, constraint), focus)
        case Count():
            yield from _counted(place, constraint)
        case UniqueLang():
            yield _repeated_language(place)
        case Pair():
            yield from _paired(place, constraint)
        case Not() | Logical() | Node():
            yield ViolationPatterns(_shaped(place, constraint), focus, value)
        case Property(shape):
            yield ViolationPatterns(place.reached_where(not_conforming(place.inner(shape))), focus, value)
        case Qualified():
            yield from _qualified(place, constraint)
        case Closed(allowed):
            others = f"FILTER(?predicate NOT IN ({', '.join(str(iri) for iri in allowed)}))"
            yield ViolationPatterns(
                f"{place.reached()} {value} ?predicate ?object . {others}", focus, "?object", "?predicate"
            )
        case Sparql():
            yield ViolationPatterns(f"{{ {select_at(place, constraint)} }}", "?this", everything=True)
        case Foreign(_, reason):
            raise NotCompiled(reason)
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
    """Whether a node conforms, as an expression on the focus variable; None when it takes a look around."""
    if place.path is not None:
        return "true" if place.shape.deactivated else None
    tests = [_node_test(place, constraint) for constraint in place.shape.constraints]
    known = [test for test in tests if test is not None]
    return all_of(known) if len(known) == len(tests) else None


def _node_test(place: FocusPatterns, constraint: Constraint) -> str | None:
    match constraint:
        case HasValue(term):
            return f"sameTerm({place.value}, {term})"
        case Not(shape):
            test = conformance_test(place.inner(shape))
            return None if test is None else f"(!{test})"
        case Node(shape):
            return conformance_test(place.inner(shape))
        case Logical(parameter, shapes):
            tests = [conformance_test(place.inner(shape)) for shape in shapes]
            known = [test for test in tests if test is not None]
            return _combined(parameter, known) if len(known) == len(tests) else None
        case In(terms) if len(terms) > _MANY:
            return None
        case (
            Class()
            | Count()
            | UniqueLang()
            | Pair()
            | Property()
            | Qualified()
            | Closed()
            | Sparql()
            | Foreign()
        ):
            return None
        case _:
            return simple_test(constraint, place.value)


def _combined(parameter: str, tests: list[str]) -> str:
    if parameter == "xone":
        return f"(({' + '.join(f'IF({test}, 1, 0)' for test in tests) or '0'}) = 1)"
    return all_of(tests) if parameter == "and" else any_of(tests)


def _shaped(place: FocusPatterns, constraint: Not | Logical | Node) -> str:
    """The focus nodes with those value nodes that break a constraint made of other shapes."""
    test = _node_test(place, constraint)
    if test is not None:
        return place.reached_where(f"FILTER(!{test})")
    match constraint:
        case Not(shape):
            return place.reached_where(conforming(place.inner(shape)))
        case Node(shape):
            return place.reached_where(not_conforming(place.inner(shape)))
        case Logical("and", shapes):
            return place.reached_where(f"{{ {union([failing(place.inner(shape)) for shape in shapes])} }}")
        case Logical("or", shapes):
            return place.reached_where(" ".join(not_conforming(place.inner(shape)) for shape in shapes))
        case Logical(_, shapes):
            inner = [place.inner(shape) for shape in shapes]
            one_by_one = union([f"{shape.nodes.pattern} {conforming(shape)}" for shape in inner])
            counted = f"GROUP BY {place.value} HAVING (COUNT(*) = 1)"
            return place.reached_where(f"MINUS {{ SELECT {place.value} WHERE {{ {one_by_one} }} {counted} }}")


def _without_value(place: FocusPatterns, constraint: HasValue) -> str:
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


def _counted(place: FocusPatterns, constraint: Count) -> Iterator[ViolationPatterns]:
    path = place.own_path()
    yield from _outside(place, path, constraint.parameter == "minCount", constraint.count, "")


def _qualified(place: FocusPatterns, constraint: Qualified) -> Iterator[ViolationPatterns]:
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


def _paired(place: FocusPatterns, constraint: Pair) -> Iterator[ViolationPatterns]:
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


def _only_related(place: FocusPatterns, constraint: Pair) -> ViolationPatterns:
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
