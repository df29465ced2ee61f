"""The saved questions as RDF that editors and language tools know: SHACL-SPARQL executables.

In the form of sib-swiss/sparql-examples: a query is an ``sh:SPARQLExecutable`` with a comment, the text
behind the property of its form, and the endpoint that it is meant for (``schema:target``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.namespaces import OWL, RDFS, SCHEMA, SH, TYPE, XSD
from transfergraph.queries import NamedQuery
from transfergraph.store.sparql_tokens import TokenKind, tokenise

_TYPE = NamedNode(TYPE)
_COMMENT = NamedNode(RDFS + "comment")
_LABEL = NamedNode(RDFS + "label")
_TARGET = NamedNode(SCHEMA + "target")
_KEYWORDS = NamedNode(SCHEMA + "keywords")
_ONTOLOGY = NamedNode(OWL + "Ontology")
_ANY_URI = NamedNode(XSD + "anyURI")
_CLASSES = {"SELECT": "Select", "ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}


def query_catalogue(questions: Iterable[NamedQuery], folder: str) -> Iterator[Triple]:
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
        for language, text in question.summary.by_language().items():
            yield Triple(node, _COMMENT, Literal(text, language=language))
        for language, text in question.summary.by_language().items():
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
