"""Raw files in a workspace: brought by path or address, kept by checksum, listed.

They lie below ``.raw``, which git ignores; ``files.toml`` in the folder of the source says which they are.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import unquote, urlsplit

import httpx2

from transfergraph.common.files import replace_file
from transfergraph.common.packaged import packaged
from transfergraph.common.text import Text
from transfergraph.config.raw_files import CACHE, FILES_FILE, RawFile
from transfergraph.config.workspace import SOURCE_FILE, Source, open_workspace, raw_files
from transfergraph.errors import InputError, UsageError
from transfergraph.messages import explained

_PIECE = 1 << 20
_SECONDS = 60  # without an answer
_READY = "ready_sources"
_SHARED = "shared"
"""A file of a ready source with the SQL files, a line for each, that it has in common with others."""

_ADDRESSES = ("http://", "https://")


def ready_sources() -> tuple[str, ...]:
    """The names of the sources that come with the package."""
    folder = packaged(_READY)
    return tuple(sorted(one.name for one in folder.iterdir() if (one / SOURCE_FILE).is_file()))


def new_source(root: Path, name: str) -> Path:
    """Make the folder of a source that comes with the package, or else a skeleton that builds.

    Raises :class:`UsageError` where there is one of that name, or for a name that is none.
    """
    folder = root / "data" / name
    if folder.exists():
        raise UsageError(explained("error.source.exists", folder=folder))
    if PurePosixPath(name).name != name or not name.replace("-", "").isalnum():
        raise UsageError(explained("error.source.name", name=name))
    languages = open_workspace(root).settings.languages
    ready = name if name in ready_sources() else "skeleton"
    template = packaged(_READY, ready) if name in ready_sources() else packaged("new_source")
    ignored = shutil.ignore_patterns(_SHARED)
    shutil.copytree(template, folder, copy_function=shutil.copyfile, ignore=ignored)
    shared = template / _SHARED
    for line in shared.read_text(encoding="utf-8").split() if shared.is_file() else ():
        shutil.copyfile(template.parent / line, folder / PurePosixPath(line).name)
    text = (folder / SOURCE_FILE).read_text(encoding="utf-8")
    (folder / SOURCE_FILE).write_text(_in_languages(text, languages), encoding="utf-8")
    sample = folder / "list.csv"
    if sample.is_file():
        add_source(root, name, str(sample))
        sample.unlink()
    return folder


def _in_languages(text: str, languages: tuple[str, ...]) -> str:
    """The settings with a line for each language of the workspace: that of English where there is none."""
    lines: list[str] = []
    for line in text.splitlines():
        key = line.partition(" = ")[0]
        stem, _, language = key.rpartition("_")
        if language == "en" and " = " in line:
            lines += [f"{stem}_{one}{line[len(key) :]}" for one in languages if one != "de"]
        elif language == "de" and " = " in line and "de" not in languages:
            continue
        else:
            lines.append(line)
    return "\n".join(lines) + "\n"


def add_source(
    root: Path, name: str, origin: str, progress: Callable[[int], None] = lambda _: None
) -> tuple[RawFile, ...]:
    """Bring raw files into the workspace: a file, every file of a folder, or what an address answers with.

    A source that comes with the package is made first where there is no folder of that name. A download that
    broke off goes on where it was (RFC 9110, section 14). A file takes the place of the one with its name.
    Raises :class:`InputError` for what cannot be had, :class:`UsageError` for an unknown source.
    """
    folder = root / "data" / name
    if not folder.is_dir():
        if name not in ready_sources():
            known = ", ".join(ready_sources())
            raise UsageError(explained("error.source.no-folder", name=name, known=known))
        new_source(root, name)
    cache = _cache(root)
    if origin.startswith(_ADDRESSES):
        added = [_downloaded(cache, origin, progress)]
    else:
        added = [_copied(cache, path) for path in _paths(Path(origin))]
    source = next(one for one in open_workspace(root, [name]).sources)
    _record(folder, source, added)
    return tuple(added)


def _paths(origin: Path) -> list[Path]:
    if origin.is_dir():
        found = [one for one in sorted(origin.iterdir()) if one.is_file() and not one.name.startswith(".")]
        if found:
            return found
    if not origin.is_file():
        raise InputError(explained("error.source.no-file", file=origin))
    return [origin]


def _cache(root: Path) -> Path:
    cache = root / CACHE
    cache.mkdir(exist_ok=True)
    (cache / ".gitignore").write_text("*\n", encoding="utf-8")
    return cache


def _copied(cache: Path, path: Path) -> RawFile:
    with path.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
    file = RawFile(path.name, checksum, path.stat().st_size, date.today())
    with _placed(cache.parent / file.cached) as target, path.open("rb") as stream:
        shutil.copyfileobj(stream, target, _PIECE)
    return file


@contextmanager
def _placed(target: Path) -> Iterator[IO[bytes]]:
    target.parent.mkdir(exist_ok=True)
    with replace_file(target) as stream:
        yield stream


def _downloaded(cache: Path, url: str, progress: Callable[[int], None]) -> RawFile:
    name = unquote(PurePosixPath(urlsplit(url).path).name) or "download"
    name = PurePosixPath(name.replace("\\", "/")).name.lstrip(".") or "download"
    part = (cache / hashlib.sha256(url.encode()).hexdigest()[:16]).with_suffix(".part")
    _fetch(url, part, progress)
    with part.open("rb") as stream:
        checksum = hashlib.file_digest(stream, "sha256").hexdigest()
    file = RawFile(name, checksum, part.stat().st_size, date.today(), url)
    target = cache.parent / file.cached
    target.parent.mkdir(exist_ok=True)
    part.replace(target)
    part.with_suffix(".etag").unlink(missing_ok=True)
    return file


def _fetch(url: str, part: Path, progress: Callable[[int], None]) -> None:
    """Fetch to a file, from where it ends if the server still has the same (``If-Range`` with its ETag)."""
    known = part.with_suffix(".etag")
    begin = part.stat().st_size if part.is_file() and known.is_file() else 0
    headers = {"Accept-Encoding": "identity"}
    if begin:
        headers |= {"Range": f"bytes={begin}-", "If-Range": known.read_text(encoding="utf-8")}
    try:
        with httpx2.stream("GET", url, headers=headers, follow_redirects=True, timeout=_SECONDS) as answer:
            answer.raise_for_status()
            _remember(known, answer.headers.get("ETag", ""))
            with part.open("ab" if answer.status_code == httpx2.codes.PARTIAL_CONTENT else "wb") as out:
                for piece in answer.iter_bytes():  # as they come: what broke off is kept
                    out.write(piece)
                    progress(out.tell())
    except httpx2.HTTPError as error:
        raise InputError(explained("error.source.download", url=url, error=error)) from error


def _remember(known: Path, etag: str) -> None:
    """Keep a strong ETag, with which a download can go on; a weak one promises no equal bytes."""
    if etag.startswith('"'):
        known.write_text(etag, encoding="utf-8")
    else:
        known.unlink(missing_ok=True)


def _record(folder: Path, source: Source, added: list[RawFile]) -> None:
    files = {one.name: one for one in (*raw_files(source), *added)}
    lines = ["# The raw files of this source; transfergraph source add writes it.\n"]
    for number, name in enumerate(sorted(files), 1):
        one = files[name]
        lines.append(f'[file.{number}]\nname = {_toml(one.name)}\nsha256 = "{one.sha256}"\n')
        lines.append(f"bytes = {one.bytes}\nadded = {one.added}\n")
        lines.append(f"url = {_toml(one.url)}\n\n" if one.url else "\n")
    with replace_file(folder / FILES_FILE) as stream:
        stream.write("".join(lines).encode())


def _toml(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def differing(root: Path, file: RawFile) -> Text | None:
    """Why a raw file is not the recorded one; None for one that is."""
    path = root / file.cached
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found == file.sha256:
        return None
    return explained("error.raw.other", file=file.cached, found=found, sha256=file.sha256)
