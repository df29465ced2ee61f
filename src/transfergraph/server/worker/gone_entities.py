"""What earlier releases had and the current one has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.release.changes.tombstones import read_tombstones


@dataclass(frozen=True, slots=True)
class GoneRecord:
    """The last release that had an entity, and its names by language."""

    release: str
    names: Mapping[str, str]


def read_gone_entities(release: Path) -> Mapping[str, GoneRecord]:
    """What has gone, by its IRI: the list that the release carries.

    Left out is what no release had, of which the graph itself says what has replaced it.
    """
    return {
        iri: GoneRecord(gone.last_release, gone.label.by_language())
        for iri, gone in read_tombstones(release).items()
        if gone.last_release is not None
    }
