"""What earlier releases had and the current one has not."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from transfergraph.errors import ReleaseError
from transfergraph.release.difference import ADDED, REMOVED
from transfergraph.release.manifest import read_manifest

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_LINE = re.compile(rb"<([^>]*)> <(%b|%b)> " % (re.escape(_TYPE.encode()), re.escape(_LABEL.encode())))


@dataclass(frozen=True, slots=True)
class Vanished:
    """The last release that had an entity, and its names by language."""

    release: str
    names: Mapping[str, str]


def vanished(release: Path) -> Mapping[str, Vanished]:
    """What has gone, by its IRI.

    Read from the differences that the releases carry, from this one backwards, as far as they are kept
    beside it.
    """
    found: dict[str, Vanished] = {}
    here: Path | None = release
    while here is not None:
        previous = read_manifest(here).previous
        if previous is None:
            break
        removed, added = _read(here / "changes" / REMOVED), _read(here / "changes" / ADDED)
        for iri in sorted(removed.keys() - added.keys()):
            found.setdefault(iri, Vanished(previous, removed[iri]))
        here = _beside(release, previous)
    return found


def _beside(release: Path, identifier: str) -> Path | None:
    folder = release.parent / identifier
    try:
        return folder if read_manifest(folder).id == identifier else None
    except ReleaseError:
        return None


def _read(patch: Path) -> dict[str, dict[str, str]]:
    """The subjects whose class the patch names, with the names that it has of them."""
    names: dict[str, dict[str, str]] = {}
    typed = set()
    for triple in _triples(patch):
        iri = str(triple.subject)[1:-1]
        if triple.predicate.value == _TYPE:
            typed.add(iri)
        elif isinstance(triple.object, ox.Literal):
            names.setdefault(iri, {})[triple.object.language or ""] = triple.object.value
    return {iri: names.get(iri, {}) for iri in typed}


def _triples(patch: Path) -> Iterator[ox.Triple]:
    if not patch.is_file():
        return
    with gzip.open(patch, "rb") as lines:
        for line in lines:
            if _LINE.match(line):
                for quad in ox.parse(line, format=ox.RdfFormat.N_TRIPLES):
                    yield quad.triple
