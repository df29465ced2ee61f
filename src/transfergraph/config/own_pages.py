"""The pages that a workspace brings itself: Markdown in ``pages/``, a file for each language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transfergraph.common.text import Languages

PAGES = "pages"
"""The folder of a workspace, and of a release, in which they lie."""

IMPRINT, PRIVACY, ACCESSIBILITY, START = "imprint", "privacy", "accessibility", "start"
LEGAL = (IMPRINT, PRIVACY, ACCESSIBILITY)
"""What the pages of an agency have to say by law."""

PLACEHOLDER = re.compile(r"\[\[[^\[\]]*\]\]")
"""What the publisher still has to fill in."""

_PAGE = re.compile(rf"{PAGES}/([a-z0-9]+(?:-[a-z0-9]+)*)\.([a-z]{{2,8}}(?:-[a-z0-9]{{1,8}})*)\.md")
_SHOWN = re.compile(rf"{PAGES}/[\w.-]+\.(?:png|jpe?g|webp|svg|gif|pdf)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class OwnPage:
    """A page by its name; ``files`` are its paths by language."""

    name: str
    files: Mapping[str, str]


def own_pages(paths: Iterable[str], languages: Languages) -> tuple[OwnPage, ...]:
    """The pages among the files of a workspace or release: what the law demands first, then by name."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(paths):
        page = _PAGE.fullmatch(path)
        if page is not None and page[2] in languages:
            found.setdefault(page[1], {})[page[2]] = path
    legal = [name for name in LEGAL if name in found]
    order = (*legal, *(name for name in found if name not in legal))
    return tuple(OwnPage(name, found[name]) for name in order)


def is_shown(path: str) -> bool:
    """Whether a file of the folder is a page, or a picture or document that pages may show."""
    return _PAGE.fullmatch(path) is not None or _SHOWN.fullmatch(path) is not None
