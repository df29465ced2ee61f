"""Files that come with the package: texts, templates, scripts, fonts, shapes."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def packaged(*path: str) -> Path:
    """The file or folder of that path below the package.

    :mod:`importlib.resources` would find it in an archive too, which this package is never run from, and
    takes a MiB of each process.
    """
    return _PACKAGE.joinpath(*path)
