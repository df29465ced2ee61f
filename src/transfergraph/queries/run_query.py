"""Run a named query, a check, or any SPARQL text, on any store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from transfergraph.common.property_paths import Predicate
from transfergraph.common.text import Text
from transfergraph.errors import QueryError
from transfergraph.findings import Finding
from transfergraph.messages import explained
from transfergraph.queries.answer import Answer, BooleanAnswer, GraphAnswer, Result
from transfergraph.queries.parameters import Value, bind
from transfergraph.queries.query_files import Check, NamedQuery, naming
from transfergraph.queries.results import plain
from transfergraph.store import Solutions, Store, Term, select_all
from transfergraph.store.sparql_tokens import query_form

_TOLD = 20  # things of which a check says the same, one by one


def run(
    store: Store,
    query: NamedQuery,
    base: str,
    parameters: Mapping[str, Value | Sequence[Value]],
    limit: int | None = None,
) -> Result:
    """The answer to a named query, with the caller's parameters.

    ``base`` is the IRI under which keys of entities become IRIs; ``limit`` the greatest number of rows or
    triples, None for all. Raises :class:`UsageError` for parameters that do not fit.
    """
    try:
        return run_text(store, bind(store, query, base, parameters), limit)
    except QueryError as error:
        raise QueryError(explained("error.query-file", file=query.file.name, error=error)) from error


def run_text(store: Store, sparql: str, limit: int | None = None) -> Result:
    """The answer to a SPARQL text: rows, a truth value or a graph, as the text asks for.

    Raises :class:`QueryError` for a text that is not valid or not allowed.
    """
    match query_form(sparql):
        case "SELECT":
            return Answer.of(store.select(sparql), limit)
        case "ASK":
            return BooleanAnswer(store.ask(sparql))
        case _:
            return GraphAnswer.of(store.construct(sparql), limit)


def run_checks(store: Store, checks: Sequence[Check]) -> Iterator[Finding]:
    """The findings of checks, in the order of their queries, without their place in the tables."""
    answers = select_all(store, [check.query.text for check in checks])
    for check in checks:
        with naming(check.query.file):
            solutions = next(answers)
        yield from _findings(check, solutions)


def _findings(check: Check, solutions: Solutions) -> Iterator[Finding]:
    """A finding for each solution; of those that say the same of many things some, and how many more."""
    told: Counter[object] = Counter()
    last: dict[object, Finding] = {}
    for row in solutions.rows:
        bound = dict(zip(solutions.variables, row, strict=True))
        value = _value(check.value, bound)
        same = value and tuple(term for name, term in bound.items() if name != check.focus)
        told[same] += 1
        if same and told[same] > _TOLD + 1:
            continue
        finding = Finding(
            severity=check.severity,
            code=check.query.name,
            message=_filled(check.problem, bound),
            remedy=_filled(check.remedy, bound),
            value=value,
            focus=_value(check.focus, bound),
            path=_path(check.path, bound),
            contradiction=check.is_of_contradictions,
        )
        if same and told[same] == _TOLD + 1:
            last[same] = finding
        else:
            yield finding
    for group, finding in last.items():
        more = told[group] - _TOLD - 1
        if more:
            finding = replace(finding, message=explained("check.more", problem=finding.message, count=more))
        yield finding


def _filled(sentence: Text, bound: Mapping[str, Term | None]) -> Text:
    """The sentence with the values of the variables; an unbound one becomes a dash."""

    def fill(text: str) -> str:
        return re.sub(r"\{([^{}]*)\}", lambda match: plain(bound[match[1]]) or "–", text)

    return sentence.each(fill)


def _value(variable: str | None, bound: Mapping[str, Term | None]) -> str | None:
    term = bound[variable] if variable is not None else None
    return None if term is None else plain(term)


def _path(variable: str | None, bound: Mapping[str, Term | None]) -> Predicate | None:
    term = bound[variable] if variable is not None else None
    return Predicate(term) if isinstance(term, NamedNode) else None
