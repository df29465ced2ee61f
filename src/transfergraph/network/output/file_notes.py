"""What an exported file says of itself, so that it stands alone: title, release, licence and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.displayed_values import web_address
from transfergraph.network.model.sentences import say, words_of

_NAMED = 8  # sources in a picture


@dataclass(frozen=True, slots=True)
class FileNotes:
    """The notes of a file in its language.

    ``issued`` is the day of the release (ISO 8601); ``sources`` are those on which what is in the file rests,
    each with its address or an empty text, those of most records first.
    """

    title: str = ""
    issued: str = ""
    citation: str = ""
    licence: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def values(self) -> dict[str, str]:
        """The notes by name, for formats with a place for such; without those that are empty."""
        sources = "; ".join(f"{name} <{address}>" if address else name for name, address in self.sources)
        found = {
            "title": self.title,
            "issued": self.issued,
            "citation": self.citation,
            "licence": self.licence,
            "sources": sources,
        }
        return {name: value for name, value in found.items() if value}

    def lines(self, language: str) -> Iterator[str]:
        """The notes in words, for the foot of a picture: sources, date and licence, citation."""
        if self.sources:
            names = [name for name, _ in self.sources[:_NAMED]]
            more = len(self.sources) - len(names)
            listed = say("network.file.sources", language, names="; ".join(names))
            yield listed + (say("network.file.more-sources", language, count=more) if more else "")
        if self.issued and self.licence:
            yield say("network.file.issued", language, date=self.issued, licence=self.licence)
        if self.citation:
            yield say("network.file.citation", language, citation=self.citation)


def sources_of(network: nx.Graph, language: str) -> tuple[tuple[str, str], ...]:
    """The names and addresses of all sources of a network's nodes and edges, those of most records first."""
    count: Counter[str] = Counter()
    for *_, sources in (*network.nodes(data="sources"), *network.edges(data="sources")):
        count.update(sources or ())
    known = network.graph["sources"]
    ranked = sorted((one for one in count if one in known), key=lambda source: (-count[source], source))
    return tuple(
        (words_of(network, known[one]).in_language(language), web_address(known[one]["url"]))
        for one in ranked
    )
