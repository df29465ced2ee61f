"""Every command of the documentation runs: on the curated graph, with names for what only a reader has.

``docs/your-region.md`` is followed step by step in ``test_your_region.py``, the notebook in ``test_docs.py``.
"""

from __future__ import annotations

import functools
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest
from docs_steps import Reader
from minisign import KeyPair
from store_server import storing
from workspaces import REPOSITORY

import transfergraph as tg

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
PROGRAMS = ("transfergraph", "curl", "echo", "pip", "python", "make", "ln", "cd", "git", "sh")
_LINE = re.compile(rf"^    (?:\$ )?(?:\.venv/bin/)?((?:{'|'.join(PROGRAMS)}) .*)$", re.MULTILINE)
_INLINE = re.compile(r"`(transfergraph (?:catalogue )?[a-z]+ [^`]+)`")
MENTIONED = {"transfergraph network --alliance"}  # an option by its name
ELSEWHERE = {
    "pip install": "needs the network; the wheel is installed in test_wheel.py",
    "make ": "is what runs these tests, or sets up",
    "ln -s /var/www": "needs an nginx; the settings are tested in test_publication_servers.py",
    "cd ": "is where the next command is",
    "python -m benchmarks": "measures for minutes; the module is there",
}
QUERY = "SELECT * { ?alliance a <https://w3id.org/transfergraph/ontology#Alliance> }"


def commands(page: Path) -> list[str]:
    """What the page tells readers to type, without what it says of it."""
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found = [*_LINE.findall(text), *_INLINE.findall(text)]
    told = dict.fromkeys(re.split(r"\s{2,}#|\s+#\s", one)[0].strip() for one in found)
    return [one for one in told if one not in MENTIONED]


def taken(page: Path) -> list[str]:
    """Those that are run here."""
    return [one for one in commands(page) if not one.startswith(tuple(ELSEWHERE))]


@pytest.fixture(scope="module")
def folder(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The curated workspace with two releases, and the files that pages speak of."""
    root = tmp_path_factory.mktemp("docs") / "workspace"
    shutil.copytree(REPOSITORY / "data", root / "data")
    shutil.copy(REPOSITORY / "transfergraph.toml", root)
    shutil.copytree(saxon_builds, root / "build", symlinks=True)
    places = root / "data" / "saxony" / "places.csv"
    places.write_text(places.read_text(encoding="utf-8").replace("51.05", "51.06"), encoding="utf-8")
    old = (root / "build" / "current").resolve()
    assert tg.build(root, root / "build").manifest is not None
    new = (root / "build" / "current").resolve()
    assert old != new
    for name in ("graph.nt.gz", "old.nt.gz"):
        shutil.copy(old / "data" / "graph.nt.gz", root / name)
    shutil.copy(new / "data" / "graph.nt.gz", root / "new.nt.gz")
    shutil.copy(new / "catalog.ttl", root)
    subprocess.run("gzip -dc old.nt.gz > old.nt", shell=True, check=True, cwd=root)
    shutil.copy(REPOSITORY / "src" / "transfergraph" / "new_source" / "list.csv", root)
    (root / "my.rq").write_text(QUERY, encoding="utf-8")
    (root / "release.key").write_bytes(bytes(KeyPair.generate().secret_key))
    for name, release in {"A": old, "B": new, "<old>": old, "<new>": new}.items():
        (root / "build" / "releases" / name).symlink_to(release)
    return root


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of the working tree, under its name."""
    file = tmp_path_factory.mktemp("bin") / "transfergraph"
    source = shlex.quote(str(REPOSITORY / "src"))
    file.write_text(
        f'#!/bin/sh\nPYTHONPATH={source} exec {shlex.quote(sys.executable)} -m transfergraph "$@"\n', "utf-8"
    )
    file.chmod(0o755)
    return file


@pytest.fixture(scope="module")
def addresses(folder: Path) -> Iterator[dict[str, str]]:
    """Servers in the place of those that pages name."""
    handler = functools.partial(_Quiet, directory=str(folder / "build" / "current"))
    with storing() as store, ThreadingHTTPServer(("127.0.0.1", 0), handler) as files:
        thread = Thread(target=files.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        here = f"http://127.0.0.1:{files.server_address[1]}"
        yield {
            "https://data.agency.de/ds/data": store.url,
            "https://example.org/catalog.rdf": f"{here}/catalog.rdf",
            "https://data.agency.de/graph/catalog.rdf": f"{here}/catalog.rdf",
            "https://data.agency.de/graph/dataset/graph.html": f"{here}/network.html",
            "https://data.agency.de/graph/timemap/": f"{here}/",
            "https://data.agency.de/graph/timegate/": f"{here}/",
        }
        files.shutdown()
        thread.join()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.share
@pytest.mark.parametrize("page", [page for page in PAGES if taken(page)], ids=lambda page: page.name)
def test_the_commands_of_a_page_run(
    page: Path, folder: Path, program: Path, addresses: dict[str, str], tmp_path: Path
) -> None:
    reader = Reader(folder, program)
    places = {
        **addresses,
        "/var/www/graph": str(tmp_path / "site"),
        "/var/tmp/parts": str(tmp_path / "parts"),
        "RELEASE": "build/current",
        "FOLDER": str(tmp_path / "new"),
        " my-region": f" {tmp_path / 'my-region'}",
        "--output patch/": f"--output {tmp_path / 'patch'}",
        "<old>": "'<old>'",
        "<new>": "'<new>'",
        "transfergraph mcp": "transfergraph mcp < /dev/null",
    }
    for command in taken(page):
        for named, there in places.items():
            command = command.replace(named, there)
        fails = "catalogue check" in command  # for what a test's address is no place to publish
        reader.run(command, fails=fails)
    if reader.missing:
        pytest.skip(f"the other commands run; not installed: {', '.join(sorted(reader.missing))}")


def test_what_is_not_run_is_there() -> None:
    told = {one for page in PAGES for one in commands(page) if one.startswith(tuple(ELSEWHERE))}
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.M))
    for command in told:
        words = command.split()
        if words[0] == "make":
            assert words[1] in targets, command
        elif words[0] == "python":
            assert find_spec(words[2]) is not None, command


@pytest.mark.parametrize("name", ["querying.md", "network.md"])
def test_the_python_of_a_page_runs(name: str, folder: Path) -> None:
    page = (REPOSITORY / "docs" / name).read_text(encoding="utf-8")
    for code in re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        done = subprocess.run(
            [sys.executable, "-c", code], check=False, cwd=folder, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
