"""What counts as an address (IRI) or a language tag: one rule, that of the strictest reader at hand."""

from __future__ import annotations

import re

from transfergraph.common.text import Text
from transfergraph.messages import explained

_NAME_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ENDS_WITH_NAME = re.compile(f"[{_NAME_START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{_NAME_START}]*\\Z")

ADDRESS_SAFE = "/%~:@!$&'()*+,;=-._#"
"""What is not encoded where the path of an IRI becomes that of a page."""

_DOT = r"(?:\.|%2[Ee])"
_HIERARCHICAL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*)(/[^?#]*)(.*)", re.DOTALL)
_STEP = re.compile(f"/(?:(?P<up>{_DOT}{_DOT})|{_DOT})(?=/|\\Z)")
_STEPS = re.compile("/[^/]*")
_RESERVED = re.compile(
    r"[/@.](example|invalid|test|localhost)([:/?#]|$)|[/@.]example\.(com|org|net)([:/?#]|$)"
)


def iri_fault(value: str) -> str | None:
    """Why this is no absolute IRI (RFC 3987), as the parser of every published file sees it; None when it is.

    The steps ``.`` and ``..`` of a path (RFC 3986, section 5.2.4) are a fault: some parsers resolve them,
    others keep them. The reason is a part of an English sentence.
    """
    from pyoxigraph import NamedNode  # a MiB that the process which takes the requests never needs

    try:
        NamedNode(value)
    except ValueError as error:
        return str(error)
    if without_dot_steps(value) != value:
        return "its path has a step . or .., which some readers resolve and others keep"
    return None


def without_dot_steps(address: str) -> str:
    """The address with the steps ``.`` and ``..`` of its path resolved, as browsers do."""
    found = _HIERARCHICAL.fullmatch(address)
    if found is None or not _STEP.search(found[2]):
        return address
    steps: list[str] = []
    for step in _STEPS.findall(found[2]):
        is_dots = _STEP.fullmatch(step)
        if is_dots and is_dots["up"]:
            del steps[-1:]
        elif not is_dots:
            steps.append(step)
    if _STEP.search(found[2][found[2].rindex("/") :]):
        steps.append("/")
    return found[1] + ("".join(steps) or "/") + found[3]


def predicate_fault(value: str) -> Text | None:
    """Why RDF/XML (section 2.4) cannot write this IRI as a property: its end must be a name of XML."""
    if _ENDS_WITH_NAME.search(value):
        return None
    return explained("error.predicate")


def language_fault(tag: str) -> str | None:
    """The same of a language tag (BCP 47)."""
    from pyoxigraph import Literal

    try:
        Literal("", language=tag)
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


def is_reserved(address: str) -> bool:
    """Whether a web or mail address belongs to nobody: its host is reserved for examples (RFC 2606)."""
    return _RESERVED.search(address) is not None
