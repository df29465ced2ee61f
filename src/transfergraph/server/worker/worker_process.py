"""The process that answers, one request at a time, until its connection is closed or it is killed."""

from __future__ import annotations

import dataclasses
import sys
import traceback
from contextlib import suppress
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

from transfergraph.common.formats import PROBLEM
from transfergraph.common.process_endings import Ending
from transfergraph.common.sandbox import forbid_sockets, limit_memory, resident_bytes
from transfergraph.errors import QueryError, ReleaseError, StoreError, StoreUnavailable, UsageError
from transfergraph.messages import explained
from transfergraph.server.negotiation import NotAcceptable, choose_language
from transfergraph.server.pool.ipc import Failure, Ready, ResponseEnd, encode
from transfergraph.server.pool.requests import (
    ListRequest,
    MetadataRequest,
    PageRequest,
    QuestionRequest,
    ReconcileRequest,
    SearchRequest,
    SparqlRequest,
    WorkerRequest,
    read_request,
)
from transfergraph.server.problems import Problem, ended, retry_after, told
from transfergraph.server.worker.list_answers import answer_list
from transfergraph.server.worker.metadata_answers import answer_metadata
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.question_answers import answer_question
from transfergraph.server.worker.reconcile_answers import answer_reconciliation
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.search_answers import answer_search
from transfergraph.server.worker.sparql_answers import answer_sparql, answer_sparql_page
from transfergraph.server.worker.worker_context import (
    SharedContext,
    WorkerContext,
    open_store,
)
from transfergraph.store import Store


def work(connection: Connection, shared: SharedContext, store: Store | None) -> None:
    """Open the store, unless it is given, enter the sandbox, and answer until the server disconnects.

    Only a worker of a remote store may open sockets.
    """
    config = shared.config
    try:
        context = WorkerContext(shared, store or open_store(shared))
        if config.store_url is None:
            forbid_sockets()
    except (StoreError, ReleaseError) as error:
        connection.send_bytes(encode(Failure(str(error))))
        return
    limit_memory(config.memory_megabytes)
    connection.send_bytes(encode(Ready()))
    with suppress(EOFError):
        while True:
            request = read_request(connection.recv_bytes())
            _answer(context, request, ResponseWriter(connection.send_bytes, request.preferences.coding))


def _answer(context: WorkerContext, request: WorkerRequest, writer: ResponseWriter) -> None:
    """Answer one request; an error becomes problem details, or breaks off an answer that has begun."""
    try:
        end = _dispatch(context, request, writer)
    except Exception as error:
        problem = _problem(error)
        if writer.begun:
            writer.fail(problem.detail.english)
            return
        language = choose_language(request.preferences.languages, problem.languages)
        fields = (("content-type", PROBLEM), ("content-language", language), *problem.headers)
        writer.begin(problem.status, *fields)
        writer.write(problem.to_json(urlsplit(request.preferences.url).path or "/", language))
        end = ResponseEnd()
    writer.finish(dataclasses.replace(end, memory=resident_bytes()))


def _dispatch(context: WorkerContext, request: WorkerRequest, writer: ResponseWriter) -> ResponseEnd:
    match request:
        case SparqlRequest(on_page=True):
            return answer_sparql_page(context, request, writer)
        case SparqlRequest():
            return answer_sparql(context, request, writer)
        case PageRequest():
            return answer_page(context, request, writer)
        case MetadataRequest():
            return answer_metadata(context, request, writer)
        case QuestionRequest():
            return answer_question(context, request, writer)
        case SearchRequest():
            return answer_search(context, request, writer)
        case ReconcileRequest():
            return answer_reconciliation(context, request, writer)
        case ListRequest():
            return answer_list(context, request, writer)


def _problem(error: Exception) -> Problem:
    """The problem details for an error; an unforeseen one is written to standard error."""
    match error:
        case NotAcceptable():
            return error.problem
        case QueryError(position=(line, column)):
            return Problem(400, "bad-query", told(error), {"line": line, "column": column})
        case QueryError():
            return Problem(400, "bad-query", told(error))
        case UsageError():
            return Problem(400, "bad-request", told(error))
        case StoreUnavailable():
            return Problem(503, "store", told(error), headers=(retry_after(10),))
        case StoreError():
            return Problem(500, "store", told(error))
        case MemoryError():
            return ended(Ending.MEMORY)
    with suppress(OSError):  # a log that cannot be written does not prevent the answer
        sys.stderr.write("".join(traceback.format_exception(error)))
    return Problem(500, "failure", explained("problem.failure"))
