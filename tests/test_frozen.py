"""The comparison with an old commit: it finds what differs, replaces what must, and takes no excuse for all."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from frozen.changes import Change, UnfitChange, read_changes, unlisted_and_unused, verdict
from frozen.collect import all_routes
from frozen.compare import FIELD, MISSING, ORDER, STATUS, Difference, compare, readable
from frozen.edits import upgrade
from frozen.exchanges import Answer
from frozen.parts import WHOLE, parts_of
from frozen.routes import shape, walk
from frozen.summary import by_kind, by_reason, kind_of
from frozen.texts import Masks, header_lines

OLD = Masks((("2026.11-aaaa", "<release-1>"),))
NEW = Masks((("2026.11-bbbb", "<release-1>"),))
REASON = "It is meant."


def sheet(value: str) -> bytes:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["id", value])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def packed(text: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a/table.csv", text)
    return stream.getvalue()


def exchange(*fields: tuple[str, str], status: int = 200) -> bytes:
    line = {"request": "GET /a", "status": status, "fields": fields, "body": "empty", "kind": "text/html"}
    return json.dumps(line).encode() + b"\n"


def differing(tmp_path: Path, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[tuple[str, str]]:
    for name, files in (("old", old), ("new", new)):
        for local, body in {"http/bodies/empty": b"", f"http/bodies/{name}": b"", **files}.items():
            (tmp_path / name / local).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / local).write_bytes(body)
    found = compare(tmp_path / "old", tmp_path / "new", OLD, NEW)
    return [(difference.place, difference.line) for difference in found]


@pytest.mark.parametrize(
    ("name", "old", "new", "lines"),
    [
        ("site/a.html", b"<p>One</p><p>Two</p>\n", b"<p>One</p><p>Three</p>\n", ["-⋯<p>Two", "+⋯<p>Three"]),
        ("site/a.html", b"<p>One</p>\n<p>Two</p>\n", b"<p>One</p><p>Two</p>\n", None),
        ("site/a.html", b'<a href="../b">', b'<a href="b">', ['-<a href="/b">', '+<a href="/graph/b">']),
        ("site/a.csv", b"id,name\na,b\n", b"id,name\na,c\n", ["-a: b", "+a: c"]),
        ("site/a.csv", b"id\r\n", b"id\n", ["-id\r", "+id"]),
        (
            "files/a.nt.gz",
            gzip.compress(b"<a> <b> <c> .\n"),
            gzip.compress(b"<a> <b> <d> .\n"),
            ["-<a> <b> <c> .", "+<a> <b> <d> ."],
        ),
        ("files/a.xlsx", sheet("x"), sheet("y"), ["-Sheet B1 'x' General", "+Sheet B1 'y' General"]),
        ("files/a.png", b"\x89PNG\0a", b"\x89PNG\0b", None),
    ],
)
def test_a_planted_difference_is_found(
    tmp_path: Path, name: str, old: bytes, new: bytes, lines: list[str] | None
) -> None:
    found = differing(tmp_path, {name: old}, {name: new})
    assert found and {place for place, _ in found} == {name}
    assert lines is None or [line for _, line in found] == lines


def test_a_planted_difference_in_an_archive_is_found_at_its_entry(tmp_path: Path) -> None:
    found = differing(tmp_path, {"files/a.zip": packed("a\n")}, {"files/a.zip": packed("b\n")})
    assert found == [("files/a.zip/a/table.csv", "-a"), ("files/a.zip/a/table.csv", "+b")]


SCRIPT = """// Look at mark.
function drawAll(marks, ends) {
  marks.forEach((mark) => draw(mark.size, "round", `at ${mark.one}`)); // each
  const spot = 1, ends = { way: spot };
  return ends.way;
}
"""


@pytest.mark.parametrize(
    ("before", "after", "lines"),
    [
        ("// Look at mark.", "/* Other\n words */", []),
        ("  marks.for", "marks.for", []),
        ("at $", "at\n  $", None),
        ("mark", "symbol", ["~marks → symbols"] * 2 + ["~mark → symbol"] * 3),
        ("spot", "place", ["~spot → place"] * 2),
        ("spot", "size", ["~spot → size (a name in use)"] * 2),
        ("way: spot", "path: spot", ["~way → path (not everywhere)"]),
        ("ends.way;", "ends.ways;", ["~way → ways (not everywhere)"]),
        ("round", "square", None),
        ("at ", "near ", None),
        ("spot = 1", "spot = 2", None),
        ("ends.way;", "ends[way];", None),
        ("function", "async function", None),
    ],
)
def test_names_in_a_script_are_told_apart_from_what_it_does(
    tmp_path: Path, before: str, after: str, lines: list[str] | None
) -> None:
    old, new = (
        f"<p>A</p><script>\n{text}</script>".encode() for text in (SCRIPT, SCRIPT.replace(before, after))
    )
    found = [line for _, line in differing(tmp_path, {"site/a.html": old}, {"site/a.html": new})]
    if lines is None:
        assert found and all(line[0] in "-+" for line in found)
    else:
        assert found == lines


def test_many_lines_are_compared_by_how_often_each_is_there(tmp_path: Path) -> None:
    lines = [f"{number % 700}" for number in range(1500)]
    more = [*lines[900:], "x", *lines[:899]]
    found = differing(tmp_path, {"site/a": "\n".join(lines).encode()}, {"site/a": "\n".join(more).encode()})
    assert found == [("site/a", f"-{lines[899]}"), ("site/a", "+x")]
    other = differing(
        tmp_path, {"site/a": "\n".join(lines).encode()}, {"site/a": "\n".join(lines[::-1]).encode()}
    )
    assert other == [("site/a", f"{sign}{ORDER}") for sign in "-+"]


def test_json_in_a_page_is_compared_by_its_members(tmp_path: Path) -> None:
    def page(data: object) -> dict[str, bytes]:
        return {"site/a.html": f'<script type="application/json" id="x">{json.dumps(data)}</script>'.encode()}

    old = page({"b": {"x": [1, 2]}, "a": [[1], {"c": "d"}], "e": {}})
    assert not differing(tmp_path, old, page({"e": {}, "a": [[1], {"c": "d"}], "b": {"x": [1, 2]}}))
    found = differing(tmp_path, old, page({"b": {"x": [2, 1]}, "a": [[1], {"c": "D"}]}))
    assert [line for _, line in found] == [
        '-a/1/c: "d"',
        '+a/1/c: "D"',
        "-b/x: [1, 2]",
        "+b/x: [2, 1]",
        f"-{MISSING[1]}",
    ]


PAGE = """<!doctype html>
<html><head><title>A</title><script src="a.js"></script>
<script type="application/ld+json">{"name": "A", "size": 5}</script></head>
<body><header class="top"><nav class="main wide"><a href="/">Home</a></nav></header>
<main><h1>A</h1><section class="told" aria-labelledby="partners"><h2 id="partners">Partners</h2></section>
<section class="letter" aria-labelledby="letter-7"><p>B</section><p>After</p></main>
<script>let a = 1; // one
</script></body></html>
"""


def test_a_page_has_parts_by_landmarks_sections_and_scripts() -> None:
    parts = parts_of("text/html; charset=utf-8", PAGE.encode(), OLD)
    names = (
        "links",
        "page",
        "head",
        "script#src",
        "script#ld+json",
        "script#ld+json name",
        "script#ld+json size",
    )
    landmarks = ("header.top", "nav.main", "main", "section#partners", "section#letter", "script")
    assert tuple(parts) == (*names, *landmarks)
    assert "".join(parts["section#partners"]).endswith("Partners⋯</h2>⋯</section>")
    assert parts["script#ld+json size"] == ["size: <size>"] and "ƒ let a = 1;" in parts["script"]
    assert "<h1>A" in "".join(parts["main"]) and "After" in "".join(parts["main"])
    assert "</html>" in "".join(parts["page"])


@pytest.mark.parametrize(
    ("planted", "part"),
    [
        ("Partners</h2>", "section#partners"),
        ("<p>B", "section#letter"),
        ("After", "main"),
        ("a.js", "script#src"),
        ("Home", "nav.main"),
        ("<title>A", "head"),
        ('"A"', "script#ld+json name"),
        ("a = 1", "script"),
    ],
)
def test_what_differs_in_a_page_is_told_in_its_part(tmp_path: Path, planted: str, part: str) -> None:
    for name, text in (("old", PAGE), ("new", PAGE.replace(planted, planted.swapcase()))):
        (tmp_path / name / "site").mkdir(parents=True)
        (tmp_path / name / "site" / "a.html").write_text(text)
    assert {one.part for one in compare(tmp_path / "old", tmp_path / "new", OLD, NEW)} == {part}


@pytest.mark.parametrize(
    ("kind", "body", "parts"),
    [
        ("a.csv", b'id,name\na,"b,c"\n', {"columns": ["id,name"], "column id": ["a"], "column name": ["a: b,c"]}),
        ("text/tab-separated-values", b'?a\n"x"@de\n', {"columns": ["?a"], "column ?a": ['"x"@de']}),
        ("a.csv", b'id\n"a\nb"\n', {"columns": ["id"], "column id": ["a\nb"]}),
        ("a.csv", b'id\n"a"b\n', {WHOLE: ["id", '"a"b', ""]}),
        ("a.json", b'{"files": [{"path": "p", "size": 7}]}', {"files/path": ['files/p/path: "p"'], "files/size": ["files/p/size: <size>"]}),
        ("a.nt.gz", gzip.compress(b"<http://a/b> <http://c.example/d#e> \"f\" .\n"), {"d#e": ['<http://a/b> <http://c.example/d#e> "f" .']}),
        ("a.ttl", b"@prefix c: <http://c.example/d#> . c:a c:e [] .", {"d#e": ["<http://c.example/d#a> <http://c.example/d#e> _:b"]}),
        ("a.trig", b"<g> { <a> <http://c.example/d#e> 1 . }", {"d#e": ['<https://base.example/a> <http://c.example/d#e> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <https://base.example/g>']}),
        ("a.nt", b"<http://a/2026.11-aaaa> <http://c.example/d#e> 1 .", {"d#e": ["<http://a/<release-1>> <http://c.example/d#e> 1 ."]}),
        ("a.ttl", b"no turtle", {WHOLE: ["no turtle"]}),
        ("command", b"exit 0\n--- output\nA\n--- messages\n", {"exit": ["exit 0"], "output": ["A"], "messages": [""]}),
        ("command", b"exit 1\n--- output\n{\"a\": {\"b\": {\"c\": 1}}}\n--- messages\nX", {"exit": ["exit 1"], "output a/b": ["a/b/c: 1"], "messages": ["X"]}),
        ("a.rq", b"#+ name: A\n#+   B\nASK {}", {"name": ["#+ name: A", "#+   B"], "query": ["ASK {}"]}),
        ("a.xml", b"<a><b>x, y</b><b/></a>", {"<a>": ["<a>"], "<b>": ["⋯<b>x,", "⋯ y", "⋯</b>", "⋯<b/>", "⋯</a>"]}),
        ("application/sparql-query", b"#+ name: A\nASK {}", {"name": ["#+ name: A"], "query": ["ASK {}"]}),
        ("a.txt", b"A\nB", {WHOLE: ["A", "B"]}),
    ],
)  # fmt: skip
def test_documents_have_parts_by_what_they_are(
    kind: str, body: bytes, parts: Mapping[str, list[str]]
) -> None:
    assert parts_of(kind, body, OLD) == parts


def test_links_count_by_where_they_lead_and_how_they_are_written_is_told_once(tmp_path: Path) -> None:
    pages = (
        b'<nav class="a"><a href="%s/b">B</a> <a href="#c">C</a> <a href="https://d.example/">D</a></nav>'
        % path
        for path in (b"/graph", b"..")
    )
    for name, page in zip(("old", "new"), pages, strict=True):
        (tmp_path / name / "site" / "a").mkdir(parents=True)
        (tmp_path / name / "site" / "a" / "index.html").write_bytes(page)
    found = compare(tmp_path / "old", tmp_path / "new", OLD, NEW)
    assert [(one.part, one.line) for one in found] == [
        ("links", "-from the root"),
        ("links", "+from the page"),
    ]


def test_several_processes_tell_the_same_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = ({f"site/{n}": f"{n}{sign}".encode() for n in range(9)} for sign in "-+")
    alone = differing(tmp_path, old, new)
    monkeypatch.setattr("frozen.compare._FEW", 2)
    assert len(alone) == 18 and differing(tmp_path, old, new) == alone


def test_what_is_written_otherwise_is_a_difference_though_it_says_the_same(tmp_path: Path) -> None:
    assert differing(tmp_path, {"site/a.json": b'{"a": 1}'}, {"site/a.json": b'{"a":1}'}) == [
        ("site/a.json", '-{"a": 1}'),
        ("site/a.json", '+{"a":1}'),
    ]


def test_a_document_that_has_another_form_is_told_by_its_parts(tmp_path: Path) -> None:
    found = differing(tmp_path, {"site/a.json": b'{"a": 1}'}, {"site/a.json": b"Text"})
    assert found == [("site/a.json", f"-{MISSING[1]}"), ("site/a.json", f"+{MISSING[0]}")]


def test_what_two_answers_share_is_told_once_and_an_exchange_that_only_one_has_once_for_its_route(
    tmp_path: Path,
) -> None:
    def transcript(*requests: str, body: str) -> dict[str, bytes]:
        lines = ({"request": one, "status": 200, "fields": [], "body": body, "kind": "a"} for one in requests)
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        return {"http/http.jsonl": text.encode(), f"http/bodies/{body}": body.encode()}

    asked = ("GET /b [Accept: c]", "GET /b", "HEAD /b")
    old = transcript(*asked, "GET /gone", "GET /gone [Accept: c]", body="x")
    assert differing(tmp_path, old, transcript(*asked, body="y")) == [
        ("http/GET /gone", f"-{MISSING[1]}"),
        ("http/GET /b", "-x"),
        ("http/GET /b", "+y"),
    ]


def test_a_file_that_is_missing_or_more_is_found(tmp_path: Path) -> None:
    found = differing(tmp_path, {"site/a": b"", "site/b": b""}, {"site/a": b"", "site/c": b""})
    assert found == [("site/b", f"-{MISSING[1]}"), ("site/c", f"+{MISSING[0]}")]


def test_what_must_differ_is_replaced_outside_of_the_data(tmp_path: Path) -> None:
    old = {
        "build/releases/2026.11-aaaa/manifest.json": b'{"id": "2026.11-aaaa",\n"size": 5, "sha256": "'
        + b"0a" * 32
        + b'"}',
        "build/releases/2026.11-aaaa/catalog.ttl": b'dcat:byteSize "12"^^xsd:nonNegativeInteger ;\n',
        "site/data.html": b"<p>1,3 kB</p>",
        "cli/build": b"  Reading tables    9.8 s\n  Mapping    0.5 s\n",
        "files/b.gz": gzip.compress(b"a", 1),
    }
    new = {
        "build/releases/2026.11-bbbb/manifest.json": b'{"id": "2026.11-bbbb",\n"size": 66, "sha256": "'
        + b"1b" * 32
        + b'"}',
        "build/releases/2026.11-bbbb/catalog.ttl": b'dcat:byteSize "1"^^xsd:nonNegativeInteger ;\n',
        "site/data.html": b"<p>900 bytes</p>",
        "cli/build": b"  Reading tables   1.012,0 s\n  Mapping    0,5 s\n",
        "files/b.gz": gzip.compress(b"a", 9),
    }
    assert not differing(tmp_path, old, new)
    data = "build/releases/2026.11-aaaa/data/a.csv", "build/releases/2026.11-bbbb/data/a.csv"
    assert differing(tmp_path, {data[0]: b"0a" * 32}, {data[1]: b"1b" * 32})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("Date", "Mon, 01 Jan 1990 00:00:00 GMT"), ("Date", "Tue, 02 Jan 1990 00:00:00 GMT")),
        (("Vary", "Accept, Accept-Encoding"), ("vary", "accept-encoding,Accept")),
        (("Cache-Control", "public, max-age=60"), ("Cache-Control", "max-age=60,public")),
        (("ETag", '"a"'), ("ETag", '"b"')),
        (("Content-Length", "5"), ("Transfer-Encoding", "chunked")),
        (
            ("Content-Security-Policy", f"script-src 'sha256-{'a' * 42}+='; base-uri 'none'"),
            ("Content-Security-Policy", f"base-uri 'none'; script-src 'sha256-{'/' * 43}='"),
        ),
        (
            ("Last-Modified", "Mon, 01 Jan 1990 00:00:00 GMT"),
            ("Last-Modified", "Tue, 02 Jan 1990 00:00:00 GMT"),
        ),
        (("Link", '</a>; rel="x"; type="t", </b>'), ("Link", '</b>, </a>; type="t"; rel="x"')),
        (("Content-Range", "bytes 0-9/100"), ("Content-Range", "bytes 0-9/101")),
    ],
)
def test_header_fields_that_mean_the_same_are_equal(
    tmp_path: Path, old: tuple[str, str], new: tuple[str, str]
) -> None:
    assert not differing(tmp_path, {"http/http.jsonl": exchange(old)}, {"http/http.jsonl": exchange(new)})


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("Vary", "Accept"), ("Vary", "Accept, Origin")),
        (("Cache-Control", "public, max-age=60"), ("Cache-Control", "public, max-age=61")),
        (("ETag", '"a"'), ("ETag", 'W/"a"')),
        (("Link", '</a>; rel="x"'), ("Link", '</a>; rel="y"')),
        (("Content-Type", "text/html"), ("Content-Type", "text/html; charset=utf-8")),
    ],
)
def test_a_header_field_of_another_meaning_is_found(
    tmp_path: Path, old: tuple[str, str], new: tuple[str, str]
) -> None:
    found = differing(tmp_path, {"http/http.jsonl": exchange(old)}, {"http/http.jsonl": exchange(new)})
    assert found == [
        ("http/GET /a", f"-{header_lines([old])[0]}"),
        ("http/GET /a", f"+{header_lines([new])[0]}"),
    ]
    status = differing(tmp_path, {"http/http.jsonl": exchange()}, {"http/http.jsonl": exchange(status=410)})
    assert status == [("http/GET /a", "-HTTP 200"), ("http/GET /a", "+HTTP 410")]


def test_an_unlisted_difference_fails_and_an_unused_line_fails() -> None:
    planted = Difference("site/organisation/a.html", "+<h1>Partner organisations")
    listed = Change("site/organisation/*.html", r"^\+<h1>Partner", REASON)
    unused = Change("site/project/*.html", r"^\+<h1>Partner", REASON)
    assert unlisted_and_unused([planted], [listed]) == ([], [])
    assert unlisted_and_unused([planted], [unused]) == ([planted], [unused])
    assert verdict([planted], [listed])[1] == 0
    assert "site/organisation/a.html" in verdict([planted], [])[0] and verdict([planted], [])[1] == 1
    assert "site/project/*.html" in verdict([], [unused])[0] and verdict([], [unused])[1] == 1


def test_a_part_that_has_another_form_is_one_line_of_the_list() -> None:
    planted = [Difference(f"site/a/{n}.html", f"{sign}{n}", "nav.main") for n in range(3) for sign in "-+"]
    other = Difference("site/a/1.html", "-x", "section#partners")
    listed = Change("site/a/*.html", "", REASON, "nav.main")
    assert unlisted_and_unused([*planted, other], [listed]) == ([other], [])
    assert unlisted_and_unused([other], [listed]) == ([other], [listed])
    exact = Change("site/a/*.html", "^-x$", REASON, "nav.main")
    assert unlisted_and_unused([other], [exact]) == ([other], [exact])
    assert by_reason(planted, [listed]) == f"3 places: {REASON}\n    site/a/*.html"
    assert "site/a/*.html  nav.main: 3 places, 6 lines, the first site/a/0.html\n    -0" in by_kind(planted)


@pytest.mark.parametrize("part", ["", " ", WHOLE, STATUS, f"{FIELD}link", "page"])
def test_a_change_of_many_documents_names_a_part_that_they_have_in_common(part: str) -> None:
    with pytest.raises(UnfitChange):
        Change("site/a/*.html", "", REASON, part)


def test_a_line_of_a_header_field_may_be_told_of_all_answers() -> None:
    change = Change("http/*", "^[-+]vary: accept", REASON, f"{FIELD}vary")
    assert change.covers(Difference("http/GET /a [Accept: b]", "+vary: accept, origin", f"{FIELD}vary"))
    for what, part in (("", f"{FIELD}vary"), ("^[-+]vary: accept", ""), ("^-HTTP 20", STATUS)):
        with pytest.raises(UnfitChange):
            Change("http/*", what, REASON, part)


def test_of_a_route_that_is_new_and_of_an_answer_with_another_status_nothing_else_is_told(
    tmp_path: Path,
) -> None:
    def transcript(body: str, **statuses: int) -> dict[str, bytes]:
        asked = [
            (f"GET /{route}{variant}", status)
            for route, status in statuses.items()
            for variant in ("", " [Accept: c]")
        ]
        asked.append(("HEAD /new", statuses["new"]))
        lines = (
            {"request": one, "status": status, "fields": [], "body": body, "kind": "a"}
            for one, status in asked
        )
        return {
            "http/http.jsonl": "".join(f"{json.dumps(line)}\n" for line in lines).encode(),
            f"http/bodies/{body}": body.encode(),
        }

    old, new = transcript("x", new=404, gone=404, moved=200), transcript("y", new=200, gone=410, moved=303)
    assert sorted(differing(tmp_path, old, new)) == [
        ("http/GET /gone", f"+{MISSING[0]}"),
        ("http/GET /moved", "+HTTP 303"),
        ("http/GET /moved", "-HTTP 200"),
        ("http/GET /moved [Accept: c]", "+HTTP 303"),
        ("http/GET /moved [Accept: c]", "-HTTP 200"),
        ("http/GET /new", f"+{MISSING[0]}"),
    ]


@pytest.mark.parametrize(("whole", "found"), [("y", ["-x", "+y"]), ("x", ["-p", "+q"])])
def test_a_range_counts_where_the_whole_is_the_same(tmp_path: Path, whole: str, found: list[str]) -> None:
    def transcript(body: str, part: str) -> dict[str, bytes]:
        asked = (("GET /a", 200, body), ("GET /a [Range: bytes=0-0]", 206, part))
        lines = ({"request": one, "status": s, "fields": [], "body": b, "kind": "a"} for one, s, b in asked)
        text = "".join(f"{json.dumps(line)}\n" for line in lines)
        return {
            "http/http.jsonl": text.encode(),
            **{f"http/bodies/{one}": one.encode() for one in (body, part)},
        }

    told = differing(tmp_path, transcript("x", "p"), transcript(whole, "q"))
    assert [line for _, line in told] == found


def test_what_is_packed_in_an_answer_is_known_by_its_route(tmp_path: Path) -> None:
    def transcript(text: str) -> dict[str, bytes]:
        line = {
            "request": "GET /a.nt.gz",
            "status": 200,
            "fields": [],
            "body": "b",
            "kind": "application/gzip",
        }
        return {"http/http.jsonl": json.dumps(line).encode(), "http/bodies/b": gzip.compress(text.encode())}

    for name, value in (("old", "1"), ("new", "2")):
        for local, body in transcript(f"<http://a/b> <http://a/c#d> <{value}> .\n").items():
            (tmp_path / name / local).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / local).write_bytes(body)
    assert {one.part for one in compare(tmp_path / "old", tmp_path / "new", OLD, NEW)} == {"c#d"}


def test_one_document_may_have_another_form_as_a_whole() -> None:
    change = Change("files/report.pdf", "", REASON, WHOLE)
    assert change.covers(Difference("files/report.pdf", "-x"))


def test_kinds_of_places_are_the_shapes_of_routes() -> None:
    assert kind_of("site/organisation/a.de.html") == "site/organisation/*.de.html"
    assert kind_of("http/HEAD /organisation/a.ttl [Accept: b]") == "http/HEAD /organisation/*.ttl"
    assert kind_of("build/releases/<release-1>/data/a.csv") == "build/releases/<release-?>/data/*.csv"
    assert kind_of("cli/check --lang de") == "cli/check --lang de"


@pytest.mark.parametrize(
    "what", [".*", "^", "", "^[-+]", ".+$", r"\w", r"[a-z]+", "(?i)x", "Partner|.", r"\d{2,}", "^-", "<.*>"]
)
def test_a_pattern_for_any_line_is_refused(what: str) -> None:
    with pytest.raises(UnfitChange):
        Change("site/organisation/*.html", what, REASON)


@pytest.mark.parametrize(
    "where", ["*", "", "site/*", "http/*", "http/GET /*", "http/GET *]", "?*", "build/*", "cli/[!x]*"]
)
def test_a_pattern_for_any_place_is_refused(where: str) -> None:
    with pytest.raises(UnfitChange):
        Change(where, "Partner", REASON)


@pytest.mark.parametrize(
    "text",
    [
        '[[change]]\nwhere = "site/a.html"\nwhat = "Partner"\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = []\nreason = "It is meant."\n',
        '[[change]]\nwhere = []\nwhat = "Partner"\nreason = "It is meant."\n',
        '[[change]]\nwhere = ["site/a.html", "site/*"]\nwhat = "Partner"\nreason = "It is meant."\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = ["Partner", ".*"]\nreason = "It is meant."\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = "Partner"\nreason = " "\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = "Partner"\nreason = "SECTION?"\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = "(Partner"\nreason = "It is meant."\n',
        '[[change]]\nwhere = "site/a.html"\nwhat = "Partner"\nreason = "It is meant."\nall = true\n',
        "everything = true\n",
    ],
)
def test_a_line_that_says_too_little_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "changes.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UnfitChange):
        read_changes(file)


def test_each_place_with_each_pattern_of_a_list_is_a_line_of_its_own(tmp_path: Path) -> None:
    file = tmp_path / "changes.toml"
    file.write_text(
        '[[change]]\nwhere = ["site/a.html", "cli/a"]\nwhat = ["Partner", "^~a → b$"]\nreason = "It is meant."\n'
    )
    changes = read_changes(file)
    used = [
        Difference("site/a.html", "~a → b"),
        Difference("cli/a", "+Partner"),
        Difference("cli/a", "~a → b"),
    ]
    assert unlisted_and_unused(used, changes) == ([], [Change("site/a.html", "Partner", "It is meant.")])


def test_places_that_differ_alike_are_told_together() -> None:
    text = readable([Difference(f"site/{n}.html", f"{sign}{n % 2}") for n in range(5) for sign in "-+"])
    assert "site/0.html  and 2 more places, the last site/4.html\n    -0\n    +0" in text


def pages(route: str) -> Answer:
    html = (("Content-Type", "text/html"),)
    known: Mapping[str, Answer] = {
        "/": Answer(
            200, html, b'<a href="organisation/a.html">a</a> <a href="http://elsewhere.example/">e</a>'
        ),
        "/sitemap.xml": Answer(
            200,
            (("Content-Type", "application/xml"),),
            b"".join(b"<loc>http://data.example/project/%d.de.html</loc>" % n for n in range(9)),
        ),
        "/changes/gone.json": Answer(
            200,
            (("Content-Type", "application/json"),),
            b'["https://base.example/event/a", "https://base.example/event/b", "https://base.example/event/c"]',
        ),
        "/organisation/a.html": Answer(200, (*html, ("Link", '</organisation/a.ttl>; rel="alternate"')), b""),
    }
    return known.get(route, Answer(410 if route.startswith("/event/") else 404, (), b""))


def test_routes_are_found_and_some_of_each_shape_are_taken() -> None:
    routes = dict(walk(pages, "https://base.example/", []))
    assert {"/", "/organisation/a.html", "/organisation/a", "/organisation/a.ttl"} <= routes.keys()
    assert [one for one in routes if one.startswith("/project/") and one.endswith(".de.html")] == [
        "/project/0.de.html",
        "/project/1.de.html",
    ]
    assert {"/event/a", "/event/b", "/event/c"} <= routes.keys()
    assert routes["/event/a"] and not routes["/event/b"]
    assert not any("elsewhere" in route for route in routes)


def test_how_an_answer_is_framed_makes_no_kind_of_answer() -> None:
    def answer(route: str) -> Answer:
        framing = ("Transfer-Encoding", "chunked") if route == "/health" else ("Content-Length", "0")
        return Answer(200, (("Content-Type", "a"), framing), b"")

    assert [route for route, every in walk(answer, "https://base.example/", []) if every] == ["/", "/sparql"]


def test_routes_of_the_new_are_asked_where_the_old_has_none_of_their_shape() -> None:
    old, new = [("/", True), ("/project/a", False)], [("/project/b", True), ("/place/a", True)]
    assert all_routes(old, new) == [*old, ("/place/a", True)]


def test_a_workspace_of_before_is_brought_to_what_is_read_now(tmp_path: Path) -> None:
    data = tmp_path / "data" / "saxony"
    data.mkdir(parents=True)
    (data / "terms.csv").write_text("list,key,name_de,name_en,definition_de,definition_en\n")
    (data / "statements.csv").write_text("id,measure,value\na,budget-eur,5\nb,czech-partners,2\n")
    upgrade(tmp_path)
    statements = (data / "statements.csv").read_text()
    assert statements == "id,measure,value,amount,currency\na,budget,,5,EUR\nb,czech-partners,2,,\n"
    assert "measure,czech-partners,Tschechische Partner" in (data / "terms.csv").read_text()
    (data / "statements.csv").write_text('id,measure,value\n"a",labs,5\n')
    upgrade(tmp_path)
    assert (data / "statements.csv").read_text() == 'id,measure,value\n"a",labs,5\n'


def test_routes_of_a_kind_have_one_shape() -> None:
    assert (
        shape("/organisation/a.de.html") == shape("/organisation/b-c.de.html") == "/organisation/*.de.html?"
    )
    assert shape("/ontology/0.1.0") == "/ontology/*?" and shape("/ontology/0.1.0.ttl") == "/ontology/*.ttl?"
    assert shape("/questions/x?b=1&a=2") == "/questions/*?a&b"
