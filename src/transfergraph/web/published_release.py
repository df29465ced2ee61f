"""What a release holds beside its graph, as a value from which everything about it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.queries import NamedQuery
from transfergraph.store import Store
from transfergraph.web.addresses import normalised
from transfergraph.web.dataset_page import DatasetRecord
from transfergraph.web.site_pages import GoneEntity

_DESCRIPTIONS = {name: f"{name}.ttl" for name in ("report", "feed", "catalog-feed")}
_DECLARATIONS = {
    "shapes": "ontology/shapes.ttl",
    "alignments": "ontology/alignments.ttl",
    "presentation": "ontology/presentation.shapes.ttl",
}
"""What the core declares beside its terms, by the path of its IRI; each has the version of the terms."""


@dataclass(frozen=True)
class PublishedRelease:
    """What a release holds beside its graph.

    ``base`` is the IRI under which it mints its own. ``folder`` has its files, ``files`` are their bytes by
    their path; ``inputs`` are the paths of what it was made from, in the workspace. ``questions`` are in the
    order of their names. ``catalogue`` holds the DCAT catalogue, and ``datasets`` are those that it lists.
    ``versions`` are those of the ontology, the latest first, each with the folder of a release that carries
    it; ``gone`` has what earlier releases had, by IRI.
    """

    base: str
    folder: Path
    counts: Mapping[str, int]
    files: Mapping[str, int]
    inputs: Sequence[str]
    questions: Sequence[NamedQuery]
    datasets: Sequence[DatasetRecord]
    catalogue: Store
    versions: Mapping[str, Path]
    gone: Mapping[str, GoneEntity]

    @cached_property
    def described(self) -> Sequence[str]:
        """The IRIs of its own that the catalogue describes, sorted."""
        rows = self.catalogue.select("SELECT DISTINCT ?thing { ?thing ?property ?value }").rows
        things = {str(thing.value) for (thing,) in rows if isinstance(thing, ox.NamedNode)}
        return sorted(iri for iri in things if iri.startswith(self.base))

    @cached_property
    def elsewhere(self) -> Mapping[str, str]:
        """The addresses of what a file of another name describes, each with that of the file.

        A part of an input (RFC 7111) leads to the published table; there the rows are those of the input
        unless some are blank. An earlier release leads to what the stream of the catalogue says of it.
        """
        latest = next(iter(self.versions), "")
        versions = {f"{name}/{latest}": path for name, path in _DECLARATIONS.items()}
        named = {**_DESCRIPTIONS, **_DECLARATIONS, **versions}
        found = {name: path for name, path in named.items() if path in self.files}
        found.update((path, table) for path in self.inputs if (table := self._table(path)))
        for path in self.files:
            stem, _, ending = path.rpartition(".")
            if ending == "trig":
                found[stem] = path
                if stem.endswith("-1"):  # earlier versions named the activities of a release without a number
                    found[stem.removesuffix("-1")] = path
                stream, _, release = stem.removesuffix("-1").partition("/")
                if stream == "catalog-feed":
                    found.update((f"release/{release}{part}", path) for part in ("", "/build"))
        known = {iri.removeprefix(self.base) for iri in self.described}
        return {
            local: quote(path)
            for name, path in found.items()
            if (local := normalised(quote(name))) not in known
        }

    def _table(self, path: str) -> str:
        """The published table of an input, else the description of the tables of its source; or empty."""
        name = path.removeprefix("data/")
        source = name.partition("/")[0]
        files = (
            f"data/tables/{name.rpartition('.')[0]}.csv",
            f"data/tables/{source}/csvw-metadata.json",
        )
        return next((file for file in files if file in self.files), "") if name != path else ""
