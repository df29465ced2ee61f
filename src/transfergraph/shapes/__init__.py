"""Validation with SHACL: shapes become SPARQL queries that run on any store.

::

    shapes = read_shapes(graph)          # frozen values
    plan = compile_shapes(shapes)        # plan.queries, plan.handed_over
    results = run(store, plan)           # or validate(store, shapes)

SHACL Core and ``sh:sparql`` are compiled. What is not (recursive shapes, constraint components of
one's own, ``sh:target``, regular expressions that only Python knows) is named in ``plan.handed_over``
and validated by pySHACL.
"""

from transfergraph.shapes.compile import HandedOver, Plan, Query, compile_shapes
from transfergraph.shapes.model import Shape, Shapes
from transfergraph.shapes.paths import Path, path_as_rdf, path_text
from transfergraph.shapes.read import read_shapes
from transfergraph.shapes.result import Result
from transfergraph.shapes.run import run, validate

__all__ = [
    "HandedOver",
    "Path",
    "Plan",
    "Query",
    "Result",
    "Shape",
    "Shapes",
    "compile_shapes",
    "path_as_rdf",
    "path_text",
    "read_shapes",
    "run",
    "validate",
]
