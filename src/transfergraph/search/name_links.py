"""What leads further from the values of a thing, so that it is found by what these are part of, too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from transfergraph.vocabulary.presentation import FacetRules


class NameLinks:
    """What leads further from what a thing has as a value: to greater wholes, and to values that it has
    through others, by the rules for the facets of lists.

    ``properties`` have their numbers: first those of the fields, which are searched. ``numbers`` are those of
    links.
    """

    def __init__(self, searched: Sequence[str], rules: FacetRules) -> None:
        through = {iri: steps for iri, steps in rules.through.items() if iri in searched}
        steps = [step for several in through.values() for step, _ in several]
        self.properties = tuple(dict.fromkeys((*searched, *rules.upward, *steps)))
        number = {iri: place for place, iri in enumerate(self.properties)}
        self._upward = frozenset(number[one] for one in rules.upward)
        self.forward = {
            number[iri]: tuple(number[step] for step, back in several if not back)
            for iri, several in through.items()
        }
        self._back = {
            number[iri]: tuple(number[step] for step, back in several if back)
            for iri, several in through.items()
        }
        self.steps = frozenset(step for several in self.forward.values() for step in several)
        passing = (self._back[one] for one in self.forward if self.forward[one])
        self.numbers = self._upward.union(self.forward, *passing)
        self._above: dict[bytes, tuple[bytes, ...]] = {}
        self._stated: dict[int, dict[bytes, tuple[bytes, ...]]] = {one: {} for one in self.forward}
        self._pointing: dict[int, dict[bytes, tuple[bytes, ...]]] = {one: {} for one in self._back}
        self._passed: dict[int, dict[bytes, dict[bytes, None]]] = {one: {} for one in self._back}

    def add(self, subject: bytes, values: Sequence[tuple[int, bytes]]) -> None:
        """Keep the links of a thing."""
        if above := tuple(value for number, value in values if number in self._upward):
            self._above[subject] = above
        for number, steps in self.forward.items():
            leads = [value for step, value in values if step in steps]
            for step, value in values if leads else ():
                if step in self._back[number]:
                    self._passed[number].setdefault(value, {}).update(dict.fromkeys(leads))
            if not (stated := tuple(value for one, value in values if one == number)):
                continue
            if self.forward[number]:
                self._stated[number][subject] = stated
            pointing = self._pointing[number]
            for step, value in values:
                if step in self._back[number]:
                    pointing[value] = tuple(dict.fromkeys((*pointing.get(value, ()), *stated)))

    def through(self, number: int, thing: bytes, values: Iterable[tuple[int, object]]) -> Iterator[bytes]:
        """What a thing with these values has of a property only through others: those to which it leads, and
        those that point at it or to which these lead in turn."""
        for step, value in values:
            if step in self.forward[number] and isinstance(value, bytes):
                yield from self._stated[number].get(value, ())
        yield from self._pointing[number].get(thing, ())
        for passed in self._passed[number].get(thing, ()):
            yield from self._stated[number].get(passed, ())

    def with_wholes(self, thing: bytes) -> Iterable[bytes]:
        """The thing and all that it is part of, each once."""
        found = {thing: None}
        waiting = [thing]
        while waiting:
            above = [one for one in self._above.get(waiting.pop(), ()) if one not in found]
            found.update(dict.fromkeys(above))
            waiting += above
        return found
