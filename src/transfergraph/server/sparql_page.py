"""The endpoint for readers: a form for queries, and what comes of one."""

from __future__ import annotations

import dataclasses

from transfergraph.errors import QueryError, UsageError
from transfergraph.pages.html import render_sparql
from transfergraph.pages.site import Address
from transfergraph.queries import Result, run_text
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.heads import begin_page
from transfergraph.server.jobs import SparqlJob
from transfergraph.server.outlet import Outlet

_SHOWN = 1000  # rows on a page


def answer_sparql_page(desk: Desk, job: SparqlJob, outlet: Outlet) -> End:
    """Write the page with the form and, when there is a query, its result or what is wrong with it."""
    site = dataclasses.replace(desk.task.site, url=job.wishes.url)
    result: Result | None = None
    problem, status = "", 200
    if job.query:
        try:
            result = run_text(desk.store, job.query, min(_SHOWN, desk.task.rows))
        except (QueryError, UsageError) as error:
            problem, status = str(error), 400
    address = Address("sparql", "html", job.wishes.form)
    language = begin_page(site, address, job.wishes, outlet, status=status)
    page = render_sparql(site, language, desk.common.questions, job.query, result, problem)
    outlet.write(page.encode())
    return End()
