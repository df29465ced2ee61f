"""The questions as an interface for programs: the forms of answers, and an answer as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Literal

from transfergraph.pages.answers import example
from transfergraph.pages.site import Site
from transfergraph.queries import Answer, NamedQuery, Parameter, Truth
from transfergraph.queries.results import plain
from transfergraph.server.heads import DOCUMENT_OFFERS, PAGE_OFFER
from transfergraph.server.offers import Offer
from transfergraph.store import Term

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_ROWS: tuple[Offer[str], ...] = (
    Offer("json", ("application/json",), ("json",)),
    PAGE_OFFER,
    Offer("csv", ("text/csv",), ("csv",)),
    Offer("xlsx", (WORKBOOK,), ("xlsx",)),
    Offer("srj", ("application/sparql-results+json",), ("srj",)),
    Offer("srx", ("application/sparql-results+xml",), ("srx", "xml")),
    Offer("tsv", ("text/tab-separated-values",), ("tsv",)),
)
_TRUTH = tuple(offer for offer in _ROWS if offer.form in ("json", "html", "srj", "srx"))
_GRAPH = (*DOCUMENT_OFFERS[1:], PAGE_OFFER)

_XSD = "http://www.w3.org/2001/XMLSchema#"
_FLOATING = frozenset(f"{_XSD}{name}" for name in ("decimal", "double", "float"))


def answers_as(question: NamedQuery) -> tuple[Offer[str], ...]:
    """The forms in which a question is answered, by their endings, the preferred first."""
    match question.form:
        case "SELECT":
            return _ROWS
        case "ASK":
            return _TRUTH
        case _:
            return _GRAPH


def effective(question: NamedQuery, given: Mapping[str, Sequence[str]], base: str) -> dict[str, list[str]]:
    """The values of all parameters: those that were given, and the examples of the others."""
    return {one.name: list(given.get(one.name) or [example(one, base)]) for one in question.parameters}


def json_answer(
    question: NamedQuery, result: Answer | Truth, parameters: Mapping[str, Sequence[str]], site: Site
) -> dict[str, Any]:
    """An answer with everything that it takes to cite it; numbers are numbers, all else is text."""
    about: dict[str, Any] = {
        "question": question.name,
        "summary": question.summary._asdict(),
        "parameters": {name: list(values) for name, values in parameters.items()},
        "release": site.release,
        "issued": site.issued.isoformat(),
        "citation": site.citation,
        "licence": site.licence,
    }
    if isinstance(result, Truth):
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
            if datatype == f"{_XSD}integer":
                return int(text)
            if datatype in _FLOATING and math.isfinite(float(text)):
                return float(text)
        except ValueError:
            return text
        if datatype == f"{_XSD}boolean":
            return text in ("true", "1")
    return text


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """The JSON Schema of a parameter's value."""
    if parameter.kind == "integer":
        return {"type": "integer"}
    if parameter.kind == "year":
        return {"type": "string", "pattern": "^[0-9]{4}$"}
    if parameter.is_entity:
        return {"type": "string", "minLength": 1, "maxLength": 1000}
    return {"type": "string", "maxLength": 1000}
