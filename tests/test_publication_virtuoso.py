"""Loading releases into Virtuoso 7: Digest, queries as forms, geometries of its own; and asking it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import virtuoso
from real_servers import NotAtHand
from workspaces import copied, edited

import transfergraph as tg
from transfergraph.errors import StoreError
from transfergraph.publish.push.endpoint import PASSWORD, USER

DIFFERENT = {
    "organisations-in-a-region": "regions by steps, of which it counts some twice",
    "organisations-on-the-map": "it writes geometries in its own way",
    "universities-and-undertakings": "it writes truth values as numbers",
    "timeline-of": "its compiler fails (SQ156)",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if "STORES" not in os.environ:
        pytest.skip("only where STORES is set, as make nightly does: it takes a minute")
    try:
        with virtuoso.running(tmp_path_factory.mktemp("virtuoso")) as address:
            yield address
    except NotAtHand as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, virtuoso.USER)
    monkeypatch.setenv(PASSWORD, virtuoso.PASSWORD)


def test_a_release_reaches_virtuoso_and_the_next_takes_its_place(
    server: str, first_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, output = copied(first_release, tmp_path)
    url = f"{server}/sparql-graph-crud-auth"
    first = tg.push(output, url)
    assert first.manner == "whole" and first.sampled > 100
    assert sum(first.graphs.values()) > 1000
    assert tg.push(output, url).manner == "nothing"
    there, here = tg.open(output, f"{server}/sparql"), tg.open(output)
    names = {file.stem for file in (here.path / "queries" / "questions").glob("*.rq")}
    assert len(names) > 30 and names > DIFFERENT.keys()
    for name in sorted(names - DIFFERENT.keys()):
        assert there.question(name) == here.question(name), name
    file = root / "data" / "source" / "projects.csv"
    file.write_text(edited("projects", "Pilotvorhaben", "Pilotprojekt"), "utf-8")
    tg.build(root, output)
    second = tg.push(output, url)
    assert second.manner == "whole" and second.release != first.release
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(StoreError, match="refuses the credentials"):
        tg.push(output, url, whole=True)
