"""The one way to run a function of this package in another process, while this one does other work.

``python -m transfergraph.common.processes IN OUT`` takes a pickled function, its arguments and limits from
one file and leaves what it returns or raises in another. What the process writes to standard error, such as
the stack trace of an engine that aborts, is never shown: it becomes part of an error.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Generic, TypeVar, TypeVarTuple

from transfergraph.common.process_endings import Ending, ending, first_words
from transfergraph.common.sandbox import die_with_parent
from transfergraph.errors import QueryStopped, ReleaseError, StoreError, TransfergraphError
from transfergraph.messages import explained

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may take: ``seconds`` until its answer, and ``megabytes`` (MiB) of memory."""

    seconds: int = 300
    megabytes: int = 2048


class ProcessCall(Generic[T]):
    """A call that goes on. Use it as a context, which ends the process in any case.

    ``scratch`` is a folder for what goes to and fro; the function is one of a module. With ``limits`` it is
    a query, which itself sees to the memory. ``counted`` gets, in a thread, each number that the process
    gives to :func:`send_count`.
    """

    def __init__(
        self,
        scratch: Path,
        function: Callable[[*Arguments], T],
        *arguments: *Arguments,
        limits: QueryLimits | None = None,
        counted: Callable[[int], None] | None = None,
    ) -> None:
        self._limits = limits
        self._counting: Thread | None = None
        folder = Path(tempfile.mkdtemp(dir=scratch))
        question, self._answer = folder / "question", folder / "answer"
        question.write_bytes(pickle.dumps((function, arguments, limits)))
        command = [sys.executable, "-m", "transfergraph.common.processes", str(question), str(self._answer)]
        if counted is None:
            self._process = subprocess.Popen(command, stderr=subprocess.PIPE)
            return
        reading, writing = os.pipe()
        self._counting = Thread(target=_pass_on, args=(reading, counted))
        try:
            self._process = subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE)
        finally:
            os.close(writing)
            self._counting.start()

    def __enter__(self) -> ProcessCall[T]:
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()
        with self._process:  # waits for it and closes the pipe
            self._end_counting()

    def kill(self) -> None:
        """End it at once; waiting for the result then raises an error."""
        self._process.kill()

    def _end_counting(self) -> None:
        if self._counting is not None:
            self._counting.join()

    def result(self, failed: str = "error.process.failed") -> T:
        """Wait for what the function returns; may be asked once. ``failed`` is the key of the text otherwise.

        Raises what the function raises of this package's own errors; for everything else that goes wrong in
        the process :class:`ReleaseError`, and with limits :class:`QueryStopped` or :class:`StoreError`.
        """
        try:
            _, errors = self._process.communicate(timeout=self._limits.seconds if self._limits else None)
        except subprocess.TimeoutExpired as error:
            raise _stopped(Ending.TIME, seconds=round(error.timeout)) from None
        self._end_counting()
        status = self._process.returncode
        if status != 0:
            lines = errors.decode("utf-8", "replace").strip().splitlines()
            reason = lines[-1] if lines else f"exit code {status}"
            if self._limits is None:
                reason = first_words(errors) or reason if status < 0 else reason
                raise ReleaseError(explained(failed, reason=reason))
            if status < 0:
                raise _stopped(ending(status, errors))
            raise StoreError(explained("error.query.failed", reason=reason))
        returned: T | TransfergraphError = pickle.loads(self._answer.read_bytes())
        if isinstance(returned, TransfergraphError):
            raise returned
        return returned


def _pass_on(reading: int, counted: Callable[[int], None]) -> None:
    with open(reading, encoding="ascii") as lines:
        for line in lines:
            counted(int(line))


def send_count(count: int) -> None:
    """Pass a number to the ``counted`` of the call that this process works on."""
    sys.stdout.write(f"{count}\n")
    sys.stdout.flush()


def _stopped(end: Ending, **limits: int) -> QueryStopped:
    return QueryStopped(explained("error.query.ended", end=end), end, **limits)


def main(question: Path, answer: Path) -> None:
    """Do the call that lies in a file."""
    die_with_parent()
    function, arguments, limits = pickle.loads(question.read_bytes())
    try:
        result = pickle.dumps(function(*arguments))
    except TransfergraphError as error:
        result = pickle.dumps(error)
    except MemoryError:
        if limits is None:
            raise
        result = pickle.dumps(_stopped(Ending.MEMORY))
    answer.write_bytes(result)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
