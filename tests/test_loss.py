"""The guard: a release that would lose too much of the one before does not become current."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from test_changes import build, older, put
from workspaces import TABLES, copied, make_workspace

import transfergraph as tg
from transfergraph import Finding, WorkspaceError
from transfergraph.config.workspace import open_workspace
from transfergraph.release.loss_guard import find_losses
from transfergraph.release.manifest import Manifest

TG = "https://w3id.org/transfergraph/ontology#"
TOPICS = TABLES["topics"] + "".join(
    f"t-{n},Thema {n},Topic {n},,raw-materials-and-environment,page\n" for n in range(19)
)


def topics(count: int) -> str:
    return "".join(TOPICS.splitlines(keepends=True)[: count + 1])


@pytest.fixture(scope="module")
def with_topics(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace with 20 topics and the folder of its builds: never changed, only copied."""
    folder = tmp_path_factory.mktemp("topics")
    root, output = make_workspace(folder / "ws", topics=topics(20)), folder / "build"
    build(root, output)
    return root, output


@pytest.fixture
def built(with_topics: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path, Path]:
    """The same to be changed, and its release."""
    root, output = copied(with_topics, tmp_path)
    return root, output, tg.open(output).path


def losses(outcome: tg.Outcome) -> list[Finding]:
    return [finding for finding in outcome.report.findings if finding.code.startswith("release.")]


def test_the_manifest_counts_rows_entities_and_datasets(saxony: tg.Release) -> None:
    manifest = saxony.manifest
    assert manifest.rows["saxony"]["projects"] == manifest.counts["projects"]
    assert manifest.entities[f"{TG}Project"] == manifest.counts["projects"]
    assert manifest.entities[f"{TG}Organisation"] == manifest.counts["organisations"]
    assert set(manifest.datasets) == {
        f"{manifest.base}dataset/{name}" for name in ("graph", "ontology", "tables")
    }
    assert manifest.datasets[f"{manifest.base}dataset/graph"] == 6


def test_a_key_that_vanishes_is_told_by_check_and_build(built: tuple[Path, Path, Path]) -> None:
    root, output, _ = built
    renamed = {
        name: text.replace("müller-ag", "mueller-ag")
        for name, text in TABLES.items()
        if name in ("organisations", "participations")
    }
    put(root, topics=topics(19), **renamed)
    expected = [
        ("table.vanished-key", "data/source/organisations.csv", "müller-ag"),
        ("table.vanished-key.restore", "data/source/topics.csv", "t-18"),
    ]
    for report in (tg.check(root, output), tg.build(root, output).report):
        found = [finding for finding in report.findings if "vanished" in finding.code]
        assert [(f.code, f.place.file, f.value) for f in found] == expected
        assert {finding.severity for finding in found} == {tg.Severity.WARNING}
        assert "former_organisations" in found[0].remedy.english
    told, kept = (
        (output / name).read_text(encoding="utf-8") for name in ("report.json", "current/report.json")
    )
    assert "vanished" in told and "vanished" not in kept  # a release depends on its own inputs alone
    assert not [f for f in tg.check(root, output).findings if "vanished" in f.code]
    put(root, **{name: TABLES[name] for name in renamed})
    former = "id,replaced_by\nmueller-ag,müller-ag\n"
    (root / "data" / "source" / "former_organisations.csv").write_text(former, encoding="utf-8")
    assert not [f for f in tg.check(root, output).findings if "vanished" in f.code]


def test_a_loss_within_the_share_passes(built: tuple[Path, Path, Path]) -> None:
    root, output, first = built
    put(root, topics=topics(18))
    outcome = tg.build(root, output)
    assert outcome.manifest is not None and outcome.release != first
    assert losses(outcome) == []


def test_a_greater_loss_keeps_the_release_before_current_and_says_so(built: tuple[Path, Path, Path]) -> None:
    root, output, first = built
    put(root, topics=topics(17))
    outcome = tg.build(root, output)
    assert outcome.manifest is None
    assert outcome.release == first == tg.open(output).path
    (finding,) = losses(outcome)
    assert finding.code == "release.lost-entities"
    assert finding.message.english.startswith(
        "Of the class <http://www.w3.org/2004/02/skos/core#Concept> there are"
    )
    assert "17 records instead of 20 before; that is a loss of 15 %" in finding.message.english
    assert "--accept-loss" in finding.remedy.in_language("de") and "--accept-loss" in finding.remedy.english
    assert "release.lost-entities" in (output / "report.json").read_text(encoding="utf-8")
    assert [folder.name for folder in (output / "releases").iterdir()] == [first.name]
    accepted = tg.build(root, output, accept_loss=True)
    assert accepted.manifest is not None and accepted.release != first
    assert losses(accepted) == []
    # both are there now: what comes back loses nothing, what goes again has to be accepted again
    put(root, topics=topics(20))
    assert tg.build(root, output).unchanged and tg.open(output).path == first
    assert "release.lost-entities" not in (output / "report.json").read_text(encoding="utf-8")
    put(root, topics=topics(17))
    assert losses(tg.build(root, output)) == [finding] and tg.open(output).path == first
    assert tg.build(root, output, accept_loss=True).unchanged and tg.open(output).path == accepted.release


