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
}
