"""Hold the versions of the container against advisories: ``python tests/supply/audit.py [REQUIREMENTS]``.

The kept list (``deploy/advisories.json``, records in the format of OSV) needs no network. It grows old, so its date is
told; and it is not complete: it says of a package that nothing is known only where it has advisories of other versions, or
where its makers looked for some (``looked_for``). Where pip-audit is installed it is asked as well; what it leaves out is
told, as it says "no known vulnerabilities" of packages that it could not look up, too. The last line names every package of
which nothing could be said. Exit code 1: a weakness is known, 2: of no package could anything be said, 0: else.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from packaging.utils import canonicalize_name
from packaging.version import Version

from supply.locked import REPOSITORY, RUNTIME, Pin, pins

ADVISORIES = REPOSITORY / "deploy" / "advisories.json"
OLD = 120
"""Days after which the kept list says too little to be relied on."""


@dataclass(frozen=True, slots=True)
class Weakness:
    """An advisory that a version falls under."""

    name: str
    version: Version
    advisory: str
    summary: str


def affected(record: Mapping[str, Any], name: str, version: Version) -> bool:
    """Whether a record of OSV holds of this version (its ``affected``, ranges of the type ECOSYSTEM)."""
    for one in record["affected"]:
        if canonicalize_name(one["package"]["name"]) != name:
            continue
        if str(version) in one.get("versions", ()):
            return True
        for span in one.get("ranges", ()):
            inside = False
            for event in span["events"]:
                if "introduced" in event and version >= Version(event["introduced"]):
                    inside = True
                if ("fixed" in event and version >= Version(event["fixed"])) or (
                    "last_affected" in event and version > Version(event["last_affected"])
                ):
                    inside = False
            if inside:
                return True
    return False


def weaknesses(records: Sequence[Mapping[str, Any]], locked: Sequence[Pin]) -> Iterator[Weakness]:
    """Which pins fall under which advisories."""
    for pin in locked:
        for record in records:
            if affected(record, pin.name, pin.version):
                yield Weakness(pin.name, pin.version, record["id"], record["summary"])


@dataclass(frozen=True, slots=True)
class Kept:
    """The kept list: its date, its records, and the packages for which its makers looked and found none."""

    day: date
    records: Sequence[Mapping[str, Any]]
    looked_for: frozenset[str]

    @property
    def known(self) -> frozenset[str]:
        """The packages of which the list can say something."""
        told = (one["package"]["name"] for record in self.records for one in record["affected"])
        return self.looked_for.union(map(canonicalize_name, told))


def read_list(file: Path) -> Kept:
    """The kept list; raises :class:`ValueError` where it is none."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        records = kept["advisories"]
        for record in records:
            affected(record, "", Version("0"))
            record["id"], record["summary"]
        looked_for = frozenset(map(canonicalize_name, kept["looked_for"]))
        return Kept(date.fromisoformat(kept["date"]), records, looked_for)
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise ValueError(f"{file.name} is no list of advisories: {error!r}") from error


def by_pip_audit(file: Path) -> tuple[list[str], list[str]] | None:
    """What pip-audit knows of the pins, and which packages it left out; None where it gave no answer."""
    if find_spec("pip_audit") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "pip_audit", "--requirement", str(file), "--no-deps", "--disable-pip",
                   "--format", "json", "--progress-spinner", "off", "--output", str(answer)]  # fmt: skip
        subprocess.run(command, check=False, capture_output=True, timeout=300)
        try:
            told = json.loads(answer.read_text("utf-8"))["dependencies"]
        except (OSError, ValueError, LookupError):
            return None
    known = [f"{one['name']} {one['version']}: {v['id']}" for one in told for v in one.get("vulns", ())]
    return known, [one["name"] for one in told if "skip_reason" in one]


def main(arguments: Sequence[str], today: date, kept: Path = ADVISORIES) -> int:
    """Tell what is known; the exit code."""
    file = Path(arguments[0]) if arguments else RUNTIME
    locked = list(pins(file))
    names = {pin.name for pin in locked}
    sure: set[str] = set()
    found: list[str] = []
    try:
        listed = read_list(kept)
    except ValueError as error:
        print(error)
    else:
        found = [
            f"{w.name} {w.version}: {w.advisory}, {w.summary}" for w in weaknesses(listed.records, locked)
        ]
        print(
            f"kept list of {listed.day}: {len(listed.records)} advisories; it can say something of "
            f"{len(names & listed.known)} of {len(names)} packages"
        )
        if (today - listed.day).days > OLD:
            print(f"It is older than {OLD} days: it does not count.")
        else:
            sure |= names & listed.known
    asked = by_pip_audit(file)
    if asked is None:
        print("pip-audit: not installed, or it had no answer")
    else:
        found += asked[0]
        sure |= names - set(map(canonicalize_name, asked[1]))
        print(f"pip-audit: {len(names) - len(asked[1])} of {len(names)} packages looked up")
    for line in sorted(set(found)):
        print(f"KNOWN: {line}")
    if found:
        return 1
    others = sorted(names - sure)
    print(
        f"Nothing is known of {len(sure)} packages"
        + (f"; of {len(others)} it could not be said: {', '.join(others)}." if others else ".")
    )
    return 0 if sure else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC).date()))
