"""What many tests need: releases of the curated data and of the small workspace, each built once."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import fuseki
import pytest
from browser import chromium
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser
from real_servers import NotAtHand
from server_fixture import Served, limited, served, small_limits
from shares import share
from temporary_files import use_memory
from wheel_fixture import built, install
from workspaces import REPOSITORY, TABLES, copied, edited, make_least_workspace, make_workspace

import transfergraph as tg

use_memory()
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")  # examples fail for what they are, not for how busy the machine is


# Files that take long are handed out first: so no worker of pytest-xdist is left with one when the others are done.
LONGEST = (
    "test_kills.py",
    "test_publication_site.py",
    "test_faults.py",
    "test_resources.py",
    "test_tables.py",
    "test_workbench_browser.py",
    "test_finding_pages.py",
    "test_docs_commands.py",
    "test_network_browser.py",
    "test_server_supervision.py",
    "test_server_hostile.py",
    "test_your_region.py",
    "test_server_releases.py",
    "test_release_damages.py",
)


def _family(item: pytest.Item) -> str:
    """The test that a case is of, where a share of its cases stands for all; else the case itself."""
    return item.nodeid.partition("[")[0] if item.get_closest_marker("share") else item.nodeid


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A share of what is marked ``share``, but where tests are named; all stays in the order of names."""
    named = any("::" in one for one in config.args)
    taken = set(items if named else share(items, _family))
    config.hook.pytest_deselected(items=[item for item in items if item not in taken])
    items[:] = [item for item in items if item in taken]
    items.sort(key=lambda item: LONGEST.index(name) if (name := item.path.name) in LONGEST else len(LONGEST))


def pytest_collection_finish() -> None:
    """What the tests are made of stays to the end: no later collection looks at it again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def closed_answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every answer that this process gets over HTTP is closed, read to its end or not."""
    answers: list[HTTPResponse] = []

    class Noted(HTTPResponse):
        def begin(self) -> None:
            answers.append(self)
            super().begin()

    monkeypatch.setattr(HTTPConnection, "response_class", Noted)
    yield
    assert [answer for answer in answers if not answer.closed] == []


@pytest.fixture(autouse=True, scope="module")
def collected() -> Iterator[None]:
    """What a file's tests leave open is told there, and not wherever the next collection happens to be."""
    yield
    gc.collect()


Made = Callable[[str, Callable[[Path], object]], Path]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Wait for the other workers of pytest-xdist to be done."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Gives a folder that the first worker of pytest-xdist to ask for it fills for all; only read, and copied."""
    together = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        together = together.parent

    def folder(name: str, make: Callable[[Path], object]) -> Path:
        place, is_made = together / name, together / f"{name}-is-made"
        with locked(together / f"{name}-lock"):
            if not is_made.exists():
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
                make(place)
                is_made.touch()
        return place

    return folder


def build(root: Path, output: Path) -> None:
    """Build a release, which has to become one."""
    outcome = tg.build(root, output)
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]


@pytest.fixture(scope="session")
def saxon_builds(made_once: Made) -> Path:
    """The output folder of a build of the curated data."""
    return made_once("saxony", lambda folder: build(REPOSITORY, folder / "build")) / "build"


@pytest.fixture(scope="session")
def saxony(saxon_builds: Path) -> tg.Release:
    """The release of the curated data."""
    return tg.open(saxon_builds)


@pytest.fixture(scope="session")
def saxon_site(saxony: tg.Release, made_once: Made) -> Path:
    """The curated data as a site with all its pages."""
    return made_once("saxon-site", lambda folder: tg.site(saxony.path, folder, "http://localhost/"))


@pytest.fixture(scope="session")
def first_release(made_once: Made) -> tuple[Path, Path]:
    """The small workspace and its output folder with one release."""
    folder = made_once("first", lambda folder: build(make_workspace(folder / "ws"), folder / "build"))
    return folder / "ws", folder / "build"


