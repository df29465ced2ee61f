"""Bounds of values and lengths in the datatypes of CSVW ("Tabular Data Model", W3C, 2015, section 4.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from transfergraph.common.namespaces import XSD
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.tables.cell_formats import CellFormat, ColumnKind

FACETS = ("minimum", "maximum", "minInclusive", "maxInclusive", "minExclusive", "maxExclusive")
LENGTHS = ("length", "minLength", "maxLength")

_COUNTED = {XSD + name for name in ("string", "normalizedString", "token", "language", "Name", "NMTOKEN")}
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"


@dataclass(frozen=True, slots=True)
class Bound:
    """What a value, or its number of characters, has to be compared with; ``sign`` is an operator of SQL."""

    sign: str
    limit: str
    is_length: bool = False

    def sql(self, value: str) -> str:
        """An SQL expression that is true when the value of this one keeps the bound."""
        if self.is_length:
            return f"length({value}) {self.sign} {self.limit}"
        if re.fullmatch(_DAY, self.limit):
            return f"{value} {self.sign} '{self.limit}'"
        return f"coalesce(try_cast({value} AS DOUBLE) {self.sign} {self.limit}, false)"

    @property
    def is_positive(self) -> bool:
        """Whether it keeps out every number with a minus sign."""
        return self.sign in (">", ">=") and not self.is_length and self.limit.isdecimal()


def bounds_of(described: Mapping[str, Any], written: CellFormat, where: Text) -> tuple[Bound, ...]:
    """The bounds that a datatype in JSON names, and those of the type; raises :class:`WorkspaceError`."""
    signs = dict(zip((*FACETS, *LENGTHS), (">=", "<=", ">=", "<=", ">", "<", "=", ">=", "<="), strict=True))
    numbers = (ColumnKind.INTEGER, ColumnKind.DECIMAL)
    found = [Bound(">=", str(written.least))] if written.least is not None else []
    found += [Bound("<=", str(written.greatest))] if written.greatest is not None else []
    for key, sign in signs.items():
        if key not in described:
            continue
        limit, is_length = described[key], key in LENGTHS
        is_day = written.kind is ColumnKind.DATE and not is_length and re.fullmatch(_DAY, str(limit))
        is_number = written.kind in numbers and not is_length and _is_number(limit)
        is_size = is_length and written.datatype in _COUNTED
        if not (is_day or is_number or (is_size and type(limit) is int and limit >= 0)):
            raise WorkspaceError(
                explained(
                    "error.csvw.unsupported", where=where, key=key, value=f"{limit!r} ({written.datatype})"
                )
            )
        found.append(Bound(sign, str(limit), is_length))
    _consistent(described, where)
    return tuple(found)


def _is_number(value: object) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def _consistent(described: Mapping[str, Any], where: Text) -> None:
    """Refuse bounds that no value keeps, or that CSVW (section 5.11.2) does not let stand together."""
    least = [key for key in ("minimum", "minInclusive", "minExclusive") if key in described]
    most = [key for key in ("maximum", "maxInclusive", "maxExclusive") if key in described]
    lengths: list[int] = [described[key] for key in ("minLength", "length", "maxLength") if key in described]
    is_empty = any(
        (_order(described[low]), "Exclusive" in low + high) > (_order(described[high]), False)
        for low in least
        for high in most
    )
    both = {"minInclusive", "minExclusive"} <= set(least) or {"maxInclusive", "maxExclusive"} <= set(most)
    if is_empty or both or any(one > other for one, other in pairwise(lengths)):
        raise WorkspaceError(explained("error.csvw.bounds", where=where))


def _order(limit: object) -> tuple[Decimal, str]:
    return (Decimal(str(limit)), "") if _is_number(limit) else (Decimal(0), str(limit))
