"""Checks: each solution of the query is a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import NamedNode

from transfergraph.findings import Finding, Text
from transfergraph.queries.named import Check
from transfergraph.queries.results import plain
from transfergraph.store import Store, Term


def run_check(store: Store, check: Check) -> list[Finding]:
    """The findings of a check, in the order of its query, without their place in the tables."""
    solutions = store.select(check.query.text)
    findings = []
    for row in solutions.rows:
        bound = dict(zip(solutions.variables, row, strict=True))
        findings.append(
            Finding(
                severity=check.severity,
                code=check.query.name,
                message=_filled(check.problem, bound),
                remedy=_filled(check.remedy, bound),
                value=_value(check.value, bound),
                focus=_value(check.focus, bound),
                path=_path(check.path, bound),
            )
        )
    return findings


def _filled(sentence: Text, bound: Mapping[str, Term | None]) -> Text:
    """The sentence with the values of the variables; an unbound one becomes a dash."""

    def fill(text: str) -> str:
        return re.sub(r"\{([^{}]*)\}", lambda match: plain(bound[match[1]]) or "–", text)

    return Text(fill(sentence.de), fill(sentence.en))


def _value(variable: str | None, bound: Mapping[str, Term | None]) -> str | None:
    term = bound[variable] if variable is not None else None
    return None if term is None else plain(term)


def _path(variable: str | None, bound: Mapping[str, Term | None]) -> str | None:
    term = bound[variable] if variable is not None else None
    return str(term) if isinstance(term, NamedNode) else None
