"""The process of ``transfergraph serve`` and ``transfergraph mcp``, which imports less than a build.

``python -m transfergraph.server ARGUMENTS``, where the only
argument is a JSON object: ``workspace``, ``builds``, ``workers``, ``store_url`` and ``public_url``, the last
three null where the workspace decides, and for HTTP ``host``, ``port`` and ``language``, in which somebody
at a terminal is told where to look; without them it is a server of
the Model Context Protocol on standard input and output. When it cannot start it ends with one message and
the exit code of its reason.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transfergraph.common.exit_codes import ExitCode, exit_code
from transfergraph.errors import MissingExtra, TransfergraphError
from transfergraph.messages import explained
from transfergraph.server.pool.release_source import read_release_source


def main(arguments: str) -> None:
    """Serve as the JSON text says."""
    given = json.loads(arguments)
    try:
        _serve(given)
    except TransfergraphError as error:
        sys.stderr.write(f"{error.in_language(given.get('language', 'en'))}\n")
        raise SystemExit(exit_code(error)) from error
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(ExitCode.MISSING) from error


def _serve(given: Mapping[str, Any]) -> None:
    source = read_release_source(
        Path(given["workspace"]),
        Path(given["builds"]),
        given["workers"],
        given["store_url"],
        given["public_url"],
    )
    if "port" in given:
        from transfergraph.server.run_server import serve

        serve(source, given["host"], given["port"], given["language"])
        return
    try:
        from transfergraph.server.mcp import run_mcp_server
    except ImportError as error:
        raise MissingExtra(explained("error.extra.mcp", error=error.name)) from error
    run_mcp_server(source)


if __name__ == "__main__":
    main(sys.argv[1])
