"""The network as one self-contained page: pyvis writes it with a template of its own.

The page makes no request. Its policy (Content Security Policy Level 3, in a meta element) allows exactly the
scripts and the style sheet that are in it, by their hashes. The scripts get the data as JSON in which no
``<``, ``>`` or ``&`` is left, and write names as text only. Without scripts the page is a list.

A large network starts with groups of its communities. Their members are in the page too, each community
compressed (zlib, RFC 1950, in base64): a page in the file system may not load other files.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module, resources
from typing import Any
from urllib.parse import quote

import networkx as nx
from jinja2 import BytecodeCache, Environment, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from transfergraph.common.displayed_values import web_address
from transfergraph.common.format_losses import NETWORK
from transfergraph.common.iris import ADDRESS_SAFE
from transfergraph.common.text import Languages, Text
from transfergraph.messages import FALLBACK, both, language_name, template, texts_of
from transfergraph.network.layout.network_layout import Layout, part_of_layout
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import FUNDING, tying_limit
from transfergraph.network.model.sentences import words_of
from transfergraph.network.output.analysis import Analysis, NetworkMetadata, NetworkSite, analyse
from transfergraph.network.output.explorer_json import (
    OVERVIEW_COMMUNITIES,
    READABLE,
    WHOLE,
    Explorer,
    to_text,
)
from transfergraph.network.output.list_pages import INDEX, files_of, list_pages
from transfergraph.network.output.map_ground import ground_of, with_places
from transfergraph.network.output.network_lists import organisation_rows, partner_count, undertaking_rows
from transfergraph.network.output.shapes import SHAPES

_LIBRARY = "lib/vis-9.1.2/vis-network.min.js"

SCRIPTS = (
    *("dom", "texts", "graph", "chunks", "state", "filters", "scope", "positions", "symbols", "paths"),
    *("view_model", "overview", "circle_words", "labels", "drawing", "camera", "touch", "selection"),
    *("evidence", "details", "search", "legend", "facets", "panels", "suggestions", "long_tables", "lists"),
    *("exported_sheet", "picture_svg", "exports", "sheet"),
    *("map_ground", "map_towns", "map_measures", "map_ties", "map_drawing", "map_panel", "map_export"),
    *("timeline", "main"),
)
"""The modules of the page's script, in the order in which they are joined."""

LISTED = 500
"""Nodes of the largest network whose lists, for readers without scripts, are in the page itself."""

_EXPORTS = (
    ("png", "PNG"),
    ("svg", "SVG"),
    ("csv", "CSV"),
    ("graphml", "GraphML"),
    ("gexf", "GEXF"),
    ("vosviewer", "VOSviewer"),
)

_ENDINGS = {"vosviewer": "json"}
"""Of exports that are not called by their ending."""

_OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {"dragNodes": False, "hover": False, "selectable": False, "zoomSpeed": 0.6},
}


def network_page(analysis: Analysis, whole: int = WHOLE, listed: int = LISTED, beside: bool = True) -> str:
    """The HTML of the page, the same bytes for the same analysis.

    A network of more than ``whole`` nodes starts with its communities. For readers without scripts the lists
    of one of at most ``listed`` nodes are in the page, and those of a larger one ``beside`` it
    (:func:`complete_list`); a page with nothing beside it has those of every network that is drawn whole.
    """
    explorer = Explorer(analysis)
    nodes = len(analysis.network)
    is_large = nodes > whole
    is_packed = not is_large and nodes > listed
    languages: Languages = analysis.network.graph["languages"]
    content = _content(analysis, explorer, is_large, is_packed, min(whole, READABLE))
    style = _style(languages, analysis.about)
    scripts = {"first_script": _file("templates", "first.js"), "library": _library(), "script": _script()}
    context: dict[str, Any] = {
        **_texts(analysis),
        **{name: Markup(text) for name, text in {"style": style, **scripts}.items()},
        "policy": _policy([*scripts.values()], style, analysis.about.site),
        "exports": _EXPORTS,
        "losses": [
            (label, [both(f"loss.{one}") for one in NETWORK[_ENDINGS.get(kind, kind)]])
            for kind, label in _EXPORTS
        ],
        "has_shares": FUNDING in analysis.partners.graph["weights"],
        "pieces": _pieces(explorer, is_large, is_packed),
        "content": Markup(to_text(content)),
        "has_map": content["map"] is not None,
        "library_version": _version(scripts["library"]),
        "list_here": not is_large and (nodes <= listed or not beside),
        "list_beside": beside,
    }
    if context["list_here"]:
        context |= _rows(analysis)
    else:
        context["communities"] = [
            (one.name, sum(node in analysis.partners for node in one.members), len(one.members))
            for one in analysis.communities[:OVERVIEW_COMMUNITIES]
        ]
    return _render_with_pyvis(context)


