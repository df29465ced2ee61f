"""The forms in which answers are offered, the preferred first, with the names by which clients ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from transfergraph.common.formats import GRAPH_FORMATS, RESULT_FORMATS, GraphFormat, ResultFormat
from transfergraph.server.negotiation import choose_media_type
from transfergraph.server.problems import Problem

T = TypeVar("T")
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
    """A form, the media types under which it is sent, the first of them the registered one, and its names."""

    form: T
    media_types: tuple[str, ...]
    names: tuple[str, ...]


def _offer(known: Format) -> ContentType[Format]:
    names = (known.name, known.ending, known.media_type, *_NAMES.get(known.name, ()))
    return ContentType(known, (known.media_type, *_TYPES.get(known.name, ())), names)


def _sorted(formats: Sequence[Format]) -> list[Format]:
    return sorted(formats, key=lambda known: _ORDER.index(known.name))


GRAPH_OFFERS: tuple[ContentType[GraphFormat], ...] = tuple(map(_offer, _sorted(GRAPH_FORMATS)))
RESULT_OFFERS: tuple[ContentType[ResultFormat], ...] = tuple(map(_offer, _sorted(RESULT_FORMATS)))
_ALL_NAMES = frozenset(
    (
        *(name for content in GRAPH_OFFERS for name in content.names),
        *(n for o in RESULT_OFFERS for n in o.names),
    )
)


class NotAcceptable(Exception):
    """The client wants none of what there is."""

    def __init__(self, available: Sequence[str]) -> None:
        super().__init__()
        sentence = f"There is no such form. There are: {', '.join(available)}."
        self.problem = Problem(406, "not-acceptable", sentence, {"available": list(available)})


def choose(accept: str, name: str, offers: Sequence[ContentType[T]]) -> tuple[str, T]:
    """The media type to send, and the form.

    ``name``, or several joined by commas, goes before ``accept``, unless it is that of a form for something
    else: clients that send both send it with every query. Raises :class:`NotAcceptable`.
    """
    names = name.split(",") if name else []
    for one in names:
        for content in offers:
            if one in content.names:
                return content.media_types[0], content.form
    if all(one in _ALL_NAMES for one in names):
        if not accept:
            return offers[0].media_types[0], offers[0].form
        flat = [(media_type, content.form) for content in offers for media_type in content.media_types]
        chosen = choose_media_type(accept, flat)
        if chosen is not None:
            return chosen
    raise NotAcceptable([content.media_types[0] for content in offers])


def content_type(media_type: str) -> str:
    """The value of ``Content-Type``: texts are UTF-8, and say so (RFC 6657)."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
