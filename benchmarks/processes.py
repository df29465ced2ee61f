"""Runs whole processes and watches what they cost: seconds, CPU seconds, memory of all of them together."""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_INTERVAL = 0.02
_REST = 30  # times as long between two samples as one takes
_KIB_IN_MIB = 1024


class RunFailed(Exception):
    """A measured process ended with an error, or ran out of the time that it was given."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a process with its children.

    ``seconds`` is wall-clock time from start to end, start-up of the interpreter included; ``cpu`` is user
    and system time of the process and all its children. ``memory`` is the greatest sum of
    proportional set sizes over the process tree (a page that processes share counts once), in MiB, sampled
    every 20 ms or as often as takes 3 % of a core; peaks between two samples are missed. ``samples`` are
    those sums with their time on the monotonic clock. ``said`` is what the process printed on its last
    line, read as JSON.
    """

    seconds: float
    cpu: float
    memory: float
    samples: tuple[tuple[float, float], ...]
    said: Any


@dataclass(frozen=True, slots=True)
class Middle:
    """The medians of several runs."""

    seconds: float
    cpu: float
    memory: float
    runs: int
    said: Any


def module(name: str, *arguments: Path) -> list[str]:
    """The command that runs a contestant."""
    return [sys.executable, "-m", f"benchmarks.contestants.{name}", *map(str, arguments)]


def run(command: Sequence[str], limit: float = 3600.0) -> Run:
    """Run a command to its end; raises :class:`RunFailed` with what it said on standard error.

    ``limit`` is the number of seconds after which it is killed, with its children.
    """
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        watch = _Watch(process.pid)
        killer = threading.Timer(limit, _kill, (process.pid,))
        watch.start()
        killer.start()
        before = os.times()
        out, errors = process.communicate()
        seconds = time.monotonic() - start
        after = os.times()
        killer.cancel()
        watch.stop()
    if process.returncode != 0:
        told = errors.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        late = f"killed after {limit:.0f} s" if seconds >= limit else f"exit {process.returncode}"
        raise RunFailed(f"{' '.join(command[:4])} …: {late}. {told}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    lines = out.decode("utf-8", "replace").strip().splitlines()
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else None
    return Run(seconds, cpu, max(size for _, size in watch.samples), tuple(watch.samples), said)


def interleaved(
    commands: Mapping[str, Sequence[str]], repeat: int, limit: float = 3600.0
) -> dict[str, Middle]:
    """Run each command in turn, the whole round several times; medians by name.

    A command that fails is left out of the result.
    """
    runs: dict[str, list[Run]] = {name: [] for name in commands}
    failed: set[str] = set()
    for _ in range(repeat):
        for name, command in commands.items():
            if name in failed:
                continue
            try:
                runs[name].append(run(command, limit))
            except RunFailed as error:
                print(f"  {name}: {error}")
                failed.add(name)
    return {name: middle(done) for name, done in runs.items() if name not in failed}


def middle(runs: Sequence[Run]) -> Middle:
    """The medians of these runs, with what the last one said."""
    return Middle(
        seconds=statistics.median(r.seconds for r in runs),
        cpu=statistics.median(r.cpu for r in runs),
        memory=statistics.median(r.memory for r in runs),
        runs=len(runs),
        said=runs[-1].said,
    )


class _Watch(threading.Thread):
    """Samples the memory of a process and all its descendants."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self.samples: list[tuple[float, float]] = []

    def run(self) -> None:
        while not self._done.is_set():
            begun = time.monotonic()
            self.samples.append((begun, _proportional(self._pid) / _KIB_IN_MIB))
            self._done.wait(max(_INTERVAL, _REST * (time.monotonic() - begun)))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _proportional(pid: int) -> int:
    """KiB in memory of a process tree, 0 for what has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
    return own + sum(_proportional(child) for child in _children(pid))


def _kill(pid: int) -> None:
    """Kill a process tree from its root down."""
    children = _children(pid)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    for child in children:
        _kill(child)


def _children(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
