"""Reads how classes and properties are shown from the ontology, the shapes and the tables of a workspace.

``rdfs:label`` and ``skos:definition`` name and define them; ``sh:name``, ``sh:group`` and ``sh:order`` of
property shapes (SHACL, section 2.3.2) and ``dash:propertyRole`` (DASH, "Property Roles") say how properties
are shown, ``dc:title`` in ``tables.json`` (CSVW) how the list of all entities of a class is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.files import FileContent, read_without_bom
from transfergraph.common.namespaces import (
    DASH,
    EDTF,
    OWL,
    RDFS,
    SCHEMA,
    SH,
    SKOS,
    TGSH,
    TYPE,
    XSD,
    local_name,
)
from transfergraph.common.text import Text
from transfergraph.config.declarations import CORE, Declarations, declarations_in, declarations_of
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.vocabulary.listed_tables import column_links, described_tables, named_columns
from transfergraph.vocabulary.presentation import (
    LAST,
    FacetRules,
    ListedTable,
    NamedColumn,
    Presentation,
    PresentedClass,
    PresentedProperty,
    Properties,
    Role,
    SearchLevel,
    StatedCount,
)

_NOWHERE = ("", LAST, LAST)
_PROPERTIES = (OWL + "ObjectProperty", OWL + "DatatypeProperty", OWL + "AnnotationProperty")
_SEARCHED = {
    SearchLevel.NAME: "searchedAsName",
    SearchLevel.OTHER_NAME: "searchedAsOtherName",
    SearchLevel.TEXT: "searchedAsText",
}
_NAVIGATED = TGSH + "navigated"
_NUMBERS = (XSD + "decimal", XSD + "integer")
_DATES_AND_AMOUNTS = (EDTF + "EDTF", XSD + "date", *_NUMBERS)


def read_presentation(declared: Declarations) -> Presentation:
    """How a workspace shows its classes and properties.

    Files of the same content are read once: a build asks several times.
    Raises :class:`WorkspaceError` for a file that cannot be read.
    """
    return _presentation(FileContent.of(declared.tables), FileContent.of(declared.turtle.values()))


@lru_cache(8)
def _presentation(described_in: tuple[FileContent, ...], turtle: tuple[FileContent, ...]) -> Presentation:
    described = {
        table.key: (table, entry) for one in described_in for table, entry in described_tables(one.file)
    }
    tables = {key: table for key, (table, _) in described.items()}
    links = {key: list(column_links(entry)) for key, (_, entry) in described.items()}
    pointing: dict[str, set[str]] = {}
    for folder, property_ in (link for several in links.values() for link in several):
        pointing.setdefault(folder, set()).add(property_)
    leading = {key: tuple(dict.fromkeys(several)) for key, several in links.items()}
    columns: dict[str, tuple[NamedColumn, ...]] = {}
    for table, entry in described.values():
        for property_, column in named_columns(table, entry):
            columns[property_] = (*columns.get(property_, ()), column)
    shown = _Reader(_Statements(one.file for one in turtle), tables).read()
    return replace(shown, pointing=pointing, leading=leading, columns=columns)


def released_presentation(release: Path) -> Presentation:
    """The same of a release, by what it carries; what an older one lacks is taken from the core."""
    core, own = declarations_of(CORE), declarations_in(release)
    return read_presentation(Declarations({**core.files, **own.files}))


class _Statements:
    """The triples of several Turtle files, to be asked by subject and property."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._found: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = {}
        for file in files:
            try:
                for quad in ox.parse(read_without_bom(file), format=ox.RdfFormat.TURTLE):
                    subject = self._found.setdefault(str(quad.subject), {})
                    value = quad.object
                    assert not isinstance(value, ox.Triple)  # RDF 1.1
                    subject.setdefault(quad.predicate.value, []).append(value)
            except (OSError, SyntaxError) as error:
                raise WorkspaceError(explained("error.unreadable", file=file, error=error)) from error

    def subjects(self, *classes: str) -> list[str]:
        """What has one of these classes, in the order of the files."""
        return [one for one in self._found if not set(classes).isdisjoint(self.iris(one, TYPE))]

    def having(self, property_: str) -> list[str]:
        """What has a value of this property."""
        return [one for one, stated in self._found.items() if property_ in stated]

    def nodes(self, subject: str, property_: str) -> list[str]:
        """The values that are no literals, as subjects."""
        values = self._found.get(subject, {}).get(property_, ())
        return [str(one) for one in values if not isinstance(one, ox.Literal)]

    def iris(self, subject: str, property_: str) -> list[str]:
        """The values that are IRIs."""
        values = self._found.get(subject, {}).get(property_, ())
        return [one.value for one in values if isinstance(one, ox.NamedNode)]

    def texts(self, subject: str, property_: str) -> Text | None:
        """The values that are texts, by language."""
        values = self._found.get(subject, {}).get(property_, ())
        texts = {one.language or "": one.value for one in values if isinstance(one, ox.Literal)}
        return Text(dict(sorted(texts.items()))) if texts else None

    def number(self, subject: str, property_: str) -> float:
        """The value as a number; infinite where there is none."""
        values = self._found.get(subject, {}).get(property_, ())
        try:
            return min((float(one.value) for one in values if isinstance(one, ox.Literal)), default=LAST)
        except ValueError:
            return LAST


