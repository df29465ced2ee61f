"""What is stated of one thing, as values by property."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Triple

from transfergraph.common.namespaces import local_name
from transfergraph.common.text import Text
from transfergraph.store import Term
from transfergraph.web import document_terms as terms


@dataclass(frozen=True, slots=True)
class ValueGroup:
    """The values of one property, or the subjects that point here with it, on this page.

    ``total`` counts them all; it is greater than the number of ``values`` when they are paged.
    """

    property: str
    values: tuple[Term, ...]
    total: int


@dataclass(frozen=True, slots=True)
class EntityRecord:
    """What is stated of one thing, by property in the order of their IRIs."""

    iri: str
    groups: tuple[ValueGroup, ...]
    _values: Mapping[str, tuple[Term, ...]] = field(init=False, repr=False, compare=False)
    _label: Text | None = field(init=False, repr=False, compare=False)
    classes: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The classes of the thing."""
    has_name: bool = field(init=False, repr=False, compare=False)
    """False for a thing without a name of its own, such as a participation."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "_values", {group.property: group.values for group in self.groups})
        object.__setattr__(self, "_label", None)
        object.__setattr__(self, "classes", self.iris(terms.TYPE))
        object.__setattr__(self, "has_name", any(map(self.literals, terms.NAMES)))

    def values(self, property_: str) -> tuple[Term, ...]:
        """The values of a property, sorted; empty where nothing is stated."""
        return self._values.get(property_, ())

    def iris(self, property_: str) -> tuple[str, ...]:
        """The values of a property that are IRIs."""
        return tuple(value.value for value in self.values(property_) if isinstance(value, NamedNode))

    def literals(self, property_: str) -> tuple[Literal, ...]:
        """The values of a property that are literals."""
        return tuple(value for value in self.values(property_) if isinstance(value, Literal))

    def first(self, property_: str) -> str:
        """The text of the first value, or an empty string."""
        return next((str(value.value) for value in self.values(property_)), "")

    @property
    def label(self) -> Text:
        """The name, or else a part of the IRI."""
        if self._label is None:
            object.__setattr__(self, "_label", self._made_label())
        assert self._label is not None
        return self._label

    def _made_label(self) -> Text:
        found = next((literals for name in terms.NAMES if (literals := self.literals(name))), ())
        texts: dict[str, str] = {}
        for literal in found:
            texts.setdefault(literal.language or "", literal.value)
        return Text(dict(sorted(texts.items()))) if texts else Text.same(local_part(self.iri))

    @property
    def triples(self) -> Iterator[Triple]:
        """The statements as RDF."""
        subject = NamedNode(self.iri)
        for group in self.groups:
            for value in group.values:
                yield Triple(subject, NamedNode(group.property), value)


def local_part(iri: str) -> str:
    """What a reader is shown of an IRI without a name: its last part."""
    return local_name(iri) or iri


def record_of(
    iri: str, stated: Mapping[str, AbstractSet[Term]], partners: ValueGroup | None = None
) -> EntityRecord:
    """The values of each property as a record; ``partners`` is a group that is paged."""
    groups = [
        ValueGroup(name, tuple(sorted(values, key=_term_order)), len(values))
        for name, values in stated.items()
    ]
    if partners is not None:
        groups.append(partners)
    return EntityRecord(iri, tuple(sorted(groups, key=lambda group: group.property)))


def _term_order(term: Term) -> tuple[str, str]:
    return str(term.value), str(term)
