"""The texts of the data catalogue: titles and descriptions, data quality, and what the check says."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_DATASETS: Mapping[str, Text] = {
    "portal.catalogue": Text("Datenkatalog", "data catalogue"),
    "portal.graph": Text("Wissensgraph", "knowledge graph"),
    "portal.graph.about": Text(
        "Der ganze Graph als RDF: Vorhaben, Organisationen, Beteiligungen, Förderungen und die Quelle jeder "
        "Aussage.",
        "The whole graph as RDF: undertakings, organisations, participations, funding, and the source of "
        "each statement.",
    ),
    "portal.tables": Text("Tabellen", "tables"),
    "portal.tables.about": Text(
        "Die Tabellen, aus denen der Graph entsteht, als CSV mit ihrer Beschreibung nach CSV on the Web.",
        "The tables from which the graph is made, as CSV with their description in CSV on the Web.",
    ),
    "portal.ontology": Text("Ontologie", "ontology"),
    "portal.ontology.about": Text(
        "Die Begriffe des Graphen (OWL), die Regeln für gültige Einträge (SHACL) und die Listen der "
        "Kennungen (SKOS).",
        "The terms of the graph (OWL), the rules for valid records (SHACL) and the lists of codes (SKOS).",
    ),
    "portal.service": Text("SPARQL-Schnittstelle", "SPARQL endpoint"),
    "portal.service.about": Text(
        "Abfragen an den Graphen nach SPARQL 1.1, ohne Anmeldung.",
        "Queries to the graph in SPARQL 1.1, without registration.",
    ),
    "portal.graph.file": Text("Graph als {format}", "Graph as {format}"),
    "portal.graph.quads": Text(
        "Der ganze Graph mit einem benannten Graphen je Quelle, gepackt mit gzip.",
        "The whole graph with a named graph for each source, compressed with gzip.",
    ),
    "portal.graph.triples": Text(
        "Der ganze Graph ohne benannte Graphen, gepackt mit gzip.",
        "The whole graph without named graphs, compressed with gzip.",
    ),
    "portal.derived": Text("abgeleitet", "derived"),
    "portal.ties": Text("Kooperationen", "Cooperations"),
    "portal.table.plain": Text(
        "Eine Zeile je Eintrag, UTF-8, Komma als Trennzeichen.",
        "One row for each record, UTF-8, separated by commas.",
    ),
    "portal.table.about": Text(
        "Eine Zeile je Eintrag, UTF-8, Komma als Trennzeichen; die Spalten erklärt csvw-metadata.json.",
        "One row for each record, UTF-8, separated by commas; csvw-metadata.json explains the columns.",
    ),
    "portal.ontology.file": Text("Ontologie: {name}", "Ontology: {name}"),
    "portal.ontology.file.about": Text("Teil der Ontologie, als Turtle.", "Part of the ontology, as Turtle."),
}

_TERMS: Mapping[str, Text] = {
    "portal.release": Text("Release {version}", "Release {version}"),
    "portal.build": Text("Bau des Releases {version}", "Build of the release {version}"),
    "portal.made-from": Text("Erzeugt aus:", "Made from:"),
    "portal.retrieved": Text("abgerufen am {date}", "retrieved on {date}"),
    "portal.rights": Text(
        "Nutzung nach der genannten Lizenz; die Rechte an den Quellen bleiben bei ihren Herausgebern.",
        "Use under the licence named; the rights to the sources remain with their publishers.",
    ),
    "portal.homepage": Text("Startseite", "Home page"),
    "portal.description-of-tables": Text("Beschreibung der Tabellen", "Description of the tables"),
    "portal.legislation": Text("Rechtsgrundlage", "Legal basis"),
    "portal.linked-to": Text("Verknüpfungen mit {target}", "Links to {target}"),
}

_QUALITY: Mapping[str, Text] = {
    "quality.completeness": Text("Vollständigkeit", "Completeness"),
    "quality.consistency": Text("Widerspruchsfreiheit", "Consistency"),
    "quality.rows-known": Text("Bekannte Einträge", "Known records"),
    "quality.rows-known.about": Text(
        "Wie viele Einträge dieser Art der Graph für das Genannte enthält.",
        "How many records of this kind the graph holds for what is named.",
    ),
    "quality.rows-stated": Text("Angegebene Einträge", "Stated records"),
    "quality.rows-stated.about": Text(
        "Wie viele Einträge dieser Art es nach der jüngsten Angabe der Quellen gibt.",
        "How many records of this kind there are according to the latest statement of the sources.",
    ),
    "quality.share-known": Text("Anteil des Bekannten", "Share of the known"),
    "quality.share-known.about": Text(
        "Bekannte Einträge geteilt durch angegebene, höchstens 1.",
        "Known records divided by stated ones, at most 1.",
    ),
    "quality.fill-rate": Text("Füllgrad", "Fill rate"),
    "quality.fill-rate.about": Text(
        "Anteil der Einträge einer Klasse, die die Eigenschaft haben, von 0 bis 1.",
        "Share of the records of a class that have the property, from 0 to 1.",
    ),
    "quality.findings": Text("Befunde", "Findings"),
    "quality.findings.about": Text(
        "Zahl der Befunde dieser Schwere bei der Prüfung des Graphen.",
        "Number of findings of this severity when the graph was checked.",
    ),
    "quality.left-out": Text("Nicht aufgeführte Messungen", "Measurements left out"),
    "quality.left-out.about": Text(
        "Zahl der Bündnisse und Förderprogramme, deren Messungen hier der Kürze wegen fehlen.",
        "Number of alliances and funding programmes whose measurements are left out here for brevity.",
    ),
    "quality.status": Text("Stand der Erhebung", "State of collection"),
    "quality.complete": Text("vollständig", "complete"),
    "quality.complete.about": Text(
        "So viele Einträge wie angegeben oder mehr.", "As many records as stated, or more."
    ),
    "quality.partial": Text("teilweise", "partial"),
    "quality.partial.about": Text("Weniger Einträge als angegeben.", "Fewer records than stated."),
    "quality.not-stated": Text("Gesamtzahl unbekannt", "total unknown"),
    "quality.not-stated.about": Text(
        "Es gibt Einträge; wie viele es sein müssten, sagt keine Quelle.",
        "There are records; no source says how many there should be.",
    ),
    "quality.no-result": Text("kein Ergebnis", "no result"),
    "quality.no-result.about": Text(
        "Erhoben, und es gibt keinen Eintrag.", "Collected, and there is no record."
    ),
    "quality.not-collected": Text("nicht erhoben", "not collected"),
    "quality.not-collected.about": Text(
        "Nicht erhoben; dass kein Eintrag da ist, sagt nichts darüber, ob es welche gibt.",
        "Not collected; that no record is here does not say whether there are any.",
    ),
    "quality.partners": Text("Partner", "partners"),
    "quality.projects": Text("Projekte", "projects"),
    "quality.labs": Text("Labore", "labs"),
    "quality.universities": Text("Hochschulen", "universities"),
    "quality.alliances": Text("Bündnisse", "alliances"),
    "quality.undertakings": Text("Vorhaben", "undertakings"),
    "quality.rows": Text("Zeilen", "rows"),
}

PORTALS: Mapping[str, Text] = {**_DATASETS, **_TERMS, **_QUALITY}
