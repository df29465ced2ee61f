"""The files of texts: each key is used and each used key is there, in German and English, and fits its language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import pytest
from icu4py.messageformat import MessageFormat
from rdflib import Graph, URIRef
from workspaces import REPOSITORY

from transfergraph import errors
from transfergraph.common.format_losses import LOSSES
from transfergraph.common.namespaces import TGSH
from transfergraph.common.process_endings import Ending
from transfergraph.common.progress import Stage
from transfergraph.dcat.completeness import CountStatus
from transfergraph.dcat.evaluate import fair_metrics, mqa
from transfergraph.dcat.evaluate.score import Dimension
from transfergraph.messages import texts_of
from transfergraph.network.model.measures import MEASURES
from transfergraph.network.model.projection import WEIGHTS
from transfergraph.network.model.stated_amounts import QUALIFIERS, STATED, SUM, TOTAL
from transfergraph.release.changes.change_summary import ChangeKind
from transfergraph.server.problems import KINDS

PACKAGE = REPOSITORY / "src" / "transfergraph"
FILES = {file.stem: file for file in (PACKAGE / "locales").glob("*.toml")}
TEXTS = {
    language: {key: text for key, text in texts_of(language).items() if key != "locale"} for language in FILES
}
LOST = sorted({one for losses in LOSSES.values() for lost in losses.values() for one in lost})
DESCRIBING = ["kind", "place", "regions", "topics", "programmes", "sources"]
AMOUNTS: Mapping[str, list[str]] = {
    "network.amount.{}": [*QUALIFIERS],
    "network.whole.{}": [TOTAL, STATED, SUM],
}
ENGLISH = TEXTS["en"]
COUNTED = URIRef(f"{TGSH}counted")
SEVERITIES = ["violation", "warning", "info"]

# Every key that is composed: the pattern as the code has it, {} for each value, and what completes it. The values
# are data: those of an enumeration, names in the vocabulary, columns of answers.
ENDINGS = {"ended.{}": [one.value for one in Ending]}
COMPOSED: Mapping[str, Mapping[str, list[str]]] = {
    "release/isolated_queries.py": ENDINGS,
    "server/problems.py": {**ENDINGS, "problem.title.{}": list(KINDS)},
    "store/supervised.py": ENDINGS,
    "cli/app.py": ENDINGS,
    "web/site_pages.py": {
        "{}.about": ["absent.not-found", "absent.gone"],
    },
    "web/about_page.py": {
        "about.findings.{}": SEVERITIES,
        "quality.{}": ["complete", "partial", "not-stated", "no-result", "not-collected"],
        "{}.about": [
            f"quality.{one}" for one in ("complete", "partial", "not-stated", "no-result", "not-collected")
        ],
    },
    "web/list_script.py": {"page.qualifier.{}": ["exactly", "about", "at-least", "at-most"]},
    "web/facet_words.py": {"page.qualifier.{}": ["exactly", "about", "at-least", "at-most"]},
    "lists/script/lists.js": {"page.qualifier.{}": ["exactly", "about", "at-least", "at-most"]},
    "web/localised_view.py": {
        "page.qualifier.{}": ["exactly", "about", "at-least", "at-most"],
        "page.size.{}": ["partners", "direct-partners", "universities", "projects", "labs"],
    },
    "web/answer_tables.py": {
        "page.variable.{}": [
            "aim",
            "alliance",
            "alliances",
            "amount",
            "applied",
            "as_of",
            "between",
            "class",
            "currency",
            "date",
            "direct_partners",
            "end",
            "entry",
            "event",
            "field",
            "first",
            "funder",
            "funding",
            "grant_number",
            "kind",
            "lab",
            "labs",
            "matter",
            "organisation",
            "organisations",
            "organiser",
            "page",
            "partner",
            "partners",
            "percent",
            "place",
            "programme",
            "project",
            "projects",
            "qualifier",
            "record",
            "records",
            "region",
            "retrieved",
            "role",
            "seat",
            "second",
            "since",
            "source",
            "start",
            "statement",
            "subject",
            "suggestion",
            "together",
            "topic",
            "undertaking",
            "undertakings",
            "university",
            "until",
            "value",
            "whole",
            "wkt",
        ]
    },
    "network/model/introductions.py": {
        "{}.more": [
            f"network.introduction.{name}"
            for name in ("neighbours", "alliances", "topics", "regions", "programmes")
        ]
    },
    "network/model/sentences.py": AMOUNTS,
    "network/script/texts.js": AMOUNTS,
    "network/script/map_ground.js": {"network.map.state.{}": [f"DE{one}" for one in "123456789ABCDEFG"]},
    "network/script/map_drawing.js": {"network.map.river.{}": ["danube", "elbe", "oder", "rhine"]},
    "web/download_page.py": {"loss.{}": LOST, "loss.group.{}": [*LOSSES]},
    "network/output/graph_files.py": {"network.file.{}": DESCRIBING},
    "network/script/exports.js": {"network.file.{}": DESCRIBING},
    "network/output/report_content.py": {"report.funding.{}": [*QUALIFIERS]},
    "network/output/explorer_page.py": {
        "network.{}": ["organisations", "undertakings", "participations"],
        "loss.{}": LOST,
    },
    "network/output/explorer_json.py": {
        pattern: [
            *(f"measure.{name}" for name in (*MEASURES, "community")),
            *(f"weight.{w}" for w in WEIGHTS),
        ]
        for pattern in ("network.{}.{}", "network.{}.{}.definition")
    },
    "cli/network.py": {"network.measure.{}": ["ties", "reach", "broker", "undertakings", "participations"]},
    "cli/show.py": {
        "stage.{}": [one.value for one in Stage],
    },
    "cli/reviewing.py": {"review.{}": ["same", "different", "later", "end"]},
    "identity/identity_questions.py": {
        "identity.rule.{}": [
            *(
                "identifier-conflict",
                "identifier",
                "same-name-other-registration",
                "common-name",
                "converted",
            ),
            *(
                "same-name",
                "alike",
                "alike-here",
                "somewhat-alike",
                "few-letters",
                "clash",
                "abbreviation",
                "same-website",
            ),
        ]
    },
    "cli/publishing.py": {"stage.{}": [one.value for one in Stage]},
    "release/changes/reader_note.py": {
        "changes.lead.{}": [ChangeKind.NEW.value, ChangeKind.GONE.value],
        "changes.joined.{}": [ChangeKind.NEW.value, ChangeKind.GONE.value],
        "changes.joined-plain.{}": [ChangeKind.NEW.value, ChangeKind.GONE.value],
        "changes.participations.{}": [
            *(ChangeKind.NEW.value, ChangeKind.GONE.value, ChangeKind.REKEYED.value),
        ],
        "changes.{}": [
            *(ChangeKind.NEW.value, ChangeKind.GONE.value, ChangeKind.REKEYED.value, *SEVERITIES),
        ],
    },
    "release/changes/history_files.py": {"changes.stream.{}": ["feed", "catalog-feed"]},
    "dcat/datasets.py": {
        pattern: ["graph", "tables", "ontology"] for pattern in ("portal.{}", "portal.{}.about")
    },
    "dcat/quality.py": {
        "quality.{}": [
            *[
                "completeness",
                "consistency",
            ],
            *["rows-known", "rows-stated", "share-known", "fill-rate", "findings", "left-out"],
            *(one.value for one in CountStatus),
        ],
        "quality.{}.about": [
            *["rows-known", "rows-stated", "share-known", "fill-rate", "findings", "left-out"],
            *(one.value for one in CountStatus),
        ],
    },
    "dcat/evaluate/evaluate.py": {"points.profile.{}": ["ch", "de", "eu"]},
    "dcat/evaluate/score.py": {
        "points.{}": [
            *("405", "7.5"),
            *(one.value for one in Dimension),
            *(name for _, name in (*fair_metrics.BANDS, *mqa.BANDS)),
        ],
        "points.do.{}": ["known-licence", "machine-readable", "non-proprietary", "status", "vocabulary"],
    },
    "dcat/evaluate/catalogue_findings.py": {
        "catalogue.class.{}": [
            "Agent",
            "Attribution",
            "Catalogue",
            "Checksum",
            "Concept",
            "Contact",
            "Dataset",
            "Distribution",
            "Identifier",
            "Licence",
            "Location",
            "Period",
            "Record",
            "Relationship",
            "Scheme",
            "Series",
            "Service",
        ],
        "catalogue.state.{}": [
            "adms-identifier",
            "adms-status",
            "dcat-accessURL",
            "dcat-bbox",
            "dcat-byteSize",
            "dcat-centroid",
            "dcat-contactPoint",
            "dcat-distribution",
            "dcat-downloadURL",
            "dcat-keyword",
            "dcat-landingPage",
            "dcat-mediaType",
            "dcat-theme",
            "dcatap-applicableLegislation",
            "dcatap-availability",
            "dcatde-contributorID",
            "dct-accessRights",
            "dct-description",
            "dct-format",
            "dct-identifier",
            "dct-issued",
            "dct-language",
            "dct-license",
            "dct-modified",
            "dct-provenance",
            "dct-publisher",
            "dct-relation",
            "dct-rights",
            "dct-spatial",
            "dct-temporal",
            "dct-title",
            "dct-type",
            "foaf-name",
            "foaf-page",
        ],
    },
    "shacl/standard_messages.py": {
        "shape.constraint.{}": [
            "and",
            "class",
            "closed",
            "datatype",
            "disjoint",
            "equals",
            "hasValue",
            "in",
            "languageIn",
            "lessThan",
            "lessThanOrEquals",
            "maxCount",
            "maxExclusive",
            "maxInclusive",
            "maxLength",
            "minCount",
            "minExclusive",
            "minInclusive",
            "minLength",
            "node",
            "not",
            "or",
            "pattern",
            "qualifiedMaxCount",
            "qualifiedMinCount",
            "sparql",
            "uniqueLang",
            "xone",
        ],
        "shape.kind.{}": ["IRI", "Literal", "BlankNode"],
    },
    "tables/explain_cells.py": {
        "table.wrong-type.{}": ["date", "decimal", "edtf", "integer"],
        "{}.suggested": [f"table.wrong-type.{kind}" for kind in ("decimal", "edtf", "integer")],
        "character.{}": [key.removeprefix("character.") for key in ENGLISH if key.startswith("character.U+")],
    },
    "tables/csv_reader.py": {
        "{}.suggested": [
            f"table.{name}"
            for name in (
                "missing-column",
                "missing-reference",
                "unknown-file",
                "unknown-list",
            )
        ]
    },
    "tables/source_files.py": {"{}.suggested": ["table.unknown-file", "table.unknown-sheet"]},
    "messages.py": {"{}.remedy": [], "language.{}": ["de", "en", "pl"]},  # of each fault, see below
}


def completed(pattern: str, value: str) -> str:
    """The key; where a pattern has two places, the value has both, with a full stop between."""
    values = value.split(".", 1) if pattern.count("{}") == 2 else [value]
    return pattern.format(*values)


def _sources() -> Iterator[tuple[str, set[str], set[str]]]:
    """Each file of the package: its path, its literals, and the patterns of what it composes."""
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix == ".py":
            nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
            literals = {n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            composed = {
                "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
                for node in nodes
                if isinstance(node, ast.JoinedStr)
            }
        elif file.suffix in (".html", ".js"):
            text = file.read_text("utf-8")
            literals = set(re.findall(r"[\"'`]([\w.-]+)[\"'`]", text))
            composed = {re.sub(r"\$\{[^}]*\}", "{}", one) for one in re.findall(r"`([^`]*\$\{[^`]*)`", text)}
            composed |= {f"{one}{{}}" for one in re.findall(r"[\"']([a-z.-]+\.)[\"'] ?[~+]", text)}
        else:
            continue
        yield file.relative_to(PACKAGE).as_posix(), literals, composed


def _may_be_a_key(pattern: str) -> bool:
    """Whether some text has a key like it; a pattern of places alone is like every word."""
    places = re.escape(pattern).replace(r"\{\}", "(.+)")
    return re.search(r"[.][a-z]|[a-z][.]", pattern) is not None and any(
        re.fullmatch(places, key) for key in ENGLISH
    )


def test_there_are_three_files_and_english_and_german_are_whole() -> None:
    assert FILES.keys() == {"de", "en", "pl"}
    assert len(ENGLISH) > 900
    assert TEXTS["de"].keys() == ENGLISH.keys()
    assert TEXTS["pl"].keys() < ENGLISH.keys()
    assert len(TEXTS["pl"]) >= 60


def test_each_composed_key_is_listed_and_each_listed_one_has_a_text() -> None:
    found = {name: {one for one in composed if _may_be_a_key(one)} for name, _, composed in _sources()}
    # a file name, as in network.png
    found["network/script/exports.js"].discard("network.{}")
    assert {name: patterns for name, patterns in found.items() if patterns} == {
        name: set(patterns) for name, patterns in COMPOSED.items()
    }
    keys = {
        completed(pattern, value)
        for patterns in COMPOSED.values()
        for pattern, values in patterns.items()
        for value in values
    }
    alone = {f"network.measure.{name}" for name in MEASURES}
    assert alone <= keys
    assert keys - ENGLISH.keys() - {"absent.gone.about"} == set()


def test_each_text_is_used() -> None:
    used = {one for _, literals, _ in _sources() for one in literals}
    used |= {
        completed(pattern, value)
        for patterns in COMPOSED.values()
        for pattern, values in patterns.items()
        for value in values
    }
    assert {key for key in ENGLISH if key not in used and key.removesuffix(".remedy") not in used} == set()


def test_each_key_that_is_written_out_has_a_text() -> None:
    """What is given to a function that says a text, in modules, templates and scripts."""
    functions = {
        "text",
        "both",
        "pieces",
        "advice",
        "say",
        "phrase",
        "in_full",
        "fault",
        "suggested",
        "_text",
        "explained",
    }
    given = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
                if name in functions and re.fullmatch(r"[a-z]+(\.[\w-]+)+", str(node.args[0].value)):
                    given.add(str(node.args[0].value))
    for file in (*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.js")):
        given |= set(re.findall(r"\b(?:say|both|words)\([\"']([\w.-]+)[\"']", file.read_text("utf-8")))
    assert len(given) > 300
    assert given - ENGLISH.keys() == set()


ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type)}
FAULTS = {"ValueError", "RetryLater", "_Misfit", "_bad", "refuse", "_refuse"}
SAID_BY = {"line", "print", "error", "BadParameter"}  # what the command line shows


def _words_in_code(tree: ast.Module) -> Iterator[str]:
    """What is written out, instead of found by its key, where a person gets to see it."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        given = node.args[:1] if name in ERRORS | SAID_BY | FAULTS else []
        given += node.args[2:3] if name == "Problem" else []
        given += [one.value for one in node.keywords if one.arg in ("help", "short_help", "epilog")]
        for one in given:
            parts: list[ast.AST] = [*(one.values if isinstance(one, ast.JoinedStr) else [one])]
            if isinstance(one, ast.BinOp | ast.IfExp):
                parts = list(ast.walk(one))
            texts = [part.value for part in parts if isinstance(part, ast.Constant)]
            if any(isinstance(text, str) and re.search(r"[A-Za-z]{2,}", text) for text in texts):
                yield ast.unparse(node)


