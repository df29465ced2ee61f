"""Describing the concepts of code tables where they are used.

Validators of portals never fetch a concept: what its class is and to which scheme it belongs they must
find in the catalogue itself.
"""

from __future__ import annotations

import pyoxigraph as ox

from transfergraph.common.namespaces import DC, DCT, RDFS, SKOS
from transfergraph.config.code_tables import Codes, Concept
from transfergraph.dcat.triple_writer import TripleWriter, iri


def describe_concepts(out: TripleWriter, codes: Codes) -> None:
    """Describe each concept that is an object of any triple so far, and its scheme."""
    for used in [*out.objects(), *out.objects()]:
        concept = codes.find(used)
        if concept is not None and concept.label is not None:
            _describe(out, concept)
    for table in codes.tables.values():
        if table.scheme is not None and table.scheme in out.objects():
            out.type(table.scheme, SKOS + "ConceptScheme")
            out.add(table.scheme, DCT + "title", table.title)
            out.add(table.scheme, SKOS + "prefLabel", table.title)


def _describe(out: TripleWriter, concept: Concept) -> None:
    out.type(concept.iri, *concept.types)
    if concept.scheme is None:
        assert concept.label is not None
        out.add(concept.iri, RDFS + "label", ox.Literal(concept.label.english))
    else:
        out.add(concept.iri, SKOS + "inScheme", iri(concept.scheme))
        out.add(concept.iri, SKOS + "prefLabel", concept.label)
        out.add(concept.iri, DC + "identifier", ox.Literal(concept.code))
