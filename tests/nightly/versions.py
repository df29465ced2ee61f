"""Run the tests with the lowest or the highest versions of packages that ``pyproject.toml`` allows.

``python tests/nightly/versions.py lowest|highest 3.11|newest``: in an environment of its own below ``.tools/``,
on this Python or on the newest that is at hand. Lowest are the bounds themselves, and of what they bring along
the newest; on a Python that is newer than a bound, the first version that has a wheel for it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = REPOSITORY / ".tools" / "nightly"
_ASK = "import sys; print(*sys.version_info[:2], sys.version_info.releaselevel, sys.executable)"


def pythons() -> dict[tuple[int, int], str]:
    """The Pythons from 3.11 on that are on the path or that pyenv has, without pre-releases."""
    folders = [Path(folder) for folder in os.get_exec_path()]
    found: dict[tuple[int, int], str] = {}
    for folder in [*folders, *sorted(Path.home().glob(".pyenv/versions/*/bin"))]:
        for command in sorted(folder.glob("python3.[1-9][0-9]")):
            told = subprocess.run([command, "-c", _ASK], capture_output=True, text=True, check=False)
            if told.returncode == 0:
                major, minor, level, executable = told.stdout.split(maxsplit=3)
                if level == "final" and (int(major), int(minor)) >= (3, 11):
                    found.setdefault((int(major), int(minor)), executable.strip())
    return found


def chosen(wanted: str) -> tuple[str, str]:
    """The version and the command of ``newest`` or of a version such as ``3.11``."""
    at_hand = pythons()
    version = max(at_hand) if wanted == "newest" else tuple(int(part) for part in wanted.split("."))
    if version not in at_hand:
        raise SystemExit(f"Python {wanted} is not at hand")
    return ".".join(map(str, version)), at_hand[version]


def environment(resolution: str, version: str, python: str) -> Path:
    """The Python of an environment with exactly the versions that the resolution gives today."""
    folder = FOLDER / f"{resolution}-{version}"
    tools = FOLDER / "uv" / "bin"
    if not (tools / "uv").exists():
        subprocess.run([sys.executable, "-m", "venv", tools.parent], check=True)
        subprocess.run([tools / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    uv, listed = str(tools / "uv"), FOLDER / f"{resolution}-{version}.txt"
    direct = f"{resolution}-direct" if resolution == "lowest" else resolution
    wheels = ("--only-binary", ":all:", "--no-binary", "owlready2")
    into = ("--quiet", "--python", folder / "bin" / "python")
    for command in (
        ("venv", "--quiet", "--clear", "--seed", "--python", python, folder),
        (
            "pip",
            "compile",
            *into,
            *wheels,
            "--resolution",
            direct,
            "--all-extras",
            "-o",
            listed,
            "pyproject.toml",
        ),
        ("pip", "sync", *into, listed),
        ("pip", "install", *into, "--no-deps", "--editable", "."),
    ):
        subprocess.run([uv, *command], cwd=REPOSITORY, check=True, env={**os.environ, "UV_SYSTEM_CERTS": "1"})
    return folder / "bin" / "python"


def main(resolution: str, wanted: str) -> int:
    """Run the tests; the exit code is theirs."""
    version, python = chosen(wanted)
    made = environment(resolution, version, python)
    path = f"{made.parent}{os.pathsep}{os.environ['PATH']}"
    jobs = os.environ.get("JOBS", "2")
    command = [
        str(made),
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-n",
        jobs,
        "--dist",
        "loadfile",
        "--no-loadscope-reorder",
    ]
    return subprocess.run(command, cwd=REPOSITORY, check=False, env={**os.environ, "PATH": path}).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
