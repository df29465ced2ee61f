"""Answers to saved questions, each with its query, release and citation, and the list of the questions."""

from __future__ import annotations

import dataclasses
import importlib
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.errors import UsageError
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery, run
from transfergraph.queries.parameters import bind
from transfergraph.server.negotiation import ContentType, choose
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import QuestionRequest
from transfergraph.server.problems import told
from transfergraph.server.worker.absent_answers import answer_absent
from transfergraph.server.worker.question_api import MEDIA_TYPE as OPENAPI
from transfergraph.server.worker.question_api import answer_forms, describe_api, query_catalogue, schema_of
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import DOCUMENT_TYPES, PAGE_TYPE, begin_page, write_graph_answer
from transfergraph.server.worker.sparql_answers import CUT, answer_query
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import Address, Site, readings
from transfergraph.web.answer_tables import AskedQuestion, choices, example, json_answer, query_string
from transfergraph.web.resources import QUESTIONS
from transfergraph.web.site_pages import render_question, render_questions

_FORMATS = {"srj": "json", "srx": "xml"}  # endings and the names of formats, where they differ
_SHOWN = 1000  # rows on a page
_ABOUT = ("question", "release", "issued", "citation", "licence", "cut")  # in a workbook

if sys.platform != "linux":  # workers may open no file there, so all that they need is loaded before
    importlib.import_module("transfergraph.common.xlsx_writer")


def answer_question(context: WorkerContext, request: QuestionRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer with the list of the questions, or to one of them."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    path = QUESTIONS + request.path
    addresses = list(readings(path, site.languages))
    for address in addresses:
        if address.local == QUESTIONS or request.path == "openapi.json":
            return answer_list(context, site, dataclasses.replace(address, local=QUESTIONS), request, writer)
        name = address.local.removeprefix(QUESTIONS)
        question = next((one for one in context.shared.content.questions if one.name == name), None)
        if question is not None:
            return _QuestionAnswer(context, site, question, request).answer(address, writer)
    end = _other_ending(context, site, request, writer)
    if end is None:
        answer_absent(site, path, addresses, request.preferences, writer)
    return end or ResponseEnd()


def _other_ending(
    context: WorkerContext, site: Site, request: QuestionRequest, writer: ResponseWriter
) -> ResponseEnd | None:
    """Answer for a file ending that documents do not have, such as ``.xlsx``."""
    name, _, ending = request.path.rpartition(".")
    for question in context.shared.content.questions:
        if question.name == name and ending in (*(o.form for o in answer_forms(question)), "rq"):
            return _QuestionAnswer(context, site, question, request).answer(
                Address(QUESTIONS + name, ending), writer
            )
    return None


class _QuestionAnswer:
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
        """Write the answer in the format of the file ending, or else in the preferred one."""
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
            self._context.store, self._question, self._site.base, self._values, self._context.config.rows
        )
        assert isinstance(result, Answer | BooleanAnswer)
        values = json_answer(self._question, result, self._values, self._site)
        if form == "json":
            writer.begin(200, ("content-type", MEDIA_TYPES["json"]), links)
            writer.write(json.dumps(values, ensure_ascii=False, indent=1).encode() + b"\n")
        else:
            name = f'attachment; filename="{self._question.name}.xlsx"'
            writer.begin(200, ("content-type", MEDIA_TYPES["xlsx"]), ("content-disposition", name), links)
            writer.write(write_workbook(values, self._bound()))
        cut = "rows" if isinstance(result, Answer) and result.cut else ""
        if cut:
            writer.add_header(CUT, cut)
        return ResponseEnd(cut)

    def _page(self, address: Address, writer: ResponseWriter, links: tuple[str, str]) -> ResponseEnd:
        offered = choices(self._context.store, self._site, self._question)
        asked = AskedQuestion(self._values, offered)
        result, status = None, 200
        try:
            limit = min(_SHOWN, self._context.config.rows)
            result = run(self._context.store, self._question, self._site.base, self._values, limit)
        except UsageError as error:
            asked, status = dataclasses.replace(asked, problem=told(error)), 400
        language = begin_page(self._site, address, self._preferences, writer, links, status=status)
        writer.write(render_question(self._question, result, self._site, language, asked).encode())
        return ResponseEnd()

    def _links(self, address: Address) -> Iterator[str]:
        """Links (RFC 8288) to the query, the release, the licence, and the answer in other formats."""
        site, local = self._site, QUESTIONS + self._question.name
        query = query_string(self._question, AskedQuestion(self._values))
        yield f'<{site.url}{local}.rq{query}>; rel="describedby"; type="application/sparql-query"'
        yield f'<{site.base}release/{site.release}>; rel="cite-as"'
        yield f'<{site.url}manifest.json>; rel="describedby"; type="{MEDIA_TYPES["json"]}"'
        yield f'<{site.licence}>; rel="license"'
        for content in answer_forms(self._question):
            if content.form != address.ending:
                target = f"{site.url}{local}.{content.form}{query}"
                yield f'<{target}>; rel="alternate"; type="{content.media_types[0]}"'