def _pieces(explorer: Explorer, is_large: bool, is_packed: bool) -> list[tuple[str, Markup]]:
    """What lies in the page compressed."""
    if is_large:
        return [(name, _compressed(part)) for name, part in explorer.files()]
    if is_packed:
        data = explorer.whole()
        return [("whole", _compressed({name: data[name] for name in PACKED}))]
    return []


def complete_list(analysis: Analysis) -> Iterator[tuple[str, str]]:
    """The list of every organisation and every undertaking as files without any script: an index by letter,
    and its pages, which lead to each other."""
    languages: Languages = analysis.network.graph["languages"]
    style = _style(languages, analysis.about)
    context = {
        **_texts(analysis),
        "style": Markup(style),
        "policy": _policy([], style, analysis.about.site),
        "up": "../",
    }
    rows = _rows(analysis)
    titles = {
        "undertakings": both("network.list.undertakings"),
        "organisations": both("network.list.organisations"),
    }
    pages = {kind: list(list_pages(kind, title, rows[kind], languages)) for kind, title in titles.items()}
    every = [page for several in pages.values() for page in several]
    context |= {"pages": pages, "where": files_of(every)}
    environment = _environment(context)
    yield INDEX, environment.get_template("letters.html").render()
    template_of_page = environment.get_template("complete.html")
    for page in every:
        own = pages[page.kind]
        at = own.index(page)
        beside = (own[at - 1] if at else None, own[at + 1] if at + 1 < len(own) else None)
        yield page.file, template_of_page.render(page=page, here=page.file, beside=beside)


def _texts(analysis: Analysis) -> dict[str, Any]:
    languages: Languages = analysis.network.graph["languages"]
    return {
        "about": analysis.about,
        "up": "",
        "languages": {language: language_name(language) for language in languages},
        "first": languages[0],
        "licence": web_address(analysis.about.licence),
        "both": both,
        "counts": _counts(analysis.network),
        "excerpt": _excerpt(analysis.network),
        "centres": _centres(analysis.network),
        "coverage": [partner_count(one, analysis.about.base, analysis.network) for one in analysis.coverage],
        "where": {},
        "here": "",
    }


def _rows(analysis: Analysis) -> dict[str, Any]:
    return {
        "undertakings": undertaking_rows(analysis.network, analysis.about.base),
        "organisations": organisation_rows(analysis.network, analysis.about.base),
    }


PACKED = ("nodes", "links", "parts", "ties", "files", "introductions")
"""What of the data of a whole network comes compressed where there is much of it."""


def _content(
    analysis: Analysis, explorer: Explorer, is_large: bool, is_packed: bool, readable: int
) -> dict[str, Any]:
    """The data with which the page begins."""
    languages: Languages = analysis.network.graph["languages"]
    data = explorer.overview() if is_large else explorer.whole()
    keys = [key for key in texts_of(FALLBACK) if key.startswith("network.")]
    words = {key: [template(key, language) for language in languages] for key in keys}
    data |= {"languages": languages, "words": words, "shapes": SHAPES, "readable": readable}
    data["map"] = _ground(analysis, data["concepts"]["places"])
    if is_large:
        data["stubs"] = explorer.references(_mentioned(data))
        data["smallRanges"] = [_range(explorer.small(n)) for n in range(explorer.groups)]
    if is_packed:
        data = {name: value for name, value in data.items() if name not in PACKED}
        data["packed"] = True
    return data


def _ground(analysis: Analysis, places: Mapping[str, Any]) -> dict[str, Any] | None:
    """The ground of the map, with where each of the places of the page lies."""
    ground = analysis.about.ground or ground_of(analysis.network)
    if ground is None:
        return None
    known = zip(places["longitude"], places["latitude"], strict=True)
    spots = [None if east is None or north is None else (float(east), float(north)) for east, north in known]
    return with_places(ground, spots)


def _mentioned(data: Mapping[str, Any]) -> list[int]:
    """The positions of the nodes that the overview mentions."""
    found = {one["heart"] for one in data["communities"]}
    found |= {position for position, _ in data["facets"]["alliances"]}
    found |= {position for position, _ in data["untied"]}
    found |= {position for one in data["groups"] for position in one["best"]}
    found |= {one["undertaking"] for one in data["coverage"]} - {None}
    return sorted(found)


def _range(part: Mapping[str, Any]) -> list[int]:
    """The first and the last community in a part."""
    return [min(part["nodes"]["community"]), max(part["nodes"]["community"])]


def _compressed(data: dict[str, Any]) -> Markup:
    return Markup(base64.b64encode(zlib.compress(to_text(data).encode(), 9)).decode("ascii"))


def _counts(network: nx.Graph) -> list[Text]:
    return [
        both(f"network.{name}", count=network.graph[name])
        for name in ("organisations", "undertakings", "participations")
    ]


def _centres(network: nx.Graph) -> Text:
    """What nodes are called that gather others."""
    labels = [words_of(network, one) for one in network.graph["classes"].values() if one["gathers"]]
    return Text.made(
        lambda language: " / ".join(one.in_language(language) for one in labels), network.graph["languages"]
    )


