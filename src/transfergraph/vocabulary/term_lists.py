"""The vocabulary of a workspace: its ontology and its SKOS schemes, which every release carries."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.files import read_without_bom
from transfergraph.common.iris import predicate_fault
from transfergraph.common.namespaces import DCT, OWL, SKOS
from transfergraph.common.text import Languages, Text
from transfergraph.config.settings import VERSION
from transfergraph.config.workspace import Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

_VERSION = OWL + "versionInfo"
_IN_SCHEME = SKOS + "inScheme"
_PREF_LABEL = SKOS + "prefLabel"
_REPLACED_BY = DCT + "isReplacedBy"
_CHANGE_NOTE = SKOS + "changeNote"


@dataclass(frozen=True, slots=True)
class RetiredTerm:
    """A term that is no more: the one that has taken its place, and what else is to be done then."""

    successor: str
    note: Text | None


@dataclass(frozen=True, slots=True)
class TermList:
    """A scheme as curators know it: its name, and the names of its terms by what they write into cells.

    ``retired`` has what they wrote for terms that are no more. ``extended_in`` names the table whose rows are
    further terms, where there is one.
    """

    name: Text
    terms: Mapping[str, Text]
    retired: Mapping[str, RetiredTerm] = field(default_factory=dict)
    extended_in: str | None = None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The triples of ontology and schemes, and the concepts by scheme.

    ``concepts`` maps the IRI of a scheme, with a slash at its end, to its terms: the last parts of the IRIs
    of its concepts.
    """

    triples: tuple[ox.Triple, ...]
    concepts: Mapping[str, TermList]


def read_vocabulary(workspace: Workspace) -> Vocabulary:
    """Read ontology and schemes; raises :class:`WorkspaceError` for bad Turtle, blank nodes, bad versions."""
    triples: list[ox.Triple] = []
    for file in workspace.declarations.vocabulary:
        triples += _versioned(file)
    triples = _in_languages(triples, workspace.settings.languages)
    concepts: dict[str, set[str]] = defaultdict(set)
    names: dict[str, dict[str, str]] = defaultdict(dict)
    notes: dict[str, dict[str, str]] = defaultdict(dict)
    successors: dict[str, str] = {}
    for triple in triples:
        if triple.predicate.value == _IN_SCHEME and isinstance(triple.object, ox.NamedNode):
            scheme = triple.object.value + "/"
            concept = str(triple.subject)[1:-1]
            if concept.startswith(scheme):
                concepts[scheme].add(concept)
        elif triple.predicate.value == _PREF_LABEL and isinstance(triple.object, ox.Literal):
            names[str(triple.subject)[1:-1]][triple.object.language or ""] = triple.object.value
        elif triple.predicate.value == _CHANGE_NOTE and isinstance(triple.object, ox.Literal):
            notes[str(triple.subject)[1:-1]][triple.object.language or ""] = triple.object.value
        elif triple.predicate.value == _REPLACED_BY:
            successors[str(triple.subject)[1:-1]] = str(triple.object)[1:-1]
    lists = {}
    for scheme, found in concepts.items():
        terms = {iri.removeprefix(scheme): iri for iri in sorted(found)}
        named = {key: Text(names[iri] or {"": key}) for key, iri in terms.items()}
        own = names[scheme.removesuffix("/")]
        retired = {
            old.removeprefix(scheme): RetiredTerm(
                new.removeprefix(scheme), Text(notes[old]) if notes[old] else None
            )
            for old, new in sorted(successors.items())
            if old.startswith(scheme) and old not in found and new in found
        }
        lists[scheme] = TermList(Text(own or {"": scheme.split("/")[-2]}), named, retired)
    return Vocabulary(tuple(triples), lists)


def _in_languages(triples: Sequence[ox.Triple], languages: Languages) -> list[ox.Triple]:
    """Without texts in other languages, where there is one in these."""

    def tag(triple: ox.Triple) -> str | None:
        return triple.object.language if isinstance(triple.object, ox.Literal) else None

    told = {(str(one.subject), one.predicate) for one in triples if tag(one) in languages}
    return [
        one
        for one in triples
        if tag(one) in (None, *languages) or (str(one.subject), one.predicate) not in told
    ]


def _versioned(file: Path) -> Iterator[ox.Triple]:
    predicates: set[str] = set()
    for triple in read_turtle(file):
        if triple.predicate.value not in predicates:
            predicates.add(triple.predicate.value)
            if (fault := predicate_fault(triple.predicate.value)) is not None:
                raise WorkspaceError(
                    explained(
                        "error.ontology.property", file=file, predicate=triple.predicate.value, fault=fault
                    )
                )
        if triple.predicate.value == _VERSION and not VERSION.fullmatch(str(triple.object)[1:-1]):
            version, example = str(triple.object), '"0.1.0"'
            told = explained("error.ontology.version", file=file, version=version, example=example)
            raise WorkspaceError(told)
        yield triple


def check_turtle(file: Path) -> None:
    """Read a Turtle file to its end; raises :class:`WorkspaceError` where it breaks off."""
    try:
        deque(ox.parse(read_without_bom(file), format=ox.RdfFormat.TURTLE), maxlen=0)
    except (OSError, SyntaxError) as error:
        raise WorkspaceError(explained("error.unreadable", file=file, error=error)) from error


def read_turtle(file: Path) -> Iterator[ox.Triple]:
    """The triples of a Turtle file without blank nodes."""
    try:
        for quad in ox.parse(read_without_bom(file), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
                raise WorkspaceError(explained("error.ontology.blank", file=file))
            yield quad.triple
    except (OSError, SyntaxError) as error:
        raise WorkspaceError(explained("error.unreadable", file=file, error=error)) from error
