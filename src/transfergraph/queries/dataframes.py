"""Answers as data frames.

A column gets the type that all its bound values share:

* ``xsd:integer``: whole numbers (pandas ``Int64``, polars ``Int64``), if they all fit 64 bits
* ``xsd:decimal``, ``xsd:double``, ``xsd:float``, also mixed with integers: floating point (``Float64``)
* ``xsd:boolean``: truth values (``boolean``, ``Boolean``)
* everything else (names, IRIs, dates, mixtures): text, that is the IRI or the lexical form as ``str``

An unbound value is missing: ``pandas.NA`` or ``None`` in pandas, ``null`` in polars. Amounts of money are
exact in ``Answer.rows``; as floating point they are exact to 15 digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from pyoxigraph import Literal

from transfergraph.common.namespaces import XSD
from transfergraph.errors import MissingExtra
from transfergraph.messages import explained
from transfergraph.queries.results import plain
from transfergraph.store import Row, Term

if TYPE_CHECKING:
    import pandas
    import polars

_INTEGER = {f"{XSD}integer"}
_NUMBER = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}
_BOOLEAN = {f"{XSD}boolean"}


@dataclass(frozen=True, slots=True)
class _Type:
    pandas: str
    polars: str
    value: Callable[[str], object]


_TEXT = _Type("object", "String", str)


def to_pandas(variables: Sequence[str], rows: Sequence[Row]) -> pandas.DataFrame:
    """A data frame with a column for each variable."""
    frames = _installed("pandas")
    columns = {}
    for index, name in enumerate(variables):
        type_, values = _column([row[index] for row in rows])
        columns[name] = frames.Series(values, dtype=type_.pandas)
    frame: pandas.DataFrame = frames.DataFrame(columns, columns=list(variables), index=range(len(rows)))
    return frame


def to_polars(variables: Sequence[str], rows: Sequence[Row]) -> polars.DataFrame:
    """A data frame with a column for each variable."""
    frames = _installed("polars")
    series = []
    for index, name in enumerate(variables):
        type_, values = _column([row[index] for row in rows])
        series.append(frames.Series(name, values, dtype=getattr(frames, type_.polars)))
    frame: polars.DataFrame = frames.DataFrame(series)
    return frame


def _installed(package: str) -> ModuleType:
    """The package, which is no requirement of this one and is imported when it is wanted."""
    try:
        return import_module(package)
    except ImportError as error:
        raise MissingExtra(explained("error.extra.frames", package=package)) from error


def _column(terms: Sequence[Term | None]) -> tuple[_Type, list[object]]:
    type_ = _type([term for term in terms if term is not None])
    return type_, [None if term is None else type_.value(plain(term)) for term in terms]


def _type(terms: Sequence[Term]) -> _Type:
    if not terms or not all(isinstance(term, Literal) for term in terms):
        return _TEXT
    datatypes = {term.datatype.value for term in terms if isinstance(term, Literal)}
    if datatypes <= _INTEGER:
        fits = all(-(2**63) <= int(plain(term)) < 2**63 for term in terms)
        return _Type("Int64", "Int64", int) if fits else _TEXT
    if datatypes <= _NUMBER:
        return _Type("Float64", "Float64", float)
    if datatypes <= _BOOLEAN:
        return _Type("boolean", "Boolean", lambda value: value in ("true", "1"))
    return _TEXT
