"""Phrases as HTML. Everything that comes from data is escaped here; the templates escape the rest."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from transfergraph.messages import text
from transfergraph.web.phrases import Moment, Phrase, Piece


def piece(one: Piece, language: str) -> Markup:
    """A text, a date, or a name in isolation (``bdi``), so that its direction does not spill over."""
    if isinstance(one, str):
        return escape(one)
    if isinstance(one, Moment):
        return Markup(f'<time datetime="{escape(one.edtf)}">{escape(one.text)}</time>')
    foreign = f' lang="{escape(one.language)}"' if one.language else ""
    name = f"<bdi{foreign}>{escape(one.text)}</bdi>"
    if not one.href:
        return Markup(name)
    if not one.external:
        return Markup(f'<a href="{escape(one.href)}">{name}</a>')
    leads_out = f'<span class="unseen"> ({escape(text("page.external", language))})</span>'
    return Markup(f'<a href="{escape(one.href)}" class="external" rel="noreferrer">{name}{leads_out}</a>')


def phrase(pieces: Phrase, language: str) -> Markup:
    """A phrase, piece by piece."""
    return Markup("".join(piece(one, language) for one in pieces))


def lines(phrases: Sequence[Phrase], language: str) -> Markup:
    """Several phrases, one below the other."""
    if len(phrases) == 1:
        return phrase(phrases[0], language)
    return Markup(" ".join(f'<span class="line">{phrase(one, language)}</span>' for one in phrases))


def numbers(sources: Sequence[int], language: str) -> Markup:
    """The numbers of sources, leading to the list of them."""
    word = escape(text("page.source", language))
    marks = (
        f'<a class="source" href="#source-{number}"><span class="unseen">{word} </span>{number}</a>'
        for number in sources
    )
    return Markup('<span class="unseen">, </span>'.join(marks))
