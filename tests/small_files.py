"""The command line where no file may be large, as on a disk that is full."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path


def run_with_small_files(largest: int, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a verb that may write no more than this many bytes into a file.

    It keeps no modules compiled: those that were cut short would be read by every later process.
    """

    def no_large_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    return subprocess.run(
        [sys.executable, "-m", "transfergraph", *arguments],
        preexec_fn=no_large_files,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
