"""A knowledge graph and linked-data publisher for cooperation networks.

>>> import transfergraph as tg
>>> release = tg.open("build/current")  # doctest: +SKIP
>>> release.question("partners-of", organisation="htw-dresden").to_pandas()  # doctest: +SKIP
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transfergraph.build_release import build
    from transfergraph.check_workspace import check
    from transfergraph.common.processes import QueryLimits
    from transfergraph.common.text import Text
    from transfergraph.errors import (
        InputError,
        MissingExtra,
        QueryError,
        QueryStopped,
        ReleaseError,
        StoreError,
        StoreUnavailable,
        TransfergraphError,
        UsageError,
        WorkspaceError,
    )
    from transfergraph.fill_in_workbook import template
    from transfergraph.findings import Finding, Report, Severity
    from transfergraph.fix_workspace import Corrections, fix
    from transfergraph.new_workspace import init
    from transfergraph.publish.archive.archive_file import archive_release as archive
    from transfergraph.publish.bulk_files import write_bulk_files as bulk
    from transfergraph.publish.push.push_release import push_release as push
    from transfergraph.publish.static_site import write_site as site
    from transfergraph.read_workspace import columns
    from transfergraph.release.reader import Release
    from transfergraph.release.reader import open_release as open
    from transfergraph.release.staging import Outcome
    from transfergraph.review_identities import decide, review
    from transfergraph.source_list import SourceState, list_sources
    from transfergraph.sources.raw_cache import add_source, new_source
    from transfergraph.watch_workspace import Look, watch

    __version__: str

__all__ = [
    "Corrections",
    "Finding",
    "InputError",
    "Look",
    "MissingExtra",
    "Outcome",
    "QueryError",
    "QueryLimits",
    "QueryStopped",
    "Release",
    "ReleaseError",
    "Report",
    "Severity",
    "SourceState",
    "StoreError",
    "StoreUnavailable",
    "Text",
    "TransfergraphError",
    "UsageError",
    "WorkspaceError",
    "add_source",
    "archive",
    "build",
    "bulk",
    "check",
    "columns",
    "decide",
    "fix",
    "init",
    "list_sources",
    "new_source",
    "open",
    "push",
    "review",
    "site",
    "template",
    "watch",
]

_HOMES = {
    **dict.fromkeys(("Finding", "Report", "Severity"), "transfergraph.findings"),
    **dict.fromkeys(("Release", "open"), "transfergraph.release.reader"),
    "Outcome": "transfergraph.release.staging",
    "QueryLimits": "transfergraph.common.processes",
    "Text": "transfergraph.common.text",
    "build": "transfergraph.build_release",
    "check": "transfergraph.check_workspace",
    "columns": "transfergraph.read_workspace",
    **dict.fromkeys(("Corrections", "fix"), "transfergraph.fix_workspace"),
    **dict.fromkeys(("decide", "review"), "transfergraph.review_identities"),
    "template": "transfergraph.fill_in_workbook",
    **dict.fromkeys(("Look", "watch"), "transfergraph.watch_workspace"),
    "init": "transfergraph.new_workspace",
    **dict.fromkeys(("SourceState", "list_sources"), "transfergraph.source_list"),
    **dict.fromkeys(("add_source", "new_source"), "transfergraph.sources.raw_cache"),
    "archive": "transfergraph.publish.archive.archive_file",
    "bulk": "transfergraph.publish.bulk_files",
    "push": "transfergraph.publish.push.push_release",
    "site": "transfergraph.publish.static_site",
}
_NAMES = {
    "archive": "archive_release",
    "bulk": "write_bulk_files",
    "open": "open_release",
    "push": "push_release",
    "site": "write_site",
}


def __getattr__(name: str) -> object:
    """The public names are loaded when they are asked for: a server or a worker needs few of them."""
    if name == "__version__":
        return import_module("importlib.metadata").version("transfergraph")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(_HOMES.get(name, "transfergraph.errors"))
    return getattr(home, _NAMES.get(name, name))


def __dir__() -> list[str]:
    """The public names as well, so that ``help(transfergraph)`` shows them."""
    return sorted({*globals(), *__all__})
