"""Lambert's azimuthal equal-area projection (Snyder, Map Projections, USGS 1395, section 24)."""

from __future__ import annotations

import math

from transfergraph.network.model.boundaries import LonLat

_RADIUS = 6371.007  # kilometres of a sphere with the surface of the earth
_BEHIND = 1e-9  # the point opposite to the centre has no place on the plane

Spot = tuple[float, float]
"""Kilometres east and south of the centre of a map."""


class EqualArea:
    """The projection around a centre, which is drawn without distortion."""

    def __init__(self, centre: LonLat) -> None:
        self._east, north = math.radians(centre[0]), math.radians(centre[1])
        self._sine, self._cosine = math.sin(north), math.cos(north)

    def __call__(self, at: LonLat) -> Spot:
        east, north = math.radians(at[0]) - self._east, math.radians(at[1])
        sine, cosine, along = math.sin(north), math.cos(north), math.cos(east)
        near = 1 + self._sine * sine + self._cosine * cosine * along
        k = math.sqrt(2 / max(near, _BEHIND))
        x = _RADIUS * k * cosine * math.sin(east)
        y = _RADIUS * k * (self._cosine * sine - self._sine * cosine * along)
        return x, -y


def middle(spots: list[LonLat]) -> LonLat:
    """The middle of the box around these."""
    easts, norths = [one[0] for one in spots], [one[1] for one in spots]
    return (min(easts) + max(easts)) / 2, (min(norths) + max(norths)) / 2
