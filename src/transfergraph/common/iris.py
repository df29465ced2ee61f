"""What counts as an address (IRI) or a language tag: one rule, that of the strictest reader at hand."""

from __future__ import annotations

import pyoxigraph as ox


def iri_fault(value: str) -> str | None:
    """Why this is no absolute IRI (RFC 3987), as the parser of every published file sees it; None when it is.

    The reason is a part of an English sentence.
    """
    try:
        ox.NamedNode(value)
    except ValueError as error:
        return str(error)
    return None


def language_fault(tag: str) -> str | None:
    """The same of a language tag (BCP 47)."""
    try:
        ox.Literal("", language=tag)
    except ValueError as error:
        return str(error)
    return None
