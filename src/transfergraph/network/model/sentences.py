"""Names, kinds and periods of the network as words and sentences, in full length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import networkx as nx

from transfergraph.common.displayed_values import visible
from transfergraph.common.text import Text
from transfergraph.messages import Message, in_full, number, text
from transfergraph.network.model.partner_counts import NamedPartners


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
        return words_of(network, network.nodes[iri]).in_language(language)
    return concept_label(network, iri).in_language(language)


def words_of(network: nx.Graph, data: Mapping[str, str], name: str = "label") -> Text:
    """The label, or the ``kind`` or ``place``, of a node or source with these attributes."""
    return Text.from_columns(data, name, network.graph["languages"])


def concept_label(network: nx.Graph, iri: str) -> Text:
    """The label of a concept, or its IRI."""
    names = network.graph["names"].get(iri)
    return (
        Text.same(iri) if names is None else Text(dict(zip(network.graph["languages"], names, strict=True)))
    )


def begin(sentence: str) -> str:
    """The sentence with a capital letter and a full stop."""
    stop = "" if sentence.endswith((".", "!", "?")) else "."
    return f"{sentence[:1].upper()}{sentence[1:]}{stop}"


def amounts_of(data: Mapping[str, Any]) -> tuple[tuple[float, str], ...]:
    """The amounts in euro of a node or edge with these attributes, each with its qualifier."""
    return tuple(zip(data["amounts"], data["amount_qualifiers"], strict=True))


def amount_words(amounts: Iterable[tuple[float, str]], language: str) -> str:
    """Amounts in euro, each with its qualifier and its cents where it has some: a, b and c."""
    return join(
        [
            say(f"network.amount.{qualifier}", language, amount=euros(amount, language))
            for amount, qualifier in amounts
        ],
        language,
    )


def euros(amount: float, language: str) -> str:
    """An amount as the language writes it, with two decimals or none."""
    return number(Decimal(str(amount)), language, ".00/w")


def whole_words(amounts: Sequence[tuple[float, str]], basis: str, language: str) -> str:
    """What an undertaking gets as a whole, named as such, and whether that is a stated total or a sum."""
    return say(f"network.whole.{basis}", language, amounts=amount_words(amounts, language))


def named_words(named: NamedPartners, language: str) -> str:
    """How many partners are named: directly, and with projects and labs where these have others."""
    direct, count = len(named.direct), len(named.with_parts)
    key = "network.coverage.named" if direct == count else "network.coverage.named.parts"
    return say(key, language, direct=direct, count=count)


def period_words(start: str, end: str, language: str) -> str:
    """A period in words, empty when neither end is known."""
    words = period(start, end)
    return "" if words is None else words.in_language(language)


def period(start: str, end: str) -> Text | None:
    """A period in words; None when neither end is known."""
    if start and end:
        return Message(_say_dates, "network.period", {"start": start, "end": end})
    if start:
        return Message(_say_dates, "network.period.since", {"start": start})
    return Message(_say_dates, "network.period.until", {"end": end}) if end else None


def _say_dates(key: str, language: str, /, **dates: str) -> str:
    """Dates as they are written, "about" in words where one has the sign of approximation of EDTF."""
    return say(
        key,
        language,
        **{
            name: say("network.date.about", language, date=date[:-1]) if date.endswith("~") else date
            for name, date in dates.items()
        },
    )


def kind_of(network: nx.Graph, data: Mapping[str, str]) -> Text:
    """What a node with these attributes is, in words: its kind, or else its class."""
    if data["kind"]:
        return words_of(network, data, "kind")
    return words_of(network, network.graph["classes"][data["class"]])
