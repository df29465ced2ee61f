"""What changed in the catalogue, entity by entity, as harvesters of DCAT-AP Feeds take it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, FOAF, TYPE, VCARD
from transfergraph.errors import ReleaseError
from transfergraph.release.changes.difference import SubjectChange

CATALOGUE = "catalog.ttl"
_TYPE = ox.NamedNode(TYPE)
_ENTITIES = {
    *(f"{DCAT}{name}" for name in ("Catalog", "DataService", "Dataset", "Distribution")),
    DCT + "LicenseDocument",
    VCARD + "Kind",
    FOAF + "Agent",
}


@dataclass(frozen=True, slots=True)
class CatalogueGraph:
    """The lines of a catalogue by subject, what each subject mentions, and its entities.

    Entities are what DCAT-AP Feeds has activities about. Everything else, such as a checksum or a period,
    belongs to each entity that leads to it.
    """

    lines: Mapping[str, list[bytes]]
    mentioned: Mapping[str, list[str]]
    entities: frozenset[str]

    def described(self, entity: str) -> tuple[bytes, ...]:
        """All lines about an entity and what belongs to it, sorted; none when it is not there."""
        if entity not in self.entities:
            return ()
        seen, waiting = {entity}, [entity]
        while waiting:
            for other in self.mentioned.get(waiting.pop(), ()):
                if other in self.lines and other not in self.entities and other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return tuple(sorted(line for subject in seen for line in self.lines[subject]))


def catalogue_changes(old: Path | None, new: Path) -> Iterator[SubjectChange]:
    """What differs between the catalogues of two releases, in the order of the IRIs.

    The lines of a change are those of the entity with all that belongs to it. Raises
    :class:`ReleaseError` for a damaged catalogue.
    """
    before = CatalogueGraph({}, {}, frozenset()) if old is None else read_catalogue(old)
    after = read_catalogue(new)
    for entity in sorted(before.entities | after.entities):
        was, now = before.described(entity), after.described(entity)
        if was != now:
            yield SubjectChange(f"<{entity}>".encode(), was, now)


def read_catalogue(release: Path) -> CatalogueGraph:
    """The catalogue of a release; empty when it has none."""
    file = release / CATALOGUE
    lines: dict[str, list[bytes]] = defaultdict(list)
    mentioned: dict[str, list[str]] = defaultdict(list)
    entities: set[str] = set()
    try:
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE) if file.is_file() else ():
            subject = str(quad.subject)[1:-1]
            lines[subject].append(f"{quad.subject} {quad.predicate} {quad.object} .\n".encode())
            if isinstance(quad.object, ox.NamedNode):
                mentioned[subject].append(quad.object.value)
                if quad.predicate == _TYPE and quad.object.value in _ENTITIES:
                    entities.add(subject)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{file} is damaged: {error}. Restore that release from a backup.") from error
    return CatalogueGraph(lines, mentioned, frozenset(entities))
