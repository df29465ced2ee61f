"""The texts of the server."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

SERVED: Mapping[str, Text] = {
    "served.limits": Text(
        "Eine Anfrage darf {seconds:Sekunde|Sekunden} rechnen; eine Antwort hat höchstens {rows:n} Zeilen "
        "oder Tripel und {megabytes:n} MiB, und sagt es, wenn sie abgeschnitten wurde. Anfragen an andere "
        "Server (SERVICE) und Änderungen sind nicht möglich.",
        "A query may compute for {seconds:second|seconds}; an answer has at most {rows:n} rows or triples "
        "and {megabytes:n} MiB, and says when it was cut. Queries to other servers (SERVICE) and updates are "
        "not possible.",
    ),
    "ended.time": Text(
        "Die Abfrage brauchte länger als {seconds:Sekunde|Sekunden}. Fragen Sie nach weniger, oder nehmen "
        "Sie den Dump des Graphen.",
        "The query took longer than {seconds:second|seconds}. Ask for less, or take the dump of the graph.",
    ),
    "ended.memory": Text(
        "Die Abfrage braucht mehr Speicher, als eine Abfrage haben darf. Fragen Sie nach weniger.",
        "The query needs more memory than one query may take. Ask for less.",
    ),
    "ended.engine": Text(
        "Die Abfragemaschine ist an dieser Abfrage gescheitert; das ist ein Fehler der Maschine und käme "
        "wieder. Bekannt ist es von ORDER BY über Werte, die keine gemeinsame Ordnung haben, wie Zahlen und "
        "Texte oder Zeiten mit und ohne Zeitzone: Ordnen Sie nach STR(?x).",
        "The query engine failed at this query; that is a fault of the engine, and it would happen again. It "
        "is known of ORDER BY over values that have no common order, such as numbers and texts or times with "
        "and without a time zone: order by STR(?x).",
    ),
    "ended.crash": Text(
        "Die Abfragemaschine ist an dieser Abfrage abgestürzt, wie bei Abfragen, die zu tief geschachtelt "
        "sind.",
        "The query engine crashed at this query, as it does when a query is nested too deeply.",
    ),
    "ended.killed": Text(
        "Das Betriebssystem hat die Abfrage beendet, wie es das tut, wenn der Speicher des Rechners nicht "
        "reicht. Fragen Sie nach weniger, oder später noch einmal.",
        "The operating system ended the query, as it does when the machine runs out of memory. Ask for "
        "less, or ask again later.",
    ),
    "ended.stopping": Text(
        "Die Abfragen werden gerade angehalten, weil der Server endet oder neu beginnt. Fragen Sie gleich "
        "noch einmal.",
        "Queries are being stopped, because the server ends or begins anew. Ask again in a moment.",
    ),
    "ended.failure": Text(
        "Die Abfrage wurde ohne Antwort beendet. Fragen Sie gleich noch einmal.",
        "The query ended without an answer. Ask again in a moment.",
    ),
}
