"""The saved questions described for programs: OpenAPI 3.1 and SHACL-SPARQL executables.

The RDF has the form of sib-swiss/sparql-examples: a query is an ``sh:SPARQLExecutable`` with a comment, the
text as the property of its query form, and the endpoint that it is meant for (``schema:target``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.namespaces import OWL, RDFS, SCHEMA, SH, TYPE, XSD
from transfergraph.common.text import Languages
from transfergraph.queries import NamedQuery, Parameter
from transfergraph.server.negotiation import ContentType
from transfergraph.server.problems import MEDIA_TYPE as PROBLEM
from transfergraph.server.worker.responses import DOCUMENT_TYPES, PAGE_TYPE
from transfergraph.store.sparql_tokens import TokenKind, tokenise
from transfergraph.web.addresses import Site
from transfergraph.web.answer_tables import example

_ROWS: tuple[ContentType[str], ...] = (
    ContentType("json", (MEDIA_TYPES["json"],), ("json",)),
    PAGE_TYPE,
    ContentType("csv", (MEDIA_TYPES["csv"],), ("csv",)),
    ContentType("xlsx", (MEDIA_TYPES["xlsx"],), ("xlsx",)),
    ContentType("srj", (MEDIA_TYPES["srj"],), ("srj",)),
    ContentType("srx", (MEDIA_TYPES["srx"],), ("srx", "xml")),
    ContentType("tsv", (MEDIA_TYPES["tsv"],), ("tsv",)),
)
_BOOLEAN = tuple(content for content in _ROWS if content.form in ("json", "html", "srj", "srx"))
_GRAPH = (*DOCUMENT_TYPES[1:], PAGE_TYPE)


def answer_forms(question: NamedQuery) -> tuple[ContentType[str], ...]:
    """The types in which a question is answered, with their file endings, the preferred first."""
    match question.form:
        case "SELECT":
            return _ROWS
        case "ASK":
            return _BOOLEAN
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
        "components": {"schemas": {"Problem": _problem(), "Answer": _answer(site.languages)}},
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


def _answer(languages: Languages) -> dict[str, Any]:
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}}
    return {
        "type": "object",
        "required": ["question", "parameters", "release", "citation", "licence"],
        "properties": {
            "question": text,
            "summary": {"type": "object", "properties": dict.fromkeys(languages, text)},
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


_TYPE = NamedNode(TYPE)
_COMMENT = NamedNode(RDFS + "comment")
_LABEL = NamedNode(RDFS + "label")
_TARGET = NamedNode(SCHEMA + "target")
_KEYWORDS = NamedNode(SCHEMA + "keywords")
_ONTOLOGY = NamedNode(OWL + "Ontology")
_ANY_URI = NamedNode(XSD + "anyURI")
_CLASSES = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}


def query_catalogue(questions: Iterable[NamedQuery], folder: str, languages: Languages) -> Iterator[Triple]:
    """The triples of the questions below the address ``folder``, such as ``https://.../questions/``.

    The endpoint is taken to lie beside the folder.
    """
    endpoint = NamedNode(folder.removesuffix("questions/") + "sparql")
    prefixes = NamedNode(f"{folder}#prefixes")
    declared: dict[str, str] = {}
    for question in questions:
        node = NamedNode(folder + question.name)
        yield Triple(node, _TYPE, NamedNode(f"{SH}SPARQLExecutable"))
        yield Triple(node, _TYPE, NamedNode(f"{SH}SPARQL{_CLASSES[question.form]}Executable"))
        for language, text in question.summary.tagged(languages).items():
            yield Triple(node, _COMMENT, Literal(text, language=language))
        for language, text in question.summary.tagged(languages).items():
            yield Triple(node, _LABEL, Literal(text, language=language))
        yield Triple(node, NamedNode(SH + question.form.lower()), Literal(question.text))
        yield Triple(node, _TARGET, endpoint)
        yield Triple(node, NamedNode(f"{SH}prefixes"), prefixes)
        for parameter in question.parameters:
            yield Triple(node, _KEYWORDS, Literal(parameter.name))
        declared |= _prefixes(question.text)
    yield Triple(prefixes, _TYPE, _ONTOLOGY)
    for prefix, namespace in sorted(declared.items()):
        declaration = NamedNode(f"{folder}#prefix-{prefix}")
        yield Triple(prefixes, NamedNode(f"{SH}declare"), declaration)
        yield Triple(declaration, NamedNode(f"{SH}prefix"), Literal(prefix))
        yield Triple(declaration, NamedNode(f"{SH}namespace"), Literal(namespace, datatype=_ANY_URI))


def _prefixes(query: str) -> dict[str, str]:
    """The namespaces that a query declares, by prefix."""
    tokens = list(tokenise(query))
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.is_word("PREFIX") and name.kind is TokenKind.NAME and iri.kind is TokenKind.IRI
    }
