"""A large graph is written by processes of their own; here a small one is taken for large."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from workspaces import edited, make_workspace

import transfergraph as tg
from transfergraph import ReleaseError
from transfergraph.common import processes as aside
from transfergraph.common.nquads import merge_sorted, triple_lines
from transfergraph.common.processes import ProcessCall
from transfergraph.release import dumps
from transfergraph.release.manifest import read_manifest
from transfergraph.store.embedded import EmbeddedStore, write_store


def test_processes_write_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    small = tg.build(workspace, tmp_path / "small")
    monkeypatch.setattr(dumps, "_SMALL", 0)
    large = tg.build(workspace, tmp_path / "large")
    assert small.release is not None and large.release is not None
    first, second = ((release / "manifest.json").read_bytes() for release in (small.release, large.release))
    assert first == second
    stores = [EmbeddedStore.read_only(release / "store") for release in (small.release, large.release)]
    told = json.loads(first)
    assert len(stores[0]) == len(stores[1]) == told["counts"]["triples"] + told["describing"]
    # and with a release before it
    later = tg.build(
        make_workspace(tmp_path / "later", places=edited("places", "51.05", "51.07")), tmp_path / "large"
    )
    assert later.release is not None and (later.release / "changes" / "changes.json").is_file()


def test_a_process_that_fails_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    monkeypatch.setattr(dumps, "_SMALL", 0)
    monkeypatch.setattr(aside, "sys", _Fake)
    with pytest.raises(ReleaseError, match="exit code 1"):
        tg.build(workspace, tmp_path / "build")
    assert not (tmp_path / "build" / "current").exists()
    assert list((tmp_path / "build" / "releases").glob("*")) == []


class _Fake:
    executable = "/bin/false"


def test_a_call_aside_gives_its_result_or_its_error(tmp_path: Path) -> None:
    with ProcessCall(tmp_path, json.loads, "[1, 2]") as call:
        assert call.result() == [1, 2]
    with ProcessCall(tmp_path, read_manifest, tmp_path) as failing, pytest.raises(ReleaseError) as told:
        failing.result()
    assert str(tmp_path) in str(told.value)
    with (
        ProcessCall(tmp_path, json.loads, "[1,") as broken,
        pytest.raises(ReleaseError, match=r"Writing the release failed: json\.decoder\.JSONDecodeError"),
    ):
        broken.result()
    with ProcessCall(tmp_path, sys.exit, 3) as leaving, pytest.raises(ReleaseError, match="exit code 3"):
        leaving.result()


def test_sorted_files_are_united_across_the_bounds_of_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transfergraph.common.nquads._BLOCK", 300)
    lines = [f"<urn:s{n:03}> <urn:p> <urn:o> <urn:g{n % 2}> .\n".encode() for n in range(200)]
    twice = [f"<urn:s{n:03}> <urn:p> <urn:o> <urn:h> .\n".encode() for n in range(0, 200, 3)]
    parts: tuple[list[bytes], ...] = (lines[::2], lines[1::2], sorted([*lines[50:60], *twice]), [])
    files = []
    for number, part in enumerate(parts):
        files.append(tmp_path / f"{number}.nq")
        files[-1].write_bytes(b"".join(part))
    with (tmp_path / "all.nq").open("wb") as out:
        count, triples = merge_sorted(files, out, tmp_path / "all.nt")
    united = sorted({*lines, *twice})
    assert (tmp_path / "all.nq").read_bytes() == b"".join(united) and count == len(united)
    assert (tmp_path / "all.nt").read_bytes() == b"".join(triple_lines(united))
    assert triples == len(list(triple_lines(united)))
    monkeypatch.setattr("transfergraph.store.embedded._PIECE", 300)
    write_store(tmp_path / "store", files[:2], complete=False)
    write_store(tmp_path / "store", [files[2]])
    assert len(EmbeddedStore.read_only(tmp_path / "store")) == count
