"""The tokens of a SPARQL text: for the stores, the named queries and ``sh:sparql`` constraints.

Token rules follow SPARQL 1.1 Query Language, section 19.8, productions 139 to 173.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from transfergraph.errors import QueryError
from transfergraph.messages import explained

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START = f"{_BASE}_"
_CHARS = f"{_START}0-9\\-\u00b7\u0300-\u036f\u203f-\u2040"
_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = f"[{_BASE}](?:[{_CHARS}.]*[{_CHARS}])?"
_LOCAL = f"(?:[{_START}:0-9]|{_ESCAPED})(?:(?:[{_CHARS}.:]|{_ESCAPED})*(?:[{_CHARS}:]|{_ESCAPED}))?"
_HEX = "[0-9A-Fa-f]"
_UCHAR = (
    rf"\\u(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\U0000(?![Dd][89A-Fa-f]){_HEX}{{4}}|\\U000[1-9A-Fa-f]{_HEX}{{4}}"
    rf"|\\U0010{_HEX}{{4}}"
)
_ECHAR = rf"\\[tbnrf\"'\\]|{_UCHAR}"
_IRI_ESCAPE = rf"\\u[+0-9A-Fa-f]{_HEX}{{3}}|\\U[+0-9A-Fa-f]{_HEX}{{7}}"


class TokenKind(Enum):
    """What a token is; the value is the pattern of its text."""

    SPACE = r"(?:[ \t\r\n]|\#[^\r\n]*)+"
    IRI = rf'<(?:[^\x00-\x20<>"{{}}|^`\\]|{_IRI_ESCAPE})*>'
    STRING = (
        rf"'''(?:'{{0,2}}(?:[^'\\]|{_ECHAR}))*'''|\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_ECHAR}))*\"\"\""
        rf"|'(?:[^'\\\n\r]|{_ECHAR})*'|\"(?:[^\"\\\n\r]|{_ECHAR})*\""
    )
    VARIABLE = f"[?$][{_START}0-9][{_START}0-9\u00b7\u0300-\u036f\u203f-\u2040]*"
    LANGUAGE = r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"
    BLANK = f"_:[{_START}0-9](?:[{_CHARS}.]*[{_CHARS}])?"
    NAME = f"(?:{_PREFIX})?:(?:{_LOCAL})?"
    NUMBER = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+|[0-9]*\.[0-9]+|[0-9]+"
    WORD = f"[{_START}][{_CHARS}]*"
    MARK = "."


_TOKEN = re.compile("|".join(f"(?P<{kind.name}>{kind.value})" for kind in TokenKind), re.DOTALL)

_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")


class Token(NamedTuple):
    """A piece of the text; ``start`` counts characters from 0."""

    kind: TokenKind
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset just behind the token."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """True for one of these keywords (given in capitals), in any mixture of upper and lower case."""
        return self.kind is TokenKind.WORD and self.text.upper() in words


def tokenise(text: str) -> Iterator[Token]:
    """The tokens in order, without white space and comments.

    Never fails: what fits no rule comes as single characters of kind MARK.
    """
    for match in _TOKEN.finditer(text):
        kind = TokenKind[match.lastgroup or "MARK"]
        if kind is not TokenKind.SPACE:
            yield Token(kind, match.group(), match.start())


def query_form(text: str) -> str:
    """``"SELECT"``, ``"ASK"``, ``"CONSTRUCT"`` or ``"DESCRIBE"``.

    Raises :class:`QueryError` for an update and for a text that begins with none of these words.
    """
    first = _first_word(text)
    form = next((form for form in _FORMS if first.startswith(form)), None)
    if form is not None:
        return form
    if first in _UPDATES:
        raise QueryError(explained("error.query.update", first=first))
    if not first:
        raise QueryError(explained("error.query.no-form"))
    raise QueryError(explained("error.query.begins", first=first[:40]))


def _first_word(text: str) -> str:
    """The keyword behind BASE, PREFIX and VERSION declarations, in upper case."""
    first = next(_after_prologue(text), None)
    return first.text.upper() if first else ""


def _after_prologue(text: str) -> Iterator[Token]:
    """The tokens behind BASE, PREFIX and VERSION declarations."""
    tokens = tokenise(text)
    for token in tokens:
        if token.is_word("BASE", "VERSION"):
            next(tokens, None)
        elif token.is_word("PREFIX"):
            next(tokens, None)
            next(tokens, None)
        else:
            yield token
            yield from tokens


def undeclared_prefixes(text: str) -> list[str]:
    """The prefixes, with their colon, that are used without a declaration."""
    declared, used = set(), set()
    tokens = tokenise(text)
    for token in tokens:
        if token.is_word("PREFIX"):
            declared.add(next(tokens, token).text)
        elif token.kind is TokenKind.NAME:
            used.add(token.text.partition(":")[0] + ":")
    return sorted(used - declared)


class GraphClauses(NamedTuple):
    """The graphs of FROM and FROM NAMED, as they are written, and the declarations before the query."""

    prologue: str
    default: tuple[str, ...]
    named: tuple[str, ...]


def graph_clauses(text: str) -> GraphClauses | None:
    """What a query with FROM or FROM NAMED says of its graphs, None for one without."""
    if "from" not in text.lower():
        return None
    tokens = _before_pattern(text)
    default, named = [], []
    for before, token, following in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.is_word("FROM") and not following.is_word("NAMED"):
            default.append(following.text)
        elif token.is_word("NAMED") and before.is_word("FROM"):
            named.append(following.text)
    if not (default or named):
        return None
    return GraphClauses(text[: tokens[0].start], tuple(default), tuple(named))


def _before_pattern(text: str) -> list[Token]:
    """The tokens from the form of the query to its pattern, without expressions and a template."""
    found: list[Token] = []
    depth = 0
    for token in _after_prologue(text):
        depth -= token.text in (")", "}")
        if depth == 0:
            if token.text == "{" and not (len(found) == 1 and found[0].is_word("CONSTRUCT")):
                break
            found.append(token)
        depth += token.text in ("(", "{")
    return found
