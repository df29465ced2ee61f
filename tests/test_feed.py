"""The feeds: whoever follows the stream has the graph; old pages stay; Atom is what RFC 4287 asks for."""

from __future__ import annotations

import gzip
import itertools
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
import rdflib
from test_changes import build, dump, merged, older, put
from workspaces import TABLES, copied, edited

import transfergraph as tg
from transfergraph.release.changes import ldes as feed
from transfergraph.release.changes.difference import subject_changes
from transfergraph.release.changes.ldes import (
    EventWriter,
    LdesStream,
    read_catalogue,
    read_pages,
    write_root,
)
from transfergraph.release.publication_time import publication_time
from transfergraph.release.sorted_ntriples import SortedGraph

AS = "https://www.w3.org/ns/activitystreams#"
TREE = "https://w3id.org/tree#"
LDES = "https://w3id.org/ldes#"
BASE = "https://w3id.org/transfergraph/saxony/"
HERE = "https://portal.example/data/"
ATOM = "{http://www.w3.org/2005/Atom}"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
DATE_TIME = "http://www.w3.org/2001/XMLSchema#dateTime"

Members = dict[str, dict[str, str]]


def value(quad: ox.Quad) -> str:
    assert isinstance(quad.object, ox.NamedNode | ox.Literal)
    return quad.object.value


def follow(release: Path, name: str = "feed") -> list[str]:
    """The pages, as a client finds them from the root, in the order of their times."""
    root = list(
        ox.parse(path=str(release / f"{name}.ttl"), format=ox.RdfFormat.TURTLE, base_iri=f"{HERE}{name}.ttl")
    )
    told: Members = {}
    for quad in root:
        told.setdefault(str(quad.subject)[1:-1], {})[quad.predicate.value] = value(quad)
    stream = told[f"{BASE}{name}"]
    assert stream[TYPE] == f"{LDES}EventStream" and stream[f"{TREE}view"] == f"{HERE}{name}.ttl"
    assert stream[f"{LDES}timestampPath"] == f"{AS}published"
    assert stream[f"{LDES}versionOfPath"] == f"{AS}object"
    named = {value(quad) for quad in root if quad.predicate.value == f"{TREE}relation"}
    relations = [one for iri, one in told.items() if f"{TREE}node" in one and iri in named]
    assert {one[f"{TREE}path"] for one in relations} == {f"{AS}published"}
    nodes = {one[f"{TREE}node"] for one in relations}
    bounds = {
        node: sorted((one[TYPE], one[f"{TREE}value"]) for one in relations if one[f"{TREE}node"] == node)
        for node in nodes
    }
    for kinds in bounds.values():
        assert [kind for kind, _ in kinds] == [
            f"{TREE}GreaterThanOrEqualToRelation",
            f"{TREE}LessThanOrEqualToRelation",
        ]
    return [node.removeprefix(HERE) for node in sorted(nodes, key=lambda node: (bounds[node][0][1], node))]


def replay(release: Path, name: str = "feed") -> dict[str, set[bytes]]:
    """What a client that keeps the latest version of each entity has in the end, as lines."""
    state: dict[str, set[bytes]] = {}
    seen: set[str] = set()
    for page in follow(release, name):
        address = HERE + page
        quads = list(ox.parse(path=str(release / page), format=ox.RdfFormat.TRIG, base_iri=address))
        members: Members = {}
        listed = []
        graphs: dict[str, set[bytes]] = {}
        for quad in quads:
            if isinstance(quad.graph_name, ox.DefaultGraph):
                if quad.predicate.value == f"{TREE}member":
                    assert str(quad.subject) == f"<{BASE}{name}>"
                    listed.append(value(quad))
                else:
                    members.setdefault(str(quad.subject)[1:-1], {})[quad.predicate.value] = value(quad)
            else:
                line = f"{quad.subject} {quad.predicate} {quad.object} .\n".encode()
                graphs.setdefault(str(quad.graph_name)[1:-1], set()).add(line)
        assert members.pop(address) == {TYPE: f"{TREE}Node", f"{LDES}immutable": "true"}
        assert set(listed) == set(members) and graphs.keys() <= members.keys()
        assert not seen & set(listed), "a member has one place for ever"
        seen |= set(listed)
        for member in listed:
            activity = members[member]
            # the activity shape of DCAT-AP Feeds is closed
            assert activity.keys() == {TYPE, f"{AS}object", f"{AS}published"}
            entity = activity[f"{AS}object"]
            if activity[TYPE] == f"{AS}Delete":
                assert member not in graphs
                del state[entity]
            else:
                assert (activity[TYPE] == f"{AS}Update") == (entity in state)
                state[entity] = graphs[member]
    return state


