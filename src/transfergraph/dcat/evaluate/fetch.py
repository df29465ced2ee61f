"""Fetching what a catalogue refers to: from folders that mirror an address, or from the web, with limits."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx2

_FIELDS = {"User-Agent": "transfergraph catalogue check", "Accept": "*/*", "Accept-Encoding": "identity"}


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
    client = httpx2.Client(
        headers=_FIELDS,
        timeout=limits.seconds,
        follow_redirects=True,
        limits=httpx2.Limits(max_keepalive_connections=0),
    )
    end = time.monotonic() + limits.total_seconds

    def fetch(url: str) -> Fetched:
        if not url.startswith(("http://", "https://")):
            return NOT_TRIED
        if time.monotonic() >= end:
            return Fetched(False, problem="out of time")
        try:
            with client.stream("GET", url) as answer:
                if not answer.is_success:
                    return Fetched(True, answer.status_code)
                deadline = min(time.monotonic() + limits.seconds, end)
                return _save(answer, folder, deadline, limits.megabytes << 20)
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError) as error:
            return Fetched(True, problem=str(error))

    return fetch


def _save(answer: httpx2.Response, folder: Path, deadline: float, limit: int) -> Fetched:
    status = answer.status_code
    media_type = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower() or None
    size = 0
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as target:
        for chunk in answer.iter_raw():
            size += len(chunk)
            if size > limit or time.monotonic() > deadline:
                problem = "too large" if size > limit else "too slow"
                Path(target.name).unlink()
                return Fetched(True, status, None, media_type, problem)
            target.write(chunk)
    return Fetched(True, status, Path(target.name), media_type)
