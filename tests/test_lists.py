"""Lists with facets: what is read of a graph, choices against SPARQL, counts, sums, orders, what an address says."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workspaces import REPOSITORY, declare

import transfergraph as tg
from transfergraph.common.namespaces import SKOS, TG, TYPE
from transfergraph.config.declarations import declarations_in, declarations_of
from transfergraph.lists import LIST_INDEX
from transfergraph.lists.facets import NONE, Facet, FacetKind, bounds, is_range, range_of
from transfergraph.lists.find_in_list import FREQUENT, FacetedList, ListIndex
from transfergraph.lists.graph_values import read_values
from transfergraph.lists.list_files import write_lists
from transfergraph.lists.list_index_file import IndexWriter
from transfergraph.lists.list_query import ListQuery, query_string, read_query
from transfergraph.lists.list_result import ON_PAGE, ListResult
from transfergraph.lists.make_list import make_list
from transfergraph.vocabulary.presentation_reader import read_presentation

BASE = "https://w3id.org/transfergraph/saxony/"
DE = ("de", "de")
ALL = 10**6
EURO = "http://publications.europa.eu/resource/authority/currency/EUR"
DOLLAR = EURO.replace("EUR", "USD")
_PREFIXES = {
    "a": "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "name": "http://www.w3.org/2004/02/skos/core#prefLabel",
    "partOf": "http://purl.org/dc/terms/isPartOf",
    "topic": "http://purl.org/dc/terms/subject",
    "broader": "http://www.w3.org/2004/02/skos/core#broader",
}


@pytest.fixture(scope="module")
def index(saxony: tg.Release) -> ListIndex:
    return ListIndex(saxony.path / LIST_INDEX)


def listed(folder: Path, lines: str, key: str = "projects") -> FacetedList:
    """The list of a graph of such lines: subject, property, value; short names are of the ontology."""
    file = folder / "graph.nt"
    written = set()
    for line in filter(None, map(str.strip, lines.splitlines())):
        subject, property_, value = line.split(" ", 2)
        predicate = _PREFIXES.get(property_, TG + property_)
        value = value if value[0] in '<"' else f"<{TG if property_ == 'a' else BASE}{value}>"
        written.add(f"<{BASE}{subject}> <{predicate}> {value} .\n")
    file.write_text("".join(sorted(written)), encoding="utf-8")
    shown = read_presentation(declarations_of(REPOSITORY, ("de", "en")))
    graph = read_values(file, shown)
    with IndexWriter(folder / f"{key}.sqlite", graph) as index:
        index.add(make_list(key, graph, shown, ("de", "en")))
    return ListIndex(folder / f"{key}.sqlite").lists[key]


def found(listed: FacetedList, **chosen: str | tuple[str, ...]) -> ListResult:
    return listed.find(query(**chosen), DE, ALL)


def query(**chosen: str | tuple[str, ...]) -> ListQuery:
    return ListQuery({k: (v,) if isinstance(v, str) else v for k, v in chosen.items()})


def short(result: ListResult) -> list[str]:
    return [row.iri.removeprefix(BASE) for row in result.rows]


def counts(result: ListResult, facet: str) -> dict[str, int]:
    (one,) = (each for each in result.facets if each.facet.key == facet)
    return {value.key.removeprefix(BASE): value.count for value in one.values}


# Against SPARQL


def _values(facet: FacetedList, key: str) -> Sequence[str]:
    return [*facet.values(key).keys, NONE]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_choice_gives_what_its_query_gives(index: ListIndex, saxony: tg.Release, data: Any) -> None:
    """The rows, their cells, and the counts of a facet under the choices in the others."""
    listed = index.lists[data.draw(st.sampled_from(sorted(index.lists)))]
    keys = data.draw(st.lists(st.sampled_from(sorted(listed.facets)), unique=True, max_size=3))
    chosen = {
        key: tuple(
            data.draw(st.lists(st.sampled_from(_values(listed, key)), min_size=1, max_size=2, unique=True))
        )
        for key in keys
    }
    columns = tuple(key for key, facet in listed.facets.items() if facet.is_column)
    asked = ListQuery(chosen, columns=columns)
    result = listed.find(asked, DE, ALL)
    answer = list(saxony.store.select(listed.query_text(asked)).rows)
    assert sorted(row.iri for row in result.rows) == [str(thing)[1:-1] for thing, *_ in answer]
    assert result.total == len(answer)
    rows = {row.iri: row.cells for row in result.rows}
    for thing, *cells in answer:
        for key, cell in zip(columns, cells, strict=True):
            stated = {one for one in (cell.value if cell is not None else "").split(" ") if one}
            assert stated == _stated(listed.facets[key], rows[str(thing)[1:-1]].get(key, ())), (thing, key)
    counted = data.draw(st.sampled_from(sorted(listed.facets)))
    value = data.draw(st.sampled_from(_values(listed, counted)))
    one = ListQuery({**chosen, counted: (value,)}, columns=())
    (facet,) = (each for each in result.facets if each.facet.key == counted)
    told = {each.key: each.count for each in facet.values}
    if value in told or not facet.more:
        assert told.get(value, 0) == len(list(saxony.store.select(listed.query_text(one)).rows))


def _stated(facet: Facet, cell: Sequence[Any]) -> set[str]:
    return {one[0] if facet.kind in (FacetKind.THING, FacetKind.NUMBER) else one for one in cell}


def test_every_list_of_the_workspace_has_its_facets(index: ListIndex) -> None:
    assert set(index.lists) == set(read_presentation(declarations_of(REPOSITORY, ("de", "en"))).lists)
    projects = index.lists["projects"].facets
    wanted = {"type", "fundedUnder", "inRegion", "subject", "start-end", "isPartOf", "status"}
    assert wanted | {"participatesIn.role", "funds.amount.EUR", "about.value.partners"} <= set(projects)
    organisations = index.lists["organisations"].facets
    assert {"classification", "legalForm", "seat", "inRegion", "participant.role", "subject"} <= set(
        organisations
    )
    assert (
        "participatesIn" not in projects["subject"].direct_path
    )  # a query has the steps that lead anywhere here
    assert [one.label.in_language("de") for one in projects.values()][:2] == ["Art", "Gehört zu"]
    assert organisations["participant.role"].label.in_language("en") == "Takes part in: role"


# What is read


WORLD = """
    region/top a Region
    region/mid a Region
    region/mid partOf region/top
    region/old a Region
    region/low a Region
    region/low partOf region/mid
    region/low partOf region/old
    place/one a Place
    place/one name "Eins"@de
    place/one inRegion region/low
    undertaking/a a Project
    undertaking/a name "Alpha"@de
    undertaking/a name "Zeta"@en
    undertaking/a location place/one
    undertaking/a start "2019-04"
    undertaking/a end "2021"
    undertaking/b a Project
    undertaking/b name "Übung"@de
    undertaking/b inRegion region/top
    undertaking/b start "2020~"
    undertaking/c a Project
