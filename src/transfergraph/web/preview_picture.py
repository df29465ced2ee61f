"""The picture of an entity for other websites, as PNG: beside links to it (Open Graph, ``og:image``), and in
newsletters, where it is shown half as large.

It has the name, the kind and the surroundings of the entity with as many names as there is room for, what the
symbols mean, and whose it is, from when, under which licence; in light colours. Pillow draws it; the same
installation makes the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from transfergraph.common.displayed_values import visible
from transfergraph.network.output.shapes import INK, LINE, PALETTE, QUIET, OccupiedArea, Polygon
from transfergraph.network.output.svg_font import font_file
from transfergraph.web import surroundings as drawing
from transfergraph.web.phrases import cut, cut_words
from transfergraph.web.surroundings import KEY_SHAPE, DrawnKey, SurroundingsPicture

if TYPE_CHECKING:  # Pillow takes memory, and most servers never draw
    from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
"""Pixels; the ratio is the one that Open Graph asks for."""

_MARGIN, _TOP = 56, 44
_BAR = 16  # pixels of the coloured edge
_NAME, _TEXT, _LABEL = 52, 27, 24  # pixels of letters
_LINES = 2  # of a name
_EDGE = 20.0  # pixels beside labels
_LONGEST = 34  # characters of a label, which ends between words
_ACCENT, _BACKGROUND = "#0b5394", "#16324f"
_FOOT = SIZE[1] - 52
_SHADES = {
    INK: 16,
    QUIET: 12,
    LINE: 4,
}  # how many the edges of what is written, and of lines, have towards white
_FEW = 5  # shades of the colours of symbols, over which the white edges of labels lie


def preview_png(name: str, kind: str, foot: str, picture: SurroundingsPicture | None) -> bytes:
    """The picture of an entity with this name; the foot says where it is from."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, "#ffffff")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], _BAR), fill=_ACCENT)
    y = _TOP
    if kind:
        pen.text((_MARGIN, y), cut(visible(kind), 80), font=_font(_TEXT), fill=QUIET)
        y += _TEXT + 10
    for line in _wrapped(pen, visible(cut(name, 160))):
        pen.text((_MARGIN, y), line, font=_font(_NAME), fill=INK)
        y += _NAME + 8
    if picture is not None:
        _draw(pen, picture, y + 8)
        _draw_keys(pen, picture.keys)
    pen.text((_MARGIN, _FOOT), cut(visible(foot), 90), font=_font(_TEXT), fill=QUIET)
    made = io.BytesIO()
    few = image.quantize(palette=_palette(), dither=Image.Dither.NONE)
    few.save(made, "PNG", compress_level=6)
    return made.getvalue()


@lru_cache(1)
def _palette() -> Image.Image:
    """An image with the colours that are drawn, and their shades towards white.

    To find the best for each picture took a third of the time of drawing it.
    """
    from PIL import Image, ImageColor

    symbols = dict.fromkeys(colour for pair in PALETTE.values() for colour in pair)
    shades = {_ACCENT: 1, **dict.fromkeys(symbols, _FEW), **_SHADES}
    colours = [
        tuple(round(255 - (255 - part) * share / count) for part in ImageColor.getrgb(colour)[:3])
        for colour, count in shades.items()
        for share in range(1, count + 1)
    ]
    image = Image.new("P", (1, 1))
    image.putpalette([part for colour in dict.fromkeys([*colours, (255, 255, 255)]) for part in colour])
    return image


@lru_cache(1)
def favicon() -> bytes:
    """The icon of the site, a small network: ICO with 16, 32 and 48 pixels."""
    from PIL import Image, ImageDraw

    side = 192  # drawn larger, and made smaller with smooth edges
    image = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius=36, fill=_BACKGROUND)
    middle, around = (96, 100), ((44, 48), (150, 56), (140, 150), (50, 146))
    for point in around:
        pen.line((*middle, *point), fill="#ffffff", width=12)
    for (x, y), radius in ((middle, 28), *((point, 20) for point in around)):
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill="#ffffff")
    made = io.BytesIO()
    image.save(made, "ICO", sizes=[(16, 16), (32, 32), (48, 48)])
    return made.getvalue()


