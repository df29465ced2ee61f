"""Small networks for tests, written as the mapping writes them: IRIs, properties and named graphs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import networkx as nx
import pyoxigraph as ox
from workspaces import LANGUAGES

from transfergraph import Text
from transfergraph.config.declarations import CORE, declarations_in
from transfergraph.network.layout.network_layout import lay_out
from transfergraph.network.model.data_sources import DataSources
from transfergraph.network.model.network_graph import Core, build_network
from transfergraph.network.model.node_classes import NodeClasses, node_classes
from transfergraph.network.model.partner_completeness import read_coverage
from transfergraph.network.output.analysis import Analysis, NetworkMetadata, analyse
from transfergraph.network.output.explorer_json import WHOLE
from transfergraph.network.output.explorer_page import network_page
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.presentation_reader import read_presentation

CLASSES = node_classes(read_presentation(declarations_in(CORE)))
"""The classes of nodes by the core ontology alone."""

BASE = "https://w3id.org/transfergraph/saxony/"
TG = "https://w3id.org/transfergraph/ontology#"
SCHEME = "https://w3id.org/transfergraph/scheme/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
WGS84 = "http://www.w3.org/2003/01/geo/wgs84_pos#"
EURO = "http://publications.europa.eu/resource/authority/currency/EUR"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

Names = tuple[str, str]
Value = str | Names | int

ROLES: dict[str, Names] = {
    "coordinator": ("Koordination", "Coordinator"),
    "partner": ("Partner", "Partner"),
    "lead": ("Leitung", "Lead"),
}
KINDS: dict[str, Names] = {
    "university": ("Universität", "University"),
    "university-of-applied-sciences": (
        "Hochschule für angewandte Wissenschaften",
        "University of applied sciences",
    ),
    "research-institute": ("Forschungseinrichtung", "Research institute"),
    "company": ("Unternehmen", "Company"),
    "public-body": ("Öffentliche Stelle", "Public body"),
    "association": ("Verein oder Verband", "Association"),
}


@dataclass
class Tables:
    """A network in the making. Undertakings are kept by key: class, names, whole, start, end."""

    undertakings: dict[str, tuple[str, Names, str, str, str]] = field(default_factory=dict)
    organisations: dict[str, tuple[str, Names]] = field(default_factory=dict)
    participations: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    statements: list[tuple[str, str, int, str]] = field(default_factory=list)
    websites: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, Names] = field(default_factory=lambda: dict(KINDS))
    roles: dict[str, Names] = field(default_factory=lambda: dict(ROLES))
    concepts: dict[str, Names] = field(default_factory=dict)
    facts: list[tuple[str, str, Value]] = field(default_factory=list)

    def undertaking(
        self, key: str, kind: str, de: str, en: str = "", part_of: str = "", start: str = "", end: str = ""
    ) -> None:
        self.undertakings[key] = (kind, (de, en or de), part_of, start, end)

    def organisation(self, key: str, kind: str, de: str, en: str = "", website: str = "") -> None:
        self.organisations[key] = (kind, (de, en or de))
        if website:
            self.websites[key] = website

    def takes_part(
        self, undertaking: str, *organisations: str, role: str = "partner", start: str = "", end: str = ""
    ) -> None:
        for organisation in organisations:
            self.participations.append((undertaking, organisation, role, start, end))

    def concept(self, path: str, de: str, en: str = "") -> str:
        """A place, region, topic or programme by its path below the base, as the object of a fact."""
        self.concepts[path] = (de, en or de)
        return f"<{BASE}{path}>"

    def fact(self, path: str, predicate: str, *values: Value) -> None:
        """What is said of the thing with this path below the base."""
        self.facts.extend((path, predicate, value) for value in values)

    def store(self, folder: Path) -> EmbeddedStore:
        """A store with these tables as triples."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "graph.nq"
        path.write_bytes(ox.serialize(self.quads(), format=ox.RdfFormat.N_QUADS) or b"")
        store = EmbeddedStore.in_memory()
        store.load(path)
        return store

    def quads(self) -> Iterator[ox.Quad]:
        source = BASE + "source/futuresax"
        yield from _described(
            source, {FOAF + "page": "<https://futuresax.de/en/transfer>"}, ("futureSAX", "futureSAX")
        )
        for scheme, names in (("role", self.roles), ("organisation-kind", self.kinds)):
            for key, labels in names.items():
                yield from _described(f"{SCHEME}{scheme}/{key}", {}, labels)
        for key, labels in (("at-least", ("mindestens", "at least")), ("exactly", ("genau", "exactly"))):
            yield from _described(f"{SCHEME}qualifier/{key}", {}, labels)
        for key, (kind, names_, part_of, start, end) in self.undertakings.items():
            type_ = kind if "://" in kind else TG + kind
            properties: dict[str, Value] = {RDF_TYPE: f"<{type_}>", DCT + "source": f"<{source}>"}
            if part_of:
                properties[DCT + "isPartOf"] = f"<{BASE}undertaking/{part_of}>"
            yield from _described(f"{BASE}undertaking/{key}", properties | _period(start, end), names_)
        for key, (kind, names_) in self.organisations.items():
            properties = {
                RDF_TYPE: f"<{TG}Organisation>",
                DCT + "source": f"<{source}>",
            }
            if kind:
                properties[ORG + "classification"] = f"<{SCHEME}organisation-kind/{kind}>"
            if key in self.websites:
                properties[FOAF + "homepage"] = f"<{self.websites[key]}>"
            yield from _described(f"{BASE}organisation/{key}", properties, names_)
        yield from self._participation_quads(source)
        for number, (undertaking, qualifier, value, as_of) in enumerate(self.statements):
            properties = {
                RDF_TYPE: f"<{TG}Statement>",
                TG + "about": f"<{BASE}undertaking/{undertaking}>",
                TG + "measure": f"<{SCHEME}measure/partners>",
                TG + "qualifier": f"<{SCHEME}qualifier/{qualifier}>",
                TG + "value": value,
                DCT + "source": f"<{source}>",
            }
            if as_of:
                properties[TG + "asOf"] = as_of
            yield from _described(f"{BASE}statement/{number}", properties, None)

        for path, labels in self.concepts.items():
            yield from _described(BASE + path, {}, labels)
        for path, predicate, fact in self.facts:
            yield from _described(BASE + path, {predicate: fact}, None)

    def _participation_quads(self, source: str) -> Iterator[ox.Quad]:
        for undertaking, organisation, role, start, end in self.participations:
            properties: dict[str, Value] = {
                RDF_TYPE: f"<{TG}Participation>",
                TG + "participant": f"<{BASE}organisation/{organisation}>",
                TG + "participatesIn": f"<{BASE}undertaking/{undertaking}>",
                TG + "role": f"<{SCHEME}role/{role}>",
                DCT + "source": f"<{source}>",
            }
            iri = f"{BASE}participation/{undertaking}~{organisation}~{role}"
            yield from _described(iri, properties | _period(start, end), None)


