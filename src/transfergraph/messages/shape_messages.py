"""What a finding says where its shape does not say it itself."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

SHAPES: Mapping[str, Text] = {
    "shape.remedy": Text(
        "Die Zelle so ändern, dass die Regel erfüllt ist.", "Change the cell so that the shape is satisfied."
    ),
}
