"""One page about an alliance as PDF: picture, numbers, the partners with most ties, and the sources.

Needs fpdf2 (the extra ``report``). The same network gives the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import networkx as nx

from transfergraph.common.displayed_values import shorten, visible
from transfergraph.errors import MissingExtra
from transfergraph.messages import explained, text
from transfergraph.network.layout.network_layout import Layout
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import alliances_of
from transfergraph.network.model.sentences import (
    amount_words,
    amounts_of,
    begin,
    euros,
    name_of,
    named_words,
    period_words,
    say,
    whole_words,
    words_of,
)
from transfergraph.network.model.stated_amounts import EXACTLY
from transfergraph.network.output.analysis import NetworkMetadata
from transfergraph.network.output.picture import Picture, PictureShape, Symbol, draw, label_of
from transfergraph.network.output.shapes import INK, PALETTE, QUIET, SHAPES
from transfergraph.network.output.svg_font import font_file

_LEFT, _WIDTH, _PAGE = 18, 174, 297  # millimetres
_PICTURE_TOP, _PICTURE_HEIGHT, _LEGEND_HEIGHT = 76, 100, 12
_SOURCES = 9
_NAMES = 5


@dataclass(frozen=True, slots=True)
class _Style:
    """The size of letters in points and their colour."""

    size: float
    colour: str


@dataclass(frozen=True, slots=True)
class _Box:
    """Where one line of text stands, in millimetres from the upper left corner of the page."""

    y: float
    x: float = _LEFT
    width: float = _WIDTH
    height: float = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """An alliance with its part of the network.

    ``whole`` is the network that the part was taken from, ``partners`` the projection of the part with its
    measures.
    """

    alliance: str
    whole: nx.Graph
    network: nx.Graph
    partners: nx.Graph
    layout: Layout
    coverage: Coverage


def alliance_report(
    subject: Subject, about: NetworkMetadata, citation: str, created: date, language: str
) -> bytes:
    """The page as PDF. Raises :class:`UsageError` where the extra ``report`` is not installed."""
    if find_spec("fpdf") is None:
        raise MissingExtra(explained("error.extra.report"))
    page = import_module("fpdf").FPDF(format="A4")
    page.set_creation_date(datetime(created.year, created.month, created.day, tzinfo=UTC))
    page.set_auto_page_break(False)
    page.set_margins(_LEFT, 14)
    page.add_font("DejaVu", fname=font_file())
    page.set_lang(language)
    name = name_of(subject.network, subject.alliance, language)
    page.set_title(name)
    page.set_author(about.title.in_language(language))
    page.add_page()
    _head(page, subject, about, name, language)
    _numbers(page, subject, language)
    picture = draw(subject.network, subject.layout, language)
    _picture(page, picture)
    _legend(page, picture.legend, language)
    _lower(page, subject, citation, language)
    return bytes(page.output())


def _head(page: Any, subject: Subject, about: NetworkMetadata, name: str, language: str) -> None:
    _write(page, visible(about.title.in_language(language)), _Style(9, QUIET), _Box(14))
    _write(page, shorten(visible(name), 60), _Style(20, INK), _Box(19, height=10))
    _write(page, _subtitle(subject, language), _Style(9, QUIET), _Box(30))


def _subtitle(subject: Subject, language: str) -> str:
    """Period, programme and regions, as far as they are known."""
    data = subject.network.nodes[subject.alliance]
    parts = [period_words(data["start"], data["end"], language)]
    concepts = [*data["programmes"], *data["regions"][:3]]
    parts += [name_of(subject.network, one, language) for one in concepts]
    return shorten(" · ".join(visible(one) for one in parts if one), 120)


def _numbers(page: Any, subject: Subject, language: str) -> None:
    """Five numbers side by side, and below them :func:`_summary`."""
    data = subject.network.nodes
    undertakings = sum(one["bipartite"] == 1 for _, one in data(data=True)) - 1
    named = subject.coverage.named
    counted = (
        (len(named.direct), "report.partners"),
        (len(named.with_parts), "report.partners.all"),
        (undertakings, "report.undertakings"),
        (subject.partners.number_of_edges(), "report.ties"),
        (len(_bridges(subject)), "report.bridges"),
    )
    figures = [(say("report.number", language, n=number), key) for number, key in counted]
    figures.append(_money(subject, language))
    column = _WIDTH / len(figures)
    for number, (shown, key) in enumerate(figures):
        x = _LEFT + number * column
        _write(page, shown, _Style(17 if len(shown) < 10 else 13, INK), _Box(40, x, column, 9))
        _write(page, text(key, language), _Style(7.5, QUIET), _Box(49, x, column))
    summary = " ".join(_summary(subject, language))
    _write_lines(page, shorten(summary, 420), _Style(9, INK), _Box(57, height=4.6))


def _money(subject: Subject, language: str) -> tuple[str, str]:
    """What is stated for the alliance as a whole, or how many amounts are, with the key of the unit."""
    stated = amounts_of(subject.network.nodes[subject.alliance])
    if not stated:
        return text("report.unknown", language), f"report.funding.{EXACTLY}"
    if len(stated) > 1:
        return say("report.number", language, n=len(stated)), "report.funding.several"
    ((amount, qualifier),) = stated
    return euros(amount, language), f"report.funding.{qualifier}"


def _amounts(subject: Subject, language: str) -> Iterator[str]:
    """What is stated for the alliance as a whole, and for its parts."""
    own = subject.network.nodes[subject.alliance]
    if own["amounts"]:
        yield begin(whole_words(amounts_of(own), own["amount_basis"], language))
    parts = []
    for node, data in subject.network.nodes(data=True):
        if node != subject.alliance and data["amounts"]:
            name, amounts = name_of(subject.network, node, language), amount_words(amounts_of(data), language)
            parts.append(say("report.funding.of-part", language, name=name, amounts=amounts))
    if parts:
        yield begin(say("report.funding.of-parts", language, amounts="; ".join(parts[:_NAMES])))


def _summary(subject: Subject, language: str) -> Iterator[str]:
    """Amounts, the stated number of partners, their kinds, and those who are also in other alliances."""
    yield from _amounts(subject, language)
    named = subject.coverage.named
    if subject.coverage.sizes:
        size = subject.coverage.sizes[0]
        qualifier = size.qualifier.in_language(language)
        words = named_words(named, language)
        yield begin(say("report.known", language, named=words, qualifier=qualifier.lower(), value=size.value))
    partners = (
        data for one, data in subject.partners.nodes(data=True) if data["kind"] and one in named.with_parts
    )
    kinds = Counter(words_of(subject.partners, one, "kind").in_language(language) for one in partners)
    parts = [f"{kind} ({count})" for kind, count in sorted(kinds.items(), key=lambda one: (-one[1], one[0]))]
    if parts:
        yield begin(say("report.kinds", language, kinds=", ".join(parts[:_NAMES])))
    others = [name_of(subject.whole, one, language) for one in _bridges(subject)]
    if others:
        yield begin(say("report.bridges.names", language, names=", ".join(others[:_NAMES])))


def _bridges(subject: Subject) -> list[str]:
    """The partners who also take part in another alliance, by the number of their ties."""
    alliance_of = alliances_of(subject.whole)
    own = {None, subject.alliance}
    found = (one for one in subject.partners if {alliance_of.get(u) for u in subject.whole[one]} - own)
    return sorted(found, key=lambda one: (-subject.partners.degree(one), one))


def _picture(page: Any, picture: Picture) -> None:
    """The picture, as large as its area of the page allows."""
    scale = min(_WIDTH / picture.width, _PICTURE_HEIGHT / picture.height)
    left = _LEFT + (_WIDTH - picture.width * scale) / 2

    def at(spot: Sequence[float]) -> tuple[float, float]:
        return round(left + spot[0] * scale, 3), round(_PICTURE_TOP + spot[1] * scale, 3)

    def shape(one: PictureShape, least: float) -> None:
        _set_colours(page, one.fill, one.outline)
        if one.radius:
            x, y = at(one.points[0])
            page.circle(x=x, y=y, radius=max(least, one.radius * scale), style="DF")
        else:
            page.polygon([at(point) for point in one.points], style="DF")

    for circle in picture.circles:
        shape(circle, 0)
    for line in picture.lines:
        page.set_draw_color(line.colour)
        page.set_line_width(max(0.1, line.width * scale))
        (x1, y1), (x2, y2) = at(line.begin), at(line.end)
        page.line(x1, y1, x2, y2)
    for symbol in picture.symbols:
        shape(symbol, 0.6)
    page.set_text_color(INK)
    for label in picture.labels:
        x, y = at((label.x, label.y))
        size = max(3.2, label.size * scale / 0.3528)
        _write(page, label.text, _Style(size, INK), _Box(y - size * 0.3, x, 0, size * 0.36))


def _set_colours(page: Any, fill: str, outline: str) -> None:
    page.set_fill_color(fill)
    page.set_draw_color(outline)
    page.set_line_width(0.15)


def _legend(page: Any, symbols: Sequence[Symbol], language: str) -> None:
    columns = 5
    for number, symbol in enumerate(symbols[: 2 * columns]):
        x = _LEFT + (number % columns) * _WIDTH / columns
        y = _PICTURE_TOP + _PICTURE_HEIGHT + 4 + (number // columns) * 5
        _set_colours(page, *PALETTE[symbol.colour])
        corners = SHAPES[symbol.shape]
        if corners:
            page.polygon([(x + 1.2 * (a + 1), y + 1.2 * b) for a, b in corners], style="DF")
        else:
            page.circle(x=x + 1.2, y=y, radius=1.2, style="DF")
        label = shorten(visible(symbol.label.in_language(language)), 24)
        _write(page, f"{label} ({symbol.count})", _Style(6.5, QUIET), _Box(y - 2, x + 3, _WIDTH / columns, 4))


def _lower(page: Any, subject: Subject, citation: str, language: str) -> None:
    top: float = _PICTURE_TOP + _PICTURE_HEIGHT + _LEGEND_HEIGHT + 3
    _write(page, text("report.partners.first", language), _Style(10, INK), _Box(top))
    column = _WIDTH / 2
    partners = subject.partners.nodes(data=True)
    ranked = sorted(subject.partners, key=lambda one: (-partners[one]["ties"], -partners[one]["broker"], one))
    for number, partner in enumerate(ranked[: 2 * _NAMES]):
        line = say(
            "report.partner",
            language,
            name=label_of(subject.partners, partner, language, 32),
            ties=partners[partner]["ties"],
            undertakings=partners[partner]["undertakings"],
        )
        x = _LEFT + (number // _NAMES) * column
        _write(page, line, _Style(7.5, INK), _Box(top + 6 + (number % _NAMES) * 4.4, x, column))
    top += 8 + _NAMES * 4.4
    _write(page, text("network.sources", language), _Style(10, INK), _Box(top))
    for number, line in enumerate(_sources(subject, language)):
        _write(page, line, _Style(7, QUIET), _Box(top + 6 + number * 4))
    _write_lines(page, shorten(visible(citation), 400), _Style(7, QUIET), _Box(_PAGE - 20, height=3.6))


def _sources(subject: Subject, language: str) -> list[str]:
    """The sources that most records rest on, and how many others there are."""
    records: list[Iterable[str]] = [sources for _, sources in subject.network.nodes(data="sources")]
    records += [data.get("sources", ()) for _, _, data in subject.network.edges(data=True)]
    cited = Counter(source for sources in records for source in sources)
    ranked = sorted(cited, key=lambda one: (-cited[one], one))
    lines = []
    for data in (subject.network.graph["sources"][source] for source in ranked[:_SOURCES]):
        label, url = words_of(subject.network, data).in_language(language), data["url"]
        lines.append(shorten(visible(f"{label}, {url}" if url else label), 130))
    rest = len(ranked) - _SOURCES
    return [*lines, text("report.sources.more", language, count=rest)] if rest > 0 else lines


def _start(page: Any, style: _Style, box: _Box) -> None:
    page.set_font("DejaVu", size=style.size)
    page.set_text_color(style.colour)
    page.set_xy(box.x, box.y)


def _write(page: Any, line: str, style: _Style, box: _Box) -> None:
    _start(page, style, box)
    page.cell(box.width or None, box.height, line)


def _write_lines(page: Any, paragraph: str, style: _Style, box: _Box) -> None:
    """A paragraph in as many lines as it takes, each as high as the box."""
    _start(page, style, box)
    page.multi_cell(box.width, box.height, paragraph, align="L")
