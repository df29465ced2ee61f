"""Answers to saved questions, each with its query, release and citation."""

from __future__ import annotations

import dataclasses
import importlib
import sys
from collections.abc import Iterator, Mapping, Sequence

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.json_text import json_text
from transfergraph.errors import UsageError
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery, run
from transfergraph.queries.parameters import bind
from transfergraph.server.negotiation import choose, choose_language
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import PageRequest, QuestionRequest
from transfergraph.server.problems import told
from transfergraph.server.worker.page_answers import answer_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.responses import DOCUMENT_TYPES, FORM_TYPES, begin_page
from transfergraph.server.worker.sparql_answers import CUT, answer_query
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import QUESTIONS, Address, Site, readings
from transfergraph.web.answer_tables import AskedQuestion, choices, json_answer, query_string
from transfergraph.web.answer_workbook import answer_workbook
from transfergraph.web.question_list import answer_endings
from transfergraph.web.site_pages import render_question

_FORMATS = {"srj": "json", "srx": "xml"}  # endings and the names of formats, where they differ
_OTHER_ENDINGS = ("csv", "rq", "srj", "srx", "tsv", "xlsx")  # that no document has
_DOCUMENT_ENDINGS = tuple(one.form for one in DOCUMENT_TYPES)  # refused with those that there are
_SHOWN = 1000  # rows on a page

if sys.platform != "linux":  # workers may open no file there, so all that they need is loaded before
    importlib.import_module("transfergraph.common.xlsx_writer")


def answer_question(context: WorkerContext, request: QuestionRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer a question; all else below ``questions/`` is a resource or nothing."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    questions = {QUESTIONS + one.name: one for one in context.shared.content.questions}
    path = QUESTIONS + request.path
    stem, _, ending = path.rpartition(".")
    other = (Address(stem, ending),) if ending in _OTHER_ENDINGS else ()
    for address in (*readings(path, site.languages), *other):
        question = questions.get(address.local)
        given = () if question is None else ("", "rq", *answer_endings(question), *_DOCUMENT_ENDINGS)
        if question is not None and address.ending in given:
            return _QuestionAnswer(context, site, question, request).answer(address, writer)
    return answer_page(context, PageRequest(path, request.preferences), writer)


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
        said = dict.fromkeys(("format", "language"), "")
        for name, value in request.parameters:
            if name in said and name not in names:
                said[name] = value
            else:
                values.setdefault(name, []).append(value)
        self._values: Mapping[str, Sequence[str]] = values
        self._preferences = dataclasses.replace(request.preferences, form=said["format"])
        preferred = choose_language(self._preferences.languages, site.languages)
        self._language = said["language"] if said["language"] in site.languages else preferred

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
        types = [FORM_TYPES[ending] for ending in answer_endings(self._question)]
        return choose(self._preferences.accept, self._preferences.form, types)[1]

    def _bound(self, for_readers: bool = False) -> str:
        asked = (self._context.store, self._question, self._site.base, self._values)
        return bind(*asked, for_readers=for_readers)

    def _table(self, form: str, writer: ResponseWriter, links: tuple[str, str]) -> ResponseEnd:
        result = run(
            self._context.store, self._question, self._site.base, self._values, self._context.config.rows
        )
        assert isinstance(result, Answer | BooleanAnswer)
        if form == "json":
            values = json_answer(self._question, result, self._values, self._site)
            writer.begin(200, ("content-type", MEDIA_TYPES["json"]), links)
            writer.write(json_text(values).encode())
        else:
            name = f'attachment; filename="{self._question.name}.xlsx"'
            told_in = ("content-language", self._language)
            writer.begin(
                200, ("content-type", MEDIA_TYPES["xlsx"]), told_in, ("content-disposition", name), links
            )
            asked = (self._question, result, self._values, self._site, self._language, self._bound())
            writer.write(answer_workbook(*asked))
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
            asked = dataclasses.replace(asked, text=self._bound(for_readers=True))
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
        for ending in answer_endings(self._question):
            if ending != address.ending:
                target = f"{site.url}{local}.{ending}{query}"
                yield f'<{target}>; rel="alternate"; type="{MEDIA_TYPES[ending]}"'
