"""The settings that a site is written with, in the servers that they are for: Debian's nginx and Apache."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from server_fixture import Answer
from web_servers import free_port, run_apache, run_nginx
from workspaces import TABLES, edited, make_workspace

import transfergraph as tg
from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.publish.static_site import SiteOutcome

_MODULES = ("mpm_event", "authz_core", "mime", "dir", "rewrite", "headers", "filter", "deflate", "alias")


@contextmanager
def nginx(folder: Path, made: SiteOutcome, port: int) -> Iterator[None]:
    """nginx with the settings of the site as they are, but for the port."""
    text = (made.folder / made.settings[0]).read_text("utf-8")
    assert text.count("listen 80;") == 1
    (folder / "site.conf").write_text(text.replace("listen 80;", f"listen 127.0.0.1:{port};"), "utf-8")
    with run_nginx(folder, f"include {folder / 'site.conf'};", port):
        yield


@contextmanager
def apache(folder: Path, made: SiteOutcome, port: int) -> Iterator[None]:
    """Apache with the ``.htaccess`` of the site, and with what Debian says of .gz files and languages."""
    (folder / "mime.types").write_text("text/html html htm\n", "utf-8")
    settings = (
        f"TypesConfig {folder / 'mime.types'}\n"
        "AddType application/x-gzip .gz .tgz\nAddEncoding x-gzip .gz .tgz\nAddLanguage de .de\nAddLanguage en .en\n"
        f"AllowEncodedSlashes On\nAlias /graph/ {made.folder}/\n"
        f"<Directory {made.folder}>\nAllowOverride FileInfo Indexes Options AuthConfig\nRequire all granted\n"
        "Options FollowSymLinks\n</Directory>\n"
    )
    with run_apache(folder, settings, port, _MODULES):
        yield


SERVERS: dict[str, Callable[[Path, SiteOutcome, int], AbstractContextManager[None]]] = {
    "nginx": nginx,
    "apache": apache,
}
Get = Callable[..., Answer]


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases; the second lacks an organisation of the first, which was merged, and one that was not."""
    folder = tmp_path_factory.mktemp("builds")
    more = "weg-ag,company,Weg AG,Gone Inc.,,,,,page\nlang/ag,company,Lang AG,Long Inc.,,,,,page\n"
    rows = TABLES["organisations"] + more
    root = make_workspace(folder / "ws", organisations=rows)
    first = tg.build(root, folder / "build", accept_violations=True)
    assert first.manifest is not None
    data = root / "data" / "source"
    renamed = edited("organisations", "müller-ag,company", "meier-ag,company")
    (data / "organisations.csv").write_text(renamed + more.splitlines(True)[1], "utf-8")
    (data / "participations.csv").write_text(
        TABLES["participations"].replace("müller-ag", "meier-ag"), "utf-8"
    )
    (data / "former_organisations.csv").write_text("id,replaced_by\nmüller-ag,meier-ag\n", "utf-8")
    second = tg.build(root, folder / "build", accept_violations=True, accept_loss=True)
    assert second.manifest is not None, [str(finding) for finding in second.report.findings]
    return folder / "build"


