"""Programs from Maven Central, fetched once into ``.tools/``."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from real_servers import NotAtHand

TOOLS = Path(__file__).resolve().parent.parent / ".tools"


def fetched(artifact: str, folder: Path = TOOLS) -> Path:
    """The file of an artifact, named ``group:name:version[:packaging[:classifier]]``.

    Raises :class:`NotAtHand` where it cannot be had.
    """
    _, name, version, packaging, *classifier = [
        *artifact.split(":"),
        *(["jar"] if artifact.count(":") == 2 else []),
    ]
    file = folder / f"{'-'.join([name, version, *classifier])}.{packaging}"
    if file.is_file():
        return file
    maven = shutil.which("mvn")
    if maven is None:
        raise NotAtHand(f"Maven (mvn), which fetches {name}, is not installed")
    command = [maven, "--quiet", "--batch-mode", "dependency:copy", f"-Dartifact={artifact}"]
    done = subprocess.run(
        [*command, f"-DoutputDirectory={folder}"],
        cwd=folder.parent,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if done.returncode != 0 or not file.is_file():
        raise NotAtHand(f"Maven could not fetch {artifact}: {done.stdout[-300:]}{done.stderr[-300:]}")
    return file