def _period(start: str, end: str) -> dict[str, Value]:
    return {TG + name: value for name, value in (("start", start), ("end", end)) if value}


def _described(subject: str, properties: dict[str, Value], names: Names | None) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(BASE + "graph/saxony")
    node = ox.NamedNode(subject)
    for predicate, value in properties.items():
        term: ox.NamedNode | ox.Literal
        if isinstance(value, int):
            term = ox.Literal(value)
        elif isinstance(value, str) and value.startswith("<"):
            term = ox.NamedNode(value[1:-1])
        else:
            term = ox.Literal(str(value), datatype=ox.NamedNode(EDTF))
        yield ox.Quad(node, ox.NamedNode(predicate), term, graph)
    for language, name in zip(("de", "en"), names or (), strict=False):
        yield ox.Quad(node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(name, language=language), graph)


def with_background(t: Tables) -> Tables:
    """The same tables with places, regions, topics, programmes and money for some of them."""
    saxony = t.concept("region/sachsen", "Sachsen", "Saxony")
    district = t.concept("region/goerlitz", "Görlitz, Landkreis", "Görlitz, district")
    town = t.concept("place/zittau", "Zittau")
    funding = t.concept("programme/wir", "WIR!")
    family = t.concept("programme/strukturwandel", "Strukturwandel", "Structural change")
    printing = t.concept("topic/printing", "3D-Druck", "3D printing")
    water = t.concept("topic/mine-water", "Grubenwasser", "Mine water")
    t.fact("region/goerlitz", DCT + "isPartOf", saxony)
    t.fact("region/goerlitz", TG + "nutsCode", "DED2D")
    t.fact("region/goerlitz", RDF_TYPE, "<https://example.org/my#Area>")  # of a class of a workspace's own
    t.fact("programme/wir", DCT + "isPartOf", family)
    t.fact("place/zittau", TG + "inRegion", district)
    t.fact("place/zittau", WGS84 + "lat", "50.896")
    t.fact("place/zittau", WGS84 + "long", "14.807")
    for key in ("hszg", "ult", "les"):
        t.fact(f"organisation/{key}", TG + "seat", town)
    for key in ("recomine", "reminingplus", "life-and-technology", "greenheater"):
        t.fact(f"undertaking/{key}", TG + "fundedUnder", funding)
    t.fact("undertaking/additiv", DCT + "subject", printing)
    t.fact("undertaking/greenheater", DCT + "subject", printing)
    t.fact("undertaking/reminingplus", DCT + "subject", water)
    t.fact("undertaking/recomine", DCT + "subject", water)
    for number, amount in enumerate((500_000, 100_000, 99_999)):
        t.fact(f"funding/{number}", TG + "start", "2021" if number else "2020")
        t.fact(f"funding/{number}", TG + "funds", f"<{BASE}undertaking/reminingplus>")
        t.fact(f"funding/{number}", TG + "amount", amount)
        t.fact(f"funding/{number}", TG + "currency", f"<{EURO}>")
    t.fact("participation/reminingplus~hif~partner", TG + "amount", 200_000)
    t.fact("participation/reminingplus~hif~partner", TG + "currency", f"<{EURO}>")
    return t


