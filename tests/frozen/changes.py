"""The differences that are meant: one line each, precise, and used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

from frozen.compare import Difference, readable

# Made-up places and lines. Whatever fits one of them would fit nearly anything.
_NO_PLACES = tuple(
    f"{room}/{name}"
    for room in (
        "release",
        "build/releases/<release-1>",
        "build/releases/<release-2>",
        "site",
        "cli",
        "files",
    )
    for name in ("qxzj", "qxzj/vkw", "qxzj vkw")
) + tuple(
    f"http/{method} /{name}" for method in ("GET", "HEAD") for name in ("qxzj", "qxzj/vkw", "qxzj [vkw: q/z]")
)
_NO_LINES = (
    '-<qx zj="vk">QX 7083 zj, {Vkw: ["ß"]}; (qx) /zj_vk.</qx>',
    "+QX-zj: vk 7083=zj",
    "-",
    "+ ",
    "-7",
    "+q",
)


class UnfitChange(ValueError):
    """A line of the list of changes that says too little, or fits too much."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that is meant: where (a glob), what (a regular expression for the signed line), and why."""

    where: str
    what: str
    reason: str

    def __post_init__(self) -> None:
        if not all(isinstance(text, str) and text.strip() for text in (self.where, self.what, self.reason)):
            raise UnfitChange(f"where, what and reason are texts, and none is empty: {self}")
        if any(fnmatchcase(place, self.where) for place in _NO_PLACES):
            raise UnfitChange(f"where names no file or route: {self.where}")
        if any(re.search(self.what, line) for line in _NO_LINES):
            raise UnfitChange(f"what fits any difference: {self.what}")

    def covers(self, difference: Difference) -> bool:
        """Whether it tells of this difference."""
        return fnmatchcase(difference.place, self.where) and bool(re.search(self.what, difference.line))


def read_changes(file: Path) -> list[Change]:
    """The list of changes. Raises :class:`UnfitChange` for a line that is not precise."""
    with file.open("rb") as stream:
        lines = tomllib.load(stream)
    if set(lines) - {"change"}:
        raise UnfitChange(f"{file.name} has tables [[change]] and nothing else")
    try:
        return [one for line in lines.get("change", []) for one in _changes(**line)]
    except (TypeError, re.error) as error:
        raise UnfitChange(f"{file.name}: {error}") from None


def _changes(where: str | Sequence[str], what: str | Sequence[str], reason: str) -> Iterator[Change]:
    """A change for each of several patterns, in each of several places, that have one reason."""
    for place, pattern in product(*([one] if isinstance(one, str) else one or [""] for one in (where, what))):
        yield Change(place, pattern, reason)


def unlisted_and_unused(
    differences: Sequence[Difference], changes: Sequence[Change]
) -> tuple[list[Difference], list[Change]]:
    """The differences that no change tells of, and the changes that tell of no difference."""
    used: set[Change] = set()
    unlisted = []
    for difference in differences:
        found = {change for change in changes if change.covers(difference)}
        used |= found
        if not found:
            unlisted.append(difference)
    return unlisted, [change for change in changes if change not in used]


def verdict(differences: Sequence[Difference], changes: Sequence[Change]) -> tuple[str, int]:
    """What is wrong, in words, and the exit code: 1 if a difference is not listed or a change is not used."""
    unlisted, unused = unlisted_and_unused(differences, changes)
    told = [f"Not in changes.toml: {len(unlisted):,} lines\n\n{readable(unlisted)}"] if unlisted else []
    told += [f"In changes.toml, but nothing differs so: {one.where}: {one.what}" for one in unused]
    return "\n\n".join(told) or "Nothing differs but what changes.toml lists.", 1 if told else 0
