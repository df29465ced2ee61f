"""What stops a run: one tree of exceptions, ordered by what the caller can do about it.

::

    TransfergraphError
    ├── UsageError            ask differently: an unknown name, a parameter that does not fit
    │   └── MissingExtra      ... or install the optional package that is named
    ├── WorkspaceError        edit the workspace: transfergraph.toml, source.toml, ontology/, queries/
    ├── InputError            repair an input file that cannot be read as a table at all
    ├── QueryError            repair the SPARQL text
    │   └── QueryStopped      ... or ask for less: it took too much time or memory, or broke the engine
    ├── StoreError            the store or its server failed
    │   └── StoreUnavailable  ... and may answer when asked again later
    └── ReleaseError          the release is missing, damaged or may not be published

Faults *in* the data are not exceptions but :class:`transfergraph.findings.Finding` values.
"""


class TransfergraphError(Exception):
    """The root of everything this package raises on purpose.

    One or two plain sentences name the thing concerned (file, key, server, question) and the remedy:
    ``str(error)`` in English, :meth:`in_language` in any other that the program has.
    """

    def in_language(self, language: str) -> str:
        """The sentences in that language, or else in English."""
        told = self.args[0]
        return told if isinstance(told, str) else str(told.in_language(language))


class UsageError(TransfergraphError):
    """The caller asked for something that does not exist or does not fit."""


class MissingExtra(UsageError):
    """What was asked for needs an optional package that is not installed."""


class WorkspaceError(TransfergraphError):
    """A file of the workspace other than the data is missing or wrong."""


class InputError(TransfergraphError):
    """An input file cannot be read as a table at all (unreadable, too large, not a table)."""


class QueryError(TransfergraphError):
    """A SPARQL text was refused by the store: it has a syntax error or asks for what is not allowed.

    ``position`` is the line and the column, both from 1, at which it breaks off; None when there is none.
    """

    def __init__(self, told: object, position: tuple[int, int] | None = None) -> None:
        super().__init__(told)
        self.position = position


class QueryStopped(QueryError):
    """A query in a process of its own ended without an answer.

    ``cause`` is a value of :class:`~transfergraph.common.process_endings.Ending`; ``limits`` has the number
    that was exceeded, by the name of its limit.
    """

    def __init__(self, told: object, cause: str = "failure", **limits: int) -> None:
        super().__init__(told)
        self.cause = cause
        self.limits = limits


class StoreError(TransfergraphError):
    """The store, or the server behind it, failed."""


class StoreUnavailable(StoreError):
    """The server did not answer in time or said that it is busy; the same call may succeed later."""


class ReleaseError(TransfergraphError):
    """A release is missing, damaged, or may not become current."""
