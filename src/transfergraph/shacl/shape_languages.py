"""Shapes in German and English, made ones in the languages of a workspace.

A shape whose only language (``sh:languageIn``) is one asks for that language, and a list of all these
languages stands for the languages of the workspace. A property shape that asks for a text in one of them
(``sh:qualifiedValueShape``) holds where the workspace has that language; a language for which there is none
gets one like that for English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from transfergraph.common.namespaces import local_name
from transfergraph.common.text import ENGLISH, Languages, Text, nearest
from transfergraph.messages import both, interface_languages

_ONLY = re.compile(rb'sh:languageIn \( "([a-z0-9-]+)" \)')


def shapes_in(languages: Languages, shapes: Graph) -> Graph:
    """The shapes of one file in these languages; the same graph where it is in these already."""
    lists = {shape: [str(one) for one in Collection(shapes, head)] for shape, head in shapes[: SH.languageIn]}
    single = {tags[0]: shape for shape, tags in lists.items() if len(tags) == 1}
    if not single or set(single) == set(languages):
        return shapes
    made = Graph() + shapes
    for shape, tags in lists.items():
        if len(tags) > 1 and set(tags) == set(single):
            _ask_for(made, shape, languages)
    model = single[nearest(ENGLISH, [*single])]
    for language in languages:
        if language not in single:
            _add(made, model, language)
    for language, shape in single.items():
        if language not in languages:
            for asking in list(made.subjects(SH.qualifiedValueShape, shape)):
                _remove(made, asking)
            _remove(made, shape)
    return made


def shapes_text(languages: Languages, turtle: bytes) -> bytes:
    """The same of a file in Turtle, as it is where it asks for these languages already."""
    asked = {found.decode() for found in _ONLY.findall(turtle)}
    if not asked or asked == set(languages):
        return turtle
    return shapes_in(languages, Graph().parse(turtle, format="turtle")).serialize(
        format="turtle", encoding="utf-8"
    )


def _ask_for(shapes: Graph, shape: Node, languages: Languages) -> None:
    """Let the shape allow these languages; its message, which names others, becomes that of SHACL."""
    head = BNode()
    Collection(shapes, head, [Literal(one) for one in languages])
    shapes.set((shape, SH.languageIn, head))
    shapes.remove((shape, SH.message, None))
    _tell(shapes, shape, SH.description, both("shape.language.remedy", languages=", ".join(languages)))


def _add(shapes: Graph, model: Node, language: str) -> None:
    """A shape like the model for another language, and the property shapes that ask for it."""
    name = local_name(str(model))
    asked = URIRef(f"{str(model).removesuffix(name)}In-{language}")
    shapes.add((asked, RDF.type, SH.NodeShape))
    head = BNode()
    Collection(shapes, head, [Literal(language)])
    shapes.add((asked, SH.languageIn, head))
    for asking in list(shapes.subjects(SH.qualifiedValueShape, model)):
        other = URIRef(f"{str(asking).removesuffix(name)}-{language}")
        for predicate, value in list(shapes.predicate_objects(asking)):
            shapes.add((other, predicate, value))
        shapes.set((other, SH.qualifiedValueShape, asked))
        for owner in list(shapes.subjects(SH.property, asking)):
            shapes.add((owner, SH.property, other))
        values = {"language": language, "property": local_name(str(shapes.value(asking, SH.path)))}
        _tell(shapes, other, SH.message, both("shape.language.missing", **values))
        _tell(shapes, other, SH.description, both("shape.language.missing.remedy", **values))


def _tell(shapes: Graph, shape: Node, predicate: URIRef, told: Text) -> None:
    shapes.remove((shape, predicate, None))
    texts: Mapping[str, str] = told.tagged(interface_languages())
    for language, words in texts.items():
        shapes.add((shape, predicate, Literal(words, lang=language)))


def _remove(shapes: Graph, shape: Node) -> None:
    shapes.remove((shape, None, None))
    shapes.remove((None, None, shape))
