"""What the server sends its workers: their settings once, then requests, as MessagePack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import msgspec


@dataclass(frozen=True, slots=True)
class ClientPreferences:
    """What the client prefers of an answer.

    ``accept`` and ``languages`` are header fields as received; ``form`` is the name of a format, which
    goes before ``accept`` when it is not empty; ``coding`` is the content coding that was chosen; ``url`` is
    the absolute address of the start page, ending with a slash.
    """

    accept: str = ""
    languages: str = ""
    form: str = ""
    coding: str = "identity"
    url: str = ""


class SparqlRequest(msgspec.Struct, frozen=True, tag=True):
    """A query of the SPARQL 1.1 Protocol; the graphs are IRIs, none when the request named none.

    ``on_page`` asks for a page for readers with the form for queries and the result; without a query it has
    the form alone.
    """

    light_seconds: ClassVar[float] = 0.1
    query: str
    preferences: ClientPreferences
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    on_page: bool = False


class PageRequest(msgspec.Struct, frozen=True, tag=True):
    """A path below the start page: an entity, a term, a list, or a document about one of them."""

    light_seconds: ClassVar[float] = 2.0
    path: str
    preferences: ClientPreferences


class QuestionRequest(msgspec.Struct, frozen=True, tag=True):
    """A saved question, by its path below ``questions/``, with the caller's parameters: names and values."""

    light_seconds: ClassVar[float] = 1.0
    path: str
    parameters: tuple[tuple[str, str], ...]
    preferences: ClientPreferences


class SearchRequest(msgspec.Struct, frozen=True, tag=True):
    """A text to search for, with the path of the answer, which may name its form and language.

    ``language`` goes before that which the client prefers; there are at most ``limit`` hits, or as many as
    the form has.
    """

    light_seconds: ClassVar[float] = 1.0
    path: str
    text: str
    preferences: ClientPreferences
    language: str = ""
    limit: int | None = None


class ListRequest(msgspec.Struct, frozen=True, tag=True):
    """A list under the path of a page or file, narrowed, sorted or paged by parameters: names and values."""

    light_seconds: ClassVar[float] = 1.0
    path: str
    parameters: tuple[tuple[str, str], ...]
    preferences: ClientPreferences


class ReconcileRequest(msgspec.Struct, frozen=True, tag=True):
    """A part of the reconciliation service, empty for the service itself, with its parameters: names and
    values."""

    light_seconds: ClassVar[float] = 2.0
    part: str
    parameters: tuple[tuple[str, str], ...]
    preferences: ClientPreferences


class MetadataRequest(msgspec.Struct, frozen=True, tag=True):
    """A description of the server: ``subject`` is ``service``, its endpoint, or ``problems``."""

    light_seconds: ClassVar[float] = 2.0
    subject: str
    preferences: ClientPreferences


WorkerRequest = (
    SparqlRequest
    | PageRequest
    | QuestionRequest
    | SearchRequest
    | ListRequest
    | ReconcileRequest
    | MetadataRequest
)

pack_request = msgspec.msgpack.Encoder().encode
"""The request as bytes; equal requests give equal bytes."""

read_request: Callable[[bytes], WorkerRequest] = msgspec.msgpack.Decoder(WorkerRequest).decode
"""The request that :func:`pack_request` wrote."""


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """The settings of the workers of one release.

    ``release`` is a folder, ``moved`` that of its files with the addresses of the server, or None; ``url``
    the address of the start page where requests do not name it; ``store_url`` the SPARQL server that holds
    the graph, None for the release's own store; ``in_memory`` is true for a store that is loaded into memory.
    ``rows``, ``megabytes`` and ``seconds`` limit one answer, ``memory_megabytes`` the memory of a worker.
    """

    release: Path
    url: str
    store_url: str | None
    in_memory: bool
    rows: int
    megabytes: int
    seconds: int
    memory_megabytes: int
    moved: Path | None = None
