"""Writing a share of the documents, as a process of its own.

``python -m transfergraph.publish.writer_process`` reads its task as JSON from standard input. It writes a
line with a number now and then, so many more entities are done, and one with the IRI of each that has no
document.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import IO, Any

from transfergraph.common.text import Text
from transfergraph.publish.entity_files import write_documents
from transfergraph.release.manifest import STORE
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump
from transfergraph.web.addresses import Site

_IN_MEMORY = 500_000  # triples up to which a store in memory is loaded, which answers twice as fast
_OFTEN = 10  # entities between two lines; a process whose parent has died ends with the next line
_DUMP = Path("data", "graph.nq.gz")


def open_store(release: Path, triples: int) -> Store:
    """The store of a release; raises :class:`StoreError` when there is none."""
    if triples > _IN_MEMORY:
        return EmbeddedStore.read_only(release / STORE)
    return load_dump(release / _DUMP)


def site_to_json(site: Site) -> dict[str, Any]:
    """A site as a value that JSON can hold."""
    return {**asdict(site), "issued": site.issued.isoformat()}


def site_from_json(values: dict[str, Any]) -> Site:
    """The site that :func:`site_to_json` was given."""
    texts = {key: Text(*values[key]) for key in ("title", "description")}
    told = {
        "credits": tuple(Text(*one) for one in values["credits"]),
        "languages": tuple(values["languages"]),
    }
    return Site(**{**values, **texts, **told, "issued": date.fromisoformat(values["issued"])})


def write_share(
    store: Store, site: Site, iris: Iterable[str], folder: Path, tell: Callable[[int], None]
) -> list[str]:
    """Write documents and tell now and then how many more there are; return the IRIs that have none."""
    left_out = []
    waiting = 0
    for missing in write_documents(store, site, iris, folder):
        waiting += 1
        if missing is not None:
            left_out.append(missing)
        if waiting == _OFTEN:
            tell(waiting)
            waiting = 0
    tell(waiting)
    return left_out


def main(source: IO[str], target: IO[str]) -> None:
    """Do the task that stands in the source."""
    task = json.load(source)

    def tell(count: int) -> None:
        target.write(f"{count}\n")
        target.flush()

    site, release = site_from_json(task["site"]), Path(task["release"])
    with Path(task["iris"]).open(encoding="utf-8") as lines:
        share = [line.rstrip("\n") for line in lines][task["share"] :: task["shares"]]
    store = open_store(release, task["triples"])
    for iri in write_share(store, site, share, Path(task["folder"]), tell):
        target.write(f"{json.dumps(iri)}\n")


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
