"""The files of exact versions and hashes: ``deploy/requirements.txt`` and ``.ci/requirements.txt``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).resolve().parents[2]
RUNTIME = REPOSITORY / "deploy" / "requirements.txt"
DEVELOPMENT = REPOSITORY / ".ci" / "requirements.txt"


@dataclass(frozen=True, slots=True)
class Pin:
    """A version that is installed where its marker holds, and the SHA-256 that its files may have."""

    name: str
    version: Version
    marker: Marker | None
    hashes: tuple[str, ...]


def pins(file: Path) -> Iterator[Pin]:
    """The pins of a file; raises :class:`ValueError` for a line that is none."""
    text = file.read_text("utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        stated = line.partition(" #")[0].strip()
        if not stated or stated.startswith("#"):
            continue
        requirement, *hashes = (part.strip() for part in stated.split("--hash="))
        read = Requirement(requirement)
        specifiers = list(read.specifier)
        if len(specifiers) != 1 or specifiers[0].operator != "==" or read.url:
            raise ValueError(f"{file.name}: {requirement} is no exact version")
        if not hashes or not all(one.startswith("sha256:") and len(one) == 71 for one in hashes):
            raise ValueError(f"{file.name}: {requirement} has no hashes")
        yield Pin(canonicalize_name(read.name), Version(specifiers[0].version), read.marker, tuple(hashes))
