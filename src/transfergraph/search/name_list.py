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
from transfergraph.vocabulary.presentation import Presentation, SearchLevel

_KINDS = (f"<{TYPE}>".encode(), f"<{SKOS}inScheme>".encode())
_REPLACED = f"<{DCT}isReplacedBy>".encode()
_END, _IRI_BEGINS = b" .\n", ord("<")
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
    reader = _Reader(fields)
    with triples.open("rb") as lines:
        found = list(reader.read(lines))
    kinds: dict[tuple[str, str], int] = {}
    made: dict[frozenset[bytes], tuple[int, bool]] = {}
    described: list[EntityKind] = []

    def kind_of(classes: frozenset[bytes]) -> tuple[int, bool]:
        if classes not in made:
            kind = _kind(shown, [one[1:-1].decode() for one in sorted(classes)])
            number = kinds.setdefault((kind.key, kind.label.english), len(kinds))
            if number == len(described):
                described.append(kind)
            line = shown.with_ancestors(one[1:-1].decode() for one in classes)
            made[classes] = number, kind.key in shown.lists and shown.searched_last.isdisjoint(line)
        return made[classes]

    ordered = []
    for subject, classes, values in found:
        iri = subject[1:-1].decode()
        path = local(iri)
        if path is None or "#" in path:
            continue
        kind, listed = kind_of(classes)
        names = _names(values, fields)
        weight = reader.pointed[subject + _END].bit_length()
        key = (not listed, -weight, forms(names[0].text)[0], subject)
        ordered.append((key, NamedEntity(iri, path, kind, names), values))
    ordered.sort(key=lambda one: one[0])
    around = _Surroundings(fields, {f"<{one.iri}>".encode(): one.names for _, one, _ in ordered})
    entities = []
    for _, one, values in ordered:
        one.words = around.words(values)
        entities.append(one)
    return NameList(fields, tuple(described), entities)


_Values = Sequence[tuple[int, bytes]]


class _Reader:
    """Reads things with names from lines; ``pointed`` counts what points at each, by the end of the line."""

    def __init__(self, fields: Sequence[SearchField]) -> None:
        self._numbers = {f"<{one.iri}>".encode(): number for number, one in enumerate(fields)}
        self._numbers |= {**dict.fromkeys(_KINDS, _KIND), _REPLACED: _IS_REPLACED}
        self._named = {number for number, one in enumerate(fields) if one.level is SearchLevel.NAME}
        self.pointed: Counter[bytes] = Counter()

    def read(self, lines: Iterable[bytes]) -> Iterator[tuple[bytes, frozenset[bytes], _Values]]:
        """Each thing that has a name, with its classes and schemes, and the values that are searched."""
        numbers, named = self._numbers, self._named
        subject, objects = b"", list[bytes]()
        kinds, values = list[bytes](), list[tuple[int, bytes]]()
        replaced = has_name = False
        for line in lines:
            about, predicate, rest = line.split(b" ", 2)
            if about != subject:
                if has_name and not replaced:
                    yield subject, frozenset(kinds), values
                subject, kinds, values, replaced, has_name = about, [], [], False, False
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
            elif number == _KIND:
                kinds.append(rest[:-3])
            else:
                replaced = True
        if has_name and not replaced:
            yield subject, frozenset(kinds), values
        self.pointed.update(objects)


def _kind(shown: Presentation, classes: Sequence[str]) -> EntityKind:
    table = shown.table_of(classes)
    if table is not None:
        return EntityKind(table.key, table.title)
    line = shown.with_ancestors(one for one in classes if one in shown.classes)
    return EntityKind("", shown.classes[line[0]].label if line else Text())


def _names(values: _Values, fields: Sequence[SearchField]) -> tuple[EntityName, ...]:
    """The names in the order of the fields; one that several languages share is one of every language."""
    found: dict[tuple[int, str], list[str]] = {}
    for number, value in values:
        if fields[number].level is not SearchLevel.TEXT and value.startswith(b'"'):
            text, language = literal(value)
            found.setdefault((number, text), []).append(language)
    names = [
        EntityName(number, languages[0] if len(languages) == 1 else "", text)
        for (number, text), languages in sorted(found.items())
    ]
    return tuple(names)


class _Surroundings:
    """The words around a thing: those of its texts, and of the names of what its properties lead to."""

    def __init__(self, fields: Sequence[SearchField], names: Mapping[bytes, tuple[EntityName, ...]]) -> None:
        self._fields, self._names = fields, names
        self._around: dict[bytes, tuple[str, ...]] = {}
        self._words: dict[str, tuple[str, ...]] = {}

    def words(self, values: _Values) -> dict[int, Sequence[str]]:
        found: dict[int, Sequence[str]] = {}
        for number, value in values:
            if self._fields[number].level is SearchLevel.TEXT:
                words = self._of(value)
                found[number] = tuple(dict.fromkeys((*found[number], *words))) if number in found else words
        return found

    def _of(self, value: bytes) -> tuple[str, ...]:
        if value.startswith(b'"'):
            return self._split([literal(value)[0]])
        if value not in self._around:
            self._around[value] = self._split(one.text for one in self._names.get(value, ()))
        return self._around[value]

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
