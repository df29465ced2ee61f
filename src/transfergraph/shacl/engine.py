"""Validating a store: the queries are run on it, their solutions become results."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Quad

from transfergraph.common.processes import QueryLimits
from transfergraph.common.property_paths import Predicate
from transfergraph.errors import QueryError, WorkspaceError
from transfergraph.messages import explained, interface_languages
from transfergraph.shacl.compile import Plan, Query, compile_shapes
from transfergraph.shacl.pyshacl_engine import copy_of, validate_with_pyshacl, validate_within
from transfergraph.shacl.shape_model import Constraint, Datatype, Pattern, Shapes, Sparql, component_of
from transfergraph.shacl.shapes_store import store_with_shapes
from transfergraph.shacl.standard_messages import standard_message
from transfergraph.shacl.validation_result import Result
from transfergraph.shacl.value_tests import peculiarity, string
from transfergraph.shacl.xsd_datatypes import REWRITTEN, SPACES
from transfergraph.store import Solutions, Store, Term, select_all

_AT_ONCE = 1000
"""Nodes per question to the store whether they are focus nodes."""


def validate_shapes(
    store: Store, shapes: Shapes, quads: Iterable[Quad] = (), limits: QueryLimits | None = None
) -> list[Result]:
    """All results of validating the union of the store's graphs, in stable order.

    A constraint reports a focus node and value once, by however many ways it reaches them.

    Oxigraph forgets some datatypes: it keeps ``"5"^^xsd:byte`` as an ``xsd:integer`` (and likewise the
    other types derived from it, and ``xsd:dateTimeStamp`` as ``xsd:dateTime``). On such a store
    ``sh:datatype`` accepts what the value may have been. Give the ``quads`` that the store was made from,
    and property shapes with a path of one property are held to the datatypes that are written there.

    With ``limits`` what is handed to pySHACL runs in a process of its own, within them all together.

    Raises :class:`~transfergraph.errors.WorkspaceError` when a shape cannot be used, and the errors of
    the store.
    """
    return run_plan(store, compile_shapes(shapes), quads, limits)


def run_plan(
    store: Store,
    plan: Plan,
    quads: Iterable[Quad] = (),
    limits: QueryLimits | None = None,
    each_way: bool = False,
) -> list[Result]:
    """The same with shapes that are compiled already.

    With ``each_way`` a result of a shape of ``sh:property`` is there as often as its focus node is validated:
    once for each shape and node that leads there (SHACL section 4.6.1).
    """
    _check_patterns(store, plan.shapes)
    found: Counter[tuple[Constraint, Result]] = Counter()
    for query, answer in _answers(store, plan, limits):
        ways = _ways(store, query) if each_way else {}
        for result in dict.fromkeys(_results(query, answer)):
            found[query.constraint, result] += query.times * ways.get(result.focus, 1)
    for query, focus, value in _mistyped(store, plan.queries, quads):
        messages = query.shape.messages or _standard(query)
        found[query.constraint, _core_result(query, messages, focus, value)] += 1
    results = [result for _, result in (found.elements() if each_way else found)]
    if plan.handed_over:
        only = {handed_over.shape for handed_over in plan.handed_over}
        known = {result.identity for result in results}
        if limits is None:
            others = validate_with_pyshacl(copy_of(store), plan.shapes, only)
        else:
            others = validate_within(limits, store, plan.shapes, only)
        results += [result for result in set(others) if result.identity not in known]
    return sorted(results, key=Result.sort_key)


def _answers(store: Store, plan: Plan, limits: QueryLimits | None) -> Iterator[tuple[Query, Solutions]]:
    """The solutions of each query; those that read the shapes come last, from a store that has these too."""
    yield from _asked(store, [query for query in plan.queries if not query.reads_shapes])
    if reading := [query for query in plan.queries if query.reads_shapes]:
        with store_with_shapes(store, plan.shapes, limits) as both:
            yield from _asked(both, reading)


def _asked(store: Store, queries: Sequence[Query]) -> Iterator[tuple[Query, Solutions]]:
    answers = select_all(store, [query.text for query in queries])
    for query in queries:
        try:
            yield query, next(answers)
        except QueryError as error:
            raise WorkspaceError(
                explained("error.shapes.unusable", shape=query.shape.term, error=error)
            ) from error


def _ways(store: Store, query: Query) -> dict[Term, int]:
    """How often the query's shape is validated at a focus node, where that is more than once."""
    rows = store.select(query.ways).rows if query.ways else ()
    return {focus: int(ways.value) for focus, ways in rows if focus is not None and ways is not None}


def _check_patterns(store: Store, shapes: Shapes) -> None:
    """Refuse patterns that the store cannot read: in a query they would quietly match nothing."""
    constraints = [(s, c) for s in shapes.by_term.values() for c in s.constraints if isinstance(c, Pattern)]
    patterns = [(shape, pattern) for shape, pattern in constraints if peculiarity(pattern.regex) is None]
    if not patterns:
        return
    tests = [
        f'(REGEX("", {string(p.regex)}, {string(p.flags)}) AS ?p{i})' for i, (_, p) in enumerate(patterns)
    ]
    for row in store.select(f"SELECT {' '.join(tests)} WHERE {{}}").rows:
        for (shape, pattern), matches in zip(patterns, row, strict=True):
            if matches is None:
                told = {"regex": pattern.regex, "term": shape.term}
                if pattern.flags:
                    raise WorkspaceError(explained("error.shapes.pattern-flags", **told, flags=pattern.flags))
                raise WorkspaceError(explained("error.shapes.pattern", **told))


