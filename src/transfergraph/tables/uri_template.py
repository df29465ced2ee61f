"""URI templates (RFC 6570), as far as CSVW needs them: ``{name}``, ``{+name}`` and ``{#name}``.

A template is read three ways: expanded for one row, expanded by DuckDB for a whole column, and
backwards, from an IRI to the values that made it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from urllib.parse import quote, unquote, urljoin

from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

ROW_NUMBERS = {"_row": '"_row" - 1', "_sourceRow": '"_row"'}
"""The variables of CSVW for the number of a row, among the records and in the file, in SQL."""


def row_numbers(row: int) -> dict[str, str]:
    """The same for the row of this number in the file."""
    return {"_row": str(row - 1), "_sourceRow": str(row)}


_EXPRESSION = re.compile(r"\{([+#]?)((?:[A-Za-z0-9_.]|%[0-9A-F]{2})+)\}")
_IN_FRAGMENT = ":/?@!$&'()*+,;="


def sql_string(text: str) -> str:
    """A text as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def variable_sql(name: str) -> str:
    """A variable of a template as an SQL expression over the columns of a loaded table."""
    return f"CAST({ROW_NUMBERS[name]} AS VARCHAR)" if name in ROW_NUMBERS else sql_name(name)


@dataclass(frozen=True, slots=True)
class TemplateVariable:
    """``{name}`` percent-encodes everything but unreserved characters, ``{+name}`` nothing.

    ``{#name}`` is a fragment with its ``#``, and leaves what may stand there.
    """

    name: str
    reserved: bool
    is_fragment: bool = False

    @property
    def safe(self) -> str:
        """The characters beside letters, digits, ``-``, ``.`` and ``_`` that are not percent-encoded."""
        return f"{_IN_FRAGMENT if self.is_fragment else ''}~"


@dataclass(frozen=True)
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
            parts += ["#"] if match[1] == "#" else []
            parts.append(TemplateVariable(match[2], match[1] == "+", match[1] == "#"))
            end = match.end()
        if end < len(text):
            parts.append(text[end:])
        if any(isinstance(part, str) and ("{" in part or "}" in part) for part in parts):
            raise WorkspaceError(
                explained("error.uri-template", text=text, plain="{x}", reserved="{+x}, {#x}")
            )
        return cls(text, tuple(parts))

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables, in order."""
        return tuple(part.name for part in self.parts if isinstance(part, TemplateVariable))

    @cached_property
    def shape(self) -> str:
        """The template with its variables made nameless: equal for templates that mint the same IRIs."""
        return "".join(part if isinstance(part, str) else "{}" for part in self.parts)

    def under(self, base: str, file: str) -> UriTemplate:
        """The template resolved against the address of a table, a file below a base (with a slash)."""
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", self.text) or self.text.startswith("{+"):
            return self
        if self.text.startswith(("#", "?", "{#")):
            return UriTemplate.parse(base + file + self.text)
        return UriTemplate.parse(urljoin(base, self.text))

    def expand(self, values: Mapping[str, str]) -> str:
        """The IRI for these values; those of ``{+name}`` are taken as they are: they must be IRIs already."""
        return "".join(
            part
            if isinstance(part, str)
            else values[part.name]
            if part.reserved
            else quote(values[part.name], safe=part.safe)
            for part in self.parts
        )

    def sql(self, columns: Mapping[str, str]) -> str:
        """An SQL expression for the IRI; ``columns`` gives the SQL expression of each variable."""
        pieces = []
        for part in self.parts:
            if isinstance(part, str):
                pieces.append(sql_string(part))
            elif part.reserved:
                pieces.append(columns[part.name])
            elif part.is_fragment:
                encoded = f"url_encode({columns[part.name]})"
                for mark in _IN_FRAGMENT:
                    encoded = f"replace({encoded}, '{quote(mark, safe='')}', {sql_string(mark)})"
                pieces.append(encoded)
            else:
                pieces.append(f"url_encode({columns[part.name]})")
        return " || ".join(pieces)

    def match(self, iri: str) -> dict[str, str] | None:
        """The values that expand to this IRI, or None when the template cannot have made it."""
        first = self.parts[0] if self.parts else ""
        if isinstance(first, str) and not iri.startswith(first):
            return None
        found = _pattern(self).fullmatch(iri)
        if found is None:
            return None
        return {name: unquote(value) for name, value in zip(self.variables, found.groups(), strict=True)}


@lru_cache(maxsize=512)
def _pattern(template: UriTemplate) -> re.Pattern[str]:
    """What an IRI that the template makes looks like, with a group for each variable."""
    has_tilde = any("~" in part for part in template.parts if isinstance(part, str))
    value = "([^/?#~]+)" if has_tilde else "([^/?#]+)"
    return re.compile(
        "".join(
            re.escape(part)
            if isinstance(part, str)
            else ("(.+)" if part.reserved or part.is_fragment else value)
            for part in template.parts
        )
    )
