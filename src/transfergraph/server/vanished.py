"""What earlier releases had and the current one has not."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from transfergraph.errors import ReleaseError
from transfergraph.release.difference import ADDED, REMOVED
from transfergraph.release.manifest import read_manifest

_TYPED = re.compile(rb"<([^>]*)> <http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type> ")


def vanished(release: Path) -> Mapping[str, str]:
    """IRI by IRI, the id of the last release that had it.

    Read from the differences that the releases carry, from this one backwards, as far as they are kept
    beside it.
    """
    found: dict[str, str] = {}
    here: Path | None = release
    while here is not None:
        previous = read_manifest(here).previous
        if previous is None:
            break
        gone = set(_typed(here / "changes" / REMOVED)) - set(_typed(here / "changes" / ADDED))
        for iri in sorted(gone):
            found.setdefault(iri, previous)
        here = _beside(release, previous)
    return found


def _beside(release: Path, identifier: str) -> Path | None:
    folder = release.parent / identifier
    try:
        return folder if read_manifest(folder).id == identifier else None
    except ReleaseError:
        return None


def _typed(patch: Path) -> Iterator[str]:
    """The subjects whose class the patch names."""
    if not patch.is_file():
        return
    with gzip.open(patch, "rb") as lines:
        for line in lines:
            if match := _TYPED.match(line):
                yield match[1].decode("utf-8")
