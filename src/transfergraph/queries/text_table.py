"""An answer as an aligned table for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import XSD
from transfergraph.messages import text
from transfergraph.queries.results import plain
from transfergraph.store import Term

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


def write_table(
    variables: Sequence[str], rows: Sequence[Sequence[Term | None]], cut: bool, language: str
) -> str:
    """Columns of equal width, numbers to the right, and a last line that counts the rows.

    Of a column that is there in both languages (``name_de``, ``name_en``) the asked one is shown; an IRI
    whose name stands in another column is shortened to its key.
    """
    both = {v[:-3] for v in variables if v.endswith("_de") and f"{v[:-3]}_en" in variables}
    other = "_en" if language == "de" else "_de"
    shown = [i for i, v in enumerate(variables) if not (v.endswith(other) and v[:-3] in both)]
    keys = {i for i in shown if variables[i] in both}
    rows = [[_key(term) if i in keys else term for i, term in enumerate(row)] for row in rows]
    rows, variables = [[row[i] for i in shown] for row in rows], [variables[i] for i in shown]
    cells = [[_one_line(plain(term)) for term in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(variables, *cells, strict=True)]
    right = [_is_numeric([row[index] for row in rows]) for index in range(len(variables))]
    lines = [_line(variables, widths, right), _line(["-" * width for width in widths], widths, right)]
    lines.extend(_line(row, widths, right) for row in cells)
    lines.append(text("answer.cut" if cut else "answer.rows", language, count=len(rows)))
    return "".join(f"{line}\n" for line in lines)


def write_truth(value: bool, language: str) -> str:
    """One word on a line."""
    return text("answer.yes" if value else "answer.no", language) + "\n"


def _key(term: Term | None) -> Term | None:
    if not isinstance(term, NamedNode):
        return term
    return Literal(unquote(term.value.rstrip("/").rsplit("/", 1)[-1]))


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = []
    for cell, width, numeric in zip(cells, widths, right, strict=True):
        blank = " " * (width - _width(cell))
        padded.append(blank + cell if numeric else cell + blank)
    return "  ".join(padded).rstrip()


def _one_line(value: str) -> str:
    """The value on one line, without characters that would steer the terminal."""
    spaced = " ".join(value.split())
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in spaced)


def _width(value: str) -> int:
    """The columns that a terminal needs for it (Unicode Standard Annex 11)."""
    marks = sum(1 for c in value if unicodedata.combining(c))
    wide = sum(1 for c in value if unicodedata.east_asian_width(c) in "WF")
    return len(value) - marks + wide


def _is_numeric(terms: Sequence[Term | None]) -> bool:
    bound = [term for term in terms if term is not None]
    return bool(bound) and all(isinstance(t, Literal) and t.datatype.value in _NUMBERS for t in bound)
