"""A release as researchers use it: its questions, SPARQL, its graph and its network."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

import networkx as nx
import rdflib

from transfergraph.errors import ReleaseError, UsageError
from transfergraph.findings import Report
from transfergraph.findings.as_json import report_from_json
from transfergraph.network.graph import build_network
from transfergraph.network.projection import project_partners
from transfergraph.queries import NamedQuery, Result, load_queries, run, run_text
from transfergraph.queries.parameters import Value
from transfergraph.release.assemble import REPORT
from transfergraph.release.manifest import STORE, Manifest, read_manifest, verify
from transfergraph.release.publish import CURRENT
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.remote import open_remote

View = Literal["undertakings", "partners"]


class Release:
    """A built release; make one with :func:`open_release`. Nothing is read before it is asked for."""

    def __init__(self, path: Path, manifest: Manifest, store_url: str | None = None) -> None:
        self.path = path
        self.manifest = manifest
        self._store_url = store_url

    @cached_property
    def store(self) -> EmbeddedStore:
        """The embedded store, read-only; any number of processes may open it."""
        return EmbeddedStore.read_only(self.path / STORE)

    @cached_property
    def _asked(self) -> Store:
        """The store that questions go to."""
        return self.store if self._store_url is None else open_remote(self._store_url)

    @cached_property
    def questions(self) -> tuple[NamedQuery, ...]:
        """The questions that the release carries, by name."""
        return load_queries(self.path / "queries" / "questions")

    def question(
        self, name: str, *, limit: int | None = None, **parameters: Value | Sequence[Value]
    ) -> Result:
        """The answer to a saved question.

        Entities are named by key (``organisation="htw-dresden"``) or whole IRI; a parameter left out keeps
        the example of the question. ``limit`` is the greatest number of rows; an answer that was cut says
        so. Raises :class:`UsageError` for an unknown question, parameter or entity.
        """
        for question in self.questions:
            if question.name == name:
                return run(self._asked, question, self.manifest.base, parameters, limit)
        names = ", ".join(question.name for question in self.questions)
        raise UsageError(f"The release has no question {name!r}. It has: {names}.")

    def sparql(self, query: str, *, limit: int | None = None) -> Result:
        """The answer to a SPARQL query over the union of the named graphs."""
        return run_text(self._asked, query, limit)

    def graph(self) -> rdflib.Dataset:
        """The whole graph as an rdflib dataset whose default graph is the union of the named graphs."""
        dataset = rdflib.Dataset(default_union=True)
        with gzip.open(self.path / "data" / "graph.nq.gz", "rt", encoding="utf-8") as stream:
            dataset.parse(stream, format="nquads")
        return dataset

    def network(self, view: View = "undertakings") -> nx.Graph:
        """The cooperation network.

        ``undertakings`` has partners and undertakings as nodes (bipartite), as
        :func:`transfergraph.network.graph.build_network` describes; ``partners`` ties partners directly, as
        :func:`transfergraph.network.projection.project_partners` does.
        """
        network = build_network(self._asked)
        if view == "undertakings":
            return network
        if view == "partners":
            return project_partners(network, self.manifest.consortium)
        raise UsageError(f"The network has no view {view!r}; it has: undertakings, partners.")

    def report(self) -> Report:
        """What was found when the release was built."""
        return report_from_json((self.path / REPORT).read_text(encoding="utf-8"))

    def verify(self) -> list[str]:
        """One sentence for each file that is missing or differs from the manifest."""
        return verify(self.path)

    @property
    def citation(self) -> str:
        """How to cite the release, in one line."""
        return self.manifest.citation


def open_release(path: str | Path, store: str | None = None) -> Release:
    """Open a release: its folder, or the output folder of builds, of which the current one is taken.

    ``store`` is the URL of a SPARQL server that holds the graph; questions, queries and the network then
    ask it. Raises :class:`ReleaseError` when there is no release.
    """
    folder = Path(path)
    if (folder / CURRENT).is_dir():
        folder = folder / CURRENT
    if not folder.is_dir():
        raise ReleaseError(f"There is no release in {folder}; build one first: transfergraph build.")
    folder = folder.resolve()
    return Release(folder, read_manifest(folder), store)
