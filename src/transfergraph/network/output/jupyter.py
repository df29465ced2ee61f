"""The network page of a part of the network, and how Jupyter shows it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from transfergraph.network.layout.network_layout import Layout, lay_out
from transfergraph.network.model.network_metadata import NetworkMetadata
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import tying_limit
from transfergraph.network.output.analysis import analyse
from transfergraph.network.output.explorer_page import network_page


@dataclass(frozen=True, slots=True)
class Figure:
    """A self-contained page; Jupyter shows it in a frame that can run its scripts and nothing else."""

    page: str

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="allow-scripts" width="100%" height="640" '
            'style="border: 0" loading="lazy"></iframe>'
        )


def page_of(
    network: nx.Graph,
    layout: Layout,
    coverage: Sequence[Coverage],
    about: NetworkMetadata,
    consortium_limit: int,
) -> str:
    """The network page of a part of the network, with the stored layout where it holds all of the part."""
    told = tuple(one for one in coverage if one.undertaking in network)
    limit = tying_limit(network, consortium_limit)
    return network_page(analyse(network, part_of_layout(network, layout), told, about, limit))


def part_of_layout(network: nx.Graph, layout: Layout) -> Layout:
    """The stored layout of these nodes; one made for them where some have no place in it."""
    if any(node not in layout.positions for node in network):
        return lay_out(network)
    community = {node: name for node, name in layout.community.items() if node in network}
    drawn = set(community.values()).intersection(network)
    circles = tuple(circle for circle in layout.communities if circle.name in drawn)
    kept = {node: name for node, name in community.items() if name in drawn}
    positions = {node: layout.positions[node] for node in network}
    alone = [positions[node] for node in network if node not in kept]
    return Layout(positions, circles, kept, layout.unconnected if alone else None)
