"""Content negotiation (RFC 9110, section 12): what a client prefers of the media types available."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from transfergraph.common.formats import GRAPH_FORMATS, RESULT_FORMATS, GraphFormat, ResultFormat
from transfergraph.messages import explained
from transfergraph.server.problems import Problem

T = TypeVar("T")

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?|\.[0-9]{1,3}")
_MEMBERS = 64


class Preference(NamedTuple):
    """A member of a header field: a range and its weight from 0 to 1."""

    range: str
    quality: float


@lru_cache(maxsize=1024)
def preferences(field: str) -> tuple[Preference, ...]:
    """The members of ``Accept``, ``Accept-Language`` or ``Accept-Encoding``, in lower case.

    Other parameters than the weight are ignored, and so are members with an invalid weight. At most 64
    members are read.
    """
    found = []
    for member in field.split(",")[:_MEMBERS]:
        name, *parameters = (part.strip() for part in member.lower().split(";"))
        weights = [p.partition("=")[2].strip() for p in parameters if p.partition("=")[0].strip() == "q"]
        weight = weights[0] if weights else "1"
        if name and _QUALITY.fullmatch(weight):
            found.append(Preference(name, float(weight)))
    return tuple(found)


def choose_media_type(accept: str, available: Sequence[tuple[str, T]]) -> tuple[str, T] | None:
    """The offered media type, with its value, of the greatest weight; the first of several.

    The most specific range that fits an offer gives its weight. Without a preference the first offer is
    taken; None means that the client accepts none of them (406).
    """
    members = preferences(accept)
    if not members:
        return available[0]
    weighed = [(_media_quality(members, media_type), (media_type, value)) for media_type, value in available]
    best = max(quality for quality, _ in weighed)
    return None if best == 0 else next(content for quality, content in weighed if quality == best)


def _media_quality(members: Sequence[Preference], media_type: str) -> float:
    for wanted in (media_type, media_type.partition("/")[0] + "/*", "*/*", "*"):  # the last is Java's
        found = [member.quality for member in members if member.range == wanted]
        if found:
            return max(found)
    return 0.0


def choose_language(field: str, available: Sequence[str]) -> str:
    """The offered language of the greatest weight (RFC 4647, lookup); the first when none is wanted."""
    members = sorted(preferences(field), key=lambda member: -member.quality)
    for member in members:
        if member.quality > 0:
            primary = member.range.partition("-")[0]
            if member.range in available or primary in available:
                return member.range if member.range in available else primary
            if member.range == "*":
                return available[0]
    return available[0]


@lru_cache(maxsize=1024)
def choose_coding(field: str) -> str:
    """``br``, ``gzip`` or ``identity``: the content coding of the greatest weight that is available.

    Without the field nothing is encoded. ``identity`` stays when everything is refused: an answer that is
    not encoded is more useful than none.
    """
    members = {member.range: member.quality for member in preferences(field)}
    if not members:
        return "identity"
    rest = members.get("*", 0.0)
    weights = {coding: members.get(coding, rest) for coding in ("br", "gzip")}
    best = max(weights, key=lambda coding: weights[coding])
    floor = members.get("identity", 0.0)
    return best if weights[best] > 0 and weights[best] >= floor else "identity"


Format = TypeVar("Format", GraphFormat, ResultFormat)

# Beside the registered ones: media types and short names that clients use.
_TYPES: Mapping[str, tuple[str, ...]] = {
    "json": ("application/json",),
    "xml": ("application/xml", "text/xml"),
    "n-triples": ("text/plain",),
    "json-ld": ("application/json",),
    "rdf-xml": ("application/xml", "text/xml"),
}
_NAMES: Mapping[str, tuple[str, ...]] = {
    "turtle": ("n3",),
    "n-triples": ("ntriples",),
    "json-ld": ("json",),
    "rdf-xml": ("rdf+xml", "xml"),
}
_ORDER = ("json", "turtle", "xml", "csv", "tsv", "n-triples", "json-ld", "rdf-xml", "n-quads")


@dataclass(frozen=True, slots=True)
class ContentType(Generic[T]):
    """A format, its media types, the first of them the registered one, and the names that clients use."""

    form: T
    media_types: tuple[str, ...]
    names: tuple[str, ...]


def _content_type(known: Format) -> ContentType[Format]:
    names = (known.name, known.ending, known.media_type, *_NAMES.get(known.name, ()))
    return ContentType(known, (known.media_type, *_TYPES.get(known.name, ())), names)


def _sorted(formats: Sequence[Format]) -> list[Format]:
    return sorted(formats, key=lambda known: _ORDER.index(known.name))


GRAPH_TYPES: tuple[ContentType[GraphFormat], ...] = tuple(map(_content_type, _sorted(GRAPH_FORMATS)))
RESULT_TYPES: tuple[ContentType[ResultFormat], ...] = tuple(map(_content_type, _sorted(RESULT_FORMATS)))
_ALL_NAMES = frozenset(
    name
    for names in (*(one.names for one in GRAPH_TYPES), *(one.names for one in RESULT_TYPES))
    for name in names
)


class NotAcceptable(Exception):
    """The client accepts none of the available types."""

    def __init__(self, available: Sequence[str]) -> None:
        super().__init__()
        sentence = explained("problem.no-form", available=", ".join(available))
        self.problem = Problem(406, "not-acceptable", sentence, {"available": list(available)})


def choose(accept: str, name: str, available: Sequence[ContentType[T]]) -> tuple[str, T]:
    """The media type to send, and the format.

    ``name``, or several joined by commas, goes before ``accept``, unless it names a format for another kind
    of result: some clients send both with every query. Raises :class:`NotAcceptable`.
    """
    wanted = name.split(",") if name else []
    for short in wanted:
        for one in available:
            if short in one.names:
                return one.media_types[0], one.form
    if all(short in _ALL_NAMES for short in wanted):
        if not accept:
            return available[0].media_types[0], available[0].form
        flat = [(media_type, one.form) for one in available for media_type in one.media_types]
        chosen = choose_media_type(accept, flat)
        if chosen is not None:
            return chosen
    raise NotAcceptable([one.media_types[0] for one in available])


def content_type(media_type: str) -> str:
    """The value of ``Content-Type``: texts are UTF-8, and say so (RFC 6657)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
