"""What version 0.1 wrote opens in this one: a workspace, and a release that is queried, served, followed and published."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from server_fixture import served
from store_server import storing

import transfergraph as tg

FIRST = Path(__file__).parent / "first_version"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture
def first(tmp_path: Path) -> tuple[Path, Path]:
    """The workspace and the output folder, as they were."""
    root, output = tmp_path / "workspace", tmp_path / "build"
    shutil.copytree(FIRST / "workspace", root)
    with tarfile.open(FIRST / "releases.tar.xz") as packed:
        packed.extractall(output, filter="data")
    (release,) = (output / "releases").iterdir()
    (output / "current").symlink_to(release.relative_to(output))
    return root, output


def test_a_release_is_whole_answers_and_is_published(first: tuple[Path, Path], tmp_path: Path) -> None:
    release = tg.open(first[1])
    assert release.verify() == []
    assert "undertaking/recomine" in release.question("alliances").write("csv")
    assert release.network().number_of_nodes() > 2
    with pytest.raises(tg.ReleaseError, match="build the release anew"):
        release.search("Dresden")  # it has no index of names
    made = tg.site(release.path, tmp_path / "site", "https://example.org/")
    assert (tmp_path / "site" / "organisation" / "htw-dresden.ttl").is_file() and made.files > 50
    assert tg.archive(release.path, tmp_path).file.is_file()
    with storing() as server:
        tg.push(release.path, server.url)
        assert len(server.store) > 100


def test_a_release_is_served(first: tuple[Path, Path]) -> None:
    root, output = first
    with served(output, root) as server:
        assert int(server.rows(COUNT)[0]["n"]) > 100
        for path in (
            "",
            "organisation/htw-dresden.de.html",
            "organisation/htw-dresden.ttl",
            "feed.atom",
            "sparql",
        ):
            assert server.get(path).status == 200, path
        assert server.get("questions/alliances.json").json


def test_a_workspace_builds_and_its_release_follows_the_first(first: tuple[Path, Path]) -> None:
    root, output = first
    before = tg.open(output).path.name
    outcome = tg.build(root, output, accept_loss=True)
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]
    assert outcome.manifest.previous == before
    codes = {finding.code for finding in outcome.report.findings}
    assert not codes & {"release.before-damaged", "release.before-passed-over", "release.before-lost"}
    release = tg.open(output)
    assert release.verify() == []
    stated = f"ASK {{ <{release.manifest.base}organisation/htw-dresden> ?p ?o }}"
    assert "true" in release.sparql(stated).write("json")
    assert before in (release.path / "feed.atom").read_text("utf-8")
