"""What the workers of a release are told when they begin."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transfergraph.web.addresses import Site


@dataclass(frozen=True, slots=True)
class WorkerConfig:
    """What workers are told when they begin.

    ``release`` is a folder; ``store_url`` the SPARQL server that holds the graph, None for the release's
    own store; ``in_memory`` asks for the store to be loaded. ``rows``, ``megabytes`` and ``seconds`` limit
    one answer, ``memory_megabytes`` what a worker may take for it.
    """

    release: Path
    site: Site
    store_url: str | None
    in_memory: bool
    rows: int
    megabytes: int
    seconds: int
    memory_megabytes: int
