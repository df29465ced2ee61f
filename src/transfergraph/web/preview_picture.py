"""The picture that other websites show where somebody links to an entity (Open Graph, ``og:image``), as PNG.

It has the name, the kind and the surroundings of the entity, in light colours. Pillow draws it in a hundredth
of a second, a third of what a renderer of SVG takes; the same installation makes the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from transfergraph.common.displayed_values import visible
from transfergraph.network.output.shapes import INK, LINE, PALETTE, QUIET
from transfergraph.network.output.svg_font import font_file
from transfergraph.web import surroundings as drawing
from transfergraph.web.phrases import cut
from transfergraph.web.surroundings import SurroundingsPicture

if TYPE_CHECKING:  # Pillow takes memory, and most servers never draw
    from PIL import ImageDraw, ImageFont

SIZE = (800, 420)
"""Pixels; the ratio is the one that Open Graph asks for."""

_MARGIN, _TOP = 40, 34
_BAR = 12  # pixels of the coloured edge
_NAME, _TEXT = 40, 20  # pixels of letters
_LINES = 2  # of a name
_ACCENT, _BACKGROUND = "#0b5394", "#16324f"
_FOOT = SIZE[1] - 34


def preview_png(name: str, kind: str, site: str, picture: SurroundingsPicture | None) -> bytes:
    """The picture of an entity with this name, on this site."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", SIZE, "#ffffff")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], _BAR), fill=_ACCENT)
    y = _TOP
    if kind:
        pen.text((_MARGIN, y), cut(visible(kind), 80), font=_font(_TEXT), fill=QUIET)
        y += _TEXT + 8
    for line in _wrapped(pen, visible(cut(name, 160))):
        pen.text((_MARGIN, y), line, font=_font(_NAME), fill=INK)
        y += _NAME + 6
    if picture is not None:
        _draw(pen, picture, y + 8)
    pen.text((_MARGIN, _FOOT), cut(visible(site), 90), font=_font(_TEXT), fill=QUIET)
    made = io.BytesIO()
    image.save(made, "PNG", compress_level=3)
    return made.getvalue()


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
    """The surroundings below the name, as large as there is room, without labels."""
    room = _FOOT - 14 - top
    scale = min(room / drawing.HEIGHT, (SIZE[0] - 2 * _MARGIN) / drawing.WIDTH)
    left = (SIZE[0] - drawing.WIDTH * scale) / 2

    def at(x: float, y: float) -> tuple[float, float]:
        return left + x * scale, top + y * scale

    for begin, end in picture.ties:
        pen.line((*at(*begin), *at(*end)), fill=LINE, width=2)
    for thing in reversed(picture.things):
        fill, outline = PALETTE[thing.colour]
        x, y = at(thing.x, thing.y)
        size = thing.radius * max(scale, 0.8)
        if thing.points:
            corners = [tuple(map(float, one.split(","))) for one in thing.points.split()]
            around = [((a - thing.x) / thing.radius, (b - thing.y) / thing.radius) for a, b in corners]
            pen.polygon(
                [(x + a * size, y + b * size) for a, b in around], fill=fill, outline=outline, width=2
            )
        else:
            pen.ellipse((x - size, y - size, x + size, y + size), fill=fill, outline=outline)
