"""OpenLink Virtuoso 7 from Debian (``virtuoso-opensource-7-bin``), as a real server to test against."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

USER = PASSWORD = "dba"  # of every new database

_CONFIGURATION = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 5000
MaxDirtyBuffers = 3000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
MaxClientConnections = 5
[SPARQL]
ResultSetMaxRows = 1000000
"""


class NotAtHand(Exception):
    """Virtuoso cannot run here; the text says why."""


@contextmanager
def running(scratch: Path) -> Iterator[str]:
    """A server on this machine alone, with an empty database, until the block ends; yields its address."""
    server = shutil.which("virtuoso-t")
    if server is None:
        raise NotAtHand("Virtuoso is not installed: run `make peers` (as root on Debian)")
    sql, http = _free_ports()
    (scratch / "virtuoso.ini").write_text(_CONFIGURATION.format(sql=sql, http=http), encoding="utf-8")
    with (scratch / "out.log").open("w") as log:
        process = subprocess.Popen([server, "-f"], cwd=scratch, stdout=log, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{http}"
        _wait_for(address, process, scratch)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1]), int(other.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], scratch: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(f"{address}/sparql?query=ASK%20%7B%7D", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.2)
    raise NotAtHand(f"Virtuoso did not start: {(scratch / 'out.log').read_text()[-500:]}")
