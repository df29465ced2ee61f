"""Everything computed of a network once, for its pages, files and reports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.network.layout.communities import Community, name_communities
from transfergraph.network.layout.network_layout import Layout
from transfergraph.network.model.data_sources import DataSources
from transfergraph.network.model.introductions import Introductions, introduce
from transfergraph.network.model.measures import Measures, measure, significance
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import project_partners


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A page of the site around the network: its name, and its path from the network page by language.

    What is ``listed`` there is only on a site with pages about entities; what is ``asked`` is a form for a
    text.
    """

    label: Text
    paths: Mapping[str, str]
    listed: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class NetworkSite:
    """The site around the network: its navigation, the start page first; empty where the page stands alone.

    ``light`` and ``dark`` are colours by their names in the style sheet, where they are not the usual ones;
    ``logo`` is a ``data:`` address (RFC 2397), empty where there is none.
    """

    entries: tuple[SiteEntry, ...] = ()
    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)
    logo: str = ""


ALONE = NetworkSite()


@dataclass(frozen=True, slots=True)
class NetworkMetadata:
    """What the page says of itself: the workspace's title, base IRI and licence, and one line per source.

    ``site`` is that of which it is a page; ``issued`` the day of the release (ISO 8601), and ``citation`` how
    it is cited; both are empty for what is no release. ``ground`` is that of the maps of the release
    (:func:`transfergraph.network.output.map_ground.make_ground`); None where a network brings its own.
    """

    title: Text
    base: str
    licence: str
    credits: tuple[Text, ...]
    site: NetworkSite = ALONE
    issued: str = ""
    citation: str = ""
    ground: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """A network with all that is computed of it.

    ``network`` has partners and undertakings, ``partners`` only the partners, tied directly;
    ``significance`` is that of each tie by Newman's weight, ``sources`` are known of a release that has
    several.
    """

    network: nx.Graph
    partners: nx.Graph
    layout: Layout
    communities: tuple[Community, ...]
    measures: Measures
    significance: Mapping[tuple[str, str], float]
    introductions: Introductions
    coverage: tuple[Coverage, ...]
    about: NetworkMetadata
    sources: DataSources | None = None


def analyse(
    network: nx.Graph,
    layout: Layout,
    coverage: tuple[Coverage, ...],
    about: NetworkMetadata,
    consortium_limit: int,
) -> Analysis:
    """Compute ties, measures, communities and introductions; ``layout`` must hold every node."""
    partners = project_partners(network, consortium_limit)
    measures = measure(partners)
    return Analysis(
        network,
        partners,
        layout,
        name_communities(network, layout.community),
        measures,
        significance(partners),
        introduce(partners, {node: one.broker for node, one in measures.of.items()}),
        coverage,
        about,
    )
