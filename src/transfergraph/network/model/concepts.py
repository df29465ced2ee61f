"""Places, regions, topics, programmes and funding of the nodes of the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from transfergraph.common.namespaces import DCT, TG, WGS, local_name
from transfergraph.store import Store
from transfergraph.store.bulk_properties import Properties, plain, read_properties

EXACTLY = "exactly"
QUALIFIERS = (EXACTLY, "at-most", "at-least", "about")
EURO = "http://publications.europa.eu/resource/authority/currency/EUR"

NODE_PROPERTIES = (DCT + "subject", TG + "inRegion", TG + "fundedUnder")

_FUNDINGS_QUERY = (
    "SELECT DISTINCT ?funding ?undertaking ?amount ?programme ?start ?end ?qualifier WHERE { "
    f"?funding <{TG}funds> ?undertaking ; <{TG}amount> ?amount ; <{TG}currency> <{EURO}> "
    f"OPTIONAL {{ ?funding <{TG}fundedUnder> ?programme }} "
    f"OPTIONAL {{ ?funding <{TG}start> ?start }} OPTIONAL {{ ?funding <{TG}end> ?end }} "
    f"OPTIONAL {{ ?funding <{TG}qualifier> ?qualifier }} }}"
)


@dataclass(frozen=True, slots=True)
class Money:
    """A sum in euro; ``qualifier`` is one of :data:`QUALIFIERS`."""

    amount: float
    qualifier: str


@dataclass(frozen=True, slots=True)
class Concepts:
    """What is said of places, and how much money each undertaking gets.

    ``places`` holds coordinates, region and parents of places, regions and programmes; ``funding`` maps an
    undertaking to the sum of the amounts that its fundings state, where those of one programme and one period
    count once.
    """

    places: Properties
    funding: Mapping[str, Money]

    def coordinates(self, place: str) -> tuple[float | None, float | None]:
        """Latitude and longitude in degrees (WGS 84), both None where one of them is missing."""
        latitude = number(self.places.first(place, WGS + "lat"))
        longitude = number(self.places.first(place, WGS + "long"))
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


def number(text: str) -> float | None:
    """The finite decimal number that a text holds, else None."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return float(value) if value.is_finite() else None


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
    return Concepts(found, _funding(store))


def _funding(store: Store) -> dict[str, Money]:
    """Amounts by one programme for one period are about the same money: the larger counts."""
    stated: dict[tuple[str, str, str, str], tuple[Decimal, str]] = {}
    for _, undertaking, amount, programme, start, end, qualifier in store.select(_FUNDINGS_QUERY).rows:
        if number(plain(amount)) is not None:
            one = (plain(undertaking), plain(programme), plain(start), plain(end))
            sum_ = (Decimal(plain(amount)), _qualifier(plain(qualifier)))
            stated[one] = max(stated.get(one, sum_), sum_)
    sums: defaultdict[str, list[tuple[Decimal, str]]] = defaultdict(list)
    for key, sum_ in stated.items():
        sums[key[0]].append(sum_)
    return {
        one: Money(float(sum(amount for amount, _ in sums_)), together({name for _, name in sums_}))
        for one, sums_ in sorted(sums.items())
    }


def _qualifier(iri: str) -> str:
    """The qualifier of an amount: exact without one, ``about`` for one that is none of :data:`QUALIFIERS`."""
    name = local_name(iri)
    return name if name in QUALIFIERS else "about" if name else EXACTLY


def together(qualifiers: set[str]) -> str:
    """The qualifier of a sum: that of all amounts which are not exact, ``about`` where these differ."""
    inexact = qualifiers - {EXACTLY}
    return EXACTLY if not inexact else inexact.pop() if len(inexact) == 1 else "about"


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
