"""Where the tests write: in memory where there is room, for releases are synchronised with the disk file by file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_LEAST = 8 << 30
"""Bytes that have to be free, of the file system in memory and of memory itself: the files take up to 3 GB."""


def use_memory() -> None:
    """Let temporary files lie in memory, unless ``TMPDIR`` says where; those of child processes too."""
    if "TMPDIR" in os.environ or not _has_room():
        return
    folder = _MEMORY / f"transfergraph-tests-{os.getuid()}"
    folder.mkdir(mode=0o711, exist_ok=True)  # Apache, as another user, has to come to its folder
    if folder.stat().st_uid == os.getuid():
        os.environ["TMPDIR"] = str(folder)
        tempfile.tempdir = None


def _has_room() -> bool:
    if not os.access(_MEMORY, os.W_OK):
        return False
    found = os.statvfs(_MEMORY)
    is_executable = not found.f_flag & os.ST_NOEXEC  # tests make environments there
    return is_executable and min(found.f_bavail * found.f_frsize, _available()) >= _LEAST


def _available() -> int:
    """Bytes of memory that programs may take without swapping, as Linux estimates it; 0 elsewhere."""
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:")), 0)
