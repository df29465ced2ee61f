"""The whole flow: what a release holds, that it is reproducible, and that nothing can harm the one before."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from small_files import run_with_small_files
from workspaces import REPOSITORY, TABLES, copied, edited, make_workspace

import transfergraph as tg
from transfergraph.common.progress import Stage


def files_of(release: Path) -> dict[str, bytes]:
    """All files of a release but the store, whose bytes are RocksDB's affair."""
    found = {
        file.relative_to(release).as_posix(): file.read_bytes()
        for file in release.rglob("*")
        if file.is_file() and file.relative_to(release).parts[0] != "store"
    }
    assert len(found) > 30
    return found


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "transfergraph", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_release_holds_what_it_promises(saxony: tg.Release) -> None:
    manifest = saxony.manifest
    assert manifest.counts["alliances"] == 5
    assert manifest.counts["triples"] + manifest.describing == len(saxony.store)
    listed = {entry.path for entry in manifest.files}
    assert {
        "data/graph.nq.gz",
        "data/graph.ttl.gz",
        "data/graph.nt.gz",
        "data/graph.jsonld.gz",
        "data/graph.rdf.gz",
        "data/ties.csv",
        "data/tables/saxony/projects.csv",
        "data/tables/saxony/csvw-metadata.json",
        "changes/note.de.md",
        "network.html",
        "network.json",
        "report.json",
        "report.ttl",
    } <= listed
    assert saxony.verify() == []
    assert {entry.path for entry in manifest.inputs} >= {"transfergraph.toml", "data/saxony/projects.csv"}


def triples(release: tg.Release, ending: str, form: ox.RdfFormat) -> set[ox.Triple]:
    with gzip.open(release.path / "data" / f"graph.{ending}.gz") as stream:
        return {quad.triple for quad in ox.parse(stream.read(), format=form)}


def test_every_dump_is_the_same_graph_without_blank_nodes(saxony: tg.Release) -> None:
    expected = triples(saxony, "nq", ox.RdfFormat.N_QUADS)
    assert len(expected) > 4000
    assert not any(isinstance(term, ox.BlankNode) for t in expected for term in (t.subject, t.object))
    assert triples(saxony, "nt", ox.RdfFormat.N_TRIPLES) == expected
    assert triples(saxony, "ttl", ox.RdfFormat.TURTLE) == expected
    assert triples(saxony, "jsonld", ox.RdfFormat.JSON_LD) == expected
    assert triples(saxony, "rdf", ox.RdfFormat.RDF_XML) == expected


def test_line_dumps_are_sorted_canonical_and_free_of_time(saxony: tg.Release) -> None:
    for ending, form in (("nq", ox.RdfFormat.N_QUADS), ("nt", ox.RdfFormat.N_TRIPLES)):
        packed = (saxony.path / "data" / f"graph.{ending}.gz").read_bytes()
        assert packed[3:8] == b"\0\0\0\0\0", "no name and no time in the gzip header"
        text = gzip.decompress(packed)
        lines = text.splitlines(keepends=True)
        assert lines == sorted(set(lines))
        parsed = ox.parse(text, format=form)
        items = list(parsed) if ending == "nq" else [quad.triple for quad in parsed]
        assert ox.serialize(items, format=form) == text


