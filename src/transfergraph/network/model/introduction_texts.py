"""Why two partners should meet, in words."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.network.model.introductions import Introduction
from transfergraph.network.model.network_words import begin, join, name_of, say

_NAMED = 3


def introduction_reason(partners: nx.Graph, introduction: Introduction) -> Text:
    """One sentence in both languages that says what the two have in common."""
    return Text.made(lambda language: _in_language(partners, introduction, language))


def _in_language(partners: nx.Graph, one: Introduction, language: str) -> str:
    said = []
    for name, iris in (
        ("network.introduction.neighbours", one.neighbours),
        ("network.introduction.alliances", () if one.neighbours else one.alliances),
        ("network.introduction.topics", one.topics),
        ("network.introduction.regions", one.regions),
        ("network.introduction.programmes", one.programmes),
    ):
        if iris:
            said.append(
                _part(
                    name,
                    [name_of(partners, iri, language) for iri in iris],
                    language,
                )
            )
    if not said:
        said = [say("network.introduction.broker", language)]
    return begin("; ".join(said))


def _part(key: str, names: Sequence[str], language: str) -> str:
    rest = len(names) - _NAMED
    if rest > 0:
        return say(f"{key}.more", language, names=", ".join(names[:_NAMED]), rest=rest)
    return say(key, language, names=join(names, language))
