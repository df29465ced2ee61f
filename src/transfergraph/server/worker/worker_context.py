"""What a worker has at hand: the store, the questions and the words of one release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.text import LANGUAGES
from transfergraph.dcat.catalogue import CATALOGUE_FILE
from transfergraph.messages import load_texts
from transfergraph.queries.query_files import NamedQuery, load_queries
from transfergraph.release.manifest import STORE, read_manifest
from transfergraph.release.ontology_versions import Versions, read_versions
from transfergraph.release.release_facts import ReleaseFacts, facts_of
from transfergraph.server.pool.worker_config import WorkerConfig
from transfergraph.server.worker.gone_entities import GoneRecord, read_gone_entities
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump
from transfergraph.store.retries import RetryPolicy
from transfergraph.web.dataset_page import DatasetRecord

_DUMP = Path("data", "graph.nq.gz")


@dataclass(frozen=True, slots=True)
class SharedContext:
    """What all workers of a task share.

    ``questions`` are in the order of their names; ``vanished`` is what earlier releases had, by IRI;
    ``versions`` are those of the ontology; ``catalogue`` holds what the release says of itself, and
    ``datasets`` are those that it lists.
    """

    task: WorkerConfig
    questions: tuple[NamedQuery, ...]
    vanished: Mapping[str, GoneRecord]
    versions: Versions
    datasets: tuple[DatasetRecord, ...]
    catalogue: EmbeddedStore


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What one worker has; ``common`` it shares with the others."""

    common: SharedContext
    store: Store

    @property
    def task(self) -> WorkerConfig:
        """What the workers were told."""
        return self.common.task


def prepare(task: WorkerConfig) -> SharedContext:
    """Read what the workers will share.

    Raises :class:`WorkspaceError` for a question that is not right, and :class:`ReleaseError` for a catalogue
    that cannot be read.
    """
    load_texts(LANGUAGES)
    folder = task.release / "queries" / "questions"
    questions = load_queries(folder) if any(folder.glob("*.rq")) else ()
    listed = (task.release / CATALOGUE_FILE).is_file()
    facts = facts_of(task.release, read_manifest(task.release)) if listed else None
    return SharedContext(
        task,
        questions,
        read_gone_entities(task.release),
        read_versions(task.release),
        () if facts is None else facts.datasets,
        _catalogue(facts),
    )


def _catalogue(facts: ReleaseFacts | None) -> EmbeddedStore:
    """The catalogue of the release in a store of its own; without one, an empty store."""
    store = ox.Store()
    if facts is not None:
        graph = facts.catalogue
        store.extend(ox.Quad(one.subject, one.predicate, one.object, graph) for one in facts.triples)
    return EmbeddedStore(store)


def load_store(task: WorkerConfig) -> EmbeddedStore | None:
    """The store in memory, where the task asks for one: to be loaded once, before workers are forked.

    A store behind another server is asked whether it can be worked with. Raises :class:`StoreError`.
    """
    if task.store_url is not None:
        from transfergraph.store.remote import open_remote  # loads rdflib: 7 MiB that few servers need

        open_remote(task.store_url, _patience(task))
        return None
    if not task.in_memory:
        return None
    return load_dump(task.release / _DUMP)


def open_store(task: WorkerConfig) -> Store:
    """The store of one worker; raises :class:`StoreError` when it cannot be had."""
    if task.store_url is not None:
        from transfergraph.store.remote import RemoteStore  # loaded by now, see above

        return RemoteStore(task.store_url, _patience(task))
    return EmbeddedStore.read_only(task.release / STORE)


def _patience(task: WorkerConfig) -> RetryPolicy:
    return RetryPolicy(timeout=task.seconds, attempts=3)
