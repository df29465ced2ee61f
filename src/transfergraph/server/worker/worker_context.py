"""What a worker uses for its answers: the store, the questions and the catalogue of one release."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from transfergraph.dcat.catalogue import CATALOGUE_FILE
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.lists.list_files import LIST_INDEX
from transfergraph.messages import interface_languages, load_texts
from transfergraph.release.manifest import STORE, read_manifest
from transfergraph.release.release_facts import ReleaseFacts, facts_of, read_published
from transfergraph.search.find import SearchIndex
from transfergraph.search.search_files import INDEX
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump
from transfergraph.web.addresses import Site
from transfergraph.web.published_release import PublishedRelease

if TYPE_CHECKING:
    from transfergraph.store.remote import RemoteStore

_DUMP = Path("data", "graph.nq.gz")


@dataclass(frozen=True, slots=True)
class SharedContext:
    """What all workers of a release share; all but ``config`` comes from the release, whatever the settings
    say by now."""

    config: WorkerConfig
    site: Site
    content: PublishedRelease


@dataclass(frozen=True, slots=True)
class WorkerContext:
    """What one worker uses; ``shared`` is common to all workers, ``index`` and ``lists`` are None in a
    release without them."""

    shared: SharedContext
    store: Store
    index: SearchIndex | None = None
    lists: ListIndex | None = None

    @property
    def config(self) -> WorkerConfig:
        """The settings of the workers."""
        return self.shared.config


def prepare(config: WorkerConfig) -> SharedContext:
    """Read what the workers share.

    Raises :class:`WorkspaceError` for an invalid question, and :class:`ReleaseError` for a catalogue
    that cannot be read.
    """
    folder, manifest = config.release, read_manifest(config.moved or config.release)
    load_texts({*interface_languages(), *manifest.languages})
    listed = (folder / CATALOGUE_FILE).is_file()
    facts = facts_of(folder, manifest, config.moved) if listed else ReleaseFacts(folder, manifest, ())
    site = dataclasses.replace(facts.site(config.url, documents=True), endpoint=True)
    content = read_published(facts, folder)
    content.rows.open()
    content.history.open()
    return SharedContext(config, site, content)


def load_store(config: WorkerConfig) -> EmbeddedStore | None:
    """The store in memory, where the settings ask for one: it is loaded once, before workers are forked.

    A remote store is tested. Raises :class:`StoreError`.
    """
    if config.store_url is not None:
        _remote(config.store_url, config).require_union()
        return None
    if not config.in_memory:
        return None
    return load_dump(config.release / _DUMP, read_manifest(config.release).base)


def open_index(shared: SharedContext) -> SearchIndex | None:
    """The index of names of one worker; raises :class:`ReleaseError` when it cannot be read."""
    file = shared.config.release / INDEX
    return SearchIndex(file) if INDEX in shared.content.files else None


def open_lists(shared: SharedContext) -> ListIndex | None:
    """The lists of one worker; raises :class:`ReleaseError` when they cannot be read."""
    file = shared.config.release / LIST_INDEX
    return ListIndex(file) if LIST_INDEX in shared.content.files else None


def open_store(config: WorkerConfig) -> Store:
    """The store of one worker; raises :class:`StoreError`."""
    if config.store_url is not None:
        return _remote(config.store_url, config)
    return EmbeddedStore.read_only(config.release / STORE, read_manifest(config.release).base)


def _remote(url: str, config: WorkerConfig) -> RemoteStore:
    from transfergraph.store.remote import RemoteStore  # loads rdflib: 7 MiB that few servers need
    from transfergraph.store.retries import RetryPolicy

    patience = RetryPolicy(timeout=config.seconds, attempts=3)
    return RemoteStore(url, patience, base=read_manifest(config.release).base)
