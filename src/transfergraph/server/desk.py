"""What a worker has at hand: the store, the questions and the words of one release."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from transfergraph.errors import StoreError
from transfergraph.queries.named import NamedQuery, load_queries
from transfergraph.release.manifest import STORE
from transfergraph.server.task import Task
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.remote import Patience, RemoteStore

_DUMP = Path("data", "graph.nq.gz")


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker has; ``questions`` are in the order of their names."""

    task: Task
    questions: tuple[NamedQuery, ...]
    store: Store


def read_questions(release: Path) -> tuple[NamedQuery, ...]:
    """The questions of a release, by name; it may have none."""
    folder = release / "queries" / "questions"
    return load_queries(folder) if any(folder.glob("*.rq")) else ()


def load_store(task: Task) -> EmbeddedStore | None:
    """The store in memory, where the task asks for one: to be loaded once, before workers are forked."""
    if task.store_url is not None or not task.in_memory:
        return None
    dump = task.release / _DUMP
    try:
        store = ox.Store()
        with gzip.open(dump) as stream:
            store.bulk_load(cast(IO[bytes], stream), format=ox.RdfFormat.N_QUADS)
    except (OSError, EOFError, SyntaxError) as error:
        raise StoreError(f"{dump} cannot be loaded: {error}") from error
    return EmbeddedStore(store)


def open_store(task: Task) -> Store:
    """The store of one worker; raises :class:`StoreError` when it cannot be had."""
    if task.store_url is not None:
        return RemoteStore(task.store_url, Patience(timeout=task.seconds, attempts=3))
    return EmbeddedStore.read_only(task.release / STORE)
