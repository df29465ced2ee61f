"""An update with a newer dump of CORDIS: what changed is touched and nothing else, and every address stays."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from test_sources_cordis import XML, archive, made, needs_data, project
from workspaces import make_workspace

import transfergraph as tg
from benchmarks.newer_dump import make_newer, members, sample
from benchmarks.whole_dump import keys, replace_raw

_PROJECT = re.compile(rb"/cordis-(\d+)")


def touched(release: Path) -> set[bytes]:
    """The subjects of which a release says something more or less than the one before."""
    found: set[bytes] = set()
    for name in ("added", "removed"):
        with gzip.open(release / "changes" / f"{name}.nt.gz") as lines:
            found |= {line.split(b" ", 1)[0].strip(b"<>") for line in lines}
    return found


@needs_data
def test_a_newer_dump_touches_only_what_changed_and_keeps_every_address(tmp_path: Path) -> None:
    pytest.importorskip("backports.zstd", reason="no zstd (the extra sources)")
    old, newer = tmp_path / "old.tar", tmp_path / "newer.tar"
    sample(XML, old, 60)
    made = make_newer(old, newer, changed=6, new=2, gone=1)
    root = make_workspace(tmp_path / "ws")
    tg.add_source(root, "cordis", str(old))
    first = tg.build(root, root / "build")
    assert first.release is not None, [str(one) for one in first.report.findings]
    projects, organisations = (keys(first.release, name) for name in ("projects", "organisations"))
    replace_raw(root, newer)
    second = tg.build(root, root / "build")
    assert second.manifest is not None and second.release is not None, [
        str(one) for one in second.report.findings
    ]

    now = keys(second.release, "projects")
    assert now - projects == {f"cordis-{one}" for one in made.new}
    assert projects - now == {f"cordis-{one}" for one in made.gone}
    subjects = touched(second.release)
    ids = {found[1].decode() for one in subjects if (found := _PROJECT.search(one))}
    assert ids == made.changed | made.new | made.gone
    at_most = sum(content.count(b"<organization") for content in _documents(old, newer, ids))
    partners = {one for one in subjects if b"/organisation/" in one}
    assert len(partners) <= at_most < len(organisations)
    gone = organisations - keys(second.release, "organisations")
    assert len(gone) <= at_most  # whoever took part in nothing else
    told = json.loads((second.release / "changes" / "changes.json").read_text(encoding="utf-8"))
    assert told["triples"]["added"] > 0 and told["triples"]["removed"] > 0


def _documents(old: Path, newer: Path, ids: set[str]) -> list[bytes]:
    both = [content for archive in (old, newer) for _, content in members(archive)]
    return [one for one in both if any(f"<id>{number}</id>".encode() in one for number in ids)]


def test_a_truncated_newer_dump_loses_nothing_of_the_release_before(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    projects = [project(str(number), {}, acronym=f"P{number}") for number in (101, 102, 103)]
    dump = made(tmp_path, *projects)
    tg.add_source(root, "cordis", str(dump))
    first = tg.build(root, root / "build")
    assert first.release is not None, [str(one) for one in first.report.findings]
    current, content = root / "build" / "current", archive(*projects)
    kept = current.resolve()
    dump.write_bytes(content[: len(content) // 2])
    replace_raw(root, dump)
    second = tg.build(root, root / "build")
    assert second.manifest is None and current.resolve() == kept
    (told,) = [one for one in second.report.findings if one.code == "source.broken-archive"]
    assert (told.severity, Path(told.place.file or "").name) == (tg.Severity.VIOLATION, "dump.tar")
    assert len(keys(kept, "projects")) == 4  # those of the dump, and the one of the tables kept by hand