"""


def test_counts_hold_at_upper_regions_also_historical_ones_and_through_places(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD)
    regions = counts(found(projects), "inRegion")
    assert regions == {"region/low": 1, "region/mid": 1, "region/old": 1, "region/top": 2, NONE: 1}
    assert short(found(projects, inRegion=f"{BASE}region/old")) == ["undertaking/a"]
    assert short(found(projects, inRegion=NONE)) == ["undertaking/c"]
    (row,) = found(projects, location=f"{BASE}place/one").rows
    assert [iri for iri, _ in row.cells["inRegion"]] == [f"{BASE}region/low"]


def test_partners_have_the_topics_of_their_undertakings_and_what_these_are_part_of(tmp_path: Path) -> None:
    lines = """
        organisation/o a Organisation
        organisation/o name "Firma"@de
        organisation/p a Organisation
        undertaking/u a Project
        undertaking/u topic topic/low
        topic/low broader topic/top
        topic/top name "Oben"@de
        participation/x participant organisation/o
        participation/x participatesIn undertaking/u
    """
    facets = listed(tmp_path, lines, "organisations")
    for topic in ("low", "top"):
        assert short(found(facets, subject=f"{BASE}topic/{topic}")) == ["organisation/o"]
    assert short(found(facets, subject=NONE)) == ["organisation/p"]


def test_which_firms_near_zittau_work_on_energy_storage_and_with_whom(
    index: ListIndex, saxony: tg.Release
) -> None:
    """Three choices in the list of organisations, and the query that gives the same."""
    chosen = {
        "classification": ("https://w3id.org/transfergraph/scheme/organisation-kind/company",),
        "inRegion": (f"{BASE}region/kreis-goerlitz",),
        "subject": (f"{BASE}topic/networked-energy-storage",),
    }
    facets = index.lists["organisations"]
    asked = ListQuery(chosen, columns=("participant.participatesIn",))
    rows = facets.find(asked, DE, ALL).rows
    assert {row.iri.rpartition("/")[2] for row in rows} >= {"lausitz-energy-systems"}
    assert all(row.cells["participant.participatesIn"] for row in rows)  # where their partners stand
    answer = saxony.store.select(facets.query_text(asked)).rows
    assert sorted(row.iri for row in rows) == sorted(str(thing)[1:-1] for thing, *_ in answer)


def test_a_circle_of_wholes_ends(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD + "region/top partOf region/low\n")
    assert counts(found(projects), "inRegion")["region/low"] == 2


def test_a_period_counts_in_each_of_its_years_and_one_without_an_end_in_its_first(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD)
    assert counts(found(projects), "start-end") == {"2019": 1, "2020": 2, "2021": 1, NONE: 1}
    assert counts(found(projects), "start") == {"2019": 1, "2020": 1, NONE: 1}
    assert short(found(projects, **{"start-end": ("2019", "2021")})) == ["undertaking/a"]


def test_what_has_no_name_is_called_by_its_key_and_names_are_in_the_order_of_the_language(
    tmp_path: Path,
) -> None:
    projects = listed(tmp_path, WORLD)
    assert [row.names.in_language("de") for row in found(projects).rows] == ["Alpha", "c", "Übung"]
    english = projects.find(ListQuery(), ("en", "de"), ALL)
    assert [row.names.in_language("en") for row in english.rows] == ["c", "Übung", "Zeta"]
    backwards = projects.find(ListQuery(descending=True), ("en", "de"), ALL)
    assert short(backwards) == short(english)[::-1]


def test_a_class_that_no_ontology_names_has_the_list_of_its_table(tmp_path: Path) -> None:
    """Under the title of the table, or else its name; so no class of a workspace is without a list."""
    machine = "https://example.org/ns#Machine"
    tables = {
        "tables": [
            {
                "url": "machines.csv",
                "tableSchema": {
                    "aboutUrl": "machine/{id}",
                    "columns": [
                        {"name": "id", "titles": "id"},
                        {
                            "name": "name_en",
                            "titles": "name_en",
                            "propertyUrl": SKOS + "prefLabel",
                            "lang": "en",
                        },
                        {"name": "kind", "virtual": True, "propertyUrl": TYPE, "valueUrl": machine},
                    ],
                },
            }
        ]
    }
    declare(tmp_path, "ontology/tables.json", json.dumps(tables))
    shown = read_presentation(declarations_in(tmp_path))
    assert shown.lists["machines"].title.in_language("de") == "machines"
    file = tmp_path / "graph.nt"
    file.write_text(
        f'<{BASE}machine/a> <{TYPE}> <{machine}> .\n<{BASE}machine/a> <{SKOS}prefLabel> "Press"@en .\n',
        "utf-8",
    )
    table = make_list("machines", read_values(file, shown), shown, ("de", "en"))
    assert table.rows == [f"{BASE}machine/a"]


def test_rows_are_sorted_by_dates_and_numbers_and_those_without_come_last(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD)
    for descending, expected in ((False, ["a", "b", "c"]), (True, ["b", "a", "c"])):
        result = projects.find(ListQuery(sort="start", descending=descending), DE, ALL)
        assert [one.removeprefix("undertaking/") for one in short(result)] == expected


def test_the_counts_of_a_facet_are_under_the_choices_in_the_others_alone(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD)
    result = found(projects, start="2019")
    assert result.total == 1 and counts(result, "start") == {"2019": 1, "2020": 1, NONE: 1}
    assert counts(result, "inRegion") == {
        "region/low": 1, "region/mid": 1, "region/old": 1, "region/top": 1,
    }  # fmt: skip


def test_ranges_of_numbers_meet_and_hold_their_numbers() -> None:
    for text in ("0", "0.99", "1", "1.99", "2", "4.99", "5", "9.9", "10", "49999.99", "50000", "123456789"):
        value = Decimal(text)
        name = range_of(value)
        first, end = bounds(name)
        assert first is not None and first <= value < end and is_range(name)
        assert range_of(end) != name and bounds(range_of(end))[0] == end
    assert range_of(Decimal("-1")) == "below-0" and bounds("below-0") == (None, Decimal(0))
    assert not any(map(is_range, ("", "3", "15", "-5", "1e5", "٥", "0x1", "5" + "0" * 30)))


def test_the_same_graph_gives_the_same_bytes(saxony: tg.Release, tmp_path: Path) -> None:
    first = {file.name: file.read_bytes() for file in (saxony.path / "lists").iterdir()}
    triples = tmp_path / "graph.nt"
    triples.write_bytes(gzip.decompress((saxony.path / "data" / "graph.nt.gz").read_bytes()))
    folder = tmp_path / "again"
    folder.mkdir()
    (folder / "ontology").symlink_to(saxony.path / "ontology")
    write_lists(folder, triples, _local, ("de", "en"))
    assert (folder / LIST_INDEX).read_bytes() == first["index.sqlite"]
    assert {file.name for file in (folder / "lists").iterdir()} == first.keys()
    assert len(first) == 2 * len(ListIndex(folder / LIST_INDEX).lists) + 1


def _local(iri: str) -> str | None:
    return iri.removeprefix(BASE) if iri.startswith(BASE) else None


# Sums


def _grant(name: str, project: str, amount: str, *more: str) -> str:
    lines = ["a Funding", f"funds undertaking/{project}", f'amount "{amount}"', f"currency <{EURO}>", *more]
    return "".join(f"funding/{name} {line}\n" for line in lines)


def sums(result: ListResult) -> dict[str, tuple[Decimal, int, int, int, int]]:
    return {
        one.facet.key: (
            one.whole.total, one.whole.stated, one.whole.added, one.whole.overlapping, one.whole.within
        )
        for one in result.sums
    }  # fmt: skip


def test_amounts_are_added_by_currency_and_kind_and_say_of_how_many(tmp_path: Path) -> None:
    share = f"""
        participation/p a Participation
        participation/p participatesIn undertaking/a
        participation/p amount "700"
        participation/p currency <{EURO}>
        funding/d a Funding
        funding/d funds undertaking/b
        funding/d amount "5"
        funding/d currency <{DOLLAR}>
    """
    projects = listed(tmp_path, WORLD + share + _grant("x", "a", "100.10") + _grant("y", "b", "200.05"))
    assert sums(found(projects)) == {
        "participatesIn.amount.EUR": (Decimal(700), 1, 1, 0, 0),
        "funds.amount.EUR": (Decimal("300.15"), 2, 2, 0, 0),
        "funds.amount.USD": (Decimal(5), 1, 1, 0, 0),
    }
    assert sums(found(projects, start="2019"))["funds.amount.EUR"][0] == Decimal("100.10")
    assert found(projects).sums[1].whole.rows == 3


def test_what_may_be_the_same_money_twice_is_not_added_and_counted(tmp_path: Path) -> None:
    unclear = _grant("x", "a", "100") + _grant("y", "a", "250")
    assert sums(found(listed(tmp_path, WORLD + unclear)))["funds.amount.EUR"] == (Decimal(0), 1, 0, 1, 0)
    (tmp_path / "projects.sqlite").unlink()
    apart = _grant("x", "a", "100", 'grantNumber "1"') + _grant("y", "a", "250", 'grantNumber "2"')
    assert sums(found(listed(tmp_path, WORLD + apart)))["funds.amount.EUR"] == (Decimal(350), 1, 1, 0, 0)


def test_a_part_is_not_added_to_its_whole_where_both_are_listed(tmp_path: Path) -> None:
    nested = "undertaking/b partOf undertaking/a\n" + _grant("x", "a", "100") + _grant("y", "b", "30")
    projects = listed(tmp_path, WORLD + nested)
    assert sums(found(projects))["funds.amount.EUR"] == (Decimal(100), 2, 1, 0, 1)
    assert sums(found(projects, start="2020"))["funds.amount.EUR"] == (Decimal(30), 1, 1, 0, 0)


def test_sums_by_a_facet_say_for_each_value_how_many_state_an_amount(tmp_path: Path) -> None:
    projects = listed(tmp_path, WORLD + _grant("x", "a", "100") + _grant("y", "b", "30"))
    (one,) = projects.find(ListQuery(sums="inRegion"), DE).sums
    told = {part.value.removeprefix(BASE): (part.total, part.rows, part.stated) for part in one.parts}
    assert told == {
        "region/low": (Decimal(100), 1, 1),
        "region/mid": (Decimal(100), 1, 1),
        "region/old": (Decimal(100), 1, 1),
        "region/top": (Decimal(130), 2, 2),
    }
    (by_year,) = projects.find(ListQuery(sums="start"), DE).sums
    assert {part.value: part.total for part in by_year.parts} == {"2019": 100, "2020": 30}
    (none,) = projects.find(ListQuery(sums="start-end"), DE).sums
    assert none.parts == ()  # an amount would count in each year of the period


# Many values, long and foreign names


def test_of_many_values_the_most_frequent_are_shown_and_all_when_asked_for(tmp_path: Path) -> None:
    lines = [
        f"undertaking/{n} {line}"
        for n in range(800)
        for line in ("a Project", f'name "Projekt {n:03}"@de', f"topic topic/{n % 400}", "topic topic/0")
    ]
    names = [f'topic/{n} name "{"Thema " * 50 if n == 3 else "موضوع"} {n}"@de' for n in range(400)]
    projects = listed(tmp_path, "\n".join(lines + names))
    few = projects.find(ListQuery(), DE)
    assert few.total == 800 and len(few.rows) == ON_PAGE and few.pages == 8
    (topics,) = few.facets
    assert len(topics.values) == FREQUENT and topics.more
    assert topics.values[0].key == f"{BASE}topic/0" and topics.values[0].count == 800
    (whole,) = projects.find(ListQuery(whole="subject"), DE).facets
    assert len(whole.values) == 400 and not whole.more
    last = projects.find(ListQuery(page=8), DE)
    assert [row.names.in_language("de") for row in last.rows] == [f"Projekt {n}" for n in range(700, 800)]
    assert projects.find(ListQuery(page=9), DE).rows == ()


def test_what_states_none_is_offered_beside_the_most_frequent(index: ListIndex) -> None:
    facets = index.lists["organisations"].find(ListQuery(), DE).facets
    (seats,) = (one for one in facets if one.facet.key == "seat")
    assert seats.more and len(seats.values) == FREQUENT + 1 and seats.values[-1].key == NONE


# Addresses


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_an_address_says_what_was_asked(index: ListIndex, data: Any) -> None:
    listed = index.lists["organisations"]
    keys = data.draw(st.lists(st.sampled_from(sorted(listed.facets)), unique=True, max_size=3))
    asked = ListQuery(
        {key: (data.draw(st.sampled_from(_values(listed, key))),) for key in keys},
        sort=data.draw(st.sampled_from(["name", "participant.start"])),
        descending=data.draw(st.booleans()),
        page=data.draw(st.integers(1, 10**8)),
        columns=data.draw(st.sampled_from([None, (), ("seat",), ("seat", "legalForm")])),
        sums=data.draw(st.sampled_from(["", "seat"])),
        whole=data.draw(st.sampled_from(["", "seat"])),
    )
    read, strange = read_query(asked.parameters(str), listed.facets, listed.value_of)
    assert read == asked and not strange
    assert query_string(asked.parameters(str)).startswith("?") or asked == ListQuery()


@settings(max_examples=200, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.text(max_size=12) | st.sampled_from(["seat", "page", "sort"]), st.text(max_size=12))
    )
)
def test_nonsense_in_an_address_is_told_and_never_fails(
    index: ListIndex, pairs: Sequence[tuple[str, str]]
) -> None:
    listed = index.lists["organisations"]
    read, strange = read_query(pairs, listed.facets, listed.value_of)
    result = listed.find(read, DE)
    assert result.total <= listed.count and len(strange) <= len(pairs)
