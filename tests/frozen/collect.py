"""What one tree gives to people: two releases, sites, the output of commands, and a transcript of HTTP."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from frozen import edits
from frozen.commands import REPORTS, Runner, helps, on_releases, questions, reports
from frozen.exchanges import Client, requests_of, served, transcribe
from frozen.routes import Route, shape, walk
from frozen.texts import Masks

_PARTS = ("data", "transfergraph.toml")


def unpack(repository: Path, commit: str, folder: Path) -> None:
    """Write the files of a commit into a folder."""
    folder.mkdir(parents=True)
    archive = subprocess.run(["git", "archive", commit], cwd=repository, stdout=subprocess.PIPE, check=True)
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)


def copy_workspace(tree: Path, folder: Path) -> Path:
    """Copy what a workspace consists of; ontology and queries are those of the tree that runs."""
    folder.mkdir(parents=True)
    for part in _PARTS:
        source = tree / part
        if source.is_dir():
            shutil.copytree(source, folder / part)
        else:
            shutil.copy2(source, folder / part)
    return folder


class Collection:
    """One tree, run in a folder of its own; what it gives lies in ``output``."""

    def __init__(self, source: Path, workspace: Path, folder: Path, upgraded: bool = False) -> None:
        self._source, self._folder = source, folder
        self._workspace = copy_workspace(workspace, folder / "workspace")
        if upgraded:
            edits.upgrade(self._workspace)
        self.output = folder / "output"
        self._files = self.output / "files"
        self._files.mkdir(parents=True)
        self._runner = Runner(source, self._workspace, self.output)
        self._releases: list[str] = []
        self._others: list[tuple[str, str]] = []
        self._base = self._software = ""

    @property
    def masks(self) -> Masks:
        """What must differ from another run."""
        ids = [*((known, f"<release-{n}>") for n, known in enumerate(self._releases, 1)), *self._others]
        patterns = ((re.escape(known), name) for known, name in ids)  # in the configuration of web servers
        return Masks(((str(self._folder), "<folder>"), (self._software, "<software>"), *ids, *patterns))

    def build(self) -> None:
        """Build both releases, and ask everything of them on the command line."""
        self._runner.run([("build the first release", ["build", "--lang", "de"])])
        self._note_release()
        edits.second_release(self._workspace)
        self._runner.run([("build the second release", ["build"]), ("build again", ["build"])])
        self._note_release()
        helps(self._runner)
        self._runner.run(questions(self._runner))
        old, new = (f"build/releases/{one}" for one in self._releases)
        self._runner.run(on_releases(old, new, self._files, self._workspace / "own"))
        self._runner.run(reports("check"))
        self._provoke(edits.unreadable, REPORTS)
        self._provoke(edits.contradictory, ("text", "sarif"))
        self._provoke(edits.as_workbook, ())
        shutil.copytree(self._workspace / "build", self.output / "build", symlinks=True)

    def _note_release(self) -> None:
        """Take the id, the base and the software from the manifest of the current release."""
        manifest = json.loads((self._workspace / "build/current/manifest.json").read_text(encoding="utf-8"))
        if manifest["id"] in self._releases:
            raise ValueError(f"the second release of {self._folder} is the first")
        self._releases.append(manifest["id"])
        self._base, self._software = manifest["base"], manifest["software"]

    def _provoke(self, change: Callable[[Path], None], forms: Sequence[str]) -> None:
        """Check another copy of the workspace, changed, and build it."""
        name = change.__name__
        copy = copy_workspace(self._workspace, self._folder / name)
        change(copy)
        runner = Runner(self._source, copy, self.output)
        target = f"../output/files/{name}.xlsx"
        runner.run([*reports(name, forms), (f"{name} annotated", ["check", "--annotate", target])])
        runner.run([(f"{name} build", ["build", "--output", f"../output/{name}", "--accept-violations"])])
        for manifest in (self.output / name / "releases").glob("*/manifest.json"):
            self._others.append((manifest.parent.name, f"<release of {name}>"))

    def discover(self) -> list[Route]:
        """The routes of the second release, served with the first kept, with ids of releases replaced."""
        with self._served() as port:
            client = Client(port)
            found = walk(lambda route: client.ask("GET", route, {}), self._base, self._releases)
            client.close()
        return [(self.masks.identity(route), every) for route, every in found]

    def transcribe(self, routes: Sequence[Route]) -> None:
        """Ask all of them in their order, and write down the answers."""
        with self._served() as port:
            transcribe(port, requests_of(routes), self.masks, self.output / "http")

    def _served(self) -> AbstractContextManager[int]:
        return served(self._workspace, self._runner.environment, self.output / "log")


def all_routes(old: Sequence[Route], new: Sequence[Route]) -> list[Route]:
    """Those found in the old, and those found in the new that are of another shape."""
    shapes = {shape(route) for route, _ in old}
    return [*old, *((route, every) for route, every in new if shape(route) not in shapes)]
