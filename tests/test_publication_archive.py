"""One file for a repository: complete, checked, the same bytes each time, never half-written."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from minisign import KeyPair, PublicKey, Signature, VerifyError
from small_files import run_with_small_files
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.publish.archive import signature
from transfergraph.publish.archive.description_files import spdx_name


@pytest.fixture(scope="module")
def archived(saxony: tg.Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of the curated data."""
    folder = tmp_path_factory.mktemp("archive")
    done = tg.archive(saxony.path, folder)
    assert done.file == folder / f"{saxony.manifest.id}.zip" and done.size == done.file.stat().st_size
    return done.file


@pytest.fixture(scope="module")
def unpacked(archived: Path) -> Path:
    """The one folder that is in it."""
    shutil.unpack_archive(archived, archived.parent / "out")
    (folder,) = (archived.parent / "out").iterdir()
    return folder


@pytest.fixture(scope="module")
def small(first_release: tuple[Path, Path]) -> Path:
    """A small release."""
    return tg.open(first_release[1]).path


def files_of(folder: Path) -> set[str]:
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}


def test_the_archive_holds_the_release_and_what_a_repository_wants(
    unpacked: Path, saxony: tg.Release
) -> None:
    assert unpacked.name == saxony.manifest.id
    own = {
        "CITATION.cff",
        "LICENSE.txt",
        "README.md",
        ".zenodo.json",
        "codemeta.json",
        "datacite.json",
        "SHA256SUMS",
        "manifest.json",
        "ro-crate-metadata.json",
    }
    assert files_of(unpacked) == {entry.path for entry in saxony.manifest.files} | own
    assert saxony.manifest.licence in (unpacked / "LICENSE.txt").read_text("utf-8")
    text = (unpacked / "README.md").read_text("utf-8")
    assert (
        saxony.manifest.titles["de"] in text
        and saxony.manifest.titles["en"] in text
        and saxony.citation in text
    )


