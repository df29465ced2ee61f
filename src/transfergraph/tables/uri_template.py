"""URI templates (RFC 6570), as far as CSVW needs them: ``{name}`` and ``{+name}``.

A template is read three ways: expanded for one row, expanded by DuckDB for a whole column, and
backwards, from an IRI to the values that made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

_EXPRESSION = re.compile(r"\{(\+?)([A-Za-z0-9_]+)\}")
_RESERVED = ":/?#[]@!$&'()*+,;=%"


def sql_string(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class TemplateVariable:
    """``{name}`` percent-encodes everything but unreserved characters; ``{+name}`` leaves reserved ones."""

    name: str
    reserved: bool


@dataclass(frozen=True, slots=True)
class UriTemplate:
    """Literal texts and variables in turn."""

    text: str
    parts: tuple[str | TemplateVariable, ...]

    @classmethod
    def parse(cls, text: str) -> UriTemplate:
        """Read a template; raises :class:`WorkspaceError` for operators beyond ``{x}`` and ``{+x}``."""
        parts: list[str | TemplateVariable] = []
        end = 0
        for match in _EXPRESSION.finditer(text):
            if match.start() > end:
                parts.append(text[end : match.start()])
            parts.append(TemplateVariable(match[2], match[1] == "+"))
            end = match.end()
        if end < len(text):
            parts.append(text[end:])
        if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
            raise WorkspaceError(explained("error.uri-template", text=text, plain="{x}", reserved="{+x}"))
        return cls(text, tuple(parts))

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in order."""
        return tuple(part.name for part in self.parts if isinstance(part, TemplateVariable))

    @property
    def shape(self) -> str:
        """The template with its variables made nameless: equal for templates that mint the same IRIs."""
        return "".join(part if isinstance(part, str) else "{}" for part in self.parts)

    def under(self, base: str) -> UriTemplate:
        """The template resolved against a base IRI that ends with a slash."""
        if re.match(r"[a-z][a-z0-9+.-]*:", self.text) or self.text.startswith("{+"):
            return self
        return UriTemplate.parse(base + self.text)

    def expand(self, values: Mapping[str, str]) -> str:
        """The IRI for these values."""
        return "".join(
            part
            if isinstance(part, str)
            else quote(values[part.name], safe=_RESERVED + "~" if part.reserved else "~")
            for part in self.parts
        )

    def sql(self, columns: Mapping[str, str]) -> str:
        """An SQL expression for the IRI; ``columns`` gives the SQL expression of each variable.

        Values of ``{+name}`` are taken as they are: they must be IRIs already.
        """
        pieces = []
        for part in self.parts:
            if isinstance(part, str):
                pieces.append(sql_string(part))
            elif part.reserved:
                pieces.append(columns[part.name])
            else:
                pieces.append(f"url_encode({columns[part.name]})")
        return " || ".join(pieces)

    def match(self, iri: str) -> dict[str, str] | None:
        """The values that expand to this IRI, or None when the template cannot have made it."""
        pattern = "".join(
            re.escape(part) if isinstance(part, str) else ("(.+)" if part.reserved else "([^/?#~]+)")
            for part in self.parts
        )
        found = re.fullmatch(pattern, iri)
        if found is None:
            return None
        return {name: unquote(value) for name, value in zip(self.variables, found.groups(), strict=True)}
