"""The surroundings of an entity as a small page for other sites: complete in itself, without any request.

Its policy allows exactly its own style and script, by their hashes. The script tells the page around it how
high the content is; :data:`EMBED_SCRIPT` there makes the frame so high. Without scripts the frame has the
height that its HTML states.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from markupsafe import Markup, escape

from transfergraph.common.packaged import packaged
from transfergraph.web import phrases
from transfergraph.web.addresses import EMBED_FOLDER, EMBED_SCRIPT, HTML, PNG, Site
from transfergraph.web.appearance import Appearance, stylesheet
from transfergraph.web.entity_details import EntityDetails
from transfergraph.web.entity_document import Document
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.page_template import PageTemplate, render_template
from transfergraph.web.phrases import plain
from transfergraph.web.preview_picture import SIZE
from transfergraph.web.summary_sentence import summary_sentence
from transfergraph.web.surroundings import surroundings

_HEIGHT = 560
"""Pixels of a frame whose page cannot tell its height."""

_SHOWN_WIDTH = 600
"""Pixels that a newsletter is wide."""

_SHARED = (".drawing", ".mark")
"""Rules of the style sheet of all pages that hold for the drawing here, too."""


def render_embed(
    document: Document, site: Site, language: str, details: EntityDetails, kinds: tuple[str, ...]
) -> str:
    """The small page: what the entity is, its surroundings, and where this is from."""
    view = LocalisedView(details.within(document), site, language)
    sentence = summary_sentence(view)
    name = view.name(document.iri)
    local = site.local(document.iri) or ""
    layout = PageTemplate(site, language, name.text, f"{EMBED_FOLDER}{local}", summary=plain(sentence))
    return render_template(
        "embed.html",
        layout,
        name=name,
        kinds=kinds,
        sentence=sentence,
        picture=surroundings(view, details),
        page=site.path(local, HTML, language),
        address=site.address(local, HTML, language),
        style=Markup(_style(site.appearance)),
        script=Markup(_script()),
        policy=embed_policy(site.appearance),
    )


def embed_policy(look: Appearance) -> str:
    """The content policy of the small pages (Content Security Policy Level 3)."""
    return (
        f"default-src 'none'; script-src '{_hash(_script())}'; style-src '{_hash(_style(look))}'; "
        "base-uri 'none'; form-action 'none'"
    )


def frame_markup(view: LocalisedView) -> str:
    """The HTML that shows the small page in another site, as high as it is."""
    site, local = view.site, view.site.local(view.document.iri) or ""
    source = site.address(f"{EMBED_FOLDER}{local}", HTML, view.language)
    return (
        f'<iframe class="transfergraph" src="{escape(source)}" title="{_title(view)}" width="100%" '
        f'height="{_HEIGHT}" style="border:0" loading="lazy"></iframe>\n'
        f'<script async src="{escape(site.address(EMBED_SCRIPT))}"></script>'
    )


def image_markup(view: LocalisedView) -> str:
    """The HTML of the picture for a newsletter, which leads to the page of the entity."""
    site, local, language = view.site, view.site.local(view.document.iri) or "", view.language
    height = round(_SHOWN_WIDTH * SIZE[1] / SIZE[0])
    return (
        f'<a href="{escape(site.address(local, HTML, language))}">'
        f'<img src="{escape(site.address(local, PNG, language))}" width="{_SHOWN_WIDTH}" height="{height}" '
        f'alt="{escape(plain(summary_sentence(view))) or _title(view)}"></a>'
    )


def embed_script() -> bytes:
    """The script for the page around."""
    return _file("embed.js").encode()


def _title(view: LocalisedView) -> str:
    return escape(phrases.cut_words(view.name(view.document.iri).text, phrases.NAME_LENGTH))


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


@cache
def _file(name: str) -> str:
    return packaged("web", "templates", name).read_text("utf-8")


def _script() -> str:
    return _file("embedded.js")


def _style(look: Appearance) -> str:
    """The colours and the drawing of all pages, and what is of the small ones."""
    return _shared_rules() + _file("embed.css") + look.rules


@cache
def _shared_rules() -> str:
    every = stylesheet()
    colours, rest = every[: every.index("* {")], every[every.index("* {") :]
    drawing = "".join(line for line in rest.splitlines(keepends=True) if line.startswith(_SHARED))
    return colours + drawing
