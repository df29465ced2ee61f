"""What a document consists of, by names that stay: the unit in which a difference is told, and may be listed.

Of an HTML page these are its head, its landmarks, its sections and its scripts; of JSON its members, of RDF its
properties, of a workbook its sheets, of CSV its columns, of a command its exit code, its output and its messages.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin

import pyoxigraph

from frozen.scripts import members, split_scripts
from frozen.texts import Masks, lines_of, page_lines, pieces, plain

Parts = Mapping[str, list[str]]
"""The lines of each part of a document, by the name of the part."""
Named = Iterator[tuple[str, list[str]]]

WHOLE = "document"
"""The one part of a document that has no others."""
_LANDMARKS = {"head", "header", "nav", "main", "aside", "section", "footer", "dialog", "style", "script"}
_NUMBER = re.compile(r"-\d+$")
_RDF = {
    "turtle": pyoxigraph.RdfFormat.TURTLE,
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "ld+json": pyoxigraph.RdfFormat.JSON_LD,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
}
_BASE = "https://base.example/"
_XML = {"xml", "atom", "svg", "graphml", "gexf", "srx"}
_TAG = re.compile(r"[⋯\s]*<([\w:.-]+)")
_COMMAND = re.compile(r"\A(exit -?\d+)\n--- output\n(.*)\n--- messages\n(.*)\Z", re.DOTALL)
_LINK = re.compile(r'(\s(?:href|src|action)=)"([^"]*)"')
_ELSEWHERE = re.compile(r"#|//|[A-Za-z][\w+.-]*:")
_ENTRY = re.compile(r"#\+ (\w+):")
_ANONYMOUS = re.compile(r"_:[0-9a-f]+")
_PROPERTY = re.compile(r"^(?:<[^>]*>|_:\S+) <(?:[^>]*[/#])?([^/#>]+[/#][^/#>]+)> ")


def parts_of(kind: str, body: bytes, masks: Masks, exact: bool = False, address: str = "/") -> Parts:
    """The parts of a document; ``kind`` is a file name, a media type or "command"; ``exact``: sizes are data.

    ``address`` is the path under which a page is seen: its links count by where they lead, and that they are
    written from the root or from the page is a part of its own.
    """
    kind, body = plain(kind, body)
    found: dict[str, list[str]] = {}
    named = _named(kind, body, masks, exact)
    if kind.endswith("html"):
        named = _page(_linked(masks.identity(body.decode("utf-8", "replace")), address, found), masks.text)
    for name, lines in named:
        found.setdefault(name, []).extend(lines)
    return found


def _named(kind: str, body: bytes, masks: Masks, exact: bool) -> Named:
    mask = masks.identity if exact else masks.text
    if kind == "command" and (known := _COMMAND.match(body.decode("utf-8", "replace"))):
        yield "exit", [known[1]]
        yield from (
            (f"output {name}".removesuffix(f" {WHOLE}"), lines) for name, lines in _output(known[2], mask)
        )
        yield "messages", mask(known[3]).split("\n")
    elif kind.endswith((".xlsx", "spreadsheetml.sheet")) and body[:2] == b"PK":
        yield from ((_sheet(line), [line]) for line in lines_of(kind, body, masks, exact))
    else:
        yield from _structured(kind, body, mask) or [(WHOLE, lines_of(kind, body, masks, exact))]


def _structured(kind: str, body: bytes, mask: Callable[[str], str]) -> list[tuple[str, list[str]]]:
    """The parts of RDF, JSON and tables; none if it is something else, or not what it is called."""
    ending = re.split(r"[./]", kind)[-1]
    try:
        if ending in _RDF:
            return list(_properties(map(str, pyoxigraph.parse(body, _RDF[ending], base_iri=_BASE)), mask))
        if ending in ("nt", "nq", "n-triples", "n-quads"):
            return list(_properties(body.decode("utf-8").splitlines(), mask))
        if ending == "json" or ending.endswith("+json"):
            return list(_json(json.loads(body), mask))
        if ending in ("rq", "sparql-query"):
            return list(_query(body.decode("utf-8"), mask))
        if ending in _XML or ending.endswith("+xml"):
            return list(_elements(pieces(body.decode("utf-8")), mask))
        if ending in ("csv", "tsv", "tab-separated-values"):
            return list(_columns(body.decode("utf-8"), "," if ending == "csv" else "\t", mask))
    except (SyntaxError, ValueError, IndexError, csv.Error):
        pass
    return []


def _output(text: str, mask: Callable[[str], str]) -> Iterable[tuple[str, list[str]]]:
    """What a command wrote: JSON and Turtle by what they hold, all else by its lines."""
    kind = "json" if text.startswith(("{", "[")) else "ttl" if text.startswith(("@prefix", "@base")) else ""
    return _structured(kind, text.encode(), mask) or [(WHOLE, mask(text).split("\n"))]


def _json(value: object, mask: Callable[[str], str], deep: int = 2) -> Named:
    for names, line in members(value):
        yield "/".join(names[:deep]) or WHOLE, [mask(line)]


def _properties(statements: Iterable[str], mask: Callable[[str], str]) -> Named:
    """Statements as N-Triples or N-Quads, sorted, by the last words of their property; no blank node has a name."""
    for line, statement in sorted((_ANONYMOUS.sub("_:b", mask(one)), one) for one in statements):
        known = _PROPERTY.match(statement)
        yield known[1] if known else WHOLE, [line]


def _columns(text: str, separator: str, mask: Callable[[str], str]) -> Named:
    """The cells of each column, each with the first cell of its row; terms between tabs are quoted as in SPARQL."""
    lines = io.StringIO(text, newline="")
    rows = list(
        csv.reader(lines, delimiter=separator, strict=True)
        if separator == ","
        else csv.reader(lines, delimiter=separator, strict=True, quoting=csv.QUOTE_NONE)
    )
    header = rows.pop(0)
    yield "columns", [mask(separator.join(header))]
    for row in rows:
        for number, cell in enumerate(row):
            name = header[number] if number < len(header) else "beyond the header"
            yield f"column {name}", [mask(f"{row[0]}: {cell}" if number else cell)]


def _elements(lines: Iterable[str], mask: Callable[[str], str]) -> Named:
    """The lines of XML by the element that began last."""
    name = WHOLE
    for line in lines:
        known = _TAG.match(line)
        name = f"<{known[1]}>" if known else name
        yield name, [mask(line)]


def _query(text: str, mask: Callable[[str], str]) -> Named:
    """The entries at the head of a query by their keys, and the query."""
    name = "query"
    for line in text.split("\n"):
        known = _ENTRY.match(line)
        name = known[1] if known else name if line.startswith("#+ ") else "query"
        yield name, [mask(line)]


def _sheet(line: str) -> str:
    return f"sheet {line.removeprefix('sheet ').partition(' ')[0]}"


def _linked(page: str, address: str, found: dict[str, list[str]]) -> str:
    """The page with each link to the same place resolved, and how they were written among what is found."""
    ways = set()

    def resolved(link: re.Match[str]) -> str:
        if not link[2] or _ELSEWHERE.match(link[2]):
            return link[0]
        ways.add("from the root" if link[2].startswith("/") else "from the page")
        return f'{link[1]}"{urljoin(address, link[2])}"'

    page = _LINK.sub(resolved, page)
    found["links"] = sorted(ways)
    return page


def _page(text: str, mask: Callable[[str], str]) -> Named:
    """The parts of a page in their order, all of it."""
    marks = _Landmarks(text).marks
    for (start, name), (end, _) in pairwise([*marks, (len(text), "")]):
        for piece, kind in split_scripts(text[start:end]):
            if kind == "json":
                yield from ((f"{name} {part}", lines) for part, lines in _json(json.loads(piece), mask, 1))
            else:
                yield name, page_lines(piece, kind, mask)


class _Landmarks(HTMLParser):
    """Where in a page the part begins that has the name."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self._page, self._lines, self._open = page, _line_starts(page), ["page"]
        self.marks = [(0, "page")]
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """A part within the one that is open."""
        if tag in _LANDMARKS:
            self._open.append(_named_part(tag, {name: value or "" for name, value in attrs}))
            self.marks.append((self._offset(), self._open[-1]))

    def handle_endtag(self, tag: str) -> None:
        """The part goes on in which the ended one lies."""
        if tag in _LANDMARKS and len(self._open) > 1:
            self._open.pop()
            self.marks.append((self._page.find(">", self._offset()) + 1, self._open[-1]))

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _named_part(tag: str, attributes: Mapping[str, str]) -> str:
    known = attributes.get("aria-labelledby") or attributes.get("id")
    kind = (attributes.get("class") or "").split()
    if tag == "script":
        known = known or ("src" if "src" in attributes else attributes.get("type", "").rpartition("/")[2])
    named = f"#{_NUMBER.sub('', known)}" if known else f".{kind[0]}" if kind else ""
    return f"{tag}{named}"
