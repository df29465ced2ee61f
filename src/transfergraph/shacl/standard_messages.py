"""Messages for constraints whose shape brings none of its own: ``shape.constraint.<parameter>``."""

from __future__ import annotations

from functools import reduce

from transfergraph.common.text import Text
from transfergraph.messages import both, both_in_full
from transfergraph.shacl.shape_model import (
    Class,
    Closed,
    Constraint,
    Count,
    Datatype,
    HasValue,
    In,
    LanguageIn,
    Length,
    Logical,
    Node,
    NodeKind,
    Not,
    Pair,
    Pattern,
    Property,
    Qualified,
    Range,
    UniqueLang,
)
from transfergraph.store import Term


def standard_message(constraint: Constraint) -> Text:
    """What the constraint asks for, as a sentence in each language."""
    if isinstance(constraint, NodeKind):
        return _node_kind(constraint)
    parameter, values = _parameter(constraint)
    return both_in_full(f"shape.constraint.{parameter}", **values)


def _parameter(constraint: Constraint) -> tuple[str, dict[str, str]]:
    """The parameter of SHACL that the constraint stands for, and the values in its message."""
    match constraint:
        case Qualified(parameter, count, shape):
            return parameter, {"value": str(count), "shape": str(shape)}
        case Range(parameter, bound):
            return parameter, {"value": bound.value}
        case Length(parameter, value) | Count(parameter, value) | Pair(parameter, value):
            return parameter, {"value": str(value)}
        case Logical(parameter, shapes):
            return parameter, {"value": _list(shapes)}
        case In(terms):
            return "in", {"value": _list(terms)}
        case LanguageIn(ranges):
            return "languageIn", {"value": ", ".join(ranges)}
        case Class(value) | Datatype(value) | Pattern(value) | HasValue(value) | Not(value):
            name = type(constraint).__name__
            return name[0].lower() + name[1:], {"value": str(value)}
        case Node(value) | Property(value):
            return "node", {"value": str(value)}
        case UniqueLang():
            return "uniqueLang", {}
        case Closed():
            return "closed", {}
        case _:
            return "sparql", {}


def _node_kind(constraint: NodeKind) -> Text:
    kinds = [both(f"shape.kind.{part}") for part in constraint.kind.split("Or")]
    either = reduce(lambda first, second: both("shape.kind.or", first=first, second=second), kinds)
    return both("shape.constraint.nodeKind", value=either)


def _list(terms: tuple[Term, ...]) -> str:
    return ", ".join(str(term) for term in terms)
