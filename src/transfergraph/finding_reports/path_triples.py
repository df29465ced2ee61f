"""SPARQL property paths as SHACL property paths (SHACL section 2.3.1), with IRIs for the inner nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

SH = "http://www.w3.org/ns/shacl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_TOKEN = re.compile(r"\s*(<[^<>\s]*>|[|/^*+?()])")
_REPEATED = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def path_triples(path: str, prefix: str) -> tuple[NamedNode, list[Triple]]:
    """The node of a path and the triples that describe it: none when the path is one predicate.

    ``path`` is SPARQL text with whole IRIs (``<a>/^<b>``, ``(<a>|<b>)*``), or a bare IRI. The IRIs of
    inner nodes are ``prefix`` and a number. Raises :class:`ValueError` for what SHACL has no path for.
    """
    if re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\s|^()]*", path):
        return NamedNode(path), []
    return _Parser(path, prefix).parse()


class _Parser:
    """Recursive descent over the grammar of SPARQL 1.1, section 9.1, without negated sets."""

    def __init__(self, path: str, prefix: str) -> None:
        self._path = path
        self._prefix = prefix
        self._tokens = list(_tokens(path))
        self._triples: list[Triple] = []
        self._minted = 0

    def parse(self) -> tuple[NamedNode, list[Triple]]:
        node = self._alternative()
        if self._tokens:
            raise ValueError(f"The property path {self._path!r} has something after its end.")
        return node, self._triples

    def _alternative(self) -> NamedNode:
        members = [self._sequence()]
        while self._take("|"):
            members.append(self._sequence())
        if len(members) == 1:
            return members[0]
        node = self._mint()
        self._add(node, SH + "alternativePath", self._list(members))
        return node

    def _sequence(self) -> NamedNode:
        members = [self._element()]
        while self._take("/"):
            members.append(self._element())
        return members[0] if len(members) == 1 else self._list(members)

    def _element(self) -> NamedNode:
        if self._take("^"):
            inner = self._element()
            node = self._mint()
            self._add(node, SH + "inversePath", inner)
            return node
        node = self._primary()
        for sign, name in _REPEATED.items():
            if self._take(sign):
                inner, node = node, self._mint()
                self._add(node, SH + name, inner)
                break
        return node

    def _primary(self) -> NamedNode:
        if self._take("("):
            node = self._alternative()
            if not self._take(")"):
                raise ValueError(f"The property path {self._path!r} lacks a closing parenthesis.")
            return node
        if self._tokens and self._tokens[0].startswith("<"):
            return NamedNode(self._tokens.pop(0)[1:-1])
        raise ValueError(f"The property path {self._path!r} lacks an IRI.")

    def _list(self, members: list[NamedNode]) -> NamedNode:
        cells = [self._mint() for _ in members]
        rest = [*cells[1:], NamedNode(RDF + "nil")]
        for cell, member, following in zip(cells, members, rest, strict=True):
            self._add(cell, RDF + "first", member)
            self._add(cell, RDF + "rest", following)
        return cells[0]

    def _take(self, token: str) -> bool:
        if self._tokens and self._tokens[0] == token:
            self._tokens.pop(0)
            return True
        return False

    def _mint(self) -> NamedNode:
        self._minted += 1
        return NamedNode(f"{self._prefix}{self._minted}")

    def _add(self, subject: NamedNode, predicate: str, value: NamedNode) -> None:
        self._triples.append(Triple(subject, NamedNode(predicate), value))


def _tokens(path: str) -> Iterator[str]:
    end = 0
    while end < len(path.rstrip()):
        found = _TOKEN.match(path, end)
        if found is None:
            raise ValueError(f"The property path {path!r} cannot be read from {path[end:]!r}.")
        yield found[1]
        end = found.end()
