"""Shapes about texts in German and English, made such about texts in the languages of a workspace.

A shape whose only language (``sh:languageIn``) is one asks for that language, and a list of all these
languages, or an alternative of all these shapes (``sh:or``), stands for the languages of the workspace. A
property shape that asks for a text in one of them (``sh:qualifiedValueShape``) holds where the workspace has
that language; a language for which there is none gets one like that for English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rdflib import RDF, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from transfergraph.common.namespaces import local_name
from transfergraph.common.text import ENGLISH, Languages, Text, column_name, nearest
from transfergraph.messages import both, interface_languages

_ONLY = re.compile(rb'sh:languageIn \( "([a-z0-9-]+)" \)')


def shapes_in(languages: Languages, shapes: Graph) -> Graph:
    """The shapes of one file in these languages; the same graph where it is in these already."""
    lists = _allowed(shapes)
    single = {tags[0]: shape for shape, tags in lists.items() if len(tags) == 1}
    if not single or set(single) == set(languages):
        return shapes
    made = Graph() + shapes
    model = single[nearest(ENGLISH, [*single])]
    asking = {one: single.get(one) or _add(made, model, one) for one in languages}
    for shape, tags in lists.items():
        if len(tags) > 1 and set(tags) == set(single):
            _allow(made, shape, SH.languageIn, [Literal(one) for one in languages], languages)
    for shape, head in shapes[: SH["or"]]:
        members = list(Collection(shapes, head))
        if set(single.values()) <= set(members):
            others = [one for one in members if one not in single.values()]
            _allow(made, shape, SH["or"], [*others, *asking.values()], languages)
    for language, shape in single.items():
        if language not in languages:
            for one in (*made.subjects(SH.qualifiedValueShape, shape), shape):
                made.remove((one, None, None))
                made.remove((None, SH.property, one))
    return made


def shapes_text(languages: Languages, turtle: bytes) -> bytes:
    """The same of a file in Turtle, as it is where it asks for these languages already."""
    asked = {found.decode() for found in _ONLY.findall(turtle)}
    if not asked or asked == set(languages):
        return turtle
    return shapes_in(languages, Graph().parse(turtle, format="turtle")).serialize(
        format="turtle", encoding="utf-8"
    )


def _allowed(shapes: Graph) -> dict[Node, list[str]]:
    """The languages that each shape allows."""
    return {shape: [str(one) for one in Collection(shapes, head)] for shape, head in shapes[: SH.languageIn]}


def _allow(
    shapes: Graph, shape: Node, predicate: URIRef, members: Sequence[Node], languages: Languages
) -> None:
    """Let the shape allow these languages, and say so."""
    shapes.set((shape, predicate, _list(shapes, members)))
    named = ", ".join(languages)
    _tell(shapes, shape, SH.message, both("shape.language.other", languages=named))
    _tell(shapes, shape, SH.description, both("shape.language.other.remedy", languages=named))


def _list(shapes: Graph, members: Sequence[Node]) -> Node:
    return Collection(shapes, BNode(), [*members]).uri


def _add(shapes: Graph, model: Node, language: str) -> Node:
    """A shape like the model for another language, which is asked for where the model is."""
    name = local_name(str(model))
    asked = URIRef(f"{str(model).removesuffix(name)}In-{language}")
    shapes.add((asked, RDF.type, SH.NodeShape))
    shapes.add((asked, SH.languageIn, _list(shapes, [Literal(language)])))
    for asking in list(shapes.subjects(SH.qualifiedValueShape, model)):
        other = URIRef(f"{str(asking).removesuffix(name)}-{language}")
        for predicate, value in list(shapes.predicate_objects(asking)):
            shapes.add((other, predicate, value))
        shapes.set((other, SH.qualifiedValueShape, asked))
        for owner in list(shapes.subjects(SH.property, asking)):
            shapes.add((owner, SH.property, other))
        column, is_name = _column(shapes, asking, language), shapes.value(asking, SH.path) == SKOS.prefLabel
        remedy = "shape.language.missing.name-remedy" if is_name else "shape.language.missing.remedy"
        _tell(shapes, other, SH.message, both("shape.language.missing", language=language, column=column))
        _tell(shapes, other, SH.description, both(remedy, column=column))
    return asked


def _column(shapes: Graph, asking: Node, language: str) -> str:
    """The column that the remedy of a shape for another language names, in this language."""
    told = " ".join(str(one) for one in shapes.objects(asking, SH.description))
    named = re.search(r"\b([a-z_]+)_[a-z]{2}\b", told)
    return column_name(named[1] if named else local_name(str(shapes.value(asking, SH.path))), language)


def asked_languages(shapes: Graph) -> Mapping[str, str]:
    """The property shapes that ask for a text in one language, each with that language."""
    lists = _allowed(shapes)
    return {
        str(asking): lists[wanted][0]
        for asking, wanted in shapes[: SH.qualifiedValueShape]
        if len(lists.get(wanted, ())) == 1
    }


def _tell(shapes: Graph, shape: Node, predicate: URIRef, told: Text) -> None:
    shapes.remove((shape, predicate, None))
    texts: Mapping[str, str] = told.tagged(interface_languages())
    for language, words in texts.items():
        shapes.add((shape, predicate, Literal(words, lang=language)))
