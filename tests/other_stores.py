"""RDF4J from Maven Central, and the server of Oxigraph from PyPI, as real servers to test against."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from maven import TOOLS, NotFetched, fetched

RDF4J = "org.eclipse.rdf4j:rdf4j-http-server:5.0.3:war"
JETTY = "org.eclipse.jetty:jetty-runner:9.4.57.v20241219"
OXIGRAPH = TOOLS / "oxigraph" / ("Scripts" if sys.platform == "win32" else "bin") / "oxigraph"

_REPOSITORY = """@prefix config: <tag:rdf4j.org,2023:config/> .
[] a config:Repository ; config:rep.id "push" ; config:rep.impl [
    config:rep.type "openrdf:SailRepository" ;
    config:sail.impl [ config:sail.type "openrdf:MemoryStore" ; config:mem.persist false ] ] .
"""


class NotAtHand(Exception):
    """The server cannot run here; the text says why."""


@contextmanager
def rdf4j(scratch: Path) -> Iterator[str]:
    """An RDF4J server until the block ends; yields the address of an empty repository in memory."""
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs RDF4J, is not installed")
    try:
        war, runner = fetched(RDF4J), fetched(JETTY)
    except NotFetched as error:
        raise NotAtHand(str(error)) from error
    port = _free_port()
    command = [
        java,
        "-Xmx1g",
        f"-Dorg.eclipse.rdf4j.appdata.basedir={scratch / 'rdf4j'}",
        "-jar",
        str(runner),
    ]
    command += ["--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    address = f"http://127.0.0.1:{port}/rdf4j-server"
    with _running(command, scratch, f"{address}/protocol"):
        repository = f"{address}/repositories/push"
        made = Request(repository, _REPOSITORY.encode(), {"Content-Type": "text/turtle"}, method="PUT")
        with urlopen(made, timeout=60) as answer:
            assert answer.status in (200, 201, 204)
        yield repository


@contextmanager
def oxigraph(scratch: Path) -> Iterator[str]:
    """A server of Oxigraph with an empty store on disk until the block ends; yields its address."""
    if not OXIGRAPH.exists():
        raise NotAtHand("the server of Oxigraph is not installed: run `make peers`")
    port = _free_port()
    command = [str(OXIGRAPH), "serve", "--location", str(scratch / "store"), "--bind", f"127.0.0.1:{port}"]
    address = f"http://127.0.0.1:{port}"
    with _running([*command, "--union-default-graph"], scratch, f"{address}/query?query=ASK%20%7B%7D"):
        yield address


@contextmanager
def _running(command: Sequence[str], scratch: Path, probe: str) -> Iterator[None]:
    log = scratch / "server.log"
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=scratch, stdout=stream, stderr=subprocess.STDOUT)
    try:
        ends = time.monotonic() + 120
        while not _answers(probe):
            if process.poll() is not None or time.monotonic() > ends:
                raise NotAtHand(f"the server did not start: {log.read_text()[-500:]}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
