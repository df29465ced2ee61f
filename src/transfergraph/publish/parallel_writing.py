"""Dividing the writing of documents among processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from transfergraph.errors import ReleaseError
from transfergraph.publish.publish_progress import Advance, PublishStep
from transfergraph.publish.writer_process import open_store, site_to_json, write_share
from transfergraph.web.addresses import Site

_WORTH = 1000  # entities from which on processes of their own are worth their start
_MOST = 8  # processes


def write_all(
    release: Path,
    triples: int,
    site: Site,
    iris: Sequence[str],
    folder: Path,
    scratch: Path,
    advance: Advance,
) -> tuple[str, ...]:
    """Write the documents about all these entities; return the IRIs that have none, sorted.

    ``scratch`` is a file that may be written. Raises :class:`ReleaseError` with what a process said that
    failed.
    """
    progress = _Progress(len(iris), advance)
    if len(iris) < _WORTH:
        return tuple(sorted(write_share(open_store(release, triples), site, iris, folder, progress.add)))
    scratch.write_text("".join(f"{iri}\n" for iri in iris), encoding="utf-8")
    task = {
        "site": site_to_json(site),
        "release": str(release),
        "triples": triples,
        "iris": str(scratch),
        "folder": str(folder),
    }
    shares = min(_MOST, os.cpu_count() or 1)
    workers = [_Worker({**task, "share": share, "shares": shares}, progress) for share in range(shares)]
    try:
        found = [iri for worker in workers for iri in worker.result()]
    finally:
        for worker in workers:
            worker.end()
        scratch.unlink()
    return tuple(sorted(found))


class _Progress:
    """Adds up what several processes have done."""

    def __init__(self, total: int, advance: Advance) -> None:
        self._total, self._advance = total, advance
        self._done = 0
        self._lock = threading.Lock()
        advance(PublishStep.PAGES, 0, total)

    def add(self, count: int) -> None:
        """So many more are done."""
        with self._lock:
            self._done += count
            self._advance(PublishStep.PAGES, self._done, self._total)


class _Worker:
    """A process, and a thread that listens to it."""

    def __init__(self, task: dict[str, object], progress: _Progress) -> None:
        self._progress = progress
        self._left_out: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-m", "transfergraph.publish.writer_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._said = ""
        self._listening = [threading.Thread(target=one) for one in (self._listen, self._hear_errors)]
        for thread in self._listening:
            thread.start()
        assert self._process.stdin is not None
        with self._process.stdin as stdin:
            json.dump(task, stdin)

    def result(self) -> list[str]:
        """The IRIs without a document; raises :class:`ReleaseError` when the process failed."""
        for thread in self._listening:
            thread.join()
        if self._process.wait() != 0:
            lines = self._said.strip().splitlines()
            reason = lines[-1] if lines else f"exit code {self._process.returncode}"
            raise ReleaseError(f"Writing the pages failed: {reason}")
        return self._left_out

    def end(self) -> None:
        """Let nothing of it be left."""
        self._process.kill()
        self._process.wait()
        for thread in self._listening:
            thread.join()
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith('"'):
                self._left_out.append(json.loads(line))
            else:
                self._progress.add(int(line))

    def _hear_errors(self) -> None:
        assert self._process.stderr is not None
        self._said = self._process.stderr.read()
