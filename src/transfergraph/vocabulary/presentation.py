"""How the classes and properties of a workspace are shown, as values: names, lists, groups, orders, roles.

This is the only module that knows classes of the ontology by name, and of these only four, the roles: all
else is looked up here by IRI. ``presentation_reader`` tells where it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from functools import cached_property
from itertools import chain

from transfergraph import messages
from transfergraph.common.namespaces import TG, TGSH
from transfergraph.common.text import Text

LAST = float("inf")
"""The order of what has none."""

TRIPLES = "triples"
"""What manifests count beside the rows of tables."""


class Role(Enum):
    """What network and pages treat alike; the value is the IRI of the class whose subclasses have it."""

    UNDERTAKING = TG + "Undertaking"
    ORGANISATION = TG + "Organisation"
    PLACE = TG + "Place"
    PARTICIPATION = TG + "Participation"


class SearchLevel(IntEnum):
    """What a property counts as in the search: a name, another name, or a text or a thing around it."""

    NAME = 1
    OTHER_NAME = 2
    TEXT = 3


@dataclass(frozen=True, slots=True)
class ListedTable:
    """A table with the class of its rows, or the SKOS scheme where they are concepts of one.

    ``key`` is its name without an ending, ``title`` its ``dc:title``; ``kind`` is empty where the rows only
    say what has gone. ``folder`` is the beginning of the IRIs of the rows below the base IRI, such as
    ``undertaking/``. Rows that are not ``named`` (participations, grants), or have IRIs elsewhere, have no
    list of their own.
    """

    key: str
    title: Text
    kind: str
    is_scheme: bool
    folder: str
    named: bool


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column by which people know a property: its names in the tables of a class or scheme, and what stands
    in it."""

    kind: str
    names: tuple[str, ...]
    about: Text


@dataclass(frozen=True, slots=True)
class PresentedProperty:
    """How a property is shown, or, where it is ``inverse``, what points at a thing with it.

    ``order`` sorts properties: the order of the group, then that within it. ``role`` is the local name of a
    DASH role, such as ``LabelRole``, empty where it has none. A ``facet`` has entities, concepts, dates or
    amounts as values; those of a ``numeric`` one are numbers. What is ``mandatory`` stops a release where it
    is missing.
    """

    iri: str
    inverse: bool
    label: Text
    group: str
    order: tuple[float, float]
    role: str
    facet: bool
    mandatory: bool = False
    numeric: bool = False


Properties = Mapping[tuple[str, str, bool], PresentedProperty]


@dataclass(frozen=True, slots=True)
class PresentedClass:
    """How a class is shown.

    ``ancestors`` are its superclasses in the ontology, the nearest first; ``role`` is None where none of the
    four is among them. Of what ``gathers`` each is a centre of the network, by ``tgsh:gathers``. ``aligned``
    are the types of schema.org that it is a case of, by their local names.
    ``properties`` are those that its shapes and those of its superclasses have, in order.
    """

    iri: str
    label: Text
    definition: Text | None
    ancestors: tuple[str, ...]
    role: Role | None
    gathers: bool
    table: ListedTable | None
    aligned: tuple[str, ...]
    properties: tuple[PresentedProperty, ...]


@dataclass(frozen=True, slots=True)
class StatedCount:
    """Records of which sources state how many there are, for each entity of a class.

    ``kind`` and ``noun`` name what they are counted for, and what is counted, in the IRI of the measurement;
    ``pattern`` binds ``?record`` for a ``?subject`` in SPARQL; ``table`` has rows where they were collected;
    ``measure`` is the concept of which numbers are stated, empty where none are.
    """

    kind: str
    noun: str
    label: Text
    of_class: str
    pattern: str
    table: str
    measure: str


