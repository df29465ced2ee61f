"""The questions as an interface for programs: the forms of answers, and what parameters take."""

from __future__ import annotations

from typing import Any

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.queries import NamedQuery, Parameter
from transfergraph.server.content_types import ContentType
from transfergraph.server.worker.response_headers import DOCUMENT_OFFERS, PAGE_OFFER

_ROWS: tuple[ContentType[str], ...] = (
    ContentType("json", (MEDIA_TYPES["json"],), ("json",)),
    PAGE_OFFER,
    ContentType("csv", (MEDIA_TYPES["csv"],), ("csv",)),
    ContentType("xlsx", (MEDIA_TYPES["xlsx"],), ("xlsx",)),
    ContentType("srj", (MEDIA_TYPES["srj"],), ("srj",)),
    ContentType("srx", (MEDIA_TYPES["srx"],), ("srx", "xml")),
    ContentType("tsv", (MEDIA_TYPES["tsv"],), ("tsv",)),
)
_TRUTH = tuple(content for content in _ROWS if content.form in ("json", "html", "srj", "srx"))
_GRAPH = (*DOCUMENT_OFFERS[1:], PAGE_OFFER)


def answer_forms(question: NamedQuery) -> tuple[ContentType[str], ...]:
    """The forms in which a question is answered, by their endings, the preferred first."""
    match question.form:
        case "SELECT":
            return _ROWS
        case "ASK":
            return _TRUTH
        case _:
            return _GRAPH


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """The JSON Schema of a parameter's value."""
    if parameter.kind == "integer":
        return {"type": "integer"}
    if parameter.kind == "year":
        return {"type": "string", "pattern": "^[0-9]{4}$"}
    if parameter.is_entity:
        return {"type": "string", "minLength": 1, "maxLength": 1000}
    return {"type": "string", "maxLength": 1000}
