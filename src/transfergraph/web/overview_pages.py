"""The pages about a release as a whole: the start page, what is in it, how its data is taken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from transfergraph.config.own_pages import PAGES, START
from transfergraph.store import Store
from transfergraph.web.about_page import read_names, render_about
from transfergraph.web.addresses import ABOUT_PAGE, DATA_PAGE, Site
from transfergraph.web.download_page import render_download
from transfergraph.web.entity_lists import read_overview
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resource_forms import Form, page_form
from transfergraph.web.start_page import render_start

OVERVIEWS = ("", ABOUT_PAGE, DATA_PAGE)
"""The addresses of these pages."""


def overview_forms(local: str, store: Store, content: PublishedRelease, site: Site) -> dict[str, Form]:
    """The forms of the page at one of these addresses; what it shows is read when it is asked for."""
    makers: Mapping[str, Callable[[], dict[str, Form]]] = {
        "": lambda: _start(store, content, site),
        ABOUT_PAGE: lambda: _about(store, content, site),
        DATA_PAGE: lambda: _download(content, site),
    }
    return makers[local]()


def _start(store: Store, content: PublishedRelease, site: Site) -> dict[str, Form]:
    overview = cache(lambda: read_overview(store, site, content.counts, content.questions))
    own = content.own_pages.get(f"{PAGES}/{START}")
    return page_form(
        lambda language: render_start(
            site, language, overview(), content.contents.releases, content.drawing, own
        )
    )


def _about(store: Store, content: PublishedRelease, site: Site) -> dict[str, Form]:
    names = cache(lambda: read_names(store, content.contents))
    return page_form(lambda language: render_about(site, language, content.counts, content.contents, names()))


def _download(content: PublishedRelease, site: Site) -> dict[str, Form]:
    datasets = [(one.local, one.title) for one in content.datasets]
    titles = {key: table.title for key, table in site.presentation.tables.items()}
    return page_form(lambda language: render_download(site, language, content.contents, datasets, titles))