@dataclass(frozen=True, slots=True)
class FacetRules:
    """How lists are narrowed: by the annotations of ``ontology/presentation.shapes.ttl``, all by IRI.

    ``hidden`` properties are no facets. ``upward`` ones lead to a greater whole, ``records`` from a record to
    what it tells of, ``through`` (by a property) to what has its values, too, followed backwards where the
    second is True. ``until`` leads from the property of a beginning to that of the end. The others are of
    numbers: ``within`` which values of which properties they are compared, ``added`` in which unit,
    ``qualified``, ``dated``, ``numbered`` and ``apart`` by what.
    """

    hidden: frozenset[str] = frozenset()
    upward: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    through: Mapping[str, tuple[tuple[str, bool], ...]] = field(default_factory=dict)
    until: Mapping[str, str] = field(default_factory=dict)
    within: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    added: Mapping[str, str] = field(default_factory=dict)
    qualified: Mapping[str, str] = field(default_factory=dict)
    dated: Mapping[str, str] = field(default_factory=dict)
    numbered: Mapping[str, str] = field(default_factory=dict)
    apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Presentation:
    """The classes, tables and properties of a workspace.

    ``classes`` by IRI, the more special before the more general, then in the order of the tables; ``tables``
    in their order; ``groups`` are the names of the groups of properties that have one. ``properties`` are by
    the class whose shape shows them (empty: any), their IRI, and whether they are inverse. ``sentences``, by
    class or scheme, are templates of what a page says first; ``counting`` are texts with the place ``count``;
    ``stated`` is what sources state numbers of. ``pointing`` are, by the beginning of IRIs as in the tables,
    the properties of the columns that lead to what has such an IRI; ``leading`` the same by table, each time
    the beginning of the IRIs and the property. ``searched`` are the properties that the
    search looks through, by what they count as, each with the words that explain a hit; it puts the classes
    of ``searched_last`` after all others. ``navigated`` are the classes and schemes whose lists stand in the
    navigation, by their places in it. ``facet_rules`` say how lists are narrowed. ``identity`` says of
    properties what they tell of who an organisation is, in the words of ``tgsh:identity``; ``single`` are, by
    class, the properties of which the shapes let no release have two values, of texts two in one language.
    ``columns`` are those of the tables, by the property that they state.
    """

    classes: Mapping[str, PresentedClass] = field(default_factory=dict)
    tables: Mapping[str, ListedTable] = field(default_factory=dict)
    groups: Mapping[str, Text] = field(default_factory=dict)
    properties: Properties = field(default_factory=dict)
    sentences: Mapping[str, Text] = field(default_factory=dict)
    counting: Mapping[str, Text] = field(default_factory=dict)
    stated: tuple[StatedCount, ...] = ()
    pointing: Mapping[str, Set[str]] = field(default_factory=dict)
    leading: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    searched: Mapping[SearchLevel, Mapping[str, Text]] = field(default_factory=dict)
    searched_last: frozenset[str] = frozenset()
    navigated: Mapping[str, float] = field(default_factory=dict)
    facet_rules: FacetRules = field(default_factory=FacetRules)
    identity: Mapping[str, str] = field(default_factory=dict)
    single: Mapping[str, Set[str]] = field(default_factory=dict)
    columns: Mapping[str, tuple[NamedColumn, ...]] = field(default_factory=dict)

    @cached_property
    def lists(self) -> Mapping[str, ListedTable]:
        """The tables whose rows have a list of their own, by key."""
        return {key: table for key, table in self.tables.items() if table.named and table.kind}

    @cached_property
    def navigation(self) -> tuple[str, ...]:
        """The keys of the lists in the navigation, in order.

        Where the workspace names none, the first list of organisations, of undertakings and of places.
        """
        if named := [key for key, table in self.lists.items() if table.kind in self.navigated]:
            return tuple(sorted(named, key=lambda key: self.navigated[self.lists[key].kind]))
        firsts: dict[Role, str] = {}
        for key, table in self.lists.items():
            if (role := self.role([table.kind])) is not None:
                firsts.setdefault(role, key)
        order = (Role.ORGANISATION, Role.UNDERTAKING, Role.PLACE)
        return tuple(firsts[role] for role in order if role in firsts)

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {iri: rank for rank, iri in enumerate(self.classes)}

    @cached_property
    def _by_kind(self) -> Mapping[str, ListedTable]:
        return {table.kind: table for table in self.tables.values() if table.kind}

    def class_order(self, iri: str) -> tuple[int, str]:
        """Sorts classes, the most special first; those that are unknown by IRI at the end."""
        return self._rank.get(iri, len(self._rank)), iri

    def role(self, classes: Iterable[str]) -> Role | None:
        """The role of what has these classes."""
        known = (self.classes[one].role for one in classes if one in self.classes)
        return next((role for role in known if role is not None), None)

    def of_role(self, role: Role) -> tuple[str, ...]:
        """The classes of a role, the more special first."""
        return tuple(iri for iri, one in self.classes.items() if one.role is role)

    def with_ancestors(self, classes: Iterable[str]) -> tuple[str, ...]:
        """What is no class, such as a scheme, then the classes, each before its superclasses."""
        key = tuple(classes)
        if key not in self._lines:
            order = sorted(key, key=lambda one: (one in self._rank, self.class_order(one)))
            lines = ((one, *(self.classes[one].ancestors if one in self.classes else ())) for one in order)
            self._lines[key] = tuple(one for line in lines for one in line)
        return self._lines[key]

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        """What :meth:`with_ancestors` has found; there are few combinations of classes in a graph."""
        return {}

    def single_values(self, kinds: Iterable[str]) -> frozenset[str]:
        """The properties of which what has one of these classes can have one value only, in a language."""
        return frozenset[str]().union(*(self.single.get(one, ()) for one in self.with_ancestors(kinds)))

    def table_of(self, kinds: Iterable[str]) -> ListedTable | None:
        """The table that holds what has one of these classes or is in one of these schemes."""
        lines = self.with_ancestors(kinds)
        return next((self._by_kind[one] for one in lines if one in self._by_kind), None)

    def table_at(self, path: str) -> ListedTable | None:
        """The first table with the IRIs of its rows in the folder of this path below the base IRI."""
        found = (table for table in self.tables.values() if table.kind and path.startswith(table.folder))
        return next(found, None)

    def kind_at(self, path: str) -> PresentedClass | None:
        """The nearest class of all rows that have their IRIs in the folder of this path.

        Where they have none in common it is that of the first table.
        """
        tables = (one for one in self.tables.values() if one.kind and path.startswith(one.folder))
        kinds = [known for one in tables if (known := self.classes.get(one.kind)) is not None]
        lines = [(known.iri, *known.ancestors) for known in kinds]
        nearest = (one for one in chain(*lines[:1]) if one in self.classes)
        common = (one for one in nearest if all(one in line for line in lines))
        return next((self.classes[one] for one in common), next(iter(kinds), None))

    def pointing_at(self, path: str) -> frozenset[str]:
        """The properties by which tables refer to what has this path below the base, or this other IRI."""
        found = (several for folder, several in self.pointing.items() if path.startswith(folder))
        return frozenset[str]().union(*found)

    def folders_of(self, *roles: Role) -> tuple[str, ...]:
        """The folders of the tables whose rows have one of these roles."""
        return tuple({one.folder for one in self.tables.values() if self.role([one.kind]) in roles})

    def sentence(self, kinds: Iterable[str]) -> Text | None:
        """The template for what has one of these classes or is in one of these schemes."""
        lines = self.with_ancestors(kinds)
        return next((self.sentences[one] for one in lines if one in self.sentences), None)

    def counted(self, key: str, count: int, language: str) -> str:
        """So many rows of a table, or triples, in words: "3 projects"."""
        if key == TRIPLES:
            return messages.text("build.triples", language, count=count)
        table = self.tables.get(key)
        kind, label = (table.kind, table.title) if table else ("", Text.same(key))
        for name in (kind, TGSH + key):
            if name in self.counting:
                return messages.filled(self.counting[name].in_language(language), language, count=count)
        if count == 1 and kind in self.classes:
            label = self.classes[kind].label
        return f"{messages.number(count, language)} {label.in_language(language)}"

    def property(
        self, iri: str, classes: Iterable[str] = (), inverse: bool = False
    ) -> PresentedProperty | None:
        """How a property of what has these classes is shown, by the shape of the most special of them."""
        for one in (*self.with_ancestors(classes), ""):
            if (one, iri, inverse) in self.properties:
                return self.properties[one, iri, inverse]
        return None

    def property_order(self, iri: str, inverse: bool = False) -> tuple[float, float, str]:
        """Sorts properties; those without an order by IRI at the end."""
        found = self.properties.get(("", iri, inverse))
        return (*(found.order if found else (LAST, LAST)), iri)

    def in_role(self, role: str) -> tuple[str, ...]:
        """The properties with this DASH role, in order."""
        return self._in_roles.get(role, ())

    @cached_property
    def _in_roles(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[PresentedProperty]] = {}
        for (class_, *_), one in self.properties.items():
            if not class_ and one.role:
                found.setdefault(one.role, []).append(one)
        return {
            role: tuple(one.iri for one in sorted(several, key=lambda one: (one.order, one.iri)))
            for role, several in found.items()
        }
