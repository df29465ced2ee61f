"""What a query answers, as values: rows, a truth value, or a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS, RESULT_FORMATS, graph_format, result_format
from transfergraph.messages import text
from transfergraph.queries import dataframes as frames
from transfergraph.queries import results
from transfergraph.store import Row, Solutions

if TYPE_CHECKING:
    import pandas
    import polars

T = TypeVar("T")

TABLE = "table"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a SELECT query.

    ``rows`` has one tuple per solution, in order; an unbound variable is None. ``cut`` is true when there
    were more rows than the caller allowed: then the answer is only its beginning.
    """

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    cut: bool = False

    @classmethod
    def of(cls, solutions: Solutions, limit: int | None = None) -> Answer:
        """At most ``limit`` rows of these solutions; None takes all."""
        rows, cut = _at_most(solutions.rows, limit)
        return cls(solutions.variables, rows, cut)

    @property
    def formats(self) -> tuple[str, ...]:
        """The names that :meth:`write` takes."""
        return (TABLE, *(f.name for f in RESULT_FORMATS))

    def write(self, format_name: str, language: str = "en") -> str:
        """The rows as text: ``table``, or one of the W3C formats ``csv``, ``tsv``, ``json``, ``xml``.

        ``table`` is aligned for reading and says, in that language, how many rows there
        are and whether the answer was cut; the W3C formats have no place for that, so look at ``cut``.
        """
        if format_name == TABLE:
            return results.write_table(self.variables, self.rows, self.cut, language)
        return results.write_rows(result_format(format_name), self.variables, self.rows)

    def _repr_html_(self) -> str:
        """The rows as Jupyter shows them."""
        return results.write_html(self.variables, self.rows, self.cut, "en")

    def to_pandas(self) -> pandas.DataFrame:
        """The rows as a pandas data frame; for the types see :mod:`transfergraph.queries.dataframes`.

        Raises :class:`UsageError` when pandas is not installed.
        """
        return frames.to_pandas(self.variables, self.rows)

    def to_polars(self) -> polars.DataFrame:
        """The rows as a polars data frame; for the types see :mod:`transfergraph.queries.dataframes`.

        Raises :class:`UsageError` when polars is not installed.
        """
        return frames.to_polars(self.variables, self.rows)


@dataclass(frozen=True, slots=True)
class BooleanAnswer:
    """The answer to an ASK query."""

    value: bool

    @property
    def formats(self) -> tuple[str, ...]:
        """The names that :meth:`write` takes."""
        return (TABLE, "json", "xml")

    def write(self, format_name: str, language: str = "en") -> str:
        """``table`` is the word for yes or no; ``json`` and ``xml`` are the W3C formats."""
        if format_name == TABLE:
            return text("answer.yes" if self.value else "answer.no", language) + "\n"
        return results.write_truth(result_format(format_name), self.value)


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """The answer to a CONSTRUCT or DESCRIBE query: its triples, sorted, each once; ``cut`` as for rows."""

    triples: tuple[ox.Triple, ...]
    cut: bool = False

    @classmethod
    def of(cls, triples: Iterable[ox.Triple], limit: int | None = None) -> GraphAnswer:
        """The first ``limit`` triples; None takes all."""
        taken, cut = _at_most(dict.fromkeys(triples), limit)
        return cls(tuple(sorted(taken, key=str)), cut)

    @property
    def formats(self) -> tuple[str, ...]:
        """The names that :meth:`write` takes."""
        return tuple(f.name for f in GRAPH_FORMATS)

    def write(self, format_name: str, prefixes: dict[str, str] | None = None) -> str:
        """The triples in a format of RDF, such as ``turtle``; ``prefixes`` shorten its names."""
        written = ox.serialize(self.triples, format=graph_format(format_name).oxigraph, prefixes=prefixes)
        return (written or b"").decode("utf-8")


Result = Answer | BooleanAnswer | GraphAnswer


def _at_most(items: Iterable[T], limit: int | None) -> tuple[tuple[T, ...], bool]:
    if limit is None:
        return tuple(items), False
    iterator: Iterator[T] = iter(items)
    taken = tuple(islice(iterator, limit))
    return taken, next(iterator, None) is not None
