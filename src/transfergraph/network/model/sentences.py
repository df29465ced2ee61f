"""Names, kinds and periods of the network as words and sentences, in full length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import networkx as nx

from transfergraph.common.displayed_values import visible
from transfergraph.common.text import LANGUAGES, Text
from transfergraph.messages import both, in_full, text


def say(key: str, language: str, /, **values: str | int) -> str:
    """A text of the catalogue with names in full length, unlike :func:`transfergraph.messages.text`."""
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


def period_words(start: str, end: str, language: str) -> str:
    """A period in words, empty when neither end is known."""
    start, end = (_moment(date, language) for date in (start, end))
    if start and end:
        return say("network.period", language, start=start, end=end)
    if start:
        return say("network.period.since", language, start=start)
    return say("network.period.until", language, end=end) if end else ""


def _moment(date: str, language: str) -> str:
    """A date as it is written, "about" it in words where it carries the sign of approximation of EDTF."""
    return say("network.date.about", language, date=date[:-1]) if date.endswith("~") else date


def period(start: str, end: str) -> Text | None:
    """A period in words; None when neither end is known."""
    if not start and not end:
        return None
    return Text.made(lambda language: period_words(start, end, language))


def kind_of(data: Mapping[str, str]) -> Text:
    """What a node is, in words: its kind, or else its class."""
    if data["kind"]:
        return Text.from_columns(data, "kind")
    return both(f"network.class.{data['class'].lower()}")
