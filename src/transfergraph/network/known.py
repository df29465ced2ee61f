"""How much of each alliance is known, in the words of the legend."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from transfergraph.findings import Text
from transfergraph.messages import both, text
from transfergraph.network.addresses import web_address
from transfergraph.network.coverage import Coverage, Size
from transfergraph.network.listing import Reference, anchor


@dataclass(frozen=True, slots=True)
class Known:
    """What the legend says of one undertaking; ``share`` of ``largest`` is drawn as a bar."""

    undertaking: Reference
    named: Text
    largest: int
    share: int
    sizes: tuple[Reference, ...]


def known(coverage: Coverage, base: str, network: nx.Graph) -> Known:
    """The coverage of one undertaking; it becomes a link where the network holds it."""
    largest = max((size.value for size in coverage.sizes), default=0)
    target = "#" + anchor(coverage.undertaking, base) if coverage.undertaking in network else ""
    return Known(
        Reference(coverage.label, target),
        both("network.coverage.named", count=coverage.named),
        largest,
        min(coverage.named, largest),
        tuple(Reference(_sentence(size), web_address(size.url)) for size in coverage.sizes),
    )


def _sentence(size: Size) -> Text:
    def in_language(language: str) -> str:
        qualifier = size.qualifier.in_language(language)
        stated = text("network.coverage.size", language, qualifier=qualifier, value=size.value)
        as_of = text("network.coverage.as-of", language, date=size.as_of) if size.as_of else ""
        return f"{stated}, {as_of}" if as_of else stated

    return Text(in_language("de"), in_language("en"))
