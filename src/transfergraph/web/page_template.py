"""The frame around every page, and the templates: Jinja2 with autoescape, without any script.

The pages work under the policy ``default-src 'none'; style-src 'self'; form-action 'self'`` (Content
Security Policy Level 3). The one ``script`` element holds JSON-LD: a data block, which is not executed and
which that policy does not concern (HTML, section 4.12.1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transfergraph.common.displayed_values import web_address
from transfergraph.messages import text
from transfergraph.web import phrase_markup as markup
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Site
from transfergraph.web.phrases import Piece, Ref, cut, moment

_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([0-9.]+)/?.*"
)

_GERMAN = re.compile(r"https?://www\.govdata\.de/(dl-de/[a-z]+-[0-9-]+)/?")


@dataclass(frozen=True, slots=True)
class AlternateFormat:
    """A machine-readable form of the page."""

    name: str
    media_type: str
    href: str


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """What head, header and footer of a page need.

    ``local`` is the path of the page's subject below the prefix, ``query`` the query string of its address
    with the question mark. ``crumbs`` lead from the start to the page, without the start and without
    itself. ``active`` is the entry of the navigation it belongs to; ``rdf`` tells that it has documents in
    RDF; a page that is not ``indexed`` is no address of its own, such as "not found".
    """

    site: Site
    language: str
    title: str
    local: str
    summary: str = ""
    query: str = ""
    page: int = 1
    pages: int = 1
    crumbs: tuple[Ref, ...] = ()
    active: str = ""
    rdf: bool = False
    indexed: bool = True

    def say(self, key: str, /, **values: Any) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def href(self, local: str, page: int = 1) -> str:
        """The path of another page of the site in the same language."""
        return self.site.path(local, HTML, self.language, page)

    def here(self, language: str = "", page: int = 0) -> str:
        """The path of this page, in a language or on another of its pages."""
        return self.site.path(self.local, HTML, language or self.language, page or self.page) + self.query

    def address(self, language: str) -> str:
        """The absolute address of this page in a language; without one, that which negotiates."""
        return self.site.address(self.local, HTML, language, self.page) + self.query

    @property
    def formats(self) -> tuple[AlternateFormat, ...]:
        """The documents in RDF about the page's subject."""
        if not self.rdf:
            return ()
        return tuple(
            AlternateFormat(
                FORMAT_NAMES[known.name],
                known.media_type,
                self.site.path(self.local, known.ending, "", self.page),
            )
            for known in DOCUMENT_FORMATS
        )

    def language_name(self, language: str) -> str:
        """A language of the site as it calls itself."""
        return text("page.language.name", language)

    @property
    def navigation(self) -> tuple[tuple[str, Ref], ...]:
        """The entries of the main navigation, each with its key."""
        entries = [("home", self.href("")), ("questions", self.href("questions/"))]
        entries.append(("network", self.site.path("network.html")))
        if self.site.endpoint:
            entries.append(("sparql", self.href("sparql")))
        entries.append(("ontology", self.href("ontology")))
        return tuple((key, Ref(self.say(f"page.{key}"), href)) for key, href in entries)

    @property
    def released(self) -> Piece:
        """The date of the release in words."""
        return moment(self.site.issued.isoformat(), self.language)


FORMAT_NAMES: Mapping[str, str] = {
    "n-quads": "N-Quads",
    "turtle": "Turtle",
    "n-triples": "N-Triples",
    "json-ld": "JSON-LD",
    "rdf-xml": "RDF/XML",
}
"""The formats of RDF as they are written in running text."""


def licence_name(address: str) -> str:
    """What a licence is called: CC BY 4.0; one that is not known by its address, without ``https://``."""
    if german := _GERMAN.fullmatch(address):
        return german[1]
    found = _CREATIVE_COMMONS.fullmatch(address)
    if found is None:
        return cut(address.removeprefix("https://").removeprefix("http://"), 80)
    family, code, version = found.groups()
    name = "CC0" if (family, code) == ("publicdomain", "zero") else f"CC {code.upper()}"
    return f"{name} {version}"


def data_block(value: Mapping[str, Any]) -> Markup:
    """JSON for a ``script`` element: nothing in it can end the element or begin another."""
    written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        written = written.replace(character, f"\\u{ord(character):04x}")
    return Markup(written)


def write(template: str, frame: PageTemplate, /, **context: Any) -> str:
    """The HTML of a page, the same for the same arguments."""
    names = {"frame": frame, "site": frame.site, "say": frame.say, "language": frame.language}
    return _environment().get_template(template).render({**names, **context})


def stylesheet() -> str:
    """The style sheet of all pages, to be served at the address that the site names."""
    return resources.files("transfergraph.web").joinpath("templates", "pages.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("transfergraph.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["licence_name"] = licence_name
    environment.filters["web_address"] = web_address
    for shown in (markup.piece, markup.phrase, markup.lines, markup.numbers):
        environment.filters[shown.__name__] = shown
    environment.globals["show"] = environment.get_template("macros.html").module
    environment.globals["answers"] = environment.get_template("answer.html").module
    return environment
