"""The saved questions described for readers and programs: a list as JSON, OpenAPI 3.1, SHACL executables.

The RDF has the form of sib-swiss/sparql-examples: a query is an ``sh:SPARQLExecutable`` with a comment, the
text as the property of its query form, and the endpoint that it is meant for (``schema:target``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.formats import MEDIA_TYPES, PROBLEM
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import OWL, RDFS, SCHEMA, SH, TYPE, XSD
from transfergraph.common.text import Languages
from transfergraph.queries import NamedQuery, Parameter
from transfergraph.store.sparql_tokens import TokenKind, tokenise
from transfergraph.web.addresses import HTML, QUESTIONS, Site
from transfergraph.web.answer_tables import example

_SERVED = {
    "SELECT": ("json", HTML, "csv", "xlsx", "srj", "srx", "tsv"),
    "ASK": ("json", HTML, "srj", "srx"),
}
_WRITTEN = {"SELECT": ("json", HTML, "csv"), "ASK": ("json", HTML)}


def answer_endings(question: NamedQuery, endpoint: bool = True, answered: bool = True) -> tuple[str, ...]:
    """The file endings of the forms in which a question is answered, the preferred first.

    Without an ``endpoint`` they are files, and there is only the page where the question is not ``answered``.
    """
    if endpoint:
        return _SERVED.get(question.form, ("ttl", "nt", "jsonld", "rdf", HTML))
    return _WRITTEN.get(question.form, ("ttl", HTML)) if answered else (HTML,)


def list_questions(questions: Iterable[NamedQuery], site: Site, answered: bool) -> bytes:
    """The list as JSON, with what each question asks for and in which forms it is answered."""
    listed = [_entry(one, site, answered) for one in questions]
    return _json({"release": site.release, "questions": listed})


def _entry(question: NamedQuery, site: Site, answered: bool) -> dict[str, Any]:
    address = site.address(f"{QUESTIONS}{question.name}")
    description = question.description
    return {
        "name": question.name,
        "url": address,
        "query": f"{address}.rq",
        "summary": question.summary.by_language(site.languages),
        "description": None if description is None else description.by_language(site.languages),
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "description": one.description.by_language(site.languages),
                "example": example(one, site.base),
                "schema": _schema_of(one),
            }
            for one in question.parameters
        ],
        "formats": {
            ending: MEDIA_TYPES[ending] for ending in answer_endings(question, site.endpoint, answered)
        },
    }


def _json(value: Any) -> bytes:
    return json_text(value).encode()


def _schema_of(parameter: Parameter) -> dict[str, Any]:
    """The JSON Schema of a parameter's value."""
    if parameter.kind == "integer":
        return {"type": "integer"}
    if parameter.kind == "year":
        return {"type": "string", "pattern": "^[0-9]{4}$"}
    if parameter.is_entity:
        return {"type": "string", "minLength": 1, "maxLength": 1000}
    return {"type": "string", "maxLength": 1000}


def _typed(parameter: Parameter, value: str) -> str | int:
    """A value as its schema has it."""
    return int(value) if parameter.kind == "integer" else value


def describe_api(questions: Iterable[NamedQuery], site: Site) -> bytes:
    """The OpenAPI document of the questions of a release."""
    described = {
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
    return _json(described)


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
                "schema": {"type": "array", "items": _schema_of(one)},
                "style": "form",
                "explode": True,
                "example": [_typed(one, example(one, base))],
            }
            for one in question.parameters
        ],
        "responses": {
            "200": {
                "description": "The answer.",
                "content": {
                    MEDIA_TYPES[ending]: {"schema": _schema(ending)} for ending in answer_endings(question)
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


def _schema(ending: str) -> dict[str, Any]:
    if ending == "json":
        return {"$ref": "#/components/schemas/Answer"}
    return {"type": "string"} if ending not in ("srj", "jsonld") else {"type": "object"}


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


def executables(questions: Iterable[NamedQuery], folder: str, languages: Languages) -> Iterator[Triple]:
    """The triples of the questions, which have IRIs below the ``folder``; each declares its own prefixes."""
    for question in questions:
        node = NamedNode(folder + question.name)
        yield Triple(node, _TYPE, NamedNode(f"{SH}SPARQLExecutable"))
        yield Triple(node, _TYPE, NamedNode(f"{SH}SPARQL{_CLASSES[question.form]}Executable"))
        for language, text in question.summary.tagged(languages).items():
            yield Triple(node, _COMMENT, Literal(text, language=language))
            yield Triple(node, _LABEL, Literal(text, language=language))
        yield Triple(node, NamedNode(SH + question.form.lower()), Literal(question.text))
        for parameter in question.parameters:
            yield Triple(node, _KEYWORDS, Literal(parameter.name))


def query_catalogue(questions: Sequence[NamedQuery], site: Site) -> Iterator[Triple]:
    """The same with the endpoint of a site that has one, and with all prefixes together."""
    folder = site.address(QUESTIONS)
    prefixes = NamedNode(f"{folder}#prefixes")
    declared: dict[str, str] = {}
    yield from executables(questions, folder, site.languages)
    for question in questions:
        node = NamedNode(folder + question.name)
        if site.endpoint:
            yield Triple(node, _TARGET, NamedNode(site.address("sparql")))
        yield Triple(node, NamedNode(f"{SH}prefixes"), prefixes)
        declared |= declared_prefixes(question.text)
    yield Triple(prefixes, _TYPE, _ONTOLOGY)
    for prefix, namespace in sorted(declared.items()):
        declaration = NamedNode(f"{folder}#prefix-{prefix}")
        yield Triple(prefixes, NamedNode(f"{SH}declare"), declaration)
        yield Triple(declaration, NamedNode(f"{SH}prefix"), Literal(prefix))
        yield Triple(declaration, NamedNode(f"{SH}namespace"), Literal(namespace, datatype=_ANY_URI))


def declared_prefixes(query: str) -> dict[str, str]:
    """The namespaces that a query declares, by prefix."""
    tokens = list(tokenise(query))
    return {
        name.text.removesuffix(":"): iri.text[1:-1]
        for word, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if word.is_word("PREFIX") and name.kind is TokenKind.NAME and iri.kind is TokenKind.IRI
    }
