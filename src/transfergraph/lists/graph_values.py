"""What lists need of a graph, read in one pass over its sorted N-Triples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergraph.common.namespaces import SKOS, TYPE
from transfergraph.search.name_list import literal
from transfergraph.vocabulary.presentation import FacetRules, ListedTable, Presentation

LITERAL = '"'
"""What the values that are no IRIs begin with."""

Values = tuple[str | int, ...]
"""Properties by their numbers, each before one of its values."""

_TYPE, _SCHEME = 0, 1


@dataclass(slots=True)
class GraphValues:
    """What is stated in a graph.

    ``properties`` have their numbers. ``members`` are those of each list, by its key: their IRIs and
    values. ``records`` are the values of what points at a thing, by the property and the thing. ``names`` are
    pairs of a language, empty for none, and a name; ``above`` is what things are directly part of;
    ``reached`` has, by property, what things have in it that others go through; ``stating`` the named graphs
    of the sources that state a thing, where there are several sources.
    """

    properties: Mapping[str, int]
    members: dict[str, list[tuple[str, Values]]]
    records: dict[str, dict[str, list[Values]]]
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    above: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reached: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    stating: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _wholes: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def with_wholes(self, thing: str) -> tuple[str, ...]:
        """The thing, and all that it is part of, each once."""
        if thing not in self.above:
            return (thing,)
        found = self._wholes.get(thing)
        if found is None:
            known: dict[str, None] = {thing: None}
            waiting = [thing]
            while waiting:
                for one in self.above.get(waiting.pop(), ()):
                    if one not in known:
                        known[one] = None
                        waiting.append(one)
            found = self._wholes[thing] = tuple(known)
        return found

    def name(self, thing: str) -> dict[str, str]:
        """The names of a thing, by language; of several in one language the first."""
        texts: dict[str, str] = {}
        pairs = self.names.get(thing, ())
        for language, text in zip(pairs[::2], pairs[1::2], strict=True):
            texts.setdefault(language, text)
        return texts


def grouped(values: Values) -> dict[int, list[str]]:
    """The values by the numbers of their properties."""
    found: dict[int, list[str]] = {}
    for number, value in zip(values[::2], values[1::2], strict=True):
        if isinstance(number, int) and isinstance(value, str):
            found.setdefault(number, []).append(value)
    return found


def facet_properties(shown: Presentation) -> list[str]:
    """The properties by which lists can be narrowed."""
    hidden = shown.facet_rules.hidden
    return sorted(
        iri for (kind, iri, inverse), one in shown.properties.items()
        if not kind and not inverse and one.facet and iri not in hidden
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class StatedGraphs:
    """The named graphs of several sources, with their names by language, and the N-Quads that state them."""

    names: Mapping[str, Mapping[str, str]]
    quads: Sequence[Path]


def read_values(triples: Path, shown: Presentation, stated: StatedGraphs | None = None) -> GraphValues:
    """Read what the lists of a workspace need from the sorted N-Triples of a graph."""
    rules = shown.facet_rules
    wanted = dict.fromkeys((TYPE, SKOS + "inScheme", *facet_properties(shown), *_beside(rules)))
    numbers = {iri: number for number, iri in enumerate(wanted)}
    steps = {step for several in rules.through.values() for step, back in several if back}
    found = GraphValues(
        numbers,
        {key: [] for key in shown.lists},
        {step: {} for step in sorted(steps.union(rules.records))},
        reached={iri: {} for iri, several in rules.through.items() if not all(back for _, back in several)},
    )
    labels = {f"<{iri}>".encode(): rank for rank, iri in enumerate(shown.in_role("LabelRole"))}
    reader = _Reader(found, rules, shown.lists, labels)
    with triples.open("rb") as lines:
        reader.read(lines)
    if stated is not None:
        found.names.update({one: _pairs(names) for one, names in stated.names.items()})
        found.stating = _stating(stated.quads)
    return found


def _pairs(names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(part for pair in sorted(names.items()) for part in pair)


def _stating(quads: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The graphs that state the class of a thing, by the thing."""
    found: dict[str, tuple[str, ...]] = {}
    known: dict[bytes, str] = {}
    wanted = f" <{TYPE}> ".encode()
    for file in quads:
        with file.open("rb") as lines:
            for line in lines:
                if wanted in line:
                    thing, _, rest = line.partition(wanted)
                    term = rest.split(b" ")[-2]
                    graph = known.setdefault(term, term[1:-1].decode())
                    of = found.get(iri := thing[1:-1].decode(), ())
                    if graph not in of:
                        found[iri] = (*of, graph)
    return found


