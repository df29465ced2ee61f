"""Constraints that test one value alone, as SPARQL expressions.

Each expression is true when the value conforms and false when it does not; it never ends in an error,
because an error would hide the value from a filter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph.common.namespaces import XSD
from transfergraph.shacl.shape_model import (
    Datatype,
    In,
    LanguageIn,
    Length,
    NodeKind,
    NotCompiled,
    Pattern,
    Range,
)
from transfergraph.shacl.xsd_datatypes import REWRITTEN, SPACES, LexicalSpace

Simple = Datatype | In | LanguageIn | Length | NodeKind | Pattern | Range

_OPERATORS = {"minExclusive": ">", "minInclusive": ">=", "maxExclusive": "<", "maxInclusive": "<="}
_KINDS = {"BlankNode": "isBLANK", "IRI": "isIRI", "Literal": "isLITERAL"}


def string(text: str) -> str:
    """The text as a SPARQL string literal."""
    return str(Literal(text))


def safe(expression: str) -> str:
    """The expression with an error counted as false."""
    return f"COALESCE({expression}, false)"


def any_of(expressions: list[str]) -> str:
    """True when one of the expressions is."""
    return "(" + " || ".join(expressions or ["false"]) + ")"


def all_of(expressions: list[str]) -> str:
    """True when each of the expressions is."""
    return "(" + " && ".join(expressions or ["true"]) + ")"


def simple_test(constraint: Simple, value: str) -> str:
    """Whether the value (a variable) conforms to the constraint."""
    match constraint:
        case Datatype(iri):
            return safe(_datatype(iri, value))
        case NodeKind(kind):
            return any_of([f"{_KINDS[part]}({value})" for part in kind.split("Or")])
        case Range(parameter, bound):
            return safe(f"{value} {_OPERATORS[parameter]} {bound}")
        case Length(parameter, length):
            return _of_text(
                f"STRLEN(STR({value})) {'>=' if parameter == 'minLength' else '<='} {length}", value
            )
        case Pattern(regex, flags):
            reason = peculiarity(regex)
            if reason:
                raise NotCompiled(f"its pattern {regex!r} {reason}")
            arguments = [f"STR({value})", string(regex), *([string(flags)] if flags else [])]
            return _of_text(f"REGEX({', '.join(arguments)})", value)
        case LanguageIn(ranges):
            return safe(any_of([f"LANGMATCHES(LANG({value}), {string(part)})" for part in ranges]))
        case In(terms):
            return any_of([f"sameTerm({value}, {term})" for term in terms if not isinstance(term, BlankNode)])


def _of_text(expression: str, value: str) -> str:
    """Blank nodes have no text: they conform to no length and no pattern."""
    return safe(f"!isBLANK({value}) && {expression}")


def _datatype(iri: NamedNode, value: str) -> str:
    own = f"DATATYPE({value}) = {iri}"
    if iri.value in REWRITTEN:
        own = f"({own} || ({_rewrites(iri)} && DATATYPE({value}) = <{REWRITTEN[iri.value]}>))"
    space = SPACES.get(iri.value)
    return own if space is None else f"{own} && {_within(space, value)}"


def _rewrites(iri: NamedNode) -> str:
    """Whether the store that runs this takes a literal of the datatype for one of its parent type."""
    sample = "2000-01-01T00:00:00Z" if iri.value == XSD + "dateTimeStamp" else "1"
    if iri.value in (XSD + "negativeInteger", XSD + "nonPositiveInteger"):
        sample = "-1"
    return f"DATATYPE({Literal(sample, datatype=iri)}) != {iri}"


def _within(space: LexicalSpace, value: str) -> str:
    tests = [f"REGEX(STR({value}), {string(f'^({space.regex})$')})"]
    number = f"<{XSD}decimal>(STR({value}))"
    if space.minimum is not None:
        tests.append(f"{number} >= {space.minimum}.0")
    if space.maximum is not None:
        tests.append(f"{number} <= {space.maximum}.0")
    return " && ".join(tests)


_PIECE = re.compile(r"\\.|\(\?.{0,2}|\[\^?\]?|.", re.DOTALL)


def peculiarity(regex: str) -> str | None:
    """Why the expression is no common ground of the dialects, or None when it is.

    Looking around, back references and the like are known to Python but not to XPath; a bracket or a
    doubled sign inside a character class is an operator in some dialects and a character in others.
    """
    in_class = False
    for piece, following in _pieces(regex):
        if re.fullmatch(r"\\[1-9]", piece) and not in_class:
            return "refers back to a group"
        if piece.startswith("(?") and not in_class and not piece.startswith("(?:"):
            return "looks around or sets flags inside"
        if in_class:
            if piece == "]":
                in_class = False
            elif piece.startswith("[") or (piece in "&~-" and following == piece):
                return "has a character class inside a character class, or an operator on classes"
        elif piece.startswith("["):
            in_class = True
    return None


def _pieces(regex: str) -> Iterator[tuple[str, str]]:
    """The pieces, each with the character that follows it."""
    for match in _PIECE.finditer(regex):
        yield match.group(), regex[match.end() : match.end() + 1]
