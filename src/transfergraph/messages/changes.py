"""The reader's note about the difference between two releases."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.findings import Text

CHANGES: Mapping[str, Text] = {
    "changes.title": Text("Änderungen gegenüber {previous}", "Changes since {previous}"),
    "changes.first": Text("Das erste Release.", "The first release."),
    "changes.none": Text("Am Graphen hat sich nichts geändert.", "Nothing has changed in the graph."),
    "changes.new": Text("{label}, neu ({count:n}): {names}", "{label}, new ({count:n}): {names}"),
    "changes.gone": Text("{label}, entfallen ({count:n}): {names}", "{label}, gone ({count:n}): {names}"),
    "changes.renamed-one": Text("{old} heißt jetzt {new}", "{old} is now called {new}"),
    "changes.changed-one": Text("{name}, {property}: {old} → {new}", "{name}, {property}: {old} → {new}"),
    "changes.more": Text(
        "… und {count:weitere Änderung|weitere Änderungen}", "… and {count:more change|more changes}"
    ),
    "changes.triples": Text(
        "{added:Tripel|Tripel} hinzugekommen, {removed:Tripel|Tripel} entfallen",
        "{added:triple|triples} added, {removed:triple|triples} removed",
    ),
}
