"""Validating a store: the queries are run on it, their solutions become results."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from transfergraph.errors import WorkspaceError
from transfergraph.shapes.compile import Plan, Query, compile_shapes
from transfergraph.shapes.expressions import string
from transfergraph.shapes.model import Pattern, Shapes, Sparql, component_of
from transfergraph.shapes.paths import Predicate
from transfergraph.shapes.patterns import peculiarity
from transfergraph.shapes.reference import copy_of, validate_with_pyshacl
from transfergraph.shapes.result import Result
from transfergraph.shapes.texts import standard_message
from transfergraph.store import Store, Term


def validate(store: Store, shapes: Shapes) -> list[Result]:
    """All results of validating the union of the store's graphs, each once, in stable order.

    Raises :class:`~transfergraph.errors.WorkspaceError` when a shape cannot be used, and the errors of
    the store.
    """
    return run(store, compile_shapes(shapes))


def run(store: Store, plan: Plan) -> list[Result]:
    """The same with shapes that are compiled already."""
    _check_patterns(store, plan.shapes)
    found: set[Result] = set()
    for query in plan.queries:
        found.update(_results(store, query))
    if plan.handed_over:
        only = {handed_over.shape for handed_over in plan.handed_over}
        found.update(validate_with_pyshacl(copy_of(store), plan.shapes, only))
    return sorted(found, key=Result.sort_key)


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
                flags = f" with the flags {pattern.flags!r}" if pattern.flags else ""
                raise WorkspaceError(
                    f"sh:pattern {pattern.regex!r}{flags} of the shape {shape.term} "
                    "is no regular expression that the store can read."
                )


def _results(store: Store, query: Query) -> Iterator[Result]:
    shape, constraint = query.shape, query.constraint
    component = component_of(constraint)
    messages = shape.messages or _standard(query)
    solutions = store.select(query.text)
    for row in solutions.rows:
        bindings = dict(zip(solutions.variables, row, strict=True))
        focus, value, path = bindings["this"], bindings.get("value"), bindings.get("path")
        assert focus is not None
        source = None
        if isinstance(constraint, Sparql):
            source = constraint.source
            messages = _messages(query, constraint, bindings)
            if value is None and shape.path is None:
                value = focus
        yield Result(
            focus=focus,
            path=Predicate(path) if isinstance(path, NamedNode) else shape.path,
            value=value,
            shape=shape.term,
            constraint=source,
            component=component,
            severity=shape.severity,
            messages=messages,
            against=bindings.get("against") if source is None else None,
        )


def _standard(query: Query) -> tuple[Literal, ...]:
    text = standard_message(query.constraint)
    return Literal(text.de, language="de"), Literal(text.en, language="en")


def _messages(query: Query, constraint: Sparql, bindings: dict[str, Term | None]) -> tuple[Literal, ...]:
    """The message that the query selects, or the templates filled in (SHACL section 5.3.2)."""
    failure = bindings.get("failure")
    if isinstance(failure, Literal) and failure.value == "true":
        raise WorkspaceError(f"The sh:sparql constraint {constraint.source} reports a failure.")
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
