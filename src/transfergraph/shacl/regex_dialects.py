"""Regular expressions: which of them mean the same in SPARQL (XPath), in Oxigraph (Rust) and in Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PIECE = re.compile(r"\\.|\(\?.{0,2}|\[\^?\]?|.", re.DOTALL)


def peculiarity(regex: str) -> str | None:
    """Why the expression is no common ground of the dialects, or None when it is.

    Looking around, back references and the like are known to Python but not to XPath; a bracket or a
    doubled sign inside a character class is an operator in some dialects and a character in others.
    """
    in_class = False
    for piece, following in _pieces(regex):
        if re.fullmatch(r"\\[1-9]", piece) and not in_class:
            return "refers back to a group"
        if piece.startswith("(?") and not in_class and not piece.startswith("(?:"):
            return "looks around or sets flags inside"
        if in_class:
            if piece == "]":
                in_class = False
            elif piece.startswith("[") or (piece in "&~-" and following == piece):
                return "has a character class inside a character class, or an operator on classes"
        elif piece.startswith("["):
            in_class = True
    return None


def _pieces(regex: str) -> Iterator[tuple[str, str]]:
    """The pieces, each with the character that follows it."""
    for match in _PIECE.finditer(regex):
        yield match.group(), regex[match.end() : match.end() + 1]
