"""Checks: each solution of the query is a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from transfergraph.common.text import Text
from transfergraph.findings import Finding
from transfergraph.queries.query_files import Check
from transfergraph.queries.results import plain
from transfergraph.store import Solutions, Store, Term
from transfergraph.store.parallel_select import select_all


def run_checks(store: Store, checks: Sequence[Check]) -> Iterator[Finding]:
    """The findings of checks, in the order of their queries, without their place in the tables."""
    answers = select_all(store, [check.query.text for check in checks])
    for check, solutions in zip(checks, answers, strict=True):
        yield from _findings(check, solutions)


def _findings(check: Check, solutions: Solutions) -> Iterator[Finding]:
    for row in solutions.rows:
        bound = dict(zip(solutions.variables, row, strict=True))
        yield Finding(
            severity=check.severity,
            code=check.query.name,
            message=_filled(check.problem, bound),
            remedy=_filled(check.remedy, bound),
            value=_value(check.value, bound),
            focus=_value(check.focus, bound),
            path=_path(check.path, bound),
        )


def _filled(sentence: Text, bound: Mapping[str, Term | None]) -> Text:
    """The sentence with the values of the variables; an unbound one becomes a dash."""

    def fill(text: str) -> str:
        return re.sub(r"\{([^{}]*)\}", lambda match: plain(bound[match[1]]) or "–", text)

    return sentence.each(fill)


def _value(variable: str | None, bound: Mapping[str, Term | None]) -> str | None:
    term = bound[variable] if variable is not None else None
    return None if term is None else plain(term)


def _path(variable: str | None, bound: Mapping[str, Term | None]) -> str | None:
    term = bound[variable] if variable is not None else None
    return str(term) if isinstance(term, NamedNode) else None
