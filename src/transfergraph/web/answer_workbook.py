"""The answer to a question as a workbook (XLSX), in the words of one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from transfergraph.common.date_words import date_words
from transfergraph.common.text import ENGLISH, Languages, column_name
from transfergraph.messages import text
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery
from transfergraph.store import Term
from transfergraph.web import phrases
from transfergraph.web.addresses import Site
from transfergraph.web.answer_tables import column_headings, example, json_value

_NOT_PLAIN = re.compile(r"\d{4}(?:-2[1-4]|(?:-\d\d){0,2}~)")  # in EDTF: a season, and about


def answer_workbook(
    question: NamedQuery,
    result: Answer | BooleanAnswer,
    given: Mapping[str, Sequence[str]],
    site: Site,
    language: str,
    query: str,
) -> bytes:
    """The answer, and a sheet about it with the query.

    A thing that has its names in columns of their own is one column with its name in that language; its IRI
    stands in a column behind the others.
    """
    from transfergraph.common.xlsx_writer import write_tables  # openpyxl: 19 MiB that few workers need

    answer, about = text("question.answer", language), text("question.about", language)
    told = [*_about(question, result, given, site, language), [text("list.downloads.query", language), query]]
    return write_tables({answer: _table(result, site, language), about: told}, frozen=answer)


def _yes(value: bool, language: str) -> str:
    return text("answers.yes" if value else "answers.no", language)


def _about(
    question: NamedQuery,
    result: Answer | BooleanAnswer,
    given: Mapping[str, Sequence[str]],
    site: Site,
    language: str,
) -> Iterator[list[str]]:
    yield [text("question.workbook.question", language), question.summary.in_language(language)]
    for one in question.parameters:
        values = given.get(one.name) or [example(one, site.base)]
        yield [phrases.capital(one.description.in_language(language)), ", ".join(values)]
    yield [text("about.release", language), site.release]
    yield [text("page.about.citation", language), site.citation.in_language(language)]
    yield [text("page.about.licence", language), site.licence]
    if isinstance(result, Answer) and result.cut:
        yield [text("question.workbook.rows", language), text("question.workbook.cut", language)]


def _table(result: Answer | BooleanAnswer, site: Site, language: str) -> list[list[Any]]:
    if isinstance(result, BooleanAnswer):
        return [[text("question.answer", language)], [_yes(result.value, language)]]
    index = {name: number for number, name in enumerate(result.variables)}
    headings = column_headings(result, site, language)
    names = {stem: list(_names(stem, index, site.languages, language)) for stem in headings}
    named = [stem for stem in headings if stem in index and names[stem]]
    header = [*headings.values(), *(f"{headings[stem]} (IRI)" for stem in named)]

    def cells(row: Sequence[Term | None]) -> Iterator[Any]:
        for stem in headings:
            own = None if stem not in index else row[index[stem]]
            name = next((row[at] for at in names[stem] if row[at] is not None), None)
            yield _cell(own if name is None else name, language)
        for stem in named:
            own = row[index[stem]]
            yield own.value if isinstance(own, NamedNode) else None

    return [header, *(list(cells(row)) for row in result.rows)]


def _names(stem: str, index: Mapping[str, int], languages: Languages, language: str) -> Iterator[int]:
    """Where the names of a thing stand, that in the language first."""
    for one in dict.fromkeys((language, ENGLISH, *languages)):
        if (at := index.get(column_name(stem, one))) is not None:
            yield at


def _cell(term: Term | None, language: str) -> Any:
    """A number as a number, dates as they are where spreadsheets know them, else in words."""
    value = json_value(term)
    if isinstance(value, bool):
        return _yes(value, language)
    if isinstance(term, Literal) and isinstance(value, str) and _NOT_PLAIN.fullmatch(value):
        return date_words(value, language)
    return value
