"""Downloads: the files that the manifest of a release lists, whole or in ranges (RFC 9110, section 14)."""

from __future__ import annotations

import asyncio
import html
import os
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from transfergraph.common.formats import is_compressible, media_type_of
from transfergraph.errors import ReleaseError
from transfergraph.release.manifest import MANIFEST
from transfergraph.release.publish_release import RELEASES
from transfergraph.server.caching import CACHED, is_unchanged, validators
from transfergraph.server.compression import compressed
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal
from transfergraph.server.negotiation import choose_coding, content_type
from transfergraph.server.pool.release_manager import (
    ReleaseManager,
    ReleaseOnDisk,
    manifest_stamp,
    read_release,
)
from transfergraph.server.problems import Problem
from transfergraph.server.routes.worker_routes import answer_entity

_RANGE = re.compile(r"bytes=\s*(?:(?P<first>[0-9]{1,18})-(?P<last>[0-9]{1,18})?|-(?P<suffix>[0-9]{1,18}))\s*")


class Unsatisfiable(Exception):
    """No byte of the representation lies in the range (416)."""


def wanted_range(field: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a ``Range`` field with one range; None for a field that is ignored.

    So are several ranges (section 14.2 allows it). Raises :class:`Unsatisfiable`.
    """
    match = _RANGE.fullmatch(field.lower())
    if match is None:
        return None
    if match["suffix"] is not None:
        length = min(int(match["suffix"]), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    first = int(match["first"])
    last = size - 1 if match["last"] is None else min(int(match["last"]), size - 1)
    if match["last"] is not None and int(match["last"]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, last


_CHUNK = 1 << 18
_LARGEST, _SMALLEST = 8 << 20, 1024  # bytes of files that are compressed on request
_COMPRESSED_FILES = 32  # that are kept
_RELEASE = re.compile(rf"{RELEASES}/(?P<id>[A-Za-z0-9][A-Za-z0-9.-]*)/(?P<path>.+)")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_IMMUTABLE = "public, max-age=31536000, immutable"
_FEED_PAGE = ".trig"  # of the event streams: later releases have the same bytes


@dataclass(frozen=True, slots=True)
class _Download:
    """A file of a release, and the value of ``Cache-Control`` for it."""

    release: ReleaseOnDisk
    path: str
    cache_control: str

    def tag(self, coding: str = "identity") -> str:
        """The entity tag of the file in a content coding."""
        entry = self.release.files.get(self.path)
        digest = (self.release.digest if entry is None else entry.sha256)[:40]
        return f'"{digest}"' if coding == "identity" else f'"{digest}-{coding}"'

    def fields(self, tag: str, beginning: bytes) -> list[Field]:
        """The header fields that whole files, ranges and 304 have in common."""
        return [
            ("content-type", content_type(media_type_of(self.path))),
            ("cache-control", self.cache_control),
            ("vary", "Accept-Encoding"),
            *validators(tag, self.release.modified),
            *_content_policy(self.path, beginning),
        ]


class FilesRoute:
    """Sends the files that the manifest of a release lists; all other paths are left to the workers."""

    def __init__(self, manager: ReleaseManager) -> None:
        self._manager = manager
        self._releases: dict[str, ReleaseOnDisk] = {}
        self._compressed: dict[str, bytes] = {}

    async def answer(self, exchange: HttpExchange) -> None:
        """Answer for any path that has no route of its own."""
        found = self._find(unquote(exchange.path))
        if found is None:
            await answer_entity(self._manager, exchange)
            return
        exchange.kind = "file"
        await exchange.require_reading()
        await self._send(exchange, found)

    def _find(self, path: str) -> _Download | None:
        current = self._manager.current.release
        if path in current.files or path == MANIFEST:
            return _Download(current, path, _IMMUTABLE if path.endswith(_FEED_PAGE) else CACHED)
        other = _RELEASE.fullmatch(path)
        if other is None:
            return None
        release, path = self._release(other["id"]), other["path"]
        is_listed = release is not None and (path in release.files or path == MANIFEST)
        return _Download(release, path, _IMMUTABLE) if release is not None and is_listed else None

    def _release(self, identifier: str) -> ReleaseOnDisk | None:
        """Any release in the folder of builds, also one that is no longer current."""
        folder = self._manager.source.builds / RELEASES / identifier
        known = self._releases.get(identifier)
        if known is None or manifest_stamp(folder) not in (known.stamp, ()):
            try:
                known = self._releases[identifier] = read_release(folder)
            except ReleaseError:
                return None
        return known

    async def _send(self, exchange: HttpExchange, file: _Download) -> None:
        """Send a file, or the requested range of it."""
        coding = "identity"
        if is_compressible(media_type_of(file.path)):
            coding = choose_coding(exchange.header("accept-encoding"))
        try:
            descriptor = _open(file.release.folder, file.path)
        except OSError as error:
            raise Refusal(Problem(404, "not-found", f"The file {file.path} is missing.")) from error
        try:
            size = os.fstat(descriptor).st_size
            if coding != "identity" and _SMALLEST <= size <= _LARGEST and not exchange.header("range"):
                await self._send_compressed(exchange, file, descriptor, size, coding)
                return
            tag = file.tag()
            fields = [*file.fields(tag, os.pread(descriptor, 4096, 0)), ("accept-ranges", "bytes")]
            if is_unchanged(exchange, tag, file.release.modified):
                await exchange.answer(304, fields)
                return
            first, last, status = _selected(exchange, tag, file.release.modified, size)
            if status == 206:
                fields.append(("content-range", f"bytes {first}-{last}/{size}"))
            fields.append(("content-length", str(last - first + 1)))
            await exchange.begin(status, fields)
            await _copy(exchange, descriptor, first, last + 1)
        finally:
            os.close(descriptor)

    async def _send_compressed(
        self, exchange: HttpExchange, file: _Download, descriptor: int, size: int, coding: str
    ) -> None:
        tag = file.tag(coding)
        fields = [*file.fields(tag, os.pread(descriptor, 4096, 0)), ("content-encoding", coding)]
        if is_unchanged(exchange, tag, file.release.modified):
            await exchange.answer(304, fields)
            return
        body = self._compressed.get(tag)
        if body is None:
            body = await asyncio.to_thread(lambda: compressed(os.pread(descriptor, size, 0), coding))
            if len(self._compressed) >= _COMPRESSED_FILES:
                self._compressed.pop(next(iter(self._compressed)))
            self._compressed[tag] = body
        await exchange.answer(200, fields, body)


def _open(folder: Path, path: str) -> int:
    """Open a file for reading, unless a link leads elsewhere."""
    file = folder / path
    if file.resolve() != folder.resolve() / path:
        raise PermissionError(f"{path} is a link.")
    return os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _content_policy(path: str, beginning: bytes) -> list[Field]:
    """A page that is complete in itself carries the policy for its own scripts, and may be framed."""
    if not path.endswith(".html"):
        return []
    own = _POLICY.search(beginning.decode("utf-8", "replace"))
    return [("content-security-policy", f"{html.unescape(own[1])}; frame-ancestors *")] if own else []


def _selected(exchange: HttpExchange, tag: str, modified: int, size: int) -> tuple[int, int, int]:
    """First byte, last byte and status of the answer."""
    field = exchange.header("range")
    if exchange.method != "GET" or not field or not _is_same(exchange.header("if-range"), tag, modified):
        return 0, size - 1, 200
    try:
        wanted = wanted_range(field, size)
    except Unsatisfiable as error:
        fields = (("content-range", f"bytes */{size}"),)
        sentence = f"The file has {size} bytes; the range lies behind its end."
        raise Refusal(Problem(416, "range", sentence, headers=fields)) from error
    return (0, size - 1, 200) if wanted is None else (*wanted, 206)


def _is_same(condition: str, tag: str, modified: int) -> bool:
    """True without ``If-Range``, and for the tag or date of this version (RFC 9110, section 13.1.5)."""
    if not condition or condition == tag:
        return True
    try:
        return parsedate_to_datetime(condition).timestamp() == modified
    except (ValueError, TypeError, OverflowError):
        return False


async def _copy(exchange: HttpExchange, descriptor: int, offset: int, end: int) -> None:
    while exchange.method != "HEAD" and offset < end:
        chunk = await asyncio.to_thread(os.pread, descriptor, min(_CHUNK, end - offset), offset)
        if not chunk:
            break
        offset += len(chunk)
        await exchange.write(chunk)
    await exchange.write(b"", last=True)
