"""Servers to be measured, each started on a free port of this machine with the same graph."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

REPOSITORY = Path(__file__).parent.parent
FUSEKI = REPOSITORY / ".tools" / "jena-fuseki-server-5.2.0.jar"
_TICK = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_FUSEKI = """
@prefix fuseki: <http://jena.apache.org/fuseki#> .
@prefix tdb2: <http://jena.apache.org/2016/tdb#> .
[] a fuseki:Server .
[] a fuseki:Service ; fuseki:name "graph" ; fuseki:endpoint [ fuseki:operation fuseki:query ] ;
   fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "{folder}" ; tdb2:unionDefaultGraph true ] .
"""


class NotAtHand(Exception):
    """A server cannot be measured here; the text says why."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs: ``sparql`` is the path of its endpoint, ``started`` the seconds that it took."""

    name: str
    port: int
    sparql: str
    pid: int
    started: float

    @property
    def url(self) -> str:
        """The address of the start page."""
        return f"http://127.0.0.1:{self.port}/"

    def cpu(self) -> float:
        """CPU seconds of the process tree so far, also of what has ended and was waited for."""
        return sum(_cpu(pid) for pid in tree(self.pid))

    def resident(self) -> float:
        """MiB in memory, shared pages counted for each process."""
        return sum(_resident(pid) for pid in tree(self.pid)) / (1 << 20)

    def proportional(self) -> float:
        """MiB in memory, shared pages counted once."""
        return sum(_proportional(pid) for pid in tree(self.pid)) / 1024


@contextmanager
def transfergraph(
    workspace: Path, builds: Path, *options: str, python: Sequence[str] = (sys.executable, "-m")
) -> Iterator[Running]:
    """Our own server, as the interpreter with these options runs it."""
    port = _free_port()
    command = [*python, "transfergraph", "serve", "--port", str(port), *options]
    command += ["--workspace", str(workspace), "--output", str(builds)]
    with _process("transfergraph", command, port, "sparql", "health") as running:
        yield running


@contextmanager
def rdflib_endpoint(dump: Path, python: str = sys.executable) -> Iterator[Running]:
    """rdflib-endpoint from PyPI, the graph in memory, served by uvicorn."""
    port = _free_port()
    command = [python, str(Path(__file__).parent / "contestants" / "serve_rdflib.py"), str(dump), str(port)]
    with _process("rdflib-endpoint", command, port, "", "?query=ASK%7B%7D") as running:
        yield running


@contextmanager
def fuseki(dump: Path, scratch: Path) -> Iterator[Running]:
    """Apache Jena Fuseki with TDB2 on disk, loaded with Jena's own loader."""
    java = shutil.which("java")
    if java is None or not FUSEKI.is_file():
        raise NotAtHand("Java or Fuseki is not installed: run python tests/fuseki.py")
    folder = scratch / "tdb2"
    if not folder.is_dir():
        loader = [java, "-Xmx2g", "-cp", str(FUSEKI), "tdb2.tdbloader", "--loc", str(folder), str(dump)]
        subprocess.run(loader, check=True, capture_output=True)
    configuration = scratch / "fuseki.ttl"
    configuration.write_text(_FUSEKI.format(folder=folder), encoding="utf-8")
    port = _free_port()
    command = [
        java,
        "-Xmx2g",
        "-jar",
        str(FUSEKI),
        f"--config={configuration}",
        f"--port={port}",
        "--localhost",
    ]
    with _process("Fuseki", command, port, "graph", "graph?query=ASK%7B%7D", scratch) as running:
        yield running


@contextmanager
def _process(
    name: str, command: Sequence[str], port: int, sparql: str, probe: str, folder: Path | None = None
) -> Iterator[Running]:
    begun = time.monotonic()
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        while not _answers(f"http://127.0.0.1:{port}/{probe}"):
            if process.poll() is not None or time.monotonic() > begun + 1800:
                raise NotAtHand(f"{name} did not start")
            time.sleep(0.01)
        yield Running(name, port, sparql, process.pid, time.monotonic() - begun)
    finally:
        process.terminate()
        try:
            process.wait(40)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def tree(pid: int) -> list[int]:
    """A process and everything that it has started."""
    found = [pid]
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                found += tree(int(child))
    return found


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError):
        return False


def _cpu(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(field) for field in fields[11:15]) / _TICK


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except OSError:
        return 0


def _proportional(pid: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