def _results(query: Query, solutions: Solutions) -> Iterator[Result]:
    messages = query.shape.messages or _standard(query)
    for row in solutions.rows:
        bindings = dict(zip(solutions.variables, row, strict=True))
        if isinstance(query.constraint, Sparql):
            yield _sparql_result(query, query.constraint, bindings)
        else:
            focus = bindings["this"]
            assert focus is not None
            others = {name: bindings.get(name) for name in ("value", "path", "against")}
            yield _core_result(query, messages, focus, **others)


def _core_result(
    query: Query,
    messages: tuple[Literal, ...],
    focus: Term,
    value: Term | None,
    path: Term | None = None,
    against: Term | None = None,
) -> Result:
    return Result(
        focus=focus,
        path=Predicate(path) if isinstance(path, NamedNode) else query.shape.path,
        value=value,
        shape=query.shape.term,
        constraint=None,
        component=component_of(query.constraint),
        severity=query.shape.severity,
        messages=messages,
        against=against,
    )


def _sparql_result(query: Query, constraint: Sparql, bindings: dict[str, Term | None]) -> Result:
    """The result that a solution stands for (SHACL section 5.3.2)."""
    focus, value = bindings["this"], bindings.get("value")
    assert focus is not None
    if value is None and query.shape.path is None:
        value = focus
    messages = _messages(query, constraint, bindings)
    result = _core_result(query, messages, focus, value, bindings.get("path"))
    return replace(result, constraint=constraint.source)


def _standard(query: Query) -> tuple[Literal, ...]:
    texts = standard_message(query.constraint).tagged(interface_languages()).items()
    return tuple(Literal(text, language=language) for language, text in texts)


def _messages(query: Query, constraint: Sparql, bindings: dict[str, Term | None]) -> tuple[Literal, ...]:
    """The message that the query selects, or the templates filled in (SHACL section 5.3.2)."""
    failure = bindings.get("failure")
    if isinstance(failure, Literal) and failure.value == "true":
        raise WorkspaceError(explained("error.shapes.failure", source=constraint.source))
    own = bindings.get("message")
    if isinstance(own, Literal):
        return (own,)
    templates = constraint.messages or query.shape.messages or _standard(query)
    return tuple(_filled(template, bindings) for template in templates)


def _filled(template: Literal, bindings: dict[str, Term | None]) -> Literal:
    def binding(match: re.Match[str]) -> str:
        term = bindings.get(match.group(1))
        return match.group() if term is None else term.value

    text = re.sub(r"\{[?$](\w+)\}", binding, template.value)
    return Literal(text, language=template.language) if template.language else Literal(text)


def _mistyped(
    store: Store, queries: Iterable[Query], quads: Iterable[Quad]
) -> Iterator[tuple[Query, Term, Literal]]:
    """The queries with focus nodes and values that the store alone would have let through.

    Blank nodes are left out: a store cannot be asked about one.
    """
    checked: dict[NamedNode, list[tuple[Query, NamedNode]]] = defaultdict(list)
    for query in queries:
        constraint, path = query.constraint, query.shape.path
        if isinstance(constraint, Datatype) and isinstance(path, Predicate) and _is_ambiguous(constraint.iri):
            checked[path.iri].append((query, constraint.iri))
    candidates: dict[Query, list[tuple[NamedNode, Literal]]] = defaultdict(list)
    for quad in quads if checked else ():
        for query, datatype in checked.get(quad.predicate, ()):
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, Literal) and _passes_for(value, datatype):
                candidates[query].append((subject, value))
    for query, pairs in candidates.items():
        focus_nodes = _focus_nodes(store, query, {subject for subject, _ in pairs})
        yield from ((query, subject, value) for subject, value in pairs if subject in focus_nodes)


def _is_ambiguous(datatype: NamedNode) -> bool:
    return datatype.value in REWRITTEN or datatype.value in REWRITTEN.values()


def _passes_for(value: Literal, datatype: NamedNode) -> bool:
    """Whether a literal of another datatype looks, once the store has rewritten it, like one of this."""
    own, wanted = value.datatype.value, datatype.value
    if own == wanted or REWRITTEN.get(own, own) != REWRITTEN.get(wanted, wanted):
        return False
    space = SPACES[wanted]
    if not re.fullmatch(space.regex, value.value):
        return False
    at_least = space.minimum is None or int(value.value) >= space.minimum
    return at_least and (space.maximum is None or int(value.value) <= space.maximum)


def _focus_nodes(store: Store, query: Query, subjects: set[NamedNode]) -> set[Term]:
    """Those of the subjects that are focus nodes."""
    named = sorted(str(subject) for subject in subjects)
    found: set[Term] = set()
    for start in range(0, len(named), _AT_ONCE):
        values = " ".join(named[start : start + _AT_ONCE])
        variable = query.nodes.variable
        text = f"SELECT {variable} WHERE {{ VALUES {variable} {{ {values} }} {query.nodes.pattern} }}"
        found.update(row[0] for row in store.select(text).rows if row[0] is not None)
    return found