# What is a part of "The report is damaged (...)", as the words of a library are.
NOT_SHOWN = {"finding_reports/json_report.py"}


def test_no_text_that_people_see_is_written_out_in_code() -> None:
    found = {
        file.relative_to(PACKAGE).as_posix(): words
        for file in sorted(PACKAGE.rglob("*.py"))
        if (words := list(_words_in_code(ast.parse(file.read_text("utf-8")))))
    }
    assert {name: words for name, words in found.items() if name not in NOT_SHOWN} == {}


def test_words_in_code_are_found() -> None:
    for code in ('UsageError("No")', 'show.line(f"{a} triples")', 'Option(help="The folder")', "raise_(x)"):
        assert bool(list(_words_in_code(ast.parse(code)))) == (code != "raise_(x)"), code


@pytest.mark.parametrize("language", FILES)
def test_a_file_is_in_the_order_of_its_keys_and_names_who_composes_them(language: str) -> None:
    lines = FILES[language].read_text("utf-8").splitlines()
    keys = [line.split('"')[1] for line in lines if line.startswith('"')]
    assert keys == sorted(TEXTS[language])
    modules: dict[str, set[str]] = {}
    for name, patterns in COMPOSED.items():
        for pattern in patterns:
            modules.setdefault(pattern, set()).add(name)
    for pattern, names in modules.items():
        if pattern.startswith("{}") or pattern == "page.{}":
            continue
        like = re.compile(
            re.escape(pattern.removesuffix(".about").removesuffix(".definition")).replace(r"\{\}", "(.+)")
        )
        first = next(
            (n for n, line in enumerate(lines) if line[:1] == '"' and like.fullmatch(line.split('"')[1])),
            None,
        )
        if first is None:
            assert language == "pl"
            continue
        above = []
        while lines[first - 1].startswith("#"):
            first -= 1
            above.append(lines[first])
        assert any(all(name in line for name in names) for line in above), (pattern, above)


