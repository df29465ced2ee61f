"""What the server asks its workers to do, as values that travel between processes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the client would like of an answer.

    ``accept`` and ``languages`` are header fields as they came; ``form`` is the name of a format, which
    goes before ``accept`` when it is not empty; ``coding`` is the content coding that was chosen; ``url`` is
    the absolute address of the start page, ending with a slash.
    """

    accept: str = ""
    languages: str = ""
    form: str = ""
    coding: str = "identity"
    url: str = ""


@dataclass(frozen=True, slots=True)
class SparqlJob:
    """A query of the SPARQL 1.1 Protocol; the graphs are IRIs, none when the request named none.

    ``on_page`` asks for a page for readers with the form for queries and the result; without a query it has
    the form alone.
    """

    light_seconds: ClassVar[float] = 0.1
    query: str
    wishes: Wishes
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    on_page: bool = False


@dataclass(frozen=True, slots=True)
class PageJob:
    """A path below the start page: an entity, a term, a list, or a document about one of them."""

    light_seconds: ClassVar[float] = 2.0
    path: str
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class QuestionJob:
    """A saved question, by its path below ``questions/``, with the caller's parameters: names and values."""

    light_seconds: ClassVar[float] = 1.0
    path: str
    parameters: tuple[tuple[str, str], ...]
    wishes: Wishes


@dataclass(frozen=True, slots=True)
class AboutJob:
    """Something about the whole.

    ``subject`` is ``service``, ``schema``, ``void``, ``sitemap``, ``examples``, ``problems`` or
    ``stylesheet``; ``detail`` is the number of a sitemap.
    """

    light_seconds: ClassVar[float] = 2.0
    subject: str
    wishes: Wishes
    detail: str = ""


Job = SparqlJob | PageJob | QuestionJob | AboutJob

_KINDS: Mapping[str, type[Job]] = {
    kind.__name__: kind for kind in (SparqlJob, PageJob, QuestionJob, AboutJob)
}


def pack_job(job: Job) -> bytes:
    """The job as bytes; the same job gives the same bytes."""
    return json.dumps([type(job).__name__, _values(job)], default=_values, ensure_ascii=False).encode()


def _values(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}


def read_job(content: bytes) -> Job:
    """The job that :func:`pack_job` wrote."""
    name, values = json.loads(content)
    return _KINDS[name](**{key: _frozen(value) for key, value in values.items()})


def _frozen(value: Any) -> Any:
    match value:
        case dict():
            return Wishes(**value)
        case list():
            return tuple(_frozen(item) for item in value)
    return value
