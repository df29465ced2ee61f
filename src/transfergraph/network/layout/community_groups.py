"""Groups of communities: the circles with which a large network starts, few enough to be read at once.

Communities that cooperate more than their sizes let expect come together. Nothing is random, so that the same
network has the same groups everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transfergraph.network.layout.circle_packing import Circle, pack

MOST_GROUPS = 28
"""Circles that a reader can take in at once."""

_UNIT = 100  # radius of the circle of one organisation
_WIDER = 1.4  # for names beside circles
_GAP = 0.3  # of the largest radius, for the lines between circles


@dataclass(frozen=True, slots=True)
class CommunityGroup:
    """Some communities by their positions, the largest first, in a circle of an area by their organisations;
    ``inside`` has a circle for each of them, in coordinates of its own."""

    communities: tuple[int, ...]
    x: int
    y: int
    radius: int
    inside: tuple[tuple[int, int, int], ...]


def group_communities(
    organisations: Sequence[int], ties: Mapping[tuple[int, int], int]
) -> tuple[CommunityGroup, ...]:
    """At most :data:`MOST_GROUPS` groups of communities, the largest first.

    ``organisations`` counts those of each community, ``ties`` those between each two. While there are too
    many groups with ties to others, the smallest joins the one to which it has most ties for each
    organisation there. Of groups without such ties only the largest are kept when there are too many.
    """
    members = _merged(organisations, ties)
    size = {one: sum(organisations[member] for member in inside) for one, inside in members.items()}
    kept = sorted((one for one in members if size[one]), key=lambda one: (-size[one], one))[:MOST_GROUPS]
    group = {member: one for one in kept for member in members[one]}
    circles = _packed({one: size[one] for one in kept}, _between(ties, group))
    found = []
    for one in kept:
        own = sorted(members[one], key=lambda member: (-organisations[member], member))
        parts = {member: organisations[member] for member in own}
        inside = _packed(parts, _between(ties, {member: member for member in own}))
        x, y, radius = circles[one]
        found.append(CommunityGroup(tuple(own), x, y, radius, tuple(inside[member] for member in own)))
    return tuple(found)


def _merged(organisations: Sequence[int], ties: Mapping[tuple[int, int], int]) -> dict[int, list[int]]:
    """The members of each group, by the smallest of them."""
    members = {number: [number] for number in range(len(organisations))}
    between: dict[int, dict[int, int]] = {number: {} for number in members}
    for (a, b), weight in ties.items():
        if a != b:
            between[a][b] = between[a].get(b, 0) + weight
            between[b][a] = between[b].get(a, 0) + weight
    size = dict(enumerate(organisations))
    tied = {one for one, row in between.items() if row}
    while len(tied) > MOST_GROUPS:
        least = min(tied, key=lambda one: (size[one], -one))
        row = between.pop(least)
        into = max(row, key=lambda other: (row[other] / max(1, size[other]), -other))
        tied.discard(least)
        members[into] += members.pop(least)
        size[into] += size.pop(least)
        del between[into][least]
        for other, weight in row.items():
            if other != into:
                del between[other][least]
                between[other][into] = between[other].get(into, 0) + weight
                between[into][other] = between[into].get(other, 0) + weight
        if not between[into]:
            tied.discard(into)
    return members


def _between(ties: Mapping[tuple[int, int], int], group: Mapping[int, int]) -> dict[tuple[int, int], int]:
    found: dict[tuple[int, int], int] = {}
    for (a, b), weight in ties.items():
        if a in group and b in group and group[a] != group[b]:
            ends = min(group[a], group[b]), max(group[a], group[b])
            found[ends] = found.get(ends, 0) + weight
    return found


def _packed(size: Mapping[int, int], ties: Mapping[tuple[int, int], int]) -> dict[int, tuple[int, int, int]]:
    """Middle and radius of each circle; one without an organisation has room for a dot."""
    radii = {f"{one:04}": max(_UNIT // 2, round(_UNIT * math.sqrt(count))) for one, count in size.items()}
    gap = round(_GAP * max(radii.values(), default=0))
    by_name = {(f"{a:04}", f"{b:04}"): weight for (a, b), weight in ties.items()}
    circles: list[Circle] = pack(radii, by_name, gap)
    return {int(circle.name): (round(_WIDER * circle.x), circle.y, circle.radius) for circle in circles}
