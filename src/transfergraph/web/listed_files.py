"""The files that the manifest of a release lists, and the manifest itself, as resources."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import quote, unquote

from transfergraph.common.formats import media_type_of

_FEED_PAGE = ".trig"


@dataclass(frozen=True, slots=True)
class FileResource:
    """A file of a release, by its path in the folder of the release."""

    path: str

    @property
    def local(self) -> str:
        """Its address below the start page."""
        return quote(self.path)

    @property
    def media_type(self) -> str:
        """What it holds."""
        return media_type_of(self.path)

    @property
    def is_final(self) -> bool:
        """True for a page of an event stream: later releases have the same bytes."""
        return self.path.endswith(_FEED_PAGE)


def find_file(local: str, listed: Container[str]) -> FileResource | None:
    """The file at this address, if it is among those listed; None otherwise.

    A path is decoded as web servers do, so that ``%2F`` is the same as a slash in the names of files.
    """
    path = unquote(local)
    return FileResource(path) if path in listed else None
