"""Anything as lines that can be compared, with what must differ replaced."""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import openpyxl

from frozen.scripts import code_lines, members, split_scripts

_MASKS = (
    # checksums (SHA-256), also of the files named by them
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    # in a Content Security Policy, where HTML writes apostrophes as entities
    (re.compile(r"\bsha256-[\w+/]{43}="), "<sha256>"),
    # sizes in bytes: of the manifest, of DCAT, of schema.org, of feeds
    (re.compile(r'("(?:size|bytes|length)": ?)\d+'), r"\1<size>"),
    (re.compile(r'(\bbyteSize>? "?|\bbyteSize"[^>]*>|#byteSize",?.{0,80}?"@value": ")\d+'), r"\1<size>"),
    (re.compile(r'(contentSize"?: ?")\d+'), r"\1<size>"),
    (re.compile(r"((?:^|/)(?:size|bytes|length): )\d+$"), r"\1<size>"),
    (re.compile(r'(\blength=")\d+(?=")'), r"\1<size>"),
    # how long a stage took
    (re.compile(r"(?m)(?<! ) +[\d.,]{0,9}\d[.,]\d s$"), " <time>"),
    # sizes for people
    (re.compile(r"\b\d[\d.,]{0,20}( | )(bytes|Bytes|kB|KB|MB|GB)\b"), "<size>"),
)
_LONG = 160
_SETS = {"vary", "cache-control", "allow", "accept-post"}
_PRESENT = {"last-modified", "expires"}
UNSEEN_FIELDS = {
    "date",
    "content-length",
    "transfer-encoding",
}  # the clock, and how a body is framed: a matter of time
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Masks:
    """What must differ between two runs: ids of releases, the name of the software, the folder of the run."""

    literal: tuple[tuple[str, str], ...] = ()

    def identity(self, text: str) -> str:
        """The text without what names the release and the run."""
        for known, name in self.literal:
            text = text.replace(known, name)
        return text

    def filled(self, text: str) -> str:
        """The text with what :meth:`identity` replaced."""
        for known, name in self.literal:
            text = text.replace(name, known)
        return text

    def text(self, text: str) -> str:
        """The text without checksums and sizes as well."""
        text = self.identity(text)
        for pattern, name in _MASKS:
            text = pattern.sub(name, text)
        return text


def lines_of(kind: str, body: bytes, masks: Masks, exact: bool = False) -> list[str]:
    """The lines of a file or an answer; ``kind`` is a file name or a media type. ``exact``: sizes and checksums
    are data.

    Long lines are broken at tags, and where JSON and CSS have commas and semicolons; a piece that goes on a line
    begins with "⋯", so that all lines together are the bytes. Of the scripts of a page (:mod:`frozen.scripts`) the
    comments and the order of members in JSON do not count.
    """
    kind, body = plain(kind, body)
    if kind.endswith((".xlsx", "spreadsheetml.sheet")) and body[:2] == b"PK":
        return [masks.text(line) for line in _cells(body)]
    if kind == "metrics":
        body = re.sub(rb"(?m) [\d.e+-]+$", b" <n>", body)
    if body[:4] == b"%PDF":
        body = _unpacked(body)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = f"{len(body)} bytes, CRC {zlib.crc32(body):08x}" if b"\0" in body else body.decode("latin-1")
    mask = masks.identity if exact else masks.text
    if not kind.endswith("html"):
        return list(pieces(mask(text)))
    return [line for part, of in split_scripts(masks.identity(text)) for line in page_lines(part, of, mask)]


def plain(kind: str, body: bytes) -> tuple[str, bytes]:
    """The kind without its parameters and the body without its compression."""
    kind = kind.partition(";")[0].lower()
    if kind.endswith((".gz", "gzip")) and body[:2] == b"\x1f\x8b":
        return plain(kind.removesuffix(".gz"), gzip.decompress(body))
    return kind, body


def page_lines(text: str, kind: str, mask: Callable[[str], str]) -> list[str]:
    """The lines of a piece of a page: of code, of JSON ("json"), or else of HTML, where blank lines do not count."""
    if kind == "json":
        return [mask(line) for _, line in members(json.loads(text))]
    if kind == "code":
        return list(code_lines(mask(text)))
    return [line for line in pieces(mask(text)) if line.strip()]


def pieces(text: str) -> Sequence[str]:
    """The lines of a text, long ones broken at tags, and where JSON and CSS have commas and semicolons."""
    found = []
    for line in text.split("\n"):
        if len(line) > _LONG or "><" in line:
            line = re.sub(r"(?<=[^\s])(?=<)|(?<=[,;{}])(?=.)", "\n⋯", line)
        found += line.split("\n")
    return found


def _cells(body: bytes) -> Iterable[str]:
    book = openpyxl.load_workbook(io.BytesIO(body))
    for sheet in book.worksheets:
        yield f"sheet {sheet.title} {sheet.dimensions}"
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None or cell.comment:
                    note = f" note {cell.comment.text!r}" if cell.comment else ""
                    link = f" link {cell.hyperlink.target}" if cell.hyperlink else ""
                    yield f"{sheet.title} {cell.coordinate} {cell.value!r} {cell.number_format}{link}{note}"


def _unpacked(body: bytes) -> bytes:
    """A PDF with its streams unpacked, and without its date, its id, and where its objects lie."""
    body = re.sub(rb"/(CreationDate|ModDate) ?\([^)]*\)|/ID ?\[[^]]*\]", b"", body.partition(b"\nxref")[0])
    return re.sub(rb"(?s)(?<=stream\n)(.*?)(?=\nendstream)", _inflated, body)


def _inflated(found: re.Match[bytes]) -> bytes:
    try:
        plain = zlib.decompress(found[1])
    except zlib.error:
        return found[1]
    return plain if b"\0" not in plain else b"CRC %08x" % zlib.crc32(plain)


def header_lines(fields: Sequence[tuple[str, str]]) -> list[str]:
    """Header fields by what they mean: sorted, sets as sets, validators by presence and strength alone."""
    known = [(name.lower(), value) for name, value in fields]
    return sorted(f"{name}: {_meaning(name, value)}" for name, value in known if name not in UNSEEN_FIELDS)


def _meaning(name: str, value: str) -> str:
    if name in _PRESENT:
        return "<present>"
    if name == "etag":
        return "<weak>" if value.startswith("W/") else "<strong>"
    if name == "content-range":
        return _NUMBER.sub("<n>", value)
    if name == "link":
        return ", ".join(sorted(map(_parameters, re.split(r",\s*(?=<)", value))))
    if name in _SETS or name.startswith("access-control-"):
        return ", ".join(sorted({part.strip().lower() for part in value.split(",")}))
    if name == "content-security-policy":
        return "; ".join(sorted(" ".join(part.split()) for part in value.split(";")))
    return _parameters(value) if name == "content-type" else value


def _parameters(value: str) -> str:
    first, *rest = (part.strip() for part in value.split(";"))
    return "; ".join([first, *sorted(rest)])
