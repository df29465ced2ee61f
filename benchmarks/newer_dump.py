"""A newer dump of CORDIS made of an older one, by a seed: some projects changed, some new, some gone.

``python -m benchmarks.newer_dump OLD.tar.zst NEW.tar.zst [CHANGED NEW GONE]`` (200, 50 and 20 by default).
"""

from __future__ import annotations

import io
import random
import re
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

SEED = 20
_FIRST_NEW_ID = 990_000_000
_ID = re.compile(rb"<id>(\d+)</id>")
_END = re.compile(rb"<endDate>(\d{4})-")
_TITLE = re.compile(rb"<title>([^<]*)</title>")
_MOST = re.compile(rb"<ecMaxContribution>[^<]*</ecMaxContribution>")
_ACRONYM = re.compile(rb"<acronym>[^<]*</acronym>")
_PARTNER = re.compile(rb"\s*<organization\b(?:(?!</organization>).)*</organization>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Newer:
    """What a newer dump has otherwise: ids of projects."""

    changed: frozenset[str]
    new: frozenset[str]
    gone: frozenset[str]


def sample(old: Path, target: Path, projects: int) -> None:
    """An archive of so many projects of a larger one, chosen by the seed."""
    names = _names(old)
    kept = set(random.Random(SEED).sample(names, projects))
    with _packed(target, "w") as out:
        for name, content in members(old):
            if name in kept:
                _add(out, name, content)


def make_newer(old: Path, target: Path, changed: int = 200, new: int = 50, gone: int = 20) -> Newer:
    """Write the newer archive; a new project is an older one with another number and acronym."""
    chosen = random.Random(SEED).sample(_names(old), changed + new + gone)
    to_change = {name: number for number, name in enumerate(chosen[:changed])}
    to_copy = {name: number for number, name in enumerate(chosen[changed : changed + new])}
    to_drop = set(chosen[changed + new :])
    ids: dict[str, set[str]] = {"changed": set(), "new": set(), "gone": set()}
    with _packed(target, "w") as out:
        for name, content in members(old):
            if name in to_drop:
                ids["gone"].add(_id(content))
                continue
            if name in to_change:
                ids["changed"].add(_id(content))
                content = _changed(content, to_change[name])
            _add(out, name, content)
            if name in to_copy:
                number = _FIRST_NEW_ID + to_copy[name]
                ids["new"].add(str(number))
                copied = _ID.sub(b"<id>%d</id>" % number, content, count=1)
                copied = _ACRONYM.sub(b"<acronym>NEWER%d</acronym>" % number, copied, count=1)
                _add(out, f"newer/{number}.xml", copied)
    return Newer(*(frozenset(ids[key]) for key in ("changed", "new", "gone")))


def _changed(content: bytes, number: int) -> bytes:
    """Another end, title or amount, or a partner less, in turns; what has no such part gets another title."""
    partners = list(_PARTNER.finditer(content))
    if number % 4 == 0 and _END.search(content):
        return _END.sub(lambda found: b"<endDate>%d-" % (int(found[1]) + 1), content, count=1)
    if number % 4 == 1 and _MOST.search(content):
        return _MOST.sub(b"<ecMaxContribution>123456.5</ecMaxContribution>", content, count=1)
    if number % 4 == 2 and len(partners) > 2:
        return content[: partners[-1].start()] + content[partners[-1].end() :]
    return _TITLE.sub(rb"<title>\1 (amended)</title>", content, count=1)


def _id(content: bytes) -> str:
    found = _ID.search(content)
    assert found is not None
    return found[1].decode()


def _names(archive: Path) -> list[str]:
    with _packed(archive, "r") as packed:
        return [entry.name for entry in packed if entry.name.endswith(".xml")]


def members(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The documents of an archive, with their names."""
    with _packed(archive, "r") as packed:
        for entry in packed:
            content = packed.extractfile(entry) if entry.name.endswith(".xml") else None
            if content is not None:
                yield entry.name, content.read()


def _add(out: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    out.addfile(entry, io.BytesIO(content))


@contextmanager
def _packed(path: Path, mode: Literal["r", "w"]) -> Iterator[tarfile.TarFile]:
    """A tar that is read or written as a stream, packed with zstd where its name says so."""
    with ExitStack() as opened:
        if path.suffix == ".zst":
            from backports import zstd

            packed = zstd.open(path, "rb") if mode == "r" else zstd.open(path, "wb", level=1)
            stream: Any = opened.enter_context(packed)
        else:
            stream = opened.enter_context(path.open(f"{mode}b"))
        yield opened.enter_context(tarfile.open(fileobj=stream, mode="r|" if mode == "r" else "w|"))


def main() -> None:
    """Write the newer dump and tell which projects differ."""
    old, target, *counts = sys.argv[1:]
    made = make_newer(Path(old), Path(target), *map(int, counts))
    for what in ("changed", "new", "gone"):
        print(f"{what}: {' '.join(sorted(getattr(made, what)))}")


if __name__ == "__main__":
    main()
