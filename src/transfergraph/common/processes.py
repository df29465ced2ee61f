"""A function of this package, called in a process of its own while this one does other work.

``python -m transfergraph.common.processes IN OUT`` takes a pickled function with its arguments from one file
and leaves what it returns or raises in another.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar, TypeVarTuple

from transfergraph.errors import ReleaseError, TransfergraphError

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class ProcessCall(Generic[T]):
    """A call that goes on. Use it as a context, which ends the process in any case.

    ``scratch`` is a folder for what goes to and fro; the function is one of a module.
    """

    def __init__(self, scratch: Path, function: Callable[[*Arguments], T], *arguments: *Arguments) -> None:
        folder = Path(tempfile.mkdtemp(dir=scratch))
        question, self._answer = folder / "question", folder / "answer"
        question.write_bytes(pickle.dumps((function, arguments)))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "transfergraph.common.processes", str(question), str(self._answer)],
            stderr=subprocess.PIPE,
        )

    def __enter__(self) -> ProcessCall[T]:
        return self

    def __exit__(self, *exception: object) -> None:
        self.kill()
        with self._process:  # closes what it has of it
            pass

    def kill(self) -> None:
        """End it at once; whoever waits for the result is told that it failed."""
        self._process.kill()

    def result(self) -> T:
        """Wait for what the function returns; may be asked once.

        Raises what the function raises of this package's own errors, and :class:`ReleaseError` for
        everything else that goes wrong in the process.
        """
        _, said = self._process.communicate()
        if self._process.returncode != 0:
            lines = said.decode("utf-8", "replace").strip().splitlines()
            reason = lines[-1] if lines else f"exit code {self._process.returncode}"
            raise ReleaseError(f"Writing the release failed: {reason}")
        returned: T | TransfergraphError = pickle.loads(self._answer.read_bytes())
        if isinstance(returned, TransfergraphError):
            raise returned
        return returned


def main(question: Path, answer: Path) -> None:
    """Do the call that lies in a file."""
    function, arguments = pickle.loads(question.read_bytes())
    try:
        result = function(*arguments)
    except TransfergraphError as error:
        result = error
    answer.write_bytes(pickle.dumps(result))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
