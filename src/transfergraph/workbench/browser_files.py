"""The files of pages that compute themselves, below ``workbench/``: scripts, the editor, charts, the store.

Pages that are files may load nothing but scripts, so that store (WASM) and dump are scripts as well: each
calls ``transfergraphTake`` with its kind, its number and its bytes, compressed and in base64. A page on a web
server starts a worker from ``worker.js``, which takes the same; a page that is a file has its text from
``worker-source.js``.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from transfergraph.common.packaged import packaged

FOLDER = "workbench/"
TERMS = f"{FOLDER}terms.js"
"""What the editor completes; see ``completion_terms``."""

BY_ITSELF = 100_000
"""Up to so many triples are loaded into a browser with the first query."""

ON_DEMAND = 500_000
"""Up to so many are loaded when somebody asks for it; of more a site has no store."""

DUMP = "data/graph.nq.gz"
_PART = 3 << 19  # bytes of the dump in one script, a multiple of three
_OWN = ("answers.js", "engine.js", "questions.js", "workbench.css", "workbench.js")
_VENDOR = {"charts.js": "charts.js", "editor.js": "editor.js", "licences.txt": "LICENSES.txt"}


def parts_of(size: int) -> int:
    """In how many scripts a dump of so many bytes lies."""
    return -(-size // _PART)


class BrowserFiles:
    """What lies below ``workbench/``.

    ``parts`` are the scripts in which the dump lies, numbered from 1; without any there is no store.
    """

    def __init__(self, release: Path, parts: int) -> None:
        self._release = release
        self._parts = parts

    def paths(self) -> Iterator[str]:
        """The paths of all but the terms."""
        yield from (f"{FOLDER}{name}" for name in sorted((*_OWN, *_VENDOR)))
        if self._parts:
            yield from (f"{FOLDER}{name}" for name in ("wasm.js", "worker-source.js", "worker.js"))
            yield from (f"{FOLDER}graph-{number}.js" for number in range(1, self._parts + 1))

    def reader(self, path: str) -> Callable[[], bytes] | None:
        """What gives the bytes of a file; None for a path that has none."""
        name = path.removeprefix(FOLDER)
        if name == path or path not in self.paths():
            return None
        if name in _OWN:
            return lambda: _packaged("script", name)
        if name in _VENDOR:
            return lambda: _packaged("vendor", _VENDOR[name])
        if name.startswith("graph-"):
            number = int(name.removeprefix("graph-").removesuffix(".js"))
            return lambda: _taken("graph", number, self._part(number))
        made: dict[str, Callable[[], bytes]] = {
            "wasm.js": _wasm,
            "worker-source.js": _worker_source,
            "worker.js": _worker,
        }
        return made[name]

    def _part(self, number: int) -> bytes:
        with (self._release / DUMP).open("rb") as stream:
            stream.seek((number - 1) * _PART)
            return stream.read(_PART)


def _packaged(*path: str) -> bytes:
    return packaged("workbench", *path).read_bytes()


def _taken(kind: str, number: int, content: bytes) -> bytes:
    return b'transfergraphTake("%s",%d,"%s");\n' % (kind.encode(), number, base64.b64encode(content))


@cache
def _wasm() -> bytes:
    return _taken("wasm", 1, gzip.compress(_packaged("vendor", "oxigraph.wasm"), mtime=0))


def _worker() -> bytes:
    return _packaged("vendor", "oxigraph.js") + b"\n" + _packaged("script", "worker.js")


def _worker_source() -> bytes:
    written = json.dumps(_worker().decode(), ensure_ascii=True)
    return f'transfergraphTake("worker",1,{written});\n'.encode()
