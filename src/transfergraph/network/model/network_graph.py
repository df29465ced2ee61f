"""The cooperation network as a networkx graph: partners, undertakings, and who takes part in what.

One undirected graph without parallel edges. Attributes are text, numbers or lists of text; a number that is
not known is None.

Every **node** is an IRI and has

``id``          the same IRI
``class``       the name of its class, such as ``Organisation``
``bipartite``   0 for organisations, 1 for undertakings (networkx's convention)
``label_de``, ``label_en`` (one for each language of the graph), ``alternative_labels``
``kind``        IRI of the concept (kind of organisation or of project) or an empty text
``kind_de``, ``kind_en``
``place``       IRI of the seat or location, or empty; ``place_de``, ``place_en``
``latitude``, ``longitude``  of the place in degrees (WGS 84), or None
``regions``     IRIs of the regions that are stated or that the place lies in, without those above them
``topics``      IRIs of the topics that are stated
``programmes``  IRIs of the programmes that fund an undertaking
``amounts``     of an undertaking as a whole, in euro: the total that a source states, or else its grants,
                added only where they do not overlap; ``amount_qualifiers`` says in the same order whether
                it is ``exactly``, ``at-most``, ``at-least`` or ``about`` that, and ``amount_basis`` whether
                these are a ``total``, as ``stated``, or a ``sum``; empty without an amount
``url``         home page, or empty
``start``, ``end``           EDTF level 0, or empty
``unit_of``     IRIs of the organisations that an organisation is a unit of
``sources``     IRIs of the sources on which the record rests

Every **edge** has ``relation``:

``participation``   between an organisation and an undertaking. Several participations of one organisation
                    in one undertaking are one edge with several ``roles`` (IRIs), ``roles_de`` and
                    ``roles_en`` in the same order, ``participations`` (their IRIs), ``start`` (the
                    earliest known), ``end`` (the latest known) and ``sources``; ``first_year`` and
                    ``last_year``, of the participation or else of the undertaking, or None; and
                    ``amounts``, ``amount_qualifiers`` and ``amount_basis``, what a source states that
                    goes to the organisation by them.
``part-of``         between two undertakings, with ``part`` and ``whole`` (IRIs).

The **graph** has ``languages``, those of its labels; ``classes``, a mapping from the name
of each class of nodes to its ``label_de``, ``label_en``, ``bipartite`` and ``gathers`` (1 where each of it is
the centre of a community); ``sources``, a mapping from the IRI of each source to
its ``label_de``, ``label_en`` and ``url``; ``names``, a mapping from the IRI of each kind, role, place,
region, topic, programme and parent organisation to its labels in the order of ``languages``; ``other_names``,
from those that have any to their other names, of whatever language; ``kinds``, the kinds of organisation (or
the classes of those without one), the most frequent first; ``wholes``, from each region and programme to
those it is part of; ``nuts``, from a region to its NUTS code; and the counts of the whole store:
``organisations``, ``undertakings`` and ``participations``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import networkx as nx

from transfergraph.common.namespaces import DCT, FOAF, ORG, SKOS, TG
from transfergraph.common.text import Languages, column_name
from transfergraph.network.model.concepts import NODE_PROPERTIES, Concepts, read_concepts
from transfergraph.network.model.node_classes import NodeClass, NodeClasses
from transfergraph.network.model.stated_amounts import (
    EURO,
    Amounts,
    StatedAmount,
    decimal,
    qualifier_of,
    read_amounts,
    together,
)
from transfergraph.store import Store
from transfergraph.store.bulk_properties import Properties, plain, read_properties, values_clause


@dataclass(frozen=True, slots=True)
class Core:
    """The nodes to draw, by their IRIs, and how many organisations, undertakings and participations the
    whole network has."""

    nodes: frozenset[str]
    organisations: int
    undertakings: int
    participations: int


_CLASSES_QUERY = "SELECT DISTINCT ?node ?class WHERE { LIMITED CLASSES ?node a ?class }"
_PARTICIPATIONS_QUERY = (
    "SELECT DISTINCT ?participation ?organisation ?undertaking WHERE { LIMITED "
    f"?participation <{TG}participant> ?organisation ; <{TG}participatesIn> ?undertaking }}"
)
_PARTS_QUERY = f"SELECT DISTINCT ?part ?whole WHERE {{ ?part <{DCT}isPartOf> ?whole }}"
_IRIS_PER_QUERY = 1000
_NODE_PROPERTIES = (
    SKOS + "prefLabel",
    SKOS + "altLabel",
    ORG + "classification",
    DCT + "type",
    ORG + "unitOf",
    FOAF + "homepage",
    TG + "seat",
    TG + "location",
    TG + "start",
    TG + "end",
    DCT + "source",
    *NODE_PROPERTIES,
)
_EDGE_PROPERTIES = (
    TG + "role",
    TG + "start",
    TG + "end",
    TG + "amount",
    TG + "currency",
    TG + "qualifier",
    DCT + "source",
)


@dataclass(frozen=True, slots=True)
class _Structure:
    """Nodes, participations by organisation and undertaking, and parts with wholes, all in the order of their
    IRIs and without attributes."""

    classes: Mapping[str, NodeClass]
    participations: Mapping[tuple[str, str], list[str]]
    parts: tuple[tuple[str, str], ...]

    def connected(self) -> _Structure:
        """The same without the nodes that have no neighbour."""
        tied = {node for pair in (*self.participations, *self.parts) for node in pair}
        classes = {node: one for node, one in self.classes.items() if node in tied}
        return _Structure(classes, self.participations, self.parts)


def build_network(
    store: Store, languages: Languages, classes: NodeClasses, core: Core | None = None
) -> nx.Graph:
    """The network in this store, named in these languages, with nodes and edges in the order of their IRIs.

    With a ``core`` it has the nodes of that alone, without those that are left with no neighbour among
    these; its counts are still those of the whole network.
    A participation whose organisation or undertaking is not described in the store is left out.
    """
    if core is None:
        structure = _read_structure(store, classes)
        organisations = sum(one.is_organisation for one in structure.classes.values())
        undertakings = len(structure.classes) - organisations
        participations = sum(len(ids) for ids in structure.participations.values())
    else:
        structure = _read_structure(store, classes, core.nodes).connected()
        organisations, undertakings = core.organisations, core.undertakings
        participations = core.participations
    counts = {"organisations": organisations, "undertakings": undertakings, "participations": participations}
    network = nx.Graph(languages=tuple(languages), classes=classes.described(languages), **counts)
    _describe(store, structure, network)
    return network


def _read_structure(store: Store, known: NodeClasses, only: Collection[str] | None = None) -> _Structure:
    """The structure of the whole network, or of these nodes alone."""
    stated: defaultdict[str, list[str]] = defaultdict(list)
    query = _CLASSES_QUERY.replace("CLASSES", values_clause("class", known.ranks))
    for limit in _limits("node", only):
        for node, term in store.select(query.replace("LIMITED", limit)).rows:
            stated[plain(node)].append(plain(term))
    classes = {node: known.of(terms) for node, terms in stated.items()}
    undertakings = {node for node, one in classes.items() if not one.is_organisation}
    organisations = classes.keys() - undertakings
    participations: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for limit in _limits("undertaking", None if only is None else undertakings):
        for participation, organisation, undertaking in store.select(
            _PARTICIPATIONS_QUERY.replace("LIMITED", limit)
        ).rows:
            pair = (plain(organisation), plain(undertaking))
            if pair[0] in organisations and pair[1] in undertakings:
                participations[pair].append(plain(participation))
    parts = {
        (plain(part), plain(whole))
        for part, whole in store.select(_PARTS_QUERY).rows
        if part != whole and undertakings.issuperset((plain(part), plain(whole)))
    }
    by_pair = {pair: sorted(ids) for pair, ids in sorted(participations.items())}
    return _Structure(dict(sorted(classes.items())), by_pair, tuple(sorted(parts)))


def _limits(variable: str, iris: Collection[str] | None) -> Iterator[str]:
    """VALUES clauses that limit a variable to these IRIs, some at a time; an empty text for no limit."""
    if iris is None:
        yield ""
        return
    remaining = iter(sorted(iris))
    while batch := list(islice(remaining, _IRIS_PER_QUERY)):
        yield values_clause(variable, batch)


def _describe(store: Store, structure: _Structure, network: nx.Graph) -> None:
    nodes = read_properties(store, structure.classes, _NODE_PROPERTIES)
    described = [one for ids in structure.participations.values() for one in ids]
    edges = read_properties(store, described, _EDGE_PROPERTIES)
    places = {_place(nodes, node) for node in structure.classes} - {""}
    stated = {one for node in structure.classes for p in NODE_PROPERTIES for one in nodes.all(node, p)}
    context = read_concepts(store, places, stated)
    wholes = context.wholes(stated | {region for place in places for region in context.regions(place)})
    concepts = {
        *(_kind(nodes, node) for node in structure.classes),
        *(role for one in described for role in edges.all(one, TG + "role")),
        *(parent for node in structure.classes for parent in nodes.all(node, ORG + "unitOf")),
        *places,
        *stated,
        *wholes,
    } - {""}
    names = read_properties(store, concepts, (SKOS + "prefLabel", SKOS + "altLabel"))
    languages: tuple[str, ...] = network.graph["languages"]
    amounts = read_amounts(store)
    for node, class_ in structure.classes.items():
        attributes = _node_attributes(node, class_, nodes, names, context, languages)
        network.add_node(node, **attributes, **amounts.get(node, Amounts()).columns())
    for (organisation, undertaking), ids in structure.participations.items():
        attributes = _participation_attributes(ids, edges, names, languages) | _years(
            ids, edges, undertaking, nodes
        )
        network.add_edge(organisation, undertaking, **attributes)
    for part, whole in structure.parts:
        network.add_edge(part, whole, relation="part-of", part=part, whole=whole)
    network.graph["names"] = {
        concept: tuple(names.label(concept).by_language(languages).values()) for concept in sorted(concepts)
    }
    others = {one: names.all(one, SKOS + "altLabel") for one in sorted(concepts)}
    network.graph["other_names"] = {one: several for one, several in others.items() if several}
    network.graph["wholes"] = {one: above for one, above in wholes.items() if above}
    codes = {one: context.places.first(one, TG + "nutsCode") for one in wholes}
    network.graph["nuts"] = {one: code for one, code in codes.items() if code}
    network.graph["sources"] = _sources(store, network)
    network.graph["kinds"] = kinds_by_frequency(network)


def kinds_by_frequency(network: nx.Graph) -> list[str]:
    """The kinds of its organisations, or the classes of those without a kind, the most frequent first."""
    organisations = (data for _, data in network.nodes(data=True) if data["bipartite"] == 0)
    count = Counter(data["kind"] or data["class"] for data in organisations)
    return sorted(count, key=lambda kind: (-count[kind], kind))


def _kind(nodes: Properties, node: str) -> str:
    return nodes.first(node, ORG + "classification", DCT + "type")


def _place(nodes: Properties, node: str) -> str:
    return nodes.first(node, TG + "seat", TG + "location")


def _node_attributes(
    node: str,
    class_: NodeClass,
    nodes: Properties,
    names: Properties,
    context: Concepts,
    languages: Languages,
) -> dict[str, object]:
    kind, place = _kind(nodes, node), _place(nodes, node)
    latitude, longitude = context.coordinates(place)
    return {
        "id": node,
        "class": class_.name,
        "bipartite": 0 if class_.is_organisation else 1,
        **nodes.label(node).to_columns("label", languages),
        "alternative_labels": nodes.all(node, SKOS + "altLabel"),
        "kind": kind,
        **names.label(kind).to_columns("kind", languages),
        "place": place,
        **names.label(place).to_columns("place", languages),
        "latitude": latitude,
        "longitude": longitude,
        "regions": sorted({*nodes.all(node, TG + "inRegion"), *context.regions(place)}),
        "topics": nodes.all(node, DCT + "subject"),
        "programmes": nodes.all(node, TG + "fundedUnder"),
        "url": nodes.first(node, FOAF + "homepage"),
        "start": nodes.first(node, TG + "start"),
        "end": nodes.first(node, TG + "end"),
        "unit_of": nodes.all(node, ORG + "unitOf"),
        "sources": nodes.all(node, DCT + "source"),
    }


def _participation_attributes(
    ids: list[str], edges: Properties, names: Properties, languages: Languages
) -> dict[str, object]:
    roles = sorted({role for one in ids for role in edges.all(one, TG + "role")})
    starts = sorted({start for one in ids for start in edges.all(one, TG + "start")})
    ends = sorted({end for one in ids for end in edges.all(one, TG + "end")})
    return {
        "relation": "participation",
        "roles": roles,
        **{
            column_name("roles", one): [names.label(role).in_language(one) for role in roles]
            for one in languages
        },
        "participations": ids,
        "start": starts[0] if starts else "",
        "end": ends[-1] if ends else "",
        "sources": sorted({source for one in ids for source in edges.all(one, DCT + "source")}),
        **_shares(ids, edges).columns(),
    }


def _shares(ids: list[str], edges: Properties) -> Amounts:
    """The amounts in euro that the participations state."""
    return together(
        StatedAmount(
            value,
            qualifier_of(edges.first(one, TG + "qualifier")),
            start=edges.first(one, TG + "start"),
            end=edges.first(one, TG + "end"),
        )
        for one in ids
        if edges.first(one, TG + "currency") == EURO
        for amount in edges.all(one, TG + "amount")
        if (value := decimal(amount)) is not None
    )


def _years(ids: list[str], edges: Properties, undertaking: str, nodes: Properties) -> dict[str, int | None]:
    """The first and the last year, of each participation or else of the undertaking."""
    whole = {name: nodes.all(undertaking, TG + name) for name in ("start", "end")}
    starts = [year(start) for one in ids for start in edges.all(one, TG + "start") or whole["start"]]
    ends = [year(end) for one in ids for end in edges.all(one, TG + "end") or whole["end"]]
    return {
        "first_year": min((one for one in starts if one is not None), default=None),
        "last_year": max((one for one in ends if one is not None), default=None),
    }


def year(date: str) -> int | None:
    """The year of a date in EDTF level 0, None where there is none."""
    return int(date[:4]) if date[:4].isdecimal() and len(date) >= 4 else None


def _sources(store: Store, network: nx.Graph) -> dict[str, dict[str, str]]:
    cited = {source for _, data in network.nodes(data=True) for source in data["sources"]}
    cited |= {source for _, _, data in network.edges(data=True) for source in data.get("sources", ())}
    found = read_properties(store, cited, (SKOS + "prefLabel", FOAF + "page"))
    return {
        source: {
            **found.label(source).to_columns("label", network.graph["languages"]),
            "url": found.first(source, FOAF + "page"),
        }
        for source in sorted(cited)
    }
