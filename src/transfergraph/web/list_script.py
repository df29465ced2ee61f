"""The script of lists, which makes their pages where no server answers, and the words that it says."""

from __future__ import annotations

from transfergraph.common.packaged import packaged
from transfergraph.messages import template, text

_TEXTS = (
    *("list.value.none", "list.value.negative", "list.values.all", "list.values.few", "list.remove"),
    *("list.remove-all", "list.nothing", "list.loading", "list.failed", "list.chosen", "list.sums"),
    *("list.sum.sum", "list.sum.entries", "list.sum.stated", "list.sums.note", "list.sums.never"),
    *("list.sums.by", "list.largest", "page.page.previous"),
    *("page.page.next", "page.pages", "list.downloads.query", "list.column.name", "list.beyond.last"),
)
_PATTERNS = (
    *("list.value.range", "page.money", "list.sums.of", "list.count.of", "list.page", "list.beyond"),
    *("list.cell.more", "list.sum.states", "list.sum.overlapping", "list.sum.within", "list.sum.qualified"),
    *("list.downloads.static", "list.misunderstood"),
)
_SEASONS = ("21", "22", "23", "24")
_QUALIFIERS = ("about", "at-least", "at-most", "exactly")


def list_script() -> bytes:
    """The script."""
    return packaged("lists/script", "lists.js").read_bytes()


def script_texts(language: str) -> dict[str, str]:
    """What the script says, and patterns that it fills."""
    texts = {key: text(key, language) for key in _TEXTS}
    texts |= {key: template(key, language) for key in _PATTERNS}
    texts |= {f"page.qualifier.{one}": text(f"page.qualifier.{one}", language) for one in _QUALIFIERS}
    texts["page.date.about"] = text("page.date.about", language, date="{}")
    seasons = {one: text("page.date.season", language, season=one, year="{}") for one in _SEASONS}
    return texts | {f"season-{one}": pattern for one, pattern in seasons.items()}
