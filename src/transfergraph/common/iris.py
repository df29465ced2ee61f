"""What counts as an address (IRI) or a language tag: one rule, that of the strictest reader at hand."""

from __future__ import annotations

import re

import pyoxigraph as ox

_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_WITH_NAME = re.compile(f"[{_NAME_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_NAME_START}]*\\Z")


def iri_fault(value: str) -> str | None:
    """Why this is no absolute IRI (RFC 3987), as the parser of every published file sees it; None when it is.

    The reason is a part of an English sentence.
    """
    try:
        ox.NamedNode(value)
    except ValueError as error:
        return str(error)
    return None


def predicate_fault(value: str) -> str | None:
    """Why RDF/XML (section 2.4) cannot write this IRI as a property: its end must be a name of XML."""
    if _ENDS_WITH_NAME.search(value):
        return None
    return "RDF/XML writes a property by the name at the end of its IRI, and this one has none"


def language_fault(tag: str) -> str | None:
    """The same of a language tag (BCP 47)."""
    try:
        ox.Literal("", language=tag)
    except ValueError as error:
        return str(error)
    return None


_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def normalised(path: str) -> str:
    """The path with each octet written in one way (RFC 3986, section 6.2.2): capital hexadecimal digits, and
    unreserved characters as they are."""

    def written(octet: re.Match[str]) -> str:
        character = chr(int(octet[0][1:], 16))
        return character if character in _UNRESERVED else octet[0].upper()

    return _ENCODED.sub(written, path)
