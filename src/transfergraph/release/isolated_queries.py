"""A question or a query to the store of a release, also in a process of its own, which loads little else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVarTuple

from transfergraph.common.files import ScratchFolder
from transfergraph.common.processes import ProcessCall, QueryLimits
from transfergraph.common.sandbox import limit_memory
from transfergraph.errors import QueryStopped, StoreError, UsageError
from transfergraph.messages import both, explained
from transfergraph.queries import NamedQuery, Result, load_queries, run, run_text
from transfergraph.queries.parameters import Value
from transfergraph.release.manifest import STORE
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore

QUESTIONS = Path("queries", "questions")
"""Where a release keeps its questions."""

Parameters = Mapping[str, Value | Sequence[Value]]
Arguments = TypeVarTuple("Arguments")


def answer_question(
    store: Store,
    questions: Sequence[NamedQuery],
    base: str,
    name: str,
    parameters: Parameters,
    limit: int | None,
) -> Result:
    """The answer to the question of that name; raises :class:`UsageError` when there is none."""
    for question in questions:
        if question.name == name:
            return run(store, question, base, parameters, limit)
    names = [question.name for question in questions]
    near = get_close_matches(name.lower().replace(" ", "-"), names, n=3)
    if near:
        raise UsageError(explained("error.question.near", name=name, near=", ".join(near)))
    raise UsageError(explained("error.question.unknown", name=name, names=", ".join(names)))


def answer_question_within(
    limits: QueryLimits, release: Path, base: str, name: str, parameters: Parameters, limit: int | None
) -> Result:
    """The same, from the folder of a release, and within limits from which this process never gets free."""
    questions = load_queries(release / QUESTIONS)
    return answer_question(_limited_store(limits, release, base), questions, base, name, parameters, limit)


def answer_sparql_within(
    limits: QueryLimits, release: Path, base: str, query: str, limit: int | None
) -> Result:
    """The answer to a SPARQL query in the same way."""
    return run_text(_limited_store(limits, release, base), query, limit)


def _limited_store(limits: QueryLimits, release: Path, base: str) -> EmbeddedStore:
    store = EmbeddedStore.read_only(release / STORE, base)  # its threads need more room than a query
    limit_memory(limits.megabytes)
    return store


def run_isolated(
    limits: QueryLimits,
    function: Callable[[QueryLimits, *Arguments], Result],
    *arguments: *Arguments,
) -> Result:
    """What one of these functions gives, in a process of its own.

    Raises what :meth:`ProcessCall.result` raises.
    """
    try:
        with (
            ScratchFolder() as scratch,
            ProcessCall(Path(scratch), function, limits, *arguments, limits=limits) as call,
        ):
            return call.result()
    except QueryStopped as end:
        raise QueryStopped(both(f"ended.{end.cause}", **end.limits), end.cause, **end.limits) from None
    except OSError as error:
        raise StoreError(explained("error.query.process", error=error)) from error
