"""What a release carries of its workspace: ontology, shapes, questions; and the tables as they were read."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transfergraph.common.namespaces import source_graph
from transfergraph.common.text import Languages
from transfergraph.config.declarations import TABLES
from transfergraph.config.settings import Settings
from transfergraph.config.workspace import SETTINGS_FILE, Workspace
from transfergraph.errors import UsageError, WorkspaceError
from transfergraph.messages import explained
from transfergraph.queries import load_checks, load_queries
from transfergraph.queries.fitting_examples import fitting_text
from transfergraph.queries.query_files import naming
from transfergraph.queries.query_languages import query_in
from transfergraph.shacl.shape_languages import shapes_text
from transfergraph.store import Store
from transfergraph.tables.csvw import TableGroup, read_descriptions, read_table_group
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import UriTemplate, sql_name
from transfergraph.vocabulary import Vocabulary, check_turtle, read_vocabulary
from transfergraph.vocabulary.presentation_reader import read_presentation
from transfergraph.web.summary_sentence import check_sentences


def read_declarations(workspace: Workspace, store: Store) -> tuple[TableGroup, Vocabulary]:
    """Read what a workspace declares beside its data, also what a release publishes as it stands.

    The empty store tries the queries. Raises :class:`WorkspaceError` for what cannot be read.
    """
    declared, languages = workspace.declarations, workspace.settings.languages
    load_checks(declared.checks, languages, store)
    load_queries([*declared.rules, *declared.questions], languages, store)
    for file in declared.turtle.values():
        check_turtle(file)
    group = read_table_group(declared.tables, workspace.settings.base, languages)
    check_sentences(read_presentation(declared))
    return group, read_vocabulary(workspace)


def copy_declarations(workspace: Workspace, folder: Path) -> None:
    """Copy ontology, shapes, tables and questions: a release explains itself without its workspace."""
    declared, languages = workspace.declarations, workspace.settings.languages
    for name, file in declared.files.items():
        if name in declared.turtle or file in declared.questions:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            content = file.read_bytes()
            if file in declared.questions:
                content = query_in(languages, content.decode()).encode()
            elif file in declared.shapes:
                content = shapes_text(languages, content)
            target.write_bytes(content)
    tables = read_descriptions(declared.tables, languages)
    (folder / TABLES).write_text(json.dumps(tables, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def fit_examples(folder: Path, store: Store, settings: Settings) -> None:
    """Give the questions of a release examples that are in its graph, first those that the settings name.

    Raises :class:`WorkspaceError` for a question, parameter or entity in the settings that there is not.
    """
    questions = load_queries(sorted((folder / "queries" / "questions").glob("*.rq")))
    if unknown := settings.examples.keys() - {question.name for question in questions}:
        raise WorkspaceError(
            explained("error.setting.examples", file=SETTINGS_FILE, unknown=", ".join(sorted(unknown)))
        )
    for question in questions:
        try:
            chosen = settings.examples.get(question.name, {})
            with naming(question.file):
                fitting = fitting_text(store, question, settings.base, chosen)
        except UsageError as error:
            raise WorkspaceError(
                explained("error.setting.example", file=SETTINGS_FILE, question=question.name, error=error)
            ) from error
        if fitting != question.text:
            question.file.write_text(fitting, encoding="utf-8")


def write_table_files(
    tables: Tables, descriptions: Sequence[Path], languages: Languages, folder: Path
) -> dict[str, int]:
    """Write ``<source>/<table>.csv`` and, per source, ``csvw-metadata.json`` with absolute templates.

    Returns the rows of each file, by its path below the folder.
    Rows keep the order of the input, so that row n of a published table is the n-th row of the input
    that is not blank; tables without a row are left out. The cells are the normalised ones that the
    mapping saw: any CSVW processor makes the same triples from them.
    """
    group = read_descriptions(descriptions, languages)
    rows: dict[str, int] = {}
    for source in tables.sources:
        target = folder / source.name
        target.mkdir(parents=True)
        filled = []
        for entry in group["tables"]:
            name = entry["url"].removesuffix(".csv")
            relation = tables.name(source.name, name)
            if _is_empty(tables, relation):
                continue
            columns = ", ".join(sql_name(c.name) for c in tables.group.table(name).file_columns)
            select = f"SELECT {columns} FROM {relation} ORDER BY _row"
            rows[f"{source.name}/{entry['url']}"] = tables.write_csv(select, target / entry["url"])
            filled.append(_absolute(entry, tables.group.base))
        published = {"@context": group["@context"], "dc:title": group["dc:title"], "tables": filled}
        published["dc:source"] = {"@id": source_graph(tables.group.base, source.name)}
        text = json.dumps(published, ensure_ascii=False, indent=1) + "\n"
        (target / "csvw-metadata.json").write_text(text, encoding="utf-8")
    return rows


def _is_empty(tables: Tables, relation: str) -> bool:
    return tables.connection.execute(f"SELECT 1 FROM {relation} LIMIT 1").fetchone() is None


def _absolute(entry: Mapping[str, Any], base: str) -> dict[str, Any]:
    """The description of a table with its URI templates resolved against the base IRI."""
    schema = dict(entry["tableSchema"])
    schema["aboutUrl"] = UriTemplate.parse(schema["aboutUrl"]).under(base).text
    schema["columns"] = [
        {**c, "valueUrl": UriTemplate.parse(c["valueUrl"]).under(base).text} if "valueUrl" in c else c
        for c in schema["columns"]
    ]
    return {**entry, "tableSchema": schema}
