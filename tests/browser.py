"""Chromium for tests: found on the machine, started without a display and without going online."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """The path of a Chromium on this machine; None when there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running Chromium; the test is skipped with the reason when none is installed."""
    path = find_chromium()
    if path is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Watch:
    """Everything a page should not do, as it happens: requests beside its own file, errors, dialogs."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self._dismiss(dialog.message, dialog.dismiss))

    def _dismiss(self, message: str, dismiss: object) -> None:
        self.complaints.append(f"dialog: {message}")
        if callable(dismiss):
            dismiss()


@contextmanager
def opened(browser: Browser, path: Path, **options: object) -> Iterator[tuple[Page, Watch]]:
    """The file in a fresh tab, watched from the first byte; ``options`` are those of ``new_context``."""
    context = browser.new_context(**options)  # type: ignore[arg-type]
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        yield page, watch
    finally:
        context.close()
