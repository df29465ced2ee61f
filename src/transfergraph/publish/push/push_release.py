"""Loading a release into a remote SPARQL server: whole, or only what has changed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.errors import ReleaseError, StoreError
from transfergraph.publish.push import sparql_updates as updates
from transfergraph.publish.push.batching import QUADS, GraphCounts, batches, contents, quad_lines
from transfergraph.publish.push.credentials import read_credentials
from transfergraph.publish.push.endpoint_addresses import addresses
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.push_state import PushNames, complete, read_state
from transfergraph.publish.push.quad_difference import difference
from transfergraph.publish.push.upload import Upload
from transfergraph.publish.site_files import checked_chunks
from transfergraph.release.manifest import Manifest, read_manifest
from transfergraph.release.publish_release import release_folder
from transfergraph.store.retries import PATIENT, RetryLater, RetryPolicy

LONG_PATIENCE = replace(PATIENT, timeout=600)
"""For servers that are sent much: ten minutes for one request."""

PART = 8 << 20
"""Bytes of N-Triples in one request."""

_PATCH = 16 << 20  # bytes of a patch up to which it goes in one request; beyond, the whole is sent
_TOGETHER = 25  # statements that one query looks up

Manner = Literal["whole", "patch", "nothing"]


@dataclass(frozen=True, slots=True)
class Pushed:
    """A release that a server holds, verified.

    ``manner`` is how it got there: sent ``whole``, as a ``patch`` of the release that was there before, or
    ``nothing`` had to be sent. ``graphs`` has the statements by graph; ``added`` and ``removed`` count those
    of a patch; ``resumed`` counts the parts that an earlier push had sent; ``sampled`` the statements that
    were compared one by one.
    """

    url: str
    release: str
    manner: Manner
    graphs: Mapping[str, int]
    added: int = 0
    removed: int = 0
    resumed: int = 0
    sampled: int = field(default=0)


def push_release(
    release: str | Path,
    url: str,
    query_url: str | None = None,
    update_url: str | None = None,
    whole: bool = False,
    in_place: bool = False,
    part_bytes: int = PART,
    patience: RetryPolicy = LONG_PATIENCE,
    advance: Progress = silent,
) -> Pushed:
    """Let the server at ``url``, the address of its graph store, hold a release; verify that it does.

    ``release`` is its folder, or the folder of builds. ``query_url`` and ``update_url`` follow from ``url``
    for the servers whose addresses are known. A server that holds a release which is kept beside this one is
    sent the difference, unless ``whole``. Otherwise the graphs are loaded aside and take their places by one
    update; where nothing is there yet, where there is no address for updates, or ``in_place``, they are put
    where they belong one after the other. Credentials are read from the environment
    (:mod:`transfergraph.publish.push.credentials`). A push that was broken off is gone on with.

    Raises :class:`UsageError` for addresses and credentials that will not do, :class:`StoreError` when the
    server refuses or does not hold what it was sent, and :class:`ReleaseError` for a damaged release.
    """
    where = addresses(url, query_url, update_url)
    store = GraphStore(where, read_credentials(os.environ), patience)
    folder = release_folder(release)
    manifest = read_manifest(folder)
    _refuse_damage(folder, manifest)
    names = PushNames(manifest.base)
    advance(Stage.COMPARE, 0, 0)
    state = read_state(store, names)
    wanted = contents(quad_lines(folder))
    pushed = Pushed(url, manifest.id, "nothing", wanted.counts)
    if whole or not state.holds(manifest.id, wanted.counts, names):
        task = Upload(store, names, manifest.id, wanted, state, advance)
        patched = None if whole or in_place or where.update is None else _patch(task, folder, patience)
        if patched is not None:
            pushed = replace(pushed, manner="patch", added=patched[0], removed=patched[1])
            task = replace(task, state=read_state(store, names))
        if patched is None or not task.state.holds(manifest.id, wanted.counts, names):
            resumed = _load(task, folder, part_bytes, in_place, patience)
            pushed = replace(pushed, manner="whole", added=0, removed=0, resumed=resumed)
    return replace(pushed, sampled=_verify(store, names, manifest.id, wanted, advance))


def _refuse_damage(folder: Path, manifest: Manifest) -> None:
    entry = next((one for one in manifest.files if one.path == QUADS), None)
    if entry is None:
        raise ReleaseError(f"{folder} has no {QUADS}, which a push sends.")
    for _ in checked_chunks(folder, entry):
        pass


def _load(task: Upload, folder: Path, part_bytes: int, in_place: bool, patience: RetryPolicy) -> int:
    """Send the whole; return how many parts were there already."""
    pieces = batches(quad_lines(folder), part_bytes)
    if in_place or task.store.where.update is None or task.is_first:
        return task.in_place(pieces)
    resumed = task.aside(pieces)
    marker = complete(task.names, task.identifier, task.wanted.counts)
    text = updates.switch(task.names, task.identifier, task.wanted.counts, task.obsolete, marker)
    task.advance(Stage.MOVE, 0, 0)
    _settle(task, text, patience)
    return resumed


def _patch(task: Upload, folder: Path, patience: RetryPolicy) -> tuple[int, int] | None:
    """Send the difference to the release that the server holds; None when that cannot be.

    It can when that release is kept beside this one, the server has as many statements of each graph as it
    has, and the difference is small enough for one request.
    """
    state, names = task.state, task.names
    before = None if state.version is None else _kept(folder, state.version)
    if before is None or state.version is None or state.following is not None:
        return None
    found = difference(quad_lines(before), quad_lines(folder), _PATCH)
    if found is None or not state.holds(state.version, found.before, names):
        return None
    marker = complete(names, task.identifier, task.wanted.counts)
    _settle(task, updates.patch(names, found.removed, found.added, marker), patience)
    return len(found.added), len(found.removed)


def _kept(folder: Path, identifier: str) -> Path | None:
    """The folder of another release that lies beside this one."""
    other = folder.parent / identifier
    try:
        return other if other != folder and read_manifest(other).id == identifier else None
    except ReleaseError:
        return None


def _settle(task: Upload, text: str, patience: RetryPolicy) -> None:
    """Run the update that makes the release valid; repeat one that broke off only if nothing happened."""
    before = read_state(task.store, task.names)
    wait = patience.first_wait
    for attempt in range(1, patience.attempts + 1):
        try:
            task.store.update(text)
            return
        except RetryLater:
            if attempt == patience.attempts:
                raise
            time.sleep(min(wait, patience.longest_wait))
            wait *= 2
            now = read_state(task.store, task.names)
            if now.version == task.identifier and now.following is None:
                return
            if now != before:
                raise StoreError(
                    f"{task.store.where.update} broke off in the middle of the update. Push again: what is "
                    "there will be replaced."
                ) from None


def _verify(
    store: GraphStore, names: PushNames, identifier: str, wanted: GraphCounts, advance: Progress
) -> int:
    """Compare counts and a sample; return the size of the sample."""
    advance(Stage.VERIFY, 0, 0)
    state = read_state(store, names)
    if not state.holds(identifier, wanted.counts, names):
        raise StoreError(
            f"{store.where.query} does not show release {identifier} as it was sent "
            f"({_told(state.counts, wanted)}); push again with --whole."
        )
    sampled = 0
    for graph, lines in wanted.samples.items():
        for some in _batches(lines):
            ((count,),) = store.select(updates.look_up(graph, some))
            missing = len(some) - (int(count.value) if isinstance(count, ox.Literal) else 0)
            if missing:
                raise StoreError(
                    f"{store.where.query} lacks {missing} of {len(some)} statements of {graph} that were "
                    "looked up, although it counts as many as it should; push again with --whole."
                )
            sampled += len(some)
    return sampled


def _told(counts: Mapping[str, int], wanted: GraphCounts) -> str:
    """How the counts differ, in a few words."""
    graphs = sorted(counts.keys() | wanted.counts.keys())
    wrong = [one for one in graphs if counts.get(one, 0) != wanted.counts.get(one, 0)]
    if not wrong:
        return "its marker names another release"
    first = wrong[0]
    return f"{first}: {counts.get(first, 0)} statements instead of {wanted.counts.get(first, 0)}"


def _batches(lines: tuple[bytes, ...]) -> Iterator[tuple[bytes, ...]]:
    for begin in range(0, len(lines), _TOGETHER):
        yield lines[begin : begin + _TOGETHER]
