"""An independent CSVW implementation makes the same graph from the published tables."""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from csvw import CSVW
from workspaces import REPOSITORY, make_workspace

import transfergraph as tg
from transfergraph.common.namespaces import source_graph

PEER = REPOSITORY / ".tools" / "csvw"


def test_rdf_parser_csvw_gives_the_same_graph(saxony: tg.Release) -> None:
    assert same_graphs(saxony, "saxony") > 3000


def test_and_of_the_tables_that_say_what_has_been_replaced(tmp_path: Path) -> None:
    former = "id,replaced_by\nalt,htw-dresden\nälter,müller-ag\n"
    workspace = make_workspace(tmp_path / "ws", former_organisations=former)
    tg.build(workspace, tmp_path / "build")
    release = tg.open(tmp_path / "build")
    assert "data/tables/source/former_organisations.csv" in {entry.path for entry in release.manifest.files}
    assert same_graphs(release, "source") > 100


def test_csvw_of_python_takes_what_is_published(saxony: tg.Release) -> None:
    """With its strict validation: formats of cells, keys, and foreign keys without blanks."""
    for file in descriptions(saxony):
        described = CSVW(str(file), validate=True)
        assert described.is_valid, described.warnings


def test_formats_are_those_that_every_validator_reads(saxony: tg.Release) -> None:
    """Expressions without classes of Unicode, and numbers by UAX 35; every published cell fits them."""
    checked = 0
    for file in descriptions(saxony):
        for table in json.loads(file.read_bytes())["tables"]:
            with (file.parent / table["url"]).open(encoding="utf-8", newline="") as stream:
                rows = list(csv.DictReader(stream))
            for column in table["tableSchema"]["columns"]:
                datatype = column.get("datatype")
                if not isinstance(datatype, dict) or "format" not in datatype:
                    continue
                if datatype["base"] in ("decimal", "integer"):
                    assert set(datatype["format"]) <= set("#0.")
                elif datatype["base"] == "string":
                    separator = column.get("separator")
                    cells = [row[column["name"]] for row in rows]
                    items = [one for c in cells for one in (c.split(separator) if separator else [c]) if one]
                    assert all(re.fullmatch(datatype["format"], one) for one in items)
                    checked += len(items)
    assert checked > 1000


def test_foreign_keys_are_those_that_each_row_has(saxony: tg.Release) -> None:
    found = 0
    for file in descriptions(saxony):
        tables = {one["url"]: one["tableSchema"] for one in json.loads(file.read_bytes())["tables"]}
        for schema in tables.values():
            required = {column["name"] for column in schema["columns"] if column.get("required")}
            for key in schema.get("foreignKeys", ()):
                assert key["columnReference"] in required and key["reference"]["resource"] in tables
                found += 1
    assert found > 0


def descriptions(release: tg.Release) -> list[Path]:
    return sorted((release.path / "data" / "tables").glob("*/csvw-metadata.json"))


def same_graphs(release: tg.Release, source: str) -> int:
    """Compare what a source states with what the parser reads from its tables; how many triples it is."""
    node = shutil.which("node")
    if node is None or not (PEER / "node_modules" / "rdf-parser-csvw").is_dir():
        pytest.skip("rdf-parser-csvw is not installed: run `make peers` (needs Node.js)")
    graph = source_graph(release.manifest.base, source)
    end = f" <{graph}> .\n"
    with gzip.open(release.path / "data" / "graph.nq.gz", "rt", encoding="utf-8") as stream:
        ours = {line.replace(end, " .\n") for line in stream if line.endswith(end)}
    done = subprocess.run(
        [
            node,
            str(Path(__file__).parent / "peers" / "csvw" / "parse.mjs"),
            str(release.path / "data" / "tables" / source),
            release.manifest.base,
        ],
        env={**os.environ, "CSVW_PEER": str(PEER)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    theirs = {_triplets_passed_through(line) for line in done.stdout.splitlines(keepends=True)}
    assert theirs == ours
    return len(ours)


def _triplets_passed_through(line: str) -> str:
    """RFC 6570 (3.2.1) passes percent-encoded triplets through ``{+url}``; the parser's template library
    (uri-templates 0.2.0) encodes their percent sign once more, which is undone here for web addresses."""
    address = re.fullmatch(r"(<[^>]+> <[^>]+> )(<https?://[^>]*%25[0-9A-F]{2}[^>]*>)( \.\n)", line)
    if address is None:
        return line
    return address[1] + re.sub(r"%25([0-9A-F]{2})", r"%\1", address[2]) + address[3]
