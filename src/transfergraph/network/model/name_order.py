"""The order of names in lists for readers."""

from __future__ import annotations

import unicodedata

from transfergraph.common.text import Text


def sort_key(label: Text) -> str:
    """Sorts as a German reader expects: without regard to capitals, umlauts and accents."""
    letters = unicodedata.normalize("NFKD", label.first.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