def five_alliances() -> Tables:
    """A reduced picture of the Saxon alliances: bridges, several roles, an isolate, sizes over time."""
    t = Tables()
    uas, research, company, public = (
        "university-of-applied-sciences", "research-institute", "company", "public-body",
    )  # fmt: skip
    for key, kind, de, en in (
        ("hif", research, "Helmholtz-Institut Freiberg für Ressourcentechnologie", "Helmholtz Institute Freiberg for Resource Technology"),
        ("tubaf", "university", "TU Bergakademie Freiberg", "TU Bergakademie Freiberg"),
        ("ufz", research, "Helmholtz-Zentrum für Umweltforschung – UFZ", "Helmholtz Centre for Environmental Research – UFZ"),
        ("saxonia", company, "SAXONIA Standortentwicklungs- und -verwaltungsgesellschaft mbH", ""),
        ("wfe", company, "Wirtschaftsförderung Erzgebirge GmbH", ""),
        ("ikts", research, "Fraunhofer-Institut für Keramische Technologien und Systeme IKTS", "Fraunhofer Institute for Ceramic Technologies and Systems IKTS"),
        ("geos", company, "G.E.O.S. Ingenieurgesellschaft mbH", ""),
        ("geopark", "association", "GEOPARK Erlebnis Tharandter Wald e.V.", ""),
        ("kaden", company, "Kaden & Döring OHG", ""),
        ("beak", company, "Beak Consultants GmbH", ""),
        ("pno", company, "PNO Consultants", ""),
        ("tuc", "university", "Technische Universität Chemnitz", "Chemnitz University of Technology"),
        ("ihk", public, "IHK Chemnitz, Regionalkammer Erzgebirge", "Chamber of Commerce Chemnitz, Erzgebirge region"),
        ("stfi", research, "Sächsisches Textilforschungsinstitut e.V.", "Saxon Textile Research Institute"),
        ("mogatec", company, "Mogatec Moderne Gartentechnik GmbH", ""),
        ("stiehl", company, "Hugo Stiehl Kunststoffverarbeitung GmbH", ""),
        ("steinbeis", research, "Steinbeis-Innovationszentrum Automation in Leichtbauprozessen", ""),
        ("cip", company, "CIP Mobility GmbH", ""),
        ("koestler", company, "Köstler GmbH", ""),
        ("titv", research, "TITV e.V.", ""),
        ("flyacts", company, "FlyActs GmbH", ""),
        ("hszg", uas, "Hochschule Zittau/Görlitz", "Zittau/Görlitz University of Applied Sciences"),
        ("lkgr", public, "Landkreis Görlitz", "District of Görlitz"),
        ("ult", company, "ULT AG", ""),
        ("iwu", research, "Fraunhofer-Institut für Werkzeugmaschinen und Umformtechnik IWU", "Fraunhofer Institute for Machine Tools and Forming Technology IWU"),
        ("les", company, "Lausitz Energy Systems", ""),
        ("mcr", company, "MCR Engineering", ""),
        ("ifdt", research, "IFDT – Institut für Digitale Technologien gGmbH", "IFDT – Institute for Digital Technologies"),
        ("htwdd", uas, "Hochschule für Technik und Wirtschaft Dresden", "HTW Dresden – University of Applied Sciences"),
        ("htwk", uas, "Hochschule für Technik, Wirtschaft und Kultur Leipzig", "Leipzig University of Applied Sciences"),
        ("hsmw", uas, "Hochschule Mittweida", "Mittweida University of Applied Sciences"),
        ("whz", uas, "Westsächsische Hochschule Zwickau", "Zwickau University of Applied Sciences"),
        ("ipms", research, "Fraunhofer-Institut für Photonische Mikrosysteme IPMS", "Fraunhofer Institute for Photonic Microsystems IPMS"),
        ("bmbf", public, "Bundesministerium für Bildung und Forschung", "Federal Ministry of Education and Research"),
        ("futuresax", company, "futureSAX GmbH", ""),
    ):  # fmt: skip
        t.organisation(key, kind, de, en)
    t.websites["hszg"] = "https://www.hszg.de/"
    _recomine(t)
    _smarterz(t)
    _life_and_technology(t)
    t.undertaking("lessie", "Alliance", "LESSIE")
    t.undertaking("smart-service-lab", "Lab", "Smart Service Lab", part_of="lessie")
    t.takes_part("lessie", "ifdt", role="coordinator")
    t.takes_part("smart-service-lab", "ifdt", role="lead")
    _saxony5(t)
    t.statements = [
        ("recomine", "at-least", 40, "2025-03-12"),
        ("recomine", "at-least", 70, "2019"),
        ("smarterz", "exactly", 60, "2018"),
        ("smarterz", "exactly", 160, "2019-12"),
        ("life-and-technology", "at-least", 85, "2025-06"),
        ("saxony5", "exactly", 5, ""),
    ]
    return t


