"""The wheel, built from the repository and installed where the repository is not at hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from workspaces import REPOSITORY


def built(folder: Path, kind: str) -> Path:
    """A wheel of that kind, ``wheel`` or ``editable``; skips the test where there is no hatchling."""
    pytest.importorskip("hatchling", reason="needs hatchling, which builds the wheel")
    folder.mkdir()
    code = f"import sys; from hatchling.build import build_{kind}; build_{kind}(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", code, folder], check=False, cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """The program, installed from the wheel into an environment that has its dependencies and no repository."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    shared = [path for path in sys.path if path.endswith("site-packages")]
    (site / "shared.pth").write_text("\n".join(shared), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run([*pip, "--no-deps", "--no-index", "--quiet", str(wheel)], check=True, env=bare())
    return folder / "bin" / "transfergraph"


def bare() -> dict[str, str]:
    """The environment without what tells Python where the repository is."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
