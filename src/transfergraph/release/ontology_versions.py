"""The versions of the ontology that kept releases carry."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import OWL
from transfergraph.config.settings import VERSION
from transfergraph.errors import ReleaseError
from transfergraph.release.manifest import read_manifest
from transfergraph.web.ontology_page import ONTOLOGY_FILE

Versions = Mapping[str, Path]
"""The versions of the ontology, the latest first, each with a release that carries it."""

_VERSION = ox.NamedNode(OWL + "versionInfo")


def read_versions(release: Path) -> Versions:
    """The versions in this release and in those that are kept beside it."""
    found: dict[str, tuple[str, Path]] = {}
    for folder in (release, *sorted(release.parent.iterdir(), reverse=True)):
        try:
            created = read_manifest(folder).created.isoformat()
        except ReleaseError:
            continue
        version = _version(folder / ONTOLOGY_FILE)
        if version is not None and (version not in found or folder == release):
            found[version] = (created, folder)
    current = _version(release / ONTOLOGY_FILE)
    order = sorted(found, key=lambda one: (one == current, found[one][0], one), reverse=True)
    return {version: found[version][1] for version in order}


def _version(file: Path) -> str | None:
    if not file.is_file():
        return None
    try:
        quads = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
        texts = (
            q.object.value for q in quads if q.predicate == _VERSION and isinstance(q.object, ox.Literal)
        )
        return next((text for text in texts if VERSION.fullmatch(text)), None)
    except (OSError, SyntaxError):  # an older release that is damaged
        return None
