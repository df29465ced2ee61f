"""RDF4J from Maven Central, and the server of Oxigraph from PyPI, as real servers to test against."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from maven import TOOLS, fetched
from real_servers import ASK, NotAtHand, free_ports, started

RDF4J = "org.eclipse.rdf4j:rdf4j-http-server:5.0.3:war"
JETTY = "org.eclipse.jetty:jetty-runner:9.4.57.v20241219"
OXIGRAPH = TOOLS / "oxigraph" / ("Scripts" if sys.platform == "win32" else "bin") / "oxigraph"

_REPOSITORY = """@prefix config: <tag:rdf4j.org,2023:config/> .
[] a config:Repository ; config:rep.id "push" ; config:rep.impl [
    config:rep.type "openrdf:SailRepository" ;
    config:sail.impl [ config:sail.type "openrdf:MemoryStore" ; config:mem.persist false ] ] .
"""


@contextmanager
def rdf4j(scratch: Path) -> Iterator[str]:
    """An RDF4J server until the block ends; yields the address of an empty repository in memory."""
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs RDF4J, is not installed")
    war, runner = fetched(RDF4J), fetched(JETTY)
    (port,) = free_ports(1)
    command = [
        java,
        "-Xmx1g",
        f"-Dorg.eclipse.rdf4j.appdata.basedir={scratch / 'rdf4j'}",
        "-jar",
        str(runner),
    ]
    command += ["--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server", str(war)]
    address = f"http://127.0.0.1:{port}/rdf4j-server"
    with started(command, scratch, f"{address}/protocol"):
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
    (port,) = free_ports(1)
    command = [str(OXIGRAPH), "serve", "--location", str(scratch / "store"), "--bind", f"127.0.0.1:{port}"]
    address = f"http://127.0.0.1:{port}"
    with started([*command, "--union-default-graph"], scratch, f"{address}/query?{ASK}"):
        yield address
