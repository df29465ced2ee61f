"""The pages that a workspace brings itself, from Markdown (CommonMark, and tables) without any HTML.

Nothing in them is loaded from elsewhere: a picture from another site becomes a link to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from transfergraph.common.text import Text
from transfergraph.config.own_pages import PAGES, OwnPage
from transfergraph.web.addresses import Site
from transfergraph.web.page_template import PageTemplate, render_template

if TYPE_CHECKING:  # many workspaces have no page
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_TITLE = re.compile(r"\A\s*#[ \t]+(.+?)[ \t#]*(?:\n|\Z)")
_ELSEWHERE = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnText:
    """A page of a workspace: its name, title and Markdown without the title, both by language."""

    name: str
    title: Text
    content: Mapping[str, str]

    @property
    def local(self) -> str:
        """Its address."""
        return f"{PAGES}/{self.name}"


def read_own_page(folder: Path, page: OwnPage) -> OwnText:
    """The page that lies in this folder of a workspace or release; without a heading it has its name."""
    titles, contents = {}, {}
    for language, path in page.files.items():
        text = (folder / path).read_text("utf-8-sig", errors="replace")
        title = _TITLE.match(text)
        titles[language] = title[1] if title is not None else page.name
        contents[language] = text[title.end() :] if title is not None else text
    return OwnText(page.name, Text(titles), contents)


def render_own_page(own: OwnText, site: Site, language: str) -> str:
    """The page; where it lacks the language, in the first that it has."""
    title = own.title.in_language(language)
    written = language if language in own.content else next(iter(own.content))
    layout = PageTemplate(site, language, title, own.local, summary=title, active=own.local)
    return render_template(
        "own.html", layout, content=as_html(own.content[written], language), written=written
    )


def as_html(markdown: str, language: str) -> Markup:
    """The HTML of Markdown on a page in this language; a link to another ``.md`` leads to its page."""
    return Markup(_markdown().render(markdown, {"language": language}))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    made = MarkdownIt("commonmark", {"html": False}).enable("table")
    made.add_render_rule("link_open", _link)
    made.add_render_rule("image", _image)
    made.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0" role="group"><table>\n')
    made.add_render_rule("table_close", lambda *_: "</table></div>\n")
    return made


def _link(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Mapping[str, str]) -> str:
    token = tokens[at]
    target = str(token.attrGet("href") or "")
    if _ELSEWHERE.match(target):
        token.attrSet("rel", "noreferrer")
    elif target.partition("#")[0].endswith(".md"):
        path, _, fragment = target.partition("#")
        page = path.removesuffix(".md").removesuffix(f".{env['language']}")
        token.attrSet("href", f"{page}.{env['language']}.html" + (f"#{fragment}" if fragment else ""))
    return str(self.renderToken(tokens, at, options, env))


def _image(self: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    alternative = self.renderInlineAsText(token.children or [], options, env)
    source = str(token.attrGet("src") or "")
    if _ELSEWHERE.match(source):
        return str(Markup('<a href="{}" rel="noreferrer">{}</a>').format(source, alternative or source))
    return str(Markup('<img src="{}" alt="{}">').format(source, alternative))