def _recomine(t: Tables) -> None:
    t.undertaking("recomine", "Alliance", "rECOmine", start="2019-04")
    t.takes_part("recomine", "hif", role="coordinator", start="2019")
    t.takes_part("recomine", "hif", "tubaf", "ufz", "saxonia", "wfe", "pno")
    for key, name in (("terzinn", "TerZinn"), ("reminingplus", "ReMiningPlus"), ("tevlis", "TEVLiS")):
        t.undertaking(key, "Project", name, part_of="recomine", start="2021-02-18", end="2023")
    for number, de, en in (
        (1, "Schwermetallhaltige Grubenwässer", "Heavy-metal mine water"),
        (2, "Technologie- und Innovationstransfer", "Technology and innovation transfer"),
        (
            3,
            "Interaktion Wissenschaft, Behörden, Gesellschaft",
            "Interaction of science, authorities and society",
        ),
    ):
        t.undertaking(f"recomine-{number}", "Project", de, en, part_of="recomine")
    t.takes_part("recomine-3", "ufz", role="lead")
    t.takes_part("terzinn", "ikts", role="lead")
    t.takes_part("reminingplus", "geos", role="coordinator")
    t.takes_part("reminingplus", "hif", "saxonia", "geopark", "kaden")
    t.takes_part("tevlis", "beak", role="lead")