def _beside(rules: FacetRules) -> Iterator[str]:
    """The properties that say something of facets."""
    yield from (*rules.upward, *rules.records)
    yield from (step for several in rules.through.values() for step, _ in several)
    for single in (rules.until, rules.added, rules.qualified, rules.dated, rules.numbered):
        yield from single.values()
    for several in (*rules.within.values(), *rules.apart.values()):
        yield from several


class _Reader:
    def __init__(
        self,
        found: GraphValues,
        rules: FacetRules,
        lists: Mapping[str, ListedTable],
        labels: Mapping[bytes, int],
    ) -> None:
        self._found, self._labels = found, labels
        numbers = found.properties
        self._numbers = {f"<{iri}>".encode(): number for iri, number in numbers.items()}
        self._upward = frozenset(numbers[one] for one in rules.upward)
        self._records = {numbers[step]: of for step, of in found.records.items()}
        self._reached = {numbers[one]: of for one, of in found.reached.items()}
        self._lists: dict[str, list[str]] = {}
        for key, table in lists.items():
            self._lists.setdefault(table.kind, []).append(key)
        self._known: dict[bytes, str] = {}

    def read(self, lines: Iterable[bytes]) -> None:
        numbers, labels = self._numbers, self._labels
        subject = b""
        values: list[tuple[int, bytes]] = []
        names: list[tuple[int, bytes]] = []
        for line in lines:
            about, predicate, rest = line.split(b" ", 2)
            if about != subject:
                if values or names:
                    self._add(subject, values, names)
                subject, values, names = about, [], []
            number = numbers.get(predicate)
            if number is not None:
                values.append((number, rest[:-3]))
            elif predicate in labels and rest.startswith(b'"'):
                names.append((labels[predicate], rest[:-3]))
        if values or names:
            self._add(subject, values, names)

    def _add(
        self, subject: bytes, values: Sequence[tuple[int, bytes]], names: Sequence[tuple[int, bytes]]
    ) -> None:
        found, iri = self._found, self._interned(subject)
        if names:
            best = min(rank for rank, _ in names)
            pairs = (reversed(literal(value)) for rank, value in names if rank == best)
            found.names[iri] = tuple(part for pair in pairs for part in pair)
        flat = tuple(part for number, value in values for part in (number, self._interned(value)))
        lists: dict[str, None] = {}
        above: list[str] = []
        for number, value in zip(flat[::2], flat[1::2], strict=True):
            assert isinstance(number, int) and isinstance(value, str)
            if value.startswith(LITERAL):
                continue
            if number <= _SCHEME:
                lists.update(dict.fromkeys(self._lists.get(value, ())))
            if number in self._upward:
                above.append(value)
            if number in self._records:
                self._records[number].setdefault(value, []).append(flat)
            if number in self._reached:
                of = self._reached[number]
                of[iri] = (*of.get(iri, ()), value)
        if above:
            found.above[iri] = tuple(above)
        for key in lists:
            found.members[key].append((iri, flat))

    def _interned(self, term: bytes) -> str:
        """An IRI without its brackets, a literal with a quotation mark before its text."""
        known = self._known.get(term)
        if known is None:
            known = term[1:-1].decode() if term[:1] == b"<" else LITERAL + literal(term)[0]
            self._known[term] = known
        return known
