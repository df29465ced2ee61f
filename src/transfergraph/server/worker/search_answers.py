"""Answers to what is searched by name: a page, or JSON."""

from __future__ import annotations

import dataclasses

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.errors import UsageError
from transfergraph.server.negotiation import choose, choose_language
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import PageRequest, SearchRequest
from transfergraph.server.problems import told
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import FORM_TYPES, begin_page
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML, SEARCH_PAGE, readings
from transfergraph.web.search_page import SHOWN, SearchedText, render_search, search_json

_SUGGESTED = 10
_NO_ROBOTS = ("x-robots-tag", "noindex")


def answer_search(context: WorkerContext, request: SearchRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer for a text; in a release that cannot be searched, there is nothing at this address."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    found = (one for one in readings(request.path, site.languages) if one.local == SEARCH_PAGE)
    address = next(found, None)
    if context.index is None or address is None or address.ending not in ("", HTML, "json"):
        return answer_page(context, PageRequest(request.path, request.preferences), writer)
    preferences = request.preferences
    types = [FORM_TYPES[HTML], FORM_TYPES["json"]]
    form = address.ending or choose(preferences.accept, preferences.form, types)[1]
    chosen = request.language if request.language in site.languages else address.language
    language = chosen or choose_language(preferences.languages, site.languages)
    text = " ".join(request.text.split())
    if form == "json":
        result = context.index.search(text, request.limit or _SUGGESTED, language)
        writer.begin(200, ("content-type", MEDIA_TYPES["json"]), ("content-language", language), _NO_ROBOTS)
        writer.write(search_json(result, site.base, site.release, language))
        return ResponseEnd()
    searched, status = SearchedText(text), 200
    try:
        searched = SearchedText(text, context.index.search(text, request.limit or SHOWN, language))
    except UsageError as error:
        searched, status = SearchedText(text[:SHOWN], problem=told(error)), 400
    address = dataclasses.replace(address, language=language)
    begin_page(site, address, preferences, writer, _NO_ROBOTS, status=status)
    writer.write(render_search(site, language, searched).encode())
    return ResponseEnd()
