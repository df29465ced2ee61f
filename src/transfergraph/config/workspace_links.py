"""The files of a workspace, through symbolic links within it and none that leads out of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from transfergraph.errors import WorkspaceError


def files_within(root: Path, path: Path, above: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Every file at this path or below it, each folder once on a way from ``root``, which has no link in it.

    Raises :class:`WorkspaceError` for a link that leads out of ``root``, by whatever detour, or nowhere:
    what is read is published.
    """
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        raise WorkspaceError(
            f"{path} leads to {target}, outside the workspace {root}, whose files are published. "
            "Put a copy there instead of the link, or take the link away."
        )
    if target.is_dir():
        if target not in (root, *above):
            for entry in sorted(path.iterdir()):
                yield from files_within(root, entry, (*above, target))
    elif target.is_file():
        yield path
    elif path.is_symlink() and not path.name.startswith("."):
        raise WorkspaceError(
            f"{path} leads to {target}, which is not there. Correct the link or take it away."
        )
