"""The process that answers, one job at a time, until it is told to stop or is killed."""

from __future__ import annotations

import dataclasses
import socket
import sys
import traceback
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from transfergraph.common.process_endings import Ending
from transfergraph.common.sandbox import forbid_sockets, limit_memory, resident_bytes
from transfergraph.errors import QueryError, StoreError, StoreUnavailable, UsageError
from transfergraph.server.content_types import NotAcceptable
from transfergraph.server.negotiation import choose_language
from transfergraph.server.pool.ipc import FAIL, JOB, READY, FrameReader, ResponseEnd, pack
from transfergraph.server.pool.requests import (
    Job,
    MetadataRequest,
    PageRequest,
    QuestionRequest,
    SparqlRequest,
    read_request,
)
from transfergraph.server.problems import MEDIA_TYPE, Problem, ended, retry_after
from transfergraph.server.worker.metadata_answers import answer_about
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.question_answers import answer_question
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.sparql_answers import answer_sparql
from transfergraph.server.worker.sparql_page import answer_sparql_page
from transfergraph.server.worker.worker_context import SharedContext, WorkerContext, open_store
from transfergraph.store import Store

_CHUNK = 1 << 16


def work(connection: socket.socket, common: SharedContext, store: Store | None) -> None:
    """Open the store, unless it is given, close the process off, and answer jobs until the server hangs up.

    Only a worker that passes queries on to another server keeps the right to open sockets.
    """
    task = common.task
    try:
        context = WorkerContext(common, store or open_store(task))
        if task.store_url is None:
            forbid_sockets()
    except StoreError as error:
        connection.sendall(pack(FAIL, str(error).encode()))
        return
    limit_memory(task.memory_megabytes)
    connection.sendall(pack(READY, b""))
    for request in _requests(connection):
        _answer(context, request, ResponseWriter(connection.sendall, request.preferences.coding))


def _requests(connection: socket.socket) -> Iterator[Job]:
    reader = FrameReader()
    while data := connection.recv(_CHUNK):
        for kind, content in reader.feed(data):
            if kind == JOB:
                yield read_request(content)


def _answer(context: WorkerContext, request: Job, writer: ResponseWriter) -> None:
    """Answer one job; what goes wrong becomes a problem, or breaks off what has begun."""
    try:
        end = _dispatch(context, request, writer)
    except Exception as error:
        problem = _problem(error)
        if writer.begun:
            writer.fail(problem.detail)
            return
        language = choose_language(request.preferences.languages, ("en", "de"))
        writer.begin(problem.status, ("content-type", MEDIA_TYPE), *problem.headers)
        writer.write(problem.to_json(urlsplit(request.preferences.url).path or "/", language))
        end = ResponseEnd()
    writer.finish(dataclasses.replace(end, memory=resident_bytes()))


def _dispatch(context: WorkerContext, request: Job, writer: ResponseWriter) -> ResponseEnd:
    match request:
        case SparqlRequest(on_page=True):
            return answer_sparql_page(context, request, writer)
        case SparqlRequest():
            return answer_sparql(context, request, writer)
        case PageRequest():
            return answer_page(context, request, writer)
        case MetadataRequest():
            return answer_about(context, request, writer)
        case QuestionRequest():
            return answer_question(context, request, writer)


def _problem(error: Exception) -> Problem:
    """The problem that an error is for the client; one that nobody foresaw is written down."""
    match error:
        case NotAcceptable():
            return error.problem
        case QueryError(position=(line, column)):
            return Problem(400, "bad-query", str(error), {"line": line, "column": column})
        case QueryError():
            return Problem(400, "bad-query", str(error))
        case UsageError():
            return Problem(400, "bad-request", str(error))
        case StoreUnavailable():
            return Problem(503, "store", str(error), headers=(retry_after(10),))
        case StoreError():
            return Problem(500, "store", str(error))
        case MemoryError():
            return ended(Ending.MEMORY)
    with suppress(OSError):  # a log that cannot be written keeps nobody from an answer
        sys.stderr.write("".join(traceback.format_exception(error)))
    return Problem(500, "failure", "The server failed at this request; the failure was written down.")
