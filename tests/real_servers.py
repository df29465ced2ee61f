"""Servers and programs of others, started for tests on this machine alone."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

ASK = "query=ASK%20%7B%7D"
"""A query that every endpoint of SPARQL answers once it is there."""


class NotAtHand(Exception):
    """What a test needs cannot be had or run here; the text says why."""


@contextmanager
def started(command: Sequence[str], scratch: Path, probe: str) -> Iterator[None]:
    """A server until the block ends, from when ``probe`` answers 200; it has two minutes to begin.

    Raises :class:`NotAtHand` with its last words where it does not.
    """
    log = scratch / "server.log"
    with log.open("w") as stream:
        process = subprocess.Popen(command, cwd=scratch, stdout=stream, stderr=subprocess.STDOUT)
    try:
        ends = time.monotonic() + 120
        while not _answers(probe):
            if process.poll() is not None or time.monotonic() > ends:
                raise NotAtHand(f"{Path(command[0]).name} did not start: {log.read_text()[-500:]}")
            time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()
        return False
    except (URLError, OSError):
        return False


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens at."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
