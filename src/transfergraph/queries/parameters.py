"""From what callers give to terms, and from terms into the text of a query."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote, unquote

from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import XSD
from transfergraph.common.text import Text
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.queries.query_files import NamedQuery, Parameter, value_blocks
from transfergraph.store import Store

Value = str | int
_SURROGATE = re.compile("[\ud800-\udfff]")
_XSD_INTEGER = NamedNode(XSD + "integer")


def bind(
    store: Store,
    query: NamedQuery,
    base: str,
    values: Mapping[str, Value | Sequence[Value]],
    for_readers: bool = False,
) -> str:
    """The text of the query with the caller's values in place of the examples.

    A value is text, a whole number, a year, or for an entity its key (``htw-dresden``) or whole IRI; a
    sequence of values asks for any of them. A parameter without a value keeps its example. Raises
    :class:`UsageError` for an unknown parameter, a value that does not fit and an entity that the store
    does not hold; it calls a parameter by its name, ``for_readers`` by its description.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    text = query.text
    for name, given in values.items():
        if name not in known:
            raise UsageError(_unknown_parameter(query, name))
        several = [given] if isinstance(given, str | int) else list(given)
        called = known[name].description if for_readers else name
        terms = [_term(store, known[name], base, value, called) for value in several]
        if not terms:
            raise UsageError(explained("error.parameter.missing", name=name, query=query.name))
        text = with_terms(text, name, terms)
    return text


def with_terms(text: str, name: str, terms: Sequence[object]) -> str:
    """The query text with these terms as the values of a parameter; without any it stays."""
    content = f" {' '.join(map(_written, terms))} "
    for start, end in reversed(value_blocks(text, name)) if terms else ():
        text = text[:start] + content + text[end:]
    return text


def _written(term: object) -> str:
    """A term in a query, whole numbers as files of queries have them."""
    if isinstance(term, Literal) and term.datatype == _XSD_INTEGER:
        return term.value
    return str(term)


def entity_folder(parameter: Parameter, base: str) -> str:
    """What the IRIs of the entities begin with that this parameter takes."""
    return parameter.kind if "://" in parameter.kind else base + parameter.kind


def _unknown_parameter(query: NamedQuery, name: str) -> Text:
    names = ", ".join(parameter.name for parameter in query.parameters)
    if not names:
        return explained("error.parameter.unknown-none", query=query.name, name=name)
    return explained("error.parameter.unknown", query=query.name, name=name, names=names)


def _term(
    store: Store, parameter: Parameter, base: str, value: Value, called: Text | str
) -> NamedNode | Literal:
    text = str(value)
    if _SURROGATE.search(text):  # how Python keeps bytes of a command line that are no UTF-8
        raise UsageError(explained("error.parameter.text", parameter=called))
    if parameter.is_entity:
        return _entity(store, parameter, base, text, called)
    if parameter.kind == "integer":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
            raise UsageError(explained("error.parameter.number", parameter=called, text=text))
        return Literal(str(int(text)), datatype=_XSD_INTEGER)
    if parameter.kind == "year" and not re.fullmatch(r"[0-9]{4}", text):
        raise UsageError(explained("error.parameter.year", parameter=called, text=text))
    return Literal(text)


def _entity(store: Store, parameter: Parameter, base: str, value: str, called: Text | str) -> NamedNode:
    whole = "://" in value
    folder = entity_folder(parameter, base)
    try:
        entity = NamedNode(value if whole else folder + quote(value, safe="~"))
    except ValueError as error:
        raise UsageError(explained("error.parameter.iri", value=value, error=error)) from error
    if store.ask(f"ASK {{ {entity} ?p ?o }}"):
        return entity
    key = unquote(value.removeprefix(folder)) if whole else value
    near = _nearest(store, folder, key)
    if not near:
        raise UsageError(explained("error.parameter.entity", parameter=called, value=value))
    shown = ", ".join(near)
    told = explained("error.parameter.entity-near", parameter=called, value=value, near=shown)
    raise UsageError(told)


def _nearest(store: Store, folder: str, key: str) -> list[str]:
    """At most three keys in the store that resemble this one, the most similar first."""
    start = Literal(folder)
    found = store.select(
        f"SELECT DISTINCT ?entity {{ ?entity a ?class FILTER(STRSTARTS(STR(?entity), {start})) }}"
    )
    keys = sorted(unquote(str(row[0].value).removeprefix(folder)) for row in found.rows if row[0] is not None)
    lower = {known.lower(): known for known in keys}
    near = difflib.get_close_matches(key.lower().replace(" ", "-"), lower, n=3, cutoff=0.5)
    return [lower[name] for name in near]
