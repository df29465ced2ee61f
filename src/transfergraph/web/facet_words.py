"""Values of facets in words: names, years, ranges of numbers, and that there is none."""

from __future__ import annotations

from transfergraph.common.text import Text
from transfergraph.lists.facets import NEGATIVE, NONE, Facet, FacetKind, bounds
from transfergraph.lists.list_result import FacetValue
from transfergraph.messages import has_text, number, text
from transfergraph.web import phrases


def value_name(value: FacetValue, facet: Facet, language: str) -> str:
    """What a value is called."""
    return written(value.names, value.key, facet, language)


def written(names: Text, key: str, facet: Facet, language: str) -> str:
    """What the value with this key and these names is called."""
    if key == NONE:
        return text("list.value.none", language)
    if facet.kind is FacetKind.NUMBER:
        if key == NEGATIVE:
            return text("list.value.negative", language)
        first, end = bounds(key)
        shown = (number(int(one or 0), language) for one in (first, end))
        return text("list.value.range", language, first=next(shown), end=next(shown))
    return phrases.cut(names.in_language(language) or key, phrases.NAME_LENGTH)


def amount(value: str, qualifier: str, facet: Facet, language: str) -> str:
    """A number with its unit and what qualifies it."""
    shown = phrases.number(value, language)
    if unit := unit_of(facet):
        shown = text("page.money", language, value=shown, currency=unit)
    if qualifier in ("", "exactly"):
        return shown
    return f"{qualifier_word(qualifier, language)} {shown}"


def unit_of(facet: Facet) -> str:
    """The code of the unit in which numbers of the facet are added; empty for none."""
    if not facet.adds:
        return ""
    return facet.conditions[-1][1].rstrip("/").rpartition("/")[2].rpartition("#")[2]


def qualifier_word(qualifier: str, language: str) -> str:
    """How a number is to be read."""
    key = f"page.qualifier.{qualifier}"
    return text(key, language) if has_text(key) else qualifier
