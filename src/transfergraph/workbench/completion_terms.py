"""What the editor for queries completes: the classes and properties of a graph, the values of small lists.

How they are called and which properties a class must have comes from the presentation of the workspace; how
often they occur from the VoID description of the release, so that no query is asked of a large graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pyoxigraph as ox

from transfergraph.common.namespaces import GRAPH_PREFIXES, RDF, SKOS, TYPE, VOID, prefixes
from transfergraph.common.text import Text
from transfergraph.store import Store
from transfergraph.vocabulary.presentation import NamedColumn, Presentation, PresentedClass, PresentedProperty

LONGEST_LIST = 60
"""Up to so many concepts are offered as the values of a property."""

_MOST_NAMES = 20_000  # of concepts that are read
_CONCEPTS = f"""
SELECT ?concept ?name WHERE {{ ?concept <{SKOS}inScheme> ?scheme ; <{SKOS}prefLabel> ?name }}
LIMIT {_MOST_NAMES + 1}
"""


@dataclass(slots=True)
class Occurrences:
    """How often classes and properties occur, and the properties of the entities of each class."""

    classes: dict[str, int] = field(default_factory=dict)
    properties: dict[str, int] = field(default_factory=dict)
    within: dict[str, dict[str, int]] = field(default_factory=dict)


def read_occurrences(void: Path) -> Occurrences:
    """What a VoID description says of them; nothing where there is none."""
    found = Occurrences()
    if not void.is_file():
        return found
    stated: dict[str, dict[str, list[str]]] = {}
    for quad in ox.parse(path=str(void), format=ox.RdfFormat.TURTLE):
        name, value = quad.predicate.value.removeprefix(VOID), quad.object
        if isinstance(quad.subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            stated.setdefault(quad.subject.value, {}).setdefault(name, []).append(value.value)

    def properties(whole: str) -> dict[str, int]:
        parts = [stated.get(part, {}) for part in stated[whole].get("propertyPartition", ())]
        counts = ((part.get("property"), part.get("triples", ["0"])) for part in parts)
        return dict(sorted((name[0], int(count[0])) for name, count in counts if name))

    for whole, values in sorted(stated.items()):
        if "class" in values:
            found.classes[values["class"][0]] = int(values.get("entities", ["0"])[0])
            found.within[values["class"][0]] = properties(whole)
        elif "propertyPartition" in values:
            found.properties.update(properties(whole))
    return found


def completion_script(
    store: Store,
    shown: Presentation,
    void: Path,
    base: str,
    languages: Sequence[str],
    also: Mapping[str, str],
) -> bytes:
    """A script with all of it; ``also`` are further prefixes."""
    terms = completion_terms(store, shown, read_occurrences(void), base, languages)
    terms["prefixes"] = dict(sorted({**GRAPH_PREFIXES, **prefixes("rdf void"), **also}.items()))
    written = msgspec.json.encode(terms).decode()
    for separator in "\u2028\u2029":
        written = written.replace(separator, f"\\u{ord(separator):04x}")
    return f"var transfergraphTerms = {written};\n".encode()


def completion_terms(
    store: Store, shown: Presentation, occurring: Occurrences, base: str, languages: Sequence[str]
) -> dict[str, Any]:
    """Classes and properties by IRI, with their names by language; see the script of the workbench.

    A class has its superclasses, and its properties in order, each with 1 where the class must have it and
    the number of its triples. A property has the columns of tables by which people know it. What occurs
    in the graph and has no name is there as well, without one.
    """
    properties: dict[str, dict[str, Any]] = {}
    for (_, iri, inverse), one in shown.properties.items():
        if not inverse:
            properties.setdefault(iri, _named(one.label, languages))
    for iri in (*occurring.properties, TYPE):
        properties.setdefault(iri, {})
    lists = _lists(store, languages)
    for folder, several in shown.pointing.items():
        start = folder if "://" in folder else base + folder
        if 0 < len(values := [iri for iri in lists if iri.startswith(start)]) <= LONGEST_LIST:
            for iri in sorted(several & properties.keys()):
                properties[iri].setdefault("values", []).extend(values)
    for iri, count in occurring.properties.items():
        properties[iri]["count"] = count
    for iri in sorted(shown.columns.keys() & properties.keys()):
        if columns := _columns(iri, shown.columns[iri], languages):
            properties[iri]["columns"] = columns
    offered = {one for several in properties.values() for one in several.get("values", ())}
    classes = {
        iri: _class(shown.classes.get(iri), iri, occurring, languages)
        for iri in sorted({*shown.classes, *occurring.classes})
    }
    return {
        "base": base,
        "labels": list(shown.in_role("LabelRole")),
        "classes": classes,
        "properties": dict(sorted(properties.items())),
        "values": {iri: names for iri, names in lists.items() if iri in offered},
    }


def _class(
    one: PresentedClass | None, iri: str, occurring: Occurrences, languages: Sequence[str]
) -> dict[str, Any]:
    used = occurring.within.get(iri, {})
    found: dict[str, Any] = {"above": [], "count": occurring.classes.get(iri, 0)}
    if one is None:
        return {**found, "properties": _properties((), used)}
    if one.definition:
        found["about"] = one.definition.by_language(languages)
    found |= {"above": list(one.ancestors), "properties": _properties(one.properties, used)}
    return {**_named(one.label, languages), **found}


def _columns(iri: str, columns: Sequence[NamedColumn], languages: Sequence[str]) -> list[dict[str, Any]]:
    """The columns that are called otherwise than the property, with their classes; equal ones once."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in columns:
        if any(name.casefold() not in iri.casefold() for name in one.names):
            about = one.about.by_language(languages)
            alike = found.setdefault(
                (one.names, *about.values()), {"of": [], "names": list(one.names), "about": about}
            )
            alike["of"].append(one.kind)
    return list(found.values())


def _named(label: Text, languages: Sequence[str]) -> dict[str, Any]:
    return {"label": label.by_language(languages)}


def _properties(shaped: Iterable[PresentedProperty], used: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """The properties of the shapes in their order, then the others that occur, the most frequent first."""
    found = {one.iri: (one.iri, int(one.mandatory), used.get(one.iri, 0)) for one in shaped}
    for iri, count in sorted(used.items(), key=lambda item: (-item[1], item[0])):
        if not iri.startswith(RDF):
            found.setdefault(iri, (iri, 0, count))
    return list(found.values())


def _lists(store: Store, languages: Sequence[str]) -> dict[str, dict[str, str]]:
    """The names of all concepts, by IRI; none where there are too many to read."""
    rows = list(store.select(_CONCEPTS).rows)
    if len(rows) > _MOST_NAMES:
        return {}
    names: dict[str, dict[str, str]] = {}
    for concept, name in rows:
        if isinstance(concept, ox.NamedNode) and isinstance(name, ox.Literal):
            names.setdefault(concept.value, {})[name.language or ""] = name.value
    return {iri: Text(found).by_language(languages) for iri, found in sorted(names.items())}
