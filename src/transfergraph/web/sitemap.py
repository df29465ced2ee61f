"""For search engines: the list of all pages (sitemaps.org, protocol 0.9) and ``robots.txt`` (RFC 9309)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

MOST = 40_000
"""How many addresses are in one file; the protocol allows 50,000."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap_count(addresses: Sequence[str]) -> int:
    """How many files it takes to list these addresses."""
    return max(1, -(-len(addresses) // MOST))


def sitemap(url: str, addresses: Sequence[str], number: int = 0) -> str:
    """The sitemap below ``url`` with this number, from 1; number 0 is the index of all, or the only one.

    A number beyond the last gives an empty list.
    """
    count = sitemap_count(addresses)
    if number == 0 and count > 1:
        return _document("sitemapindex", "sitemap", (f"{url}sitemap-{n}.xml" for n in range(1, count + 1)))
    first = max(0, number - 1) * MOST
    return _document("urlset", "url", addresses[first : first + MOST])


def robots_txt(url: str, endpoint: bool) -> str:
    """What robots leave alone below ``url``, the answers of an ``endpoint``, and where the sitemap is."""
    prefix = urlsplit(url).path
    rules = f"Disallow: {prefix}sparql\nDisallow: {prefix}*?\n" if endpoint else "Allow: /\n"
    return f"User-agent: *\n{rules}Sitemap: {url}sitemap.xml\n"


def _document(kind: str, entry: str, addresses: Iterable[str]) -> str:
    listed = "".join(f"<{entry}><loc>{escape(one, quote=False)}</loc></{entry}>\n" for one in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}">\n{listed}</{kind}>\n'
