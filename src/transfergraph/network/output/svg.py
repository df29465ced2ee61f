"""The still picture as SVG 1.1, and as PNG where resvg is installed (the extra ``picture``)."""

from __future__ import annotations

import re
import textwrap
import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from xml.sax.saxutils import escape, quoteattr

from transfergraph.common.displayed_values import visible, web_address
from transfergraph.errors import MissingExtra
from transfergraph.messages import explained
from transfergraph.network.output.file_notes import FileNotes
from transfergraph.network.output.picture import Picture, PictureLabel, PictureShape, Symbol
from transfergraph.network.output.shapes import INK, PALETTE, QUIET, SHAPES
from transfergraph.network.output.svg_font import font_file

_FAMILY = "DejaVu Sans Condensed, DejaVu Sans, Liberation Sans, Arial, sans-serif"
_MARGIN = 20
_TITLE, _NOTE = 24, 12  # pixels of letters
_TITLE_LINE, _NOTE_LINE = 30, 17  # pixels from one line to the next
_WIDTH_OF_A_LETTER = 0.55
_KEY_WIDTH, _KEY_HEIGHT = 330, 24
_LONGEST = 4_000  # pixels of a PNG's longer side
_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')
_IN_PNG = {"title": "Title", "citation": "Description", "licence": "Copyright", "sources": "Comment"}
"""Under which keyword of PNG (section 11.3.3.2) a note stands."""


def svg(picture: Picture, notes: FileNotes, language: str) -> str:
    """The picture with its title, legend, sources, date, licence and citation as one SVG document.

    The same stands in its ``metadata``, in the terms of Dublin Core.
    """
    width = _width(picture)
    title = _wrapped(visible(notes.title), width, _TITLE)
    foot = [part for line in notes.lines(language) for part in _wrapped(line, width, _NOTE)]
    return _document(picture, notes, language, title, foot)


def bare_svg(picture: Picture, title: str, language: str) -> str:
    """The picture and its legend, for a page that has title and notes itself."""
    return _document(picture, FileNotes(title), language, (), ())


def size_of(picture: Picture) -> tuple[int, int]:
    """Width and height of a picture with its legend below it."""
    width = _width(picture)
    return width, picture.height + _rows(picture, width) * _KEY_HEIGHT


def _width(picture: Picture) -> int:
    return max(picture.width, 2 * _KEY_WIDTH)


def _columns(width: int) -> int:
    return max(1, width // _KEY_WIDTH)


def _rows(picture: Picture, width: int) -> int:
    return -(-len(picture.legend) // _columns(width))


def _wrapped(line: str, width: int, letters: int) -> list[str]:
    """A text in lines that fit between the margins, broken within a word only where one alone is too long."""
    most = int((width - 2 * _MARGIN) / (letters * _WIDTH_OF_A_LETTER))
    return textwrap.wrap(line, most, break_on_hyphens=False)


def _document(
    picture: Picture, notes: FileNotes, language: str, title: Sequence[str], foot: Sequence[str]
) -> str:
    width = _width(picture)
    columns = _columns(width)
    head = _TITLE_LINE * len(title) + 34 if title else 0
    below = head + picture.height + _rows(picture, width) * _KEY_HEIGHT
    height = below + (_NOTE_LINE * len(foot) + 23 if foot else 0)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" lang="{language}" font-family="{_FAMILY}">',
        f"<title>{escape(notes.title)}</title>",
        f"<desc>{escape(' '.join(notes.lines(language)))}</desc>",
        *([_metadata(notes, language)] if title else ()),
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        *(
            _label(PictureLabel(_MARGIN, 38 + _TITLE_LINE * number, line, _TITLE, INK))
            for number, line in enumerate(title)
        ),
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
        *(
            _label(PictureLabel(_MARGIN, below + 26 + _NOTE_LINE * number, line, _NOTE, QUIET))
            for number, line in enumerate(foot)
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _metadata(notes: FileNotes, language: str) -> str:
    """The notes as RDF/XML about the document (SVG 1.1, section 21.2)."""
    licence = web_address(notes.licence)
    written = {
        "title": notes.title,
        "date": notes.issued,
        "source": "; ".join(name for name, _ in notes.sources),
        "rights": notes.licence,
        "bibliographicCitation": notes.citation,
        "language": language,
    }
    told = "".join(
        f"<dct:{name}>{escape(visible(value))}</dct:{name}>" for name, value in written.items() if value
    )
    if licence:
        told += f"<dct:license rdf:resource={quoteattr(licence)}/>"
    return (
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns:dct="http://purl.org/dc/terms/"><rdf:Description rdf:about="">{told}</rdf:Description>'
        "</rdf:RDF></metadata>"
    )


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


def png(document: str, notes: FileNotes) -> bytes:
    """An SVG document as PNG, twice as large in pixels but no side over 4,000, with the notes as texts.

    Raises :class:`UsageError` where the extra ``picture`` is not installed.
    """
    if find_spec("resvg_py") is None:
        raise MissingExtra(explained("error.extra.picture"))
    size = _SIZE.search(document)
    longer = max(map(int, size.groups())) if size else 1
    made: object = import_module("resvg_py").svg_to_bytes(
        svg_string=document,
        skip_system_fonts=True,
        font_files=[font_file()],
        font_family="DejaVu Sans Condensed",
        sans_serif_family="DejaVu Sans Condensed",
        zoom=min(2.0, _LONGEST / max(longer, 1)),
    )
    return _with_texts(bytes(made), notes) if isinstance(made, bytes | bytearray | list) else b""


def _with_texts(image: bytes, notes: FileNotes) -> bytes:
    """The PNG with the notes in chunks ``iTXt`` (section 11.3.3.4), which viewers show as its properties."""
    written = [(_IN_PNG[name], value) for name, value in notes.values().items() if name in _IN_PNG]
    chunks = b"".join(_chunk(keyword.encode() + b"\0\0\0\0\0" + value.encode()) for keyword, value in written)
    header = 8 + 12 + 13  # the signature, and the chunk IHDR
    return image[:header] + chunks + image[header:]


def _chunk(content: bytes) -> bytes:
    body = b"iTXt" + content
    return len(content).to_bytes(4, "big") + body + zlib.crc32(body).to_bytes(4, "big")
