"""The reader's note about the difference between two releases, and the guard against losses."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

CHANGES: Mapping[str, Text] = {
    "changes.title": Text("Änderungen gegenüber {previous}", "Changes since {previous}"),
    "changes.first": Text("Das erste Release.", "The first release."),
    "changes.none": Text("Am Graphen hat sich nichts geändert.", "Nothing has changed in the graph."),
    "changes.new": Text("{label}, neu ({count:n}): {names}", "{label}, new ({count:n}): {names}"),
    "changes.gone": Text("{label}, entfallen ({count:n}): {names}", "{label}, gone ({count:n}): {names}"),
    "changes.rest": Text(", … (+{count:n})", ", … (+{count:n})"),
    "changes.replaced": Text("{name} → {successor}", "{name} → {successor}"),
    "changes.renamed-one": Text("{old} heißt jetzt {new}", "{old} is now called {new}"),
    "changes.changed-one": Text("{name}, {property}: {old} → {new}", "{name}, {property}: {old} → {new}"),
    "changes.more": Text(
        "… und {count:weitere Änderung|weitere Änderungen}", "… and {count:more change|more changes}"
    ),
    "changes.violation": Text("Verstöße: {before:n} → {after:n}", "Violations: {before:n} → {after:n}"),
    "changes.warning": Text("Warnungen: {before:n} → {after:n}", "Warnings: {before:n} → {after:n}"),
    "changes.info": Text("Hinweise: {before:n} → {after:n}", "Hints: {before:n} → {after:n}"),
    "changes.triples": Text(
        "{added:Tripel|Tripel} hinzugekommen, {removed:Tripel|Tripel} entfallen",
        "{added:triple|triples} added, {removed:triple|triples} removed",
    ),
    "changes.lead.new": Text("{what} neu", "{what} new"),
    "changes.lead.gone": Text("{what} entfallen", "{what} gone"),
    "changes.lead.counted": Text("{label} ({count:n})", "{label} ({count:n})"),
    "changes.lead.replaced": Text("{name} in {successor} aufgegangen", "{name} merged into {successor}"),
    "changes.lead.renamed": Text("{names} umbenannt", "{names} renamed"),
    "changes.lead.renamed-many": Text("{count:Eintrag|Einträge} umbenannt", "{count:record|records} renamed"),
    "changes.lead.start": Text(
        "Beginn von {name} von {old} auf {new} verschoben", "beginning of {name} moved from {old} to {new}"
    ),
    "changes.lead.end": Text(
        "Ende von {name} von {old} auf {new} verschoben", "end of {name} moved from {old} to {new}"
    ),
    "changes.lead.moved-many": Text("{count:Datum|Daten} verschoben", "{count:date|dates} moved"),
    "changes.lead.changed": Text("{count:Eintrag|Einträge} geändert", "{count:record|records} changed"),
    "changes.lead.others": Text(
        "{count:weiterer Eintrag|weitere Einträge} geändert",
        "{count:other record|other records} changed",
    ),
    "changes.lead.fewer": Text("{count:Befund|Befunde} weniger", "{count:finding|findings} fewer"),
    "changes.lead.more": Text("{count:Befund|Befunde} mehr", "{count:finding|findings} more"),
    "changes.releases": Text("{title}: Releases", "{title}: releases"),
    "changes.stream.feed": Text("Änderungen am Graphen", "changes of the graph"),
    "changes.stream.catalog-feed": Text("Änderungen am Datenkatalog", "changes of the data catalogue"),
}

# What a build could not read of the releases before, and what it did about it.
HISTORY: Mapping[str, tuple[Text, Text]] = {
    "release.built-anew": (
        Text(
            "Das Release {release} war beschädigt und wurde neu gebaut: {files}.",
            "The release {release} was damaged, and has been built anew: {files}.",
        ),
        Text(
            "Die Platte prüfen. Das beschädigte Release liegt in {folder}, bis das nächste beschädigte "
            "seinen Platz nimmt.",
            "Check the disk. The damaged release lies in {folder} until the next damaged one takes its "
            "place.",
        ),
    ),
    "release.before-damaged": (
        Text(
            "Das Release davor, {release}, ist beschädigt: {files}. Was darin stand, wurde nicht übernommen; "
            "Feeds, die es betrifft, beginnen neu.",
            "The release before, {release}, is damaged: {files}. What stood there was not taken over; feeds "
            "that depend on it begin anew.",
        ),
        Text(
            "Die Dateien aus einer Sicherung zurückholen und neu bauen, wenn die Geschichte vollständig sein "
            "soll.",
            "Restore the files from a backup and build anew if the history is to be complete.",
        ),
    ),
    "release.before-passed-over": (
        Text(
            "Nicht lesbar waren: {names}. Verglichen wurde stattdessen mit dem Release {release}.",
            "These could not be read: {names}. The release {release} was compared with instead.",
        ),
        Text(
            "Das Release aus einer Sicherung zurückholen und neu bauen, wenn die Geschichte vollständig sein "
            "soll.",
            "Restore the release from a backup and build anew if the history is to be complete.",
        ),
    ),
    "release.before-lost": (
        Text(
            "Kein früheres Release war lesbar: {names}. Dieses gilt als das erste.",
            "No earlier release could be read: {names}. This one counts as the first.",
        ),
        Text(
            "Ein Release aus einer Sicherung zurückholen und neu bauen, wenn die Geschichte erhalten bleiben "
            "soll.",
            "Restore a release from a backup and build anew if the history is to be kept.",
        ),
    ),
}

# What a release would lose against the one before; each with its remedy.
LOSSES: Mapping[str, tuple[Text, Text]] = {
    "release.lost-rows": (
        Text(
            "Die Quelle „{source}“ hat {after:Zeile|Zeilen} statt bisher {before:n}; das ist ein Verlust von "
            "{percent} %, erlaubt sind {limit} %.",
            "The source “{source}” has {after:row|rows} instead of {before:n} before; that is a loss of "
            "{percent} %, {limit} % are allowed.",
        ),
        Text(
            "Prüfen, ob in data/{source} Tabellen oder Zeilen fehlen; ist der Verlust gewollt, mit "
            "--accept-loss bauen.",
            "Check whether tables or rows are missing in data/{source}; if the loss is intended, build with "
            "--accept-loss.",
        ),
    ),
    "release.lost-table": (
        Text(
            "Die Tabelle „{table}“ hat {after:Zeile|Zeilen} statt bisher {before:n}; das ist ein Verlust von "
            "{percent} %, erlaubt sind {limit} %.",
            "The table “{table}” has {after:row|rows} instead of {before:n} before; that is a loss of "
            "{percent} %, {limit} % are allowed.",
        ),
        Text(
            "Prüfen, ob Zeilen fehlen; ist der Verlust gewollt, mit --accept-loss bauen.",
            "Check whether rows are missing; if the loss is intended, build with --accept-loss.",
        ),
    ),
    "release.lost-entities": (
        Text(
            "Von der Klasse <{entity_class}> gibt es {after:Eintrag|Einträge} statt bisher {before:n}; das "
            "ist ein Verlust von {percent} %, erlaubt sind {limit} %.",
            "Of the class <{entity_class}> there are {after:record|records} instead of {before:n} before; "
            "that is a loss of {percent} %, {limit} % are allowed.",
        ),
        Text(
            "Prüfen, ob in den Tabellen Zeilen fehlen oder sich ihre Art geändert hat; ist der Verlust "
            "gewollt, mit --accept-loss bauen.",
            "Check whether rows are missing in the tables, or have changed their kind; if the loss is "
            "intended, build with --accept-loss.",
        ),
    ),
    "release.lost-datasets": (
        Text(
            "Der Katalog hat {after:Datensatz|Datensätze} statt bisher {before:n}; das ist ein Verlust von "
            "{percent} %, erlaubt sind {limit} %. Portale löschen, was fehlt: {names}.",
            "The catalogue has {after:dataset|datasets} instead of {before:n} before; that is a loss of "
            "{percent} %, {limit} % are allowed. Portals delete what is missing: {names}.",
        ),
        Text(
            "Prüfen, warum Datensätze fehlen; ist der Verlust gewollt, mit --accept-loss bauen.",
            "Check why datasets are missing; if the loss is intended, build with --accept-loss.",
        ),
    ),
    "release.lost-files": (
        Text(
            "Der Datensatz <{dataset}> hat {after:Datei|Dateien} statt bisher {before:n}; das ist ein "
            "Verlust von {percent} %, erlaubt sind {limit} %.",
            "The dataset <{dataset}> has {after:file|files} instead of {before:n} before; that is a loss of "
            "{percent} %, {limit} % are allowed.",
        ),
        Text(
            "Prüfen, ob eine Quelle oder eine Tabelle fehlt; ist der Verlust gewollt, mit --accept-loss "
            "bauen.",
            "Check whether a source or a table is missing; if the loss is intended, build with "
            "--accept-loss.",
        ),
    ),
}
