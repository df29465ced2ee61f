"""The five libraries that the project is built on each do something on a path that the docs show."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from workspaces import REPOSITORY, declare, make_workspace

import transfergraph as tg

# The library, the page and the words that show the path, and a program that takes it. ``where`` is a release, or a
# workspace with a shape that is not compiled.
PATHS: Mapping[str, tuple[str, str, str]] = {
    "rdflib": ("querying.md", "release.graph()", "tg.open(where).graph()"),
    "networkx": ("querying.md", "release.network()", "tg.open(where).network()"),
    "pyvis": (
        "network.md",
        "pyvis writes the page",
        "sys.argv = ['transfergraph', 'network', '--release', where, '-o', where + '/../page.html']; main()",
    ),
    "pyshacl": (
        "development.md",
        "runs what is not compiled",
        "sys.argv = ['transfergraph', 'check', '-w', where]; main()",
    ),
    "SPARQLWrapper": (
        "development.md",
        "the client of remote stores",
        "sys.argv = ['transfergraph', 'query', '--release', where, '--store', 'http://127.0.0.1:9/', 'partners']; main()",
    ),
}
PROGRAM = """
import sys
import transfergraph as tg
from transfergraph.cli import main
library, where = sys.argv[1:3]
assert library not in sys.modules, "loaded before it is asked for"
try:
    {taken}
except (SystemExit, tg.TransfergraphError):
    pass
"""
# What each process of the run has loaded at its end: pySHACL, for one, runs in a process of its own.
NOTED = """
import atexit, os, sys
atexit.register(lambda: open(os.environ["NOTED"], "a").write("\\n".join([*sys.modules, ""])))
"""


@pytest.mark.parametrize("library", PATHS)
def test_each_library_is_used_on_a_documented_path(library: str, saxony: tg.Release, tmp_path: Path) -> None:
    page, words, taken = PATHS[library]
    assert words in (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
    where = saxony.path
    if library == "pyshacl":
        where = make_workspace(tmp_path / "workspace")
        declare(
            where,
            "ontology/own.shapes.ttl",
            "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX tg: <https://w3id.org/transfergraph/ontology#>"
            "\nPREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX own: <https://example.org/shapes#>"
            "\nown:LooksAhead a sh:NodeShape ; sh:targetClass tg:Organisation ;"
            ' sh:property [ sh:path skos:prefLabel ; sh:pattern "^(?!!)" ] .\n',
        )
    command = [sys.executable, "-c", PROGRAM.format(taken=taken), library, str(where)]
    (tmp_path / "sitecustomize.py").write_text(NOTED, encoding="utf-8")
    noted = tmp_path / "noted"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "NOTED": str(noted)}
    run = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=True, env=environment)
    assert library in noted.read_text(encoding="utf-8").split(), run.stdout + run.stderr
