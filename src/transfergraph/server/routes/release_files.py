"""Downloads: the files that the manifest of a release lists, whole or in ranges (RFC 9110, section 14)."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from transfergraph.common.formats import MEDIA_TYPES, is_compressible
from transfergraph.dcat.inputs import dataset_of
from transfergraph.messages import explained
from transfergraph.release.publish_release import RELEASES
from transfergraph.server.caching import CACHED, Version
from transfergraph.server.compression import compressed
from transfergraph.server.http_exchange import Field, HttpExchange, Refusal, response
from transfergraph.server.negotiation import choose_coding, content_type
from transfergraph.server.pool.kept_releases import KeptReleases
from transfergraph.server.pool.release_manager import ReleaseManager, ReleaseOnDisk
from transfergraph.server.problems import Problem
from transfergraph.server.routes.mementos import memento_fields, memento_links
from transfergraph.server.routes.worker_routes import answer_entity
from transfergraph.web.addresses import HTML, Address
from transfergraph.web.listed_files import FileResource, find_file
from transfergraph.web.typed_links import TypedLink

_RANGE = re.compile(r"bytes=\s*(?:([0-9]{1,18})-([0-9]{0,18})|-[0-9]{1,18})\s*", re.IGNORECASE)
_LARGEST, _SMALLEST = 8 << 20, 1024  # bytes of files that are compressed on request
_COMPRESSED_FILES = 32  # that are kept
_RELEASE = re.compile(rf"{RELEASES}/(?P<id>[A-Za-z0-9][A-Za-z0-9.-]*)/(?P<path>.+)")
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')
_IMMUTABLE = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Download:
    """A file of a release, whether or not that is the current one; ``kept`` when it was asked for as one."""

    release: ReleaseOnDisk
    file: FileResource
    kept: bool

    @property
    def is_final(self) -> bool:
        """True when these bytes are the last that this address has."""
        return self.kept or self.file.is_final

    def tag(self, coding: str = "identity") -> str:
        """The entity tag of the file in a content coding."""
        digest = self.release.files[self.file.path][:40]
        return f'"{digest}"' if coding == "identity" else f'"{digest}-{coding}"'

    def fields(self, version: Version, path: Path) -> list[Field]:
        """The header fields that whole files, ranges and 304 have in common."""
        return [
            ("content-type", content_type(self.file.media_type)),
            ("cache-control", _IMMUTABLE if self.is_final else CACHED),
            ("vary", "Accept-Encoding"),
            *version.fields,
            *_content_policy(path),
        ]


class FilesRoute:
    """Sends the files that the manifest of a release lists; all other paths are left to the workers."""

    def __init__(self, manager: ReleaseManager, kept: KeptReleases) -> None:
        self._manager = manager
        self._kept = kept
        self._compressed: dict[str, bytes] = {}

    async def answer(self, exchange: HttpExchange) -> Response:
        """Answer for any path that has no route of its own."""
        found = self._find(exchange.path)
        if found is None:
            return await answer_entity(self._manager, exchange)
        exchange.kind = "file"
        await exchange.require_reading()
        return await self._file(exchange, found)

    def _find(self, path: str) -> _Download | None:
        release, is_kept = self._manager.current.release, False
        file = find_file(path, release.files)
        if file is None and (other := _RELEASE.fullmatch(path)) and (kept := self._kept.find(other["id"])):
            release, is_kept, file = kept, True, find_file(other["path"], kept.files)
        return None if file is None else _Download(release, file, is_kept)

    async def _links(self, exchange: HttpExchange, found: _Download) -> list[Field]:
        """To what the file belongs, and to its states at other times."""
        local, site, manifest = found.file.local, exchange.known_url, found.release.manifest
        if found.kept:
            return await asyncio.to_thread(memento_fields, self._kept, manifest.id, local, site)
        if not site:
            return []
        links = memento_links(local, site)
        dataset = f"dataset/{dataset_of(found.file.path)}"
        if f"{manifest.base}{dataset}" in manifest.datasets:
            page = f"{site}{Address(dataset, HTML)}"
            links.append(str(TypedLink("collection", page, MEDIA_TYPES[HTML])))
        return [("link", ", ".join(links))]

    async def _file(self, exchange: HttpExchange, found: _Download) -> Response:
        """A file, or the requested range of it."""
        name, folder, coding = found.file.path, found.release.root(found.file.path), "identity"
        if is_compressible(found.file.media_type):
            coding = choose_coding(exchange.header("accept-encoding"))
        path = folder / name
        try:
            if path.resolve() != folder.resolve() / name:
                raise PermissionError(f"{name} is a link.")
            status = path.stat()
            if exchange.header("range") or not _SMALLEST <= status.st_size <= _LARGEST:
                coding = "identity"
            version = Version(found.tag(coding), found.release.modified)
            fields = found.fields(version, path)
        except OSError as error:
            raise Refusal(Problem(404, "not-found", explained("problem.file-missing", file=name))) from error
        fields += [("accept-ranges", "bytes")] if coding == "identity" else [("content-encoding", coding)]
        if (short := version.precondition(exchange, fields)) is not None:
            return short
        fields += await self._links(exchange, found)
        if coding != "identity":
            return response(200, fields, await self._packed(path, version.etag, coding))
        if status.st_size <= _FileResponse.chunk_size and not exchange.header("range"):
            return response(200, fields, await asyncio.to_thread(path.read_bytes))  # changes threads once
        return _FileResponse(path, headers=dict(fields), stat_result=status)

    async def _packed(self, path: Path, tag: str, coding: str) -> bytes:
        body = self._compressed.get(tag)
        if body is None:
            body = await asyncio.to_thread(lambda: compressed(path.read_bytes(), coding))
            if len(self._compressed) >= _COMPRESSED_FILES:
                self._compressed.pop(next(iter(self._compressed)))
            self._compressed[tag] = body
        return body


class _FileResponse(FileResponse):
    """A file or one range of it, in larger pieces than Starlette's; any other Range is ignored.

    RFC 9110, section 14.2, allows that for several ranges, and demands it for other methods than GET.
    """

    chunk_size = 1 << 19  # each changes threads: half the size gives a quarter fewer files in a CPU second

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See Starlette; raises :class:`Refusal` for a range without any byte of the file (416)."""
        if scope["method"] != "GET" or not is_range(Headers(scope=scope).get("range", "")):
            scope = {**scope, "headers": [field for field in scope["headers"] if field[0] != b"range"]}

        async def unless_refused(message: Message) -> None:
            if message.get("status") == 416:
                size = Headers(raw=message["headers"])["content-range"]
                sentence = explained("problem.range", size=size.rpartition("/")[2])
                raise Refusal(Problem(416, "range", sentence, headers=(("content-range", size),)))
            await send(message)

        await super().__call__(scope, receive, unless_refused)


def is_range(field: str) -> bool:
    """True for a value of ``Range`` that asks for one range of bytes."""
    found = _RANGE.fullmatch(field)
    return found is not None and (not found[2] or int(found[1]) <= int(found[2]))


def _content_policy(path: Path) -> list[Field]:
    """A page that is complete in itself carries the policy for its own scripts, and may be framed."""
    if path.suffix != ".html":
        return []
    from html import unescape  # half a MiB, for few pages

    with path.open("rb") as page:
        own = _POLICY.search(page.read(4096).decode("utf-8", "replace"))
    return [("content-security-policy", f"{unescape(own[1])}; frame-ancestors *")] if own else []
