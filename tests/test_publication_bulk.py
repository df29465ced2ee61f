"""Files for bulk loaders: all quads, each once, in parts of a stated size, with a list that is true."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from typer.testing import CliRunner

import transfergraph as tg
from transfergraph.cli.app import app

PART = 20_000


def lines(file: Path) -> list[bytes]:
    return gzip.decompress(file.read_bytes()).splitlines(keepends=True)


def test_the_parts_are_the_dump_and_the_list_says_what_is_in_them(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    release = tg.open(first_release[1])
    done = tg.bulk(release.path, tmp_path / "parts", PART)
    listed = json.loads((done.folder / "bulk.json").read_text("utf-8"))
    files = sorted(done.folder.glob("part-*.nq.gz"))
    assert [one["path"] for one in listed["parts"]] == [file.name for file in files]
    assert done.parts == len(files) > 3
    united = []
    for file, one in zip(files, listed["parts"], strict=True):
        content = lines(file)
        united += content
        assert one["quads"] == len(content) and one["bytes"] == file.stat().st_size
        assert one["unpacked"] == sum(map(len, content))
        assert one["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
        assert sum(map(len, content[:-1])) < PART
        assert len(list(ox.parse(b"".join(content), format=ox.RdfFormat.N_QUADS))) == len(content)
    dumps = [release.path / "data" / name for name in ("graph.nq.gz", "description.nq.gz")]
    assert united == sorted(line for dump in dumps for line in lines(dump))
    assert listed["quads"] == done.quads == len(united) == sum(listed["graphs"].values())
    assert listed["release"] == done.release == release.manifest.id
    again = tg.bulk(release.path, tmp_path / "again", PART)
    assert [file.read_bytes() for file in sorted(again.folder.iterdir())] == [
        file.read_bytes() for file in sorted(done.folder.iterdir())
    ]


def test_a_folder_of_others_stays(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    tg.bulk(first_release[1], folder, PART)
    assert tg.bulk(first_release[1], folder).parts == 1
    assert sorted(file.name for file in folder.iterdir()) == ["bulk.json", "part-00001.nq.gz"]
    (folder / "mine.txt").write_text("mine")
    with pytest.raises(tg.UsageError, match="something else than parts"):
        tg.bulk(first_release[1], folder)
    assert (folder / "mine.txt").read_text() == "mine"


def test_the_verb_tells_what_it_wrote(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    given = ["bulk", str(tmp_path / "parts"), "--release", str(first_release[1]), "--lang", "en"]
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    assert "in 1 part, 1 MB" in done.output
    assert CliRunner().invoke(app, [*given, "--part-megabytes", "0"]).exit_code != 0


def test_a_damaged_dump_is_not_written(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(tg.open(first_release[1]).path, release)
    (release / "data" / "graph.nq.gz").write_bytes(gzip.compress(b"<urn:a> <urn:b> <urn:c> <urn:d> .\n"))
    with pytest.raises(tg.ReleaseError):
        tg.bulk(release, tmp_path / "parts")
    assert not (tmp_path / "parts").exists()
