"""Folders in which something is made before it takes its place."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def fresh_folder(parent: Path, beginning: str) -> Path:
    """An empty folder whose name begins so, under a name that no run has: call it with the lock in hand.

    What killed runs left under such names is cleared away as far as it goes. It may go on growing for a
    moment, because their processes end after them; so none gets the folder of another.
    """
    for left in list(parent.iterdir()):
        if left.name.startswith(beginning):
            clear(left)
    number = 0
    while True:
        folder = parent / f"{beginning}{os.getpid()}-{number}"
        with suppress(FileExistsError):
            folder.mkdir()
            return folder
        number += 1


def clear(left: Path) -> None:
    """Let a file or folder be gone, as far as that goes."""
    if left.is_file() or left.is_symlink():
        left.unlink(missing_ok=True)
    else:
        shutil.rmtree(left, ignore_errors=True)


def link_or_copy(source: Path, target: Path) -> None:
    """Let a file that never changes lie in another place too: the same on disk where that can be."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
