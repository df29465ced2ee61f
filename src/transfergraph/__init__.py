"""A knowledge graph and linked-data publisher for cooperation networks.

>>> import transfergraph as tg
>>> release = tg.open("build/current")  # doctest: +SKIP
>>> release.question("partners-of", organisation="htw-dresden").to_pandas()  # doctest: +SKIP
"""

from importlib.metadata import version

from transfergraph.flow import Outcome, build, check
from transfergraph.errors import (
    InputError,
    QueryError,
    ReleaseError,
    StoreError,
    StoreUnavailable,
    TransfergraphError,
    UsageError,
    WorkspaceError,
)
from transfergraph.findings import Finding, Report, Severity
from transfergraph.release.reading import Release
from transfergraph.release.reading import open_release as open

__version__ = version("transfergraph")

__all__ = [
    "Finding",
    "InputError",
    "Outcome",
    "QueryError",
    "Release",
    "ReleaseError",
    "Report",
    "Severity",
    "StoreError",
    "StoreUnavailable",
    "TransfergraphError",
    "UsageError",
    "WorkspaceError",
    "build",
    "check",
    "open",
]
