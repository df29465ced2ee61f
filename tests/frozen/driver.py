"""Runs command lines of the package that PYTHONPATH names, each in a process of its own, forked when all is imported.

Started with a JSON file of `[[file for the output, arguments], ...]`; knows of the package its console script alone.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import NoReturn

_LIBRARIES = (
    "duckdb",
    "jinja2",
    "networkx",
    "openpyxl",
    "pyoxigraph",
    "rdflib",
    "rich.console",
    "SPARQLWrapper",
)


def run(file: Path, arguments: list[str]) -> None:
    """Run one command; its exit code, output and messages go into one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    parts = {name: file.with_name(file.name + name) for name in (".out", ".err")}
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        _become(parts[".out"], parts[".err"], arguments)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    out, err = (part.read_bytes() for part in parts.values())
    file.write_bytes(b"exit %d\n--- output\n%s\n--- messages\n%s" % (code, out, err))
    for part in parts.values():
        part.unlink()


def _become(out: Path, err: Path, arguments: list[str]) -> NoReturn:
    for number, file in ((1, out), (2, err)):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["transfergraph", *arguments]
    code: object = 0
    try:
        (script,) = entry_points(group="console_scripts", name="transfergraph")
        script.load()()
    except SystemExit as end:
        code = end.code
    except BaseException:
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    for library in _LIBRARIES:
        import_module(library)
    for name, arguments in json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")):
        run(Path(name), arguments)
