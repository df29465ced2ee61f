"""How a worker answers saved questions: as data or page, each with its query, release and citation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.errors import UsageError
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery, run
from transfergraph.queries.parameters import bind
from transfergraph.server.content_types import choose
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import QuestionRequest
from transfergraph.server.worker.absent_answers import answer_absent
from transfergraph.server.worker.answer_workbook import write_workbook
from transfergraph.server.worker.question_api import answer_forms
from transfergraph.server.worker.question_list import answer_list
from transfergraph.server.worker.response_headers import begin_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.sparql_answers import CUT, answer_query
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import Address, Site, readings
from transfergraph.web.answer_tables import AskedQuestion, choices, json_answer, query_string
from transfergraph.web.site_pages import render_question

FOLDER = "questions/"
_FORMATS = {"srj": "json", "srx": "xml"}  # endings and the names of formats, where they differ
_SHOWN = 1000  # rows on a page for readers


def answer_question(context: WorkerContext, request: QuestionRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the list of the questions, or the answer to one of them."""
    site = dataclasses.replace(context.task.site, url=request.preferences.url)
    path = FOLDER + request.path
    addresses = list(readings(path))
    for address in addresses:
        if address.local == FOLDER or request.path == "openapi.json":
            return answer_list(context, site, dataclasses.replace(address, local=FOLDER), request, writer)
        name = address.local.removeprefix(FOLDER)
        question = next((one for one in context.common.questions if one.name == name), None)
        if question is not None:
            return _Asking(context, site, question, request).answer(address, writer)
    return _other_ending(context, site, request, writer) or answer_absent(
        context, site, path, addresses, request.preferences, writer
    )


def _other_ending(
    context: WorkerContext, site: Site, request: QuestionRequest, writer: ResponseWriter
) -> ResponseEnd | None:
    """Answer for an ending that documents do not have, such as ``.xlsx``."""
    name, _, ending = request.path.rpartition(".")
    for question in context.common.questions:
        if question.name == name and ending in (*(o.form for o in answer_forms(question)), "rq"):
            return _Asking(context, site, question, request).answer(Address(FOLDER + name, ending), writer)
    return None


class _Asking:
    """A question with the values of one request."""

    def __init__(
        self, context: WorkerContext, site: Site, question: NamedQuery, request: QuestionRequest
    ) -> None:
        self._context = context
        self._site = site
        self._question = question
        names = {parameter.name for parameter in question.parameters}
        values: dict[str, list[str]] = {}
        form = ""
        for name, value in request.parameters:
            if name == "format" and name not in names:
                form = value
            else:
                values.setdefault(name, []).append(value)
        self._values: Mapping[str, Sequence[str]] = values
        self._preferences = dataclasses.replace(request.preferences, form=form)

    def answer(self, address: Address, writer: ResponseWriter) -> ResponseEnd:
        """Write the answer in the form of the ending, or else in that which the client likes best."""
        form = address.ending or self._form()
        links = ("link", ", ".join(self._links(address)))
        match form:
            case "html":
                return self._page(address, writer, links)
            case "rq":
                writer.begin(200, ("content-type", "application/sparql-query"), links)
                writer.write(self._bound().encode())
                return ResponseEnd()
            case "json" | "xlsx":
                return self._table(form, writer, links)
        preferences = dataclasses.replace(self._preferences, form=_FORMATS.get(form, form))
        return answer_query(self._context, self._bound(), preferences, writer, headers=(links,))

    def _form(self) -> str:
        return choose(self._preferences.accept, self._preferences.form, answer_forms(self._question))[1]

    def _bound(self) -> str:
        return bind(self._context.store, self._question, self._site.base, self._values)

    def _table(self, form: str, writer: ResponseWriter, links: tuple[str, str]) -> ResponseEnd:
        result = run(
            self._context.store, self._question, self._site.base, self._values, self._context.task.rows
        )
        assert isinstance(result, Answer | BooleanAnswer)
        told = json_answer(self._question, result, self._values, self._site)
        if form == "json":
            writer.begin(200, ("content-type", "application/json"), links)
            writer.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
        else:
            name = f'attachment; filename="{self._question.name}.xlsx"'
            writer.begin(200, ("content-type", MEDIA_TYPES["xlsx"]), ("content-disposition", name), links)
            writer.write(write_workbook(told, self._bound()))
        cut = "rows" if isinstance(result, Answer) and result.cut else ""
        if cut:
            writer.add_header(CUT, cut)
        return ResponseEnd(cut)

    def _page(self, address: Address, writer: ResponseWriter, links: tuple[str, str]) -> ResponseEnd:
        offered = choices(self._context.store, self._site.base, self._question)
        asked = AskedQuestion(self._values, offered)
        result, status = None, 200
        try:
            limit = min(_SHOWN, self._context.task.rows)
            result = run(self._context.store, self._question, self._site.base, self._values, limit)
        except UsageError as error:
            asked, status = dataclasses.replace(asked, problem=str(error)), 400
        language = begin_page(self._site, address, self._preferences, writer, links, status=status)
        writer.write(render_question(self._question, result, self._site, language, asked).encode())
        return ResponseEnd()

    def _links(self, address: Address) -> Iterator[str]:
        """The query, the release, the licence, and the other forms of the answer (RFC 8288)."""
        site, local = self._site, FOLDER + self._question.name
        query = query_string(self._question, AskedQuestion(self._values))
        yield f'<{site.url}{local}.rq{query}>; rel="describedby"; type="application/sparql-query"'
        yield f'<{site.base}release/{site.release}>; rel="cite-as"'
        yield f'<{site.url}manifest.json>; rel="describedby"; type="application/json"'
        yield f'<{site.licence}>; rel="license"'
        for content in answer_forms(self._question):
            if content.form != address.ending:
                target = f"{site.url}{local}.{content.form}{query}"
                yield f'<{target}>; rel="alternate"; type="{content.media_types[0]}"'
