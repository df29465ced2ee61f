"""The list of what can be found: every named thing of a graph, by importance.

It is read in one pass over the sorted N-Triples of a release. Which properties are names, other names, or
texts in which something is found comes from the presentation of the workspace.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transfergraph.common.namespaces import DCT, SKOS, TYPE
from transfergraph.common.text import ENGLISH, Text
from transfergraph.search.folding import forms
from transfergraph.search.name_links import NameLinks
from transfergraph.vocabulary.presentation import Presentation, SearchLevel

_KINDS = (f"<{TYPE}>".encode(), f"<{SKOS}inScheme>".encode())
_REPLACED = f"<{DCT}isReplacedBy>".encode()
_IRI_BEGINS, _QUOTE = ord("<"), ord('"')
_KIND, _IS_REPLACED = -1, -2  # among the numbers of fields
_COUNTED_AT_ONCE = 100_000
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True, slots=True)
class SearchField:
    """A property that is searched: its IRI, what a hit by it is explained with, and what it counts as."""

    iri: str
    label: Text
    level: SearchLevel


@dataclass(frozen=True, slots=True)
class EntityKind:
    """What an entity is, by the list that holds it (``key``, empty where no list does), or by its class."""

    key: str
    label: Text


@dataclass(frozen=True, slots=True)
class EntityName:
    """A name: the number of its field, its language, empty for one of every language, and the words."""

    field: int
    language: str
    text: str


@dataclass(slots=True)
class NamedEntity:
    """What can be found: its IRI, the path of its page below the start page, the number of its kind, its
    names, and by field the words around it."""

    iri: str
    local: str
    kind: int
    names: tuple[EntityName, ...]
    words: Mapping[int, Sequence[str]] = field(default_factory=dict)


def shown_name(names: Sequence[EntityName], language: str) -> EntityName:
    """The first in the language, else in English, else in none, else the first; proper names first."""
    own = [one for one in names if one.field == names[0].field]
    for wanted in (language, ENGLISH, ""):
        for one in own:
            if one.language == wanted:
                return one
    return names[0]


@dataclass(frozen=True, slots=True)
class NameList:
    """All that can be found, the most important first: what is in a list, then what is pointed at most.

    By how many: twice as many count as more. What the workspace says to put last comes after the lists.
    """

    fields: tuple[SearchField, ...]
    kinds: tuple[EntityKind, ...]
    entities: Sequence[NamedEntity]

    def own(self, one: EntityName) -> bool:
        """True for a name that is no other name."""
        return self.fields[one.field].level is SearchLevel.NAME


def read_names(triples: Path, local: Callable[[str], str | None], shown: Presentation) -> NameList:
    """Read the list from the sorted N-Triples of a graph.

    It has what has a name and, by ``local``, a page of its own, unless something has replaced it.
    """
    fields = tuple(
        SearchField(iri, label, level)
        for level in SearchLevel
        for iri, label in shown.searched.get(level, {}).items()
    )
    links = NameLinks([one.iri for one in fields], shown.facet_rules)
    reader, kinds, around = _Reader(fields, links), _Kinds(shown), _Surroundings(fields, links)
    found: list[tuple[bool, str, NamedEntity, _Gathered]] = []
    with triples.open("rb") as lines:
        for subject, classes, values in reader.read(lines):
            iri = subject[1:-1].decode()
            path = local(iri)
            if path is not None and "#" not in path:
                kind, last = kinds.of(classes)
                entity = NamedEntity(iri, path, kind, _names(values, fields))
                found.append((last, forms(entity.names[0].text)[0], entity, around.gather(values)))

    def order(one: tuple[bool, str, NamedEntity, _Gathered]) -> tuple[bool, int, str, str]:
        last, name, entity, _ = one
        return last, -reader.pointed[f"<{entity.iri}> .\n".encode()].bit_length(), name, entity.iri

    found.sort(key=order, reverse=True)  # so that what is done can be dropped
    names = {f"<{one.iri}>".encode(): one.names for _, _, one, _ in found}
    entities: list[NamedEntity] = []
    while found:
        _, _, entity, gathered = found.pop()
        entity.words = around.words(f"<{entity.iri}>".encode(), gathered, names)
        entities.append(entity)
    return NameList(fields, kinds.described(names), entities)


_Values = Sequence[tuple[int, bytes]]
_Gathered = Sequence[tuple[int, "bytes | tuple[str, ...]"]]


class _Reader:
    """Reads things with names from lines; ``pointed`` counts what points at each, by the end of the line."""

    def __init__(self, fields: Sequence[SearchField], links: NameLinks) -> None:
        self._links = links
        self._numbers = {f"<{iri}>".encode(): number for number, iri in enumerate(links.properties)}
        self._numbers |= {**dict.fromkeys(_KINDS, _KIND), _REPLACED: _IS_REPLACED}
        self._named = {number for number, one in enumerate(fields) if one.level is SearchLevel.NAME}
        self.pointed: Counter[bytes] = Counter()

    def read(self, lines: Iterable[bytes]) -> Iterator[tuple[bytes, frozenset[bytes], _Values]]:
        """Each thing that has a name, with its classes and schemes, and the values that are searched.

        The links of all things are complete when the last line is read.
        """
        numbers, named, linked = self._numbers, self._named, self._links.numbers
        subject, objects = b"", list[bytes]()
        kinds, values = list[bytes](), list[tuple[int, bytes]]()
        replaced = has_name = has_links = False
        for line in lines:
            about, predicate, rest = line.split(b" ", 2)
            if about != subject:
                if has_links:
                    self._links.add(subject, values)
                if has_name and not replaced:
                    yield subject, frozenset(kinds), values
                subject, kinds, values = about, [], []
                replaced = has_name = has_links = False
                if len(objects) > _COUNTED_AT_ONCE:
                    self.pointed.update(objects)
                    objects.clear()
            if rest[0] == _IRI_BEGINS:
                objects.append(rest)
            number = numbers.get(predicate)
            if number is None:
                continue
            if number >= 0:
                values.append((number, rest[:-3]))
                has_name = has_name or number in named
                has_links = has_links or number in linked
            elif number == _KIND:
                kinds.append(rest[:-3])
            else:
                replaced = True
        if has_links:
            self._links.add(subject, values)
        if has_name and not replaced:
            yield subject, frozenset(kinds), values
        self.pointed.update(objects)


class _Kinds:
    """Numbers the kinds of things, as they come.

    Concepts of a scheme that is no list are called as their scheme.
    """

    def __init__(self, shown: Presentation) -> None:
        self._shown = shown
        self._found: dict[tuple[str, str], tuple[int, EntityKind]] = {}
        self._schemes: dict[int, str] = {}
        self._known: dict[frozenset[bytes], tuple[int, bool]] = {}

    def of(self, classes: frozenset[bytes]) -> tuple[int, bool]:
        """The number of the kind of what has these classes, and whether it comes last."""
        if classes not in self._known:
            names = [one[1:-1].decode() for one in sorted(classes)]
            kind, line = self._kind(names), self._shown.with_ancestors(names)
            scheme = self._unlisted_scheme(line)
            same = ("", scheme) if scheme else (kind.key, kind.label.english)
            number, _ = self._found.setdefault(
                same, (len(self._found), EntityKind("", kind.label) if scheme else kind)
            )
            if scheme:
                self._schemes[number] = scheme
            is_listed = not scheme and kind.key in self._shown.lists
            last = not is_listed or not self._shown.searched_last.isdisjoint(line)
            self._known[classes] = number, last
        return self._known[classes]

    def _kind(self, classes: Sequence[str]) -> EntityKind:
        table = self._shown.table_of(classes)
        if table is not None:
            return EntityKind(table.key, table.title)
        line = self._shown.with_ancestors(one for one in classes if one in self._shown.classes)
        return EntityKind("", self._shown.classes[line[0]].label if line else Text())

    def _unlisted_scheme(self, line: Sequence[str]) -> str:
        """The scheme of a concept that stands in no list by it; empty for all else."""
        scheme = line[0] if line and line[0] not in self._shown.classes else ""
        return "" if not scheme or self._shown.table_of([scheme]) is not None else scheme

    def described(self, names: Mapping[bytes, tuple[EntityName, ...]]) -> tuple[EntityKind, ...]:
        """The kinds, by their numbers; ``names`` are those of all things."""
        kinds = [kind for _, kind in self._found.values()]
        for number, scheme in self._schemes.items():
            if known := names.get(f"<{scheme}>".encode()):
                own = [one for one in known if one.field == known[0].field]
                label = Text({one.language or ENGLISH: one.text for one in reversed(own)})
                kinds[number] = EntityKind("", label)
        return tuple(kinds)


def _names(values: _Values, fields: Sequence[SearchField]) -> tuple[EntityName, ...]:
    """The names in the order of the fields; one that several languages share is one of every language."""
    found: dict[tuple[int, str], list[str]] = {}
    for number, value in values:
        is_name = number < len(fields) and fields[number].level is not SearchLevel.TEXT
        if is_name and value.startswith(b'"'):
            text, language = literal(value)
            found.setdefault((number, text), []).append(language)
    names = [
        EntityName(number, languages[0] if len(languages) == 1 else "", text)
        for (number, text), languages in sorted(found.items())
    ]
    return tuple(names)


class _Surroundings:
    """The words around a thing: those of its texts, and of the names of what its properties lead to, with
    all that this is part of."""

    def __init__(self, fields: Sequence[SearchField], links: NameLinks) -> None:
        self._links = links
        self._texts = {number for number, one in enumerate(fields) if one.level is SearchLevel.TEXT}
        self._words: dict[str, tuple[str, ...]] = {}
        self._iris: dict[bytes, bytes] = {}
        self._around: dict[bytes, tuple[str, ...]] = {}

    def gather(self, values: _Values) -> _Gathered:
        """What is kept of the values until all names are known: words of texts, and IRIs, each once."""
        return [
            (number, self._split([literal(value)[0]]) if value[0] == _QUOTE else self._once(value))
            for number, value in values
            if number in self._texts or number in self._links.steps
        ]

    def words(
        self, thing: bytes, gathered: _Gathered, names: Mapping[bytes, tuple[EntityName, ...]]
    ) -> dict[int, Sequence[str]]:
        """The words, by field."""
        found: dict[int, Sequence[str]] = {}
        for number, value in self._all(thing, gathered):
            words = value if isinstance(value, tuple) else self._named(value, names)
            found[number] = tuple(dict.fromkeys((*found[number], *words))) if number in found else words
        return found

    def _all(self, thing: bytes, gathered: _Gathered) -> Iterator[tuple[int, bytes | tuple[str, ...]]]:
        """What a thing has of the searched texts, of its own or else through others."""
        yield from (one for one in gathered if one[0] in self._texts)
        own = {number for number, _ in gathered}
        for number in self._links.forward:
            if number in self._texts and number not in own:
                yield from ((number, one) for one in self._links.through(number, thing, gathered))

    def _once(self, iri: bytes) -> bytes:
        return self._iris.setdefault(iri, iri)

    def _named(self, iri: bytes, names: Mapping[bytes, tuple[EntityName, ...]]) -> tuple[str, ...]:
        if iri not in self._around:
            line = self._links.with_wholes(iri)
            self._around[iri] = self._split(one.text for thing in line for one in names.get(thing, ()))
        return self._around[iri]

    def _split(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The different words of texts; most occur often."""
        known = self._words
        found: dict[str, None] = {}
        for one in dict.fromkeys(part for text in texts for part in text.split()):
            if (words := known.get(one)) is None:
                words = known[one] = tuple(word for form in forms(one) for word in form.split())
            found.update(dict.fromkeys(words))
        return tuple(found)


def literal(term: bytes) -> tuple[str, str]:
    """Text and language of a literal as N-Triples have it; the language is empty where there is none."""
    end = term.rindex(b'"')
    text = term[1:end].decode()
    language = term[end + 2 :].decode().lower() if term[end + 1 : end + 2] == b"@" else ""
    return (_ESCAPE.sub(_unescaped, text) if "\\" in text else text), language


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(found[3], found[3])
