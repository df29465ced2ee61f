"""Answers to queries as tables for readers and as JSON, and the forms in which questions are asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote, urlencode

from pyoxigraph import Literal, NamedNode

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.namespaces import XSD
from transfergraph.common.text import ENGLISH, Languages, Text, column_name
from transfergraph.messages import has_text, text
from transfergraph.queries import Answer, BooleanAnswer, NamedQuery, Parameter
from transfergraph.queries.results import plain
from transfergraph.store import Store, Term
from transfergraph.web import document_terms as terms
from transfergraph.web import phrases
from transfergraph.web.addresses import SCHEMES, Site
from transfergraph.web.entity_record import local_part
from transfergraph.web.entity_sections import SectionCell, SectionRow
from transfergraph.web.phrases import Phrase, Ref, cut

CHOICES = 500
"""Up to so many entities are offered for a parameter; of more, the key of one is typed."""

_NUMBERS = frozenset(XSD + name for name in ("integer", "decimal", "double", "float"))


@dataclass(frozen=True, slots=True)
class ParameterChoice:
    """A value that a parameter can have: the key of an entity, and its name."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """How a question was asked.

    ``values`` are the caller's, by parameter; a parameter that is not among them has its example.
    ``choices`` are what can be chosen, by parameter. ``problem`` says why there is no answer.
    ``endings`` are those of the machine-readable forms of the answer. ``text`` is the query with the values,
    empty where it was asked with its examples.
    """

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    choices: Mapping[str, Sequence[ParameterChoice]] = field(default_factory=dict)
    problem: Text | None = None
    endings: Sequence[str] = ("csv", "json", "xlsx")
    text: str = ""


AS_IT_IS = AskedQuestion()
"""A question asked without values of the caller's own."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A parameter in a form: ``kind`` is ``choice``, ``integer``, ``year``, ``key`` or ``text``."""

    name: str
    label: str
    kind: str
    value: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """An answer as a table; ``numeric`` says for each column whether it is set to the right."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]
    rows: tuple[SectionRow, ...]


def choices(store: Store, site: Site, query: NamedQuery) -> dict[str, tuple[ParameterChoice, ...]]:
    """The entities that each parameter of the question can name; none where they are too many to choose."""
    return {one.name: found for one in query.parameters if (found := _choices(store, site, one))}


def _choices(store: Store, site: Site, parameter: Parameter) -> tuple[ParameterChoice, ...]:
    folder = parameter.kind if "://" in parameter.kind else site.base + parameter.kind
    tables = [one for one in site.presentation.lists.values() if one.folder == parameter.kind]
    if folder.startswith(SCHEMES):
        pattern = f"?thing <{terms.IN_SCHEME}> {NamedNode(folder.removesuffix('/'))} ."
    elif tables:
        kinds = " ".join(f"<{one.kind}>" for one in tables)
        link = terms.IN_SCHEME if tables[0].is_scheme else terms.TYPE
        pattern = f"VALUES ?kind {{ {kinds} }} ?thing <{link}> ?kind ."
    else:
        return ()
    most = 2 * CHOICES
    query = f"SELECT ?thing ?name WHERE {{ {pattern} ?thing <{terms.PREF_LABEL}> ?name }} LIMIT {most + 1}"
    names: dict[str, dict[str, str]] = {}
    rows = list(store.select(query).rows)
    if len(rows) > most:
        return ()
    for thing, name in rows:
        if isinstance(thing, NamedNode) and isinstance(name, Literal) and thing.value.startswith(folder):
            names.setdefault(thing.value, {})[name.language or ""] = name.value
    found = (
        ParameterChoice(_key(iri, folder), Text(dict(sorted(label.items())))) for iri, label in names.items()
    )
    return tuple(
        sorted(found, key=lambda one: (sort_key(one.label.in_language(site.languages[0])), one.value))
    )


def fields(query: NamedQuery, asked: AskedQuestion, base: str, language: str) -> tuple[FormField, ...]:
    """The form of a question, filled with what was asked or else with the examples of its file."""
    made = []
    for one in query.parameters:
        given = asked.values.get(one.name, ())
        value = given[0] if given else example(one, base)
        offered = tuple(
            (choice.value, cut(choice.label.in_language(language), 120))
            for choice in asked.choices.get(one.name, ())
        )
        if offered and value not in {key for key, _ in offered}:
            offered = ((value, value), *offered)
        kind = "choice" if offered else "key" if one.is_entity else one.kind
        made.append(
            FormField(one.name, phrases.capital(one.description.in_language(language)), kind, value, offered)
        )
    return tuple(made)


def example(parameter: Parameter, base: str) -> str:
    """The example of a parameter as a caller would give it: the key of an entity, a number, a text."""
    first = parameter.example.split()[0] if parameter.is_entity else parameter.example
    folder = parameter.kind if "://" in parameter.kind else base + parameter.kind
    return _key(first.strip("<>"), folder) if parameter.is_entity else first.strip("\"'")


def _key(iri: str, folder: str) -> str:
    rest = iri.removeprefix(folder)
    return unquote(rest) if rest != iri else iri


def query_string(query: NamedQuery, asked: AskedQuestion) -> str:
    """The values that were given, as the end of an address; empty when none were."""
    pairs = [(one.name, value) for one in query.parameters for value in asked.values.get(one.name, ())]
    return f"?{urlencode(pairs, quote_via=quote)}" if pairs else ""


def quoted(value: str, safe: str = "") -> str:
    """The text as a part of an address."""
    return quote(value, safe=safe)


def readable_table(answer: Answer, site: Site, language: str) -> AnswerTable:
    """The answer for readers of one language.

    A thing that has its names in columns of their own (``?partner``, ``?partner_de``, ``?partner_en``) is
    one column: the name in that language, as a link to the thing.
    """
    index = {name: number for number, name in enumerate(answer.variables)}
    bases = list(dict.fromkeys(_stem(name, index, site.languages) for name in answer.variables))
    rows = []
    for row in answer.rows:
        cells = []
        for base in bases:
            names = (
                _at(row, index.get(column_name(base, one))) for one in (language, ENGLISH, *site.languages)
            )
            name = next((one for one in names if one is not None), None)
            cells.append(_readable(_at(row, index.get(base)), name, site, language))
        rows.append(SectionRow(tuple(cells), ()))
    numeric = tuple(_numeric(answer, index, base) for base in bases)
    return AnswerTable(tuple(_heading(base, language) for base in bases), numeric, tuple(rows))


def column_headings(answer: Answer, site: Site, language: str) -> dict[str, str]:
    """What the columns of :func:`readable_table` are called, by variable."""
    index = {name: number for number, name in enumerate(answer.variables)}
    return {stem: _heading(stem, language) for one in index for stem in (_stem(one, index, site.languages),)}


def raw_table(answer: Answer, site: Site, language: str) -> AnswerTable:
    """The answer as it is: variables as they are called, terms whole."""
    rows = (
        SectionRow(tuple(SectionCell((_raw(term, site, language),)) for term in row), ())
        for row in answer.rows
    )
    names = tuple(f"?{name}" for name in answer.variables)
    return AnswerTable(names, (False,) * len(names), tuple(rows))


def _stem(name: str, index: Mapping[str, int], languages: Languages) -> str:
    """``partner`` for ``partner_de`` where all languages are there."""
    for language in languages:
        stem = name.removesuffix(column_name("", language))
        if stem != name and all(column_name(stem, one) in index for one in languages):
            return stem
    return name


def _at(row: Sequence[Term | None], number: int | None) -> Term | None:
    return None if number is None else row[number]


def _readable(thing: Term | None, name: Term | None, site: Site, language: str) -> SectionCell:
    if isinstance(thing, NamedNode):
        link = site.link(thing.value, language)
        shown = cut(
            name.value if name is not None else _short(thing.value, site, language), phrases.NAME_LENGTH
        )
        return SectionCell(((Ref(shown, link.target, link.external),),))
    term = name if name is not None else thing
    if term is None:
        return SectionCell(())
    if isinstance(term, Literal):
        return SectionCell(((phrases.literal(term, language),),), term.datatype.value in _NUMBERS)
    return SectionCell(((Ref(cut(str(term), phrases.NAME_LENGTH)),),))


def _short(iri: str, site: Site, language: str) -> str:
    """What something without a name is called: what it is, if it is ours, else its address."""
    if site.local(iri) is None:
        return phrases.address(iri)
    known = site.presentation.kind_at(iri.removeprefix(site.base))
    return known.label.in_language(language) if known is not None else local_part(iri)


def _raw(term: Term | None, site: Site, language: str) -> Phrase:
    match term:
        case None:
            return ()
        case NamedNode():
            link = site.link(term.value, language)
            return (Ref(cut(term.value, phrases.NAME_LENGTH), link.target, link.external),)
        case Literal() if term.language:
            return (Ref(cut(term.value, phrases.TEXT_LENGTH), language=term.language), f" @{term.language}")
        case _:
            return (Ref(cut(str(term.value), phrases.TEXT_LENGTH)),)


def _numeric(answer: Answer, index: Mapping[str, int], base: str) -> bool:
    """True for a column that holds numbers only."""
    terms_ = [row[index[base]] for row in answer.rows] if base in index else []
    bound = [term for term in terms_ if term is not None]
    return bool(bound) and all(isinstance(t, Literal) and t.datatype.value in _NUMBERS for t in bound)


def _heading(variable: str, language: str) -> str:
    key = f"page.variable.{variable}"
    return text(key, language) if has_text(key) else phrases.capital(variable.replace("_", " "))


def json_answer(
    question: NamedQuery, result: Answer | BooleanAnswer, given: Mapping[str, Sequence[str]], site: Site
) -> dict[str, Any]:
    """An answer as JSON, with everything that it takes to cite it; numbers are numbers, all else is text.

    Parameters that are not among those ``given`` have the examples of the query file.
    """
    about: dict[str, Any] = {
        "question": question.name,
        "summary": question.summary.by_language(site.languages),
        "parameters": {
            one.name: list(given.get(one.name) or [example(one, site.base)]) for one in question.parameters
        },
        "release": site.release,
        "issued": site.issued.isoformat(),
        "citation": site.citation.english,
        "licence": site.licence,
    }
    if isinstance(result, BooleanAnswer):
        return {**about, "answer": result.value}
    rows = [
        {name: json_value(term) for name, term in zip(result.variables, row, strict=True)}
        for row in result.rows
    ]
    return {**about, "cut": result.cut, "columns": list(result.variables), "rows": rows}


def json_value(term: Term | None) -> Any:
    """A term as JSON has it: a number or truth value where it is one, null where it is unbound."""
    if term is None:
        return None
    text = plain(term)
    if isinstance(term, Literal):
        datatype = term.datatype.value
        try:
            if datatype == XSD + "integer":
                return int(text)
            if datatype in _NUMBERS and math.isfinite(float(text)):
                return float(text)
        except ValueError:
            return text
        if datatype == XSD + "boolean":
            return text in ("true", "1")
    return text
