"""The differences that are meant: one line each, precise, and used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase, translate
from functools import cache
from itertools import product
from pathlib import Path

from frozen.compare import FIELD, STATUS, Difference, readable
from frozen.parts import WHOLE

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


Texts = str | Sequence[str]
_SHAPELESS = (WHOLE, "page", STATUS, FIELD)  # parts that nearly everything has


class UnfitChange(ValueError):
    """A line of the list of changes that says too little, or fits too much."""


@dataclass(frozen=True, slots=True)
class Change:
    """A difference that is meant: where (a glob), in which part of the document (its name), what (a regular
    expression for the signed line), and why.

    Either of part and what is enough: a part that has another form as a whole is told by its name, a line that is
    found in any part by the line. What has no parts cannot be told as a whole in many places. A line of a header field
    may be told of all answers (``http/*``).
    """

    where: str
    what: str
    reason: str
    part: str = ""

    def __post_init__(self) -> None:
        texts = (self.where, self.what, self.reason, self.part)
        if not all(isinstance(text, str) for text in texts) or not all(
            text.strip() for text in (self.where, self.what or self.part, self.reason)
        ):
            raise UnfitChange(f"where, what or part, and reason are texts, and none is empty: {self}")
        if not re.fullmatch(r"\w.* .*\.", self.reason):
            raise UnfitChange(f"a reason is a sentence: {self.reason}")
        field = self.where == "http/*" and self.part.startswith(FIELD) and self.what
        if not field and any(fnmatchcase(place, self.where) for place in _NO_PLACES):
            raise UnfitChange(f"where names no file or route: {self.where}")
        if self.what and any(re.search(self.what, line) for line in _NO_LINES):
            raise UnfitChange(f"what fits any difference: {self.what}")
        if not self.what and self.part.startswith(_SHAPELESS) and set("*?[") & set(self.where):
            raise UnfitChange(
                f"{self.part} is no part of many documents that could change as a whole: {self.where}"
            )

    def covers(self, difference: Difference) -> bool:
        """Whether it tells of this difference."""
        return (
            self.part in ("", difference.part)
            and fnmatchcase(difference.place, self.where)
            and self.fits(difference.line)
        )

    def fits(self, line: str) -> bool:
        """Whether it tells of this line, in its part at its place."""
        return not self.what or bool(re.search(self.what, line))


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


def _changes(
    where: Texts, reason: str, what: Texts | None = None, part: Texts | None = None
) -> Iterator[Change]:
    """A change for each of several patterns, in each of several parts and places, that have one reason."""
    alternatives = (
        _listed(where),
        [""] if what is None else _listed(what),
        [""] if part is None else _listed(part),
    )
    for place, pattern, name in product(*alternatives):
        yield Change(place, pattern, reason, name)


def _listed(texts: Texts) -> Sequence[str]:
    return [texts] if isinstance(texts, str) else texts or [" "]


def unlisted_and_unused(
    differences: Sequence[Difference], changes: Sequence[Change]
) -> tuple[list[Difference], list[Change]]:
    """The differences that no change tells of, and the changes that tell of no difference."""
    telling = changes_at(changes)
    used: set[Change] = set()
    unlisted = []
    for difference in differences:
        found = [one for one in telling(difference.place, difference.part) if one.fits(difference.line)]
        used.update(found)
        if not found:
            unlisted.append(difference)
    return unlisted, [change for change in changes if change not in used]


def changes_at(changes: Sequence[Change]) -> Callable[[str, str], list[Change]]:
    """The changes that tell of a part at a place; each glob is looked at once a place."""
    globs: dict[str, list[Change]] = {}
    for change in changes:
        globs.setdefault(change.where, []).append(change)
    fitting = [(re.compile(translate(where)).match, some) for where, some in globs.items()]
    here = cache(lambda place: [one for fits, some in fitting if fits(place) for one in some])
    return cache(lambda place, part: [one for one in here(place) if one.part in ("", part)])


def verdict(differences: Sequence[Difference], changes: Sequence[Change]) -> tuple[str, int]:
    """What is wrong, in words, and the exit code: 1 if a difference is not listed or a change is not used."""
    unlisted, unused = unlisted_and_unused(differences, changes)
    told = [f"Not in changes.toml: {len(unlisted):,} lines\n\n{readable(unlisted)}"] if unlisted else []
    told += [
        f"In changes.toml, but nothing differs so: {one.where}: {one.part} {one.what}".rstrip()
        for one in unused
    ]
    return "\n\n".join(told) or "Nothing differs but what changes.toml lists.", 1 if told else 0
