"""The header fields of a proxy about the original request: ``Forwarded`` (RFC 7239) or ``X-Forwarded-*``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from transfergraph.messages import explained

_PAIR = re.compile(r'[ \t]*(?:([\w-]+)=("(?:[^"\\]|\\.)*"|[^\s;,"]+))?[ \t]*([;,]|$)', re.ASCII)
_NODE = re.compile(r"\[([0-9A-Fa-f:.]+)\](?::\d+)?|(\d+(?:\.\d+){3}):\d+", re.ASCII)
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*")
_NAMES = ("for", "host", "proto", "prefix")

FIELDS = ("forwarded", *(f"x-forwarded-{name}" for name in _NAMES))
"""The names of the fields."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The values of the nearest proxy; empty where there is none.

    ``chain`` has the addresses that the request passed, the nearest last; host, scheme and prefix (the path
    under which the proxy publishes the server, without a slash at its end) are those of the client's request.
    """

    chain: tuple[str, ...] = ()
    host: str = ""
    scheme: str = ""
    prefix: str = ""


def read_forwarded(headers: Mapping[str, str]) -> Forwarded:
    """Read the fields. Of several values the last counts: a proxy appends its own to what it received.

    Raises :class:`ValueError` when ``Forwarded`` is malformed, and when there are fields of both kinds: a
    proxy writes one kind, and the other may be its client's.
    """
    parts = {name: _values(headers.get(f"x-forwarded-{name}", "")) for name in _NAMES}
    elements = _elements(headers.get("forwarded", ""))
    if not elements:
        chain = tuple(_address(node) for node in parts["for"])
        host, scheme, prefix = (parts[name][-1] if parts[name] else "" for name in _NAMES[1:])
    elif any(parts.values()):
        raise ValueError(explained("problem.forwarded-twice"))
    else:
        chain = tuple(_address(element.get("for", "unknown")) for element in elements)
        host, scheme, prefix = elements[-1].get("host", ""), elements[-1].get("proto", ""), ""
    scheme, prefix = scheme.lower(), prefix.rstrip("/")
    return Forwarded(
        chain,
        host,
        scheme if scheme in ("http", "https") else "",
        prefix if _PREFIX.fullmatch(prefix) else "",
    )


def _values(field: str) -> list[str]:
    return [value for part in field.split(",") if (value := part.strip())]


def _elements(field: str) -> list[dict[str, str]]:
    """The elements of ``Forwarded`` that are not empty (section 4)."""
    found: list[dict[str, str]] = [{}]
    at = 0
    while at < len(field):
        pair = _PAIR.match(field, at)
        if pair is None or (pair[1] or "").lower() in found[-1]:
            raise ValueError(explained("problem.forwarded"))
        if pair[1]:
            value = re.sub(r"\\(.)", r"\1", pair[2][1:-1]) if pair[2].startswith('"') else pair[2]
            found[-1][pair[1].lower()] = value
        if pair[3] == ",":
            found.append({})
        at = pair.end()
    return [element for element in found if element]


def _address(node: str) -> str:
    """The address of a node without its port and brackets (section 6)."""
    found = _NODE.fullmatch(node)
    return (found[1] or found[2]) if found else node
