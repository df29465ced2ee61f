"""What the engine writes a result to."""

from __future__ import annotations

from typing import IO, Protocol, cast


class ResultTarget(Protocol):
    """Takes bytes as they are computed."""

    def write(self, data: bytes, /) -> int:
        """Take some; return how many."""

    def flush(self) -> None:
        """Hold nothing back."""


def as_file(target: ResultTarget) -> IO[bytes]:
    """The sink, for the engine: its signatures ask for a file, of which it only writes and flushes."""
    return cast(IO[bytes], target)
