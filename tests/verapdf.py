"""veraPDF, which judges a PDF by PDF/UA-1 (ISO 14289-1): fetched with Maven, run with Java."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from maven import TOOLS
from real_servers import NotAtHand

VERSION = "1.28.2"
_PROJECT = f"""<project xmlns="http://maven.apache.org/POM/4.0.0">
<modelVersion>4.0.0</modelVersion><groupId>tests</groupId><artifactId>verapdf</artifactId><version>1</version>
<dependencies><dependency><groupId>org.verapdf.apps</groupId><artifactId>greenfield-apps</artifactId>
<version>{VERSION}</version></dependency></dependencies></project>
"""


def judge(files: Sequence[Path]) -> list[bool]:
    """Whether each file complies with PDF/UA-1; raises :class:`NotAtHand` where veraPDF cannot run."""
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs veraPDF, is not installed")
    done = subprocess.run(
        [
            java,
            "-cp",
            f"{_fetch()}/*",
            "org.verapdf.apps.GreenfieldCliWrapper",
            "-f",
            "ua1",
            "--format",
            "xml",
            *files,
        ],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = re.findall(r'isCompliant="(true|false)"', done.stdout)
    assert len(found) == len(files), done.stdout[-500:] + done.stderr[-500:]
    return [one == "true" for one in found]


def _fetch() -> Path:
    """The folder of its archives, fetched once."""
    folder = TOOLS / f"verapdf-{VERSION}"
    whole = folder / "whole"
    if whole.is_file():
        return folder / "lib"
    maven = shutil.which("mvn")
    if maven is None:
        raise NotAtHand("Maven (mvn), which fetches veraPDF, is not installed")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pom.xml").write_text(_PROJECT, "utf-8")
    done = subprocess.run(
        [maven, "--quiet", "--batch-mode", "dependency:copy-dependencies", "-DoutputDirectory=lib"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if done.returncode != 0:
        raise NotAtHand(f"Maven could not fetch veraPDF: {done.stdout[-300:]}{done.stderr[-300:]}")
    whole.touch()
    return folder / "lib"