def test_the_same_inputs_give_the_same_bytes_anywhere(saxony: tg.Release, tmp_path: Path) -> None:
    elsewhere = tmp_path / "ä b"
    elsewhere.mkdir()
    shutil.copy(REPOSITORY / "transfergraph.toml", elsewhere)
    shutil.copytree(REPOSITORY / "data", elsewhere / "data")
    for file in (elsewhere / "data").rglob("*"):
        os.utime(file, (1, 1))
    done = run(
        "build", "-w", str(elsewhere), "--lang", "de",
        PYTHONHASHSEED="77", TZ="Asia/Kathmandu", LC_ALL="C",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    other = tg.open(elsewhere / "build")
    assert other.manifest.id == saxony.manifest.id
    assert files_of(other.path) == files_of(saxony.path)


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    first = tg.build(root, tmp_path / "build")
    before = files_of(tg.open(tmp_path / "build").path)
    again = tg.build(root, tmp_path / "build")
    assert (first.unchanged, again.unchanged) == (False, True)
    assert again.release == first.release
    assert again.report == first.report
    assert files_of(tg.open(tmp_path / "build").path) == before


def test_changes_lead_from_one_release_to_the_next(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    data = root / "data" / "source"
    new = edited("projects", "2021-06-30", "2022-12") + (
        "zwei,research-and-development,Zweites,Second,recomine,wir,,,,,,page\n"
    )
    (data / "projects.csv").write_text(new, encoding="utf-8")
    organisations = edited("organisations", "HTW Dresden,HTW Dresden,HTWD;HTW", "HTWD,HTWD,HTWD;HTW")
    (data / "organisations.csv").write_text(organisations, encoding="utf-8")
    (data / "statements.csv").unlink()
    outcome = tg.build(root, output, accept_loss=True)
    assert outcome.manifest is not None
    assert outcome.manifest.previous == tg.open(first).manifest.id
    changes = tg.open(output).path / "changes"

    def lines(path: Path) -> set[bytes]:
        return set(gzip.decompress(path.read_bytes()).splitlines())

    old = lines(first / "data" / "graph.nt.gz")
    patched = (old - lines(changes / "removed.nt.gz")) | lines(changes / "added.nt.gz")
    assert patched == lines(changes.parent / "data" / "graph.nt.gz")
    summary = json.loads((changes / "changes.json").read_text())
    assert {(c["kind"], c["iri"].rsplit("/", 1)[-1]) for c in summary["changes"]} >= {
        ("new", "zwei"),
        ("gone", "recomine-partners"),
        ("renamed", "htw-dresden"),
        ("changed", "pilot"),
    }
    german = (changes / "note.de.md").read_text(encoding="utf-8")
    assert "Projekt, neu (1): Zweites" in german
    assert "HTW Dresden heißt jetzt HTWD" in german
    assert "2021-06-30 → 2022-12" in german


def test_violations_keep_the_release_before_current(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    (root / "data" / "source" / "projects.csv").write_text(edited("projects", "wir,", "wirr,"), "utf-8")
    outcome = tg.build(root, output)
    assert outcome.manifest is None
    assert outcome.release == first == tg.open(output).path
    assert not outcome.report.conforms
    assert "wirr" in (output / "report.json").read_text()
    assert [f.name for f in (output / "releases").iterdir()] == [first.name]


@pytest.mark.parametrize("stage", [Stage.MAP, Stage.DUMP, Stage.PUBLISH])
def test_a_killed_build_leaves_the_release_before_whole(
    first_release: tuple[Path, Path], tmp_path: Path, stage: Stage
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    (root / "data" / "source" / "projects.csv").write_text(edited("projects", "2021", "2022"), "utf-8")
    program = (
        "import os, signal, sys; from pathlib import Path; import transfergraph as tg\n"
        "def progress(stage):\n"
        f"    if stage.value == {stage.value!r}: os.kill(os.getpid(), signal.SIGKILL)\n"
        "tg.build(Path(sys.argv[1]), Path(sys.argv[2]), progress)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(root), str(output)], check=False)
    assert killed.returncode == -signal.SIGKILL
    release = tg.open(output)
    assert release.path == first
    assert release.verify() == []
    assert tg.build(root, output).release != first
    assert sorted(f.name for f in (output / "releases").iterdir() if f.name.startswith(".")) == []


def test_a_full_disk_leaves_the_release_before_whole(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    (root / "data" / "source" / "projects.csv").write_text(edited("projects", "2021", "2022"), "utf-8")

    failed = run_with_small_files(60_000, "build", "-w", root, "-o", output)
    assert failed.returncode == 4
    assert "Traceback" not in failed.stderr
    assert "File too large" in failed.stderr or "could not" in failed.stderr
    assert tg.open(output).path == first
    assert tg.open(output).verify() == []


def test_two_builds_at_once_do_not_meet(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    output = tmp_path / "build"
    output.mkdir()
    with (output / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(tg.ReleaseError, match="Another run"):
            tg.build(root, output)
    assert tg.build(root, output).manifest is not None


def test_verify_names_every_damage(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    release = tg.open(copied(first_release, tmp_path)[1]).path
    (release / "network.html").unlink()
    (release / "report.json").write_text("{}")
    with (release / "data" / "graph.nt.gz").open("r+b") as stream:
        stream.seek(40)
        stream.write(b"\0")
    (release / "extra.txt").write_text("x")
    faults = tg.open(release).verify()
    assert len(faults) == 4
    for name in (
        "network.html is missing",
        "report.json has 2 bytes",
        "graph.nt.gz has another",
        "extra.txt",
    ):
        assert any(name in str(fault) for fault in faults)
    done = run("verify", str(release))
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 4


def test_a_reader_keeps_its_release_while_the_next_is_built(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    reader = tg.open(output)
    count = len(reader.store)
    statements = TABLES["statements"] + "zwei,recomine,partners,at-least,70,2024,page\n"
    (root / "data" / "source" / "statements.csv").write_text(statements, "utf-8")
    tg.build(root, output)
    assert len(reader.store) == count
    assert len(tg.open(output).store) == count + 7
