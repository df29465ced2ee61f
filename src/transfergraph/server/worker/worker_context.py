"""What a worker uses for its answers: the store, the questions and the catalogue of one release."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.text import ENGLISH
from transfergraph.dcat.catalogue import CATALOGUE_FILE
from transfergraph.messages import load_texts
from transfergraph.queries.query_files import NamedQuery, load_queries
from transfergraph.release.changes.tombstones import Tombstone, read_tombstones
from transfergraph.release.manifest import STORE, read_manifest
from transfergraph.release.ontology_versions import Versions, read_versions
from transfergraph.release.release_facts import ReleaseFacts, facts_of
from transfergraph.server.pool.requests import WorkerConfig, manifest_site
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump
from transfergraph.store.retries import RetryPolicy
from transfergraph.vocabulary.presentation_reader import released_presentation
from transfergraph.web.addresses import Site
from transfergraph.web.dataset_page import DatasetRecord

_DUMP = Path("data", "graph.nq.gz")


@dataclass(frozen=True, slots=True)
class SharedContext:
    """What all workers of a release share.

    ``site`` comes from the release, whatever the settings say by now; ``questions`` are in the order of
    their names; ``former`` are the entities that only earlier releases had, by IRI; ``versions`` are those of
    the ontology; ``catalogue`` is the DCAT catalogue of the release, ``datasets`` those that it lists.
    """

    config: WorkerConfig
    site: Site
    questions: tuple[NamedQuery, ...]
    former: Mapping[str, Tombstone]
    versions: Versions
    datasets: tuple[DatasetRecord, ...]
    catalogue: EmbeddedStore


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What one worker uses; ``shared`` is common to all workers."""

    shared: SharedContext
    store: Store

    @property
    def config(self) -> WorkerConfig:
        """The settings of the workers."""
        return self.shared.config


def prepare(config: WorkerConfig) -> SharedContext:
    """Read what the workers share.

    Raises :class:`WorkspaceError` for an invalid question, and :class:`ReleaseError` for a catalogue
    that cannot be read.
    """
    manifest = read_manifest(config.release)
    load_texts({ENGLISH, *manifest.languages})
    folder = config.release / "queries" / "questions"
    questions = load_queries(folder) if any(folder.glob("*.rq")) else ()
    listed = (config.release / CATALOGUE_FILE).is_file()
    facts = facts_of(config.release, manifest) if listed else None
    if facts is None:
        presentation = released_presentation(config.release)
        site = dataclasses.replace(manifest_site(manifest, config.url), presentation=presentation)
    else:
        site = dataclasses.replace(facts.site(config.url, documents=True), endpoint=True)
    return SharedContext(
        config,
        site,
        questions,
        {iri: one for iri, one in read_tombstones(config.release).items() if one.last_release is not None},
        read_versions(config.release),
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


def load_store(config: WorkerConfig) -> EmbeddedStore | None:
    """The store in memory, where the settings ask for one: it is loaded once, before workers are forked.

    A remote store is tested. Raises :class:`StoreError`.
    """
    if config.store_url is not None:
        from transfergraph.store.remote import open_remote  # loads rdflib: 7 MiB that few servers need

        open_remote(config.store_url, _retries(config))
        return None
    if not config.in_memory:
        return None
    return load_dump(config.release / _DUMP)


def open_store(config: WorkerConfig) -> Store:
    """The store of one worker; raises :class:`StoreError`."""
    if config.store_url is not None:
        from transfergraph.store.remote import RemoteStore  # loaded by now, see above

        return RemoteStore(config.store_url, _retries(config))
    return EmbeddedStore.read_only(config.release / STORE)


def _retries(config: WorkerConfig) -> RetryPolicy:
    return RetryPolicy(timeout=config.seconds, attempts=3)
