"""Named queries: questions, rules and checks kept as ``.rq`` files, and how they are run."""

from transfergraph.queries.answer import Answer, Graph, Result, Truth
from transfergraph.queries.checks import run_checks
from transfergraph.queries.named import Check, NamedQuery, Parameter, load_checks, load_queries
from transfergraph.queries.run import run, run_text

__all__ = [
    "Answer",
    "Check",
    "Graph",
    "NamedQuery",
    "Parameter",
    "Result",
    "Truth",
    "load_checks",
    "load_queries",
    "run",
    "run_checks",
    "run_text",
]
