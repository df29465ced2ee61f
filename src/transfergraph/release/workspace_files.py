"""What a release carries of its workspace: ontology, shapes, questions; and the tables as they were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from transfergraph.common.files import read_without_bom
from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import GRAPH_PREFIXES, source_graph
from transfergraph.common.text import Languages
from transfergraph.config.declarations import TABLES
from transfergraph.config.settings import Settings
from transfergraph.config.workspace import SETTINGS_FILE, Workspace
from transfergraph.dcat.inputs import ONTOLOGY_WHOLE
from transfergraph.errors import UsageError, WorkspaceError
from transfergraph.messages import explained
from transfergraph.network.model.boundaries import Boundaries, read_boundaries
from transfergraph.network.model.nuts_outlines import with_districts
from transfergraph.queries import load_checks, load_queries
from transfergraph.queries.fitting_examples import fitting_text
from transfergraph.queries.query_files import naming
from transfergraph.queries.query_languages import query_in
from transfergraph.shacl.shape_languages import shapes_text
from transfergraph.store import Store
from transfergraph.tables.csvw import Column, Table, TableGroup, read_descriptions, read_table_group
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import UriTemplate, sql_name
from transfergraph.vocabulary.presentation_reader import read_presentation
from transfergraph.vocabulary.term_lists import Vocabulary, check_turtle, read_vocabulary
from transfergraph.web.appearance import APPEARANCE, Appearance, stated_appearance, written_appearance
from transfergraph.web.summary_sentence import check_sentences

_KEY = r"[\p{L}\p{N}][\p{L}\p{N}._/%-]*"
_PORTABLE_KEY = r"[^ -/:-@\[-`{-~][^ -$&-,:-@\[-\^`{-~]*"
"""The same without classes of Unicode, which some validators do not know; it lets more pass."""


def read_declarations(workspace: Workspace, store: Store) -> tuple[TableGroup, Vocabulary]:
    """Read what a workspace declares beside its data, also what a release publishes as it stands.

    The empty store tries the queries. Raises :class:`WorkspaceError` for what cannot be read.
    """
    declared, languages = workspace.declarations, workspace.settings.languages
    load_checks(declared.checks, languages, store)
    load_queries([*declared.rules, *declared.questions], languages, store)
    load_queries(declared.over_cells, languages)
    for file in declared.turtle.values():
        check_turtle(file)
    group = read_table_group(declared.tables, workspace.settings.base, languages)
    check_sentences(read_presentation(declared))
    return group, read_vocabulary(workspace)


def read_outlines(workspace: Workspace) -> Boundaries | None:
    """The outlines for the maps, with those that the settings name; None where they name none.

    Raises :class:`WorkspaceError` for a file that has none.
    """
    stated = workspace.settings.map
    if stated is None:
        return None
    credit = (stated.attribution, stated.attribution_page or "")
    most = workspace.settings.limits.file_megabytes
    return with_districts(read_boundaries(), workspace.root / stated.outlines, most, credit)


def copy_declarations(workspace: Workspace, folder: Path) -> None:
    """Copy ontology, shapes, tables, questions and rules: a release explains itself without its workspace."""
    declared, languages = workspace.declarations, workspace.settings.languages
    ontology = []
    for name, file in declared.files.items():
        queries = (*declared.questions, *declared.over_cells, *declared.rules)
        if name in declared.turtle or file in queries:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            content = read_without_bom(file)
            if file in queries:
                content = query_in(languages, content.decode()).encode()
            elif file in declared.shapes:
                content = shapes_text(languages, content)
            target.write_bytes(content)
            if name in declared.turtle:
                ontology.append(content)
    tables = read_descriptions(declared.tables, languages)
    (folder / TABLES).write_text(json_text(tables), encoding="utf-8")
    (folder / ONTOLOGY_WHOLE).write_bytes(_in_one_file(ontology))


def _in_one_file(turtle: Sequence[bytes]) -> bytes:
    """The files one after the other; as one sorted graph where any has names for blank nodes, which count for
    a whole file. Prefixes may change within a file, and all addresses are absolute."""
    if not any(b"_:" in content for content in turtle):
        return b"\n".join(turtle)
    parse = partial(ox.parse, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    graph = ox.Dataset(quad for content in turtle for quad in parse(content))
    graph.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = sorted((quad.triple for quad in graph), key=str)
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=GRAPH_PREFIXES) or b""


def copy_pages(workspace: Workspace, folder: Path) -> None:
    """Copy the pages of the workspace with their pictures and its logo, and say how its site looks."""
    for file in workspace.shown:
        target = folder / workspace.relative(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.read_bytes())
    look = stated_appearance(workspace.settings.site)
    if look != Appearance():
        (folder / APPEARANCE).parent.mkdir(parents=True, exist_ok=True)
        (folder / APPEARANCE).write_bytes(written_appearance(look))


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
            if not tables.has_rows(source.name, name):
                continue
            columns = ", ".join(sql_name(c.name) for c in tables.group.table(name).file_columns)
            select = f"SELECT {columns} FROM {relation} ORDER BY _row"
            rows[f"{source.name}/{entry['url']}"] = tables.write_csv(select, target / entry["url"])
            described = _absolute(entry, tables.group.table(name), tables.group.base)
            filled.append(_as_it_is(described, tables, relation))
        with_keys = [_with_sound_keys(table, {one["url"] for one in filled}) for table in filled]
        published = {"@context": group["@context"], "dc:title": group["dc:title"], "tables": with_keys}
        published["dc:source"] = {"@id": source_graph(tables.group.base, source.name)}
        text = json_text(published)
        (target / "csvw-metadata.json").write_text(text, encoding="utf-8")
    return rows


def _as_it_is(table: Mapping[str, Any], tables: Tables, relation: str) -> dict[str, Any]:
    """The description without what rows that were made one with others no longer have: a cell for each
    required column, and a key of their own."""
    schema = table["tableSchema"]
    required = [column["name"] for column in schema["columns"] if column.get("required")]
    key = _listed(schema.get("primaryKey", []))
    asked = [f"count(*) - count({sql_name(name)})" for name in required]
    repeated = f"count(*) - count(DISTINCT ({', '.join(map(sql_name, key))}))" if key else "0"
    found = (
        tables.connection.execute(f"SELECT {', '.join([*asked, repeated])} FROM {relation}").fetchone() or ()
    )
    blank = {name for name, count in zip(required, found, strict=False) if count}
    if not any(found):
        return {**table}
    columns = [
        {key: value for key, value in column.items() if key != "required" or column["name"] not in blank}
        for column in schema["columns"]
    ]
    kept = {name: value for name, value in schema.items() if name != "primaryKey" or not found[-1]}
    return {**table, "tableSchema": {**kept, "columns": columns}}


def _with_sound_keys(table: Mapping[str, Any], urls: Collection[str]) -> dict[str, Any]:
    """The description of a table with the foreign keys that every row has, to tables that are there.

    Validators take a blank cell for a reference to nothing.
    """
    schema = table["tableSchema"]
    required = {column["name"] for column in schema["columns"] if column.get("required")}
    sound = [
        key
        for key in schema.get("foreignKeys", ())
        if key["reference"]["resource"] in urls and required.issuperset(_listed(key["columnReference"]))
    ]
    kept = {key: value for key, value in schema.items() if sound or key != "foreignKeys"}
    return {**table, "tableSchema": {**kept, "foreignKeys": sound} if sound else kept}


def _listed(names: str | list[str]) -> list[str]:
    return [names] if isinstance(names, str) else names


def _published(entry: Mapping[str, Any], column: Column) -> dict[str, Any]:
    """The description of a column as any validator reads it, and of its cells as they are published."""
    told = {key: value for key, value in entry.items() if key not in ("null", "default")}
    if not column.virtual and column.titles != (column.name,):
        told["titles"] = [column.name, *column.titles]
    if column.property is not None:
        told.setdefault("propertyUrl", f"#{column.name}")
    datatype = entry.get("datatype")
    if isinstance(datatype, dict) and "format" in datatype:
        written = datatype["format"]
        if written == _KEY:
            told["datatype"] = {**datatype, "format": _PORTABLE_KEY}
        elif column.notation is not None or "\\p{" in written or "\\P{" in written:
            told["datatype"] = {key: value for key, value in datatype.items() if key != "format"}
    return told


def _absolute(entry: Mapping[str, Any], table: Table, base: str) -> dict[str, Any]:
    """The description of a table with its URI templates resolved against the base IRI."""
    schema = {**entry["tableSchema"]}
    schema["columns"] = [_published(column, table.column(column["name"])) for column in schema["columns"]]
    for one in (schema, *schema["columns"]):
        for key in {"aboutUrl", "propertyUrl", "valueUrl"} & one.keys():
            one[key] = UriTemplate.parse(one[key]).under(base, entry["url"]).text
    return {**entry, "tableSchema": schema}
