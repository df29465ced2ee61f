"""Keeps a query from reaching the network through SERVICE.

The embedded engine follows SERVICE wherever its grammar finds the word, which is more often than the
standard's token rules say: it needs no space around a keyword (``trueSERVICE<iri>``, ``SERVICE:name``),
ends a prefixed name at its second dot, and reads ``<`` as an operator or as the beginning of an IRI as
it fits. So a query that contains the word anywhere is refused unless it is certain that the word stands
in a string, a comment, an IRI or a name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from transfergraph.errors import QueryError
from transfergraph.messages import explained
from transfergraph.store.sparql_tokens import Token, TokenKind, tokenise

_SERVICE = "service"
_ESCAPE = re.compile(r"\\u([+0-9A-Fa-f][0-9A-Fa-f]{3})|\\U([+0-9A-Fa-f][0-9A-Fa-f]{7})")
_ESCAPE_OR_BACKSLASH = re.compile(rf"\\\\|{_ESCAPE.pattern}")
_WHOLE_IRI = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_BEFORE_OPERAND = frozenset("(,|/^!=&+-*{}[.;")


def refuse_service(query: str) -> None:
    """Raise :class:`QueryError` when the query asks another server, or may be read so."""
    if _SERVICE not in query.lower() and r"\u" not in query.lower():
        return
    for reading in (query, _ESCAPE.sub(_resolve, query), _ESCAPE_OR_BACKSLASH.sub(_resolve, query)):
        if _SERVICE in reading.lower():
            _refuse(list(tokenise(reading)))


def _resolve(escape: re.Match[str]) -> str:
    """The character of a code point escape (section 19.2); engines differ in where they resolve it."""
    digits = escape[1] or escape[2]
    if digits is None or int(digits, 16) > 0x10FFFF:
        return escape[0]
    return chr(int(digits, 16))


def _refuse(tokens: Sequence[Token]) -> None:
    brackets: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind is TokenKind.MARK:
            _follow(brackets, token.text)
        elif token.kind is TokenKind.IRI:
            if _is_ambiguous(tokens, index, brackets):
                raise QueryError(explained("error.query.less-than", token=token.text[:60]))
        elif _SERVICE in token.text.lower() and _is_keyword(tokens, index):
            raise QueryError(explained("error.query.service"))


def _follow(brackets: list[str], mark: str) -> None:
    if mark in "([{":
        brackets.append(mark)
    elif mark in ")]}" and brackets:
        brackets.pop()


def _is_ambiguous(tokens: Sequence[Token], index: int, brackets: Sequence[str]) -> bool:
    """True when ``<...>`` may also be a comparison, and what follows would then be read differently."""
    token = tokens[index]
    if index == 0 or not any(c in token.text for c in "'#()") or _WHOLE_IRI.match(token.text):
        return False
    before = tokens[index - 1]
    if before.text == "<" and before.end == token.start:
        return True
    return brackets[-1:] == ["("] and before.text not in _BEFORE_OPERAND


def _is_keyword(tokens: Sequence[Token], index: int) -> bool:
    """True when the engine may find the keyword in a token that contains its letters."""
    token = tokens[index]
    if token.kind is TokenKind.WORD:
        return True
    if token.kind not in (TokenKind.NAME, TokenKind.BLANK):
        return False
    following = list(tokens[index + 1 : index + 4])
    if following and following[0].text == "{":
        return index == 0 or not tokens[index - 1].is_word("GRAPH")
    if following and following[0].text.upper().startswith("SILENT"):
        return True
    named = following and following[0].kind in (TokenKind.VARIABLE, TokenKind.IRI, TokenKind.NAME)
    return bool(named) and len(following) > 1 and following[1].text == "{"
