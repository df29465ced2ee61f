"""Lines with fewer points (Ramer, Douglas and Peucker)."""

from __future__ import annotations

import math
from collections.abc import Sequence

Point = tuple[float, float]


def simplified(line: Sequence[Point], tolerance: float) -> list[Point]:
    """The ends of a line, and of its other points those without which it would be off by more than
    ``tolerance``."""
    keep = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        farthest, distance = 0, tolerance
        for number in range(first + 1, last):
            found = _distance(line[number], line[first], line[last])
            if found > distance:
                farthest, distance = number, found
        if farthest:
            keep.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [line[number] for number in sorted(keep)]


def _distance(point: Point, start: Point, end: Point) -> float:
    """From a point to the piece between two others."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = across * across + down * down
    along = ((point[0] - start[0]) * across + (point[1] - start[1]) * down) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    return math.hypot(start[0] + along * across - point[0], start[1] + along * down - point[1])
