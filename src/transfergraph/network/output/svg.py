"""The still picture as SVG 1.1, and as PNG where resvg is installed (the extra ``picture``)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module, resources
from importlib.util import find_spec
from xml.sax.saxutils import escape, quoteattr

from transfergraph.errors import MissingExtra
from transfergraph.messages import explained
from transfergraph.network.output.picture import (
    INK,
    PALETTE,
    QUIET,
    SHAPES,
    Picture,
    PictureLabel,
    PictureShape,
    Symbol,
)

FONT = "DejaVuSansCondensed.ttf"
_FAMILY = "DejaVu Sans Condensed, DejaVu Sans, Liberation Sans, Arial, sans-serif"
_HEAD, _FOOT = 64, 40
_KEY_WIDTH, _KEY_HEIGHT = 330, 24
_LONGEST = 4_000  # pixels of a PNG's longer side


def svg(picture: Picture, title: str, note: str, language: str) -> str:
    """The picture with its title, legend and a note (where the data is from) as one SVG document."""
    return _document(picture, title, language, note, head=_HEAD, foot=_FOOT)


def bare_svg(picture: Picture, title: str, language: str) -> str:
    """The picture and its legend, for a page that has title and note itself."""
    return _document(picture, title, language, "", head=0, foot=0)


def _document(picture: Picture, title: str, language: str, note: str, head: int, foot: int) -> str:
    width = max(picture.width, 2 * _KEY_WIDTH)
    columns = max(1, width // _KEY_WIDTH)
    rows = -(-len(picture.legend) // columns)
    height = head + picture.height + rows * _KEY_HEIGHT + foot
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" lang="{language}" font-family="{_FAMILY}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(note)}</desc>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *([_label(PictureLabel(20, 38, title, 24, INK))] if head else ()),
        f'<g transform="translate({(width - picture.width) // 2} {head})">',
        *(_shape(circle) for circle in picture.circles),
        *(
            f'<line x1="{one.begin[0]}" y1="{one.begin[1]}" x2="{one.end[0]}" y2="{one.end[1]}" '
            f'stroke="{one.colour}" stroke-width="{one.width}" stroke-opacity="0.7"/>'
            for one in picture.lines
        ),
        *(_shape(symbol) for symbol in picture.symbols),
        *(_label(label) for label in picture.labels),
        "</g>",
        *_legend(picture.legend, columns, head + picture.height + 14, language),
        *([_label(PictureLabel(20, height - 14, note, 12, QUIET))] if foot else ()),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _shape(shape: PictureShape) -> str:
    paint = f'fill="{shape.fill}" stroke="{shape.outline}"'
    if shape.radius:
        x, y = shape.points[0]
        return f'<circle cx="{x}" cy="{y}" r="{shape.radius}" {paint}/>'
    points = " ".join(f"{x},{y}" for x, y in shape.points)
    return f'<polygon points="{points}" {paint}/>'


def _label(label: PictureLabel) -> str:
    """A text in the direction of its script (``unicode-bidi``)."""
    return (
        f'<text x="{label.x}" y="{label.y}" font-size="{label.size}" fill={quoteattr(label.colour)} '
        f'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" '
        f'unicode-bidi="plaintext">{escape(label.text)}</text>'
    )


def _legend(symbols: tuple[Symbol, ...], columns: int, top: int, language: str) -> Iterator[str]:
    for number, symbol in enumerate(symbols):
        x = 24 + (number % columns) * _KEY_WIDTH
        y = top + (number // columns) * _KEY_HEIGHT
        fill, outline = PALETTE[symbol.colour]
        corners = tuple((round(x + 8 * a, 1), round(y + 8 * b, 1)) for a, b in SHAPES[symbol.shape])
        yield _shape(PictureShape(corners or ((x, y),), 0 if corners else 8, fill, outline))
        key = f"{symbol.label.in_language(language)} ({symbol.count})"
        yield _label(PictureLabel(x + 16, y + 5, key, 13, INK))


def font_folder() -> str:
    """The path of the folder of fonts that reports are set in."""
    return str(resources.files("transfergraph.network").joinpath("fonts"))


def font_file() -> str:
    """The path of the font that pictures and reports are set in, the same on every machine."""
    return str(resources.files("transfergraph.network").joinpath("fonts", FONT))


def png(document: str, width: int, height: int) -> bytes:
    """An SVG document of that size as PNG, twice as large in pixels but no side longer than 4,000.

    Raises :class:`UsageError` where the extra ``picture`` is not installed.
    """
    if find_spec("resvg_py") is None:
        raise MissingExtra(explained("error.extra.picture"))
    made: object = import_module("resvg_py").svg_to_bytes(
        svg_string=document,
        skip_system_fonts=True,
        font_files=[font_file()],
        font_family="DejaVu Sans Condensed",
        sans_serif_family="DejaVu Sans Condensed",
        zoom=min(2.0, _LONGEST / max(width, height, 1)),
    )
    return bytes(made) if isinstance(made, bytes | bytearray | list) else b""
