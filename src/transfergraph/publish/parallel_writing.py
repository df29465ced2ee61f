"""Dividing the writing of documents among processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from transfergraph.common.processes import ProcessCall, QueryLimits, send_count
from transfergraph.common.progress import Progress, Stage
from transfergraph.publish.resource_files import write_documents
from transfergraph.release.manifest import STORE, read_manifest
from transfergraph.release.release_facts import facts_of, read_published
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump
from transfergraph.store.supervised import SupervisedStore
from transfergraph.web.addresses import Site
from transfergraph.web.resources import Resources

_WORTH = 1000  # entities from which on processes of their own are worth their start
_MOST = 8  # processes
_IN_MEMORY = 500_000  # triples up to which a store in memory is loaded, which answers twice as fast
_OFTEN = 10  # entities between two counts
_DUMP = Path("data", "graph.nq.gz")


def open_store(release: Path, triples: int) -> Store:
    """The store of a release; raises :class:`StoreError` when there is none."""
    stored = _stored(release, triples)
    return EmbeddedStore.read_only(stored) if stored.is_dir() else load_dump(stored)


def supervised_store(release: Path, triples: int, limits: QueryLimits) -> SupervisedStore:
    """The same for the questions of a workspace, each of which may take so much."""
    return SupervisedStore(limits, _stored(release, triples))


def _stored(release: Path, triples: int) -> Path:
    return release / (STORE if triples > _IN_MEMORY else _DUMP)


def write_all(
    release: Path, triples: int, site: Site, iris: Sequence[str], folder: Path, advance: Progress
) -> tuple[str, ...]:
    """Write the documents about all these entities; return the IRIs that have none, sorted.

    Raises what they raise, and :class:`ReleaseError` with what a process said that failed.
    """
    counter = _Counter(len(iris), advance)
    if len(iris) < _WORTH:
        return tuple(sorted(write_share(release, triples, site, iris, folder, counter.add)))
    shares = min(_MOST, os.cpu_count() or 1)
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(TemporaryDirectory(".calls", folder.name, folder.parent)))
        calls = [
            stack.enter_context(
                ProcessCall(
                    scratch,
                    write_share,
                    *(release, triples, site, iris[share::shares], folder, send_count),
                    counted=counter.add,
                )
            )
            for share in range(shares)
        ]
        return tuple(sorted(iri for call in calls for iri in call.result("error.process.pages")))


def write_share(
    release: Path,
    triples: int,
    site: Site,
    iris: Sequence[str],
    folder: Path,
    counted: Callable[[int], None],
) -> list[str]:
    """Write documents and report now and then how many more there are; return the IRIs that have none.

    The folder has the files of the release, as the site shows them.
    """
    content = read_published(facts_of(folder, read_manifest(folder)), release)
    resources = Resources(open_store(release, triples), content, site)
    left_out = []
    waiting = 0
    for missing in write_documents(resources, site, iris, folder):
        waiting += 1
        if missing is not None:
            left_out.append(missing)
        if waiting == _OFTEN:
            counted(waiting)
            waiting = 0
    counted(waiting)
    return left_out


class _Counter:
    """Adds up what several processes have done."""

    def __init__(self, total: int, advance: Progress) -> None:
        self._total, self._advance = total, advance
        self._done = 0
        self._lock = threading.Lock()
        advance(Stage.PAGES, 0, total)

    def add(self, count: int) -> None:
        with self._lock:
            self._done += count
            self._advance(Stage.PAGES, self._done, self._total)
