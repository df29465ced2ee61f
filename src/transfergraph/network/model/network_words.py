"""Sentences with names from the data in full length."""

from __future__ import annotations

from collections.abc import Sequence

import networkx as nx

from transfergraph.common.displayed_values import visible
from transfergraph.common.text import LANGUAGES, Text
from transfergraph.messages import in_full, text


def say(key: str, language: str, /, **values: str | int) -> str:
    """A text of the catalogue with names in full; :func:`~transfergraph.messages.text` shortens them."""
    told = {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
    return in_full(key, language, **told)


def join(names: Sequence[str], language: str) -> str:
    """Names as a list in a sentence."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {text('network.and', language)} {names[-1]}"


def name_of(network: nx.Graph, iri: str, language: str) -> str:
    """The label of a node or concept, or its IRI."""
    if iri in network:
        return str(network.nodes[iri]["label_" + language])
    return str(network.graph["names"].get(iri, Text.same(iri))[LANGUAGES.index(language)])


def begin(sentence: str) -> str:
    """The sentence with a capital letter and a full stop."""
    stop = "" if sentence.endswith((".", "!", "?")) else "."
    return f"{sentence[:1].upper()}{sentence[1:]}{stop}"
