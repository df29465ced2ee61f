"""A list, narrowed or whole, as files: CSV, a workbook, JSON, RDF."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pyoxigraph as ox
from pyoxigraph import NamedNode, Triple

from transfergraph.common.date_words import date_words
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import GRAPH_PREFIXES, TYPE
from transfergraph.lists.facets import Facet, FacetKind
from transfergraph.lists.find_in_list import FacetedList
from transfergraph.lists.list_query import ListQuery
from transfergraph.lists.list_result import FoundRow, FoundSum, ListResult
from transfergraph.messages import text
from transfergraph.store import Store
from transfergraph.store.bulk_properties import values_of
from transfergraph.web.addresses import Site
from transfergraph.web.facet_words import qualifier_word, value_name, written
from transfergraph.web.list_page import AskedList

MOST_ROWS = 1_000_000
"""Rows of a file, where nothing else limits them."""

_BETWEEN = "; "
_NOT_PLAIN = re.compile(r"-2[1-4]\b|~")  # in EDTF: a season, and about
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def list_table(
    listed: FacetedList, result: ListResult, query: ListQuery, language: str
) -> tuple[list[str], Iterator[list[Any]]]:
    """The header, and the rows: IRI, name, and the columns, several values of one with semicolons between."""
    columns = listed.columns(query)
    header = [
        "iri",
        text("list.column.name", language),
        *(one.label.in_language(language) for one in columns),
    ]
    rows = (
        [row.iri, row.names.in_language(language), *(_cell(row, one, language) for one in columns)]
        for row in result.rows
    )
    return header, rows


def list_csv(listed: FacetedList, result: ListResult, query: ListQuery, language: str) -> bytes:
    """The rows as CSV (RFC 4180), where no text can be taken for a formula."""
    header, rows = list_table(listed, result, query, language)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_harmless, header))
    writer.writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().encode()


def list_workbook(
    listed: FacetedList, result: ListResult, query: ListQuery, site: Site, language: str
) -> bytes:
    """The rows as a workbook (XLSX), with a sheet about them, in the words of the language.

    One number of a cell is a number, and what qualifies it stands in a column of its own; seasons and
    approximate dates are words.
    """
    from transfergraph.common.xlsx_writer import write_tables  # openpyxl: 19 MiB that few workers need

    columns = listed.columns(query)
    qualified = {one.key for one in columns if any(_qualifiers(row, one) for row in result.rows)}
    header = ["IRI", text("list.column.name", language)]
    for one in columns:
        label = one.label.in_language(language)
        header.append(label)
        if one.key in qualified:
            header.append(text("list.workbook.qualifier", language, column=label))
    rows: list[list[Any]] = []
    for row in result.rows:
        cells: list[Any] = [row.iri, row.names.in_language(language)]
        for one in columns:
            cells.append(_in_workbook(row, one, language))
            if one.key in qualified:
                words = [qualifier_word(each, language) for each in _qualifiers(row, one)]
                cells.append(_BETWEEN.join(words))
        rows.append(cells)
    title = site.presentation.tables[listed.key].title
    about = [
        [text("list.workbook.list", language), title.in_language(language)],
        [text("about.release", language), site.release],
        [text("page.about.citation", language), site.citation.in_language(language)],
        [text("page.about.licence", language), site.licence],
        *([text("list.chosen", language), words] for words in chosen_words(listed, query, language)),
        [text("list.downloads.query", language), listed.query_text(query)],
    ]
    sheets = [text("list.workbook.list", language), text("list.workbook.about", language)]
    return write_tables(dict(zip(sheets, ([header, *rows], about), strict=True)), frozen=sheets[0])


def list_json(listed: FacetedList, result: ListResult, query: ListQuery, site: Site, language: str) -> bytes:
    """The rows with counts and sums as JSON."""
    columns = listed.columns(query)
    value = {
        "list": listed.key,
        "title": site.presentation.tables[listed.key].title.in_language(language),
        "language": language,
        "release": site.release,
        "licence": site.licence,
        "total": result.total,
        "chosen": {key: list(values) for key, values in query.chosen.items()},
        "columns": [one.key for one in columns],
        "rows": [
            {
                "iri": row.iri,
                "name": row.names.in_language(language),
                **{one.key: _values(row, one, language) for one in columns},
            }
            for row in result.rows
        ],
        "facets": [
            {
                "key": one.facet.key,
                "label": one.facet.label.in_language(language),
                "complete": not one.more,
                "values": [
                    {
                        "value": each.key,
                        "label": value_name(each, one.facet, language),
                        "count": each.count,
                        "chosen": each.chosen,
                    }
                    for each in one.values
                ],
            }
            for one in result.facets
        ],
        "sums": [
            {
                "key": sums.facet.key,
                "label": sums.facet.label.in_language(language),
                **_sum(sums.whole, language),
                "by": query.sums,
                "parts": [{"value": one.value, **_sum(one, language)} for one in sums.parts],
            }
            for sums in result.sums
        ],
    }
    return json_text(value).encode()


def list_file(
    store: Store, asked: AskedList, site: Site, ending: str, language: str, most: int = MOST_ROWS
) -> bytes:
    """All rows that are asked for, up to so many, as the file with this ending."""
    listed, query = asked.listed, asked.query
    if ending == "rq":
        return listed.query_text(query).encode()
    result = listed.find(query, (language, site.languages[0]), most)
    match ending:
        case "csv":
            return list_csv(listed, result, query, language)
        case "xlsx":
            return list_workbook(listed, result, query, site, language)
        case "json":
            return list_json(listed, result, query, site, language)
    triples = list_triples(store, listed, result, query, site)
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=dict(GRAPH_PREFIXES)) or b""


def _sum(one: FoundSum, language: str) -> dict[str, Any]:
    return {
        "name": one.names.in_language(language),
        "sum": f"{one.total:f}" if one.added else None,
        "qualifiers": list(one.qualifiers),
        "entries": one.rows,
        "stated": one.stated,
        "added": one.added,
        "overlapping": one.overlapping,
        "within": one.within,
    }


def list_triples(
    store: Store, listed: FacetedList, result: ListResult, query: ListQuery, site: Site
) -> list[Triple]:
    """What is stated of the rows: classes, names, and what their columns have of their own."""
    names = site.presentation.in_role("LabelRole")
    own = [one.predicate for one in listed.columns(query) if not one.record]
    wanted = ((row.iri, one) for row in result.rows for one in (TYPE, *names, *own))
    found = values_of(store, wanted)
    return [
        Triple(NamedNode(iri), NamedNode(property_), value)
        for iri, stated in sorted(found.items())
        for property_, values in sorted(stated.items())
        for value in values
    ]


def chosen_words(listed: FacetedList, query: ListQuery, language: str) -> list[str]:
    """The choices in words."""
    found = []
    for key, values in query.chosen.items():
        facet = listed.facets[key]
        names = (written(listed.names(key, value), value, facet, language) for value in values)
        found.append(f"{facet.label.in_language(language)}: {', '.join(names)}")
    return found


def _values(row: FoundRow, facet: Facet, language: str) -> list[Any]:
    cell = row.cells.get(facet.key, ())
    match facet.kind:
        case FacetKind.THING:
            return [{"iri": iri, "name": names.in_language(language)} for iri, names in cell]
        case FacetKind.NUMBER:
            return [{"value": value, "qualifier": qualifier} for value, qualifier in cell]
    return list(cell)


def _cell(row: FoundRow, facet: Facet, language: str) -> Any:
    cell: Sequence[Any] = row.cells.get(facet.key, ())
    match facet.kind:
        case FacetKind.THING:
            return _BETWEEN.join(names.in_language(language) for _, names in cell)
        case FacetKind.NUMBER:
            return _BETWEEN.join(
                value if qualifier in ("", "exactly") else f"{qualifier} {value}" for value, qualifier in cell
            )
    return _BETWEEN.join(cell)


def _in_workbook(row: FoundRow, facet: Facet, language: str) -> Any:
    cell: Sequence[Any] = row.cells.get(facet.key, ())
    if facet.kind is FacetKind.THING:
        return _cell(row, facet, language)
    if facet.kind is not FacetKind.NUMBER:
        return _BETWEEN.join(date_words(one, language) if _NOT_PLAIN.search(one) else one for one in cell)
    if len(cell) != 1:
        return _BETWEEN.join(value for value, _ in cell)
    number = Decimal(cell[0][0])
    return int(number) if number == number.to_integral_value() else float(number)


def _qualifiers(row: FoundRow, facet: Facet) -> list[str]:
    """What qualifies the numbers of a cell; empty where each is exact."""
    if facet.kind is not FacetKind.NUMBER:
        return []
    found = [qualifier or "exactly" for _, qualifier in row.cells.get(facet.key, ())]
    return found if {*found} - {"exactly"} else []


def _harmless(value: Any) -> Any:
    """The value, with an apostrophe before what a spreadsheet would compute."""
    if isinstance(value, str) and value.startswith(_LIKE_FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(value: str) -> bool:
    return value.lstrip("+-").replace(".", "", 1).isdecimal()
