"""A part of the network as it is asked for: a view, some alliances, some years."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import networkx as nx

from transfergraph.errors import UsageError
from transfergraph.network.model.subnetworks import Years, of_alliances, of_years

View = Literal["undertakings", "partners"]
VIEWS: tuple[View, ...] = ("undertakings", "partners")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of the network is wanted; ``alliances`` are keys, IRIs or names, none for all of them."""

    view: View = "undertakings"
    alliances: tuple[str, ...] = ()
    years: Years | None = None


def make_selection(
    view: str, alliances: str | Sequence[str] = (), years: str | int | Years | None = None
) -> Selection:
    """A request from what callers give: years as ``"2018-2023"``, ``2020`` or a pair.

    Raises :class:`UsageError` for an unknown view and for years that are none.
    """
    known = [one for one in VIEWS if one == view]
    if not known:
        raise UsageError(f"The network has no view {view!r}; it has: {', '.join(VIEWS)}.")
    several = (alliances,) if isinstance(alliances, str) else tuple(alliances)
    return Selection(known[0], several, None if years is None else _years(years))


def _years(given: str | int | Years) -> Years:
    if isinstance(given, tuple):
        first, last = given
    else:
        found = re.fullmatch(r"\s*([0-9]{4})(?:\s*[-–]\s*([0-9]{4}))?\s*", str(given))
        if found is None:
            raise UsageError(f"Give years as 2018-2023 or as one year, not {str(given)!r}.")
        first, last = int(found[1]), int(found[2] or found[1])
    if first > last:
        raise UsageError(f"The years {first}-{last} run backwards; give the earlier one first.")
    return first, last


def select_part(network: nx.Graph, request: Selection, base: str) -> nx.Graph:
    """The part of a network of partners and undertakings that is asked for.

    Raises :class:`UsageError` for an alliance that the network does not have.
    """
    part = network
    if request.alliances:
        wanted = {find_alliance(network, one, base) for one in request.alliances}
        part = of_alliances(part, wanted)
    if request.years is not None:
        part = of_years(part, request.years)
    return part


def find_alliance(network: nx.Graph, name: str, base: str) -> str:
    """The IRI of an alliance by its key, IRI or a name of it, in any case of letters.

    Raises :class:`UsageError` that names the alliances nearest to an unknown one.
    """
    known: dict[str, str] = {}
    for node, data in network.nodes(data=True):
        if data["class"] == "Alliance":
            key = node.removeprefix(base).rpartition("/")[2]
            for one in (node, key, data["label_de"], data["label_en"], *data["alternative_labels"]):
                known.setdefault(one.casefold(), node)
    if name.casefold() in known:
        return known[name.casefold()]
    keys = sorted({node.rpartition("/")[2] for node in known.values()})
    near = difflib.get_close_matches(name.casefold(), keys, n=3, cutoff=0.4)
    if near:
        raise UsageError(f"The network has no alliance {name!r}. Near it: {', '.join(near)}.")
    some = f"{', '.join(keys[:10])}{', ...' if len(keys) > 10 else ''}" if keys else "none"
    raise UsageError(f"The network has no alliance {name!r}. It has: {some}.")