def test_sha256sum_accepts_the_checksums(unpacked: Path) -> None:
    program = shutil.which("sha256sum")
    if program is None:
        pytest.skip("sha256sum (GNU coreutils) is not installed")
    checked = subprocess.run(
        [program, "--check", "--strict", "SHA256SUMS"],
        cwd=unpacked,
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert checked.stdout.count(": OK\n") == len(files_of(unpacked)) - 1


def test_the_crate_describes_every_file(unpacked: Path, saxony: tg.Release) -> None:
    crate = json.loads((unpacked / "ro-crate-metadata.json").read_text("utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.2/context"
    nodes = {node["@id"]: node for node in crate["@graph"]}
    assert len(nodes) == len(crate["@graph"])
    described = nodes["ro-crate-metadata.json"]
    assert described["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"} and described["about"] == {
        "@id": "./"
    }
    root = nodes["./"]
    assert root["@type"] == "Dataset" and root["datePublished"] == saxony.manifest.created.isoformat()
    for name in (
        "name",
        "description",
        "license",
        "publisher",
        "author",
        "identifier",
        "version",
        "keywords",
    ):
        assert root[name], name
    assert root["license"]["@id"] == saxony.manifest.licence
    parts = [part["@id"] for part in root["hasPart"]]
    assert {unquote(part) for part in parts} == files_of(unpacked) - {"ro-crate-metadata.json"}
    for part in parts:
        assert nodes[part]["@type"] == "File"
    for entry in saxony.manifest.files:
        node = nodes[entry.path]
        assert (node["sha256"], node["contentSize"]) == (entry.sha256, str(entry.size)) and node[
            "encodingFormat"
        ]

    def references(value: object) -> list[str]:
        match value:
            case {"@id": str(target), **rest} if not rest:
                return [target]
            case dict():
                return [one for inner in value.values() for one in references(inner)]
            case list():
                return [one for inner in value for one in references(inner)]
        return []

    outside = {one for node in crate["@graph"] for one in references(node)} - nodes.keys()
    assert outside == {"https://w3id.org/ro/crate/1.2"}


def test_the_validators_of_ro_crate_and_datacite_find_nothing(small: Path, tmp_path: Path) -> None:
    if "CRATES" not in os.environ:
        pytest.skip("only where CRATES is set, as make nightly does: it computes for 18 seconds")
    python = REPOSITORY / ".tools" / "rocrate" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        pytest.skip("roc-validator is not installed: run `make peers`")
    script = Path(__file__).parent / "peers" / "rocrate" / "validate.py"
    shutil.unpack_archive(tg.archive(small, tmp_path / "crate.zip").file, tmp_path / "out")
    (crate,) = (tmp_path / "out").iterdir()
    command = [str(python), str(script), str(crate), str(crate / "datacite.json")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == {"crate": [], "datacite": []}


def test_the_citation_file_says_what_it_must(unpacked: Path, saxony: tg.Release) -> None:
    text = (unpacked / "CITATION.cff").read_text("utf-8")
    lines = dict(
        line.split(": ", 1) for line in text.splitlines() if ": " in line and not line.startswith(" ")
    )
    assert lines["cff-version"] == "1.2.0" and lines["type"] == "dataset" and lines["license"] == "CC-BY-4.0"
    assert json.loads(lines["title"]) == saxony.manifest.titles["en"]
    assert json.loads(lines["version"]) == saxony.manifest.id
    assert json.loads(lines["date-released"]) == "2026-11-24"
    assert '\nauthors:\n  - name: "transfergraph"\n' in text


def test_what_repositories_read_says_the_same_in_their_words(unpacked: Path, saxony: tg.Release) -> None:
    manifest = saxony.manifest
    title, day = manifest.titles["en"], manifest.created.isoformat()
    release = f"{manifest.base}release/{manifest.id}"
    zenodo, codemeta, datacite = (
        json.loads((unpacked / name).read_text("utf-8"))
        for name in (".zenodo.json", "codemeta.json", "datacite.json")
    )
    assert (zenodo["title"], zenodo["upload_type"], zenodo["access_right"]) == (title, "dataset", "open")
    assert (zenodo["license"], zenodo["version"], zenodo["publication_date"]) == (
        "cc-by-4.0",
        manifest.id,
        day,
    )
    assert zenodo["creators"] == [{"name": "transfergraph"}] and zenodo["language"] == "eng"
    assert zenodo["description"].startswith("<p>") and "CC BY 4.0" in zenodo["notes"]
    related = {one["identifier"]: one["relation"] for one in zenodo["related_identifiers"]}
    assert related.pop(release) == "isIdenticalTo"
    assert related and set(related.values()) == {"isDerivedFrom"}
    assert codemeta["@context"] == "https://w3id.org/codemeta/3.0" and codemeta["type"] == "schema:Dataset"
    assert (codemeta["name"], codemeta["version"], codemeta["id"]) == (title, manifest.id, release)
    assert codemeta["license"] == "https://spdx.org/licenses/CC-BY-4.0"
    assert set(codemeta["relatedLink"]) == related.keys()
    assert codemeta["author"][0]["name"] == "transfergraph" and codemeta["datePublished"] == day
    assert datacite["schemaVersion"] == "http://datacite.org/schema/kernel-4"
    assert datacite["types"]["resourceTypeGeneral"] == "Dataset" and datacite["publicationYear"] == day[:4]
    assert {one["lang"]: one["title"] for one in datacite["titles"]} == manifest.titles
    assert datacite["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"
    assert {one["relatedIdentifier"] for one in datacite["relatedIdentifiers"]} == related.keys()
    (place,) = datacite["geoLocations"]
    assert place["geoLocationPlace"] == "Free State of Saxony"
    assert place["geoLocationBox"]["northBoundLatitude"] == 51.6831
    assert not any("doi" in key.lower() for one in (zenodo, codemeta, datacite) for key in one)


@pytest.mark.parametrize(
    ("licence", "name"),
    [
        ("https://creativecommons.org/licenses/by/4.0/", "CC-BY-4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC-BY-SA-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
        ("https://www.govdata.de/dl-de/by-2-0", "DL-DE-BY-2.0"),
        ("https://www.govdata.de/dl-de/zero-2-0", "DL-DE-ZERO-2.0"),
        ("https://example.org/own", ""),
    ],
)
def test_licences_have_their_names_of_the_spdx_list(licence: str, name: str) -> None:
    assert spdx_name(licence) == name


def test_the_same_release_gives_the_same_bytes(archived: Path, saxony: tg.Release, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(saxony.path, copy)
    os.utime(copy / "manifest.json", (1, 1))
    assert tg.archive(copy, tmp_path / "again.zip").file.read_bytes() == archived.read_bytes()
    with zipfile.ZipFile(archived) as packed:
        assert {info.date_time for info in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        stored = {info.filename for info in packed.infolist() if info.compress_type == zipfile.ZIP_STORED}
        assert stored and all(name.endswith(".gz") for name in stored)
        assert packed.testzip() is None


def test_a_target_that_is_no_archive_stays(small: Path, tmp_path: Path) -> None:
    (tmp_path / "thesis.zip").write_text("mine")
    with pytest.raises(tg.UsageError, match="is there and no archive"):
        tg.archive(small, tmp_path / "thesis.zip")
    with pytest.raises(tg.UsageError, match="does not end with"):
        tg.archive(small, tmp_path / "thesis.docx")
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"thesis.zip": "mine"}


def test_a_damaged_release_is_not_packed(small: Path, tmp_path: Path) -> None:
    release = tmp_path / "release"
    shutil.copytree(small, release)
    with (release / "data" / "graph.nt.gz").open("ab") as file:
        file.write(b"!")
    with pytest.raises(tg.ReleaseError, match=r"graph.nt.gz is damaged"):
        tg.archive(release, tmp_path / "new.zip")
    assert [file.name for file in tmp_path.iterdir()] == ["release"]


def test_a_kill_leaves_the_old_archive_whole(small: Path, tmp_path: Path) -> None:
    old = tg.archive(small, tmp_path).file
    digest = hashlib.sha256(old.read_bytes()).digest()
    program = (
        "import os, signal, sys; import transfergraph as tg\n"
        "def advance(step, done, total):\n"
        "    if done == 9: os.kill(os.getpid(), signal.SIGKILL)\n"
        "tg.archive(sys.argv[1], sys.argv[2], advance)\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(small), str(old)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert hashlib.sha256(old.read_bytes()).digest() == digest
    assert tg.archive(small, tmp_path).file.read_bytes() == old.read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == [old.name]


def test_a_full_disk_leaves_the_old_archive_whole(small: Path, tmp_path: Path) -> None:
    old = tg.archive(small, tmp_path).file
    before = old.read_bytes()

    failed = run_with_small_files(60_000, "archive", old, "--release", small)
    assert failed.returncode == 4 and "Traceback" not in failed.stderr
    assert "File too large" in failed.stderr and "What was there before is untouched" in failed.stderr
    assert old.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == [old.name]


@pytest.fixture(scope="module")
def keys() -> Iterator[KeyPair]:
    yield KeyPair.generate()


def signed(small: Path, folder: Path, key: bytes, password: str | None = None) -> tuple[Path, str]:
    """The folder that is in a signed archive, and the public key that was told."""
    (folder / "release.key").write_bytes(key)
    done = tg.archive(small, folder / "graph.zip", key=folder / "release.key", password=password)
    shutil.unpack_archive(done.file, folder / "out")
    (unpacked,) = (folder / "out").iterdir()
    return unpacked, done.public_key


def test_a_signature_vouches_for_every_file(small: Path, keys: KeyPair, tmp_path: Path) -> None:
    unpacked, public = signed(small, tmp_path, bytes(keys.secret_key))
    checksums = (unpacked / "SHA256SUMS").read_bytes()
    made = Signature.from_file(unpacked / "SHA256SUMS.minisig")
    PublicKey.from_base64(public).verify(checksums, made)
    assert made.trusted_comment == f"SHA256SUMS of {unpacked.name}"
    with pytest.raises(VerifyError):
        PublicKey.from_base64(public).verify(checksums.replace(b"a", b"b", 1), made)
    listed = {line.split("  ", 1)[1] for line in checksums.decode().splitlines()}
    assert files_of(unpacked) - listed == {"SHA256SUMS", "SHA256SUMS.minisig"}
    crate = json.loads((unpacked / "ro-crate-metadata.json").read_text("utf-8"))
    assert "SHA256SUMS.minisig" in {one["@id"] for one in crate["@graph"]}
    again = tg.archive(small, tmp_path / "again.zip", key=tmp_path / "release.key")
    assert again.file.read_bytes() == (tmp_path / "graph.zip").read_bytes()


def test_the_program_of_minisign_accepts_the_signature(small: Path, keys: KeyPair, tmp_path: Path) -> None:
    program = shutil.which("minisign")
    if program is None:
        pytest.skip("minisign is not installed: run `make peers` (root on Debian)")
    unpacked, public = signed(small, tmp_path, bytes(keys.secret_key))
    check = [program, "-V", "-m", "SHA256SUMS", "-P", public]
    told = subprocess.run(check, cwd=unpacked, capture_output=True, text=True, check=True)
    assert f"SHA256SUMS of {unpacked.name}" in told.stdout
    (unpacked / "SHA256SUMS").write_text("changed", "utf-8")
    assert subprocess.run(check, cwd=unpacked, capture_output=True, check=False).returncode != 0


def test_a_key_with_a_password_needs_it(small: Path, tmp_path: Path) -> None:
    secret = KeyPair.generate().secret_key
    secret.encrypt("a word", opslimit=32768, memlimit=16777216)
    unpacked, public = signed(small, tmp_path, bytes(secret), "a word")
    assert public and (unpacked / "SHA256SUMS.minisig").is_file()
    before = (tmp_path / "graph.zip").read_bytes()
    for password, said in ((None, "MINISIGN_PASSWORD"), ("another", "wrong password")):
        with pytest.raises(tg.UsageError, match=said):
            tg.archive(small, tmp_path / "graph.zip", key=tmp_path / "release.key", password=password)
    (tmp_path / "no.key").write_text("not a key", "utf-8")
    for name in ("no.key", "absent.key"):
        with pytest.raises(tg.UsageError, match=name):
            tg.archive(small, tmp_path / "graph.zip", key=tmp_path / name)
    assert (tmp_path / "graph.zip").read_bytes() == before


def test_signing_without_the_extra_names_it(
    small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signature, "find_spec", lambda name: None)
    with pytest.raises(tg.MissingExtra, match="signing"):
        tg.archive(small, tmp_path / "graph.zip", key=tmp_path / "release.key")
    assert not (tmp_path / "graph.zip").exists()


def test_the_verb_signs_and_tells_the_public_key(small: Path, tmp_path: Path) -> None:
    secret = KeyPair.generate().secret_key
    secret.encrypt("a word", opslimit=32768, memlimit=16777216)
    (tmp_path / "release.key").write_bytes(bytes(secret))
    command = [sys.executable, "-c", "from transfergraph.cli import main; main()", "archive"]
    command += ["graph.zip", "--release", str(small), "--sign", "release.key", "--lang", "en"]
    environment = {**os.environ, "MINISIGN_PASSWORD": "a word"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    public = done.stdout.strip().rsplit(" ", 1)[1]
    with zipfile.ZipFile(tmp_path / "graph.zip") as packed:
        (name,) = [one for one in packed.namelist() if one.endswith(".minisig")]
        made = Signature.from_bytes(packed.read(name))
        PublicKey.from_base64(public).verify(packed.read(name.removesuffix(".minisig")), made)