def graph_of(state: dict[str, set[bytes]]) -> bytes:
    return b"".join(sorted(set().union(*state.values())))


def files_of(release: Path, *names: str) -> dict[str, bytes]:
    return {
        file.relative_to(release).as_posix(): file.read_bytes()
        for name in names
        for file in (release / name).iterdir()
    }


@pytest.fixture(scope="module")
def releases(first_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Four releases in a row: something new and changed, something merged, and everything back."""
    folder = tmp_path_factory.mktemp("feed")
    root, output = copied(first_release, folder)
    found = [tg.open(output).path]
    put(root, projects=edited("projects", "2021", "2022"), statements=None)
    found.append(build(root, output))
    put(root, **merged())
    found.append(build(root, output))
    back = {table: TABLES[table] for table in ("organisations", "participations", "statements")}
    put(root, **back, former_organisations=None, places=edited("places", "51.05", "51.06"))
    found.append(build(root, output))
    return found


def test_whoever_follows_the_stream_has_the_graph_byte_for_byte(releases: list[Path]) -> None:
    for release in releases:
        assert graph_of(replay(release)) == dump(release)


def test_whoever_follows_the_stream_of_the_catalogue_has_its_entities(releases: list[Path]) -> None:
    for release in releases:
        state, catalogue = replay(release, "catalog-feed"), read_catalogue(release)
        assert {iri: b"".join(sorted(lines)) for iri, lines in state.items()} == {
            iri: b"".join(catalogue.described(iri)) for iri in catalogue.entities
        }
        kinds = {
            f"{BASE}catalogue",
            f"{BASE}dataset/graph",
            f"{BASE}dataset/tables",
            f"{BASE}agent/publisher",
        }
        assert kinds <= state.keys()


def test_pages_stay_as_they_were_and_only_new_ones_come(releases: list[Path]) -> None:
    for before, after in itertools.pairwise(releases):
        old, new = (files_of(release, "feed", "catalog-feed") for release in (before, after))
        assert old.items() < new.items()
        assert all(after.name in path for path in new.keys() - old.keys())
        assert follow(after)[: len(follow(before))] == follow(before)
        assert tg.open(after).verify() == []
    # they are the same files on disk
    (page, *_) = follow(releases[0])
    assert (releases[0] / page).samefile(releases[-1] / page)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
def test_a_page_is_trig_to_another_parser_too(releases: list[Path]) -> None:
    (page, *_) = follow(releases[2])[::-1]
    dataset = rdflib.Dataset().parse(
        data=(releases[2] / page).read_text(encoding="utf-8"), format="trig", publicID=HERE + page
    )
    old = rdflib.URIRef(f"{BASE}organisation/m%C3%BCller-ag")
    (activity,) = dataset.subjects(rdflib.URIRef(f"{AS}object"), old)
    assert isinstance(activity, rdflib.URIRef)
    assert (activity, rdflib.RDF.type, rdflib.URIRef(f"{AS}Update")) in dataset
    told = list(dataset.graph(activity))
    assert told == [(old, rdflib.DCTERMS.isReplacedBy, rdflib.URIRef(f"{BASE}organisation/meier-ag"))]
    published = dataset.value(activity, rdflib.URIRef(f"{AS}published"))
    assert isinstance(published, rdflib.Literal) and str(published.datatype) == DATE_TIME


def test_many_members_are_cut_into_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed, "_MEMBERS", 7)
    lines = b"".join(f"<{BASE}x/{n:03}> <http://p> <http://o> .\n".encode() for n in range(30))
    (tmp_path / "graph.nt").write_bytes(lines)
    stream = LdesStream(f"{BASE}feed", "feed", {"de": "Änderungen", "en": "Changes"})
    events = EventWriter(tmp_path, stream, "1.0-abc", "2026-11-24T00:00:00Z")
    for change in subject_changes((), SortedGraph(tmp_path / "graph.nt")):
        events.add(change)
    pages = events.finish()
    write_root(tmp_path, stream, pages)
    assert [page.path for page in pages] == [f"feed/1.0-abc-{n}.trig" for n in (1, 2, 3, 4, 5)]
    assert read_pages(tmp_path, stream) == pages
    assert graph_of(replay(tmp_path)) == lines


def test_times_only_rise() -> None:
    day = date(2026, 11, 24)
    assert publication_time(day, None) == "2026-11-24T00:00:00Z"
    assert publication_time(day, "2026-11-24T00:00:00Z") == "2026-11-24T00:00:01Z"
    assert publication_time(day, "2027-01-01T00:00:59Z") == "2027-01-01T00:01:00Z"
    assert publication_time(day, "2025-01-01T00:00:00Z") == "2026-11-24T00:00:00Z"


def test_the_atom_feed_has_an_entry_for_each_release(releases: list[Path]) -> None:
    content = (releases[-1] / "feed.atom").read_text(encoding="utf-8")
    atom = ElementTree.fromstring(content)
    assert atom.tag == f"{ATOM}feed"
    assert atom.get("{http://www.w3.org/XML/1998/namespace}base") == BASE
    # RFC 4287, sections 4.1.1 and 4.1.2
    for element in (atom, *atom.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
    assert atom.find(f"{ATOM}author/{ATOM}name") is not None
    entries = atom.findall(f"{ATOM}entry")
    assert [entry.findtext(f"{ATOM}id") for entry in entries] == [
        f"{BASE}release/{r.name}" for r in releases[::-1]
    ]
    times = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert times == sorted(set(times), reverse=True) and times[0] == atom.findtext(f"{ATOM}updated")
    for entry, release in zip(entries, releases[::-1], strict=True):
        titles = {
            span.get("{http://www.w3.org/XML/1998/namespace}lang"): span.text
            for span in entry.iter()
            if span.tag.endswith("}span")
        }
        assert titles.keys() == {"de", "en"} and titles["de"] != titles["en"]
        links = [link.attrib for link in entry.findall(f"{ATOM}link")]
        alternates = [(link["type"], link["hreflang"]) for link in links if link["rel"] == "alternate"]
        assert len(set(alternates)) == len(alternates) == 2
        for link in links:
            assert (releases[-1] / link["href"]).is_file()
        note = (releases[-1] / "feed" / f"{release.name}.de.md").read_text(encoding="utf-8")
        assert str(titles["de"]).removeprefix(f"{release.name}: ") in note
    # what was written of a release stays, byte for byte
    before = (releases[-2] / "feed.atom").read_text(encoding="utf-8")
    assert content.endswith(before[before.index("<entry>") :])


def test_names_cannot_break_the_feeds(first_release: tuple[Path, Path], tmp_path: Path) -> None:
    root, output = copied(first_release, tmp_path)
    name = '"<b>&amp; ]]> } \'\'\' """" \\ \u202e"'
    put(
        root, organisations=edited("organisations", '"Müller ""Söhne"" AG"', name.replace('""""', '""""""""'))
    )
    outcome = tg.build(root, output, accept_violations=True)
    if outcome.manifest is None:  # markup is refused in cells: then without it
        put(
            root,
            organisations=edited("organisations", '"Müller ""Söhne"" AG"', '"& ]]> } \'\'\' """""" \\ x"'),
        )
        outcome = tg.build(root, output)
    assert outcome.release is not None and outcome.manifest is not None
    ElementTree.fromstring((outcome.release / "feed.atom").read_text(encoding="utf-8"))
    assert graph_of(replay(outcome.release)) == dump(outcome.release)


def test_a_stream_begins_with_everything_when_the_release_before_has_none(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    older(first)
    put(root, places=edited("places", "51.05", "51.06"))
    second = build(root, output)
    assert graph_of(replay(second)) == dump(second)
    assert all(second.name in page for page in follow(second))
    with gzip.open(second / "changes" / "added.nt.gz") as stream:
        assert 0 < len(stream.readlines()) < 5


def test_a_missing_page_of_the_release_before_is_reported_and_the_stream_begins_anew(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    (page, *_) = follow(first)
    (first / page).unlink()
    put(root, places=edited("places", "51.05", "51.06"))
    outcome = tg.build(root, output)
    assert outcome.release is not None and outcome.release != first
    assert "release.before-damaged" in {finding.code for finding in outcome.report.findings}
    assert graph_of(replay(outcome.release)) == dump(outcome.release)


def test_killed_while_the_feed_is_written_the_old_pages_are_whole(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, output = copied(first_release, tmp_path)
    first = tg.open(output).path
    before = files_of(first, "feed")
    put(root, places=edited("places", "51.05", "51.06"))
    program = (
        "import os, signal, sys; from pathlib import Path; import transfergraph as tg\n"
        "from transfergraph.release.changes import history_files\n"
        "history_files.write_root = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "tg.build(Path(sys.argv[1]), Path(sys.argv[2]))\n"
    )
    killed = subprocess.run([sys.executable, "-c", program, str(root), str(output)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert tg.open(output).path == first
    assert files_of(first, "feed") == before and tg.open(first).verify() == []
    second = build(root, output)
    assert before.items() < files_of(second, "feed").items()
    assert graph_of(replay(second)) == dump(second)
