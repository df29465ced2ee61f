"""Fetching what a catalogue refers to: from folders that mirror an address, or from the web, with limits."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from urllib import request
from urllib.error import HTTPError
from urllib.parse import unquote, urlsplit

_CHUNK = 1 << 16
_AGENT = "transfergraph catalogue check"
_HANDLERS = (  # those of build_opener without the ones for files, FTP and data URLs
    request.ProxyHandler,
    request.HTTPHandler,
    request.HTTPSHandler,
    request.HTTPDefaultErrorHandler,
    request.HTTPRedirectHandler,
    request.HTTPErrorProcessor,
    request.UnknownHandler,
)


@dataclass(frozen=True, slots=True)
class WebLimits:
    """How long and how much is fetched: seconds for one answer, MiB of one file, seconds for everything.

    What is beyond a limit is reported as such and never half a file.
    """

    seconds: float = 20.0
    megabytes: int = 512
    total_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer of an address.

    ``status`` is the HTTP status, or 200 for a file that is there; None when the address was not tried, or
    when nothing answered (``problem`` then says why). ``file`` has the bytes unless they are too many.
    """

    tried: bool
    status: int | None = None
    file: Path | None = None
    media_type: str | None = None
    problem: str | None = None

    @property
    def is_there(self) -> bool:
        """True for a status from 200 to 299, as data.europa.eu counts."""
        return self.status is not None and 200 <= self.status < 300


Fetch = Callable[[str], Fetched]

NOT_TRIED = Fetched(tried=False)


def fetch_nothing(url: str) -> Fetched:
    """Try no address: the evaluation then says what it could not test."""
    return NOT_TRIED


def from_folders(folders: Mapping[str, Path]) -> Fetch:
    """Answer addresses that begin with one of the prefixes from the folder that mirrors it."""

    def fetch(url: str) -> Fetched:
        for prefix, folder in folders.items():
            if url.startswith(prefix):
                file = (folder / unquote(urlsplit(url.removeprefix(prefix)).path)).resolve()
                inside = file.is_relative_to(folder.resolve())
                if inside and file.is_file():
                    return Fetched(True, 200, file)
                there = inside and file.is_dir()
                return Fetched(True, 200 if there else 404)
        return NOT_TRIED

    return fetch


def first_of(*ways: Fetch) -> Fetch:
    """Try one way after the other until one knows the address; each address is asked for once."""
    known: dict[str, Fetched] = {}

    def fetch(url: str) -> Fetched:
        if url not in known:
            known[url] = next((found for way in ways if (found := way(url)).tried), NOT_TRIED)
        return known[url]

    return fetch


def from_web(folder: Path, limits: WebLimits) -> Fetch:
    """Fetch ``http(s)`` addresses into files in the folder; no redirection leads to another scheme."""
    opener = request.OpenerDirector()
    for handler in _HANDLERS:
        opener.add_handler(handler())
    end = time.monotonic() + limits.total_seconds

    def fetch(url: str) -> Fetched:
        if not url.startswith(("http://", "https://")):
            return NOT_TRIED
        if time.monotonic() >= end:
            return Fetched(False, problem="out of time")
        try:
            asked = request.Request(url, headers={"User-Agent": _AGENT, "Accept": "*/*"})
            with opener.open(asked, timeout=limits.seconds) as answer:
                deadline = min(time.monotonic() + limits.seconds, end)
                return _save(answer, folder, deadline, limits.megabytes << 20)
        except HTTPError as error:
            with error:
                return Fetched(True, error.code)
        except (OSError, HTTPException, ValueError) as error:
            return Fetched(True, problem=str(getattr(error, "reason", None) or error))

    return fetch


def _save(answer: HTTPResponse, folder: Path, deadline: float, limit: int) -> Fetched:
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None
    size = 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        while chunk := answer.read(_CHUNK):
            size += len(chunk)
            if size > limit or time.monotonic() > deadline:
                problem = "too large" if size > limit else "too slow"
                Path(target.name).unlink()
                return Fetched(True, answer.status, None, media_type, problem)
            target.write(chunk)
    return Fetched(True, answer.status, Path(target.name), media_type)
