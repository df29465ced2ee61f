"""The surroundings of an entity as a small picture: undertakings around it, organisations around these.

It is drawn with the shapes of the network page, from what the page tells anyway, so that it asks the store
nothing. The same page has the same picture: places follow from names and IRIs alone.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from transfergraph.common.displayed_values import shorten, visible
from transfergraph.common.namespaces import local_name
from transfergraph.network.output.shapes import (
    OTHERS,
    SHAPES,
    OccupiedArea,
    symbols_in_turn,
    symbols_of_kinds,
)
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_details import EntityDetails
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.phrases import Ref

WIDTH, HEIGHT = 720, 340
"""Of the picture, in units that are pixels on a wide screen."""

KEY_SHAPE = (9, 9, 7)
"""The middle and the radius of the shape of a key."""

_NEAR, _FAR = 12, 22  # things in the inner and outer ring
_RINGS = ((170, 92), (292, 140))  # half axes of the rings
_LETTER, _TEXT = 6.9, 12  # width of a letter, height of a text
_LONGEST, _WHOLE = 26, 48  # characters of a name, and where there is room


@dataclass(frozen=True, slots=True)
class DrawnThing:
    """A thing in the picture with its link; ``points`` are the corners of its shape, none for a circle.

    ``colour`` ends the name of the class of the style sheet. ``label`` is its name, shortened, or empty where
    there was no room; it stands at ``label_x`` and ``label_y``, which is its ``anchor`` (of SVG).
    """

    ref: Ref
    x: float
    y: float
    radius: float
    points: str
    colour: str
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class DrawnKey:
    """What a shape and colour mean, and how many things in the picture have them."""

    points: str
    colour: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SurroundingsPicture:
    """The picture: ties from point to point, things, what their shapes mean; and the same as text.

    ``told`` has for each undertaking, or each organisation around one, those next to it. ``left_out`` counts
    what is around the entity and was not drawn.
    """

    ties: tuple[tuple[tuple[float, float], tuple[float, float]], ...]
    things: tuple[DrawnThing, ...]
    keys: tuple[DrawnKey, ...]
    told: tuple[tuple[Ref, tuple[Ref, ...]], ...]
    left_out: int

    @property
    def lines(self) -> str:
        """The ties as the data of an SVG path."""
        return "".join([f"M{a[0]:g} {a[1]:g}L{b[0]:g} {b[1]:g}" for a, b in self.ties])


def surroundings(view: LocalisedView, details: EntityDetails) -> SurroundingsPicture | None:
    """The picture of what the page tells; None where nothing is around the entity."""
    centre = view.document.iri
    next_to = _neighbours(view, details)
    near = _ranked(next_to[centre], next_to, view)
    if not near:
        return None
    shown_near = near[:_NEAR]
    behind = {one for thing in shown_near for one in next_to[thing]} - {centre, *near}
    far = _ranked(behind, next_to, view)
    shown_far = far[:_FAR]
    shown = {centre, *shown_near, *shown_far}
    at = _places(centre, shown_near, shown_far, next_to)
    edges = sorted({(min(a, b), max(a, b)) for a in shown for b in next_to[a] if b in shown})
    drawn = [(a, b) for a, b in edges if centre in (a, b) or (a in shown_near) != (b in shown_near)]
    ties = tuple((at[a], at[b]) for a, b in drawn)
    symbols = {one: _symbol(view, one) for one in shown}
    things = tuple(_drawn(view, (centre, *shown_near, *shown_far), at, symbols))
    told = tuple(
        (view.ref(one), tuple(view.sorted(view.ref(b) for b in next_to[one] if b in shown_far)))
        for one in view.sorted_iris(shown_near)
    )
    left_out = len(near) + len(far) - len(shown_near) - len(shown_far)
    return SurroundingsPicture(ties, things, _keys(view, shown, symbols), told, left_out)


def _neighbours(view: LocalisedView, details: EntityDetails) -> defaultdict[str, set[str]]:
    """What is next to each thing that the page tells of: who takes part in what, and what is part of what."""
    document, found = view.document, defaultdict[str, set[str]](set)

    def tie(one: str, other: str) -> None:
        if one != other:
            found[one].add(other)
            found[other].add(one)

    for incoming, end in (
        (terms.PARTICIPATES_IN, terms.PARTICIPANT),
        (terms.PARTICIPANT, terms.PARTICIPATES_IN),
    ):
        for value in document.subjects(incoming).values:
            for other in document.record(str(value.value)).iris(end):
                tie(document.iri, other)
    for evidence in document.evidence:
        tie(document.iri, evidence.undertaking)
        tie(evidence.undertaking, evidence.partner)
    if view.presentation.role(document.classes) is Role.UNDERTAKING:
        parts = [str(value.value) for value in document.subjects(terms.PART_OF).values]
        for part in (*parts, *document.own.iris(terms.PART_OF)):
            if view.role(part) is Role.UNDERTAKING:
                tie(document.iri, part)
    for one in details.through:
        for other in one.through:
            tie(one.iri, other)
    if details.uses is not None:
        for undertaking in details.uses.undertakings:
            tie(document.iri, undertaking)
            for organisation in details.uses.taking_part.get(undertaking, ()):
                tie(undertaking, organisation)
        for organisation in details.uses.seated if not details.uses.undertakings else ():
            tie(document.iri, organisation)
    if view.presentation.role(document.classes) is Role.PARTICIPATION:
        for end in (*document.own.iris(terms.PARTICIPATES_IN), *document.own.iris(terms.PARTICIPANT)):
            tie(document.iri, end)
    return found


def _ranked(things: Iterable[str], next_to: Mapping[str, set[str]], view: LocalisedView) -> list[str]:
    """Those with a name that is known, the best connected first."""
    known = (one for one in things if view.document.record(one).has_name)
    return sorted(known, key=lambda one: (-len(next_to[one]), one))


def _places(
    centre: str, near: Sequence[str], far: Sequence[str], next_to: Mapping[str, set[str]]
) -> dict[str, tuple[float, float]]:
    """The centre in the middle, two rings around it; what is far lies behind what it is next to."""
    middle = (WIDTH / 2, HEIGHT / 2)
    first, second = _RINGS if far else (_RINGS[1], _RINGS[1])
    order = _beside_each_other(near, next_to)
    angles = {one: (place + 0.5) / len(order) for place, one in enumerate(order)}
    wanted = {one: _mean([angles[other] for other in next_to[one] if other in angles]) for one in far}
    behind = sorted(far, key=lambda one: (wanted[one], one))
    turn = _mean([(wanted[one] - place / len(behind)) % 1 for place, one in enumerate(behind)])
    outer = {one: (place / len(behind) + turn) % 1 for place, one in enumerate(behind)}
    at = {one: _on_ring(middle, first, angle) for one, angle in angles.items()}
    at.update({one: _on_ring(middle, second, angle) for one, angle in outer.items()})
    return {**at, centre: middle}


def _beside_each_other(near: Sequence[str], next_to: Mapping[str, set[str]]) -> list[str]:
    """An order in which those that have most in common follow each other."""
    order, left = list(near[:1]), sorted(near[1:])
    while left:
        last = next_to[order[-1]]
        following = max(left, key=lambda one: (len(next_to[one] & last), one))
        order.append(following)
        left.remove(following)
    return order


def _mean(angles: Sequence[float]) -> float:
    """The mean of angles, of which 1 is a whole turn."""
    x = sum(math.cos(math.tau * one) for one in angles)
    y = sum(math.sin(math.tau * one) for one in angles)
    return round(math.atan2(y, x) / math.tau % 1, 4)


def _on_ring(middle: tuple[float, float], axes: tuple[int, int], angle: float) -> tuple[float, float]:
    turned = math.tau * (angle - 0.25)
    return (
        round(middle[0] + axes[0] * math.cos(turned), 1),
        round(middle[1] + axes[1] * math.sin(turned), 1),
    )


def _symbol(view: LocalisedView, iri: str) -> tuple[str, str]:
    """Shape and colour as in the network: of an undertaking by its class, of an organisation by its kind."""
    role, record = view.role(iri), view.document.record(iri)
    if role is Role.UNDERTAKING:
        known = undertaking_symbols(view.presentation)
        line = view.presentation.with_ancestors(record.classes)
    elif role is Role.ORGANISATION:
        known = symbols_of_kinds(view.site.kinds)
        line = (*view.stated_kinds(record), *map(local_name, record.classes))
    else:
        return OTHERS
    return next((known[one] for one in line if one in known), OTHERS)


def undertaking_symbols(presentation: Presentation) -> dict[str, tuple[str, str]]:
    """Shape and colour of each class of undertakings that has a table, as the network page has them."""
    kinds = (table.kind for table in presentation.tables.values() if table.kind)
    return symbols_in_turn(one for one in kinds if presentation.role((one,)) is Role.UNDERTAKING)


def _drawn(
    view: LocalisedView,
    things: Sequence[str],
    at: Mapping[str, tuple[float, float]],
    symbols: Mapping[str, tuple[str, str]],
) -> Iterator[DrawnThing]:
    """The things with their labels where there is room, in the order of their importance: first each with a
    short one, then those with more of their names for which there is room where they stand."""
    occupied = OccupiedArea()
    radius = {one: 11 if place == 0 else 7 for place, one in enumerate(things)}
    for one in things:
        (x, y), size = at[one], radius[one]
        occupied.add((x - size, y - size, x + size, y + size))
    labels: dict[str, tuple[str, Room]] = {}
    for longest in (_LONGEST, _WHOLE):
        for one in things:
            (x, y), size = at[one], radius[one]
            name = shorten(visible(view.name(one).text), longest)
            rooms = rooms_beside(x, y, size, outward=x >= WIDTH / 2)
            before = labels.get(one)
            if before is not None and len(before[0]) >= len(name):
                continue
            if before is not None:
                occupied.remove(_box(before[1], len(before[0]) * _LETTER))
                rooms = (before[1], *(room for room in rooms if room != before[1]))
            for room in rooms:
                if has_room(room, len(name) * _LETTER, (WIDTH, HEIGHT), occupied):
                    labels[one] = name, room
                    break
            else:
                if before is not None:
                    occupied.add(_box(before[1], len(before[0]) * _LETTER))
    for one in things:
        (x, y), size, (shape, colour) = at[one], radius[one], symbols[one]
        thing = DrawnThing(view.ref(one), x, y, size, _points(shape, x, y, size), colour)
        if one in labels:
            name, (label_x, label_y, anchor) = labels[one]
            thing = replace(thing, label=name, label_x=label_x, label_y=label_y, anchor=anchor)
        yield thing


Room = tuple[float, float, str]
"""Where a label stands: the point of its base line that its anchor (of SVG) names."""


def rooms_beside(x: float, y: float, radius: float, outward: bool = True) -> tuple[Room, ...]:
    """Where the label of a mark can stand, the best first: at the right side (or not ``outward``, the left),
    below, above, at the other side."""
    right, left = (round(x + radius + 4, 1), y + 4, "start"), (round(x - radius - 4, 1), y + 4, "end")
    below, above = (x, round(y + radius + _TEXT, 1), "middle"), (x, round(y - radius - 4, 1), "middle")
    return (right, below, above, left) if outward else (left, below, above, right)


def has_room(room: Room, long: float, size: tuple[float, float], occupied: OccupiedArea) -> bool:
    """Whether a label so long lies within a picture of that size and covers nothing; it does from then on."""
    left, top, right, bottom = box = _box(room, long)
    inside = left >= 0 and right <= size[0] and top >= 0 and bottom <= size[1]
    return inside and occupied.add(box)


def _box(room: Room, long: float) -> tuple[float, float, float, float]:
    x, y, anchor = room
    left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
    return left, y - _TEXT, left + long, y + 3


def _points(shape: str, x: float, y: float, radius: float) -> str:
    return " ".join(f"{round(x + a * radius, 1):g},{round(y + b * radius, 1):g}" for a, b in SHAPES[shape])


def _keys(
    view: LocalisedView, shown: Iterable[str], symbols: Mapping[str, tuple[str, str]]
) -> tuple[DrawnKey, ...]:
    names: defaultdict[tuple[bool, tuple[str, str], str], int] = defaultdict(int)
    for one in shown:
        role, record = view.role(one), view.document.record(one)
        is_organisation = role is Role.ORGANISATION
        if is_organisation and view.site.kinds:
            is_other = symbols[one] == OTHERS
            title = view.text("network.other-kinds") if is_other else view.kind(record)
        else:
            title = view.listed_in(record)
        if title and (is_organisation or role is Role.UNDERTAKING):
            names[is_organisation, symbols[one], title] += 1
    ordered = sorted(names, key=lambda one: (one[0], one[1][1] if one[0] else "", one[2], one[1]))
    return tuple(
        DrawnKey(_points(symbol[0], *KEY_SHAPE), symbol[1], name, names[is_organisation, symbol, name])
        for is_organisation, symbol, name in ordered
    )
