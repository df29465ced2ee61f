"""Small graphs as answers."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.common.namespaces import ANSWER_PREFIXES
from transfergraph.server.content_types import GRAPH_OFFERS, content_type
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.result_target import as_file


def write_graph_answer(
    triples: Iterable[ox.Triple], ending: str, writer: ResponseWriter, *headers: tuple[str, str]
) -> None:
    """Write a graph in the format with this ending, subject by subject."""
    form = next(content.form for content in GRAPH_OFFERS if content.form.ending == ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), *headers)
    ordered = sorted(triples, key=str)
    ox.serialize(ordered, as_file(writer), form.oxigraph, prefixes=ANSWER_PREFIXES)
