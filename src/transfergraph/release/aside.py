"""A function of this package, called in a process of its own while this one does other work.

``python -m transfergraph.release.aside IN OUT`` takes a pickled function with its arguments from one file
and leaves what it returns or raises in another.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from transfergraph.errors import ReleaseError, TransfergraphError

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


@contextmanager
def called_aside(
    scratch: Path, function: Callable[[*Arguments], T], *arguments: *Arguments
) -> Iterator[Callable[[], T]]:
    """Call a function of a module; what the context gives waits for its result.

    It raises what the function raises of this package's own errors, and :class:`ReleaseError` for
    everything else that goes wrong in the process. Leaving the context ends the process in any case.
    """
    question, answer = scratch / f"{function.__name__}.call", scratch / f"{function.__name__}.answer"
    question.write_bytes(pickle.dumps((function, arguments)))
    command = [sys.executable, "-m", "transfergraph.release.aside", str(question), str(answer)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            yield lambda: _result(process, answer)
        finally:
            process.kill()


def _result(process: subprocess.Popen[bytes], answer: Path) -> Any:
    _, said = process.communicate()
    if process.returncode != 0:
        raise ReleaseError(f"Writing the release failed: {last_line(said, process.returncode)}")
    returned = pickle.loads(answer.read_bytes())
    if isinstance(returned, TransfergraphError):
        raise returned
    return returned


def last_line(said: bytes, code: int) -> str:
    """Why a process ended with an exit code other than 0: the last line of what it said."""
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {code}"


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
