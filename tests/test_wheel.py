"""The wheel: it holds the package and the core, and nothing else is needed to work with it."""

from __future__ import annotations

import shlex
import subprocess
import zipfile
from pathlib import Path

from wheel_fixture import bare, built
from workspaces import REPOSITORY


def run(program: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [program, *arguments], check=False, cwd=folder, env=bare(), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_holds_the_package_and_the_core_byte_for_byte(wheel: Path) -> None:
    places = {"transfergraph": REPOSITORY / "src" / "transfergraph"}
    places |= {f"transfergraph/core/{name}": REPOSITORY / name for name in ("ontology", "queries")}
    expected = {
        f"{place}/{file.relative_to(folder).as_posix()}": file.read_bytes()
        for place, folder in places.items()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []


def test_an_editable_install_has_no_copy_of_the_core(tmp_path: Path) -> None:
    with zipfile.ZipFile(built(tmp_path / "editable", "editable")) as archive:
        assert [name for name in archive.namelist() if ".dist-info/" not in name] == ["_transfergraph.pth"]
        assert archive.read("_transfergraph.pth").decode().strip() == str(REPOSITORY / "src")


def test_the_wheel_alone_makes_checks_and_builds_a_workspace(installed: Path, tmp_path: Path) -> None:
    run(installed, tmp_path, "init", "my-region")
    root = tmp_path / "my-region"
    assert "Nothing was found" in run(installed, root, "check", "--lang", "en")
    *_, suggested = run(installed, root, "build", "--lang", "en").splitlines()
    assert suggested.split()[1] == "query"
    assert "hilltown" in run(installed, root, *shlex.split(suggested)[1:])
    core = next(installed.parents[1].glob("lib/python*/site-packages/transfergraph/core"))
    carried = root / "build" / "current" / "ontology" / "shapes.ttl"
    assert carried.read_bytes() == (core / "ontology" / "shapes.ttl").read_bytes()