@lru_cache(8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(font_file(), size)


def _wrapped(pen: ImageDraw.ImageDraw, name: str) -> Iterator[str]:
    """The name in lines that fit, the last one cut."""
    room, lines, line = SIZE[0] - 2 * _MARGIN, 0, ""
    words = name.split(" ")
    for place, word in enumerate(words):
        longer = f"{line} {word}".strip()
        if line and pen.textlength(longer, font=_font(_NAME)) > room:
            lines += 1
            if lines == _LINES:
                yield _shortened(pen, f"{line} {' '.join(words[place:])}", room)
                return
            yield line
            longer = word
        line = longer
    yield _shortened(pen, line, room)


def _shortened(pen: ImageDraw.ImageDraw, line: str, room: int) -> str:
    while len(line) > 1 and pen.textlength(line, font=_font(_NAME)) > room:
        line = line[: max(1, int(len(line) * 0.9)) - 1].rstrip("… ") + "…"
    return line


def _draw(pen: ImageDraw.ImageDraw, picture: SurroundingsPicture, top: int) -> None:
    """The surroundings below the name, as large as there is room, with labels that cover nothing."""
    room = _FOOT - _TEXT - 30 - top
    scale = min(room / drawing.HEIGHT, (SIZE[0] - 2 * _MARGIN) / drawing.WIDTH)
    left = (SIZE[0] - drawing.WIDTH * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * scale, top + y * scale

    for begin, end in picture.ties:
        pen.line((*at(*begin), *at(*end)), fill=LINE, width=2)
    occupied = OccupiedArea()
    sizes = [one.radius * max(scale, 1.2) for one in picture.things]
    for one, size in zip(picture.things, sizes, strict=True):
        (x, y), span = at(one.x, one.y), size + 2
        occupied.add((x - span, y - span, x + span, y + span))
    for one, size in reversed([*zip(picture.things, sizes, strict=True)]):
        corners = _corners(one.points, one.x, one.y, one.radius)
        _draw_mark(pen, one.colour, corners, at(one.x, one.y), size)
    limits = (_EDGE, float(top), SIZE[0] - _EDGE, float(_FOOT - _TEXT - 22))
    for one, size in [*zip(picture.things, sizes, strict=True)][1:]:
        _draw_label(pen, visible(one.ref.text), at(one.x, one.y), size, occupied, limits)


def _draw_mark(
    pen: ImageDraw.ImageDraw, colour: str, corners: Polygon, at: tuple[float, float], size: float
) -> None:
    fill, outline = PALETTE[colour]
    x, y = at
    if corners:
        around = [(x + a * size, y + b * size) for a, b in corners]
        pen.polygon(around, fill=fill, outline=outline, width=2)
    else:
        pen.ellipse((x - size, y - size, x + size, y + size), fill=fill, outline=outline)


def _corners(points: str, x: float, y: float, radius: float) -> Polygon:
    """The corners of a drawn shape around its middle, for a radius of 1."""
    corners = (one.split(",") for one in points.split())
    return tuple(((float(a) - x) / radius, (float(b) - y) / radius) for a, b in corners)


def _draw_label(
    pen: ImageDraw.ImageDraw,
    name: str,
    at: tuple[float, float],
    size: float,
    occupied: OccupiedArea,
    limits: tuple[float, float, float, float],
) -> None:
    """The name beside its mark, where it covers nothing; none where there is no room."""
    label = cut_words(name, _LONGEST)
    long, (x, y) = pen.textlength(label, font=_font(_LABEL)), at
    beside, half = size + 7, _LABEL / 2
    right, left = (x + beside, y - half), (x - beside - long, y - half)
    below, above = (x - long / 2, y + size + 3), (x - long / 2, y - size - 3 - _LABEL)
    for begin, top in (right, below, above, left) if x >= SIZE[0] / 2 else (left, below, above, right):
        box = (begin, top, begin + long, top + _LABEL)
        inside = box[0] >= limits[0] and box[1] >= limits[1] and box[2] <= limits[2] and box[3] <= limits[3]
        if inside and occupied.add(box):
            place = (begin, top - 2)
            pen.text(place, label, font=_font(_LABEL), fill=INK, stroke_width=3, stroke_fill="#ffffff")
            return


def _draw_keys(pen: ImageDraw.ImageDraw, keys: tuple[DrawnKey, ...]) -> None:
    """What the symbols mean, in one line above the foot, as many as there is room for."""
    x, y = float(_MARGIN), _FOOT - _TEXT - 12
    for key in keys:
        label = f"{visible(key.name)} ({key.count})"
        wide = 30 + pen.textlength(label, font=_font(_LABEL)) + 34
        if x + wide > SIZE[0] - _MARGIN + 34:
            return
        _draw_mark(pen, key.colour, _corners(key.points, *KEY_SHAPE), (x + 10, y + 14), 10)
        pen.text((x + 30, y), label, font=_font(_LABEL), fill=INK)
        x += wide
