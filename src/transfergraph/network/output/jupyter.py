"""The network page of a part of the network, and how Jupyter shows it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import networkx as nx

from transfergraph.network.layout.network_layout import Layout, part_of_layout
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import tying_limit
from transfergraph.network.output.analysis import NetworkMetadata, analyse
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
    within = tuple(one for one in coverage if one.undertaking in network)
    limit = tying_limit(network, consortium_limit)
    return network_page(analyse(network, part_of_layout(network, layout), within, about, limit))
