"""The texts of what leaves the house: pages about datasets, and how sites, pushes and archives go."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_DATASET: Mapping[str, Text] = {
    "dataset": Text("Datensatz", "Dataset"),
    "dataset.files": Text("Dateien", "Files"),
    "dataset.title": Text("Inhalt", "Content"),
    "dataset.others": Text("Weitere Datensätze", "Other datasets"),
    "dataset.version": Text("Version", "Version"),
    "dataset.issued": Text("Zuerst veröffentlicht", "First published"),
    "dataset.modified": Text("Inhalt zuletzt geändert", "Content last changed"),
    "dataset.period": Text("Zeitraum", "Period"),
    "dataset.area": Text("Gebiet", "Area"),
    "dataset.publisher": Text("Herausgegeben von", "Published by"),
    "dataset.licence": Text("Lizenz", "Licence"),
    "dataset.attribution": Text("Zu nennen ist", "To be named"),
    "dataset.contact": Text("Kontakt", "Contact"),
    "dataset.keywords": Text("Schlagwörter", "Keywords"),
}

_STEPS: Mapping[str, Text] = {
    "stage.copy": Text("Dateien kopieren", "Copying files"),
    "stage.pages": Text("Seiten schreiben", "Writing pages"),
    "stage.compare": Text("Mit dem Server vergleichen", "Comparing with the server"),
    "stage.send": Text("Aussagen senden", "Sending statements"),
    "stage.move": Text("Auf dem Server umstellen", "Switching on the server"),
    "stage.verify": Text("Nachprüfen", "Verifying"),
    "stage.pack": Text("Dateien packen", "Packing files"),
}

_SITE: Mapping[str, Text] = {
    "site.done": Text(
        "Release {release}, {files:Datei|Dateien}, {megabytes:n} MB",
        "release {release}, {files:file|files}, {megabytes:n} MB",
    ),
    "site.no-pages": Text(
        "Ohne Seiten über die {entities:Entität|Entitäten}; --pages schreibt sie.",
        "Without pages about the {entities:entity|entities}; --pages writes them.",
    ),
    "site.left-out": Text(
        "Ohne Seite, weil aus dem Namen keine Datei werden kann, {count:Entität|Entitäten}:",
        "Without a page, because the name cannot become a file, {count:entity|entities}:",
    ),
    "site.settings": Text("Einstellungen für {server}", "Settings for {server}"),
}

_PUSH: Mapping[str, Text] = {
    "push.whole": Text(
        "enthält jetzt Release {release}, {triples:Aussage|Aussagen} in {graphs:Graph|Graphen}; ganz "
        "gesendet, {resumed:Teil war|Teile waren} schon dort.",
        "now holds release {release}, {triples:statement|statements} in {graphs:graph|graphs}; sent whole, "
        "{resumed:part was|parts were} there already.",
    ),
    "push.patch": Text(
        "enthält jetzt Release {release}; {added:Aussage|Aussagen} hinzugefügt, {removed:n} entfernt.",
        "now holds release {release}; {added:statement|statements} added, {removed:n} removed.",
    ),
    "push.nothing": Text(
        "enthielt Release {release} schon; nichts gesendet.",
        "held release {release} already; nothing sent.",
    ),
    "push.verified": Text(
        "Nachgeprüft: die Zahl der Aussagen jedes Graphen und {sampled:Aussage|Aussagen} als Stichprobe.",
        "Verified: the number of statements of each graph, and {sampled:statement|statements} as a sample.",
    ),
}

_ARCHIVE: Mapping[str, Text] = {
    "archive.done": Text(
        "Release {release}, {files:Datei|Dateien}, {megabytes:n} MB",
        "release {release}, {files:file|files}, {megabytes:n} MB",
    ),
    "archive.cite": Text(
        "Wer diesen Datensatz verwendet, zitiert ihn bitte so.",
        "If you use this dataset, please cite it as below.",
    ),
    "archive.identifier": Text("Dieses Release", "This release"),
    "archive.licence": Text("Diese Daten stehen unter der Lizenz", "These data are under the licence"),
    "archive.attribution": Text("Bei der Weiterverwendung ist zu nennen:", "Reusers have to name:"),
    "archive.sources": Text(
        "Herkunft der Angaben; die Rechte an den Quellen bleiben bei ihren Herausgebern:",
        "Where the facts come from; the rights to the sources remain with their publishers:",
    ),
    "archive.readme.release": Text("Release {release} vom {date}.", "Release {release} of {date}."),
    "archive.readme.graph": Text(
        "der Graph als RDF; nur N-Quads nennt die Quelle jeder Aussage",
        "the graph as RDF; only N-Quads keeps the source of each statement",
    ),
    "archive.readme.tables": Text(
        "die Tabellen als CSV, beschrieben in csvw-metadata.json (CSV on the Web)",
        "the tables as CSV, described in csvw-metadata.json (CSV on the Web)",
    ),
    "archive.readme.ontology": Text(
        "Begriffe, Listen und Regeln (OWL, SKOS, SHACL)", "terms, lists and rules (OWL, SKOS, SHACL)"
    ),
    "archive.readme.questions": Text("fertige Fragen (SPARQL)", "saved questions (SPARQL)"),
    "archive.readme.changes": Text(
        "was sich seit dem Release davor geändert hat", "what has changed since the release before"
    ),
    "archive.readme.feed": Text(
        "die Folge der Releases (Atom) und der Änderungen (Linked Data Event Stream)",
        "the sequence of releases (Atom) and of changes (Linked Data Event Stream)",
    ),
    "archive.readme.network": Text(
        "das Netzwerk als Seite, die ohne Netz funktioniert", "the network, as a page that needs no network"
    ),
    "archive.readme.catalogue": Text(
        "Beschreibung für Datenportale (DCAT-AP)", "description for data portals (DCAT-AP)"
    ),
    "archive.readme.report": Text("was bei der Prüfung gefunden wurde", "what the validation found"),
    "archive.readme.manifest": Text(
        "jede Datei mit Größe und Prüfsumme, und woraus das Release gemacht ist",
        "every file with size and checksum, and what the release was made from",
    ),
    "archive.readme.verify": Text(
        "Ob alle Dateien unverändert sind, sagt in diesem Ordner:",
        "Whether all files are unchanged is said, in this folder, by:",
    ),
    "archive.readme.cite": Text("Zitieren als:", "Cite as:"),
    "archive.readme.licence": Text("Lizenz:", "Licence:"),
    "archive.readme.more": Text("mehr dazu in LICENSE.txt.", "more in LICENSE.txt."),
}

PUBLICATION: Mapping[str, Text] = {**_DATASET, **_STEPS, **_SITE, **_PUSH, **_ARCHIVE}
