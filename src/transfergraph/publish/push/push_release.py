"""Loading a release into a remote SPARQL server: whole, or only what has changed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pyoxigraph as ox

from transfergraph.common.progress import Progress, Stage, silent
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError, StoreError
from transfergraph.messages import explained
from transfergraph.publish.push import sparql_updates as updates
from transfergraph.publish.push.dump_batches import (
    QUADS,
    GraphCounts,
    batches,
    contents,
    difference,
    quad_lines,
)
from transfergraph.publish.push.endpoint import addresses, read_credentials
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.push_state import PushNames, read_state
from transfergraph.publish.push.upload import Upload
from transfergraph.publish.site_files import checked_chunks
from transfergraph.release.manifest import Manifest, read_manifest
from transfergraph.release.publish_release import release_folder
from transfergraph.release.release_facts import facts_of
from transfergraph.store.retries import PATIENT, RetryPolicy

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
    of a patch; ``resumed`` counts the batches that an earlier push had sent; ``sampled`` the statements that
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
    connections: int = 1,
    patience: RetryPolicy = LONG_PATIENCE,
    advance: Progress = silent,
) -> Pushed:
    """Load a release into the server whose graph store is at ``url``, and verify it there.

    ``release`` is its folder, or the folder of builds. ``query_url`` and ``update_url`` follow from ``url``
    for the servers whose addresses are known. A server that holds a release which is kept beside this one is
    sent the difference, unless ``whole``. Otherwise staging graphs are loaded and take their places by one
    update; where nothing is there yet, where there is no address for updates, or ``in_place``, they are put
    where they belong one after the other. ``connections`` parts are on their way at once. Credentials are
    read from the environment (:mod:`transfergraph.publish.push.endpoint`). A push that broke off is resumed.

    Raises :class:`UsageError` for addresses and credentials that will not do, :class:`StoreError` when the
    server refuses or does not hold what it was sent, :class:`ReleaseError` for a damaged release, and
    :class:`WorkspaceError` for one that does not say what portals ask for.
    """
    where = addresses(url, query_url, update_url)
    store = GraphStore(where, read_credentials(os.environ), patience)
    folder = release_folder(release)
    manifest = read_manifest(folder)
    _refuse_damage(folder, manifest)
    facts_of(folder, manifest).demand_portal_settings("push")
    names = PushNames(manifest.base)
    advance(Stage.COMPARE, 0, 0)
    store.require_answer()
    state = read_state(store, names)
    wanted = contents(quad_lines(folder))
    upload = Upload(store, names, manifest.id, wanted, state, advance, connections)
    pushed = Pushed(url, manifest.id, "nothing", upload.wanted.counts)
    if whole or not upload.is_held(state):
        patched = None if whole or in_place or where.update is None else _patch(upload, folder)
        if patched is not None:
            pushed = replace(pushed, manner="patch", added=patched[0], removed=patched[1])
            upload = replace(upload, state=read_state(store, names))
        if patched is None or not upload.is_held(upload.state):
            resumed = _load(upload, folder, part_bytes, in_place)
            pushed = replace(pushed, manner="whole", added=0, removed=0, resumed=resumed)
    return replace(pushed, sampled=_verify(upload))


def _refuse_damage(folder: Path, manifest: Manifest) -> None:
    entry = next((one for one in manifest.files if one.path == QUADS), None)
    if entry is None:
        raise ReleaseError(explained("error.push.no-dump", folder=folder, quads=QUADS))
    for _ in checked_chunks(folder, entry):
        pass


def _load(upload: Upload, folder: Path, batch_bytes: int, in_place: bool) -> int:
    """Send the whole; return how many batches were there already."""
    found = batches(quad_lines(folder), batch_bytes)
    if in_place or upload.store.where.update is None or upload.is_first:
        return upload.load_in_place(found)
    resumed = upload.load_staged(found)
    names, identifier, counts = upload.names, upload.identifier, upload.wanted.counts
    text = updates.move_staged(names, identifier, counts, upload.obsolete, upload.loaded)
    upload.advance(Stage.MOVE, 0, 0)
    _update(upload, text)
    return resumed


def _patch(upload: Upload, folder: Path) -> tuple[int, int] | None:
    """Send the difference to the release that the server holds; None when that cannot be.

    It can when that release is kept beside this one, the server has as many statements of each graph as it
    has, and the difference is small enough for one request.
    """
    state, names = upload.state, upload.names
    before = None if state.version is None else _kept(folder, state.version)
    if before is None or state.version is None or state.following is not None:
        return None
    found = difference(quad_lines(before), quad_lines(folder), _PATCH)
    if found is None or not state.holds(state.version, found.before, names):
        return None
    _update(upload, updates.patch(names, found.removed, found.added, upload.loaded))
    return len(found.added), len(found.removed)


def _kept(folder: Path, identifier: str) -> Path | None:
    """The folder of another release that lies beside this one."""
    other = folder.parent / identifier
    try:
        return other if other != folder and read_manifest(other).id == identifier else None
    except ReleaseError:
        return None


def _update(upload: Upload, text: str) -> None:
    """Run the update that makes the release valid; repeat one that broke off only if nothing happened."""
    store, names = upload.store, upload.names
    before, is_repeated = read_state(store, names), False

    def attempt() -> None:
        nonlocal is_repeated
        if is_repeated:
            now = read_state(store, names)
            if now.version == upload.identifier and now.following is None:
                return
            if now != before:
                raise StoreError(explained("error.push.broke-off", update=store.where.update))
        is_repeated = True
        store.update(text)

    store.patience.repeat(attempt)


def _verify(upload: Upload) -> int:
    """Compare counts and a sample; return the size of the sample."""
    upload.advance(Stage.VERIFY, 0, 0)
    store, wanted = upload.store, upload.wanted
    state = read_state(store, upload.names)
    if not upload.is_held(state):
        raise StoreError(
            explained(
                "error.push.not-shown",
                query=store.where.query,
                identifier=upload.identifier,
                counts=_mismatch(state.counts, wanted),
            )
        )
    sampled = 0
    for graph, lines in wanted.samples.items():
        for some in (lines[at : at + _TOGETHER] for at in range(0, len(lines), _TOGETHER)):
            ((count,),) = store.select(updates.look_up(graph, some))
            missing = len(some) - (int(count.value) if isinstance(count, ox.Literal) else 0)
            if missing:
                raise StoreError(
                    explained(
                        "error.push.lacks",
                        query=store.where.query,
                        missing=missing,
                        some=len(some),
                        graph=graph,
                    )
                )
            sampled += len(some)
    return sampled


def _mismatch(counts: Mapping[str, int], wanted: GraphCounts) -> Text:
    """How the counts differ, in a few words."""
    graphs = sorted(counts.keys() | wanted.counts.keys())
    wrong = [one for one in graphs if counts.get(one, 0) != wanted.counts.get(one, 0)]
    if not wrong:
        return explained("error.push.marker")
    first = wrong[0]
    there, sent = counts.get(first, 0), wanted.counts.get(first, 0)
    return explained("error.push.mismatch", graph=first, count=there, wanted=sent)
