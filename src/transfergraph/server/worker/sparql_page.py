"""The endpoint for readers: a form for queries, and what comes of one."""

from __future__ import annotations

import dataclasses

from transfergraph.errors import QueryError, UsageError
from transfergraph.queries import Result, run_text
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import SparqlRequest
from transfergraph.server.worker.response_headers import begin_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import Address
from transfergraph.web.site_pages import render_sparql

_SHOWN = 1000  # rows on a page


def answer_sparql_page(context: WorkerContext, request: SparqlRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the page with the form and, when there is a query, its result or what is wrong with it."""
    site = dataclasses.replace(context.task.site, url=request.preferences.url)
    result: Result | None = None
    problem, status = "", 200
    if request.query:
        try:
            result = run_text(context.store, request.query, min(_SHOWN, context.task.rows))
        except (QueryError, UsageError) as error:
            problem, status = str(error), 400
    address = Address("sparql", "html", request.preferences.form)
    language = begin_page(site, address, request.preferences, writer, status=status)
    page = render_sparql(site, language, context.common.questions, request.query, result, problem)
    writer.write(page.encode())
    return ResponseEnd()