def test_a_source_that_lost_rows_is_named_with_its_numbers(built: tuple[Path, Path, Path]) -> None:
    root, output, _ = built
    before = sum(tg.open(output).manifest.rows["source"].values())
    put(root, topics=topics(1))
    (finding,) = [one for one in losses(tg.build(root, output)) if one.code == "release.lost-rows"]
    after = before - 19
    assert f"„source“ hat {after} Zeilen statt bisher {before}" in finding.message.in_language("de")
    assert (
        f"{-(-1900 // before)} %" in finding.message.english and "10 % are allowed" in finding.message.english
    )
    assert finding.place.source == "source" and "data/source" in finding.remedy.english


def test_the_share_is_a_setting(built: tuple[Path, Path, Path]) -> None:
    root, output, first = built
    settings = root / "transfergraph.toml"
    text = settings.read_text(encoding="utf-8")
    put(root, topics=topics(1))
    assert open_workspace(root).settings.limits.loss == 10
    settings.write_text(text.replace("loss = 10 ", "loss = 95 "), encoding="utf-8")
    assert tg.build(root, output).release != first
    for wrong in ("-1", "101", '"10"', "10.5"):
        settings.write_text(text.replace("loss = 10 ", f"loss = {wrong} "), encoding="utf-8")
        with pytest.raises(WorkspaceError, match=r"limits\.loss"):
            open_workspace(root)
    settings.write_text("\n".join(line for line in text.splitlines() if not line.startswith("loss")), "utf-8")
    assert open_workspace(root).settings.limits.loss == 10


def test_a_release_of_an_older_version_is_compared_by_its_tables(built: tuple[Path, Path, Path]) -> None:
    root, output, first = built
    older(first)
    put(root, topics=topics(17))
    (finding,) = losses(tg.build(root, output))
    assert finding.code == "release.lost-table"
    assert finding.message.english.startswith(
        "The table “topics” has 17 rows instead of 20 before; that is a loss of 15 %"
    )


def found(before: Manifest, after: Manifest, percent: int = 10) -> dict[str, Finding]:
    return {finding.code: finding for finding in find_losses(before, after, percent)}


def test_what_counts_as_too_much(saxony: tg.Release) -> None:
    manifest = saxony.manifest
    base = replace(
        manifest,
        rows={"one": {"a": 50, "b": 50}, "two": {"a": 9}},
        entities={"http://c": 10},
        datasets={"http://d/1": 20, "http://d/2": 3},
    )
    assert found(base, base) == {}
    assert found(base, replace(base, rows={"one": {"a": 90}, "two": {"a": 9}, "three": {}})) == {}
    assert set(found(base, replace(base, rows={"one": {"a": 89}, "two": {"a": 9}}))) == {"release.lost-rows"}
    gone = found(base, replace(base, rows={"one": {"a": 100}}))["release.lost-rows"]
    assert "„two“" in gone.message.in_language(
        "de"
    ) and "0 Zeilen statt bisher 9" in gone.message.in_language("de")
    assert found(base, replace(base, entities={"http://c": 9})) == {}
    assert set(found(base, replace(base, entities={}))) == {"release.lost-entities"}
    assert set(found(base, replace(base, entities={"http://c": 9}), 0)) == {"release.lost-entities"}
    assert found(base, replace(base, entities={}), 100) == {}
    fewer = found(base, replace(base, datasets={"http://d/1": 20}))
    assert (
        set(fewer) == {"release.lost-datasets"}
        and "http://d/2" in fewer["release.lost-datasets"].message.english
    )
    files = found(base, replace(base, datasets={"http://d/1": 17, "http://d/2": 3}))
    assert (
        set(files) == {"release.lost-files"}
        and "17 files instead of 20" in files["release.lost-files"].message.english
    )
    assert (
        found(
            base,
            replace(base, rows={**base.rows, "new": {"a": 1}}, datasets={**base.datasets, "http://d/3": 1}),
        )
        == {}
    )


def test_the_command_says_no_with_exit_code_1_and_yes_when_it_is_told(built: tuple[Path, Path, Path]) -> None:
    root, output, first = built
    put(root, topics=topics(2))

    def run(*options: str) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            "-m",
            "transfergraph",
            "build",
            "-w",
            str(root),
            "-o",
            str(output),
            "--lang",
            "de",
        ]
        return subprocess.run([*command, *options], capture_output=True, text=True, check=False)

    stopped = run()
    assert stopped.returncode == 1
    assert "--accept-loss" in stopped.stdout and first.name in stopped.stdout
    assert tg.open(output).path == first
    listed = json.loads(run("--format", "json").stdout)
    assert any("lost" in json.dumps(finding) for finding in listed["findings"])
    assert run("--accept-loss").returncode == 0
    assert tg.open(output).path != first
