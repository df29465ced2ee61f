"""Answers for a list that is narrowed, sorted or paged by the parameters of an address."""

from __future__ import annotations

import dataclasses

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.errors import UsageError
from transfergraph.server.negotiation import choose, choose_language, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ListRequest, PageRequest
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import FORM_TYPES, begin_page
from transfergraph.server.worker.sparql_answers import CUT
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML, Address, Site, readings
from transfergraph.web.list_downloads import list_file
from transfergraph.web.list_page import FILES, AskedList, ask_list, misunderstood, render_faceted_list

_NO_ROBOTS = ("x-robots-tag", "noindex")


def answer_list(context: WorkerContext, request: ListRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer for a list; for what is none, or has no facets, as for any page."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    lists = context.lists.lists if context.lists is not None else {}
    found = (one for one in readings(request.path, site.languages) if one.local[:-1] in lists)
    address = next((one for one in found if one.local.endswith("/") and one.page == 1), None)
    if address is None or address.ending not in ("", HTML, *FILES):
        return answer_page(context, PageRequest(request.path, request.preferences), writer)
    asked = ask_list(lists[address.local[:-1]], request.parameters, site)
    preferences = request.preferences
    wanted = dict(request.parameters)
    form = address.ending
    if not form:
        types = [FORM_TYPES[ending] for ending in (HTML, *FILES)]
        form = choose(preferences.accept, wanted.get("format", "") or preferences.form, types)[1]
    chosen = wanted.get("language", "") if wanted.get("language", "") in site.languages else address.language
    language = chosen or choose_language(preferences.languages, site.languages)
    if form == HTML:
        return _page(asked, site, dataclasses.replace(address, language=language), request, writer)
    return _file(context, asked, site, form, language, writer)


def _page(
    asked: AskedList, site: Site, address: Address, request: ListRequest, writer: ResponseWriter
) -> ResponseEnd:
    result = asked.listed.find(asked.query, (address.language, site.languages[0]))
    status = 404 if asked.query.page > result.pages else 400 if asked.strange else 200
    begin_page(site, address, request.preferences, writer, _NO_ROBOTS, status=status)
    writer.write(render_faceted_list(asked, result, site, address.language).encode())
    return ResponseEnd()


def _file(
    context: WorkerContext, asked: AskedList, site: Site, form: str, language: str, writer: ResponseWriter
) -> ResponseEnd:
    """A file of all rows; there is none where a part of the address says nothing here."""
    if asked.strange:
        raise UsageError(misunderstood(asked))
    most = context.config.rows
    body = list_file(context.store, asked, site, form, language, most)
    name = f'attachment; filename="{asked.listed.key}.{form}"'
    fields = [("content-type", content_type(MEDIA_TYPES[form])), ("content-language", language), _NO_ROBOTS]
    if form in ("csv", "xlsx"):
        fields.append(("content-disposition", name))
    cut = "rows" if form != "rq" and asked.listed.total(asked.query) > most else ""
    if cut:
        fields.append((CUT, cut))
    writer.begin(200, *fields)
    writer.write(body)
    return ResponseEnd(cut)
