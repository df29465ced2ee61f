"""The process that serves: what ``transfergraph serve`` turns into, without what building needs.

``python -m transfergraph.server ARGUMENTS``, where the only argument is a JSON object: ``workspace``,
``builds``, ``host``, ``port``, ``workers``, ``store_url`` and ``public_url``, the last three null where
the workspace decides. Exit code 1 with one message when it cannot begin.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transfergraph.errors import TransfergraphError
from transfergraph.server.run import read_origin, serve


def main(arguments: str) -> None:
    """Serve as the JSON text says."""
    given = json.loads(arguments)
    try:
        origin = read_origin(
            Path(given["workspace"]),
            Path(given["builds"]),
            given["workers"],
            given["store_url"],
            given["public_url"],
        )
        serve(origin, given["host"], given["port"])
    except TransfergraphError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(1) from error


if __name__ == "__main__":
    main(sys.argv[1])
