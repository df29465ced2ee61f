"""Run a named query, or any SPARQL text, on any store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transfergraph.errors import QueryError
from transfergraph.queries.answer import Answer, BooleanAnswer, GraphAnswer, Result
from transfergraph.queries.parameters import Value, bind
from transfergraph.queries.query_files import NamedQuery
from transfergraph.store import Store
from transfergraph.store.sparql_tokens import query_form


def run(
    store: Store,
    query: NamedQuery,
    base: str,
    parameters: Mapping[str, Value | Sequence[Value]],
    limit: int | None = None,
) -> Result:
    """The answer to a named query, with the caller's parameters.

    ``base`` is the IRI under which keys of entities become IRIs; ``limit`` the greatest number of rows or
    triples, None for all. Raises :class:`UsageError` for parameters that do not fit.
    """
    try:
        return run_text(store, bind(store, query, base, parameters), limit)
    except QueryError as error:
        raise QueryError(f"{query.file.name}: {error}") from error


def run_text(store: Store, sparql: str, limit: int | None = None) -> Result:
    """The answer to a SPARQL text: rows, a truth value or a graph, as the text asks for.

    Raises :class:`QueryError` for a text that is not valid or not allowed.
    """
    match query_form(sparql):
        case "SELECT":
            return Answer.of(store.select(sparql), limit)
        case "ASK":
            return BooleanAnswer(store.ask(sparql))
        case _:
            return GraphAnswer.of(store.construct(sparql), limit)
