"""What all pages share: head, header and footer, and the templates (Jinja2 with autoescape).

The pages work under the policy ``default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';
img-src 'self'; form-action 'self'`` (Content Security Policy Level 3): the scripts, of search and lists,
are files, and so is the icon; drawings are elements of the page, coloured by classes. A
``script`` element in a page holds JSON-LD: a data block, which is not executed and which that policy does not
concern (HTML, section 4.12.1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from transfergraph.common.displayed_values import web_address
from transfergraph.config.own_pages import PAGES, START
from transfergraph.messages import language_name, text
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Site
from transfergraph.web.figure_markup import drawn, key_mark
from transfergraph.web.navigation import main_entries
from transfergraph.web.phrases import Moment, Phrase, Piece, Ref, cut, moment
from transfergraph.web.signposts import Signposted, signposts
from transfergraph.web.typed_links import TypedLink

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
    itself. ``active`` is the entry of the navigation it belongs to; with ``rdf`` it has documents in
    RDF, and leads programs by its ``subject``; a page that is not ``indexed`` is no address of its own, such
    as "not found".
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
    subject: Signposted | None = None
    indexed: bool = True

    def text(self, key: str, /, **values: Any) -> str:
        """A text of the catalogue."""
        return text(key, self.language, **values)

    def href(self, local: str, page: int = 1) -> str:
        """The path of another page of the site in the same language."""
        return self.site.path(local, HTML, self.language, page)

    def own_path(self, language: str = "", page: int = 0) -> str:
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

    @property
    def signposts(self) -> tuple[TypedLink, ...]:
        """Where it leads programs."""
        return () if self.subject is None else tuple(signposts(self.subject, self.site))

    def language_name(self, language: str) -> str:
        """A language of the site as it calls itself."""
        return language_name(language)

    @property
    def navigation(self) -> tuple[tuple[str, Ref], ...]:
        """The entries of the main navigation, each with its key."""
        entries = main_entries(self.site.presentation, self.site.empty)
        return tuple(
            (one.key, Ref(one.label.in_language(self.language), self.site.prefix + one.path(self.language)))
            for one in entries
            if self.site.documents or not one.listed
        )

    @property
    def section(self) -> str:
        """The entry of the navigation that is marked."""
        return _WITHIN.get(self.active, self.active)

    @property
    def more(self) -> tuple[Ref, ...]:
        """What the footer leads to beside the navigation."""
        entries = [("page.ontology", self.href("ontology")), ("page.sparql", self.href("sparql"))]
        own = ((name, title) for name, title in self.site.own_pages if name != START)
        return (
            *(Ref(self.text(key), href) for key, href in entries),
            *(Ref(title.in_language(self.language), self.href(f"{PAGES}/{name}")) for name, title in own),
        )

    @property
    def released(self) -> Piece:
        """The date of the release in words."""
        return moment(self.site.issued.isoformat(), self.language)


_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[A-Z]{3}\b)|(?<=\b[A-Z]{3}) (?=\d)")
"""The space between a number and its currency (ISO 4217), where no line may break."""

_WITHIN = {"ontology": "about", "sparql": "data"}
"""Pages that are no entry of the navigation, with that under which they are found."""

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


def render_template(name: str, layout: PageTemplate, /, **context: Any) -> str:
    """The HTML of a page, the same for the same arguments."""
    names = {
        "frame": layout,
        "site": layout.site,
        "say": layout.text,
        "language": layout.language,
    }
    page = _environment().get_template(name).render({**names, **context})
    return _relative(page, layout) if layout.indexed else page


def _relative(page: str, layout: PageTemplate) -> str:
    """The page with the links within the site seen from its own address, so that it works as a file, too.

    What has no address of its own ("not found") is shown at any, and keeps absolute paths.
    """
    start = "../" * layout.local.count("/") or "./"
    return _link(layout.site.prefix).sub(rf"\g<1>{start}", page)


@cache
def _link(prefix: str) -> re.Pattern[str]:
    return re.compile(rf'( (?:href|src|action)="){re.escape(prefix)}(?!/)')


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
    environment.filters.update(data_block=data_block, licence_name=licence_name, web_address=web_address)
    environment.filters.update(drawn=drawn, mark=key_mark)
    environment.filters.update(piece=_piece, phrase=_phrase, lines=_lines, numbers=_numbers)
    environment.globals["show"] = environment.get_template("macros.html").module
    environment.globals["figures"] = environment.get_template("figures.html").module
    environment.globals["computed"] = environment.get_template("computed.html").module
    environment.globals["answers"] = environment.get_template("answer.html").module
    return environment


def _piece(one: Piece, language: str) -> Markup:
    """A text, a date, or a name in isolation (``bdi``), so that its direction does not spill over."""
    if isinstance(one, str):
        return escape(_BEFORE_UNIT.sub("\u00a0", one))
    if isinstance(one, Moment):
        return Markup(f'<time datetime="{escape(one.edtf)}">{escape(one.text)}</time>')
    foreign = f' lang="{escape(one.language)}"' if one.language else ""
    name = f"<bdi{foreign}>{escape(one.text)}</bdi>"
    if not one.href:
        return Markup(name)
    if not one.external:
        return Markup(f'<a href="{escape(one.href)}">{name}</a>')
    leads_out = f'<span class="unseen"> ({escape(text("page.external", language))})</span>'
    return Markup(f'<a href="{escape(one.href)}" class="external" rel="noreferrer">{name}{leads_out}</a>')


def _phrase(pieces: Phrase, language: str) -> Markup:
    """A phrase, piece by piece."""
    return Markup("".join(_piece(one, language) for one in pieces))


def _lines(phrases: Sequence[Phrase], language: str) -> Markup:
    """Several phrases, one below the other."""
    if len(phrases) == 1:
        return _phrase(phrases[0], language)
    return Markup(" ".join(f'<span class="line">{_phrase(one, language)}</span>' for one in phrases))


def _numbers(sources: Sequence[int], language: str) -> Markup:
    """The numbers of sources, leading to the list of them."""
    word = escape(text("page.source", language))
    marks = (
        f'<a class="source" href="#source-{number}"><span class="unseen">{word} </span>{number}</a>'
        for number in sources
    )
    return Markup('<span class="unseen">, </span>'.join(marks))
