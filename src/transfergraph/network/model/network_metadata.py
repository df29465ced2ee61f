"""What every page and report of a network says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.common.text import Text


@dataclass(frozen=True, slots=True)
class NetworkMetadata:
    """What the page says of itself: the workspace's title, base IRI and licence, and one line per source."""

    title: Text
    base: str
    licence: str
    credits: tuple[Text, ...]
