"""The report about an alliance, organisation, region, programme or topic, as tagged PDF (PDF/UA-1).

Two pages that are complete in themselves, and where lists are longer an appendix with all of them. Set by
Typst with ``templates/report.typ`` (the extra ``report``). The same network gives the same bytes on one
machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module, resources
from importlib.util import find_spec
from typing import Any

from transfergraph.common.displayed_values import visible
from transfergraph.errors import MissingExtra
from transfergraph.messages import explained, text
from transfergraph.network.output.analysis import NetworkMetadata
from transfergraph.network.output.map_ground import ground_of
from transfergraph.network.output.picture import draw
from transfergraph.network.output.picture_labels import LABELS, LabelStyle
from transfergraph.network.output.place_map import draw_map
from transfergraph.network.output.release_ground import credit_words
from transfergraph.network.output.report_content import ReportSubject, ReportTable, report_content
from transfergraph.network.output.svg import bare_svg, size_of
from transfergraph.network.output.svg_font import font_file, font_folder

_ROWS = (14, 11, 8, 6, 4, 3)
"""Rows of each table on the first two pages: the first number with which these suffice."""

_PAGES = 2
_NAMES = 5  # one of so many sources and bridges for a row of the tables
_REPLACEMENT = "\ufffd"
_PICTURE_WIDTH, _PICTURE_HEIGHT = 174, 98  # millimetres, as in the template
_LETTERS = 2.4  # millimetres


def network_report(
    subject: ReportSubject, about: NetworkMetadata, citation: str, created: date, language: str
) -> bytes:
    """The report as PDF; ``created`` is the date that it bears.

    Raises :class:`UsageError` where the extra ``report`` is not installed.
    """
    if find_spec("typst") is None or find_spec("fontTools") is None:
        raise MissingExtra(explained("error.extra.report"))
    content = _content(subject, about, citation, language)
    at = datetime(created.year, created.month, created.day, tzinfo=UTC)
    rows = next((one for one in _ROWS[:-1] if _pages({**content, "rows": one}) <= _PAGES), _ROWS[-1])
    compiler = _compiler({**content, "rows": rows})
    return bytes(compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=at))


def _pages(content: Mapping[str, object]) -> int:
    """How many pages there are before the appendix."""
    return int(_compiler(content).query("<front-end>", field="value", one=True))


def _compiler(content: Mapping[str, object]) -> Any:
    typst = import_module("typst")
    template = resources.files("transfergraph.network").joinpath("templates", "report.typ")
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()])
    data = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return typst.Compiler(template.read_bytes(), font_paths=fonts, sys_inputs={"data": data})


def _content(
    subject: ReportSubject, about: NetworkMetadata, citation: str, language: str
) -> dict[str, object]:
    """What the template shows, in the words of the language and the characters of the font."""
    found = report_content(subject, language)
    drawn = draw(subject.part, subject.layout, language, _label_style(subject, language))
    picture = bare_svg(drawn, found.heading, language)
    shown: dict[str, object] = {
        "language": language,
        "title": about.title.in_language(language),
        "heading": found.heading,
        "subtitle": found.subtitle,
        "figures": [list(one) for one in found.figures],
        "sentences": list(found.sentences),
        "picture": {"svg": picture, "alt": found.picture_words, "caption": found.picture_caption},
        "map": None,
        "tables": [_table(one) for one in found.tables],
        "bridges": {"heading": text("report.bridges.heading", language), "lines": list(found.bridges)},
        "completeness": {
            "heading": text("report.completeness", language),
            "lines": list(found.completeness),
        },
        "sources": {
            "heading": text("network.sources", language),
            "lines": [list(one) for one in found.sources],
        },
        "citation": {"heading": text("report.citation", language), "text": citation},
        "appendix": text("report.appendix", language),
        "more": text("report.in-appendix", language),
        "page": text("report.page", language),
        "names": _NAMES,
    }
    ground = about.ground or ground_of(subject.whole)
    if found.places and ground is not None:
        caption = f"{found.map_caption} {credit_words(ground['credit'])}"
        map_svg = draw_map(found.places, found.nuts, found.map_words, ground)
        shown["map"] = {"svg": map_svg, "alt": found.map_words, "caption": caption}
    told: dict[str, object] = _printable(shown)
    return told


def _label_style(subject: ReportSubject, language: str) -> LabelStyle:
    """Labels that can be read on the page, and the room that there is beside the picture."""
    drawn = draw(subject.part, subject.layout, language)
    width, height = size_of(drawn)
    size = max(LABELS.size, round(height * _LETTERS / _PICTURE_HEIGHT))
    room = height * _PICTURE_WIDTH / _PICTURE_HEIGHT - width
    return LabelStyle(size, clear_of_lines=True, beside=max(0, int(room / 2)))


def _table(table: ReportTable) -> dict[str, object]:
    return {
        "heading": table.heading,
        "head": list(table.head),
        "rows": [list(row) for row in table.rows],
        "right": list(table.right_aligned),
    }


def _printable(value: Any) -> Any:
    """Texts without invisible characters, and with U+FFFD for those that the font lacks."""
    match value:
        case str():
            return "".join(_printable_characters(value))
        case list():
            return [_printable(one) for one in value]
        case dict():
            return {key: _printable(one) for key, one in value.items()}
    return value


def _printable_characters(value: str) -> Iterator[str]:
    known = _characters()
    for line in value.splitlines(keepends=True):
        for character in visible(line.rstrip("\r\n")):
            yield character if ord(character) in known else _REPLACEMENT
        if line.endswith("\n"):
            yield "\n"


@cache
def _characters() -> frozenset[int]:
    """The code points that the font has a glyph for."""
    font: Any = import_module("fontTools.ttLib").TTFont(font_file())
    with font:
        points: Sequence[int] = font.getBestCmap()
        return frozenset(points)
