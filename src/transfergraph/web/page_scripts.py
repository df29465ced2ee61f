"""What pages tell the scripts with which they compute themselves: texts, addresses, parts of a question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transfergraph.messages import text
from transfergraph.queries import Answer, NamedQuery, Result
from transfergraph.queries.parameters import entity_folder
from transfergraph.queries.query_files import value_blocks
from transfergraph.web.addresses import ONTOLOGY, SCHEMES, WORKBENCH, Site
from transfergraph.web.answer_tables import column_headings
from transfergraph.workbench.browser_files import BY_ITSELF, DUMP

_ANSWERS = (
    "answers.by",
    "answers.chart",
    "answers.count",
    "answers.cut",
    "answers.download",
    "answers.file",
    "answers.from",
    "answers.left",
    "answers.map",
    "answers.more",
    "answers.network",
    "answers.no",
    "answers.none",
    "answers.picture",
    "answers.row",
    "answers.rows",
    "answers.table",
    "answers.to",
    "answers.value",
    "answers.views",
    "answers.whole",
    "answers.yes",
    "workbench.load.failed",
    "workbench.loading",
    "workbench.running",
)
_QUESTION = (
    "question.script.found",
    "question.script.name",
    "question.script.pictures",
    "question.script.unfit",
    "question.script.unknown",
    "search.none",
    "search.suggestions",
)
_WORKBENCH = (
    "workbench.class",
    "workbench.column",
    "workbench.completions",
    "workbench.copied",
    "workbench.copy",
    "workbench.editor",
    "workbench.history.about",
    "workbench.history.clear",
    "workbench.history.none",
    "workbench.is-a",
    "workbench.keys",
    "workbench.link",
    "workbench.mandatory",
    "workbench.ontology.filter",
    "workbench.ontology.none",
    "workbench.run.large",
    "workbench.section.classes",
    "workbench.section.keywords",
    "workbench.section.mandatory",
    "workbench.section.optional",
    "workbench.section.others",
    "workbench.section.prefixes",
    "workbench.section.properties",
    "workbench.section.values",
    "workbench.section.variables",
    "workbench.snippet.none",
    "workbench.snippet.release",
    "workbench.snippet.sheet",
    "workbench.snippet.sheet.about",
    "workbench.stop",
    "workbench.stopped",
    "workbench.syntax",
    "workbench.times",
    "workbench.unused",
)


@dataclass(frozen=True, slots=True)
class BrowserStore:
    """How many triples a graph has, and in how many scripts its dump lies; of none no page can load it."""

    triples: int = 0
    parts: int = 0


NO_STORE = BrowserStore()
"""Where a server answers."""


def workbench_settings(site: Site, language: str, store: BrowserStore) -> dict[str, Any]:
    """What the page for queries tells its scripts."""
    return _settings(site, language, store, (*_ANSWERS, *_WORKBENCH))


def question_settings(
    question: NamedQuery, result: Result | None, site: Site, language: str, store: BrowserStore
) -> dict[str, Any]:
    """What the page of a question tells its scripts.

    ``parts`` are the text of the query, where the examples of parameters stand as pairs of name and example.
    """
    parameters = {}
    for one in question.parameters:
        folder = entity_folder(one, site.base) if one.is_entity else ""
        lists = site.presentation.lists.items()
        parameters[one.name] = {
            "kind": one.kind,
            "folder": folder,
            "label": one.description.in_language(language),
            "kinds": [key for key, table in lists if one.is_entity and table.folder == one.kind],
        }
    headings = column_headings(result, site, language) if isinstance(result, Answer) else {}
    about = {"parts": _parts(question), "parameters": parameters, "headings": headings}
    return {**_settings(site, language, store, (*_ANSWERS, *_QUESTION)), "question": about}


def _parts(question: NamedQuery) -> Sequence[str | tuple[str, str]]:
    blocks = sorted(
        (start, end, one.name)
        for one in question.parameters
        for start, end in value_blocks(question.text, one.name)
    )
    found: list[str | tuple[str, str]] = []
    last = 0
    for start, end, name in blocks:
        found += [question.text[last:start], (name, question.text[start:end])]
        last = end
    return [*found, question.text[last:]]


def _settings(site: Site, language: str, store: BrowserStore, keys: Sequence[str]) -> dict[str, Any]:
    # {} stands where the script puts a value
    texts: Mapping[str, str] = {key: text(key, language, value="{}", other="{}") for key in keys}
    return {
        "endpoint": site.endpoint,
        "address": site.address(WORKBENCH) if site.endpoint else site.other_endpoint,
        "dump": site.address(DUMP),
        "triples": store.triples,
        "parts": store.parts,
        "by_itself": BY_ITSELF,
        "base": site.base,
        "schemes": SCHEMES,
        "ontology": ONTOLOGY,
        "documents": site.documents,
        "languages": list(site.languages),
        "release": site.release,
        "texts": texts,
    }
