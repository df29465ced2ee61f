"""SHACL property paths (SHACL section 2.3.1) as trees, and their two forms: SPARQL text and triples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode, Triple

from transfergraph.common.namespaces import RDF, SH, TYPE
from transfergraph.messages import explained


@dataclass(frozen=True, slots=True)
class Predicate:
    """A path of one property."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """``sh:inversePath``: from object to subject."""

    step: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """An RDF list of at least two paths, one after the other."""

    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """``sh:alternativePath``: any of at least two paths."""

    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """``sh:zeroOrMorePath`` (``*``), ``sh:oneOrMorePath`` (``+``) or ``sh:zeroOrOnePath`` (``?``)."""

    step: Path
    times: str


Path = Predicate | Inverse | Sequence | Alternative | Repeated

REPETITIONS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}
_FORMS = {sign: form for form, sign in REPETITIONS.items()}
_BARE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\s|^()]*")
_TOKEN = re.compile(r"\s*(?:(<[^<>\s]*>|a(?![\w:])|[|/^*+?()])|$)")


def path_text(path: Path) -> str:
    """The path as a SPARQL property path, with whole IRIs."""
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(step):
            return "^" + _grouped(step)
        case Sequence(steps):
            return "/".join(_grouped(step) for step in steps)
        case Alternative(choices):
            return "|".join(_grouped(choice) for choice in choices)
        case Repeated(step, times):
            return _grouped(step) + times


def _grouped(path: Path) -> str:
    return path_text(path) if isinstance(path, Predicate) else f"({path_text(path)})"


def predicates(path: Path | None) -> list[str]:
    """The IRIs of the properties that a path mentions, in order."""
    match path:
        case None:
            return []
        case Predicate(iri):
            return [iri.value]
        case Inverse(step) | Repeated(step):
            return predicates(step)
        case Sequence(parts) | Alternative(parts):
            return [iri for part in parts for iri in predicates(part)]


@lru_cache(maxsize=1024)
def parse_path(text: str) -> Path:
    """The path that SPARQL text with whole IRIs stands for: ``<a>/^<b>``, ``(<a>|<b>)*``; ``a`` is rdf:type.

    The grammar is that of SPARQL 1.1, section 9.1, without negated sets, for which SHACL has no path.
    A bare IRI is a path of one property. Raises :class:`ValueError` for what is no such path.
    """
    if _BARE_IRI.fullmatch(text):
        return Predicate(NamedNode(text))
    tokens = _tokens(text)
    path = _alternative(text, tokens)
    if tokens:
        raise ValueError(explained("error.path.goes-on", text=text))
    return path


def _tokens(text: str) -> list[str]:
    tokens, end = [], 0
    while end < len(text):
        found = _TOKEN.match(text, end)
        if found is None:
            raise ValueError(explained("error.path.unreadable", text=text, rest=text[end:]))
        tokens += [found[1]] if found[1] else []
        end = found.end()
    return tokens


def _take(tokens: list[str], *wanted: str) -> str:
    return tokens.pop(0) if tokens and tokens[0] in wanted else ""


def _alternative(text: str, tokens: list[str]) -> Path:
    choices = [_sequence(text, tokens)]
    while _take(tokens, "|"):
        choices.append(_sequence(text, tokens))
    return choices[0] if len(choices) == 1 else Alternative(tuple(choices))


def _sequence(text: str, tokens: list[str]) -> Path:
    steps = [_element(text, tokens)]
    while _take(tokens, "/"):
        steps.append(_element(text, tokens))
    return steps[0] if len(steps) == 1 else Sequence(tuple(steps))


def _element(text: str, tokens: list[str]) -> Path:
    if _take(tokens, "^"):
        return Inverse(_element(text, tokens))
    path = _primary(text, tokens)
    times = _take(tokens, *_FORMS)
    return Repeated(path, times) if times else path


def _primary(text: str, tokens: list[str]) -> Path:
    if _take(tokens, "("):
        path = _alternative(text, tokens)
        if not _take(tokens, ")"):
            raise ValueError(explained("error.path.bracket", text=text))
        return path
    if _take(tokens, "a"):
        return Predicate(NamedNode(TYPE))
    if tokens and tokens[0].startswith("<"):
        return Predicate(NamedNode(tokens.pop(0)[1:-1]))
    raise ValueError(explained("error.path.lacks-iri", text=text))


def path_triples(path: Path, prefix: str) -> tuple[NamedNode, list[Triple]]:
    """The node of a path (SHACL section 2.3.1) and the triples that describe it: none for one property.

    The inner nodes are IRIs: ``prefix`` and a number from 1 on.
    """
    writing = _PathWriting(prefix, [])
    return writing.node(path), writing.triples


@dataclass(slots=True)
class _PathWriting:
    prefix: str
    triples: list[Triple]
    minted: int = 0

    def node(self, path: Path) -> NamedNode:
        match path:
            case Predicate(iri):
                return iri
            case Sequence(steps):
                return self._list([self.node(step) for step in steps])
            case Inverse(step):
                form, nodes = "inversePath", [self.node(step)]
            case Repeated(step, times):
                form, nodes = _FORMS[times], [self.node(step)]
            case Alternative(choices):
                form, nodes = "alternativePath", [self.node(choice) for choice in choices]
        whole = self._mint()
        value = self._list(nodes) if isinstance(path, Alternative) else nodes[0]
        self.triples.append(Triple(whole, NamedNode(SH + form), value))
        return whole

    def _list(self, members: list[NamedNode]) -> NamedNode:
        cells = [self._mint() for _ in members]
        rests: Iterator[NamedNode] = iter([*cells[1:], NamedNode(RDF + "nil")])
        for cell, member, rest in zip(cells, members, rests, strict=True):
            self.triples.append(Triple(cell, NamedNode(RDF + "first"), member))
            self.triples.append(Triple(cell, NamedNode(RDF + "rest"), rest))
        return cells[0]

    def _mint(self) -> NamedNode:
        self.minted += 1
        return NamedNode(f"{self.prefix}{self.minted}")