_LIST_TYPES: tuple[ContentType[str], ...] = (
    ContentType("json", (MEDIA_TYPES["json"],), ("json",)),
    PAGE_TYPE,
    ContentType("openapi", (OPENAPI.partition(";")[0], "application/openapi+json"), ("openapi",)),
    *DOCUMENT_TYPES[1:],
)


def answer_list(
    context: WorkerContext, site: Site, address: Address, request: QuestionRequest, writer: ResponseWriter
) -> ResponseEnd:
    """Write the list in the format of the file ending, or else in the preferred one."""
    preferences = request.preferences
    form = "openapi" if request.path == "openapi.json" else address.ending
    form = form or choose(preferences.accept, preferences.form, _LIST_TYPES)[1]
    questions = context.shared.content.questions
    api = f'<{site.url}questions/openapi.json>; rel="service-desc"; type="{OPENAPI}"'
    links = ("link", f'{api}, <{site.licence}>; rel="license"')
    match form:
        case "html":
            language = begin_page(site, address, preferences, writer, links)
            writer.write(render_questions(questions, site, language).encode())
        case "openapi":
            writer.begin(200, ("content-type", OPENAPI), links)
            writer.write(_json(describe_api(questions, site)))
        case "json":
            writer.begin(200, ("content-type", MEDIA_TYPES["json"]), links)
            listed = [_entry(one, site) for one in questions]
            writer.write(_json({"release": site.release, "questions": listed}))
        case ending:
            triples = query_catalogue(questions, f"{site.url}questions/", site.languages)
            write_graph_answer(triples, ending, writer, links)
    return ResponseEnd()


def _entry(question: NamedQuery, site: Site) -> dict[str, Any]:
    address = f"{site.url}questions/{question.name}"
    description = question.description
    return {
        "name": question.name,
        "url": address,
        "query": f"{address}.rq",
        "summary": question.summary.by_language(site.languages),
        "description": None if description is None else description.by_language(site.languages),
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "description": one.description.by_language(site.languages),
                "example": example(one, site.base),
                "schema": schema_of(one),
            }
            for one in question.parameters
        ],
        "formats": {content.form: content.media_types[0] for content in answer_forms(question)},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def write_workbook(answer: Mapping[str, Any], query: str) -> bytes:
    """An XLSX file with the rows of the answer that :func:`json_answer` made, and a sheet about it."""
    from transfergraph.common.xlsx_writer import write_tables  # openpyxl: 19 MiB that few workers need

    columns: Sequence[str] = answer.get("columns", ["answer"])
    rows = [[row[name] for name in columns] for row in answer.get("rows", [{"answer": answer.get("answer")}])]
    about = [[key, answer[key]] for key in _ABOUT if key in answer]
    about += [[f"parameter {name}", ", ".join(values)] for name, values in answer["parameters"].items()]
    return write_tables({"Answer": [columns, *rows], "About": [*about, ["query", query]]}, frozen="Answer")
