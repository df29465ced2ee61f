"""Headings, labels and short sentences of reports, of the build and of its summary."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_REPORT: Mapping[str, Text] = {
    "report.title": Text("Befunde", "Findings"),
    "report.causes": Text("Ursachen", "Causes"),
    "report.nothing": Text("Keine Befunde.", "Nothing was found."),
    "report.findings": Text("{count:Befund|Befunde}", "{count:finding|findings}"),
    "report.violations": Text("{count:Verstoß|Verstöße}", "{count:violation|violations}"),
    "report.warnings": Text("{count:Warnung|Warnungen}", "{count:warning|warnings}"),
    "report.hints": Text("{count:Hinweis|Hinweise}", "{count:hint|hints}"),
    "report.violation": Text("Verstoß", "Violation"),
    "report.warning": Text("Warnung", "Warning"),
    "report.hint": Text("Hinweis", "Hint"),
    "report.summary": Text("{findings} aus {causes}: {severities}", "{findings} from {causes}: {severities}"),
    "report.cause-count": Text("{count:Ursache|Ursachen}", "{count:cause|causes}"),
    "report.more-findings": Text(
        "… und {count:weiterer Befund|weitere Befunde}. Alle stehen in den Dateiformaten des Berichts, "
        "zum Beispiel mit --format json.",
        "… and {count:more finding|more findings}. The file formats of the report hold all of them, "
        "for example with --format json.",
    ),
    "report.more-causes": Text(
        "… und {count:weitere Ursache|weitere Ursachen}.", "… and {count:more cause|more causes}."
    ),
    "report.often": Text("Am häufigsten", "Most often"),
    "report.example": Text("Zum Beispiel", "For example"),
    "report.more-here": Text(
        "… und {count:weiterer Befund|weitere Befunde} zu dieser Zelle.",
        "… and {count:more finding|more findings} on this cell.",
    ),
    "report.root": Text("Der Ordner mit transfergraph.toml.", "The folder with transfergraph.toml."),
    "report.times": Text("{count:n} × {what}", "{count:n} × {what}"),
    "report.quoted": Text("„{value}“", "“{value}”"),
    "report.in-column": Text("Spalte {column}", "column {column}"),
    "report.on-path": Text("Pfad {path}", "path {path}"),
    "report.severity": Text("Schwere", "Severity"),
    "report.file": Text("Datei", "File"),
    "report.sheet": Text("Blatt", "Sheet"),
    "report.row": Text("Zeile", "Row"),
    "report.column": Text("Spalte", "Column"),
    "report.path": Text("Pfad", "Path"),
    "report.value": Text("Wert", "Value"),
    "report.message": Text("Befund", "Finding"),
    "report.remedy": Text("Abhilfe", "Remedy"),
    "report.code": Text("Kennung", "Code"),
    "report.focus": Text("Knoten", "Node"),
    "report.cell": Text("Zelle", "Cell"),
    "report.cut-text": Text(
        "… [gekürzt, {count:n} Zeichen im Ganzen]", "… [shortened, {count:n} characters in all]"
    ),
    "report.cut-rows": Text(
        "… und {count:weiterer Befund|weitere Befunde}, für die ein Tabellenblatt keinen Platz hat.",
        "… and {count:more finding|more findings} for which a sheet has no room.",
    ),
}

_STAGES: Mapping[str, Text] = {
    "stage.read": Text("Tabellen lesen", "Reading tables"),
    "stage.check": Text("Tabellen prüfen", "Checking tables"),
    "stage.map": Text("Auf RDF abbilden", "Mapping to RDF"),
    "stage.derive": Text("Folgerungen ableiten", "Deriving"),
    "stage.validate": Text("Graph validieren", "Validating"),
    "stage.dump": Text("Ausgaben schreiben", "Writing dumps"),
    "stage.publish": Text("Release veröffentlichen", "Publishing"),
}

_BUILD: Mapping[str, Text] = {
    "build.alliances": Text("{count:Bündnis|Bündnisse}", "{count:alliance|alliances}"),
    "build.projects": Text("{count:Projekt|Projekte}", "{count:project|projects}"),
    "build.labs": Text("{count:Labor|Labore}", "{count:lab|labs}"),
    "build.organisations": Text("{count:Organisation|Organisationen}", "{count:organisation|organisations}"),
    "build.participations": Text("{count:Beteiligung|Beteiligungen}", "{count:participation|participations}"),
    "build.programmes": Text(
        "{count:Förderprogramm|Förderprogramme}", "{count:funding programme|funding programmes}"
    ),
    "build.fundings": Text("{count:Förderung|Förderungen}", "{count:grant|grants}"),
    "build.regions": Text("{count:Region|Regionen}", "{count:region|regions}"),
    "build.places": Text("{count:Ort|Orte}", "{count:place|places}"),
    "build.topics": Text("{count:Thema|Themen}", "{count:topic|topics}"),
    "build.events": Text("{count:Ereignis|Ereignisse}", "{count:event|events}"),
    "build.aims": Text("{count:Ziel|Ziele}", "{count:aim|aims}"),
    "build.statements": Text(
        "{count:Größenangabe|Größenangaben}", "{count:statement of size|statements of size}"
    ),
    "build.sources": Text("{count:Quelle|Quellen}", "{count:source|sources}"),
    "build.former_undertakings": Text(
        "{count:früheres Vorhaben|frühere Vorhaben}", "{count:former undertaking|former undertakings}"
    ),
    "build.former_organisations": Text(
        "{count:frühere Organisation|frühere Organisationen}",
        "{count:former organisation|former organisations}",
    ),
    "build.triples": Text("{count:Tripel|Tripel}", "{count:triple|triples}"),
    "build.release": Text("Release", "Release"),
    "build.dumps": Text("Ausgaben", "Dumps"),
    "build.report": Text("Bericht", "Report"),
    "build.network": Text("Netzwerkseite", "Network page"),
    "build.next": Text("Als Nächstes:", "Next, try:"),
    "build.unchanged": Text(
        "Nichts hat sich geändert: das Release {release} gibt es schon.",
        "Nothing has changed: the release {release} exists already.",
    ),
    "build.stopped": Text(
        "{violations:Verstoß steht|Verstöße stehen} der Veröffentlichung entgegen; gültig bleibt {current}.",
        "{violations:violation stands|violations stand} against publishing; {current} stays current.",
    ),
    "build.stopped-first": Text(
        "{violations:Verstoß steht|Verstöße stehen} der Veröffentlichung entgegen; kein Release ist gültig.",
        "{violations:violation stands|violations stand} against publishing; no release is current.",
    ),
}

LABELS: Mapping[str, Text] = {**_REPORT, **_STAGES, **_BUILD}
