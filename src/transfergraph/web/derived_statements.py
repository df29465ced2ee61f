"""Which rules have derived a statement, by what their queries construct."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pyoxigraph import NamedNode

from transfergraph.common.namespaces import TYPE
from transfergraph.queries import NamedQuery
from transfergraph.store import Term
from transfergraph.store.sparql_tokens import Token, TokenKind, tokenise

_ANY = ""


def deriving_rules(
    rules: Sequence[NamedQuery], derived: Iterable[tuple[str, Term | None]]
) -> tuple[NamedQuery, ...]:
    """The rules that construct these properties and values, in the order of their names.

    A rule that constructs exactly such a value goes before those that leave it open.
    """
    found: dict[str, NamedQuery] = {}
    for property_, value in derived:
        wanted = value.value if isinstance(value, NamedNode) else _ANY
        exact, open_ = [], []
        for rule in rules:
            patterns = constructed(rule.text)
            if (property_, wanted) in patterns and wanted:
                exact.append(rule)
            elif (property_, _ANY) in patterns or (_ANY, _ANY) in patterns:
                open_.append(rule)
        found.update({rule.name: rule for rule in exact or open_})
    return tuple(rule for _, rule in sorted(found.items()))


@lru_cache(256)
def constructed(text: str) -> frozenset[tuple[str, str]]:
    """The pairs of a property and a value in the template of a CONSTRUCT; what is left open is empty.

    A variable of a VALUES stands for each of the IRIs there.
    """
    prefixes: dict[str, str] = {}
    template: list[Token] = []
    values: dict[str, set[str]] = {}
    tokens = tokenise(text)
    for token in tokens:
        if token.is_word("PREFIX"):
            name, iri = next(tokens, None), next(tokens, None)
            if name is not None and iri is not None:
                prefixes[name.text.rstrip(":")] = iri.text[1:-1]
        elif token.is_word("CONSTRUCT") and not template:
            template.extend(_template(tokens))
        elif token.is_word("VALUES"):
            _read_values(tokens, prefixes, values)
    pairs = _pairs(template, prefixes)
    return frozenset((name, one) for name, value in pairs for one in values.get(value, (_closed(value),)))


def _closed(value: str) -> str:
    return _ANY if value.startswith("?") else value


def _read_values(tokens: Iterator[Token], prefixes: dict[str, str], values: dict[str, set[str]]) -> None:
    """Note the IRIs of each variable of a VALUES, of which the keyword has been read."""
    names: list[str] = []
    for token in tokens:
        if token.text == "{":
            break
        if token.kind is TokenKind.VARIABLE:
            names.append(_variable(token))
    place = 0
    for token in tokens:
        if token.text == "}" or not names:
            return
        if token.text in ("(", ")"):
            place = 0
            continue
        values.setdefault(names[place % len(names)], set()).add(_closed(_term(token, prefixes)))
        place += 1


def _variable(token: Token) -> str:
    return f"?{token.text[1:]}"


def _template(tokens: Iterator[Token]) -> Iterator[Token]:
    """The tokens between the braces behind CONSTRUCT; none of the short form (section 16.2.4)."""
    first = next(tokens, None)
    for token in tokens if first is not None and first.text == "{" else ():
        if token.text == "}":
            return
        yield token


def _pairs(template: Iterable[Token], prefixes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """By the grammar of triples without blank nodes and paths (SPARQL 1.1, section 19.8, rule 75)."""
    place, property_ = 0, _ANY
    for token in template:
        if token.text in (".", ";", ","):
            place = {".": 0, ";": 1, ",": 2}[token.text]
            continue
        if place == 1:
            property_ = _closed(_term(token, prefixes))
        elif place == 2:
            yield property_, _term(token, prefixes)
        place += 1


def _term(token: Token, prefixes: dict[str, str]) -> str:
    if token.kind is TokenKind.IRI:
        return token.text[1:-1]
    if token.kind is TokenKind.NAME:
        prefix, _, local = token.text.partition(":")
        return prefixes.get(prefix, prefix) + local
    if token.kind is TokenKind.VARIABLE:
        return _variable(token)
    return TYPE if token.text == "a" else _ANY
