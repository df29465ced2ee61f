"""The saved questions on a site without endpoint: each with the answer for the example of its file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.publish.resource_files import path_of, write_page
from transfergraph.publish.site_files import write
from transfergraph.queries import Answer, GraphAnswer, NamedQuery, Result, run
from transfergraph.store import Store
from transfergraph.web.addresses import QUESTIONS, Address, Site
from transfergraph.web.answer_tables import AskedQuestion, json_answer
from transfergraph.web.site_pages import render_question

_ROWS_ON_PAGE = 1000
_ROWS_IN_FILE = 100_000


def write_questions(
    store: Store, questions: Sequence[NamedQuery], site: Site, folder: Path, answered: bool
) -> None:
    """Write the saved questions, ``answered`` for the values of their files or not."""
    for question in questions:
        result = run(store, question, site.base, {}, _ROWS_IN_FILE) if answered else None
        _write_question(site, question, result, folder)


def _write_question(site: Site, question: NamedQuery, result: Result | None, folder: Path) -> None:
    local = f"{QUESTIONS}{question.name}"
    files = _answer_files(question, result, site)
    asked = AskedQuestion(endings=tuple(ending for ending in files if ending != "rq"))
    shown = result
    if isinstance(result, Answer):
        cut = result.cut or len(result.rows) > _ROWS_ON_PAGE
        shown = Answer(result.variables, result.rows[:_ROWS_ON_PAGE], cut)
    write_page(
        site,
        Address(local),
        lambda language: render_question(question, shown, site, language, asked).encode(),
        folder,
    )
    for ending, content in files.items():
        write(folder, path_of(Address(local, ending)), content.encode())


def _answer_files(question: NamedQuery, result: Result | None, site: Site) -> Mapping[str, str]:
    """The answer as files, by their endings, and the query."""
    if result is None:
        return {"rq": question.text}
    if isinstance(result, GraphAnswer):
        return {"ttl": result.write("turtle", GRAPH_PREFIXES), "rq": question.text}
    values = json_answer(question, result, {}, site)
    files = {"json": json.dumps(values, ensure_ascii=False, indent=1) + "\n"}
    if isinstance(result, Answer):
        files["csv"] = result.write("csv", site.languages[0])
    return {**files, "rq": question.text}
