"""What the ontology, the shapes and the tables say about how classes and properties are shown."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from workspaces import REPOSITORY, copied, declare

from transfergraph import Text, WorkspaceError
from transfergraph.common.namespaces import DCT, FOAF, SKOS, TG
from transfergraph.config.declarations import declarations_in, declarations_of
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.vocabulary.presentation_reader import read_presentation, released_presentation

TOPICS = "https://w3id.org/transfergraph/scheme/topic"


@pytest.fixture(scope="module")
def shown() -> Presentation:
    return read_presentation(declarations_of(REPOSITORY))


def test_a_class_has_the_label_and_definition_of_the_ontology(shown: Presentation) -> None:
    lab = shown.classes[TG + "Lab"]
    assert (lab.label.in_language("de"), lab.label.in_language("en")) == ("Labor", "Lab")
    assert lab.definition is not None and lab.definition.english.startswith("Place or permanent service")


def test_roles_go_by_subclass(shown: Presentation) -> None:
    assert shown.of_role(Role.UNDERTAKING) == tuple(
        TG + name for name in ("Alliance", "Project", "Lab", "Undertaking")
    )
    assert shown.role([TG + "UniversityOfAppliedSciences"]) is Role.ORGANISATION
    assert shown.role([TG + "Place"]) is Role.PLACE
    assert shown.role([TG + "Participation"]) is Role.PARTICIPATION
    assert shown.role([TG + "Region", SKOS + "Concept", "https://example.org/Unknown"]) is None


def test_special_classes_come_before_general_ones(shown: Presentation) -> None:
    classes = [TG + "Organisation", "https://example.org/Unknown", TG + "University", TG + "Source"]
    classes.append(TG + "UniversityOfAppliedSciences")
    assert [one.removeprefix(TG) for one in sorted(classes, key=shown.class_order)] == [
        *("UniversityOfAppliedSciences", "University", "Organisation", "Source"),
        "https://example.org/Unknown",
    ]


def test_a_list_is_the_table_of_what_has_names(shown: Presentation) -> None:
    listed = json.loads((REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8"))["tables"]
    assert list(shown.tables) == [one["url"][:-4] for one in listed]
    unlisted = {one for one in shown.tables if one.startswith("former_")}
    unlisted |= {"participations", "fundings", "statements", "lists", "terms", "claims"}
    assert shown.tables.keys() - shown.lists.keys() == unlisted
    table = shown.table_of([TG + "UniversityOfAppliedSciences"])
    assert table is not None and table.title.by_language(("de", "en", "pl")) == {
        "de": "Organisationen",
        "en": "Organisations",
        "pl": "Organizacje",
    }
    topics = shown.table_of([TOPICS])
    assert topics is not None and (topics.key, topics.folder) == ("topics", "topic/")
    assert [one.key for one in shown.tables.values() if one.kind == SKOS + "Concept"] == ["terms"]


def test_so_many_are_said_with_the_words_of_the_class_the_table_or_else_its_title(
    shown: Presentation,
) -> None:
    assert shown.counted("organisations", 1, "de") == "1 Organisation"
    assert shown.counted("topics", 1234, "en") == "1,234 topics"
    assert shown.counted("former_organisations", 1, "en") == "1 former organisation"
    assert shown.counted("triples", 2, "de") == "2 Tripel"
    assert [shown.counted("terms", count, "en") for count in (1, 2)] == ["1 concept", "2 concepts"]
    assert [shown.counted("lists", n, "pl") for n in (1, 2, 5)] == [
        "1 lista pojęć",
        "2 listy pojęć",
        "5 list pojęć",
    ]
    wordless = replace(shown, counting={})
    assert [wordless.counted("lists", n, "en") for n in (1, 2)] == ["1 List of concepts", "2 Own lists"]


def test_what_the_core_says_of_a_class_it_says_in_polish(tmp_path: Path) -> None:
    polish = read_presentation(declarations_of(tmp_path, ("pl", "en")))
    for texts in (polish.sentences, polish.counting):
        assert texts and [kind for kind, text in texts.items() if not text.has("pl")] == []
    assert polish.classes[SKOS + "ConceptScheme"].label.in_language("pl") == "Lista pojęć"


def test_properties_have_names_and_order_of_shapes_and_else_those_of_the_ontology(
    shown: Presentation,
) -> None:
    names = [one.label.english for one in shown.classes[TG + "Project"].properties]
    assert names.index("Other names") < names.index("funded under") < names.index("Topics")
    home = shown.property(FOAF + "homepage", [TG + "Project"])
    assert home is not None and home.label.english == "Website"
    assert shown.property(TG + "unknown") is None
    assert shown.in_role("LabelRole")[0] == SKOS + "prefLabel"
    order = [DCT + "source", "https://example.org/other", TG + "start", SKOS + "prefLabel"]
    assert sorted(order, key=shown.property_order) == [order[3], order[2], order[0], order[1]]


def test_what_points_at_a_thing_is_called_by_its_class(shown: Presentation) -> None:
    def heading(name: str) -> str:
        found = shown.property(DCT + "isPartOf", [TG + name], inverse=True)
        assert found is not None
        return found.label.english

    assert [heading(name) for name in ("Alliance", "Region", "Lab")] == [
        *("Projects and labs", "Regions within"),
        "Belongs to it",
    ]
    assert shown.property(TG + "asOf", inverse=True) is None


def test_facets_lead_to_entities_and_concepts_or_have_dates_and_amounts(shown: Presentation) -> None:
    facets = {one.iri.removeprefix(TG) for one in shown.classes[TG + "Funding"].properties if one.facet}
    assert {"funds", "fundedUnder", "start", "amount", "currency"} <= facets
    assert facets.isdisjoint({"grantNumber", SKOS + "note"})


def test_a_class_is_aligned_with_schema_org(shown: Presentation) -> None:
    assert shown.classes[TG + "UniversityOfAppliedSciences"].aligned[0] == "CollegeOrUniversity"
    assert shown.classes[TG + "Funding"].aligned == ("MonetaryGrant",)


def test_a_release_says_the_same_without_its_workspace(
    first_release: tuple[Path, Path], tmp_path: Path, shown: Presentation
) -> None:
    release = copied(first_release, tmp_path)[1] / "current"
    assert released_presentation(release) == shown
    (release / "ontology" / "tables.json").unlink()  # as in a release of an older version
    assert released_presentation(release) == shown


def test_groups_are_in_their_order_and_may_have_names(tmp_path: Path) -> None:
    declare(
        tmp_path,
        "ontology/own.ttl",
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
        ex:Late a sh:PropertyGroup ; sh:order 2 ; rdfs:label "Late" .
        ex:Early a sh:PropertyGroup ; sh:order 1 .
        ex:Thing a owl:Class ; rdfs:label "Ding"@de .
        ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:a, ex:b .
        ex:a a sh:PropertyShape ; sh:path ex:x ; sh:name "x" ; sh:order 1 ; sh:group ex:Late .
        ex:b a sh:PropertyShape ; sh:path ex:y ; sh:name "y" ; sh:order 2 ; sh:group ex:Early .""",
    )
    found = read_presentation(declarations_in(tmp_path))
    assert [one.iri[-1] for one in found.classes["https://example.org/Thing"].properties] == ["y", "x"]
    assert found.groups == {"https://example.org/Late": Text.same("Late")}
    assert found.classes["https://example.org/Thing"].label == Text.same("Ding")


@pytest.mark.parametrize(
    ("name", "content"),
    [("own.ttl", "no Turtle"), ("tables.json", "{}"), ("tables.json", '{"tables": [{"url": 1}]}')],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: str) -> None:
    declare(tmp_path, f"ontology/{name}", content)
    with pytest.raises(WorkspaceError, match=name):
        read_presentation(declarations_in(tmp_path))
