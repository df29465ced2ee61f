"""What a worker uses for its answers: the store, the questions and the catalogue of one release."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.lists import LIST_INDEX
from transfergraph.lists.find_in_list import ListIndex
from transfergraph.messages import interface_languages, load_texts
from transfergraph.release.manifest import STORE, read_manifest
from transfergraph.release.release_facts import ReleaseFacts, facts_of, read_published
from transfergraph.search import INDEX
from transfergraph.search.find import SearchIndex
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


@dataclass(frozen=True)
class WorkerContext:
    """What one worker uses; ``shared`` is common to all workers.

    The index of names and the lists, None in a release without them, are opened when they are first asked:
    what a worker opens it shares with no other.
    """

    shared: SharedContext
    store: Store

    @cached_property
    def index(self) -> SearchIndex | None:
        """The index of names; raises :class:`ReleaseError` when it cannot be read."""
        file = self.config.release / INDEX
        return SearchIndex(file) if INDEX in self.shared.content.files else None

    @cached_property
    def lists(self) -> ListIndex | None:
        """The lists; raises :class:`ReleaseError` when they cannot be read."""
        file = self.config.release / LIST_INDEX
        return ListIndex(file) if LIST_INDEX in self.shared.content.files else None

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


def load_store(shared: SharedContext) -> EmbeddedStore | None:
    """The store in memory, where the settings ask for one: it is loaded once, before workers are forked.

    A remote store is tested. Raises :class:`StoreError`.
    """
    config, base = shared.config, shared.content.base
    if config.store_url is not None:
        _remote(config.store_url, config, base).require_union()
        return None
    return load_dump(config.release / _DUMP, base) if config.in_memory else None


def try_indexes(shared: SharedContext) -> None:
    """Open what each worker opens later; raises :class:`ReleaseError` when something cannot be read."""
    context = WorkerContext(shared, EmbeddedStore.in_memory())
    for opened in (context.index, context.lists):
        if opened is not None:
            opened.close()


def open_store(shared: SharedContext) -> Store:
    """The store of one worker; raises :class:`StoreError`."""
    config, base = shared.config, shared.content.base
    if config.store_url is not None:
        return _remote(config.store_url, config, base)
    return EmbeddedStore.read_only(config.release / STORE, base)


def _remote(url: str, config: WorkerConfig, base: str) -> RemoteStore:
    from transfergraph.store.remote import RemoteStore  # loads rdflib: 7 MiB that few servers need
    from transfergraph.store.retries import RetryPolicy

    patience = RetryPolicy(timeout=config.seconds, attempts=3)
    return RemoteStore(url, patience, base=base)
