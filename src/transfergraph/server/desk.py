"""What a worker has at hand: the store, the questions and the words of one release."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from transfergraph.errors import StoreError
from transfergraph.queries.named import NamedQuery, load_queries
from transfergraph.release.manifest import STORE
from transfergraph.server.ontology_answers import Versions, read_versions
from transfergraph.server.task import Task
from transfergraph.server.vanished import Vanished, vanished
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.patience import Patience
from transfergraph.store.remote import RemoteStore, open_remote

_DUMP = Path("data", "graph.nq.gz")
_CATALOGUE = "catalog.ttl"


@dataclass(frozen=True, slots=True)
class Common:
    """What all workers of a task share.

    ``questions`` are in the order of their names; ``vanished`` is what earlier releases had, by IRI;
    ``versions`` are those of the ontology; ``catalogue`` holds what the release says of itself.
    """

    task: Task
    questions: tuple[NamedQuery, ...]
    vanished: Mapping[str, Vanished]
    versions: Versions
    catalogue: EmbeddedStore


@dataclass(frozen=True, slots=True)
class Desk:
    """What one worker has; ``common`` it shares with the others."""

    common: Common
    store: Store

    @property
    def task(self) -> Task:
        """What the workers were told."""
        return self.common.task


def prepare(task: Task) -> Common:
    """Read what the workers will share; raises :class:`WorkspaceError` for a question that is not right."""
    folder = task.release / "queries" / "questions"
    questions = load_queries(folder) if any(folder.glob("*.rq")) else ()
    versions, catalogue = read_versions(task.release), _catalogue(task)
    return Common(task, questions, vanished(task.release), versions, catalogue)


def _catalogue(task: Task) -> EmbeddedStore:
    """The catalogue of the release in a store of its own; without one, an empty store."""
    store, file = ox.Store(), task.release / _CATALOGUE
    if file.is_file():
        graph = ox.NamedNode(f"{task.site.base}catalogue")
        try:
            store.load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=graph)
        except (OSError, SyntaxError) as error:
            raise StoreError(f"{file} cannot be loaded: {error}") from error
    return EmbeddedStore(store)


def load_store(task: Task) -> EmbeddedStore | None:
    """The store in memory, where the task asks for one: to be loaded once, before workers are forked.

    A store behind another server is asked whether it can be worked with. Raises :class:`StoreError`.
    """
    if task.store_url is not None:
        open_remote(task.store_url, _patience(task))
        return None
    if not task.in_memory:
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
        return RemoteStore(task.store_url, _patience(task))
    return EmbeddedStore.read_only(task.release / STORE)


def _patience(task: Task) -> Patience:
    return Patience(timeout=task.seconds, attempts=3)
