"""The software's own supply chain: what it is locked to, what is known against that, its bill of materials, its parts."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from supply import audit, locked, sbom
from supply.locked import DEVELOPMENT, RUNTIME, pins
from wheel_fixture import bare, built
from workspaces import REPOSITORY

import transfergraph as tg

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
CONTAINERFILE = REPOSITORY / "deploy" / "Containerfile"


def stated(*extras: str) -> list[Requirement]:
    """The requirements of the project itself, and of its extras."""
    groups = [PROJECT["dependencies"], *(PROJECT["optional-dependencies"][extra] for extra in extras)]
    return [Requirement(one) for group in groups for one in group if not one.startswith("transfergraph[")]


@pytest.mark.parametrize(
    ("file", "extras"),
    [(RUNTIME, ()), (DEVELOPMENT, tuple(PROJECT["optional-dependencies"]))],
    ids=["run", "develop"],
)
def test_the_lock_fits_the_bounds(file: Path, extras: tuple[str, ...]) -> None:
    found = list(pins(file))
    names = {pin.name for pin in found}
    for requirement in [*stated(*extras), Requirement("hatchling>=1.27")]:
        name = canonicalize_name(requirement.name)
        assert name in names, f"{name} is in no line of {file.name}: make lock"
        outside = [
            pin.version for pin in found if pin.name == name and pin.version not in requirement.specifier
        ]
        assert outside == [], f"{name}: make lock"
    text = file.read_text("utf-8")
    assert "://" not in text and "--index" not in text and "--find-links" not in text
    assert "transfergraph" not in names


def test_what_is_tested_is_what_the_container_has() -> None:
    tested = {(pin.name, pin.version) for pin in pins(DEVELOPMENT)}
    assert {(pin.name, pin.version) for pin in pins(RUNTIME)} <= tested


def test_the_lock_is_that_of_this_environment_in_ci() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text("utf-8")
    assert script.index("make locked") < script.index("make test")
    make = (REPOSITORY / "Makefile").read_text("utf-8")
    assert "--require-hashes --requirement .ci/requirements.txt" in make


def test_no_pin_and_no_lower_bound_is_known_to_be_weak() -> None:
    kept = audit.read_list(audit.ADVISORIES)
    records = kept.records
    assert len(records) > 30 and kept.day <= date.today()
    assert [*audit.weaknesses(records, [*pins(RUNTIME), *pins(DEVELOPMENT)])] == []
    for requirement in stated():
        lowest = next(Version(one.version) for one in requirement.specifier if one.operator == ">=")
        name = canonicalize_name(requirement.name)
        assert [record["id"] for record in records if audit.affected(record, name, lowest)] == [], name


def test_the_audit_names_what_is_known_and_says_what_it_cannot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "by_pip_audit", lambda file: None)
    kept = audit.read_list(audit.ADVISORIES)
    day, locked_names = kept.day, {pin.name for pin in pins(RUNTIME)}
    assert audit.main([], day) == 0
    said = re.search(
        r"Nothing is known of (\d+) packages; of (\d+) it could not be said: (.+)\.", capsys.readouterr().out
    )
    assert said is not None
    unsaid = set(said[3].split(", "))  # each is named: none is passed over in silence
    assert unsaid == locked_names - kept.known and (int(said[1]), int(said[2])) == (
        len(locked_names & kept.known),
        len(unsaid),
    )
    assert locked_names & kept.known > {
        "duckdb",
        "idna",
        "jinja2",
        "openpyxl",
        "pillow",
        "starlette",
        "uvicorn",
    }
    weak = tmp_path / "weak.txt"
    weak.write_text(f"starlette==1.3.0 --hash=sha256:{'0' * 64}\n")
    assert audit.main([str(weak)], day) == 1
    told = capsys.readouterr().out
    assert "KNOWN: starlette 1.3.0: CVE-2026-54283" in told and "CVE-2026-54282" not in told
    weak.write_text(f"openpyxl==2.4.1 --hash=sha256:{'0' * 64}\njsonpickle==2.0.0 --hash=sha256:{'0' * 64}\n")
    assert audit.main([str(weak)], day) == 1
    told = capsys.readouterr().out
    assert (
        "KNOWN: openpyxl 2.4.1: CVE-2017-5992" in told and "KNOWN: jsonpickle 2.0.0: CVE-2021-47952" in told
    )
    assert audit.main([], day + timedelta(days=audit.OLD + 1)) == 2
    assert "does not count" in capsys.readouterr().out
    broken = tmp_path / "broken.json"
    broken.write_text('{"date": "2026-01-01", "advisories": [{"id": "X"}]}')
    assert audit.main([], day, broken) == 2
    assert "is no list of advisories" in capsys.readouterr().out
    # pip-audit says "no known vulnerabilities" of packages that it could not look up
    monkeypatch.setattr(audit, "by_pip_audit", lambda file: ([], [pin.name for pin in pins(file)]))
    assert audit.main([], day, broken) == 2
    monkeypatch.setattr(audit, "by_pip_audit", lambda file: (["idna 3.20: X-1"], []))
    assert audit.main([], day) == 1


@pytest.mark.parametrize(
    "line", ["a>=1 --hash=sha256:" + "0" * 64, "a==1", "a==1 --hash=md5:0", "a @ https://x/a.whl"]
)
def test_what_is_no_exact_version_with_hashes_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "lock.txt").write_text(line + "\n")
    with pytest.raises(ValueError, match=r"is no exact version|has no hashes"):
        list(locked.pins(tmp_path / "lock.txt"))


def test_the_bill_of_materials_names_all_that_the_container_has(tmp_path: Path) -> None:
    if not sbom.TOOL.exists():
        pytest.skip("needs cyclonedx-bom (make peers)")
    sbom.write(tmp_path / "one.json")
    bill = json.loads((tmp_path / "one.json").read_text("utf-8"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "transfergraph"
    assert bill["metadata"]["component"]["version"] == tg.__version__
    listed = {(canonicalize_name(one["name"]), Version(one["version"])) for one in bill["components"]}
    assert listed == {(pin.name, pin.version) for pin in pins(RUNTIME)}
    for one in bill["components"]:
        assert one["purl"].startswith("pkg:pypi/") and "SHA-256" in json.dumps(one["externalReferences"])
    sbom.write(tmp_path / "two.json")
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def test_the_version_stands_in_one_place() -> None:
    version = PROJECT["version"]
    assert tg.__version__ == version
    written = subprocess.run(
        ["git", "grep", "-nE", rf"version(__)? *= *[\"']{re.escape(version)}"],
        cwd=REPOSITORY, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if written.returncode > 1:
        pytest.skip(f"needs git: {written.stderr.strip()}")
    assert [
        line.partition(":")[0] for line in written.stdout.splitlines() if not line.startswith("tests/")
    ] == ["pyproject.toml"]


def test_the_source_distribution_makes_the_same_wheel_without_the_repository(
    wheel: Path, tmp_path: Path
) -> None:
    packed = tmp_path / "packed"
    packed.mkdir()
    make = "import sys; from hatchling.build import build_sdist; build_sdist(sys.argv[1])"
    subprocess.run([sys.executable, "-c", make, packed], cwd=REPOSITORY, check=True, capture_output=True)
    (archive,) = packed.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        opened.extractall(tmp_path / "unpacked", filter="data")
    assert not [name for name in names if re.search(r"/(build|\.tools|\.venv|\.git)/", name)]
    (source,) = (tmp_path / "unpacked").iterdir()
    again = tmp_path / "again"
    again.mkdir()
    environment = {**bare(), "CC": "false", "CXX": "false"}
    make = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", make, again], cwd=source, check=True, capture_output=True, env=environment
    )
    (other,) = again.glob("*.whl")
    assert other.name == wheel.name and other.name.endswith("-py3-none-any.whl")
    assert other.read_bytes() == wheel.read_bytes()


def test_the_wheel_does_not_depend_on_the_clock(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert built(tmp_path / "again", "wheel").read_bytes() == wheel.read_bytes()


def test_the_container_is_made_of_what_is_pinned() -> None:
    text = CONTAINERFILE.read_text("utf-8")
    assert re.findall(r"(?m)^FROM (\S+)", text) == ["$BASE", "$BASE"]
    (base,) = re.findall(r"(?m)^ARG BASE=(\S+)", text)
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim@sha256:[0-9a-f]{64}", base)
    assert "--require-hashes" in text and "requirements.txt" in text and "SOURCE_DATE_EPOCH" in text
    assert "--no-compile" in text  # a compiled module holds the time of its source


@dataclass(frozen=True, slots=True)
class Builder:
    """A program that builds images, with what it is told each time; ``base`` is one in place of that which is pinned."""

    name: str
    base: str = ""

    def build(self, file: Path) -> str:
        """Build the image without a cache; its id. Skips where its base cannot be fetched."""
        make = [self.name, "build", "--no-cache", *(("--timestamp", "0") if self.is_repeatable else ())]
        if self.base:
            make += ["--build-arg", f"BASE={self.base}", "--isolation", "chroot"]
            shared = ("/etc/pip.conf", "/etc/ssl/certs")  # how package indexes are reached
            make += [f"--volume={one}:{one}:ro" for one in shared if Path(one).exists()]
        make += ["-f", str(CONTAINERFILE), "--iidfile", str(file), str(REPOSITORY)]
        done = subprocess.run(make, capture_output=True, text=True, check=False)
        if done.returncode and not self.base and re.search(_UNREACHABLE, done.stderr):
            pytest.skip(f"needs the base image, which could not be fetched: {done.stderr[-300:]}")
        assert done.returncode == 0, done.stderr[-3000:]
        return file.read_text("utf-8").strip()

    def run(self, image: str, *command: str) -> str:
        """What a command in a container of the image prints."""
        if self.name != "buildah":
            return _printed(self.name, "run", "--rm", "--entrypoint", command[0], image, *command[1:])
        container = _printed("buildah", "from", image)
        try:
            return _printed("buildah", "run", "--isolation", "chroot", container, *command)
        finally:
            _printed("buildah", "rm", container)

    @property
    def is_repeatable(self) -> bool:
        """Whether it can be told the time of a build; docker's own builder keeps it."""
        return self.name != "docker"