def _excerpt(network: nx.Graph) -> Text | None:
    organisations = sum(1 for _, kind in network.nodes(data="bipartite") if kind == 0)
    undertakings = len(network) - organisations
    if organisations + undertakings == network.graph["organisations"] + network.graph["undertakings"]:
        return None
    return both("network.excerpt", organisations=organisations, undertakings=undertakings)


def _file(folder: str, name: str) -> str:
    return resources.files("transfergraph.network").joinpath(folder, name).read_text("utf-8")


def _script() -> str:
    """The modules joined as one function, so that they declare nothing globally."""
    return "(() => {\n'use strict';\n" + "".join(map(_module, SCRIPTS)) + "})();\n"


def _module(name: str) -> str:
    """A module without lines of comment, and without indentation where no text goes over several lines."""
    code = re.sub(r"(?m)^ *//.*\n", "", _file("script", f"{name}.js"))
    has_long_text = any(line.count("`") % 2 for line in code.splitlines())
    return code if has_long_text else re.sub(r"(?m)^ +", "", code)


def _style(languages: Languages, about: NetworkMetadata) -> str:
    """The style sheet, with dark colours where the reader or the system asks for them."""
    first, *others = languages
    # without scripts the button of a language is all that says which is read
    read = ':root:is(.with-script[lang="{0}"], :not(.with-script):has(#language-{0}:checked))'
    shown = "".join(
        f'body [lang="{one}"] {{ display: none; }}\n'
        f'{read.format(one)} body [lang="{one}"] {{ display: revert; }}\n'
        f'{read.format(one)} body [lang="{first}"] {{ display: none; }}\n'
        for one in others
    )
    light, dark = (
        _file("templates", f"{name}.css") + "".join(f"--{one}: {value};\n" for one, value in own.items())
        for name, own in (("light", about.site.light), ("dark", about.site.dark))
    )
    return (
        f":root {{\ncolor-scheme: light dark;\n{light}}}\n@media screen {{\n"
        f'@media (prefers-color-scheme: dark) {{\n:root:not([data-theme="light"]) {{\n{dark}}}\n}}\n'
        f':root[data-theme="dark"] {{\ncolor-scheme: dark;\n{dark}}}\n}}\n'
        f':root[data-theme="light"] {{\ncolor-scheme: light;\n}}\n'
    ) + _file("templates", "network.css").replace("/* languages */\n", shown)


def _library() -> str:
    """vis-network as pyvis carries it; it needs no other file."""
    return resources.files("pyvis").joinpath(_LIBRARY).read_text("utf-8")


def _version(library: str) -> str:
    found = re.search(r"@version\s+(\S+)", library)
    return found.group(1) if found else ""


def _policy(scripts: Sequence[str], style: str, site: NetworkSite) -> str:
    """What the page may do; it may send a text to the search of its site, and show the logo that it holds."""
    allowed = f"script-src {' '.join(_hash(script) for script in scripts)}; " if scripts else ""
    if site.logo:
        allowed += "img-src data:; "
    forms = "'self'" if any(one.asked for one in site.entries) else "'none'"
    return f"default-src 'none'; {allowed}style-src {_hash(style)}; base-uri 'none'; form-action {forms}"


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _render_with_pyvis(context: dict[str, Any]) -> str:
    """Have pyvis render the template.

    pyvis is imported only now because it brings IPython with it. Its lists of nodes and edges stay empty:
    vis-network gets the camera only, and the script of the page draws: vis-network takes longer to start and
    to pan with the same nodes.
    """
    page = import_module("pyvis.network").Network(cdn_resources="in_line")
    page.options = _OPTIONS
    page.templateEnv, page.path = _environment(context), "network.html"
    return str(page.generate_html())


class _CompiledTemplates(BytecodeCache):
    """What Jinja made of templates: each page has an environment of its own, and all have these in common."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> _CompiledTemplates:
    return _CompiledTemplates()


def _environment(context: dict[str, Any]) -> Environment:
    environment = Environment(
        loader=PackageLoader("transfergraph.network"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_compiled(),
    )
    environment.filters["address"] = partial(quote, safe=ADDRESS_SAFE)
    environment.globals.update(context)
    return environment


@dataclass(frozen=True, slots=True)
class Figure:
    """A self-contained page; Jupyter shows it in a frame that can run its scripts and nothing else."""

    page: str

    def _repr_html_(self) -> str:
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="allow-scripts" width="100%" height="640" '
            'style="border: 0" loading="lazy"></iframe>'
        )


def page_of(
    network: nx.Graph,
    layout: Layout,
    coverage: Sequence[Coverage],
    about: NetworkMetadata,
    consortium_limit: int,
) -> str:
    """The network page of a part of the network, with the stored layout where it holds all of the part."""
    within = tuple(one for one in coverage if one.undertaking in network)
    limit = tying_limit(network, consortium_limit)
    part = analyse(network, part_of_layout(network, layout), within, about, limit)
    return network_page(part, beside=False)
