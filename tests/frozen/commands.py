"""The command lines that are run, derived from what the command line offers."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from frozen.exchanges import QUERIES

Command = tuple[str, list[str]]
"""Under which name the output is kept, and the arguments."""

_LANGUAGES = ("de", "en")
_GRAPHS = ("turtle", "n-triples", "n-quads", "json-ld", "rdf-xml")
_ROWS = ("table", "csv", "tsv", "json", "xml")
REPORTS = ("text", "json", "sarif", "turtle")
_NETWORKS = ("html", "graphml", "gexf", "csv", "json", "svg", "png")
_DRIVER = Path(__file__).with_name("driver.py")
SITE = "https://data.example/graph/"


class Runner:
    """Runs command lines of one tree, in a workspace; output goes to ``output/cli``."""

    def __init__(self, source: Path, workspace: Path, output: Path) -> None:
        self.workspace, self._output = workspace, output
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("TRANSFERGRAPH_", "PYTHON"))},
            **{
                "PYTHONPATH": str(source),
                "COLUMNS": "110",
                "NO_COLOR": "1",
                "TERM": "dumb",
                "LC_ALL": "C.UTF-8",
            },
        }

    def run(self, commands: Sequence[Command]) -> None:
        """Run them one after the other."""
        plan = self._output.with_suffix(".plan.json")
        files = [(str(self._output / "cli" / name), arguments) for name, arguments in commands]
        plan.write_text(json.dumps(files), encoding="utf-8")
        subprocess.run(
            [sys.executable, "-P", str(_DRIVER), str(plan)],
            cwd=self.workspace,
            env=self.environment,
            check=True,
        )

    def outputs_of(self, lines: list[list[str]]) -> list[str]:
        """Run some, keep what they wrote, and give it."""
        commands = _named(lines)
        self.run(commands)
        return [(self._output / "cli" / name).read_text(encoding="utf-8") for name, _ in commands]


def _name(arguments: Sequence[str]) -> str:
    return re.sub(r"[^\w.,=@+-]+", " ", " ".join(arguments)).strip()


def _named(lines: Iterable[list[str]]) -> list[Command]:
    return [(_name(arguments), arguments) for arguments in lines]


def helps(runner: Runner) -> None:
    """The help of every verb, found in the help of what is above it."""
    level: list[list[str]] = [[]]
    while level:
        texts = runner.outputs_of([[*verbs, "--help"] for verbs in level])
        below = []
        for verbs, text in zip(level, texts, strict=True):
            commands = text.partition("\nCommands:\n")[2]
            below += [[*verbs, verb] for verb in re.findall(r"^  (\w[\w-]*)  ", commands, re.MULTILINE)]
        level = below


def questions(runner: Runner) -> list[Command]:
    """Every saved question as a table in each language and as JSON, and some of them in every format."""
    (text,) = runner.outputs_of([["questions", "--lang", "de"]])
    names = re.findall(r"^(\w[\w-]*)$", text, re.MULTILINE)
    if not names:
        raise ValueError("no saved question was found")
    return _named(
        ["query", name, "--format", form, "--lang", language]
        for number, name in enumerate(names)
        for form in _ROWS
        for language in _LANGUAGES
        if form == "table" or (form == "json" and language == "en") or number < 3
    )


def reports(name: str, forms: Sequence[str] = REPORTS) -> list[Command]:
    """The findings of a workspace in some forms and each language."""
    return [
        (f"{name} {form} {language}", ["check", "--format", form, "--lang", language])
        for form in forms
        for language in _LANGUAGES
    ]


def on_releases(old: str, new: str, files: Path, queries: Path) -> list[Command]:
    """What is asked of two releases; files go to ``files``."""
    queries.mkdir()
    for name, text in QUERIES.items():
        (queries / f"{name}.rq").write_text(text, encoding="utf-8")
    out = os.path.relpath(files, queries.parent)

    def lines() -> Iterator[list[str]]:
        for name in QUERIES:
            for form in (*_ROWS, *_GRAPHS) if name in ("rows", "graph") else ("table", "json", "turtle"):
                yield ["query", "--file", f"{queries.name}/{name}.rq", "--format", form]
        for language in _LANGUAGES:
            yield ["questions", "--lang", language]
            yield ["columns", "--lang", language]
            yield ["columns", "projects", "--lang", language]
            yield ["columns", "no-such-table", "--lang", language]
            yield ["diff", old, new, "--lang", language]
            yield ["catalogue", "check", "--lang", language]
            yield ["catalogue", "check", f"{old}/catalog.ttl", "--lang", language]
            yield ["query", "no-such-question", "--lang", language]
            yield ["query", "partners-of", "-p", "organisation=hszg", "--lang", language]
            yield ["query", "partners-of", "-p", "no-such=hszg", "--lang", language]
            yield ["query", "alliances", "--limit", "2", "--lang", language]
            yield ["query", "alliances", "--release", "nowhere", "--lang", language]
            for view in ("partners", "undertakings"):
                yield ["network", "--view", view, "--lang", language]
                for form in _NETWORKS:
                    target = f"{out}/{view}-{language}.{form}"
                    yield ["network", "--view", view, "--output", target, "--lang", language]
            yield ["network", "-a", "recomine", "--years", "2019-2022", "-o", f"{out}/part-{language}.svg"]
            yield ["network", "-a", "recomine", "-o", f"{out}/report-{language}.pdf", "--lang", language]
            yield ["network", "-a", "no-such-alliance", "--lang", language]
            yield ["network", "-o", f"{out}/no-such.ending", "--lang", language]
        yield ["diff", old, new, "--output", f"{out}/patch"]
        yield ["apply", f"{out}/patch", old, "--output", f"{out}/applied.nt"]
        yield ["apply", new, new]
        yield ["verify"]
        yield ["verify", "nowhere"]
        yield ["archive", f"{out}/archive.zip"]
        yield ["site", f"{out}/../site", "--base-url", SITE, "--pages"]
        yield ["site", f"{out}/../bare", "--base-url", SITE, "--no-pages", "--endpoint", f"{SITE}sparql"]
        yield ["site", f"{out}/no-address"]
        yield ["build", "--workspace", "nowhere"]

    return _named(lines())
