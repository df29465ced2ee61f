"""Differences by kinds of places and parts of documents: what the list of changes is written from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from frozen.changes import Change, changes_at
from frozen.compare import Difference
from frozen.routes import shape

_NUMBER = re.compile(r"(?<=<release-)\d+(?=>)")
_RELEASE = re.compile(r"^((?:[^/]+/)?releases/<release[^>]*>|[^/]+\.zip(?:/<release[^>]*>)?)")


def kind_of(place: str) -> str:
    """What files, and routes asked in one way, have in common: the folder and the ending."""
    room, _, rest = place.partition("/")
    if room == "cli":
        return place
    if room == "http":
        method, _, rest = rest.partition(" [")[0].partition(" ")
        return f"http/{method} {shape(rest).rstrip('?')}"
    known = _RELEASE.match(rest)
    inner = rest[known.end() :].lstrip("/") if known else rest
    release = f"{_NUMBER.sub('?', known[1])}/" if known else ""
    return f"{room}/{release}{shape(f'/{inner}').strip('?/')}"


def by_kind(differences: Sequence[Difference], lines: int = 6, width: int = 160) -> str:
    """For each kind of place and part: how many places and lines differ, and the first different lines."""
    kinds: dict[tuple[str, str], list[Difference]] = {}
    for one in differences:
        kinds.setdefault((kind_of(one.place), one.part), []).append(one)
    return "\n".join(line for key, found in kinds.items() for line in _told(*key, found, lines, width))


def _told(kind: str, part: str, found: Sequence[Difference], lines: int, width: int) -> Iterator[str]:
    places = {one.place for one in found}
    yield f"{kind}  {part}: {len(places):,} places, {len(found):,} lines, the first {found[0].place}"
    yield from (f"    {line[:width]}" for line in list(dict.fromkeys(one.line for one in found))[:lines])


def by_reason(differences: Sequence[Difference], changes: Sequence[Change]) -> str:
    """For each reason in the list: how many places changed for it, and of which kinds they are."""
    telling = changes_at(changes)
    found: dict[str, set[str]] = {change.reason: set() for change in changes}
    for one in differences:
        for change in telling(one.place, one.part):
            if change.fits(one.line):
                found[change.reason].add(one.place)
    return "\n".join(_reason(reason, places) for reason, places in found.items())


def _reason(reason: str, places: set[str]) -> str:
    kinds: Mapping[str, None] = dict.fromkeys(sorted(map(kind_of, places)))
    return f"{len(places):,} places: {reason}\n    {', '.join(kinds)}"
