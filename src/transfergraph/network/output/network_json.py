"""The network with its layout as JSON, for other tools and for later pages."""

from __future__ import annotations

import json

import networkx as nx

from transfergraph.network.layout.network_layout import Layout


def network_json(network: nx.Graph, layout: Layout) -> str:
    """The network in networkx's node-link form, with its layout, the same text for the same network.

    Each node has its attributes, the coordinates ``x`` and ``y`` and its ``community`` (the IRI of the node
    that the community is named after; empty for a node without neighbours). ``graph`` also has
    ``communities``, the circles in which they are drawn.
    """
    content = nx.node_link_data(network, edges="edges")
    for node in content["nodes"]:
        node["x"], node["y"] = layout.positions[node["id"]]
        node["community"] = layout.community.get(node["id"], "")
    content["graph"] = {
        **content["graph"],
        "communities": [
            {"name": circle.name, "x": circle.x, "y": circle.y, "radius": circle.radius}
            for circle in layout.communities
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
