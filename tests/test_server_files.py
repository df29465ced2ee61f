"""Dumps and other files: parts of them, their types, and that no path leaves the release."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from pathlib import Path

import brotli
import pytest
from server_fixture import Served, served, small_limits

DUMP = "data/graph.nt.gz"


@pytest.fixture(scope="module")
def manifest(server: Served) -> dict[str, dict[str, str | int]]:
    return {entry["path"]: entry for entry in server.get("manifest.json").json["files"]}


def test_every_file_of_the_manifest_comes_as_it_is(
    server: Served, manifest: dict[str, dict[str, str | int]]
) -> None:
    assert len(manifest) > 30
    for path, entry in manifest.items():
        answer = server.get(path)
        assert answer.status == 200, path
        assert hashlib.sha256(answer.body).hexdigest() == entry["sha256"], path
        assert int(answer.field("content-length")) == entry["size"] == len(answer.body)
        assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        (DUMP, "application/gzip"),
        ("data/tables/saxony/alliances.csv", "text/csv; charset=utf-8"),
        ("data/tables/saxony/csvw-metadata.json", "application/csvm+json"),
        ("report.json", "application/json"),
        ("ontology/shapes.ttl", "text/turtle; charset=utf-8"),
        ("network.html", "text/html; charset=utf-8"),
        ("queries/questions/partners-of.rq", "application/sparql-query"),
        ("changes/note.de.md", "text/markdown; charset=utf-8"),
    ],
)
def test_files_have_their_types(server: Served, path: str, media_type: str) -> None:
    assert server.get(path).field("content-type") == media_type


@pytest.mark.parametrize(
    ("field", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=10-10", 10, 10),
        ("bytes=100-", 100, -1),
        ("bytes=-7", -7, -1),
        ("bytes=5-999999999", 5, -1),
        ("bytes=-999999999", 0, -1),
        ("BYTES=0-9", 0, 9),
    ],
)
def test_a_part_of_a_dump(server: Served, field: str, first: int, last: int) -> None:
    whole = server.get(DUMP)
    assert whole.field("accept-ranges") == "bytes"
    size = len(whole.body)
    begin, end = first % size, last % size
    part = server.get(DUMP, Range=field)
    assert part.status == 206
    assert part.field("content-range") == f"bytes {begin}-{end}/{size}"
    assert part.body == whole.body[begin : end + 1]
    assert int(part.field("content-length")) == len(part.body)


@pytest.mark.parametrize(
    "field", ["bytes=9-0", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-", "bytes 0-1", "0-1"]
)
def test_what_is_no_range_is_passed_over(server: Served, field: str) -> None:
    assert server.get(DUMP, Range=field).status == 200


@pytest.mark.parametrize("field", ["bytes=999999999-", "bytes=-0"])
def test_a_range_behind_the_end(server: Served, field: str) -> None:
    answer = server.get(DUMP, Range=field)
    assert answer.status == 416
    assert re.fullmatch(r"bytes \*/\d+", answer.field("content-range"))


def test_a_download_goes_on_only_in_the_same_file(server: Served) -> None:
    whole = server.get(DUMP)
    tag, modified = whole.field("etag"), whole.field("last-modified")
    assert not tag.startswith("W/")
    assert server.get(DUMP, Range="bytes=0-9", If_Range=tag).status == 206
    assert server.get(DUMP, Range="bytes=0-9", If_Range=modified).status == 206
    assert server.get(DUMP, Range="bytes=0-9", If_Range='"other"').status == 200
    assert server.get(DUMP, Range="bytes=0-9", If_Range="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert server.get(DUMP, If_None_Match=tag).status == 304
    head = server.ask(f"/{DUMP}", "HEAD", headers={"Range": "bytes=0-9"})
    assert head.status == 200 and int(head.field("content-length")) == len(whole.body) and head.body == b""


def test_texts_are_compressed_and_dumps_are_not(server: Served) -> None:
    path = "data/tables/saxony/projects.csv"
    plain = server.get(path)
    for coding, unpack in (("gzip", gzip.decompress), ("br", brotli.decompress)):
        packed = server.get(path, Accept_Encoding=coding)
        assert packed.field("content-encoding") == coding and unpack(packed.body) == plain.body
        assert packed.field("etag") != plain.field("etag") and packed.field("vary") == "Accept-Encoding"
        assert server.get(path, Accept_Encoding=coding, If_None_Match=packed.field("etag")).status == 304
    assert "content-encoding" not in server.get(DUMP, Accept_Encoding="gzip, br").headers
    part = server.get(path, Accept_Encoding="gzip", Range="bytes=0-3")
    assert part.status == 206 and part.body == plain.body[:4]


def test_the_network_page_runs_its_own_scripts_and_no_others(server: Served) -> None:
    policy = server.get("network.html").field("content-security-policy")
    assert "script-src 'sha256-" in policy and "unsafe" not in policy and "frame-ancestors *" in policy


def test_every_release_that_is_kept_can_be_had(server: Served) -> None:
    release = server.get("health").json["release"]
    old = server.get(f"releases/{release}/{DUMP}")
    assert old.body == server.get(DUMP).body
    assert "immutable" in old.field("cache-control") and "immutable" not in server.get(DUMP).field(
        "cache-control"
    )
    assert server.get(f"releases/{release}/manifest.json").json["id"] == release


def test_links_in_a_release_are_not_followed(saxon_builds: Path, tmp_path: Path) -> None:
    """Somebody with access to the folder puts links into it; they lead nowhere."""
    builds = tmp_path / "build"
    source = (saxon_builds / "current").resolve()
    release = builds / "releases" / source.name
    release.mkdir(parents=True)
    for file in source.rglob("*"):
        target = release / file.relative_to(source)
        if file.is_dir():
            target.mkdir(exist_ok=True)
        else:
            target.hardlink_to(file)
    (builds / "current").symlink_to(Path("releases") / source.name)
    (release / "report.json").unlink()
    (release / "report.json").symlink_to("/etc/passwd")
    (release / "changes").rename(release / "moved")
    (release / "changes").symlink_to(release / "moved")
    with served(builds, small_limits(tmp_path / "workspace")) as server:
        assert server.get("report.json").status == 404
        assert server.get("changes/note.de.md").status == 404
        assert server.get(DUMP).status == 200
        (release / "data" / "ties.csv").unlink()
        answer = server.get("data/ties.csv")
        assert answer.status == 404 and json.loads(answer.body)["status"] == 404