@pytest.fixture(scope="session")
def second_release(first_release: tuple[Path, Path], made_once: Made) -> tuple[Path, Path]:
    """The same with a second release, for which a place has moved."""

    def make(folder: Path) -> None:
        root, output = copied(first_release, folder)
        (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.06"), "utf-8")
        build(root, output)

    folder = made_once("second", make)
    return folder / "ws", folder / "build"


@pytest.fixture(scope="session")
def releases_of_few_files(made_once: Made) -> tuple[Path, Path]:
    """A release and the next, for which a place has moved: a project without any statement about its quality.

    A site writes each of those, and there are more of them than of all else together.
    """

    def make(folder: Path) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("transfergraph.dcat.catalogue.describe_quality", lambda *_: None)
            root = make_least_workspace(folder / "ws")
            build(root, folder / "build")
            (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.06"), "utf-8")
            build(root, folder / "build")

    second = tg.open(made_once("few-files", make) / "build")
    return second.path.with_name(str(second.manifest.previous)), second.path


@pytest.fixture(scope="session")
def merged_builds(made_once: Made) -> Path:
    """Two releases; the second lacks an organisation of the first, which was merged, and one that was not."""

    def make(folder: Path) -> None:
        more = "weg-ag,company,Weg AG,Gone Inc.,,,,,page\nlang/ag,company,Lang AG,Long Inc.,,,,,page\n"
        root = make_workspace(folder / "ws", organisations=TABLES["organisations"] + more)
        (root / "pages").mkdir()
        (root / "pages" / "imprint.de.md").write_text("# Impressum\n\nDie Stelle.\n", "utf-8")
        tg.build(root, folder / "build", accept_violations=True)
        data = root / "data" / "source"
        kept = edited("organisations", "müller-ag,company", "meier-ag,company") + more.splitlines(True)[1]
        (data / "organisations.csv").write_text(kept, "utf-8")
        (data / "participations.csv").write_text(
            TABLES["participations"].replace("müller-ag", "meier-ag"), "utf-8"
        )
        (data / "former_organisations.csv").write_text("id,replaced_by\nmüller-ag,meier-ag\n", "utf-8")
        outcome = tg.build(root, folder / "build", accept_violations=True, accept_loss=True)
        assert outcome.release is not None, [str(finding) for finding in outcome.report.findings]

    return made_once("merged", make) / "build"


@pytest.fixture(scope="session")
def merged_release(merged_builds: Path) -> Path:
    """The second of those releases."""
    return tg.open(merged_builds).path


@pytest.fixture(scope="session")
def merged_site(merged_release: Path, made_once: Made) -> Path:
    """That release as a site with all its pages."""
    url = "https://data.agency.de/graph/"
    return made_once("merged-site", lambda folder: tg.site(merged_release, folder, url))


@pytest.fixture(scope="session")
def server(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of the curated data, with 1,000 rows for an answer and 10 seconds for a query."""
    workspace = small_limits(tmp_path_factory.mktemp("served") / "workspace", time_seconds=10)
    with served(limited(saxon_builds, workspace), workspace) as running:
        yield running


@pytest.fixture(scope="session")
def wheel(made_once: Made) -> Path:
    """The wheel, built from the repository."""
    return next(made_once("wheel", lambda folder: built(folder / "wheels", "wheel")).glob("wheels/*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, made_once: Made) -> Path:
    """The program, installed from the wheel alone."""
    return (
        made_once("installed", lambda folder: install(wheel, folder / "venv"))
        / "venv"
        / "bin"
        / "transfergraph"
    )


@pytest.fixture(scope="session")
def fuseki_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Fuseki; its data sets ``union`` and ``plain`` are empty at first."""
    try:
        with fuseki.running(tmp_path_factory.mktemp("fuseki")) as address:
            yield address
    except NotAtHand as reason:
        pytest.skip(str(reason))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """No bytes in the names of tests: those of a packed file hold the time at which it was packed."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium without a display; each file of tests has its own."""
    with chromium() as running:
        yield running