_UNREACHABLE = r"(?i)no such host|connection refused|timeout|lookup|unreachable|dial tcp"


def _printed(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout.strip()


@pytest.fixture
def builder(tmp_path: Path) -> Iterator[Builder]:
    """What builds an image; with ``IMAGES=1`` (as root, on Debian) on a Debian of debootstrap, where the base that is pinned
    cannot be had. Skips where there is none that works."""
    for name in ("podman", "buildah", "docker"):
        if (
            shutil.which(name)
            and not subprocess.run([name, "info"], capture_output=True, check=False).returncode
        ):
            break
    else:
        pytest.skip("needs podman, buildah, or docker with a running daemon")
    if os.environ.get("IMAGES") != "1":
        yield Builder(name)
        return
    base = debian_base(tmp_path / "base")
    yield Builder("buildah", base)
    _printed("buildah", "rmi", "--force", base)


def debian_base(folder: Path) -> str:
    """An image of Debian 13 with its Python, as the base that is pinned has it; its id."""
    sources = ("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages", "Label: Debian")
    packages = "--include=ca-certificates,python3-venv,python-is-python3"
    _printed(
        "debootstrap",
        "--variant=minbase",
        packages,
        "trixie",
        str(folder),
        _printed(*sources).splitlines()[0],
    )
    container = _printed("buildah", "from", "scratch")
    _printed("buildah", "add", "--quiet", container, str(folder), "/")
    path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    _printed("buildah", "config", "--env", f"PATH={path}", container)
    image = _printed(
        "buildah", "commit", "--quiet", "--timestamp", "0", container, f"localhost/{folder.parent.name}"
    )
    _printed("buildah", "rm", container)
    return image


def test_an_image_is_built_and_runs_and_is_the_same_again(builder: Builder, tmp_path: Path) -> None:
    images = [builder.build(tmp_path / name) for name in ("first", "second")]
    try:
        python, program = (f"/opt/transfergraph/bin/{name}" for name in ("python", "transfergraph"))
        assert builder.run(images[0], program, "--version") == tg.__version__
        told = builder.run(images[0], python, "-c", "import os; print(os.getuid())")
        assert told == "10001"
        if builder.is_repeatable:
            assert images[0] == images[1]
    finally:
        for image in set(images):
            subprocess.run([builder.name, "rmi", "--force", image], capture_output=True, check=False)
