"""OpenLink Virtuoso 7 from Debian (``virtuoso-opensource-7-bin``), as a real server to test against."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real_servers import ASK, NotAtHand, free_ports, started

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


@contextmanager
def running(scratch: Path) -> Iterator[str]:
    """A server on this machine alone, with an empty database, until the block ends; yields its address."""
    server = shutil.which("virtuoso-t")
    if server is None:
        raise NotAtHand("Virtuoso is not installed: run `make peers` (as root on Debian)")
    sql, http = free_ports(2)
    (scratch / "virtuoso.ini").write_text(_CONFIGURATION.format(sql=sql, http=http), encoding="utf-8")
    address = f"http://127.0.0.1:{http}"
    with started([server, "-f"], scratch, f"{address}/sparql?{ASK}"):
        yield address
