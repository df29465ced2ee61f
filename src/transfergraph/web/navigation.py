"""What stands in the navigation of every page, that of the network too: where people look for what.

The lists come from the presentation of the workspace; the other entries are pages that every site has.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from transfergraph.common.text import Text
from transfergraph.messages import both
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.web.addresses import ABOUT_PAGE, DATA_PAGE, HTML, QUESTIONS, SEARCH_PAGE, Address

NETWORK_FILE = "network.html"


@dataclass(frozen=True, slots=True)
class NavigationEntry:
    """A place that the navigation leads to; of the lists ``key`` is that of the list.

    ``local`` is the path below the start page; what is ``listed`` there is only on a site with pages about
    entities. A page of the ``network`` is a file of the release, which shows what the fragment says.
    """

    key: str
    label: Text
    local: str
    listed: bool = False
    fragment: str = ""

    def path(self, language: str) -> str:
        """Its path below the start page, in a language."""
        if self.local == NETWORK_FILE:
            return f"{NETWORK_FILE}#{self.fragment}lang={language}&site=1"
        return str(Address(self.local, HTML, language))


def main_entries(presentation: Presentation, empty: Collection[str] = ()) -> tuple[NavigationEntry, ...]:
    """The entries in order; ``empty`` are the keys of lists without entries, which are left out."""
    tables = presentation.lists
    lists = tuple(
        NavigationEntry(key, tables[key].title, f"{key}/", listed=True)
        for key in presentation.navigation
        if key not in empty
    )
    places = [key for key, table in tables.items() if presentation.role([table.kind]) is Role.PLACE]
    has_map = any(key not in empty for key in places)
    drawn = (("map", "nav.map", "ground=map&"), ("network", "page.network", ""))
    others = (
        ("questions", "page.questions", QUESTIONS),
        ("data", "nav.data", DATA_PAGE),
        ("about", "nav.about", ABOUT_PAGE),
    )
    return (
        *lists,
        *(
            NavigationEntry(key, both(text), NETWORK_FILE, fragment=fragment)
            for key, text, fragment in drawn
            if has_map or key != "map"
        ),
        *(NavigationEntry(key, both(text), local) for key, text, local in others),
    )


def entries_beside(
    title: Text, presentation: Presentation, empty: Collection[str]
) -> tuple[NavigationEntry, ...]:
    """The same for a page that has no form for the search: the start page and the search come first."""
    return (
        NavigationEntry("home", title, ""),
        NavigationEntry("search", both("nav.search"), SEARCH_PAGE, listed=True),
        *main_entries(presentation, empty),
    )
