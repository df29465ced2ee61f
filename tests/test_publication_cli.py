"""The verbs ``site``, ``push`` and ``archive`` as they are typed, and their names in Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from store_server import PASSWORD, USER, storing

import transfergraph as tg
from transfergraph.publish.push.dump_batches import contents, quad_lines


def called(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "transfergraph", *map(str, arguments)]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", **environment},
    )


def failed(*arguments: str | Path, **environment: str) -> str:
    """The message of a call that must fail without a trace."""
    done = called(*arguments, **environment)
    assert done.returncode in (2, 4), done.stdout
    assert done.stdout == "" and "Traceback" not in done.stderr
    return " ".join(done.stderr.split())


def test_a_site_is_written_and_told(saxony: tg.Release, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    given = ("site", folder, "--release", saxony.path, "--base-url", "https://data.agency.de")
    done = called(*given, "--no-pages", "--lang", "de")
    assert done.returncode == 0, done.stderr
    files = sum(1 for file in folder.rglob("*") if file.is_file())
    number = f"{files:,}".replace(",", ".")
    assert f"{folder}: Release {saxony.manifest.id}, {number} Dateien" in done.stdout
    assert "--pages schreibt sie" in done.stdout
    assert str(folder / "server-config" / "nginx.conf") in done.stdout
    assert (folder / "server-config" / "nginx.conf").is_file() and (folder / ".htaccess").is_file()
    assert "Dateien kopieren" in done.stderr
    assert f"{folder}: release" in called(*given, "--no-pages", "--lang", "en").stdout


# Blocks what only the extras of pyproject.toml bring, then runs the command line.
PLAIN = """
import sys
from transfergraph.cli import main

for name in ("brotli", "fpdf", "httptools", "igraph", "mcp", "pandas", "polars", "resvg_py", "starlette",
             "uvicorn", "uvloop"):
    assert name not in sys.modules, name
    sys.modules[name] = None
main()
"""


def test_publishing_needs_none_of_the_extras(saxony: tg.Release, tmp_path: Path) -> None:
    for given in (
        ("site", tmp_path / "site", "--base-url", "https://data.agency.de/", "--no-pages"),
        ("archive", tmp_path / "graph.zip"),
    ):
        command = [sys.executable, "-c", PLAIN, *map(str, given), "--release", str(saxony.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    with storing() as store:
        command = [sys.executable, "-c", PLAIN, "push", store.url, "--release", str(saxony.path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_is_wrong_with_a_site_is_said_in_a_sentence(saxony: tg.Release, tmp_path: Path) -> None:
    given = ("site", tmp_path / "site", "--release", saxony.path)
    assert "--base-url https://" in failed(*given)
    assert "“data.agency.de/graph” is no base URL" in failed(*given, "--base-url", "data.agency.de/graph")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine").touch()
    assert "not a site written by transfergraph" in failed(*given, "--base-url", "https://x.example/")
    assert "no release" in failed(
        "site", tmp_path / "s", "-r", tmp_path / "none", "--base-url", "https://x.example/"
    )


def test_a_push_is_told(saxony: tg.Release) -> None:
    with storing(scheme="basic") as server:
        given = ("push", server.url, "--release", saxony.path, "--lang", "en")
        said = failed(*given)
        assert "refuses the credentials (401" in said and "TRANSFERGRAPH_PUSH_USER" in said
        secrets = {"TRANSFERGRAPH_PUSH_USER": USER, "TRANSFERGRAPH_PUSH_PASSWORD": PASSWORD}
        wrong = failed(*given, **{**secrets, "TRANSFERGRAPH_PUSH_PASSWORD": "guessed"})
        assert "refuses the credentials" in wrong and "guessed" not in wrong
        done = called(*given, **secrets)
        assert done.returncode == 0, done.stderr
        total = contents(quad_lines(saxony.path)).total
        assert f"now holds release {saxony.manifest.id}, {total:,} statements in 4 graphs" in done.stdout
        assert "Verified" in done.stdout and PASSWORD not in done.stdout + done.stderr
        assert "held release" in called(*given, **secrets).stdout
        whole = called(*given, "--whole", "--in-place", "--part-megabytes", "1", **secrets)
        assert "sent whole" in whole.stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("localhost:3030/ds/data", "is no address of a server: it begins with http"),
        ("http://me:secret@127.0.0.1/data", "holds a name or a password"),
        ("http://127.0.0.1:1/data", "refuses the connection"),
        ("http://127.0.0.1/somewhere", "--query-url"),
    ],
)
def test_what_is_wrong_with_a_push_is_said_in_a_sentence(saxony: tg.Release, url: str, said: str) -> None:
    told = failed("push", url, "--release", saxony.path)
    assert said in told and "secret" not in told


def test_an_archive_is_written_and_told(saxony: tg.Release, tmp_path: Path) -> None:
    done = called("archive", tmp_path, "--release", saxony.path, "--lang", "en")
    assert done.returncode == 0, done.stderr
    file = tmp_path / f"{saxony.manifest.id}.zip"
    assert done.stdout.startswith(f"{file}: release {saxony.manifest.id}, ") and file.is_file()
    (tmp_path / "own.zip").write_text("mine")
    assert "is there and no archive" in failed("archive", tmp_path / "own.zip", "--release", saxony.path)


def test_the_verbs_have_their_names_in_python(saxony: tg.Release, tmp_path: Path) -> None:
    made = tg.site(saxony.path, tmp_path / "site", "https://data.agency.de/", pages=False)
    assert made.release == saxony.manifest.id and (tmp_path / "site" / "index.html").is_file()
    assert tg.archive(saxony.path, tmp_path).file.is_file()
    with storing() as server:
        assert tg.push(saxony.path, server.url).manner == "whole"
