"""Serve a dump with rdflib-endpoint: ``python serve_rdflib.py DUMP PORT``."""

from __future__ import annotations

import gzip
import sys
from typing import IO, cast

import rdflib
import uvicorn
from rdflib_endpoint import SparqlEndpoint


def main(dump: str, port: str) -> None:
    """Load the N-Quads and serve them until the process is ended."""
    graph = rdflib.Dataset(default_union=True)
    with gzip.open(dump) as stream:
        graph.parse(cast(IO[bytes], stream), format="nquads")
    app = SparqlEndpoint(path="/", graph=graph)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="critical", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
