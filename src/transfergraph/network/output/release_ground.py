"""The ground of the maps of a release as it is kept in the release, and its shapes on the plane of the map.

Reports, pages about entities and pages of parts of the network are drawn on it, so that all maps of a release
look alike and name the same sources.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any

from transfergraph.network.model.boundaries import joined
from transfergraph.network.model.map_projection import EqualArea, Spot

GROUND = "ground.json"
"""The file of the network's folder that :func:`transfergraph.network.output.map_ground.make_ground` made."""

_KILOMETRES = 0.1  # in a hectometre


def ground_text(ground: Mapping[str, Any] | None) -> str:
    """The ground as the release keeps it; ``null`` where there is nothing to draw."""
    return json.dumps(ground, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_ground(file: Path) -> Mapping[str, Any] | None:
    """The ground in a file of a release; None where it has none, as earlier ones have."""
    found = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else None
    return found if isinstance(found, dict) else None


class GroundShapes:
    """The shapes of a ground in kilometres on the plane around its centre."""

    def __init__(self, ground: Mapping[str, Any]) -> None:
        self._ground = ground
        self.project = EqualArea((ground["centre"][0], ground["centre"][1]))

    def areas(self, level: str) -> list[tuple[Mapping[str, Any], list[tuple[Spot, ...]]]]:
        """The areas of that level (``country``, ``state``, ``district``), each with its rings."""
        found = (one for one in self._ground["areas"] if one["level"] == level)
        return [(one, [joined(self.lines, ring) for ring in one["rings"]]) for one in found]

    @property
    def borders(self) -> list[tuple[Spot, ...]]:
        """The lines along which states meet or end."""
        return [self.lines[line] for line in self._ground["borders"]]

    @property
    def credit(self) -> list[tuple[str, str]]:
        """Whose the outlines are, each with an address or an empty text."""
        return [(words, address) for words, address in self._ground["credit"]]

    @cached_property
    def lines(self) -> list[tuple[Spot, ...]]:
        """Every line once."""
        return [tuple(_spots(steps)) for steps in self._ground["lines"]]


def _spots(steps: Sequence[int]) -> Iterable[Spot]:
    xs, ys = accumulate(steps[::2]), accumulate(steps[1::2])
    return ((x * _KILOMETRES, y * _KILOMETRES) for x, y in zip(xs, ys, strict=True))


def credit_words(credit: Iterable[tuple[str, str]]) -> str:
    """Whose the outlines are, for where nothing can be linked."""
    return ", ".join(words for words, _ in credit)
