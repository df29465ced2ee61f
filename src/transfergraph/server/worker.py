"""The process that answers, one job at a time, until it is told to stop or is killed."""

from __future__ import annotations

import dataclasses
import socket
import sys
import traceback
from collections.abc import Iterator
from urllib.parse import urlsplit

from transfergraph.errors import QueryError, StoreError, StoreUnavailable, UsageError
from transfergraph.server.about_answers import answer_about
from transfergraph.server.desk import Common, Desk, open_store
from transfergraph.server.frames import FAIL, JOB, READY, End, FrameReader, pack
from transfergraph.server.jobs import AboutJob, Job, PageJob, QuestionJob, SparqlJob, read_job
from transfergraph.server.offers import NotAcceptable
from transfergraph.server.outlet import Outlet
from transfergraph.server.page_answers import answer_page
from transfergraph.server.problems import MEDIA_TYPE, Problem, retry_after
from transfergraph.server.question_answers import answer_question
from transfergraph.server.sandbox import forbid_sockets, limit_memory, resident_bytes
from transfergraph.server.sparql_answers import answer_sparql
from transfergraph.server.sparql_page import answer_sparql_page
from transfergraph.store import Store

_CHUNK = 1 << 16


def work(connection: socket.socket, common: Common, store: Store | None) -> None:
    """Open the store, unless it is given, close the process off, and answer jobs until the server hangs up.

    Only a worker that passes queries on to another server keeps the right to open sockets.
    """
    task = common.task
    try:
        desk = Desk(common, store or open_store(task))
    except StoreError as error:
        connection.sendall(pack(FAIL, str(error).encode()))
        return
    if task.store_url is None:
        forbid_sockets()
    limit_memory(task.memory_megabytes)
    connection.sendall(pack(READY, b""))
    for job in _jobs(connection):
        _answer(desk, job, Outlet(connection.sendall, job.wishes.coding))


def _jobs(connection: socket.socket) -> Iterator[Job]:
    reader = FrameReader()
    while data := connection.recv(_CHUNK):
        for kind, content in reader.feed(data):
            if kind == JOB:
                yield read_job(content)


def _answer(desk: Desk, job: Job, outlet: Outlet) -> None:
    """Answer one job; what goes wrong becomes a problem, or breaks off what has begun."""
    try:
        end = _dispatch(desk, job, outlet)
    except Exception as error:
        problem = _problem(error)
        if outlet.begun:
            outlet.fail(problem.detail)
            return
        outlet.begin(problem.status, ("content-type", MEDIA_TYPE), *problem.headers)
        outlet.write(problem.to_json(urlsplit(job.wishes.url).path or "/"))
        end = End()
    outlet.finish(dataclasses.replace(end, memory=resident_bytes()))


def _dispatch(desk: Desk, job: Job, outlet: Outlet) -> End:
    match job:
        case SparqlJob(on_page=True):
            return answer_sparql_page(desk, job, outlet)
        case SparqlJob():
            return answer_sparql(desk, job, outlet)
        case PageJob():
            return answer_page(desk, job, outlet)
        case AboutJob():
            return answer_about(desk, job, outlet)
        case QuestionJob():
            return answer_question(desk, job, outlet)


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
            return Problem(422, "memory", "The query needs more memory than one query may take.")
    sys.stderr.write("".join(traceback.format_exception(error)))
    return Problem(500, "failure", "The server failed at this request; the failure was written down.")
