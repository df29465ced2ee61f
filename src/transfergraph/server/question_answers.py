"""How a worker answers saved questions: as data or page, each with its query, release and citation."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence

from transfergraph.errors import UsageError
from transfergraph.pages.answers import Asked, choices, query_string
from transfergraph.pages.as_json import effective, json_answer
from transfergraph.pages.html import render_question
from transfergraph.pages.site import Address, Site, readings
from transfergraph.queries import Answer, NamedQuery, Truth, run
from transfergraph.queries.parameters import bind
from transfergraph.server.absent_answers import answer_absent
from transfergraph.server.api import WORKBOOK, answers_as
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.heads import begin_page
from transfergraph.server.jobs import QuestionJob
from transfergraph.server.offers import choose
from transfergraph.server.outlet import Outlet
from transfergraph.server.question_list import answer_list
from transfergraph.server.sparql_answers import CUT, answer_query
from transfergraph.server.workbook import write_workbook

FOLDER = "questions/"
_FORMATS = {"srj": "json", "srx": "xml"}  # endings and the names of formats, where they differ
_SHOWN = 1000  # rows on a page for readers


def answer_question(desk: Desk, job: QuestionJob, outlet: Outlet) -> End:
    """Write the list of the questions, or the answer to one of them."""
    site = dataclasses.replace(desk.task.site, url=job.wishes.url)
    path = FOLDER + job.path
    addresses = list(readings(path))
    for address in addresses:
        if address.local == FOLDER or job.path == "openapi.json":
            return answer_list(desk, site, dataclasses.replace(address, local=FOLDER), job, outlet)
        name = address.local.removeprefix(FOLDER)
        question = next((one for one in desk.common.questions if one.name == name), None)
        if question is not None:
            return _Asking(desk, site, question, job).answer(address, outlet)
    return _other_ending(desk, site, job, outlet) or answer_absent(
        desk, site, path, addresses, job.wishes, outlet
    )


def _other_ending(desk: Desk, site: Site, job: QuestionJob, outlet: Outlet) -> End | None:
    """Answer for an ending that documents do not have, such as ``.xlsx``."""
    name, _, ending = job.path.rpartition(".")
    for question in desk.common.questions:
        if question.name == name and ending in (*(o.form for o in answers_as(question)), "rq"):
            return _Asking(desk, site, question, job).answer(Address(FOLDER + name, ending), outlet)
    return None


class _Asking:
    """A question with the values of one request."""

    def __init__(self, desk: Desk, site: Site, question: NamedQuery, job: QuestionJob) -> None:
        self._desk = desk
        self._site = site
        self._question = question
        names = {parameter.name for parameter in question.parameters}
        values: dict[str, list[str]] = {}
        form = ""
        for name, value in job.parameters:
            if name == "format" and name not in names:
                form = value
            else:
                values.setdefault(name, []).append(value)
        self._values: Mapping[str, Sequence[str]] = values
        self._wishes = dataclasses.replace(job.wishes, form=form)

    def answer(self, address: Address, outlet: Outlet) -> End:
        """Write the answer in the form of the ending, or else in that which the client likes best."""
        form = address.ending or self._form()
        links = ("link", ", ".join(self._links(address)))
        match form:
            case "html":
                return self._page(address, outlet, links)
            case "rq":
                outlet.begin(200, ("content-type", "application/sparql-query"), links)
                outlet.write(self._bound().encode())
                return End()
            case "json" | "xlsx":
                return self._table(form, outlet, links)
        wishes = dataclasses.replace(self._wishes, form=_FORMATS.get(form, form))
        return answer_query(self._desk, self._bound(), wishes, outlet, headers=(links,))

    def _form(self) -> str:
        return choose(self._wishes.accept, self._wishes.form, answers_as(self._question))[1]

    def _bound(self) -> str:
        return bind(self._desk.store, self._question, self._site.base, self._values)

    def _table(self, form: str, outlet: Outlet, links: tuple[str, str]) -> End:
        result = run(self._desk.store, self._question, self._site.base, self._values, self._desk.task.rows)
        assert isinstance(result, Answer | Truth)
        told = json_answer(
            self._question, result, effective(self._question, self._values, self._site.base), self._site
        )
        if form == "json":
            outlet.begin(200, ("content-type", "application/json"), links)
            outlet.write(json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n")
        else:
            name = f'attachment; filename="{self._question.name}.xlsx"'
            outlet.begin(200, ("content-type", WORKBOOK), ("content-disposition", name), links)
            outlet.write(write_workbook(told, self._bound()))
        cut = "rows" if isinstance(result, Answer) and result.cut else ""
        if cut:
            outlet.add_header(CUT, cut)
        return End(cut)

    def _page(self, address: Address, outlet: Outlet, links: tuple[str, str]) -> End:
        offered = choices(self._desk.store, self._site.base, self._question)
        asked = Asked(self._values, offered)
        result, status = None, 200
        try:
            limit = min(_SHOWN, self._desk.task.rows)
            result = run(self._desk.store, self._question, self._site.base, self._values, limit)
        except UsageError as error:
            asked, status = dataclasses.replace(asked, problem=str(error)), 400
        language = begin_page(self._site, address, self._wishes, outlet, links, status=status)
        outlet.write(render_question(self._question, result, self._site, language, asked).encode())
        return End()

    def _links(self, address: Address) -> Iterator[str]:
        """The query, the release, the licence, and the other forms of the answer (RFC 8288)."""
        site, local = self._site, FOLDER + self._question.name
        query = query_string(self._question, Asked(self._values))
        yield f'<{site.url}{local}.rq{query}>; rel="describedby"; type="application/sparql-query"'
        yield f'<{site.base}release/{site.release}>; rel="cite-as"'
        yield f'<{site.url}manifest.json>; rel="describedby"; type="application/json"'
        yield f'<{site.licence}>; rel="license"'
        for offer in answers_as(self._question):
            if offer.form != address.ending:
                target = f"{site.url}{local}.{offer.form}{query}"
                yield f'<{target}>; rel="alternate"; type="{offer.media_types[0]}"'
