"""The verb about the network: as a table on the terminal, or as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.messages import text

if TYPE_CHECKING:
    from transfergraph.release.network_files import NetworkPart

_ROWS = 20
_LETTERS = 56


def network(
    view: Annotated[str, typer.Option(help="partners, or undertakings with their partners.")] = "partners",
    alliance: Annotated[
        list[str] | None, typer.Option("--alliance", "-a", help="Only this alliance; may be given again.")
    ] = None,
    years: Annotated[str | None, typer.Option(help="Only what runs in these years: 2018-2023.")] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="A file: .html .graphml .gexf .csv .json (VOSviewer) .svg .png .pdf (report).",
        ),
    ] = None,
    release: Annotated[
        Path, typer.Option("--release", "-r", help="A release, or the folder of builds.")
    ] = Path("build"),
    store: Annotated[
        str | None, typer.Option(help="The URL of a SPARQL server that holds the graph; ask it instead.")
    ] = None,
    lang: Annotated[str, show.language_option("The language of labels.")] = show.LANGUAGE,
) -> None:
    """Show who works with whom, or write it as page, picture, report, or for other programs."""
    from transfergraph.network.model.subnetworks import make_selection
    from transfergraph.release.network_files import read_part, write_part

    opened = tg.open(release, store)
    part = read_part(opened, make_selection(view, tuple(alliance or ()), years))
    if output is None:
        _table(part, lang)
    else:
        for file in write_part(opened, part, output, lang):
            show.line(str(file))


def _table(part: NetworkPart, language: str) -> None:
    """The best connected nodes with their measures, and how much there is in all."""
    from transfergraph.network.output.picture import label_of

    graph = part.graph
    partners = part.request.view == "partners"
    shown = ("ties", "reach", "broker", "undertakings") if partners else ("participations",)
    head = ["", *(text(f"network.measure.{name}", language) for name in shown)]
    ranked = sorted(graph, key=lambda node: (-graph.degree(node), node))
    rows = []
    for node in ranked[:_ROWS]:
        data = graph.nodes[node]
        values = (data[name] if partners else graph.degree(node) for name in shown)
        name = label_of(graph, node, language, _LETTERS)
        rows.append([name, *(f"{one:.4f}" if isinstance(one, float) else str(one) for one in values)])
    widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        cells = [
            row[0].ljust(widths[0]),
            *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True)),
        ]
        show.line("  ".join(cells).rstrip())
    organisations = sum(kind == 0 for _, kind in graph.nodes(data="bipartite"))
    counts = [
        text("network.organisations", language, count=organisations),
        text("network.undertakings", language, count=len(part.network) - organisations),
        text("network.ties", language, count=graph.number_of_edges()),
    ]
    show.line("")
    show.line(", ".join(counts if partners else counts[:2]))
