"""The verb about the network: as a table on the terminal, or as a file."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.cli.show import told
from transfergraph.messages import number, text

if TYPE_CHECKING:
    from transfergraph.release.network_files import NetworkPart

_ROWS = 20
_LETTERS = 56


def network(
    view: Annotated[str, typer.Option(help=told("help.view"))] = "partners",
    alliance: Annotated[
        list[str] | None, typer.Option("--alliance", "-a", help=told("help.alliance"))
    ] = None,
    about: Annotated[str, typer.Option(help=told("help.network-about"))] = "",
    years: Annotated[str | None, typer.Option(help=told("help.years"))] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help=told("help.network-output"),
        ),
    ] = None,
    release: Annotated[Path, typer.Option("--release", "-r", help=told("help.release"))] = Path("build"),
    store: Annotated[str | None, typer.Option(help=told("help.store"))] = None,
    lang: Annotated[str, show.language_option("help.label-lang")] = show.LANGUAGE,
) -> None:
    """Show who works with whom, or write it as page, picture, report, or for other programs."""
    from transfergraph.network.model.subnetworks import make_selection
    from transfergraph.release.network_files import read_part, write_part

    opened = tg.open(release, store)
    part = read_part(opened, make_selection(view, tuple(alliance or ()), years, about))
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
        rows.append([name, *(_figure(one, language) for one in values)])
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


def _figure(value: float, language: str) -> str:
    """A measure with four decimals, or a count."""
    if isinstance(value, int):
        return number(value, language)
    return number(Decimal(f"{value:.4f}"), language, ".0000")
