"""The things in the pictures of a page as SVG elements: links without a stop of the keyboard.

What they show stands on the page as text, so that the drawing is hidden from screen readers.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from transfergraph.web.entity_map import PlaceMap
from transfergraph.web.phrases import Ref
from transfergraph.web.surroundings import KEY_SHAPE, DrawnKey, SurroundingsPicture


def drawn(picture: SurroundingsPicture | PlaceMap) -> Markup:
    """All things in a picture, the most important on top."""
    if isinstance(picture, SurroundingsPicture):
        made = [
            _linked(
                one.ref,
                _mark(one.points, one.colour, one.x, one.y, one.radius)
                + _label(one.label, one.label_x, one.label_y, one.anchor),
            )
            for one in picture.things
        ]
    else:
        made = [
            _linked(
                one.ref,
                f'<circle class="spot{" own" if one.own else ""}" cx="{one.x:g}" cy="{one.y:g}" '
                f'r="{7 if one.own else 4}"/>' + _label(one.label, one.label_x, one.label_y, one.anchor),
            )
            for one in reversed(picture.places)
        ]
    return Markup("\n".join(made))


def key_mark(key: DrawnKey) -> Markup:
    """The symbol of a key, in a square of 18 units."""
    return Markup(_mark(key.points, key.colour, *KEY_SHAPE))


def _mark(points: str, colour: str, x: float, y: float, radius: float) -> str:
    if points:
        return f'<polygon class="mark mark-{colour}" points="{points}"/>'
    return f'<circle class="mark mark-{colour}" cx="{x:g}" cy="{y:g}" r="{radius:g}"/>'


def _linked(ref: Ref, shapes: str) -> str:
    href = f' href="{escape(ref.href)}"' if ref.href else ""
    return f'<a{href} tabindex="-1"><title>{escape(ref.text)}</title>{shapes}</a>'


def _label(text: str, x: float, y: float, anchor: str) -> str:
    if not text:
        return ""
    placed = "" if anchor == "start" else f' text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}"{placed}>{escape(text)}</text>'
