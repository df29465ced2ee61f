"""The lexical spaces of the XSD datatypes (XML Schema 1.1 part 2, section 3) as regular expressions.

A literal is ill-typed when its lexical form is outside the lexical space of its datatype (RDF 1.1
Concepts, section 3.3). Of a datatype that is not listed here every lexical form counts as well formed.
"""

from __future__ import annotations

from typing import NamedTuple

from transfergraph.common.namespaces import XSD


class LexicalSpace(NamedTuple):
    """The whole lexical form must match ``regex``; its number, if it is one, lies within the bounds."""

    regex: str
    minimum: int | None = None
    maximum: int | None = None


_INTEGER = "[+-]?[0-9]+"
_DECIMAL = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
_FLOAT = _DECIMAL + "([eE][+-]?[0-9]+)?|[+-]?INF|NaN"
_ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_YEAR = "-?([1-9][0-9]{3,}|0[0-9]{3})"
_MONTH = "(0[1-9]|1[0-2])"
_DAY_OF_MONTH = (
    "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
)
_LEAP_YEAR = "-?[0-9]*(([0-9]{2}(0[48]|[2468][048]|[13579][26]))|((0[048]|[2468][048]|[13579][26])00))"
_DATE = f"({_YEAR}-({_DAY_OF_MONTH})|{_LEAP_YEAR}-02-29)"
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_DAY_TIME = (
    r"([0-9]+D(T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S))?"
    r"|T([0-9]+H([0-9]+M)?([0-9]+(\.[0-9]+)?S)?|[0-9]+M([0-9]+(\.[0-9]+)?S)?|[0-9]+(\.[0-9]+)?S))"
)
_YEAR_MONTH = "([0-9]+Y([0-9]+M)?|[0-9]+M)"

_SPACES = {
    "boolean": LexicalSpace("true|false|1|0"),
    "decimal": LexicalSpace(_DECIMAL),
    "float": LexicalSpace(_FLOAT),
    "double": LexicalSpace(_FLOAT),
    "integer": LexicalSpace(_INTEGER),
    "nonPositiveInteger": LexicalSpace(_INTEGER, None, 0),
    "negativeInteger": LexicalSpace(_INTEGER, None, -1),
    "nonNegativeInteger": LexicalSpace(_INTEGER, 0, None),
    "positiveInteger": LexicalSpace(_INTEGER, 1, None),
    "long": LexicalSpace(_INTEGER, -(2**63), 2**63 - 1),
    "int": LexicalSpace(_INTEGER, -(2**31), 2**31 - 1),
    "short": LexicalSpace(_INTEGER, -(2**15), 2**15 - 1),
    "byte": LexicalSpace(_INTEGER, -(2**7), 2**7 - 1),
    "unsignedLong": LexicalSpace(_INTEGER, 0, 2**64 - 1),
    "unsignedInt": LexicalSpace(_INTEGER, 0, 2**32 - 1),
    "unsignedShort": LexicalSpace(_INTEGER, 0, 2**16 - 1),
    "unsignedByte": LexicalSpace(_INTEGER, 0, 2**8 - 1),
    "date": LexicalSpace(f"{_DATE}{_ZONE}?"),
    "dateTime": LexicalSpace(f"{_DATE}T{_TIME}{_ZONE}?"),
    "dateTimeStamp": LexicalSpace(f"{_DATE}T{_TIME}{_ZONE}"),
    "time": LexicalSpace(f"{_TIME}{_ZONE}?"),
    "gYear": LexicalSpace(f"{_YEAR}{_ZONE}?"),
    "gYearMonth": LexicalSpace(f"{_YEAR}-{_MONTH}{_ZONE}?"),
    "gMonth": LexicalSpace(f"--{_MONTH}{_ZONE}?"),
    "gDay": LexicalSpace(f"---(0[1-9]|[12][0-9]|3[01]){_ZONE}?"),
    "gMonthDay": LexicalSpace(f"--({_DAY_OF_MONTH}|02-29){_ZONE}?"),
    "duration": LexicalSpace(f"-?P({_YEAR_MONTH}{_DAY_TIME}?|{_DAY_TIME})"),
    "yearMonthDuration": LexicalSpace(f"-?P{_YEAR_MONTH}"),
    "dayTimeDuration": LexicalSpace(f"-?P{_DAY_TIME}"),
    "hexBinary": LexicalSpace("([0-9a-fA-F]{2})*"),
    "base64Binary": LexicalSpace(
        "(([A-Za-z0-9+/] ?){4})*(([A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
        "|([A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?"
    ),
    "language": LexicalSpace("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*"),
}

SPACES: dict[str, LexicalSpace] = {XSD + name: space for name, space in _SPACES.items()}
"""The lexical space by the IRI of the datatype."""

REWRITTEN: dict[str, str] = {
    XSD + name: XSD + "integer"
    for name, space in _SPACES.items()
    if space.regex == _INTEGER and name != "integer"
} | {XSD + "dateTimeStamp": XSD + "dateTime"}
"""Derived datatypes and the type from which each is derived.

Oxigraph 0.5.13 keeps a literal of the left as a literal of the right: the store no longer knows that
it was, say, an ``xsd:nonNegativeInteger``.
"""