def _smarterz(t: Tables) -> None:
    t.undertaking("smarterz", "Alliance", "SmartERZ", start="2019-04-01", end="2025-12")
    t.takes_part("smarterz", "wfe", role="coordinator")
    t.takes_part("smarterz", "tuc", "ihk", "stfi")
    for key, name, members in (
        ("smartstrat", "SMARTStrat", ("mogatec", "stiehl", "steinbeis", "cip")),
        ("eheatdigiline", "eHeatDigiLine", ("koestler", "titv", "flyacts")),
        ("struktronik", "StrukTronik", ()),
        ("smarthydro", "SmartHydro", ()),
        ("smarterz-s1", "SmartERZ-S1", ("tuc", "wfe")),
    ):
        t.undertaking(key, "Project", name, part_of="smarterz", start="2019-10", end="2022-09")
        t.takes_part(key, *members)


def _life_and_technology(t: Tables) -> None:
    t.undertaking("life-and-technology", "Alliance", "Lausitz – Life & Technology", start="2019-07")
    t.takes_part("life-and-technology", "hszg", role="coordinator")
    t.takes_part("life-and-technology", "lkgr", "ult", "iwu")
    for key, name, members in (
        ("lt-strategie", "Strategieentwicklungsprojekt L&T", ("hszg",)),
        ("lt-management", "Innovationsmanagement II", ("hszg",)),
        ("greenheater", "GreenHeater", ("les",)),
        ("afiin", "AFiin", ("mcr",)),
    ):
        t.undertaking(key, "Project", name, part_of="life-and-technology")
        t.takes_part(key, *members)


def _saxony5(t: Tables) -> None:
    t.undertaking("saxony5", "Alliance", "Saxony⁵", "Saxony⁵", start="2018", end="2027")
    t.takes_part("saxony5", "htwdd", role="coordinator")
    t.takes_part("saxony5", "htwdd", "htwk", "hsmw", "hszg", "whz")
    for key, de, en, lead in (
        ("fabrik", "Fabrik der Zukunft", "Factory of the future", "htwdd"),
        ("mobilitaet", "Vernetzte Mobilität", "Connected mobility", "htwk"),
        ("additiv", "Additive Fertigung", "Additive manufacturing", "hsmw"),
        ("versorgung", "Versorgungsinfrastruktur", "Supply infrastructure", "hszg"),
        ("landwirtschaft", "Landwirtschaft und Biodiversität", "Agriculture and biodiversity", "htwdd"),
        ("oberflaeche", "Oberflächentechnik", "Surface technology", "whz"),
    ):
        t.undertaking(key, "Lab", de, en, part_of="saxony5")
        t.takes_part(key, lead, role="lead")
    t.takes_part("fabrik", "ipms")


_SCRIPTS = (
    "<script>window.ran = 1; alert(1)</script>",
    "</script><script>window.ran = 1</script>",
    "</title><img src=x onerror='window.ran = 1'>",
    '"><svg onload=window.ran=1><a href="javascript:window.ran=1">href</a>',
    "{{ 7 * 7 }}{% raw %} ' onmouseover='window.ran=1",
    "<!--<script>window.ran=1//-->\u2028\u2029&lt;script&gt;",
    "\u202emj\u202c شركة الاختبار المحدودة",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "Z" * 300,
    "Gesellschaft " * 25,
)


