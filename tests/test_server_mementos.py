"""Earlier states of files by their time: Memento (RFC 7089)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from server_fixture import Served, served
from workspaces import copied, edited

import transfergraph as tg

DUMP = "data/graph.nt.gz"


@pytest.fixture(scope="module")
def releases(
    second_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, Path, list[str]]]:
    """A server of three releases, the last of a later day, with their ids."""
    root, output = copied(second_release, tmp_path_factory.mktemp("mementos"))
    (root / "data" / "source" / "places.csv").write_text(edited("places", "51.05", "51.07"), "utf-8")
    settings = (root / "transfergraph.toml").read_text("utf-8")
    settings = re.sub(r"^issued = .*$", "issued = 2026-12-24", settings, flags=re.MULTILINE)
    (root / "transfergraph.toml").write_text(settings, "utf-8")
    last = tg.build(root, output).manifest
    assert last is not None and last.previous is not None
    middle = tg.open(output / "releases" / last.previous).manifest
    assert middle.previous is not None
    with served(output, root) as running:
        yield running, output, [middle.previous, middle.id, last.id]


def mementos(field: str) -> list[tuple[str, str, datetime]]:
    """Relation, target and time of each memento among links."""
    found = re.findall(r'<([^>]*)>; rel="([a-z ]*memento)"; datetime="([^"]*)"', field)
    return [(relation, target, parsedate_to_datetime(time)) for target, relation, time in found]


def test_the_map_lists_the_states_in_their_order(releases: tuple[Served, Path, list[str]]) -> None:
    server, output, ids = releases
    answer = server.get(f"timemap/{DUMP}")
    assert answer.status == 200 and answer.media_type == "application/link-format"
    listed = mementos(answer.text)
    assert [target for _, target, _ in listed] == [f"{server.url}releases/{one}/{DUMP}" for one in ids]
    assert [relation for relation, _, _ in listed] == ["first memento", "memento", "last memento"]
    times = [time for _, _, time in listed]
    assert (times[1] - times[0]).total_seconds() == 1  # of one day, one after the other
    assert times[2] == datetime(2026, 12, 24, tzinfo=UTC)
    assert f'<{server.url}{DUMP}>; rel="original"' in answer.text
    assert f'<{server.url}timegate/{DUMP}>; rel="timegate"' in answer.text
    assert answer.text.count('rel="self"') == 1 and 'from="' in answer.text
    for (_, target, time), one in zip(listed, ids, strict=True):
        state = server.get(target.removeprefix(server.url))
        assert parsedate_to_datetime(state.field("memento-datetime")) == time
        assert state.body == (output / "releases" / one / DUMP).read_bytes()
        assert f'<{server.url}{DUMP}>; rel="original"' in state.field("link")
        assert "immutable" in state.field("cache-control")


@pytest.mark.parametrize(
    ("wanted", "which"),
    [
        (None, 2),
        ("Thu, 24 Dec 2026 12:00:00 GMT", 2),
        ("Thu, 24 Dec 2026 00:00:00 GMT", 2),
        ("Wed, 23 Dec 2026 23:59:59 GMT", 1),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 2),
    ],
)
def test_the_gate_leads_to_the_state_of_a_time(
    releases: tuple[Served, Path, list[str]], wanted: str | None, which: int
) -> None:
    server, _, ids = releases
    fields = {"Accept-Datetime": wanted} if wanted else {}
    for original in (DUMP, f"{server.url}{DUMP}"):
        answer = server.ask(f"/timegate/{original}", headers=fields)
        assert answer.status == 302 and answer.body == b""
        assert answer.field("location") == f"{server.url}releases/{ids[which]}/{DUMP}"
        assert "accept-datetime" in answer.field("vary").lower()
        link = answer.field("link")
        assert f'<{server.url}{DUMP}>; rel="original"' in link and 'rel="timemap"' in link
        named = [relation for relation, _, _ in mementos(link)]
        assert named[0] == "first memento" and named[-1] == "last memento"


def test_a_file_names_its_gate_and_its_map(releases: tuple[Served, Path, list[str]]) -> None:
    server, _, _ = releases
    for path in (DUMP, "catalog.ttl", "manifest.json", "network.html"):
        field = server.ask(f"/{path}", "HEAD").field("link")
        assert f'<{server.url}timegate/{path}>; rel="timegate"' in field
        assert f'<{server.url}timemap/{path}>; rel="timemap"; type="application/link-format"' in field
        assert server.get(path).headers["memento-datetime"] is None
        assert server.ask(f"/timegate/{path}", "HEAD").status == 302


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-12-24", "Thu, 31 Foo 2026 00:00:00 GMT", "\x01", "9" * 400]
)
def test_what_is_no_time_is_refused(releases: tuple[Served, Path, list[str]], time: str) -> None:
    server, _, _ = releases
    answer = server.ask(f"/timegate/{DUMP}", headers={"Accept-Datetime": time})
    assert answer.status == 400, answer.text


@pytest.mark.parametrize(
    "path",
    ["organisation/m%C3%BCller-ag", "no/such.file", "../../etc/passwd", "https://example.org/x", "", "%00"],
)
def test_what_no_release_keeps_has_no_states(releases: tuple[Served, Path, list[str]], path: str) -> None:
    server, _, _ = releases
    for route in ("timegate", "timemap"):
        answer = server.ask(f"/{route}/{path}")
        assert answer.status == 404 and answer.json["type"].endswith("#not-found"), answer.text
    assert server.ask(f"/timemap/{DUMP}", "POST", b"x").status == 405


def test_a_damaged_release_is_left_out(
    releases: tuple[Served, Path, list[str]],
) -> None:
    server, output, ids = releases
    manifest = output / "releases" / ids[0] / "manifest.json"
    kept = manifest.read_bytes()
    manifest.write_bytes(b"{")
    try:
        assert len(mementos(server.get(f"timemap/{DUMP}").text)) == 2
        assert server.get(f"releases/{ids[0]}/{DUMP}").status == 404
    finally:
        manifest.write_bytes(kept)
    assert len(mementos(server.get(f"timemap/{DUMP}").text)) == 3
