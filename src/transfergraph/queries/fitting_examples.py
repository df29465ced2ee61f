"""Examples of questions that fit the graph at hand, in place of those that it has no answer for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from types import MappingProxyType

from pyoxigraph import Literal

from transfergraph.common.namespaces import SKOS
from transfergraph.queries.answer import Answer, BooleanAnswer
from transfergraph.queries.parameters import bind, entity_folder, with_terms
from transfergraph.queries.query_files import NamedQuery, Parameter
from transfergraph.queries.run_query import run_text
from transfergraph.store import Store

TRIED = 6
"""How many entities or words are tried before one without an answer is taken; and the years on each side."""


def fitting_text(
    store: Store, query: NamedQuery, base: str, chosen: Mapping[str, str] = MappingProxyType({})
) -> str:
    """The text of the query, each example that this graph does not hold replaced by one that it does.

    Values ``chosen`` for its parameters go before; raises :class:`UsageError` for those that do not fit.

    For an entity it is the first of its kind, by IRI, that has an answer, and else the first; a text or a
    year without an answer gives way to a word of a name, or the nearest year, that has one.
    """
    text = bind(store, query, base, chosen)
    for parameter in query.parameters:
        if parameter.name in chosen:
            continue
        if parameter.is_entity:
            if not _is_known(store, parameter):
                known = list(_entities(store, entity_folder(parameter, base)))
                text = next(
                    _answered(store, text, parameter, known), with_terms(text, parameter.name, known[:1])
                )
        elif not _has_answer(store, text):
            others = _years(parameter) if parameter.kind == "year" else _words(store, base)
            candidates = others if parameter.kind in ("year", "text") else ()
            text = next(_answered(store, text, parameter, candidates), text)
    return text


def _is_known(store: Store, parameter: Parameter) -> bool:
    """True also for prefixed names, which mean nothing outside of their query."""
    entities = re.findall(r"<[^<>]*>", parameter.example)
    return not entities or any(store.ask(f"ASK {{ {entity} ?p ?o }}") for entity in entities)


def _answered(store: Store, text: str, parameter: Parameter, terms: Iterable[object]) -> Iterator[str]:
    """The text with each of the terms that has an answer."""
    changed = (with_terms(text, parameter.name, [term]) for term in terms)
    return (one for one in changed if _has_answer(store, one))


def _has_answer(store: Store, text: str) -> bool:
    match run_text(store, text, 1):
        case Answer() as answer:
            return bool(answer.rows)
        case BooleanAnswer() as answer:
            return answer.value
        case graph:
            return bool(graph.triples)


def _entities(store: Store, folder: str) -> Iterator[object]:
    found = store.select(
        f"SELECT DISTINCT ?entity {{ ?entity a ?class FILTER(STRSTARTS(STR(?entity), {Literal(folder)})) }} "
        f"ORDER BY ?entity LIMIT {TRIED}"
    )
    return (row[0] for row in found.rows)


def _words(store: Store, base: str) -> list[Literal]:
    """The first long words of names, in lower case, taken evenly from all names in their order."""
    found = store.select(
        f"SELECT DISTINCT ?name {{ ?entity <{SKOS}prefLabel> ?name "
        f"FILTER(STRSTARTS(STR(?entity), {Literal(base)})) }} ORDER BY ?name"
    )
    names = (row[0].value.lower() for row in found.rows if isinstance(row[0], Literal))
    words = list(dict.fromkeys(word for name in names for word in re.findall(r"\w{4,}", name)[:1]))
    return [Literal(words[number * len(words) // TRIED]) for number in range(TRIED) if words]


def _years(parameter: Parameter) -> Iterator[Literal]:
    """The years around the example, the nearest first."""
    year = int(parameter.example.strip("\"'"))
    near = chain.from_iterable((year + distance, year - distance) for distance in range(1, TRIED))
    return (Literal(str(one)) for one in near)
