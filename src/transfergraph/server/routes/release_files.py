"""The files of releases: dumps, tables, the ontology, the network page, as they lie on disk."""

from __future__ import annotations

import asyncio
import html
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote

from transfergraph.common.formats import is_compressible, media_type_of
from transfergraph.errors import ReleaseError
from transfergraph.release.manifest import MANIFEST, FileEntry, read_manifest
from transfergraph.release.publish_release import RELEASES
from transfergraph.server.caching import CACHED, is_unchanged, validators
from transfergraph.server.compression import compressed
from transfergraph.server.content_types import content_type
from transfergraph.server.http_exchange import App, Field, HttpExchange, Receive, Refusal, Scope, Send
from transfergraph.server.negotiation import choose_coding
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.problems import Problem
from transfergraph.server.routes.byte_ranges import Unsatisfiable, wanted_range
from transfergraph.server.routes.entity_routes import only_reading

_CHUNK = 1 << 18
_GREATEST, _SMALLEST = 8 << 20, 1024  # bytes of files that are worth compressing while they are sent
_KEPT = 32  # compressed files that are kept
_RELEASE = re.compile(rf"{RELEASES}/(?P<id>[A-Za-z0-9][A-Za-z0-9.-]*)/(?P<path>.+)")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_FOREVER = "public, max-age=31536000, immutable"
_PAGES = ".trig"  # of the event streams: later releases have them, too, byte for byte


@dataclass(frozen=True, slots=True)
class ServedFiles:
    """The files of one release that may be given out, by path, and for how long others may keep them."""

    folder: Path
    files: Mapping[str, FileEntry]
    modified: int
    cache_control: str


class FilesRoute:
    """Gives out the files that a manifest lists, and nothing else; other paths go to ``otherwise``."""

    def __init__(self, manager: ReleaseManager, otherwise: App) -> None:
        self._manager = manager
        self._otherwise = otherwise
        self._shelves: dict[str, ServedFiles] = {}
        self._compressed: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        found = self._find(unquote(exchange.path))
        if found is None:
            await self._otherwise(scope, receive, send)
            return
        exchange.kind = "file"
        await only_reading(exchange)
        served, path = found
        entry = served.files.get(path)
        await self._send(exchange, served, path, entry.sha256 if entry is not None else "manifest")

    def _find(self, path: str) -> tuple[ServedFiles, str] | None:
        generation = self._manager.current
        if path in generation.files or path == MANIFEST:
            control = _FOREVER if path.endswith(_PAGES) else CACHED
            served = ServedFiles(generation.folder, generation.files, generation.modified, control)
            return served, path
        other = _RELEASE.fullmatch(path)
        if other is None:
            return None
        kept = self._served(other["id"])
        if kept is not None and (other["path"] in kept.files or other["path"] == MANIFEST):
            return kept, other["path"]
        return None

    def _served(self, identifier: str) -> ServedFiles | None:
        """The files of any release that is kept, also of one that is no longer current."""
        folder = self._manager.origin.builds / RELEASES / identifier
        if identifier not in self._shelves:
            try:
                manifest = read_manifest(folder)
            except ReleaseError:
                return None
            files = {entry.path: entry for entry in manifest.files}
            modified = int((folder / MANIFEST).stat().st_mtime)
            self._shelves[identifier] = ServedFiles(folder, files, modified, _FOREVER)
        return self._shelves[identifier]

    async def _send(self, exchange: HttpExchange, served: ServedFiles, path: str, digest: str) -> None:
        """Send a file, or the part of it that was asked for."""
        media_type = media_type_of(path)
        coding = (
            choose_coding(exchange.header("accept-encoding")) if is_compressible(media_type) else "identity"
        )
        try:
            descriptor = _open(served.folder, path)
        except OSError as error:
            raise Refusal(Problem(404, "not-found", f"The file {path} is missing.")) from error
        try:
            size = os.fstat(descriptor).st_size
            if coding != "identity" and _SMALLEST <= size <= _GREATEST and not exchange.header("range"):
                await self._send_compressed(exchange, served, (descriptor, size), path, (digest, coding))
                return
            tag = f'"{digest[:40]}"'
            fields = _fields(served, media_type, tag)
            fields += [("accept-ranges", "bytes"), *_policy(path, os.pread(descriptor, 4096, 0))]
            if is_unchanged(exchange, tag, served.modified):
                await exchange.answer(304, fields)
                return
            first, last, status = _part(exchange, tag, served.modified, size)
            if status == 206:
                fields.append(("content-range", f"bytes {first}-{last}/{size}"))
            fields.append(("content-length", str(last - first + 1)))
            await exchange.begin(status, fields)
            await _copy(exchange, descriptor, first, last + 1)
        finally:
            os.close(descriptor)

    async def _send_compressed(
        self,
        exchange: HttpExchange,
        served: ServedFiles,
        file: tuple[int, int],
        path: str,
        key: tuple[str, str],
    ) -> None:
        tag = f'"{key[0][:40]}-{key[1]}"'
        descriptor, size = file
        fields = _fields(served, media_type_of(path), tag)
        fields += [("content-encoding", key[1]), *_policy(path, os.pread(descriptor, 4096, 0))]
        if is_unchanged(exchange, tag, served.modified):
            await exchange.answer(304, fields)
            return
        body = self._compressed.get(key)
        if body is None:
            body = await asyncio.to_thread(lambda: compressed(os.pread(descriptor, size, 0), key[1]))
            if len(self._compressed) >= _KEPT:
                self._compressed.pop(next(iter(self._compressed)))
            self._compressed[key] = body
        await exchange.answer(200, fields, body)


def _open(folder: Path, path: str) -> int:
    """Open a file for reading, unless a link leads elsewhere."""
    file = folder / path
    if file.resolve() != folder.resolve() / path:
        raise PermissionError(f"{path} is a link.")
    return os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def _fields(served: ServedFiles, media_type: str, tag: str) -> list[Field]:
    return [
        ("content-type", content_type(media_type)),
        ("cache-control", served.cache_control),
        ("vary", "Accept-Encoding"),
        *validators(tag, served.modified),
    ]


def _policy(path: str, beginning: bytes) -> list[Field]:
    """A page that stands alone has scripts of its own, and says which; it may be framed."""
    if not path.endswith(".html"):
        return []
    own = _POLICY.search(beginning.decode("utf-8", "replace"))
    return [("content-security-policy", f"{html.unescape(own[1])}; frame-ancestors *")] if own else []


def _part(exchange: HttpExchange, tag: str, modified: int, size: int) -> tuple[int, int, int]:
    """First byte, last byte and status of what is sent."""
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
    """True without the field ``If-Range``, and when it names this version (RFC 9110, section 13.1.5)."""
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
