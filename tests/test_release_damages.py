"""Damaged releases: found by verify, built anew by the next build, and no hindrance to a later one."""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from test_flow import files_of, run
from workspaces import TABLES, copied, edited

import transfergraph as tg
from transfergraph.release.manifest import read_manifest
from transfergraph.release.publish_release import faults_of

Harm = Callable[[Path], object]


def emptied(name: str) -> Harm:
    return lambda release: (release / name).write_bytes(b"")


def cut(name: str) -> Harm:
    return lambda release: os.truncate(release / name, (release / name).stat().st_size // 2)


def flipped(name: str) -> Harm:
    def harm(release: Path) -> None:
        content = bytearray((release / name).read_bytes())
        content[len(content) // 2] ^= 1
        (release / name).unlink()  # it may be the same file in another release
        (release / name).write_bytes(content)

    return harm


def removed(name: str) -> Harm:
    return lambda release: (release / name).unlink()


def all_of(*harms: Harm) -> Harm:
    return lambda release: [harm(release) for harm in harms]


def store_cut(release: Path) -> None:
    os.truncate(largest_table(release), 100)


def largest_table(release: Path) -> Path:
    return max((release / "store").glob("*.sst"), key=lambda file: file.stat().st_size)


def without_store(release: Path) -> None:
    for file in (release / "store").iterdir():
        file.unlink()


def wrong(**values: object) -> Harm:
    def harm(release: Path) -> None:
        file = release / "manifest.json"
        file.write_text(json.dumps({**json.loads(file.read_text()), **values}))

    return harm


DAMAGES: dict[str, tuple[Harm, str]] = {
    "empty report": (emptied("report.json"), "report.json"),
    "report cut": (cut("report.json"), "report.json"),
    "list for a manifest": (lambda release: (release / "manifest.json").write_text("[]"), "manifest.json"),
    "manifest removed": (removed("manifest.json"), "manifest.json"),
    "network removed": (removed("network.html"), "network.html"),
    "dump flipped": (flipped("data/graph.nt.gz"), "data/graph.nt.gz"),
    "store file cut": (store_cut, "store/"),
    "store file flipped": (lambda r: flipped(f"store/{largest_table(r).name}")(r), "store/"),
    "store emptied": (without_store, "store"),
    "store gone": (lambda release: shutil.rmtree(release / "store"), "store"),
    "CURRENT removed": (removed("store/CURRENT"), "store/CURRENT"),
    "CURRENT removed, and the list": (
        all_of(removed("store/CURRENT"), removed("store/sums.json")),
        "store is damaged",
    ),
    "store cut, and no list": (
        all_of(store_cut, removed("store/sums.json")),
        "store is damaged",
    ),
    "list of the store damaged": (cut("store/sums.json"), "sums.json"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damage_is_told(second_release: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    release = tmp_path / (second_release[1] / "current").resolve().name
    shutil.copytree(second_release[1] / "releases" / release.name, release)
    assert faults_of(release) == []
    harm, told = DAMAGES[name]
    harm(release)
    assert any(told in str(fault) for fault in faults_of(release))


# A build asks for the faults alone, and for the manifest: one of each kind, and many at once.
BUILT_ANEW: dict[str, Harm] = {
    name: DAMAGES[name][0]
    for name in ("list for a manifest", "manifest removed", "dump flipped", "store gone")
} | {
    "many": all_of(
        *(DAMAGES[name][0] for name in ("report cut", "network removed", "CURRENT removed, and the list"))
    )
}


@pytest.mark.parametrize("name", BUILT_ANEW)
def test_a_damaged_release_is_built_anew(
    second_release: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    root, output = copied(second_release, tmp_path)
    release = (output / "current").resolve()
    before = files_of(release)
    BUILT_ANEW[name](release)
    outcome = tg.build(root, output)
    assert outcome.release == release and not outcome.unchanged
    (warning,) = [finding for finding in outcome.report.findings if finding.code == "release.built-anew"]
    assert release.name in warning.message.english
    assert tg.open(output).verify() == []
    if "manifest" not in name:  # which says what release came before
        assert files_of(release) == before
    assert sorted(one.name for one in output.iterdir()) == [
        ".damaged", ".lock", "current", "releases", "report.json", "report.ttl",
    ]  # fmt: skip
    assert tg.build(root, output).unchanged


def test_verify_says_it_on_the_command_line(second_release: tuple[Path, Path], tmp_path: Path) -> None:
    _, output = copied(second_release, tmp_path)
    release = (output / "current").resolve()
    assert run("verify", str(release)).returncode == 0
    store_cut(release)
    (release / "store" / "sums.json").unlink()
    done = run("verify", str(release))
    assert done.returncode == 1 and "store is damaged" in done.stdout and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "value",
    [
        {"counts": []}, {"counts": {"triples": "many"}}, {"findings": None}, {"rows": {"a": 1}},
        {"entities": [1]}, {"datasets": 7}, {"files": [{}]}, {"files": 3}, {"inputs": [[]]}, {"id": 1},
        {"files": [{"path": "../../x", "size": 1, "sha256": ""}]}, {"consortium": "4"}, {"created": 2020},
        {"created": "soon"}, {"base": None}, {"previous": 1}, {"previous": "../x"}, {"title_de": {}},
        {"unknown": 1}, {"files": [{"path": "a", "size": "1", "sha256": ""}]}, {"consortium": True},
    ],
    ids=str,
)  # fmt: skip
def test_a_manifest_with_a_wrong_value_is_a_damaged_one(
    second_release: tuple[Path, Path], tmp_path: Path, value: dict[str, object]
) -> None:
    shutil.copy((second_release[1] / "current" / "manifest.json"), tmp_path)
    wrong(**value)(tmp_path)
    with pytest.raises(tg.ReleaseError, match="damaged"):
        read_manifest(tmp_path)


BEFORE: dict[str, tuple[Harm, str, str]] = {
    # what is done to the current release, the finding, and a text of it
    "manifest": (emptied("manifest.json"), "release.before-passed-over", "could not be read"),
    "dump": (flipped("data/graph.nt.gz"), "release.before-damaged", "data/graph.nt.gz"),
    "both dumps": (
        all_of(flipped("data/graph.nt.gz"), removed("data/graph.nq.gz")),
        "release.before-passed-over",
        "could not be read",
    ),
    "list of what has gone": (emptied("changes/gone.json"), "release.before-damaged", "gone.json"),
    "feed": (cut("feed.atom"), "release.before-damaged", "feed.atom"),
    "root of the stream": (emptied("feed.ttl"), "release.before-damaged", "feed.ttl"),
    "stream of the catalogue": (
        flipped("catalog-feed.ttl"),
        "release.before-damaged",
        "catalog-feed.ttl",
    ),
    "catalogue": (cut("catalog.ttl"), "release.before-damaged", "catalog.ttl"),
    "layout": (emptied("network/layout.json"), "release.before-damaged", "layout.json"),
    "patch": (flipped("changes/removed.nt.gz"), "release.before-damaged", "removed.nt.gz"),
    "page": (lambda r: flipped(str(page_of(r)))(r), "release.before-damaged", ".trig"),
}


def page_of(release: Path) -> Path:
    return min((release / "feed").glob("*.trig")).relative_to(release)


@pytest.mark.share
@pytest.mark.parametrize("name", BEFORE)
def test_a_damaged_release_does_not_stop_the_next(
    second_release: tuple[Path, Path], tmp_path: Path, name: str
) -> None:
    root, output = copied(second_release, tmp_path)
    release = (output / "current").resolve()
    harm, code, told = BEFORE[name]
    harm(release)
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.07"), "utf-8")
    outcome = tg.build(root, output)
    (warning,) = [finding for finding in outcome.report.findings if finding.code.startswith("release.")]
    assert warning.code == code and told in warning.message.english
    assert json.loads((output / "report.json").read_text())["findings"]
    assert outcome.manifest is not None and tg.open(output).verify() == []
    passed_over = code == "release.before-passed-over"
    assert (outcome.manifest.previous == release.name) is not passed_over
    with gzip.open(tg.open(output).path / "changes" / "added.nt.gz", "rt") as added:
        assert [line for line in added if "51.07" in line]


def codes_of(outcome: tg.Outcome) -> list[str]:
    """What was found of earlier releases."""
    return [one.code for one in outcome.report.findings if one.code.startswith("release.")]


@pytest.mark.parametrize("kind", ["dangling", "file", "folder", "outside"])
def test_whatever_current_is_the_next_build_puts_it_right(
    second_release: tuple[Path, Path], tmp_path: Path, kind: str
) -> None:
    root, output = copied(second_release, tmp_path)
    newest = (output / "current").resolve()
    (output / "current").unlink()
    match kind:
        case "dangling":
            (output / "current").symlink_to("releases/nothing")
        case "file":
            (output / "current").write_text("x")
        case "folder":
            (output / "current").mkdir()
        case "outside":
            shutil.copytree(newest, tmp_path / "elsewhere")
            (output / "current").symlink_to(tmp_path / "elsewhere")
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.07"), "utf-8")
    outcome = tg.build(root, output)
    assert outcome.manifest is not None and outcome.manifest.previous == newest.name
    assert codes_of(outcome) == ["release.before-passed-over"]
    assert (output / "current").is_symlink() and tg.open(output).path == outcome.release
    assert tg.open(output).verify() == []


def test_what_has_gone_is_known_from_the_differences_where_the_list_is_lost(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    (root / "data" / "source" / "statements.csv").unlink()
    second = tg.build(root, output, accept_loss=True).release
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.06"), "utf-8")
    third = tg.build(root, output).release
    assert second is not None and third is not None
    emptied("changes/gone.json")(third)
    (root / "data" / "source" / "places.csv").write_text(TABLES["places"], "utf-8")
    tg.build(root, output)
    gone = json.loads((tg.open(output).path / "changes" / "gone.json").read_text())
    assert [one["last_release"] for one in gone if one["iri"].endswith("recomine-partners")]


def test_when_nothing_before_can_be_read_the_build_begins_anew(
    second_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(second_release, tmp_path)
    for release in (output / "releases").iterdir():
        emptied("manifest.json")(release)
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.07"), "utf-8")
    outcome = tg.build(root, output)
    assert codes_of(outcome) == ["release.before-lost"]
    assert outcome.manifest is not None and outcome.manifest.previous is None
    assert tg.open(output).verify() == []


def test_a_row_that_is_not_in_its_table_is_told(second_release: tuple[Path, Path], tmp_path: Path) -> None:
    release = tg.open(copied(second_release, tmp_path)[1])
    assert release.why("place/dresden")
    (table,) = (release.path / "data" / "tables").rglob("places.csv")
    for harm in (cut, removed):
        harm(str(table.relative_to(release.path)))(release.path)
        with pytest.raises(tg.ReleaseError, match="places"):
            tg.open(release.path).why("place/dresden")
