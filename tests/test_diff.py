"""The difference of two graphs and its way back: any two graphs, in any blocks, and every fault on the way."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_files import run_with_small_files

from transfergraph import ReleaseError, UsageError
from transfergraph.release import sorted_ntriples as blocks
from transfergraph.release.changes.difference import SubjectChange, subject_changes
from transfergraph.release.changes.patch import apply, compare
from transfergraph.release.changes.reader_note import note_lines
from transfergraph.release.sorted_ntriples import Block, GraphDigest, SortedGraph

LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


def line(subject: int, value: int) -> bytes:
    return f'<http://x/{subject:04}> <{LABEL}> "Wert {value:04}"@de .\n'.encode()


def graph(size: int, seed: int) -> set[bytes]:
    chance = random.Random(seed)
    return {line(chance.randrange(size // 4 + 1), chance.randrange(1000)) for _ in range(size)}


def write(file: Path, lines: set[bytes]) -> Path:
    content = b"".join(sorted(lines))
    file.write_bytes(gzip.compress(content) if file.suffix == ".gz" else content)
    return file


def cut(lines: list[bytes], length: int) -> list[Block]:
    """The lines in blocks of whole subjects, of about this length."""
    found: list[Block] = [[]]
    for one in lines:
        if len(found[-1]) >= length and found[-1][-1].split(b" ")[0] != one.split(b" ")[0]:
            found.append([])
        found[-1].append(one)
    return [block for block in found if block]


def by_subject(lines: set[bytes]) -> dict[bytes, list[bytes]]:
    found: dict[bytes, list[bytes]] = {}
    for one in sorted(lines):
        found.setdefault(one.split(b" ")[0], []).append(one)
    return found


LINES = st.sets(st.builds(line, st.integers(0, 12), st.integers(0, 3)), max_size=40)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(LINES, LINES, st.integers(1, 50), st.integers(1, 50))
def test_any_two_graphs_differ_in_what_sets_say(
    old: set[bytes], new: set[bytes], old_length: int, new_length: int
) -> None:
    found = list(subject_changes(cut(sorted(old), old_length), cut(sorted(new), new_length)))
    before, after = by_subject(old), by_subject(new)
    expected = [
        SubjectChange(subject, before.get(subject, ()), after.get(subject, ()))
        for subject in sorted(before.keys() | after.keys())
        if before.get(subject) != after.get(subject)
    ]
    assert [(c.subject, list(c.before), list(c.after)) for c in found] == [
        (c.subject, list(c.before), list(c.after)) for c in expected
    ]
    assert {one for c in found for one in c.added} == new - old
    assert {one for c in found for one in c.removed} == old - new


def test_long_stretches_that_are_alike_are_skipped_and_no_change_is_missed() -> None:
    old = graph(30_000, 1)
    chance = random.Random(2)
    new = {one for one in old if chance.random() > 0.01} | graph(200, 3)
    found = list(subject_changes(cut(sorted(old), 3000), cut(sorted(new), 7000)))
    assert {one for c in found for one in c.added} == new - old
    assert {one for c in found for one in c.removed} == old - new
    assert len(old - new) > 200


def test_a_subject_is_never_cut_however_small_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {line(subject, value) for subject in range(5) for value in range(subject * 20 + 1)}
    file = write(tmp_path / "graph.nt", lines)
    for size in (1, 7, 100, 1000):
        monkeypatch.setattr(blocks, "_CHUNK", size)
        read = list(SortedGraph(file))
        assert [one for block in read for one in block] == sorted(lines)
        for block, following in itertools.pairwise(read):
            assert block[-1].split(b" ")[0] != following[0].split(b" ")[0]


def test_the_digest_is_that_of_the_unpacked_dump(tmp_path: Path) -> None:
    lines = graph(500, 1)
    packed = SortedGraph(write(tmp_path / "a.nt.gz", lines))
    quads = {one[:-2] + f"<http://g/{n % 2}> .\n".encode() for n, one in enumerate(sorted(lines))}
    quads |= {one[:-2] + b"<http://g/both> .\n" for one in lines}
    named = SortedGraph(write(tmp_path / "a.nq.gz", quads))
    for read in (packed, named):
        assert [one for block in read for one in block] == sorted(lines)
    expected = GraphDigest(len(lines), hashlib.sha256(b"".join(sorted(lines))).hexdigest())
    assert packed.digest == named.digest == expected


@pytest.mark.parametrize("ending", [".nt", ".nt.gz"])
def test_a_patch_leads_from_one_dump_to_the_other_byte_for_byte(tmp_path: Path, ending: str) -> None:
    old, new = graph(3000, 1), (graph(3000, 1) - graph(30, 4)) | graph(60, 5)
    write(tmp_path / f"old{ending}", old)
    write(tmp_path / "new.nt", new)
    changes = compare(tmp_path / f"old{ending}", tmp_path / "new.nt", tmp_path / "patch")
    assert (changes.added, changes.removed) == (len(new - old), len(old - new))
    digest = apply(tmp_path / "patch", tmp_path / f"old{ending}", tmp_path / "made.nt")
    assert (tmp_path / "made.nt").read_bytes() == (tmp_path / "new.nt").read_bytes()
    assert digest == GraphDigest(len(new), hashlib.sha256(b"".join(sorted(new))).hexdigest())
    told = json.loads((tmp_path / "patch" / "changes.json").read_text(encoding="utf-8"))
    assert told["graph"]["after"] == {"triples": digest.triples, "sha256": digest.sha256}
    # in place, and with the two files alone
    (tmp_path / "patch" / "changes.json").unlink()
    for name in ("added", "removed"):
        packed = tmp_path / "patch" / f"{name}.nt.gz"
        (tmp_path / "patch" / f"{name}.nt").write_bytes(gzip.decompress(packed.read_bytes()))
        packed.unlink()
    apply(tmp_path / "patch", tmp_path / f"old{ending}", tmp_path / f"old{ending}")
    done = (tmp_path / f"old{ending}").read_bytes()
    assert (gzip.decompress(done) if ending.endswith("gz") else done) == (tmp_path / "new.nt").read_bytes()


def test_many_changes_of_one_sort_hide_no_other(tmp_path: Path) -> None:
    tg, rdf = "https://w3id.org/transfergraph/ontology#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    old = {
        f"<http://x/{kind}/{number:04}> <{rdf}type> <{tg}{kind.title()}> .\n".encode()
        for kind, count in (("event", 1500), ("project", 1))
        for number in range(count)
    }
    name = f"<http://x/project/0000> <{LABEL}>"
    date = f"<http://x/project/0000> <{tg}end>"
    before = {f'{name} "Zuletzt"@de .\n'.encode(), f'{date} "2022-06" .\n'.encode()}
    after = {f'{name} "Danach"@de .\n'.encode(), f'{date} "2022-12" .\n'.encode()}
    project = {one for one in old if b"/project/" in one}
    changes = compare(
        write(tmp_path / "old.nt", old | before),
        write(tmp_path / "new.nt", project | after),
        tmp_path / "patch",
    )
    lines = note_lines(changes, "en")
    assert lines[0] == "1,500 events gone; Zuletzt renamed; end of Danach moved from 2022-06 to 2022-12."
    assert "Zuletzt is now called Danach" in lines and "Danach, end: 2022-06 → 2022-12" in lines
    assert len(changes.changes) == 202
    assert lines[1].startswith("Event, gone (1,500): 0000, 0001") and lines[1].endswith(", 0029, … (+1,470)")


@pytest.mark.parametrize("earlier", [None, b"an earlier patch"])
def test_a_comparison_that_fails_leaves_the_folder_as_it_was(tmp_path: Path, earlier: bytes | None) -> None:
    old = write(tmp_path / "old.nt", graph(300, 1))
    new = tmp_path / "new.nt"
    new.write_bytes(b"".join(sorted(graph(300, 2))) + b"<http://a/> <http://a/> 'unsorted' .\n")
    patch = tmp_path / "patch"
    if earlier:
        patch.mkdir()
        (patch / "added.nt.gz").write_bytes(earlier)
    with pytest.raises(UsageError):
        compare(old, new, patch)
    assert patch.exists() is bool(earlier)
    assert not earlier or [file.read_bytes() for file in patch.iterdir()] == [earlier]


def test_nothing_to_something_and_back(tmp_path: Path) -> None:
    lines = graph(50, 1)
    write(tmp_path / "none.nt", set())
    write(tmp_path / "some.nt", lines)
    compare(tmp_path / "none.nt", tmp_path / "some.nt", tmp_path / "there")
    compare(tmp_path / "some.nt", tmp_path / "none.nt", tmp_path / "back")
    apply(tmp_path / "there", tmp_path / "none.nt", tmp_path / "made.nt")
    assert (tmp_path / "made.nt").read_bytes() == (tmp_path / "some.nt").read_bytes()
    apply(tmp_path / "back", tmp_path / "some.nt", tmp_path / "made.nt")
    assert (tmp_path / "made.nt").read_bytes() == b""


@pytest.fixture
def patched(tmp_path: Path) -> Path:
    """A folder with two dumps and the patch between them."""
    old = graph(400, 1)
    write(tmp_path / "old.nt", old)
    write(tmp_path / "new.nt", (old - set(sorted(old)[10:20])) | graph(20, 7))
    compare(tmp_path / "old.nt", tmp_path / "new.nt", tmp_path / "patch")
    return tmp_path


def refused(folder: Path, dump: Path, said: str, kind: type[Exception] = UsageError) -> None:
    target = folder / "target.nt"
    target.write_bytes(b"as it was")
    with pytest.raises(kind, match=said):
        apply(folder / "patch", dump, target)
    assert target.read_bytes() == b"as it was"
    assert not list(folder.glob(".*"))


def test_a_dump_of_another_release_is_told(patched: Path) -> None:
    old = set((patched / "old.nt").read_bytes().splitlines(keepends=True))
    refused(patched, patched / "new.nt", "the patch has been applied")
    refused(patched, write(patched / "less.nt", old - set(sorted(old)[12:14])), "lacks a triple")
    added = set(gzip.decompress((patched / "patch" / "added.nt.gz").read_bytes()).splitlines(keepends=True))
    refused(patched, write(patched / "more.nt", old | set(sorted(added)[:1])), "has a triple already")
    refused(
        patched, write(patched / "other.nt", old | {line(9999, 1)}), "triples that the graph before has not"
    )
    refused(patched, write(patched / "empty.nt", set()), "lacks a triple")


def test_without_a_description_the_triples_themselves_tell(patched: Path) -> None:
    (patched / "patch" / "changes.json").unlink()
    refused(patched, patched / "new.nt", "does not fit")


def test_damaged_and_unsorted_files_are_told(patched: Path) -> None:
    content = (patched / "old.nt").read_bytes()
    packed = gzip.compress(content)
    for name, damaged in (("cut", packed[:-20]), ("bent", packed[:60] + b"\0\0\0\0" + packed[64:])):
        (patched / f"{name}.nt.gz").write_bytes(damaged)
        refused(patched, patched / f"{name}.nt.gz", "is damaged", ReleaseError)
    (patched / "none.nt.gz").write_bytes(b"no gzip at all")
    refused(patched, patched / "none.nt.gz", "is damaged", ReleaseError)
    lines = content.splitlines(keepends=True)
    (patched / "mixed.nt").write_bytes(b"".join(lines[::-1]))
    refused(patched, patched / "mixed.nt", "sort -u")
    (patched / "twice.nt").write_bytes(b"".join([*lines[:5], *lines[4:]]))
    refused(patched, patched / "twice.nt", "sort -u")
    (patched / "blank.nt").write_bytes(b"".join([*lines, b"_:b0 <http://p> <http://o> .\n"]))
    refused(patched, patched / "blank.nt", "blank nodes")
    refused(patched, patched / "nowhere.nt", "neither a release nor a dump")
    (patched / "named.nq").write_bytes(b"")
    refused(patched, patched / "named.nq", "named graphs")
    with pytest.raises(UsageError, match=r"must end with \.nt"):
        apply(patched / "patch", patched / "old.nt", patched / "target.ttl")


def test_a_damaged_patch_is_told(patched: Path) -> None:
    added = patched / "patch" / "added.nt.gz"
    whole = added.read_bytes()
    added.write_bytes(whole[:-12])
    refused(patched, patched / "old.nt", "added.nt.gz is damaged", ReleaseError)
    lines = gzip.decompress(whole).splitlines(keepends=True)
    added.write_bytes(gzip.compress(b"".join(lines[:-1])))
    refused(patched, patched / "old.nt", "is damaged; fetch the patch again", ReleaseError)
    added.write_bytes(gzip.compress(b"".join(lines[::-1])))
    refused(patched, patched / "old.nt", "sort -u")
    added.unlink()
    refused(patched, patched / "old.nt", "holds no patch")
    added.write_bytes(whole)
    for digest in ('{"triples": 1}', '{"triples": "1", "sha256": ""}', "5", "[]"):
        told = f'{{"graph": {{"before": {digest}}}}}'
        (patched / "patch" / "changes.json").write_text(told, encoding="utf-8")
        refused(patched, patched / "old.nt", "changes.json is damaged", ReleaseError)


def test_a_full_disk_leaves_the_target_as_it_was(patched: Path) -> None:
    (patched / "target.nt").write_bytes(b"as it was")

    arguments = [str(patched / name) for name in ("patch", "old.nt")]
    failed = run_with_small_files(5000, "apply", *arguments, "-o", patched / "target.nt")
    assert failed.returncode == 4 and "cannot be written" in failed.stderr
    assert (patched / "target.nt").read_bytes() == b"as it was"
    assert not list(patched.glob(".*"))


def test_killed_in_the_middle_the_target_is_as_it_was_and_the_next_try_succeeds(patched: Path) -> None:
    (patched / "target.nt").write_bytes(b"as it was")
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from transfergraph.release.changes.patch import apply\n"
        "os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)\n"
        "apply(*map(Path, sys.argv[1:]))\n"
    )
    paths = [patched / "patch", patched / "old.nt", patched / "target.nt"]
    killed = subprocess.run([sys.executable, "-c", program, *map(str, paths)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert (patched / "target.nt").read_bytes() == b"as it was"
    apply(*paths)
    assert (patched / "target.nt").read_bytes() == (patched / "new.nt").read_bytes()
    assert not list(patched.glob(".*"))


def test_the_commands(patched: Path) -> None:
    def run(*arguments: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "transfergraph", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, check=False, env={**os.environ, "LC_ALL": "C"})

    shown = run("apply", patched / "patch", patched / "old.nt")
    assert shown.returncode == 0 and shown.stdout == (patched / "new.nt").read_bytes()
    told = run("apply", patched / "patch", patched / "old.nt", "-o", patched / "made.nt.gz")
    assert told.returncode == 0 and b"triples" in told.stdout
    assert gzip.decompress((patched / "made.nt.gz").read_bytes()) == shown.stdout
    misfit = run("apply", patched / "patch", patched / "new.nt")
    assert misfit.returncode == 2 and misfit.stdout == b"" and b"has been applied" in misfit.stderr
    differing = run("diff", patched / "old.nt", patched / "new.nt", "--lang", "de")
    assert differing.returncode == 0 and "Tripel" in differing.stdout.decode()
    same = run("diff", patched / "old.nt", patched / "old.nt", "--lang", "en")
    assert same.stdout.decode().strip() == "Nothing has changed in the graph."
