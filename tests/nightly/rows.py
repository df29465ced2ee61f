"""What ``make nightly`` runs, and the table of the last runs in ``docs/reliability.md``.

``python tests/nightly/rows.py [ROW...]`` runs all rows or those that are named, one after the other. What a row
prints is in ``.tools/nightly/ROW.log``.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "reliability.md"
LOGS = REPOSITORY / ".tools" / "nightly"

_VERSIONS = (sys.executable, "tests/nightly/versions.py")
_PYTEST = (sys.executable, "-m", "pytest")
_BARE = ("sh", "tests/nightly/bare_root.sh")
ROWS: Mapping[str, Sequence[str]] = {
    "lowest versions, Python 3.11": (*_VERSIONS, "lowest", "3.11"),
    "lowest versions, newest Python": (*_VERSIONS, "lowest", "newest"),
    "newest versions, Python 3.11": (*_VERSIONS, "highest", "3.11"),
    "newest versions, newest Python": (*_VERSIONS, "highest", "newest"),
    "bare Debian 13": (*_BARE, "trixie"),
    "bare Debian testing": (*_BARE, "testing"),
    "200 kills a verb": ("env", "KILLS=200", *_PYTEST, "-n", "2", "tests/test_kills.py"),
    "Virtuoso": ("env", "STORES=1", *_PYTEST, "tests/test_publication_virtuoso.py"),
    "RDF4J and Oxigraph's server": (
        *("env", "STORES=1"),
        *(*_PYTEST, "tests/test_publication_stores.py"),
    ),
    "a catalogue of 50 MB": (
        *("env", "PYTHONPATH=.", sys.executable),
        *("benchmarks/catalogues.py", "--datasets", "1000", "10000", "18200"),
    ),
    "harvests into CKAN": ("env", "PORTALS=1", *_PYTEST, "tests/test_catalogue_harvests.py"),
    "RO-Crate and DataCite": (
        *("env", "CRATES=1"),
        *(*_PYTEST, "tests/test_publication_archive.py", "-k", "validators"),
    ),
    "Gephi": ("env", "PROGRAMS=1", *_PYTEST, "tests/test_network_files.py", "-k", "gephi"),
    "image": ("env", "IMAGES=1", *_PYTEST, "tests/test_supply.py", "-k", "image"),
    "full disks, 30 for each verb": (
        *("env", "FILLS=30", "WHOLE=1"),
        *(*_PYTEST, "tests/test_faults.py", "-k", "disk"),
    ),
    "two runs at once, 20 times": ("env", "MEETINGS=20", *_PYTEST, "tests/test_faults.py", "-k", "meet"),
    "what make test takes a share of": ("env", "WHOLE=1", *_PYTEST, "-n", "2", "-m", "share", "tests/"),
    "60 lives of a workspace": ("env", "LIVES=60", "STEPS=20", *_PYTEST, "tests/test_life_of_releases.py"),
    "fuzzing, two minutes each": (sys.executable, "tests/fuzz/run.py", "--seconds", "120"),
    "twenty minutes of traffic": ("env", "PYTHONPATH=.", sys.executable, "benchmarks/soak.py"),
}
"""Every row of the table, and the command that it stands for, run in the root of the repository."""

_TABLE = re.compile(r"(?<=<!-- nightly -->\n).*(?=<!-- /nightly -->)", re.DOTALL)
_SUMMARY = re.compile(r"^=* ?(\d+ (?:passed|failed|skipped|error).*?) in [\d.]+s", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Run:
    """The last run of a row, as the table tells it; a row that never ran has only its name."""

    row: str
    commit: str = ""
    date: str = ""
    result: str = "not run yet"
    seconds: str = ""


def read(page: str) -> dict[str, Run]:
    """The runs in the table of a page; raises :class:`ValueError` when the page has no table."""
    table = _TABLE.search(page)
    if table is None:
        raise ValueError("the page has no table between its two comments")
    lines = [line.strip("|").split("|") for line in table[0].splitlines()[2:]]
    return {run.row: run for run in (Run(*(cell.strip() for cell in line)) for line in lines)}


def written(page: str, runs: Mapping[str, Run]) -> str:
    """The page with these runs in its table, in the order of the rows; others stay as they are."""
    known = {**read(page), **runs}
    names = [field.name for field in fields(Run)]
    lines = [names, ["---"] * len(names), *(list(astuple(known.get(row, Run(row)))) for row in ROWS)]
    return _TABLE.sub(lambda _: "".join(f"| {' | '.join(line)} |\n" for line in lines), page)


def result(code: int, output: str) -> str:
    """What a run came to, with the sums of the tests where it ran some."""
    summaries = _SUMMARY.findall(output)
    return ", ".join([f"failed ({code})" if code else "passed", *summaries[-1:]])


def run(row: str) -> Run:
    """Run the command of a row to its end."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    log = LOGS / f"{re.sub(r'[^a-z0-9.]+', '-', row.lower())}.log"
    begun = time.monotonic()
    with log.open("w") as stream:
        done = subprocess.run(ROWS[row], cwd=REPOSITORY, stdout=stream, stderr=stream, check=False)
    seconds = f"{time.monotonic() - begun:.0f}"
    said = result(done.returncode, log.read_text("utf-8", "replace"))
    return Run(row, told.stdout.strip(), f"{datetime.now(UTC):%Y-%m-%d}", said, seconds)


def main(rows: Sequence[str]) -> int:
    """Run the rows, telling each when it is done; 1 when one failed."""
    LOGS.mkdir(parents=True, exist_ok=True)
    failed = False
    for row in rows or tuple(ROWS):
        done = run(row)
        failed |= not done.result.startswith("passed")
        PAGE.write_text(written(PAGE.read_text("utf-8"), {row: done}), encoding="utf-8")
        sys.stdout.write(f"{row}: {done.result}, {done.seconds} s{os.linesep}")
        sys.stdout.flush()
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
