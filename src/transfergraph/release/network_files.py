"""A part of a release's network as a file, in the form that its name ends with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import networkx as nx

from transfergraph.common.files import replace_file
from transfergraph.errors import UsageError
from transfergraph.messages import explained, text
from transfergraph.network.layout.network_layout import Layout, lay_out
from transfergraph.network.model.measures import add_measures
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.sentences import name_of
from transfergraph.network.model.subjects import find_subject
from transfergraph.network.model.subnetworks import Selection, find_alliance
from transfergraph.network.output.file_notes import FileNotes, sources_of
from transfergraph.network.output.graph_files import gexf, graphml, nodes_csv, ties_csv, vosviewer_json
from transfergraph.network.output.network_report import network_report
from transfergraph.network.output.picture import draw
from transfergraph.network.output.report_content import ReportSubject
from transfergraph.network.output.svg import png, svg
from transfergraph.release.reader import Release

ENDINGS = ("html", "graphml", "gexf", "csv", "json", "svg", "png", "pdf")


@dataclass(frozen=True, slots=True)
class NetworkPart:
    """A part of the network as it was asked for: ``graph`` in the view, ``network`` with the undertakings,
    ``layout`` with a place for every node."""

    request: Selection
    network: nx.Graph
    graph: nx.Graph
    layout: Layout


def read_part(release: Release, request: Selection) -> NetworkPart:
    """Read the part of the network that is asked for."""
    network = release.network(alliance=request.alliances, years=request.years, about=request.about)
    graph = network if request.view == "undertakings" else _partners(release, network)
    layout = release.layout
    if any(node not in layout.positions for node in network):
        layout = lay_out(network)
    return NetworkPart(request, network, graph, layout)


def _partners(release: Release, network: nx.Graph) -> nx.Graph:
    partners = project_partners(network, release.manifest.consortium)
    add_measures(partners)
    return partners


def write_part(release: Release, part: NetworkPart, output: Path, language: str) -> list[Path]:
    """Write a part of the network; return the files, of which CSV has two (edges, and ``.nodes.csv``).

    Raises :class:`UsageError` for an ending that is none of :data:`ENDINGS`, for a report of nothing or of
    several alliances, and where the form needs an extra that is not installed.
    """
    ending = output.suffix.lower().removeprefix(".")
    simple: Mapping[str, Callable[[nx.Graph, Layout, str, FileNotes], str]] = {
        "graphml": graphml,
        "gexf": gexf,
        "json": vosviewer_json,
    }
    if ending in simple:
        notes = _notes(release, part, language)
        return _written({output: simple[ending](part.graph, part.layout, language, notes).encode()})
    if ending == "csv":
        nodes = output.with_suffix(".nodes.csv")
        tables = {output: ties_csv(part.graph, language), nodes: nodes_csv(part.graph, part.layout, language)}
        return _written({file: table.encode() for file, table in tables.items()})
    if ending in ("svg", "png"):
        return _written({output: _image(release, part, ending, language)})
    if ending == "html":
        if part.request.about:
            raise UsageError(explained("error.network.page-about"))
        figure = release.figure(alliance=part.request.alliances, years=part.request.years)
        return _written({output: figure.page.encode()})
    if ending == "pdf":
        return _written({output: report(release, part, language)})
    endings = ", ".join(f".{one}" for one in ENDINGS)
    raise UsageError(explained("error.network.ending", output=output.name, endings=endings))


def _written(files: Mapping[Path, bytes]) -> list[Path]:
    for file, content in files.items():
        try:
            if file.exists() and not file.is_file():  # a device or a pipe keeps its place
                file.write_bytes(content)
                continue
            with replace_file(file) as stream:
                stream.write(content)
        except OSError as error:
            raise UsageError(explained("error.unwritable", file=file, error=error.strerror)) from error
    return list(files)


def _image(release: Release, part: NetworkPart, ending: str, language: str) -> bytes:
    notes = _notes(release, part, language)
    document = svg(draw(part.graph, part.layout, language), notes, language)
    return document.encode() if ending == "svg" else png(document, notes)


def _notes(release: Release, part: NetworkPart, language: str) -> FileNotes:
    """What a file of the part says of itself."""
    about = release.about
    sources = sources_of(part.network, language)
    return FileNotes(_title(release, part, language), about.issued, about.citation, about.licence, sources)


def _title(release: Release, part: NetworkPart, language: str) -> str:
    """The title of the graph, and which part of it this is."""
    parts = [release.about.title.in_language(language)]
    base = release.manifest.base
    found = (find_alliance(part.network, one, base) for one in part.request.alliances)
    parts += [part.network.nodes[one]["label_" + language] for one in found if one in part.network]
    if part.request.about:
        parts.append(name_of(part.network, find_subject(part.network, part.request.about, base), language))
    if part.request.years is not None:
        first, last = part.request.years
        parts.append(
            str(first) if first == last else text("network.period", language, start=str(first), end=str(last))
        )
    return " · ".join(parts)


def report(release: Release, part: NetworkPart, language: str) -> bytes:
    """The report of the one thing that the part is about."""
    subject = report_subject(release, part)
    return network_report(subject, release.about, release.citation, release.manifest.created, language)


def report_subject(release: Release, part: NetworkPart) -> ReportSubject:
    """What the report of a part is about.

    Raises :class:`UsageError` for a part of nothing, or of several alliances.
    """
    wanted = [part.request.about] if part.request.about else list(part.request.alliances)
    if len(wanted) != 1:
        raise UsageError(explained("error.network.report"))
    whole = release.network(years=part.request.years)
    iri = find_subject(whole, wanted[0], release.manifest.base)
    coverage = next((one for one in release.coverage if one.undertaking == iri), None)
    partners = _partners(release, part.network)
    return ReportSubject(iri, whole, part.network, partners, part.layout, coverage)