def _forms(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Each plural of a text: the name of its number, and its forms by category."""
    for name, forms in re.findall(r"\{(\w+), plural,((?: [\w=]+ \{[^{}]*\})+)\}", text):
        yield name, dict(re.findall(r" ([\w=]+) \{([^{}]*)\}", forms))


@pytest.mark.parametrize(
    ("language", "numbers"), [("de", [1, 2]), ("en", [1, 2]), ("pl", [1, 2, 5, Decimal("1.5")])]
)
def test_each_plural_has_the_forms_of_its_language(language: str, numbers: list[int | Decimal]) -> None:
    """As many as CLDR has categories: each number of the list is of a category of its own."""
    every = "{n, plural, zero {zero} one {one} two {two} few {few} many {many} other {other}}"
    categories = [MessageFormat(every, language).format({"n": number}) for number in numbers]
    assert len(set(categories)) == len(numbers)
    found = 0
    counted = Graph().parse(REPOSITORY / "ontology" / "presentation.shapes.ttl").subject_objects(COUNTED)
    stated = {str(one): str(text) for one, text in counted if getattr(text, "language", "") == language}
    for key, text in (TEXTS[language] | stated).items():
        assert text.count(", plural,") == len(list(_forms(text))), key
        for _, forms in _forms(text):
            assert list(forms) == categories, key
            assert all("#" in form for form in forms.values()), key
            found += 1
    assert found >= 10


def _arguments(text: str) -> set[tuple[str, ...]]:
    """The values of a text, each with the way it is shown; ICU leaves alone those that it is not given."""
    kinds = dict(re.findall(r"\{(\w+), (plural|number|date)", text))
    names = re.findall(r"\{(\w+)\}", MessageFormat(text, "en").format({}))
    return {(name, kinds.get(name, "")) for name in names}


@pytest.mark.parametrize("language", FILES)
def test_each_text_takes_the_same_values_in_each_language(language: str) -> None:
    for key, text in TEXTS[language].items():
        assert _arguments(text) == _arguments(ENGLISH[key]), key


@pytest.mark.parametrize("language", FILES)
def test_the_script_of_the_network_page_understands_its_texts(language: str) -> None:
    """It has the part of the format that is in its own regular expression, which Python reads alike."""
    script = (PACKAGE / "network" / "script" / "texts.js").read_text("utf-8")
    argument = re.search(r"const argument = /(.+)/g;", script)
    assert argument is not None
    texts = [text for key, text in TEXTS[language].items() if key.startswith("network.")]
    assert any(", plural," in text for text in texts)
    assert [text for text in texts if set(re.sub(argument[1], "", text)) & set("{}#'")] == []
