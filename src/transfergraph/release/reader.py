"""A release in Python: its questions, SPARQL, its graph and its network."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import cached_property
from html import escape
from pathlib import Path

import networkx as nx
import rdflib

from transfergraph.common.processes import QueryLimits
from transfergraph.common.text import Text
from transfergraph.finding_reports.json_report import report_from_json
from transfergraph.findings import Report
from transfergraph.mapping.published_rows import PublishedRows, StatedTriple
from transfergraph.network.layout.network_layout import Layout, read_layout
from transfergraph.network.model.evidence import CELLS, add_cells
from transfergraph.network.model.measures import add_measures
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.node_classes import NodeClasses, node_classes
from transfergraph.network.model.partner_completeness import Coverage, read_coverage
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.subjects import select_part
from transfergraph.network.model.subnetworks import View, make_selection
from transfergraph.network.output.analysis import NetworkMetadata
from transfergraph.network.output.explorer_page import Figure, page_of
from transfergraph.network.output.release_ground import GROUND, read_ground
from transfergraph.network.output.write_network import EXPLORER, LAYOUT
from transfergraph.queries import NamedQuery, Result, load_queries, run_text
from transfergraph.queries.parameters import Value
from transfergraph.release.isolated_queries import (
    QUESTIONS,
    answer_question,
    answer_question_within,
    answer_sparql_within,
    run_isolated,
)
from transfergraph.release.manifest import STORE, Manifest, read_manifest
from transfergraph.release.publish_release import release_folder
from transfergraph.release.verify import verify
from transfergraph.release.write_release import REPORT
from transfergraph.search import INDEX
from transfergraph.search.find import SearchIndex, SearchResult
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.remote import open_remote
from transfergraph.vocabulary.presentation_reader import released_presentation
from transfergraph.web.network_drawing import read_kinds


class Release:
    """A built release; make one with :func:`open_release`. Nothing is read before it is asked for."""

    def __init__(
        self,
        path: Path,
        manifest: Manifest,
        store_url: str | None = None,
        limits: QueryLimits | None = None,
    ) -> None:
        self.path = path
        self.manifest = manifest
        self._store_url = store_url
        self._limits = limits

    def __repr__(self) -> str:
        return f"<Release {self.manifest.id} in {self.path}>"

    def _repr_html_(self) -> str:
        """What it is and holds, as Jupyter shows it."""
        shown = released_presentation(self.path)
        counts = [shown.counted(name, count, "en") for name, count in self.manifest.counts.items() if count]
        asked = " ".join(f"<code>{escape(one.name)}</code>" for one in self.questions)
        lines = (", ".join(map(escape, counts)), escape(self.citation), asked)
        title = escape(self.manifest.title.english)
        return f"<h3>{title}</h3>{''.join(f'<p>{one}</p>' for one in lines)}"

    @cached_property
    def store(self) -> EmbeddedStore:
        """The embedded store, read-only; any number of processes may open it."""
        return EmbeddedStore.read_only(self.path / STORE, self.manifest.base)

    @cached_property
    def _asked(self) -> Store:
        """The store that questions go to."""
        if self._store_url is None:
            return self.store
        return open_remote(self._store_url, base=self.manifest.base)

    @cached_property
    def _search_index(self) -> SearchIndex:
        return SearchIndex(self.path / INDEX)

    def search(self, text: str, *, limit: int = 10, language: str = "en") -> SearchResult:
        """What is called so, the best first, or has these words around it; errors of typing are forgiven.

        At most ``limit`` hits (up to 100), named in the language. Raises :class:`UsageError` for a text of
        more than 500 characters, and :class:`ReleaseError` for a release of an older version, which cannot
        be searched.
        """
        return self._search_index.search(text, limit, language)

    @cached_property
    def questions(self) -> tuple[NamedQuery, ...]:
        """The questions that the release carries, by name."""
        return load_queries(self.path / QUESTIONS)

    def question(
        self, name: str, *, limit: int | None = None, **parameters: Value | Sequence[Value]
    ) -> Result:
        """The answer to a saved question.

        Entities are named by key (``organisation="htw-dresden"``) or whole IRI; a parameter left out keeps
        the example of the question. ``limit`` is the greatest number of rows; an answer that was cut says
        so. Raises :class:`UsageError` for an unknown question, parameter or entity.
        """
        if self._limits is not None and self._store_url is None:
            given = (self.path, self.manifest.base, name, parameters, limit)
            return run_isolated(self._limits, answer_question_within, *given)
        return answer_question(self._asked, self.questions, self.manifest.base, name, parameters, limit)

    def sparql(self, query: str, *, limit: int | None = None) -> Result:
        """The answer to a SPARQL query over the union of the named graphs, which has each triple once.

        Relative IRIs of a query without BASE are resolved against the base of the release.
        """
        if self._limits is not None and self._store_url is None:
            return run_isolated(
                self._limits, answer_sparql_within, self.path, self.manifest.base, query, limit
            )
        return run_text(self._asked, query, limit)

    def graph(self) -> rdflib.Dataset:
        """The whole graph as an rdflib dataset whose default graph is the union of the named graphs."""
        dataset = rdflib.Dataset(default_union=True)
        with gzip.open(self.path / "data" / "graph.nq.gz", "rt", encoding="utf-8") as stream:
            dataset.parse(stream, format="nquads")
        return dataset

    def network(
        self,
        view: View = "undertakings",
        *,
        alliance: str | Sequence[str] = (),
        years: str | int | tuple[int, int] | None = None,
        about: str = "",
    ) -> nx.Graph:
        """The cooperation network, or a part of it.

        ``undertakings`` has partners and undertakings as nodes (bipartite), as
        :func:`transfergraph.network.model.network_graph.build_network` describes, and each participation
        has its ``cells`` in the input; ``partners`` ties partners directly, as
        :func:`transfergraph.network.model.projection.project_partners` and
        :func:`transfergraph.network.model.measures.add_measures` do.
        ``alliance`` keeps what belongs to one or some alliances, by key, IRI or name; ``years``
        (``"2018-2023"``, ``2020``) what is known to run, or may have run, in these; ``about`` what there is
        around one organisation, undertaking, region, programme or topic, by key, IRI or name.
        Raises :class:`UsageError` for an unknown view, alliance or subject and for years that are none.
        """
        request = make_selection(view, alliance, years, about)
        network = select_part(
            build_network(self._asked, self.manifest.languages, self._classes), request, self.manifest.base
        )
        network.graph["kinds"] = list(read_kinds(self.path)) or network.graph["kinds"]  # as on its page
        add_cells(network, self.path / CELLS, self.manifest.base)
        if request.view == "undertakings":
            return network
        partners = project_partners(network, self.manifest.consortium)
        add_measures(partners)
        return partners

    @cached_property
    def _rows(self) -> PublishedRows:
        return PublishedRows(self.path, self.manifest.base)

    def why(self, thing: str, property: str | None = None) -> tuple[StatedTriple, ...]:
        """What the tables state of a thing, each statement with file, row, columns and sources.

        ``thing`` is a key (``"recomine"``) or IRI; ``property`` is an IRI, a name with prefix
        (``"tg:start"``) or without, or a column. A statement that several rows make is there with each. What
        rules derive, and the ontology, stands in no cell. Raises :class:`UsageError` for what no row states.
        """
        return self._rows.why(thing, property)

    @cached_property
    def _classes(self) -> NodeClasses:
        return node_classes(released_presentation(self.path))

    @cached_property
    def layout(self) -> Layout:
        """Where the release draws each partner and undertaking; empty when it keeps no layout."""
        return read_layout(self.path / EXPLORER / LAYOUT) or Layout({}, (), {}, None)

    def figure(
        self,
        *,
        alliance: str | Sequence[str] = (),
        years: str | int | tuple[int, int] | None = None,
    ) -> Figure:
        """The page of a part of the network, which Jupyter shows; parameters as for :meth:`network`."""
        network = self.network(alliance=alliance, years=years)
        limit = self.manifest.consortium
        return Figure(page_of(network, self.layout, self.coverage, self.about, limit))

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """How many partners the sources speak of, and how many are named here."""
        return read_coverage(self._asked, self.manifest.languages, self._classes)

    @property
    def about(self) -> NetworkMetadata:
        """What pages and pictures of the release say of it."""
        manifest = self.manifest
        return NetworkMetadata(
            manifest.title,
            manifest.base,
            manifest.licence,
            (Text.same(self.citation),),
            issued=manifest.created.isoformat(),
            citation=self.citation,
            ground=read_ground(self.path / EXPLORER / GROUND),
        )

    def report(self) -> Report:
        """What was found when the release was built."""
        return report_from_json((self.path / REPORT).read_text(encoding="utf-8"))

    def verify(self) -> list[Text]:
        """One sentence for each file that is missing or damaged; see :func:`transfergraph.release.verify`."""
        return verify(self.path)

    @property
    def citation(self) -> str:
        """How to cite the release, in one line."""
        return self.manifest.citation


def open_release(path: str | Path, store: str | None = None, limits: QueryLimits | None = None) -> Release:
    """Open a release: its folder, or the output folder of builds, of which the current one is taken.

    ``store`` is the URL of a SPARQL server that holds the graph; questions, queries and the network then
    ask it. With ``limits`` each question and query to the release's own store runs in a process of its own
    (half a second more) and raises :class:`QueryStopped` when it takes too much or breaks the engine, which
    without them ends the caller's process, too. Raises :class:`ReleaseError` when there is no release.
    """
    folder = release_folder(path)
    return Release(folder, read_manifest(folder), store, limits)
