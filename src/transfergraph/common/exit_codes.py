"""The numbers that the command line ends with, each with one meaning for scripts."""

from __future__ import annotations

from enum import IntEnum

from transfergraph.errors import (
    MissingExtra,
    QueryError,
    QueryStopped,
    TransfergraphError,
    UsageError,
)


class ExitCode(IntEnum):
    """``FAULTS``: in the data, or in a release that was verified. ``USAGE``: the call is wrong, or the query.
    ``QUERY``: a query took too much time or memory, or broke the engine. ``MISSING``: a workspace, file,
    release, server or optional package is missing, cannot be used or is damaged."""

    DONE = 0
    FAULTS = 1
    USAGE = 2
    QUERY = 3
    MISSING = 4


def exit_code(error: TransfergraphError) -> ExitCode:
    """With which number a run ends that this error has stopped."""
    match error:
        case QueryStopped():
            return ExitCode.QUERY
        case MissingExtra():
            return ExitCode.MISSING
        case UsageError() | QueryError():
            return ExitCode.USAGE
        case _:
            return ExitCode.MISSING
