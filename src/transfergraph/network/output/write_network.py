"""The network of a release, written into its folder: page, data for pages and tools, layout, cells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import networkx as nx

from transfergraph.common.namespaces import source_graph
from transfergraph.config.workspace import Workspace
from transfergraph.network.layout.network_layout import lay_out, layout_json, read_layout
from transfergraph.network.layout.stable_layout import lay_out_stably
from transfergraph.network.model.boundaries import Boundaries
from transfergraph.network.model.data_sources import DataSources, read_data_sources
from transfergraph.network.model.evidence import CELLS, add_cells, cells_sql
from transfergraph.network.model.network_graph import build_network
from transfergraph.network.model.node_classes import node_classes
from transfergraph.network.model.partner_completeness import read_coverage
from transfergraph.network.model.projection import tying_limit
from transfergraph.network.model.subnetworks import find_core
from transfergraph.network.output.analysis import ALONE, NetworkMetadata, NetworkSite, analyse
from transfergraph.network.output.explorer_json import READABLE, explorer_files
from transfergraph.network.output.explorer_page import LISTED, complete_list, network_page
from transfergraph.network.output.graph_files import network_json
from transfergraph.network.output.map_ground import ground_of
from transfergraph.network.output.release_ground import GROUND, ground_text
from transfergraph.store import Store
from transfergraph.tables.load import Tables
from transfergraph.vocabulary.presentation_reader import read_presentation

NETWORK_PAGE = "network.html"
EXPLORER = "network"
"""The folder of a release for :func:`transfergraph.network.output.explorer_json.explorer_files`."""
LAYOUT = "layout.json"
"""The file of that folder from which the next release starts."""

_MOST_PARTICIPATIONS = 100_000
_MOST_NODES = 60_000
_JOINED_CORE = 6_000
"""Nodes of the core where tables kept by hand are joined with others: circles around what they state."""


def write_network(
    folder: Path,
    workspace: Workspace,
    tables: Tables,
    store: Store,
    previous: Path | None,
    site: NetworkSite = ALONE,
    citation: str = "",
    boundaries: Boundaries | None = None,
) -> None:
    """Write the files of the network into the folder of a release; ``previous`` is the release before.

    ``site`` is that on which they will be shown, ``citation`` how the release is cited, ``boundaries`` are
    the outlines for its maps, where they are not only those of the package.
    Of a network with more than 100,000 participations only the most connected core is laid out and measured,
    and with it what tables kept by hand state, where there are other sources beside these.
    """
    settings = workspace.settings
    tables.write_csv(cells_sql(tables), folder / CELLS)
    huge = tables.count("participations") > _MOST_PARTICIPATIONS
    classes = node_classes(read_presentation(workspace.declarations))
    by_hand = _kept_by_hand(workspace)
    most = (_JOINED_CORE if by_hand else READABLE) if huge else _MOST_NODES
    network = build_network(store, settings.languages, classes, find_core(tables, classes, most, by_hand))
    add_cells(network, folder / CELLS, settings.base)
    credits = tuple(source.attribution for source in workspace.sources)
    issued = settings.issued.isoformat()
    about = NetworkMetadata(settings.title, settings.base, settings.licence, credits, site, issued, citation)
    coverage = read_coverage(store, settings.languages, classes)
    limit = tying_limit(network, settings.limits.consortium)
    before = None if previous is None else read_layout(previous / EXPLORER / LAYOUT)
    analysis = analyse(network, lay_out_stably(network, before), coverage, about, limit)
    ground = ground_of(network, boundaries)
    analysis = replace(
        analysis, about=replace(about, ground=ground), sources=_data_sources(workspace, network, store)
    )
    (folder / EXPLORER).mkdir()
    (folder / EXPLORER / GROUND).write_text(ground_text(ground), encoding="utf-8")
    (folder / EXPLORER / LAYOUT).write_text(layout_json(analysis.layout), encoding="utf-8")
    for name, text in explorer_files(analysis):
        (folder / EXPLORER / name).write_text(text, encoding="utf-8")
    drawn = network
    if len(network) > READABLE:
        drawn = build_network(
            store, settings.languages, classes, find_core(tables, classes, READABLE, by_hand)
        )
        drawn.graph["kinds"] = network.graph["kinds"]  # a kind has one symbol on the page and in pictures
    layout = analysis.layout if drawn is network else lay_out(drawn)
    (folder / NETWORK_PAGE).write_text(network_page(analysis), encoding="utf-8")
    if len(network) > LISTED:
        for name, html in complete_list(analysis):
            (folder / EXPLORER / name).write_text(html, encoding="utf-8")
    (folder / "network.json").write_text(network_json(drawn, layout), encoding="utf-8")


def _data_sources(workspace: Workspace, network: nx.Graph, store: Store) -> DataSources | None:
    """Which source states what, where there are several."""
    if len(workspace.sources) < 2:
        return None
    base = workspace.settings.base
    titles = {source_graph(base, one.name): one.title for one in workspace.sources}
    own = [source_graph(base, name) for name in _kept_by_hand(workspace)]
    return read_data_sources(network, store, titles, own)


def _kept_by_hand(workspace: Workspace) -> list[str]:
    """The sources whose tables are kept by hand, where there are others."""
    own = [one.name for one in workspace.sources if not (one.raw or one.reference)]
    return own if len(own) < len(workspace.sources) else []
