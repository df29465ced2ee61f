"""Validation with SHACL: shapes become SPARQL queries that run on any store.

::

    shapes = read_shapes(graph)          # frozen values
    plan = compile_shapes(shapes)        # plan.queries, plan.handed_over
    results = run_plan(store, plan)      # or validate_shapes(store, shapes)

SHACL Core and ``sh:sparql`` are compiled. What is not (recursive shapes, constraint components of
one's own, ``sh:target``, regular expressions that only Python knows) is named in ``plan.handed_over``
and validated by pySHACL.
"""

from transfergraph.common.property_paths import Path, path_text
from transfergraph.shacl.compile import HandedOver, Plan, Query, compile_shapes
from transfergraph.shacl.engine import run_plan, validate_shapes
from transfergraph.shacl.shape_model import Shape, Shapes
from transfergraph.shacl.shapes_graph import read_shapes
from transfergraph.shacl.validation_result import Result

__all__ = [
    "HandedOver",
    "Path",
    "Plan",
    "Query",
    "Result",
    "Shape",
    "Shapes",
    "compile_shapes",
    "path_text",
    "read_shapes",
    "run_plan",
    "validate_shapes",
]
