"""The lists of a release as resources: with facets where it has tables for them, else by the alphabet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from transfergraph.lists.find_in_list import FacetedList
from transfergraph.lists.list_query import ListQuery
from transfergraph.lists.list_result import ON_PAGE
from transfergraph.store import Store
from transfergraph.web.addresses import Site
from transfergraph.web.entity_lists import Listing, read_listing, read_listings
from transfergraph.web.list_downloads import list_file
from transfergraph.web.list_page import FILES, AskedList, render_faceted_list
from transfergraph.web.resource_forms import Resource, page_form
from transfergraph.web.site_pages import render_list


@dataclass(frozen=True, slots=True)
class ListResources:
    """The lists of a site, by key; ``faceted`` are those that can be narrowed."""

    store: Store
    site: Site
    faceted: Mapping[str, FacetedList]

    def pages(self, key: str) -> Iterator[Resource]:
        """All pages of a list; nothing where there is no such list."""
        if key in self.faceted:
            listed = self.faceted[key]
            yield from (self._faceted(listed, page) for page in range(1, _pages(listed) + 1))
        elif key in self.site.presentation.lists:
            for page, listing in enumerate(read_listings(self.store, self.site, key), 1):
                yield self._list(listing, page)

    def page(self, key: str, page: int) -> Resource | None:
        """A page of a list; None where there is none."""
        if key in self.faceted:
            listed = self.faceted[key]
            return self._faceted(listed, page) if page <= _pages(listed) else None
        known = key in self.site.presentation.lists
        listing = read_listing(self.store, self.site, key, page) if known else None
        return self._list(listing, page) if listing is not None and page <= listing.pages else None

    def _faceted(self, listed: FacetedList, page: int) -> Resource:
        """A page of a list with facets; the first also as files of all its rows."""
        site, store = self.site, self.store
        asked = AskedList(listed, ListQuery(page=page))

        def page_in(language: str) -> str:
            result = listed.find(asked.query, (language, site.languages[0]))
            return render_faceted_list(asked, result, site, language)

        forms = page_form(page_in)
        if page == 1:
            for ending in FILES:
                forms[ending] = partial(_list_file, store, asked, site, ending)
        return Resource(f"{listed.key}/", forms, page=page, pages=_pages(listed))

    def _list(self, listing: Listing, page: int) -> Resource:
        forms = page_form(lambda language: render_list(listing, self.site, language, page))
        return Resource(f"{listing.key}/", forms, page=page, pages=listing.pages)


def _pages(listed: FacetedList) -> int:
    return max(1, -(-listed.count // ON_PAGE))


def _list_file(store: Store, asked: AskedList, site: Site, ending: str, language: str) -> bytes:
    return list_file(store, asked, site, ending, language or site.languages[0])
