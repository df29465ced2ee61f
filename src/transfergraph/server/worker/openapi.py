"""The saved questions described for programs: OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from transfergraph.queries import NamedQuery
from transfergraph.server.problems import MEDIA_TYPE as PROBLEM
from transfergraph.server.worker.question_api import answer_forms, schema_of
from transfergraph.web.addresses import Site
from transfergraph.web.answer_tables import example

MEDIA_TYPE = "application/vnd.oai.openapi+json;version=3.1"


def describe_api(questions: Iterable[NamedQuery], site: Site) -> dict[str, Any]:
    """The OpenAPI document of the questions of a release."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": site.title.english,
            "description": site.description.english,
            "version": site.release,
            "license": {"name": site.licence, "url": site.licence},
            "contact": {"name": site.publisher, "url": site.homepage},
        },
        "servers": [{"url": site.url}],
        "paths": {f"/questions/{one.name}": {"get": _operation(one, site.base)} for one in questions},
        "components": {"schemas": {"Problem": _problem(), "Answer": _answer()}},
    }


def _operation(question: NamedQuery, base: str) -> dict[str, Any]:
    about = question.description.english if question.description is not None else question.summary.english
    return {
        "operationId": question.name,
        "summary": question.summary.english,
        "description": about,
        "parameters": [
            {
                "name": one.name,
                "in": "query",
                "required": False,
                "description": f"{one.description.english}; left out, it is {example(one, base)}. "
                "Given several times, any of the values will do.",
                "schema": {"type": "array", "items": schema_of(one)},
                "style": "form",
                "explode": True,
                "example": [example(one, base)],
            }
            for one in question.parameters
        ],
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {
                    content.media_types[0]: {"schema": _schema(content.form)}
                    for content in answer_forms(question)
                },
            },
            **{
                status: {"description": reason, "content": {PROBLEM: {"schema": {"$ref": _PROBLEM}}}}
                for status, reason in _REASONS.items()
            },
        },
    }


_PROBLEM = "#/components/schemas/Problem"
_REASONS = {
    "400": "A parameter is unknown or its value does not fit.",
    "406": "The answer has no such form.",
    "429": "Too many queries of one client are waiting.",
    "503": "The server is busy; ask again later.",
}


def _schema(form: str) -> dict[str, Any]:
    if form == "json":
        return {"$ref": "#/components/schemas/Answer"}
    return {"type": "string"} if form not in ("srj", "jsonld") else {"type": "object"}


def _answer() -> dict[str, Any]:
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["question", "parameters", "release", "citation", "licence"],
        "properties": {
            "question": text,
            "summary": {"type": "object", "properties": {"de": text, "en": text}},
            "parameters": {"type": "object", "additionalProperties": texts},
            "release": text,
            "issued": {"type": "string", "format": "date"},
            "citation": text,
            "licence": {"type": "string", "format": "uri"},
            "cut": {
                "type": "boolean",
                "description": "True when there are more rows than an answer may have.",
            },
            "columns": texts,
            "rows": {"type": "array", "items": {"type": "object"}},
            "answer": {"type": "boolean"},
        },
    }


def _problem() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
        },
    }
