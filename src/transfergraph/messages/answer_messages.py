"""The texts around the answers to queries."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

ANSWERS: Mapping[str, Text] = {
    "answer.rows": Text("{count:Zeile|Zeilen}", "{count:row|rows}"),
    "answer.cut": Text(
        "Nach {count:Zeile|Zeilen} abgeschnitten: Es gibt mehr.",
        "Cut after {count:row|rows}: there are more.",
    ),
    "answer.yes": Text("ja", "yes"),
    "answer.no": Text("nein", "no"),
}
