"""Named queries: questions, rules and checks kept as ``.rq`` files, and how they are run."""

from transfergraph.queries.answer import Answer, BooleanAnswer, GraphAnswer, Result
from transfergraph.queries.query_files import Check, NamedQuery, Parameter, load_checks, load_queries
from transfergraph.queries.run_query import run, run_checks, run_text

__all__ = [
    "Answer",
    "BooleanAnswer",
    "Check",
    "GraphAnswer",
    "NamedQuery",
    "Parameter",
    "Result",
    "load_checks",
    "load_queries",
    "run",
    "run_checks",
    "run_text",
]
