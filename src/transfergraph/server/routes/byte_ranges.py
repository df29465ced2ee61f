"""Parts of a representation (RFC 9110, section 14)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=\s*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{1,18})?|-(?P<suffix>[0-9]{1,18}))\s*")


class Unsatisfiable(Exception):
    """No byte of the representation lies in the range (416)."""


def wanted_range(field: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a ``Range`` field with one range; None when it is none that we serve.

    A field with several ranges may be passed over, and is (section 14.2). Raises :class:`Unsatisfiable`.
    """
    match = _RANGE.fullmatch(field.lower())
    if match is None:
        return None
    if match["suffix"] is not None:
        length = min(int(match["suffix"]), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    first = int(match["first"])
    last = size - 1 if match["last"] is None else min(int(match["last"]), size - 1)
    if match["last"] is not None and int(match["last"]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, last
