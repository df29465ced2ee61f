"""The only namespaces and prefixes: written to files, shown to readers, used in queries."""

from __future__ import annotations

from collections.abc import Mapping

ADMS = "http://www.w3.org/ns/adms#"
DASH = "http://datashapes.org/dash#"
DC = "http://purl.org/dc/elements/1.1/"
DCAT = "http://www.w3.org/ns/dcat#"
DCATAP = "http://data.europa.eu/r5r/"
DCATDE = "http://dcat-ap.de/def/dcatde/"
DCT = "http://purl.org/dc/terms/"
DQV = "http://www.w3.org/ns/dqv#"
EDTF = "http://id.loc.gov/datatypes/edtf/"
ELI = "http://data.europa.eu/eli/ontology#"
EURIO = "http://data.europa.eu/s66#"
FOAF = "http://xmlns.com/foaf/0.1/"
FORMATS = "http://www.w3.org/ns/formats/"
FRAPO = "http://purl.org/cerif/frapo/"
GSP = "http://www.opengis.net/ont/geosparql#"
VIRTUOSO_GEOMETRY = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
"""What Virtuoso calls the type of well-known text (``geo:wktLiteral``) in its answers."""
HYDRA = "http://www.w3.org/ns/hydra/core#"
ORG = "http://www.w3.org/ns/org#"
OWL = "http://www.w3.org/2002/07/owl#"
PROV = "http://www.w3.org/ns/prov#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SCHEMA = "https://schema.org/"
SD = "http://www.w3.org/ns/sparql-service-description#"
SH = "http://www.w3.org/ns/shacl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SPDX = "http://spdx.org/rdf/terms#"
TG = "https://w3id.org/transfergraph/ontology#"
TGSH = "https://w3id.org/transfergraph/shapes#"
CHECK = "https://w3id.org/transfergraph/check/"
DOCS = "https://w3id.org/transfergraph/docs/"
VANN = "http://purl.org/vocab/vann/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
VIVO = "http://vivoweb.org/ontology/core#"
VOID = "http://rdfs.org/ns/void#"
WGS = "http://www.w3.org/2003/01/geo/wgs84_pos#"
XSD = "http://www.w3.org/2001/XMLSchema#"

TYPE = RDF + "type"

CSVW_CONTEXT = {
    **{"as": "https://www.w3.org/ns/activitystreams#", "cc": "http://creativecommons.org/ns#"},
    **{"csvw": "http://www.w3.org/ns/csvw#", "ctag": "http://commontag.org/ns#", "dc": DCT, "dc11": DC},
    **{"dcat": DCAT, "dcterms": DCT, "dctypes": "http://purl.org/dc/dcmitype/", "dqv": DQV},
    **{"duv": "https://www.w3.org/ns/duv#", "foaf": FOAF, "gr": "http://purl.org/goodrelations/v1#"},
    **{"grddl": "http://www.w3.org/2003/g/data-view#", "ical": "http://www.w3.org/2002/12/cal/icaltzd#"},
    **{
        "ldp": "http://www.w3.org/ns/ldp#",
        "ma": "http://www.w3.org/ns/ma-ont#",
        "oa": "http://www.w3.org/ns/oa#",
    },
    **{
        "og": "http://ogp.me/ns#",
        "org": ORG,
        "owl": OWL,
        "prov": PROV,
        "qb": "http://purl.org/linked-data/cube#",
    },
    **{"rdf": RDF, "rdfa": "http://www.w3.org/ns/rdfa#", "rdfs": RDFS, "rev": "http://purl.org/stuff/rev#"},
    **{
        "rif": "http://www.w3.org/2007/rif#",
        "rr": "http://www.w3.org/ns/r2rml#",
        "schema": "http://schema.org/",
    },
    **{
        "sd": SD,
        "sioc": "http://rdfs.org/sioc/ns#",
        "skos": SKOS,
        "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    },
    **{
        "v": "http://rdf.data-vocabulary.org/#",
        "vcard": VCARD,
        "void": VOID,
        "wdr": "http://www.w3.org/2007/05/powder#",
    },
    **{"wdrs": "http://www.w3.org/2007/05/powder-s#", "xhv": "http://www.w3.org/1999/xhtml/vocab#"},
    **{"xml": "http://www.w3.org/XML/1998/namespace", "xsd": XSD},
}
"""The prefixes of the CSVW context (the initial context of RDFa)."""

DERIVED_GRAPH = "graph/derived"
DESCRIPTION_GRAPH = "graph/description"
VOCABULARY_GRAPH = "graph/vocabulary"
"""Named graphs of a release, by their path below the base IRI."""

_KNOWN = {
    **{"adms": ADMS, "dc": DC, "dcat": DCAT, "dcatap": DCATAP, "dcatde": DCATDE, "dct": DCT, "dqv": DQV},
    **{"edtf": EDTF, "eli": ELI, "eurio": EURIO, "foaf": FOAF, "formats": FORMATS, "frapo": FRAPO},
    **{"geo": GSP, "gsp": GSP, "org": ORG, "owl": OWL, "prov": PROV, "rdf": RDF, "rdfs": RDFS},
    **{"schema": SCHEMA, "sd": SD, "sh": SH, "skos": SKOS, "spdx": SPDX, "tg": TG, "vann": VANN},
    **{"vcard": VCARD, "vivo": VIVO, "void": VOID, "wgs": WGS, "xsd": XSD},
}


def prefixes(names: str) -> dict[str, str]:
    """The namespaces of these prefixes, which are given in one text with spaces between."""
    return {name: _KNOWN[name] for name in names.split()}


CATALOGUE_PREFIXES = prefixes(
    "adms dc dcat dcatap dcatde dct dqv eli foaf gsp org owl prov rdf rdfs skos spdx tg vcard void wgs xsd"
)
GRAPH_PREFIXES = prefixes("dct edtf foaf geo org owl rdfs skos tg wgs xsd")
"""What the graph of a release is written with."""
ANSWER_PREFIXES = GRAPH_PREFIXES | prefixes("dcat formats schema sd sh void")
"""What the server writes small graphs about itself with."""
ONTOLOGY_PREFIXES = CATALOGUE_PREFIXES | prefixes("edtf eurio frapo schema vann vivo")
"""What the terms of the ontology and those aligned with them are shown with."""


def source_graph(base: str, source: str) -> str:
    """The IRI of the named graph of a source."""
    return f"{base}graph/{source}"


def local_name(iri: str) -> str:
    """What follows the last ``/`` or ``#``, those at the end of the IRI apart."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def prefixed_name(iri: str, known: Mapping[str, str] = CATALOGUE_PREFIXES) -> str | None:
    """``dcat:Dataset`` for an IRI in a namespace with a prefix, else None."""
    for prefix, namespace in known.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest and "/" not in rest and "#" not in rest:
            return f"{prefix}:{rest}"
    return None


def name_in_key(iri: str) -> str:
    """``dcat-Dataset`` for an IRI in a namespace with a prefix, else the local name."""
    name = prefixed_name(iri)
    return local_name(iri) if name is None else name.replace(":", "-", 1)
