"""The answer to a question as JSON, with everything that it takes to cite it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Literal

from transfergraph.common.namespaces import XSD
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery
from transfergraph.queries.results import plain
from transfergraph.store import Term
from transfergraph.web.addresses import Site
from transfergraph.web.answer_tables import example

_FLOATING = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))


def effective(question: NamedQuery, given: Mapping[str, Sequence[str]], base: str) -> dict[str, list[str]]:
    """The values of all parameters: those that were given, and the examples of the others."""
    return {one.name: list(given.get(one.name) or [example(one, base)]) for one in question.parameters}


def json_answer(
    question: NamedQuery, result: Answer | BooleanAnswer, parameters: Mapping[str, Sequence[str]], site: Site
) -> dict[str, Any]:
    """An answer with everything that it takes to cite it; numbers are numbers, all else is text."""
    about: dict[str, Any] = {
        "question": question.name,
        "summary": question.summary.by_language(),
        "parameters": {name: list(values) for name, values in parameters.items()},
        "release": site.release,
        "issued": site.issued.isoformat(),
        "citation": site.citation,
        "licence": site.licence,
    }
    if isinstance(result, BooleanAnswer):
        return {**about, "answer": result.value}
    rows = [
        {name: json_value(term) for name, term in zip(result.variables, row, strict=True)}
        for row in result.rows
    ]
    return {**about, "cut": result.cut, "columns": list(result.variables), "rows": rows}


def json_value(term: Term | None) -> Any:
    """A term as JSON has it: a number or truth value where it is one, null where it is unbound."""
    if term is None:
        return None
    text = plain(term)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        try:
            if datatype == f"{XSD}integer":
                return int(text)
            if datatype in _FLOATING and math.isfinite(float(text)):
                return float(text)
        except ValueError:
            return text
        if datatype == f"{XSD}boolean":
            return text in ("true", "1")
    return text
