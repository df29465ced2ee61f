"""What a release holds beside its graph, as a value from which everything about it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.iris import normalised
from transfergraph.common.namespaces import CHECK
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.mapping.published_rows import PublishedRows
from transfergraph.network.output.release_ground import GROUND, read_ground
from transfergraph.queries import NamedQuery
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.web.dataset_page import DatasetRecord
from transfergraph.web.entity_contradictions import read_contradictions
from transfergraph.web.entity_events import HISTORY, EntityHistory
from transfergraph.web.entity_map import PlaceAtlas, read_atlas
from transfergraph.web.entity_origins import RULES, TABLES, StatementOrigins
from transfergraph.web.known_things import KnownThings
from transfergraph.web.network_drawing import NetworkDrawing, read_drawing
from transfergraph.web.own_page import OwnText
from transfergraph.web.page_scripts import BrowserStore
from transfergraph.web.release_contents import ReleaseContents
from transfergraph.web.site_pages import GoneEntity
from transfergraph.workbench.browser_files import DUMP, ON_DEMAND, parts_of

_DESCRIPTIONS = {name: f"{name}.ttl" for name in ("report", "feed", "catalog-feed")}
_DECLARATIONS = {
    "shapes": "ontology/shapes.ttl",
    "alignments": "ontology/alignments.ttl",
    "presentation": "ontology/presentation.shapes.ttl",
}
"""What the core declares beside its terms, by the path of its IRI; each has the version of the terms."""


_CHECKS = re.compile(b"<" + re.escape(CHECK).encode() + b"([^>]+)>")
PREVIEWS_UP_TO = 100_000
"""Up to so many statements entities have pictures for links; those of a larger graph would take hours to
write, and fill a site."""

ANSWERED_UP_TO = 500_000
"""Up to so many statements a site answers the saved questions; some take minutes in a larger graph."""


@dataclass(frozen=True)
class PublishedRelease:
    """What a release holds beside its graph.

    ``base`` is the IRI under which it mints its own. ``folder`` has its files, ``moved`` those of them that
    the site has with other addresses (or it is None), ``files`` are their bytes by their path; ``inputs`` are
    the paths of what it was made from, in the workspace. ``questions`` are in the
    order of their names. ``described`` are the IRIs of its own that the DCAT catalogue describes, sorted,
    ``mentioned`` all of its own in the catalogue, and ``datasets`` those that it lists. ``versions`` are
    those of the ontology, the latest first, each with the folder of a release that carries it; ``gone`` has
    what earlier releases had, by IRI. ``rules`` are those that derive statements, ``contact_mail`` is the
    address of whom to ask, empty where the workspace names none. ``read_contents`` reads what it says of its
    content; ``own_pages`` are those of the workspace by their addresses.
    """

    base: str
    folder: Path
    counts: Mapping[str, int]
    files: Mapping[str, int]
    inputs: Sequence[str]
    questions: Sequence[NamedQuery]
    datasets: Sequence[DatasetRecord]
    described: Sequence[str]
    mentioned: frozenset[str]
    versions: Mapping[str, Path]
    gone: Mapping[str, GoneEntity]
    rules: Sequence[NamedQuery] = ()
    contact_mail: str = ""
    read_contents: Callable[[], ReleaseContents] = ReleaseContents
    own_pages: Mapping[str, OwnText] = field(default_factory=dict)
    moved: Path | None = None

    def file(self, path: str) -> Path:
        """Where the file of that path lies, with the addresses of the site."""
        other = None if self.moved is None else self.moved / path
        return self.folder / path if other is None or not other.is_file() else other

    @property
    def has_previews(self) -> bool:
        """True where entities have pictures that other websites show beside links to them."""
        return self.counts.get("triples", 0) <= PREVIEWS_UP_TO

    @cached_property
    def contents(self) -> ReleaseContents:
        """What it says of its content; raises :class:`ReleaseError` for a damaged file."""
        return self.read_contents()

    @cached_property
    def drawing(self) -> NetworkDrawing | None:
        """Its network as a drawing; None where there is nothing to draw."""
        return read_drawing(self.folder)

    @property
    def answers_examples(self) -> bool:
        """True where a site has the answers to the saved questions for the examples of their files."""
        return self.counts.get("triples", 0) <= ANSWERED_UP_TO

    @property
    def browser_store(self) -> BrowserStore:
        """What a page without a server can load."""
        triples = self.counts.get("triples", 0)
        return BrowserStore(triples, parts_of(self.files.get(DUMP, 0)) if triples <= ON_DEMAND else 0)

    @cached_property
    def origins(self) -> StatementOrigins:
        """Where statements come from and whom to tell of faults, as pages about entities say it."""
        rules = {f"{RULES}{rule.name}.rq" for rule in self.rules} & self.files.keys()
        tables = next((one.local for one in self.datasets if one.local == TABLES), "")
        disagreeing = read_contradictions(self.folder)
        return StatementOrigins(tuple(self.rules), frozenset(rules), tables, self.contact_mail, disagreeing)

    @cached_property
    def history(self) -> EntityHistory:
        """What happened to its entities since the first release that recorded it."""
        return EntityHistory(self.folder / HISTORY)

    @cached_property
    def known_things(self) -> KnownThings:
        """What its pages have read of things that many of them mention."""
        return KnownThings()

    @cached_property
    def _atlases(self) -> dict[str, PlaceAtlas]:
        return {}

    def atlas(self, store: Store) -> PlaceAtlas:
        """The places of its graph, read from the store once."""
        if "" not in self._atlases:
            self._atlases[""] = read_atlas(store, read_ground(self.file(f"network/{GROUND}")))
        return self._atlases[""]

    @cached_property
    def rows(self) -> PublishedRows:
        """The rows of its tables, by what they state something of."""
        return PublishedRows(self.folder, self.base)

    def read_catalogue(self) -> EmbeddedStore:
        """The DCAT catalogue, read anew: few ask for its parts, and it takes MiB."""
        store = ox.Store()
        file, graph = self.file(CATALOGUE_FILE), ox.NamedNode(f"{self.base}catalogue")
        store.load(path=str(file), format=ox.RdfFormat.TURTLE, to_graph=graph)
        return EmbeddedStore(store)

    @cached_property
    def elsewhere(self) -> Mapping[str, str]:
        """The addresses of what a file of another name describes, each with that of the file.

        A part of an input (RFC 7111) leads to the published table; there the rows are those of the input
        unless some are blank. A check leads to the report that names it; an earlier release leads to what the
        stream of the catalogue says of it.
        """
        latest = next(iter(self.versions), "")
        versions = {f"{name}/{latest}": path for name, path in _DECLARATIONS.items()}
        named = {**_DESCRIPTIONS, **_DECLARATIONS, **versions}
        found = {name: path for name, path in named.items() if path in self.files}
        if (report := named["report"]) in self.files:
            checks = _CHECKS.findall((self.folder / report).read_bytes())
            found.update((f"check/{code.decode()}", report) for code in sorted(set(checks)))
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
