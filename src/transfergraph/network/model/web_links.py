"""Which addresses may become links."""

from __future__ import annotations

from urllib.parse import urlsplit


def web_address(url: str) -> str:
    """The address when it is one of the web, else an empty text: no other scheme may become a link."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""
