"""Which partners of an undertaking are named: who counts on pages, in legend and report alike.

A partner is an organisation that takes part in a role of which ``tg:isPartner`` is not false.
An organisation with several roles counts once, and so does a unit together with the organisation that it
belongs to, where both are partners of the same undertaking or of its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transfergraph.common.namespaces import DCT, ORG, TG
from transfergraph.store import Store
from transfergraph.store.bulk_properties import plain, values_clause

_UNDERTAKINGS_PER_QUERY = 1000
_PARTNERS_QUERY = f"""
SELECT DISTINCT ?undertaking ?part ?partner ?body WHERE {{
  VALUES_OF_UNDERTAKING
  ?part <{DCT}isPartOf>* ?undertaking .
  ?participation <{TG}participatesIn> ?part ; <{TG}participant> ?partner .
  FILTER NOT EXISTS {{ ?participation <{TG}role> ?role . ?role <{TG}isPartner> false }}
  OPTIONAL {{ ?partner <{ORG}unitOf>+ ?body }}
}}"""


@dataclass(frozen=True, slots=True)
class NamedPartners:
    """Partners (IRIs) that take part in an undertaking itself, and those in it or in what is part of it."""

    direct: frozenset[str] = frozenset()
    with_parts: frozenset[str] = frozenset()


def read_partners(store: Store, undertakings: Iterable[str]) -> dict[str, NamedPartners]:
    """The partners of these undertakings (IRIs)."""
    wanted = sorted(set(undertakings))
    direct: defaultdict[str, set[str]] = defaultdict(set)
    within: defaultdict[str, set[str]] = defaultdict(set)
    bodies: defaultdict[str, set[str]] = defaultdict(set)
    for first in range(0, len(wanted), _UNDERTAKINGS_PER_QUERY):
        batch = wanted[first : first + _UNDERTAKINGS_PER_QUERY]
        query = _PARTNERS_QUERY.replace("VALUES_OF_UNDERTAKING", values_clause("undertaking", batch))
        for row in store.select(query).rows:
            undertaking, part, partner, body = (plain(one) for one in row)
            within[undertaking].add(partner)
            if part == undertaking:
                direct[undertaking].add(partner)
            if body:
                bodies[partner].add(body)
    return {
        one: NamedPartners(_distinct(direct[one], bodies), _distinct(within[one], bodies)) for one in wanted
    }


def _distinct(partners: set[str], bodies: Mapping[str, set[str]]) -> frozenset[str]:
    """The partners without the units of others among them."""
    return frozenset(one for one in partners if partners.isdisjoint(bodies.get(one, ())))
