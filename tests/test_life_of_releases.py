"""A workspace is edited, built, killed, damaged, repaired, served and published in any order: its release is whole.

``LIVES`` in the environment says how many such orders (2), ``STEPS`` how long each is (6).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from server_fixture import served
from test_kills import repeated
from workspaces import copied, edited

import transfergraph as tg

LIVES = int(os.environ.get("LIVES", "2"))
STEPS = int(os.environ.get("STEPS", "6"))
EVENTS = 1500
"""More than a build does to files."""
LATITUDE = """SELECT ?lat { ?place a <https://w3id.org/transfergraph/ontology#Place> ;
  <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat }"""


def latitude(release: tg.Release) -> str:
    """What the release says of the one place."""
    return release.sparql(LATITUDE).write("csv").split()[1]


class Life(RuleBasedStateMachine):
    """``stated`` is what the tables say, ``published`` what the current release says, if it is not damaged;
    ``damaged`` is what releases said that have been damaged, and may be so still."""

    folder: Path
    first: tuple[Path, Path]
    run_killed: Callable[[int], int | None]

    @initialize()
    def begin(self) -> None:
        for one in ("ws", "build", "site"):
            shutil.rmtree(self.folder / one, ignore_errors=True)
        self.root, self.output = copied(self.first, self.folder)
        self.stated = self.published = "51.05"
        self.is_damaged = False
        self.damaged: set[str] = set()

    @rule(value=st.sampled_from(["51.05", "51.06", "51.07", "51.08"]))
    def edit(self, value: str) -> None:
        (self.root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", value), "utf-8")
        self.stated = value

    @rule()
    def build(self) -> None:
        outcome = tg.build(self.root, self.output)
        assert outcome.manifest is not None
        codes = {finding.code for finding in outcome.report.findings if finding.code.startswith("release.")}
        assert self.is_damaged or self.stated in self.damaged or not codes, codes
        self.damaged.discard(self.stated)
        self.published, self.is_damaged = self.stated, False
        assert [one.name for one in (self.output / "releases").iterdir() if one.name[0] == "."] == []

    @rule(at=st.integers(1, EVENTS))
    def kill(self, at: int) -> None:
        before = tg.open(self.output).path.name
        self.run_killed(at)
        release = tg.open(self.output)
        if release.path.name != before or not self.is_damaged:
            assert release.verify() == []
            assert latitude(release) in (self.published, self.stated)
            self.published, self.is_damaged = latitude(release), False
        else:
            self.is_damaged = release.verify() != []  # a build that came to its end has built it anew

    @precondition(lambda self: not self.is_damaged)
    @rule(choice=st.integers(0, 1000), where=st.integers(0, 1_000_000))
    def damage(self, choice: int, where: int) -> None:
        release = tg.open(self.output)
        names = [entry.path for entry in release.manifest.files]
        names += [f"store/{file.name}" for file in sorted((release.path / "store").glob("*.sst"))]
        file = release.path / names[choice % len(names)]
        content = bytearray(file.read_bytes())
        if content:
            content[where % len(content)] ^= 1
            file.unlink()  # it may be the same file in another release
            file.write_bytes(content)
            self.is_damaged = True
            self.damaged.add(self.published)

    @precondition(lambda self: not self.is_damaged)
    @rule()
    def serve(self) -> None:
        with served(self.output, self.root) as server:
            assert server.rows(LATITUDE) == [{"lat": self.published}]

    @rule()
    def publish(self) -> None:
        site = self.folder / "site"
        before = (site / "manifest.json").read_bytes() if site.exists() else b""
        try:
            tg.site(tg.open(self.output).path, site, "https://example.org/", pages=False)
        except tg.ReleaseError:
            assert self.is_damaged
            assert (site / "manifest.json").read_bytes() == before if before else not site.exists()
        assert not [one.name for one in self.folder.iterdir() if one.name.startswith(".")]

    @invariant()
    def holds(self) -> None:
        release = tg.open(self.output)
        assert (release.verify() == []) is not self.is_damaged
        if not self.is_damaged:
            assert latitude(release) == self.published
        known = {"current", "releases", "report.json", "report.ttl", ".lock", ".damaged", ".current"}
        known |= {
            ".report.json.part",
            ".report.ttl.part",
        }  # of a build that was killed; the next report takes its place
        assert {one.name for one in self.output.iterdir()} <= known
        assert len([one for one in (self.output / "releases").iterdir() if one.name[0] == "."]) < 2


def test_whatever_comes_the_release_is_whole(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    call = f"tg.build(Path({str(tmp_path / 'ws')!r}), Path({str(tmp_path / 'build')!r}))"
    with repeated(call) as run:
        machine = type(
            "AnyLife", (Life,), {"folder": tmp_path, "first": first_release, "run_killed": staticmethod(run)}
        )
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=LIVES,
                stateful_step_count=STEPS,
                derandomize=LIVES < 10,
                database=None,
                phases=[Phase.generate],
            ),
        )


def test_a_damage_that_is_not_told_breaks_the_test(
    first_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine itself can fail: with a check that finds nothing it does."""
    life = type("OneLife", (Life,), {"folder": tmp_path, "first": first_release})()
    life.begin()
    life.holds()
    life.damage(0, 5)
    life.holds()
    monkeypatch.setattr(tg.Release, "verify", lambda self: [])
    with pytest.raises(AssertionError):
        life.holds()