class _Reader:
    """Makes the values from the statements."""

    def __init__(self, stated: _Statements, tables: Mapping[str, ListedTable]) -> None:
        self._stated = stated
        self._tables = tables
        self._by_kind = {table.kind: table for table in tables.values() if table.kind}
        self._links = frozenset(stated.subjects(OWL + "ObjectProperty"))

    def read(self) -> Presentation:
        shown = self._properties()
        names = [one for one in self._stated.subjects(OWL + "Class") if self._label(one) is not None]
        ancestors = {one[1:-1]: self._ancestors(one) for one in names}
        ranks = {kind: rank for rank, kind in enumerate(self._by_kind)}

        def order(iri: str) -> tuple[int, int]:
            own = next((ranks[one] for one in (iri, *ancestors[iri]) if one in ranks), len(ranks))
            return -len(ancestors[iri]), own

        classes = {one: self._class(one, ancestors[one], shown) for one in sorted(ancestors, key=order)}
        groups = self._stated.subjects(SH + "PropertyGroup")
        named = {one[1:-1]: label for one in groups if (label := self._label(one)) is not None}
        sentences, counting = (self._annotations(TGSH + name) for name in ("sentence", "counted"))
        stated = tuple(map(self._stated_count, self._stated.subjects(TGSH + "RecordCount")))
        searched = {level: self._annotations(TGSH + name) for level, name in _SEARCHED.items()}
        last = self._annotations(TGSH + "searchedLast")
        return Presentation(
            classes,
            self._tables,
            named,
            shown,
            sentences,
            counting,
            stated,
            searched=searched,
            searched_last=frozenset(one for one, text in last.items() if text.english in ("true", "1")),
            navigated={
                one[1:-1]: self._stated.number(one, _NAVIGATED) for one in self._stated.having(_NAVIGATED)
            },
            facet_rules=self._facet_rules(),
            identity={one: text.english for one, text in self._annotations(TGSH + "identity").items()},
            single=self._single(),
        )

    def _single(self) -> dict[str, frozenset[str]]:
        """By class the properties of which a second value, in one language, stops a release."""
        found: dict[str, set[str]] = {}
        for class_, one in self._shapes():
            if class_ and self._limits(one):
                found.setdefault(class_, set()).update(
                    path for path, inverse in self._paths(one) if not inverse
                )
        return {one: frozenset(properties) for one, properties in found.items()}

    def _facet_rules(self) -> FacetRules:
        def said(name: str, *words: str) -> list[str]:
            found = self._annotations(TGSH + name)
            return sorted(one for one, text in found.items() if text.english in words)

        def values(name: str) -> dict[str, tuple[str, ...]]:
            having = sorted(self._stated.having(TGSH + name))
            return {one[1:-1]: tuple(sorted(self._stated.iris(one, TGSH + name))) for one in having}

        def value(name: str) -> dict[str, str]:
            return {one: several[0] for one, several in values(name).items() if several}

        through = {
            one[1:-1]: tuple(self._steps(one)) for one in sorted(self._stated.having(TGSH + "alsoThrough"))
        }
        return FacetRules(
            frozenset(said("facet", "false", "0")),
            tuple(said("leadsUp", "true", "1")),
            tuple(said("tellsOf", "true", "1")),
            through,
            value("until"),
            values("comparedWithin"),
            value("addedIn"),
            value("qualifiedBy"),
            value("datedBy"),
            value("numberedBy"),
            values("apartBy"),
        )

    def _steps(self, subject: str) -> Iterator[tuple[str, bool]]:
        """What a property also goes through; what is followed backwards comes last."""
        yield from ((one, False) for one in sorted(self._stated.iris(subject, TGSH + "alsoThrough")))
        nodes = self._stated.nodes(subject, TGSH + "alsoThrough")
        yield from (
            (one, True) for node in nodes for one in sorted(self._stated.iris(node, SH + "inversePath"))
        )

    def _stated_count(self, subject: str) -> StatedCount:
        def text(name: str) -> str:
            found = self._stated.texts(subject, TGSH + name)
            return found.english if found else ""

        def iri(name: str) -> str:
            return next(iter(self._stated.iris(subject, TGSH + name)), "")

        label = self._label(subject) or Text.same(local_name(subject[1:-1]))
        kind, _, noun = text("key").partition("/")
        needed = (iri("ofClass"), text("counts"), text("collectedIn"))
        if not all((noun, *needed)):
            raise WorkspaceError(explained("error.presentation.count", subject=subject))
        return StatedCount(kind, noun, label, *needed, iri("statedAs"))

    def _annotations(self, property_: str) -> dict[str, Text]:
        found = {one[1:-1]: self._stated.texts(one, property_) for one in self._stated.having(property_)}
        return {iri: text for iri, text in found.items() if text is not None}

    def _label(self, subject: str) -> Text | None:
        return self._stated.texts(subject, RDFS + "label")

    def _ancestors(self, subject: str) -> tuple[str, ...]:
        """The superclasses that have a label here, the nearest first."""
        found: list[str] = []
        waiting = [subject]
        while waiting:
            for one in self._stated.nodes(waiting.pop(0), RDFS + "subClassOf"):
                if self._label(one) is not None and one not in (*found, subject):
                    found.append(one)
                    waiting.append(one)
        return tuple(one[1:-1] for one in found)

    def _class(self, iri: str, ancestors: tuple[str, ...], shown: Properties) -> PresentedClass:
        line = (iri, *ancestors)
        wider = (one for each in line for one in self._stated.iris(f"<{each}>", RDFS + "subClassOf"))
        own: dict[str, PresentedProperty] = {}
        for (where, name, inverse), one in sorted(shown.items(), key=lambda item: item[1].order):
            if where in line and not inverse and (one.mandatory or name not in own):
                own[name] = replace(own.get(name, one), mandatory=one.mandatory)
        return PresentedClass(
            iri,
            self._label(f"<{iri}>") or Text.same(local_name(iri)),
            self._stated.texts(f"<{iri}>", SKOS + "definition"),
            ancestors,
            next((role for role in Role if role.value in line), None),
            self._gathers(line),
            next((self._by_kind[one] for one in line if one in self._by_kind), None),
            tuple(one.removeprefix(SCHEMA) for one in wider if one.startswith(SCHEMA)),
            tuple(own.values()),
        )

    def _gathers(self, line: Iterable[str]) -> bool:
        """What the class says, or else the nearest of its superclasses that says anything."""
        stated = (self._stated.texts(f"<{one}>", TGSH + "gathers") for one in line)
        return next((one.english in ("true", "1") for one in stated if one is not None), False)

    def _properties(self) -> Properties:
        """What the shapes of a class say of its properties, and any shape and the ontology of all."""
        shapes: dict[tuple[str, str, bool], list[str]] = {}
        for class_, one in self._shapes():
            for path in self._paths(one):
                shapes.setdefault((class_, *path), []).append(one)
                if class_:
                    shapes.setdefault(("", *path), []).append(one)
        for one in self._stated.subjects(*_PROPERTIES):
            shapes.setdefault(("", one[1:-1], False), [])
        found: dict[tuple[str, str, bool], PresentedProperty] = {}
        for key in sorted(shapes):  # the empty class first
            general = found.get(("", *key[1:]))
            if (shown := self._property(key, shapes[key], general)) is not None:
                found[key] = shown
        return found

    def _shapes(self) -> Iterator[tuple[str, str]]:
        """The property shapes, those that belong to no class first, each with its class."""
        of_class = [
            (class_, one)
            for shape in self._stated.subjects(SH + "NodeShape")
            for class_ in self._stated.iris(shape, SH + "targetClass")
            for one in self._stated.nodes(shape, SH + "property")
        ]
        taken = {one for _, one in of_class}
        yield from (("", one) for one in self._stated.subjects(SH + "PropertyShape") if one not in taken)
        yield from of_class

    def _paths(self, shape: str) -> Iterator[tuple[str, bool]]:
        """The property of a shape, and whether it is followed backwards; of longer paths nothing."""
        for node in self._stated.nodes(shape, SH + "path"):
            yield from ((one, True) for one in self._stated.iris(node, SH + "inversePath"))
        yield from ((one, False) for one in self._stated.iris(shape, SH + "path"))

    def _property(
        self, key: tuple[str, str, bool], shapes: Iterable[str], general: PresentedProperty | None
    ) -> PresentedProperty | None:
        """None for a property without a name."""
        _, iri, inverse = key
        stated, subject = self._stated, f"<{key[1]}>"
        names = (stated.texts(one, SH + "name") for one in shapes)
        label = next((one for one in names if one is not None), None)
        if label is None:
            label = general.label if general else None if inverse else self._label(subject)
        if label is None:
            return None
        places = [place for one in shapes if (place := self._place(one)) is not None]
        group, *order = places[0] if places else (general.group, *general.order) if general else _NOWHERE
        roles = [local_name(role) for one in shapes for role in stated.iris(one, DASH + "propertyRole")]
        types = {one for shape in (*shapes, subject) for one in stated.iris(shape, SH + "datatype")}
        types.update(stated.iris(subject, RDFS + "range"))
        facet = subject in self._links or not types.isdisjoint(_DATES_AND_AMOUNTS)
        role = roles[0] if roles else general.role if general else ""
        mandatory = bool(key[0]) and any(map(self._demands, shapes))
        return PresentedProperty(
            iri,
            inverse,
            label,
            group,
            (order[0], order[1]),
            role,
            facet and not inverse,
            mandatory,
            not types.isdisjoint(_NUMBERS),
        )

    def _demands(self, shape: str) -> bool:
        """True for a shape that asks for a value, and whose violations stop a release."""
        least = (self._stated.number(shape, SH + name) for name in ("minCount", "qualifiedMinCount"))
        return self._stops(shape) and any(0 < one < LAST for one in least)

    def _limits(self, shape: str) -> bool:
        """True for a shape that lets pass one value, in a language at most, and whose violations stop a
        release."""
        unique = self._stated.texts(shape, SH + "uniqueLang")
        once = self._stated.number(shape, SH + "maxCount") == 1
        return self._stops(shape) and (once or (unique is not None and unique.english == "true"))

    def _stops(self, shape: str) -> bool:
        return self._stated.iris(shape, SH + "severity") in ([], [SH + "Violation"])

    def _place(self, shape: str) -> tuple[str, float, float] | None:
        """The group of a shape, the order of the group, and that of the shape in it."""
        order = self._stated.number(shape, SH + "order")
        group = next(iter(self._stated.iris(shape, SH + "group")), "")
        return (group, self._stated.number(f"<{group}>", SH + "order"), order) if order < LAST else None
