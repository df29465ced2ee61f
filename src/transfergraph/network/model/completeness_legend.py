"""How much of each alliance is known, in the words of the legend."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.messages import both, text
from transfergraph.network.model.partner_completeness import Coverage, Size
from transfergraph.network.model.web_links import web_address
from transfergraph.network.output.network_lists import ListReference, anchor


@dataclass(frozen=True, slots=True)
class PartnerCount:
    """What the legend says of one undertaking; ``share`` of ``largest`` is drawn as a bar."""

    undertaking: ListReference
    named: Text
    largest: int
    share: int
    sizes: tuple[ListReference, ...]


def partner_count(coverage: Coverage, base: str, network: nx.Graph) -> PartnerCount:
    """The coverage of one undertaking; it becomes a link where the network holds it."""
    largest = max((size.value for size in coverage.sizes), default=0)
    target = "#" + anchor(coverage.undertaking, base) if coverage.undertaking in network else ""
    return PartnerCount(
        ListReference(coverage.label, target),
        both("network.coverage.named", count=coverage.named),
        largest,
        min(coverage.named, largest),
        tuple(ListReference(_sentence(size), web_address(size.url)) for size in coverage.sizes),
    )


def _sentence(size: Size) -> Text:
    def in_language(language: str) -> str:
        qualifier = size.qualifier.in_language(language)
        stated = text("network.coverage.size", language, qualifier=qualifier, value=size.value)
        as_of = text("network.coverage.as-of", language, date=size.as_of) if size.as_of else ""
        return f"{stated}, {as_of}" if as_of else stated

    return Text.made(in_language)
