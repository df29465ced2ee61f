"""The font of pictures and reports."""

from __future__ import annotations

from transfergraph.common.packaged import packaged

FONT = "DejaVuSansCondensed.ttf"


def font_folder() -> str:
    """The path of the folder of fonts that reports are set in."""
    return str(packaged("network", "fonts"))


def font_file() -> str:
    """The path of the font that pictures and reports are set in, the same on every machine."""
    return str(packaged("network", "fonts", FONT))
