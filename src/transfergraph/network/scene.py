"""Everything computed of a network once, for its pages, files and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.network.about import About
from transfergraph.network.backbone import significance
from transfergraph.network.coverage import Coverage
from transfergraph.network.introductions import Introductions, introduce
from transfergraph.network.layout import Layout
from transfergraph.network.measures import Measures, measure
from transfergraph.network.naming import Community, name_communities
from transfergraph.network.projection import project_partners


@dataclass(frozen=True, slots=True)
class Scene:
    """A network with all that is computed of it.

    ``network`` has partners and undertakings, ``partners`` only the partners, tied directly;
    ``significance`` is that of each tie by Newman's weight.
    """

    network: nx.Graph
    partners: nx.Graph
    layout: Layout
    communities: tuple[Community, ...]
    measures: Measures
    significance: Mapping[tuple[str, str], float]
    introductions: Introductions
    coverage: tuple[Coverage, ...]
    about: About


def make_scene(
    network: nx.Graph,
    layout: Layout,
    coverage: tuple[Coverage, ...],
    about: About,
    consortium_limit: int,
) -> Scene:
    """Compute ties, measures, communities and introductions; ``layout`` must hold every node."""
    partners = project_partners(network, consortium_limit)
    measures = measure(partners)
    return Scene(
        network,
        partners,
        layout,
        name_communities(network, layout),
        measures,
        significance(partners),
        introduce(partners, {node: one.broker for node, one in measures.of.items()}),
        coverage,
        about,
    )
