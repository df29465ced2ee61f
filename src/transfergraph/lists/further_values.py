"""What entities have as values only through others, by the rules for facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from transfergraph.lists.facets import Facet
from transfergraph.lists.graph_values import GraphValues, grouped
from transfergraph.vocabulary.presentation import FacetRules


class FurtherValues:
    """The values of the entities of one list through others; it remembers the steps that led anywhere."""

    def __init__(self, graph: GraphValues, rules: FacetRules) -> None:
        self._graph, self._rules = graph, rules
        self._used: defaultdict[str, set[str]] = defaultdict(set)

    def of(self, iri: str, stated: Mapping[int, Sequence[str]], property_: str) -> Iterator[str]:
        """The values of what the property also goes through, for an entity that states these values."""
        yield from self._onward(stated, property_)
        for step, back in self._rules.through.get(property_, ()):
            for record in self._graph.records[step].get(iri, ()) if back else ():
                told = grouped(record)
                number = self._graph.properties[property_]
                for value in (*told.get(number, ()), *self._onward(told, property_)):
                    self._used[property_].add(step)
                    yield value

    def _onward(self, stated: Mapping[int, Sequence[str]], property_: str) -> Iterator[str]:
        """The values of the property of what these values lead to."""
        for step, back in self._rules.through.get(property_, ()):
            for thing in () if back else stated.get(self._graph.properties[step], ()):
                for value in self._graph.reached[property_].get(thing, ()):
                    self._used[property_].add(step)
                    yield value

    def steps_of(self, facet: Facet) -> tuple[tuple[str, bool], ...]:
        """The steps by which any entity of the list has a value of the facet."""
        steps = () if facet.record else self._rules.through.get(facet.predicate, ())
        return tuple(one for one in steps if one[0] in self._used[facet.predicate])
