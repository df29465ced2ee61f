"""SPARQL text as tokens: enough of the grammar to rewrite a query without harming its strings and IRIs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_GRAMMAR = re.compile(
    r"""
      (?P<space>\s+|\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<variable>[?$]\w+)
    | (?P<language>@[a-zA-Z]+(?:-[a-zA-Z0-9]+)*)
    | (?P<blank>_:\w(?:[\w.-]*[\w-])?)
    | (?P<name>(?:[^\W\d_](?:[\w.-]*[\w-])?)?:
        (?:(?:[\w:]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])
           (?:(?:[\w:.-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%])*
              (?:[\w:-]|%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]))?)?)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z]\w*)
    | (?P<sign>\^\^|&&|\|\||!=|<=|>=|.)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class RewritableToken:
    """A token; ``kind`` is one of iri, string, variable, language, blank, name, number, word and sign."""

    kind: str
    text: str

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these keywords (given in capitals)."""
        return self.kind == "word" and self.text.upper() in words


def tokens(query: str) -> list[RewritableToken]:
    """The tokens of a query, less space and comments; every variable is written with ``?``."""
    found = []
    for match in _GRAMMAR.finditer(query):
        kind = match.lastgroup or "sign"
        text = match.group()
        if kind != "space":
            found.append(RewritableToken(kind, "?" + text[1:] if kind == "variable" else text))
    return found


def text_of(parts: list[RewritableToken]) -> str:
    """The tokens as SPARQL text."""
    return " ".join(part.text for part in parts)


def expanded(name: RewritableToken, prefixes: Mapping[str, str]) -> RewritableToken | None:
    """The whole IRI of a prefixed name, or None when its prefix is not declared."""
    prefix, _, local = name.text.partition(":")
    if prefix not in prefixes:
        return None
    unescaped = re.sub(r"\\(.)", r"\1", local)
    return RewritableToken("iri", f"<{prefixes[prefix]}{unescaped}>")
