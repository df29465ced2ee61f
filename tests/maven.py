"""Programs from Maven Central, fetched once into ``.tools/``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

TOOLS = Path(__file__).resolve().parent.parent / ".tools"


class NotFetched(Exception):
    """The program cannot be had here; the text says why."""


def fetched(artifact: str, folder: Path = TOOLS) -> Path:
    """The file of an artifact, named ``group:name:version`` or ``group:name:version:packaging``."""
    _, name, version, *packaging = artifact.split(":")
    file = folder / f"{name}-{version}.{packaging[0] if packaging else 'jar'}"
    if file.is_file():
        return file
    maven = shutil.which("mvn")
    if maven is None:
        raise NotFetched(f"Maven (mvn), which fetches {name}, is not installed")
    command = [maven, "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact={artifact}"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder}"],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0 or not file.is_file():
        raise NotFetched(f"Maven could not fetch {artifact}: {done.stdout[-300:]}{done.stderr[-300:]}")
    return file
