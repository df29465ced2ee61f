"""Places, regions, topics and programmes of the nodes of the network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transfergraph.common.namespaces import DCT, TG, WGS
from transfergraph.network.model.stated_amounts import decimal
from transfergraph.store import Store
from transfergraph.store.bulk_properties import Properties, read_properties

NODE_PROPERTIES = (DCT + "subject", TG + "inRegion", TG + "fundedUnder")


@dataclass(frozen=True, slots=True)
class Concepts:
    """What is said of places: coordinates, region and parents of places, regions and programmes."""

    places: Properties

    def coordinates(self, place: str) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees (WGS 84), both None where one of them is missing."""
        latitude = _number(self.places.first(place, WGS + "lat"))
        longitude = _number(self.places.first(place, WGS + "long"))
        if latitude is None or longitude is None:
            return None, None
        return latitude, longitude

    def regions(self, place: str) -> list[str]:
        """The regions in which a place lies, without those above them."""
        return self.places.all(place, TG + "inRegion")

    def wholes(self, concepts: Iterable[str]) -> dict[str, list[str]]:
        """For each region or programme, also those above them, what it is part of."""
        found: dict[str, list[str]] = {}
        waiting = sorted(set(concepts), reverse=True)
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = self.places.all(one, DCT + "isPartOf")
                waiting.extend(found[one])
        return dict(sorted(found.items()))


def _number(text: str) -> float | None:
    """The finite decimal number that a text holds, else None."""
    value = decimal(text)
    return None if value is None else float(value)


def read_concepts(store: Store, places: Iterable[str], concepts: Iterable[str]) -> Concepts:
    """Read places, then all regions and programmes above those and above ``concepts``."""
    found = read_properties(store, places, (WGS + "lat", WGS + "long", TG + "inRegion"))
    above = {region for place in set(places) for region in found.all(place, TG + "inRegion")}
    waiting, read = above | set(concepts), set[str]()
    while waiting:
        read |= waiting
        parents = read_properties(store, waiting, (DCT + "isPartOf", TG + "nutsCode"))
        found.update(parents)
        waiting = {whole for one in waiting for whole in parents.all(one, DCT + "isPartOf")} - read
    return Concepts(found)


def with_wholes(iris: Iterable[str], wholes: Mapping[str, list[str]]) -> set[str]:
    """These and everything above them."""
    found: set[str] = set()
    waiting = list(iris)
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(wholes.get(one, ()))
    return found