def evil() -> Tables:
    """Names that try to run script, run from right to left, or are far too long, in every place."""
    t = Tables()
    for number, script in enumerate(_SCRIPTS):
        t.undertaking(f"u{number}", "Alliance" if number % 2 else "Project", script, f"{script} en")
        t.organisation(
            f"o{number}", "company", f"{script} o", f"{script} o en", website="javascript:window.ran=1"
        )
        t.takes_part(f"u{number}", f"o{number}", f"o{(number + 1) % len(_SCRIPTS)}")
    t.statements = [("u1", "at-least", 40, "2025")]
    t.kinds = {"company": ("<b onclick=window.ran=1>Firma</b>", "</style><script>window.ran=1</script>")}
    t.roles = {"partner": ("<i>Partner</i>", "<script>window.ran=1</script>")}
    return t


def analysis_of(
    tables: Tables, folder: Path, at_most: int | None = None, limit: int = 40, classes: NodeClasses = CLASSES
) -> Analysis:
    """Everything that is computed of the network of these tables; ``limit`` is that of consortia."""
    store = tables.store(folder)
    network = build_network(store, LANGUAGES, classes)
    if at_most is not None:
        network = build_network(store, LANGUAGES, classes, core_of(network, at_most))
    about = NetworkMetadata(
        Text(de="Innovationsbündnisse in Sachsen", en="Innovation alliances in Saxony"),
        BASE,
        "https://creativecommons.org/licenses/by/4.0/",
        (Text(de="Ausgedachte Quelle", en="Invented source"),),
    )
    return analyse(network, lay_out(network), read_coverage(store, LANGUAGES, classes), about, limit)


def core_of(network: nx.Graph, at_most: int) -> Core:
    """The nodes with most neighbours, and the size of the whole."""
    nodes = sorted(network, key=lambda node: (-network.degree(node), node))[:at_most]
    counts = (network.graph[name] for name in ("organisations", "undertakings", "participations"))
    return Core(frozenset(nodes), *counts)


def page_of(tables: Tables, folder: Path, at_most: int | None = None, whole: int = WHOLE) -> str:
    """The network page of these tables."""
    return network_page(analysis_of(tables, folder, at_most), whole)


def two_sources(tables: Tables, folder: Path) -> tuple[Analysis, str]:
    """The analysis of tables of which one alliance with its partners is stated by hand and all else by a
    list; and the partner with most undertakings in the list, which has one undertaking of both."""
    analysis = analysis_of(tables, folder)
    network, alliance = analysis.network, f"{BASE}undertaking/recomine"
    partners = {one for one in network[alliance] if network.nodes[one]["bipartite"] == 0}
    own, by_list = f"{BASE}graph/own", f"{BASE}graph/list"
    stated = {node: {own} if node in partners | {alliance} else {by_list} for node in network}
    for one, other, data in network.edges(data=True):
        graph = own if alliance in (one, other) else by_list
        stated.update({key: {graph} for key in data.get("participations", ())})
    titles = {own: Text(de="Eigene Tabellen", en="Own tables"), by_list: Text(de="Liste", en="List")}
    sources = DataSources(titles, stated, frozenset(partners | {alliance}))
    most = max(sorted(partners), key=lambda one: len(network[one]))
    return replace(analysis, sources=sources), most


def written_under_two_hash_seeds(program: str, folder: Path) -> list[bytes]:
    """What a program writes when the interpreter hashes in one order and in another.

    It can import the modules of the tests, and finds a new folder of its own in ``sys.argv[1]``.
    """
    written = []
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-c", program, str(folder / seed)],
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path]),
            },
            capture_output=True,
            check=True,
        )
        written.append(run.stdout)
    return written
