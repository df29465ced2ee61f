"""The font of pictures and reports."""

from __future__ import annotations

from importlib import resources

FONT = "DejaVuSansCondensed.ttf"


def font_folder() -> str:
    """The path of the folder of fonts that reports are set in."""
    return str(resources.files("transfergraph.network").joinpath("fonts"))


def font_file() -> str:
    """The path of the font that pictures and reports are set in, the same on every machine."""
    return str(resources.files("transfergraph.network").joinpath("fonts", FONT))
