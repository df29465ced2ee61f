"""Apache Jena Fuseki from Maven Central, as a real server to test against.

``python tests/fuseki.py`` fetches it into ``.tools/``; the tests do so themselves when it is missing.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from maven import TOOLS, fetched
from real_servers import ASK, NotAtHand, free_ports, started

VERSION = "5.2.0"
READS_RDF_12 = "5.6.0"
"""The Jena (since 5.5) with which RDF 1.2 is read; the archive of its Fuseki has the commands of Jena, too."""

_SERVICE = """
[] a fuseki:Service ; fuseki:name "{name}" ;
  fuseki:endpoint [ fuseki:operation fuseki:query ] , [ fuseki:operation fuseki:query ; fuseki:name "query" ] ,
    [ fuseki:operation fuseki:update ; fuseki:name "update" ] ,
    [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ;
  fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "--mem--" ; tdb2:unionDefaultGraph {union} ] .
"""
_CONFIGURATION = (
    """
@prefix fuseki: <http://jena.apache.org/fuseki#> .
@prefix tdb2: <http://jena.apache.org/2016/tdb#> .
@prefix ja: <http://jena.hpl.hp.com/2005/11/Assembler#> .
[] a fuseki:Server .
[] a fuseki:Service ; fuseki:name "shacl" ;
  fuseki:endpoint [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ,
    [ fuseki:operation fuseki:shacl ; fuseki:name "shacl" ] ;
  fuseki:dataset [ a ja:MemoryDataset ] .
"""
    + _SERVICE.format(name="union", union="true")
    + _SERVICE.format(name="plain", union="false")
    + _SERVICE.format(name="push", union="true")
    + _SERVICE.format(name="twice", union="true")
)


def fetch(folder: Path = TOOLS, version: str = VERSION) -> Path:
    """The server's archive, fetched once."""
    return fetched(f"org.apache.jena:jena-fuseki-server:{version}", folder)


def command(name: str, *arguments: str) -> tuple[str, str]:
    """What a command of the Jena that reads RDF 1.2 writes, and what it says beside.

    Commands are ``riotcmd.riot`` and ``arq.sparql``.
    """
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs Jena, is not installed")
    archive = fetch(version=READS_RDF_12)
    done = subprocess.run(
        [java, "-Xmx1g", "-cp", str(archive), name, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout, done.stderr


@contextmanager
def running(scratch: Path) -> Iterator[str]:
    """A server on this machine alone, until the block ends.

    Yields its address; below it ``union`` and ``plain`` are two empty data sets in memory, which differ
    in whether the default graph is the union of the named graphs; ``push`` and ``twice`` are like ``union``;
    ``shacl`` validates.
    """
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs Fuseki, is not installed")
    archive = fetch()
    configuration = scratch / "fuseki.ttl"
    configuration.write_text(_CONFIGURATION, encoding="utf-8")
    (port,) = free_ports(1)
    command = [
        java,
        "-Xmx1g",
        "-jar",
        str(archive),
        f"--config={configuration}",
        f"--port={port}",
        "--localhost",
    ]
    address = f"http://127.0.0.1:{port}"
    with started(command, scratch, f"{address}/union?{ASK}"):
        yield address


def load(address: str, dataset: str, n_quads: bytes) -> None:
    """Put these quads into a data set (SPARQL 1.1 Graph Store Protocol, extended to data sets)."""
    request = Request(f"{address}/{dataset}/data", n_quads, {"Content-Type": "application/n-quads"})
    with urlopen(request, timeout=60) as response:
        assert response.status in (200, 201, 204)


if __name__ == "__main__":
    sys.exit(0 if fetch().is_file() and fetch(version=READS_RDF_12).is_file() else 1)