@pytest.fixture(scope="module", params=sorted(SERVERS))
def get(request: pytest.FixtureRequest, builds: Path) -> Iterator[Get]:
    """GET from a server that shows the site below /graph/."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="transfergraph-"))
    folder.chmod(0o777)  # Apache does not read as root
    try:
        made = tg.site(builds, folder / "site", f"http://127.0.0.1:{port}/graph")

        def ask(path: str, method: str = "GET", **headers: str) -> Answer:
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            try:
                fields = {name.replace("_", "-"): value for name, value in headers.items()}
                connection.request(method, path, headers=fields)
                with connection.getresponse() as response:
                    return Answer(response.status, response.headers, response.read())
            finally:
                connection.close()

        with SERVERS[str(request.param)](folder, made, port):
            yield ask
    finally:
        shutil.rmtree(folder)


@pytest.mark.share
@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("catalog.ttl", "text/turtle"),
        ("catalog.rdf", "application/rdf+xml"),
        ("catalog.jsonld", "application/ld+json"),
        ("void.ttl", "text/turtle"),
        (".well-known/void", "text/turtle"),
        (".well-known/sparql-examples", "text/turtle"),
        ("schema.md", "text/markdown"),
        ("questions/index.json", "application/json"),
        ("questions/index.ttl", "text/turtle"),
        ("manifest.json", "application/json"),
        ("data/ties.csv", "text/csv"),
        ("data/tables/source/csvw-metadata.json", "application/csvm+json"),
        ("data/graph.ttl.gz", "application/gzip"),
        ("data/graph.nt.gz", "application/gzip"),
        ("changes/added.nt.gz", "application/gzip"),
        ("changes/note.de.md", "text/markdown"),
        ("feed.atom", "application/atom+xml"),
        ("feed.ttl", "text/turtle"),
        ("queries/questions/partners-of.rq", "application/sparql-query"),
        ("undertaking/recomine.nt", "application/n-triples"),
        ("pages.css", "text/css"),
        ("network.html", "text/html"),
        ("sitemap.xml", "application/xml"),
        ("robots.txt", "text/plain"),
    ],
)
def test_every_file_has_its_media_type(get: Get, path: str, media_type: str) -> None:
    answer = get(f"/graph/{path}")
    assert (answer.status, answer.media_type) == (200, media_type)
    if media_type in ("text/turtle", "text/csv", "text/html"):
        assert answer.headers.get_content_charset() == "utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert get(f"/graph/{path}", "HEAD").status == 200


def test_a_question_leads_to_its_page(get: Get) -> None:
    for path, page in (("partners-of", "partners-of.html"), ("%70artners-of", "%70artners-of.html")):
        answer = get(f"/graph/questions/{path}")
        assert (answer.status, answer.headers["Location"].rpartition("/")[2]) == (303, page)
    assert get("/graph/questions/none").status == 404


def test_dumps_are_served_as_they_are(get: Get) -> None:
    for form in GRAPH_FORMATS:
        path = f"/graph/data/graph.{form.ending}.gz"
        whole = get(path, Accept_Encoding="gzip, deflate, br")
        assert "Content-Encoding" not in whole.headers
        assert int(whole.field("Content-Length")) == len(whole.body)
        assert gzip.decompress(whole.body)
        part = get(path, Range="bytes=10-19", Accept_Encoding="gzip")
        assert part.status == 206 and part.body == whole.body[10:20]
        assert part.field("Content-Range") == f"bytes 10-19/{len(whole.body)}"
        last = get(path, Range="bytes=-5")
        assert last.status == 206 and last.body == whole.body[-5:]
        assert get(path, Range=f"bytes={len(whole.body)}-").status == 416


def test_texts_are_compressed_on_the_way(get: Get) -> None:
    plain = get("/graph/catalog.rdf")
    packed = get("/graph/catalog.rdf", Accept_Encoding="gzip")
    assert packed.field("Content-Encoding") == "gzip" and "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in ", ".join(packed.headers.get_all("Vary") or [])


def test_one_request_tells_whether_anything_has_changed(get: Get) -> None:
    first = get("/graph/catalog.ttl")
    assert get("/graph/catalog.ttl", If_None_Match=first.field("ETag")).status == 304
    assert get("/graph/catalog.ttl", If_Modified_Since=first.field("Last-Modified")).status == 304
    assert get("/graph/catalog.ttl", If_None_Match='"other"').status == 200


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("text/turtle, text/html;q=0.5", "ttl"),
        ("application/ld+json, */*;q=0.1", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml;q=0.9, text/turtle;q=0.8", "rdf"),
        ("*/*;q=0.1, text/turtle", "ttl"),
        ("image/png", "html"),
    ],
)
def test_an_entity_leads_to_its_document(get: Get, accept: str, ending: str) -> None:
    answer = get("/graph/undertaking/recomine", Accept=accept)
    assert answer.status == 303
    assert answer.field("Location").endswith(f"/graph/undertaking/recomine.{ending}")
    assert "Accept" in ", ".join(answer.headers.get_all("Vary") or [])
    path = answer.field("Location").partition("/graph/")[2]
    assert get(f"/graph/{path}").status == 200


def test_keys_with_a_slash_or_an_umlaut_are_found(get: Get) -> None:
    answer = get("/graph/organisation/lang%2Fag", Accept="text/turtle")
    assert answer.status == 303 and answer.field("Location").endswith("/graph/organisation/lang%2Fag.ttl")
    there = get("/graph/organisation/lang%2Fag.ttl")
    assert there.status == 200 and b"lang%2Fag" in there.body


def test_pages_are_in_the_language_of_the_reader(get: Get) -> None:
    for path in ("/graph/undertaking/recomine.html", "/graph/", "/graph/organisations/"):
        german, english = get(path), get(path, Accept_Language="en-GB,en;q=0.9,de;q=0.5")
        assert b'<html lang="de">' in german.body and b'<html lang="en">' in english.body
        assert b'<html lang="de">' in get(path, Accept_Language="de-DE,de;q=0.9,en;q=0.8").body
        assert "Accept-Language" in ", ".join(english.headers.get_all("Vary") or [])
    explicit = get("/graph/undertaking/recomine.de.html", Accept_Language="en")
    assert b'<html lang="de">' in explicit.body


def test_what_has_gone_is_gone_and_says_what_replaced_it(get: Get) -> None:
    for path in ("organisation/weg-ag", "organisation/weg-ag.html", "organisation/m%C3%BCller-ag"):
        answer = get(f"/graph/{path}", Accept_Language="en")
        assert (answer.status, answer.media_type) == (410, "text/html"), path
        assert b'<html lang="en">' in answer.body
    turtle = get("/graph/organisation/m%C3%BCller-ag", Accept="text/turtle")
    assert (turtle.status, turtle.media_type) == (410, "text/turtle")
    assert b"isReplacedBy" in turtle.body and b"meier-ag" in turtle.body
    assert get("/graph/organisation/m%C3%BCller-ag.ttl").body == turtle.body


def test_nodes_of_the_catalogue_have_documents(get: Get) -> None:
    for path in ("catalogue", "dataset/graph", "graph/derived", "distribution/data/graph.nt.gz", "contact"):
        for accept, ending in (("application/rdf+xml", "rdf"), ("", "html")):
            answer = get(f"/graph/{path}", Accept=accept)
            assert (answer.status, answer.field("Location").partition("/graph/")[2]) == (
                303,
                f"{path}.{ending}",
            )
            assert get(f"/graph/{path}.{ending}").status == 200
    assert get("/graph/release/1").status == 404


def test_what_a_file_of_another_name_describes_leads_to_it(get: Get, builds: Path) -> None:
    page = next((builds / "current" / "feed").glob("*.trig")).stem
    for path, file in (
        ("report", "report.ttl"),
        ("feed", "feed.ttl"),
        (f"feed/{page}", f"feed/{page}.trig"),
        ("data/source/organisations.csv", "data/tables/source/organisations.csv"),
        ("shapes", "ontology/shapes.ttl"),
    ):
        answer = get(f"/graph/{path}")
        assert answer.status == 303, path
        assert answer.field("Location").partition("/graph/")[2] == file
        assert get(f"/graph/{file}").status == 200


def test_what_is_not_there_or_not_for_readers(get: Get) -> None:
    assert get("/graph/nothing").status == 404
    assert get("/graph/organisation/nothing.html").status == 404
    assert get("/elsewhere").status == 404
    for path in (".htaccess", ".transfergraph-site", "data/../.htaccess"):
        assert get(f"/graph/{path}").status in (403, 404), path
    answer = get("//evil.example/graph/undertaking/recomine")
    assert answer.status == 404 or not answer.field("Location").startswith("//evil")
    for host in ("127.0.0.1", "evil.example"):
        listed = get("/graph/organisations", Host=host)
        assert listed.status == 301 and listed.field("Location").endswith("/graph/organisations/")
        assert listed.field("Location").startswith("http://127.0.0.1:")


def test_pages_of_the_streams_may_be_kept_for_ever(get: Get, builds: Path) -> None:
    page = next((builds / "current" / "feed").glob("*.trig")).name
    answer = get(f"/graph/feed/{page}")
    assert (answer.status, answer.media_type) == (200, "application/trig")
    assert "immutable" in answer.field("Cache-Control")
    assert "immutable" not in get("/graph/feed.ttl").field("Cache-Control")


def test_a_site_at_the_root_of_a_host_works_too(builds: Path) -> None:
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="transfergraph-"))
    try:
        made = tg.site(builds, folder / "site", f"http://127.0.0.1:{port}/")
        with nginx(folder, made, port):
            connection = HTTPConnection("127.0.0.1", port, timeout=20)
            for path, status in (
                ("/", 200),
                ("/undertaking/recomine", 303),
                ("/.well-known/void", 200),
                ("/x", 404),
            ):
                connection.request("GET", path, headers={"Accept": "text/turtle"})
                with connection.getresponse() as response:
                    response.read()
                assert response.status == status, path
            connection.close()
    finally:
        shutil.rmtree(folder)
