"""A new release is taken up while the server runs; what has gone says so; what is broken is refused."""

from __future__ import annotations

import json
import re
import shutil
import threading
import time
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
import rdflib
from server_fixture import BASE, Served, children, release_of, served, small_limits
from workspaces import TABLES, copied, core_text, declare, edited, make_workspace

import transfergraph as tg

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
MANY = "SELECT ?a ?b ?c ?d ?e ?f { ?a ?b ?c . ?d ?e ?f } LIMIT 12000"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
MUELLER = "organisation/m%C3%BCller-ag"
LIMITS = "\n[server]\ntime_seconds = 5\nqueue = 32\n"


def workspace(folder: Path, **changed: str | bytes | None) -> Path:
    made = make_workspace(folder, **changed)
    with (made / "transfergraph.toml").open("a", encoding="utf-8") as file:
        file.write(LIMITS)
    return made


def without(table: str, key: str) -> str:
    """The small valid table without the rows that mention the key."""
    return "".join(line for line in TABLES[table].splitlines(True) if key not in line)


def build(folder: Path, output: Path) -> str:
    outcome = tg.build(folder, output, accept_violations=True, accept_loss=True)
    assert outcome.manifest is not None, [str(one) for one in outcome.report.findings]
    return outcome.manifest.id


@pytest.fixture(scope="module")
def limited_release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace that is built, and the folder of its builds: never changed, only copied."""
    folder = tmp_path_factory.mktemp("limited")
    build(workspace(folder / "ws"), folder / "build")
    return folder / "ws", folder / "build"


@pytest.fixture
def builds(limited_release: tuple[Path, Path], tmp_path: Path) -> tuple[Path, Path]:
    """The same, to be changed."""
    return copied(limited_release, tmp_path)


def wait_for_release(server: Served, identifier: str) -> None:
    ends = time.monotonic() + 60
    while server.get("health").json["release"] != identifier:
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_new_release_is_taken_up_without_a_failed_request(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, output = builds
    failures: list[object] = []
    releases: set[str] = set()
    stop = threading.Event()
    with served(output, folder) as server:
        first = server.get("health").json["release"]
        etag = server.get(f"{MUELLER}.ttl").field("etag")

        def ask() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                address = "sparql?" + urlencode({"query": f"{COUNT} # {number} {threading.get_ident()}"})
                for path in (address, f"{MUELLER}.ttl", "manifest.json", "questions/alliances"):
                    answer = server.get(path)
                    if answer.status != 200:
                        failures.append((path, answer.status, answer.body[:200]))
                    elif path == "manifest.json":
                        releases.add(answer.json["id"])

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        time.sleep(0.5)
        new = build(workspace(tmp_path / "second", places=edited("places", "51.05", "51.06")), output)
        wait_for_release(server, new)
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        assert failures == [] and releases == {first, new}
        assert server.get(f"{MUELLER}.ttl", If_None_Match=etag).status == 200
        # the workers of the old release have gone
        ends = time.monotonic() + 60
        while len(server.processes()) != 4:
            assert time.monotonic() < ends
            time.sleep(0.1)
        assert server.get(f"releases/{first}/data/graph.nq.gz").status == 200


def test_a_running_query_ends_on_the_release_on_which_it_began(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, output = builds
    slow = f"""SELECT ?lat (COUNT(*) AS ?n) {{
      <{BASE}place/dresden> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat .
      ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(SHA512(CONCAT(STR(?a), STR(?d), STR(?c)))) > 0) }} GROUP BY ?lat"""
    found: list[object] = []
    with served(output, folder) as server:

        def ask() -> None:
            answer = server.sparql(slow)
            found.append(
                answer.json["results"]["bindings"][0]["lat"]["value"] if answer.status == 200 else answer.json
            )

        thread = threading.Thread(target=ask)
        thread.start()
        server.wait_for('transfergraph_workers{state="heavy"}', 1)
        new = build(workspace(tmp_path / "second", places=edited("places", "51.05", "51.06")), output)
        wait_for_release(server, new)
        latitude = (
            f"SELECT ?lat {{ <{BASE}place/dresden> <http://www.w3.org/2003/01/geo/wgs84_pos#lat> ?lat }}"
        )
        assert server.rows(latitude) == [{"lat": "51.06"}]
        thread.join(30)
    # ended by its time or with an answer, but never from the new release
    assert len(found) == 1
    assert found[0] == "51.05" or (isinstance(found[0], dict) and found[0]["status"] == 422)


def test_what_has_gone_says_so(builds: tuple[Path, Path], tmp_path: Path) -> None:
    folder, output = builds
    with served(output, folder) as server:
        assert server.get(MUELLER).status == 303
        first = server.get("health").json["release"]
        gone = {table: without(table, "müller-ag") for table in ("organisations", "participations")}
        wait_for_release(server, build(workspace(tmp_path / "second", **gone), output))
        for path, accept in (
            (MUELLER, "application/json"),
            (f"{MUELLER}.ttl", "text/turtle"),
            (f"{MUELLER}.html", None),
        ):
            answer = server.get(path, accept)
            assert answer.status == 410, path
        problem = server.get(MUELLER, "application/json").json
        assert problem["last_release"] == first and "Müller AG" in problem["detail"]
        page = server.get(MUELLER, "text/html", Accept_Language="en")
        assert page.status == 410 and page.media_type == "text/html" and "Müller AG" in page.text
        assert server.get("organisation/never").status == 404
        # it stays gone in the release after, and can come back
        third = workspace(tmp_path / "third", places=edited("places", "51.05", "51.07"), **gone)
        wait_for_release(server, build(third, output))
        assert server.get(MUELLER).status == 410
        wait_for_release(server, build(folder, output))
        assert server.get(MUELLER).status == 303


def test_what_a_curator_merged_leads_to_its_successor(builds: tuple[Path, Path], tmp_path: Path) -> None:
    folder, output = builds
    with served(output, folder) as server:
        first = server.get("health").json["release"]
        changed = {
            "organisations": without("organisations", "müller-ag"),
            "participations": without("participations", "müller-ag"),
            "former_organisations": "id,replaced_by\nmüller-ag,htw-dresden\n",
        }
        wait_for_release(server, build(workspace(tmp_path / "second", **changed), output))
        answer = server.get(MUELLER, "application/json")
        assert answer.status == 410 and answer.json["successor"] == f"{BASE}organisation/htw-dresden"
        assert answer.json["last_release"] == first and "Müller AG" in answer.json["detail"]
        page = server.get(f"{MUELLER}.de.html")
        assert page.status == 410 and "Müller" in page.text and "HTW Dresden" in page.text
        # the feeds are served as what they are; pages of a stream never change
        feed = server.get("feed.ttl")
        assert feed.media_type == "text/turtle" and feed.status == 200
        pages = server.get(f"feed/{first}-1.trig")
        assert pages.media_type == "application/trig" and "immutable" in pages.field("cache-control")
        assert "immutable" not in feed.field("cache-control")
        assert server.get("feed.atom").media_type == "application/atom+xml"


def test_a_broken_release_is_refused_and_the_old_one_stays(builds: tuple[Path, Path], tmp_path: Path) -> None:
    folder, output = builds
    with served(output, folder) as server:
        first = server.get("health").json["release"]
        new = build(
            workspace(tmp_path / "second", places=edited("places", "51.05", "51.06")), tmp_path / "other"
        )
        broken = output / "releases" / new
        shutil.copytree(tmp_path / "other" / "releases" / new, broken)
        shutil.rmtree(broken / "store")
        (broken / "data" / "graph.nq.gz").write_bytes(b"no gzip")
        link = output / ".next"
        link.symlink_to(Path("releases") / new)
        link.replace(output / "current")
        ends = time.monotonic() + 60
        while not any(line["event"] == "release-refused" for line in server.log):
            assert time.monotonic() < ends
            time.sleep(0.1)
        health = server.get("health")
        assert health.status == 200 and health.json["release"] == first
        assert int(server.rows(COUNT)[0]["n"]) > 100
        refused = [line for line in server.log if line["event"] == "release-refused"]
        assert len(refused) == 1 and refused[0]["release"] == new and "graph.nq.gz" in refused[0]["reason"]
        time.sleep(4.5)  # it is tried again and again, and leaves no process behind
        assert len(children(server.process.pid)) <= 2, "more than who serves and who tries"
        # and when it is mended it is taken up
        shutil.rmtree(broken)
        shutil.copytree(tmp_path / "other" / "releases" / new, broken)
        wait_for_release(server, new)


def test_a_release_answers_alike_whatever_the_settings_say_by_now(
    builds: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, output = builds
    later = workspace(tmp_path / "later")
    settings = later / "transfergraph.toml"
    text = settings.read_text(encoding="utf-8")
    for word in ("Innovationslandschaft", "Innovation landscape", "Bündnisse", "Alliances"):
        assert word in text
        text = text.replace(word, "Later")
    text = re.sub(r"^result_rows = .*$", "result_rows = 1", text, flags=re.MULTILINE)
    text = re.sub(r"^time_seconds = .*$", "time_seconds = 1\nresult_megabytes = 1", text, flags=re.MULTILINE)
    assert "result_rows = 1\n" in text and "time_seconds = 1\nresult_megabytes = 1\n" in text
    settings.write_text(text, encoding="utf-8")
    paths = (
        "index.de.html",
        f"{MUELLER}.en.html",
        "questions/openapi.json",
        "schema.md",
        "sparql?format=ttl",
        f"sparql?query={quote(MANY)}&format=csv",
        "questions/organisations-by-kind.csv",
    )
    answers = []
    for one in (folder, later):
        with served(output, one) as server:
            given = [server.get(path) for path in paths]
            answers.append(
                [(a.text.replace(server.url, "URL"), a.headers["transfergraph-limits"]) for a in given]
            )
    assert answers[0] == answers[1] and "Innovationslandschaft" in answers[0][0][0]
    assert answers[0][4][1].endswith("seconds=5, megabytes=64") and len(answers[0][5][0]) > 1 << 21


def test_keys_with_umlauts_slashes_and_percent_signs(tmp_path: Path) -> None:
    keys = ("a%2Fb", "a/b", "grün", "100%", "x.ttl", "y.en.html", "z.html", "ü" * 60)
    rows = TABLES["organisations"] + "".join(
        f'"{key}",company,Name {n},Name {n},,dresden,,,page\n' for n, key in enumerate(keys)
    )
    partners = TABLES["participations"] + "".join(f'pilot,"{key}",partner,,,,,,page\n' for key in keys)
    folder = workspace(tmp_path / "keys", organisations=rows, participations=partners)
    output = tmp_path / "build"
    outcome = tg.build(folder, output, accept_violations=True)
    if outcome.manifest is None:
        pytest.fail("\n".join(str(one.message.english) for one in outcome.report.findings[:5]))
    with served(output, folder) as server:
        query = "SELECT ?s ?name { ?s a <https://w3id.org/transfergraph/ontology#Organisation> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?name FILTER(LANG(?name) = 'de' && STRSTARTS(?name, 'Name')) }"
        found = {row["name"]: row["s"] for row in server.rows(query)}
        assert len(found) == len(keys)
        for name, iri in found.items():
            path = iri.removeprefix(BASE)
            answer = server.get(path, "text/turtle")
            assert answer.status == 303, (name, path)
            location = answer.field("location").removeprefix(server.url)
            document = server.get(location)
            assert document.status == 200 and f"<{iri}>" in document.text, path
            page = server.get(server.get(path, "text/html").field("location").removeprefix(server.url))
            assert page.status == 200 and name in page.text


def test_the_log_of_a_start_names_the_release(builds: tuple[Path, Path]) -> None:
    folder, output = builds
    with served(output, folder) as server:
        events = [line["event"] for line in server.log[:2]]
        assert events == ["release", "listening"]
        manifest = json.loads((output / "current" / "manifest.json").read_text(encoding="utf-8"))
        assert server.log[0]["release"] == manifest["id"]


def test_what_was_replaced_leads_to_its_successor(tmp_path: Path) -> None:
    old, new = f"{BASE}organisation/old", f"{BASE}organisation/new"
    quads = (
        f"<{old}> <http://purl.org/dc/terms/isReplacedBy> <{new}> <{BASE}graph/x> .\n"
        f'<{new}> <http://www.w3.org/2004/02/skos/core#prefLabel> "Neu"@de <{BASE}graph/x> .\n'
        f"<{new}> <{TYPE}> <https://w3id.org/transfergraph/ontology#Organisation> <{BASE}graph/x> .\n"
    )
    release_of(quads.encode(), tmp_path / "build")
    with served(tmp_path / "build", small_limits(tmp_path / "workspace")) as server:
        assert server.get("organisation/new").status == 303
        answer = server.get("organisation/old", "application/json")
        assert answer.status == 410 and answer.json["successor"] == new
        assert f'<{server.url}organisation/new>; rel="successor-version"' in answer.field("link")
        page = server.get("organisation/old.de.html")
        assert page.status == 410 and "/organisation/new" in page.text and "Neu" in page.text
        for language in ("de", "en"):
            told = server.get(f"organisation/old.{language}.html")
            assert told.status == 410 and told.field("content-language") == language
            assert f'<html lang="{language}">' in told.text
        for ending, form in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml")):
            document = server.get(f"organisation/old.{ending}")
            assert document.status == 410
            graph = rdflib.Graph().parse(data=document.text, format=form)
            assert (rdflib.URIRef(old), rdflib.DCTERMS.isReplacedBy, rdflib.URIRef(new)) in graph


def test_old_versions_of_the_ontology_stay(builds: tuple[Path, Path], tmp_path: Path) -> None:
    folder, output = builds
    with served(output, folder) as server:
        first = server.get("ontology.ttl").body
        second = workspace(tmp_path / "second")
        text = core_text("ontology/transfergraph.ttl")
        assert text.count("0.1.0") >= 2
        declare(second, "ontology/transfergraph.ttl", text.replace("0.1.0", "0.2.0"))
        wait_for_release(server, build(second, output))
        assert b'"0.2.0"' in server.get("ontology.ttl").body
        assert server.get("ontology/0.2.0.ttl").body == server.get("ontology.ttl").body
        assert server.get("ontology/0.1.0.ttl").body == first
        old = server.get("ontology/0.1.0", "text/html")
        assert old.status == 303 and old.field("location") == f"{server.url}ontology/0.1.0.html"
        page = server.get("ontology.en.html").text
        assert "/ontology/0.1.0" in page
        assert "0.1.0" in server.get("ontology/0.1.0.en.html").text
