"""The page of a list: its facets as links, the rows with the columns that were chosen, and sums of amounts.

The state is in the address: ``?inRegion=region/lausitz&sort=-start&columns=type,start&page=2``. Without
parameters the pages are fixed, ``index.page-2.html``; ``lists/script/lists.js`` makes the others
where there is no server.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from transfergraph.common.displayed_values import sort_key
from transfergraph.common.text import Text
from transfergraph.lists.facets import NONE, Facet, FacetKind
from transfergraph.lists.find_in_list import MOST_SHOWN, FacetedList
from transfergraph.lists.list_query import (
    NAME,
    ListQuery,
    Misunderstood,
    is_sortable,
    is_summed_by,
    query_string,
    read_query,
)
from transfergraph.lists.list_result import FacetValue, FoundFacet, FoundRow, FoundSum, FoundSums, ListResult
from transfergraph.messages import explained, text
from transfergraph.web import phrases
from transfergraph.web.addresses import HTML, LIST_SCRIPT, Site
from transfergraph.web.facet_words import amount, qualifier_word, unit_of, value_name, written
from transfergraph.web.list_script import script_texts
from transfergraph.web.page_template import PageTemplate, render_template
from transfergraph.web.phrases import Phrase, Piece, Ref

FILES = ("csv", "xlsx", "json", "ttl", "rq")
"""The endings of the files of a list."""

_IN_CELL = 5
_OPEN = 6
_STRANGE = 5
_LONGEST_PART = 80


@dataclass(frozen=True, slots=True)
class AskedList:
    """A list, what is asked of it, and what of the address it has no use for."""

    listed: FacetedList
    query: ListQuery
    strange: Sequence[Misunderstood] = ()


def ask_list(listed: FacetedList, parameters: Sequence[tuple[str, str]], site: Site) -> AskedList:
    """What the parameters of an address ask of a list."""

    def value_of(facet: str, value: str) -> str | None:
        direct = listed.value_of(facet, value)
        if direct is not None or listed.facets[facet].kind is not FacetKind.THING:
            return direct
        known = (listed.value_of(facet, iri) for iri in site.iris(value))
        return next((one for one in known if one is not None), None)

    return AskedList(listed, *read_query(parameters, listed.facets, value_of))


@dataclass(frozen=True, slots=True)
class _Choice:
    """A value of a facet as a link; ``mark`` tells the script what it is."""

    name: str
    count: str
    href: str
    chosen: bool
    mark: str


@dataclass(frozen=True, slots=True)
class _Group:
    """A facet on the page; ``link`` shows all of its values, or the most frequent again."""

    key: str
    label: str
    values: list[_Choice]
    is_open: bool
    link: Ref | None
    note: str


@dataclass(frozen=True, slots=True)
class _Header:
    """A column: ``sorted_by`` is how, as ``aria-sort`` has it, and empty where it is not."""

    key: str
    label: str
    href: str
    sorted_by: str
    number: bool


@dataclass(frozen=True, slots=True)
class _SumTable:
    """The sums of one kind of amounts."""

    key: str
    label: str
    total: str
    said: list[str]
    by: str
    parts: list[tuple[Piece, int, int, str, list[str]]]


class _Page:
    """Makes what the template shows."""

    def __init__(self, asked: AskedList, site: Site, language: str) -> None:
        self.asked, self.site, self.language = asked, site, language
        self.listed, self.query = asked.listed, asked.query
        self.local = f"{asked.listed.key}/"

    def href(self, query: ListQuery, ending: str = HTML) -> str:
        """The address of the list with this query, as a page or a file."""
        language = self.language if ending == HTML else ""
        page = query.page if query.is_plain and ending == HTML else 1
        address = self.site.path(self.local, ending, language, page)
        if query.is_plain:
            return address
        asked = replace(query, page=1) if ending != HTML else query
        more = [("language", self.language)] if ending not in (HTML, "ttl", "rq") else []
        return address + query_string([*asked.parameters(self.key_of), *more])

    def key_of(self, value: str) -> str:
        """The IRI of a thing as a path of the site, where it has one; all else as it is."""
        return (self.site.local(value) if ":" in value else None) or value

    def say(self, key: str, **values: str | int) -> str:
        return text(key, self.language, **values)

    def groups(self, found: Sequence[FoundFacet]) -> tuple[list[_Group], list[_Group]]:
        """The facets, and those that say something of few entities only and are not chosen."""
        common: list[_Group] = []
        others: list[_Group] = []
        picked: list[_Group] = []
        for one in found:
            if one.facet.common:
                common.append(self.group(one, len(common) < _OPEN))
            elif one.chosen or self.query.whole == one.facet.key:
                picked.append(self.group(one, True))
            else:
                others.append(self.group(one, False))
        return common + picked, others

    def group(self, found: FoundFacet, is_open: bool) -> _Group:
        facet, whole = found.facet, self.query.whole == found.facet.key
        values = [
            _Choice(
                value_name(one, facet, self.language),
                phrases.number(str(one.count), self.language),
                self.href(self.query.toggled(facet.key, one.key)),
                one.chosen,
                self.key_of(one.key),
            )
            for one in found.values
        ]
        if facet.kind is FacetKind.THING and whole:
            values.sort(key=lambda one: (one.mark == NONE, sort_key(one.name), one.name))
        link = None
        if whole:
            link = Ref(self.say("list.values.few"), self.href(replace(self.query, whole="")))
        elif found.more:
            link = Ref(self.say("list.values.all"), self.href(replace(self.query, whole=facet.key)))
        note = self.say("list.values.most", count=MOST_SHOWN) if whole and found.more else ""
        label = phrases.capital(facet.label.in_language(self.language))
        return _Group(facet.key, label, values, is_open or found.chosen or whole, link, note)

    def chosen(self) -> list[tuple[str, str, str]]:
        """The choices: facet, value, and the address without it."""
        return [
            (
                phrases.capital(self.listed.facets[key].label.in_language(self.language)),
                written(self.listed.names(key, one), one, self.listed.facets[key], self.language),
                self.href(self.query.toggled(key, one)),
            )
            for key, values in self.query.chosen.items()
            for one in values
        ]

    def headers(self) -> list[_Header]:
        columns = [(NAME, self.say("list.column.name"), True, False)]
        columns += [
            (
                one.key,
                phrases.capital(one.label.in_language(self.language)),
                is_sortable(one),
                one.kind is FacetKind.NUMBER,
            )
            for one in self.listed.columns(self.query)
        ]
        return [self.header(*one) for one in columns]

    def header(self, key: str, label: str, sortable: bool, number: bool) -> _Header:
        is_sorted = self.query.sort == key
        down = is_sorted and not self.query.descending
        href = self.href(replace(self.query, sort=key, descending=down, page=1)) if sortable else ""
        order = "descending" if self.query.descending else "ascending"
        return _Header(key, label, href, order if is_sorted else "", number)

    def row(self, row: FoundRow) -> tuple[Ref, list[list[Phrase]]]:
        name = phrases.cut(row.names.in_language(self.language), phrases.NAME_LENGTH)
        cells = [self.cell(row, one) for one in self.listed.columns(self.query)]
        foreign = "" if row.names.has(self.language) else next(iter(row.names.languages), "")
        return Ref(name, self.site.link(row.iri, self.language).target, language=foreign), cells

    def cell(self, row: FoundRow, facet: Facet) -> list[Phrase]:
        cell = row.cells.get(facet.key, ())
        shown: list[Phrase] = []
        for one in cell[:_IN_CELL]:
            match facet.kind:
                case FacetKind.THING:
                    shown.append((self.thing(*one),))
                case FacetKind.NUMBER:
                    shown.append((amount(one[0], one[1], facet, self.language),))
                case _:
                    shown.append((phrases.moment(one, self.language),))
        if len(cell) > _IN_CELL:
            shown.append((self.say("list.cell.more", count=len(cell) - _IN_CELL),))
        return shown

    def thing(self, iri: str, names: Text) -> Ref:
        link = self.site.link(iri, self.language)
        name = phrases.cut(names.in_language(self.language), phrases.NAME_LENGTH)
        return Ref(name, link.target, link.external)

    # Sums

    def largest(self, found: Sequence[FoundSums]) -> list[tuple[str, str, bool]]:
        """The kinds of amounts that are stated, with the address of the list that begins with the largest."""
        shown = tuple(one.key for one in self.listed.columns(self.query))
        return [
            (
                phrases.capital(one.label.in_language(self.language)),
                self.href(
                    replace(
                        self.query,
                        sort=one.key,
                        descending=True,
                        columns=self.query.columns if one.key in shown else (*shown, one.key),
                        page=1,
                    )
                ),
                self.query.sort == one.key and self.query.descending,
            )
            for one in (each.facet for each in found)
        ]

    def sums(self, found: Sequence[FoundSums]) -> list[_SumTable]:
        by = self.listed.facets.get(self.query.sums)
        shown = phrases.capital(by.label.in_language(self.language)) if by else ""
        return [
            _SumTable(
                one.facet.key,
                phrases.capital(one.facet.label.in_language(self.language)),
                self.total(one.whole, one.facet),
                self.said(one.whole),
                shown,
                [self.part(part, one.facet, by) for part in one.parts] if by else [],
            )
            for one in found
        ]

    def part(self, part: FoundSum, facet: Facet, by: Facet) -> tuple[Piece, int, int, str, list[str]]:
        value = FacetValue(part.value, part.names, part.rows)
        name: Piece = value_name(value, by, self.language)
        if by.kind is FacetKind.THING:
            name = self.thing(part.value, part.names)
        return name, part.rows, part.stated, self.total(part, facet), self.said(part)[1:]

    def total(self, one: FoundSum, facet: Facet) -> str:
        if not one.added:
            return ""
        value = phrases.number(f"{one.total:f}", self.language)
        return self.say("page.money", value=value, currency=unit_of(facet))

    def said(self, one: FoundSum) -> list[str]:
        """How many state an amount, and what of it was added."""
        said = [self.say("list.sum.states", stated=one.stated, rows=one.rows, added=one.added)]
        if one.overlapping:
            said.append(self.say("list.sum.overlapping", count=one.overlapping))
        if one.within:
            said.append(self.say("list.sum.within", count=one.within))
        inexact = [qualifier_word(each, self.language) for each in one.qualifiers if each != "exactly"]
        if inexact:
            said.append(self.say("list.sum.qualified", qualifiers=", ".join(inexact)))
        return said


def render_faceted_list(asked: AskedList, result: ListResult, site: Site, language: str) -> str:
    """The page that is asked for."""
    page, listed, query = _Page(asked, site, language), asked.listed, asked.query
    title = site.presentation.tables[listed.key].title.in_language(language)
    plain = query.is_plain
    about = text("list.about", language, count=listed.count)
    if not plain:
        about = text("list.count.of", language, count=result.total, total=listed.count)
    parameters = query_string(query.parameters(page.key_of))
    layout = PageTemplate(
        site,
        language,
        title,
        page.local,
        summary=f"{title}: {about}",
        query="" if plain else parameters,
        page=query.page if plain else 1,
        pages=result.pages if plain else 1,
    )
    common, others = page.groups(result.facets)
    names = site.presentation.lists
    beyond = query.page > result.pages
    return render_template(
        "facets.html",
        layout,
        about=about,
        key=listed.key,
        lists=[
            (site.presentation.tables[key].title.in_language(language), layout.href(f"{key}/"), key)
            for key in names
        ],
        groups=common,
        others=others,
        **_told(page, result),
        strange=misunderstood(asked).in_language(language) if asked.strange else "",
        beyond=text("list.beyond", language, page=query.page, pages=result.pages) if beyond else "",
        last=page.href(replace(query, page=result.pages)),
        page=query.page,
        pages=result.pages,
        before=page.href(replace(query, page=query.page - 1)) if 1 < query.page <= result.pages else "",
        after=page.href(replace(query, page=query.page + 1)) if query.page < result.pages else "",
        script=site.path(LIST_SCRIPT),
        texts=script_texts(language),
        answered=not plain,
    )


def _told(page: _Page, result: ListResult) -> dict[str, Any]:
    """What is chosen, and what the rows, sums and forms of the list show."""
    listed, query, language, site = page.listed, page.query, page.language, page.site
    by = [one for one in listed.facets.values() if is_summed_by(one)]
    return {
        "chosen": page.chosen(),
        "clear": page.href(replace(query, chosen={}, page=1)),
        "headers": page.headers(),
        "rows": [page.row(one) for one in result.rows],
        "largest": page.largest(result.sums),
        "sums": page.sums(result.sums),
        "sums_by": [
            (
                phrases.capital(one.label.in_language(language)),
                page.href(replace(query, sums="" if query.sums == one.key else one.key)),
                query.sums == one.key,
                one.key,
            )
            for one in by
        ]
        if result.sums
        else [],
        "columns": [
            (one.key, phrases.capital(one.label.in_language(language)), one in listed.columns(query))
            for one in listed.facets.values()
            if one.is_column
        ],
        "kept": [
            (name, value) for name, value in replace(query, page=1, columns=None).parameters(page.key_of)
        ],
        "action": site.path(page.local, HTML, language),
        "files": [(ending, page.href(query, ending)) for ending in FILES],
    }


def misunderstood(asked: AskedList) -> Text:
    """What of the address the list has no use for."""
    parts = [phrases.cut(f"{one.name}={one.value}", _LONGEST_PART) for one in asked.strange[:_STRANGE]]
    return explained("list.misunderstood", parts=", ".join(parts))
