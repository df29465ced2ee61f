"""What is published was read back by those who will use it, before the release became current."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import declare, edited, make_workspace

import transfergraph as tg
from transfergraph.common.formats import GRAPH_FORMATS, graph_format
from transfergraph.release import dumps, write_release
from transfergraph.release.dumps import read_dump
from transfergraph.release.readback import read_back
from transfergraph.tables import check_cells as cells


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("queries/questions/broken.rq", b"#+ summary_de: x\n#+ summary_en: x\nSELECT ?s WHERE { ?s ?p }\n"),
        ("queries/questions/broken.rq", b"SELECT * WHERE { ?s ?p ?o }\n"),
        ("queries/questions/broken.rq", b"\xff\xfe"),
        ("queries/rules/broken.rq", b"#+ summary_de: x\n#+ summary_en: x\nCONSTRUCT { ?s ?p } WHERE {}\n"),
        ("queries/checks/broken.rq", b"#+ summary_de: x\n#+ summary_en: x\nSELECT * WHERE { ?s ?p ?o }\n"),
        ("ontology/alignments.ttl", b"<a> <b> .\n"),
        ("ontology/more.ttl", b"<http://a.de/[> <http://a.de/b> 1 .\n"),
    ],
)
def test_what_the_workspace_publishes_as_it_stands_is_read_first(
    second_release: tuple[Path, Path], tmp_path: Path, file: str, content: bytes
) -> None:
    root = make_workspace(tmp_path / "ws")
    declare(root, file, content)
    output = tmp_path / "build"
    shutil.copytree(second_release[1], output, symlinks=True)
    before = (output / "current").resolve()
    for run in (tg.build, tg.check):
        with pytest.raises(tg.WorkspaceError, match=re.escape(str(root / file))):
            run(root, output)
    assert (output / "current").resolve() == before and tg.open(output).questions


@pytest.mark.parametrize("small", [True, False])
@pytest.mark.parametrize("address", ["https://a.de/b[c", "https://a.de/#b#c"])
def test_a_dump_that_no_parser_reads_is_not_published(
    second_release: tuple[Path, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
    small: bool,
) -> None:
    if not small:
        monkeypatch.setattr(dumps, "_SMALL", 0)
    monkeypatch.setattr(cells, "URL", "https?://.*")  # or its cell would be the finding
    website = edited("organisations", "https://www.htw-dresden.de", address)
    root = make_workspace(tmp_path / "ws", organisations=website)
    output = tmp_path / "build"
    shutil.copytree(second_release[1], output, symlinks=True)
    before = (output / "current").resolve()
    with pytest.raises(tg.ReleaseError) as told:
        tg.build(root, output)
    assert "graph.nq.gz" in str(told.value)
    assert "organisation/htw-dresden> " in str(told.value) and address in str(told.value)
    assert (output / "current").resolve() == before
    assert tg.open(output).verify() == []
    assert len(list((output / "releases").iterdir())) == 2


@pytest.mark.parametrize("name", [known.name for known in GRAPH_FORMATS])
def test_a_dump_is_read_back_and_counted(saxony: tg.Release, tmp_path: Path, name: str) -> None:
    dump = saxony.path / "data" / f"graph.{graph_format(name).ending}.gz"
    count = saxony.manifest.counts["triples"]
    read_dump(name, dump, count)
    with pytest.raises(
        tg.ReleaseError, match=rf"{dump.name} holds {count} statements instead of {count + 1}"
    ):
        read_dump(name, dump, count + 1)
    cut = tmp_path / dump.name
    cut.write_bytes(dump.read_bytes()[:-9000])
    with pytest.raises(tg.ReleaseError, match=f"{dump.name} cannot be read back"):
        read_dump(name, cut, count)
    text = gzip.decompress(dump.read_bytes())
    harmed = [text.replace(b'"', b"", 1)]
    if name == "n-quads":  # the terms of the others are the same
        harmed.append(text.replace(b"htw-dresden.de", b"htw[dresden.de/"))
    for wrong in harmed:
        cut.write_bytes(gzip.compress(wrong, 1))
        with pytest.raises(tg.ReleaseError, match=f"{dump.name} cannot be read back"):
            read_dump(name, cut, count)


def rewritten(name: str, change: Callable[[str], str]) -> tuple[str, Callable[[Path], object]]:
    def harm(release: Path) -> None:
        file = release / name
        read = gzip.open if name.endswith(".gz") else open
        with read(file, "rt", encoding="utf-8") as stream:
            text = stream.read()
        assert change(text) != text
        file.unlink()
        with read(file, "wt", encoding="utf-8") as stream:
            stream.write(change(text))

    return name, harm


HARMS = [
    rewritten("catalog.ttl", lambda text: text[:-20]),
    rewritten("catalog.ttl", lambda text: text.replace("downloadURL", "downloadedURL")),
    rewritten("catalog.rdf", lambda text: text[:-20]),
    rewritten("catalog.jsonld", lambda text: text[:-20]),
    rewritten(
        "catalog.jsonld", lambda text: text.replace('"@id":"https://w3id.org', '"@id":"https://w3id[org', 1)
    ),
    rewritten("void.ttl", lambda text: text.replace("<https://w3id.org", "<https://w3id[org", 1)),
    rewritten("report.ttl", lambda text: text[:-20]),
    rewritten("report.json", lambda text: text[:-20]),
    rewritten("report.json", lambda text: "{}"),
    rewritten("feed.atom", lambda text: text.replace("<title", "<title \x01", 1)),
    rewritten("feed.atom", lambda text: text.replace("<updated>", "<changed>").replace("</upd", "</chang")),
    rewritten("feed.ttl", lambda text: text[:-20]),
    rewritten("feed.ttl", lambda text: re.sub(r"tree:node <feed/[^>]*>", "tree:node <feed/x>", text)),
    rewritten("catalog-feed.ttl", lambda text: text[:-20]),
    rewritten("changes/added.nt.gz", lambda text: text.replace("<https://w3id.org", "<https://w3id[org")),
    rewritten("changes/changes.json", lambda text: text[:-20]),
    rewritten("changes/gone.json", lambda text: "[{}]"),
    rewritten("network.json", lambda text: text[:-20]),
    rewritten("network/layout.json", lambda text: "{}"),
    rewritten("data/tables/source/csvw-metadata.json", lambda text: text[:-20]),
    rewritten("data/tables/source/projects.csv", lambda text: text + "one,two\n"),
    rewritten("data/tables/source/csvw-metadata.json", lambda text: text.replace('"name_de"', '"name"')),
    rewritten("data/rows.tsv", lambda text: "".join(sorted(text.splitlines(keepends=True), reverse=True))),
    rewritten("data/rows.tsv", lambda text: text.replace("source/places", "source/nowhere")),
    rewritten("data/rows.tsv", lambda text: text.replace("source/places\t2\t", "source/places\t2\t1")),
    rewritten("data/rows.tsv", lambda text: text[:-9]),
    rewritten("data/origins.tsv", lambda text: text.replace("\t", " ")),
    rewritten("data/ties.csv", lambda text: text + '"open'),
    rewritten("queries/questions/alliances.rq", lambda text: text + "}"),
    rewritten("ontology/transfergraph.ttl", lambda text: text + "<a>"),
]


@pytest.mark.parametrize(("name", "harm"), HARMS, ids=[f"{n}-{name}" for n, (name, _) in enumerate(HARMS)])
def test_every_file_is_read_by_those_who_use_it(
    second_release: tuple[Path, Path], tmp_path: Path, name: str, harm: Callable[[Path], object]
) -> None:
    release = tmp_path / "release"
    shutil.copytree((second_release[1] / "current").resolve(), release)
    harm(release)
    with pytest.raises(tg.TransfergraphError, match=re.escape(Path(name).name)):
        read_back(release)


def test_every_file_of_a_release_is_read_back_somewhere(
    second_release: tuple[Path, Path], tmp_path: Path
) -> None:
    """A file that nobody can read is told whatever its name is: here all at once, one after the other."""
    release = tmp_path / "release"
    shutil.copytree((second_release[1] / "current").resolve(), release)
    for entry in tg.open(release).manifest.files:
        if entry.path.startswith(("data/graph.", "data/cells.nt", "feed/", "catalog-feed/")):
            continue  # read where they are written
        content = (release / entry.path).read_bytes()
        (release / entry.path).unlink()
        (release / entry.path).write_bytes(b"\xff\x00")
        with pytest.raises(tg.TransfergraphError):
            read_back(release)
        (release / entry.path).write_bytes(content)
    read_back(release)


def test_what_cannot_be_read_back_does_not_become_current(
    second_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, output = make_workspace(tmp_path / "ws"), tmp_path / "build"
    shutil.copytree(second_release[1], output, symlinks=True)
    before = (output / "current").resolve()
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.08"), "utf-8")
    monkeypatch.setattr(write_release, "report_to_turtle", lambda *given: "<a> <b> [ .")
    with pytest.raises(tg.ReleaseError, match=r"report\.ttl of the new release cannot be read back"):
        tg.build(root, output)
    assert (output / "current").resolve() == before


@pytest.mark.parametrize("text", ["a\\u0001b", "a\\uFFFEb", "a\\u0000"])
def test_a_setting_that_no_feed_can_hold_is_refused(tmp_path: Path, text: str) -> None:
    root = make_workspace(tmp_path)
    settings = (root / "transfergraph.toml").read_text(encoding="utf-8")
    changed = re.sub(r'title_de = ".*"', lambda _: f'title_de = "{text}"', settings, count=1)
    (root / "transfergraph.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match="title_de has a character"):
        tg.check(root, tmp_path / "build")


def test_a_noncharacter_in_a_cell_is_a_finding(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, places=edited("places", "Dresden,Dresden", "Dres\uffffden,Dresden"))
    report = tg.check(root, tmp_path / "build")
    assert [finding.code for finding in report.findings] == ["table.control-character"]
