"""Chromium for tests: found on the machine, started without a display and without going online."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-3d-apis",  # no WebGL: nothing of ours may need it
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


def until(page: Page, expression: str, arg: object = None) -> None:
    """Wait for it; Playwright's own way of waiting needs what the policy of our pages forbids."""
    for _ in range(600):
        if page.evaluate(expression, arg):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"not in thirty seconds: {expression}")


class Watch:
    """What a page does, as it happens: the addresses it asks for, what it writes to the console, its dialogs."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", self._dismiss)

    def _dismiss(self, dialog: Dialog) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@contextmanager
def opened(
    browser: Browser,
    path: Path,
    *,
    width: int = 1440,
    height: int = 900,
    dark: bool = False,
    scripts: bool = True,
    phone: bool = False,
    locale: str = "de-DE",
) -> Iterator[tuple[Page, Watch]]:
    """The file in a fresh tab, watched from the first byte; without a locale of its own the reader is German."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        java_script_enabled=scripts,
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
        locale=locale,
    )
    try:
        page = context.new_page()
        watch = Watch(page)
        page.goto(path.as_uri())
        page.wait_for_load_state("load")
        yield page, watch
    finally:
        context.close()
