"""Which partners of an undertaking are named: who counts on pages, in legend and report alike.

A partner is an organisation that takes part in a role of which ``tg:isPartner`` is not false.
An organisation with several roles counts once, and so does a unit together with the organisation that it
belongs to, where both are partners of the same undertaking or of its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from transfergraph.common.namespaces import DCT, ORG, TG
from transfergraph.store import Store
from transfergraph.store.bulk_properties import plain, values_clause

_PER_QUERY = 1000
_PARTNERS_QUERY = f"""
SELECT DISTINCT ?undertaking ?part ?partner WHERE {{
  THESE
  ?part <{DCT}isPartOf>* ?undertaking .
  ?participation <{TG}participatesIn> ?part ; <{TG}participant> ?partner .
  FILTER NOT EXISTS {{ ?participation <{TG}role> ?role . ?role <{TG}isPartner> false }}
}}"""
_BODIES_QUERY = (
    f"SELECT DISTINCT ?partner ?body WHERE {{ THESE ?partner <{ORG}unitOf>/<{ORG}unitOf>* ?body }}"
)
"""Asked by itself, with a first step: Virtuoso follows no path of any length in what is optional, or at once
from values that are listed."""


@dataclass(frozen=True, slots=True)
class NamedPartners:
    """Partners (IRIs) that take part in an undertaking itself, and those in it or in what is part of it."""

    direct: frozenset[str] = frozenset()
    with_parts: frozenset[str] = frozenset()


def read_partners(store: Store, undertakings: Iterable[str]) -> dict[str, NamedPartners]:
    """The partners of these undertakings (IRIs)."""
    wanted = set(undertakings)
    direct: defaultdict[str, set[str]] = defaultdict(set)
    within: defaultdict[str, set[str]] = defaultdict(set)
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for undertaking, part, partner in _rows(store, _PARTNERS_QUERY, "undertaking", wanted):
        within[undertaking].add(partner)
        if part == undertaking:
            direct[undertaking].add(partner)
    for partner, body in _rows(store, _BODIES_QUERY, "partner", set().union(*within.values())):
        bodies[partner].add(body)
    return {
        one: NamedPartners(_distinct(direct[one], bodies), _distinct(within[one], bodies)) for one in wanted
    }


def _rows(store: Store, query: str, variable: str, iris: Set[str]) -> Iterator[list[str]]:
    """What a query answers for these, some at a time."""
    wanted = sorted(iris)
    for first in range(0, len(wanted), _PER_QUERY):
        some = values_clause(variable, wanted[first : first + _PER_QUERY])
        for row in store.select(query.replace("THESE", some)).rows:
            yield [plain(one) for one in row]


def _distinct(partners: set[str], bodies: Mapping[str, set[str]]) -> frozenset[str]:
    """The partners without the units of others among them."""
    return frozenset(one for one in partners if partners.isdisjoint(bodies.get(one, ())))
