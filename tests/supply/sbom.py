"""Write what the container has as CycloneDX: ``python tests/supply/sbom.py [FILE]``; the same bytes for the same lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from supply.locked import REPOSITORY, RUNTIME

FOLDER = REPOSITORY / ".tools" / "supply"
TOOL = FOLDER / "bin" / "python"
"""What has cyclonedx-bom, apart from the tests: with it comes lxml, which openpyxl would take."""
WANTED = REPOSITORY / "tests" / "peers" / "supply" / "requirements.txt"


def install() -> None:
    """Have the tool; raises :class:`subprocess.CalledProcessError`."""
    if not TOOL.exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
        subprocess.run([TOOL, "-m", "pip", "install", "--quiet", "--requirement", WANTED], check=True)


def write(file: Path) -> None:
    """Write the bill of materials; raises :class:`subprocess.CalledProcessError`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    command = [str(TOOL), "-m", "cyclonedx_py", "requirements", str(RUNTIME), "--pyproject", "pyproject.toml",
               "--output-reproducible", "--short-PURLs", "--spec-version", "1.6", "--output-format", "JSON",
               "--output-file", str(file)]  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name != "SOURCE_DATE_EPOCH"}
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True, text=True, env=kept)


if __name__ == "__main__":
    install()
    for name in sys.argv[1:]:
        write(Path(name).resolve())
