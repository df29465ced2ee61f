"""The list of all pages for search engines (sitemaps.org, protocol 0.9), in as many files as it takes."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from transfergraph.publish.site_files import write
from transfergraph.web.addresses import HTML, Site
from transfergraph.web.sitemap import sitemap_document

_MOST = 40_000  # addresses in one file; the protocol allows 50,000


def write_sitemaps(site: Site, locals_: Iterable[str], folder: Path) -> None:
    """Write ``sitemap.xml``, an index when one file does not hold all pages, and ``robots.txt``.

    ``locals_`` are the paths of what has pages; each has one in every language.
    """
    addresses = (site.address(local, HTML, language) for local in locals_ for language in site.languages)
    parts = []
    while part := list(islice(addresses, _MOST)):
        parts.append(part)
    if len(parts) == 1:
        write(folder, "sitemap.xml", sitemap_document("urlset", "url", parts[0]).encode())
    else:
        names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
        for name, part in zip(names, parts, strict=True):
            write(folder, name, sitemap_document("urlset", "url", part).encode())
        index = sitemap_document("sitemapindex", "sitemap", [f"{site.url}{name}" for name in names])
        write(folder, "sitemap.xml", index.encode())
    write(folder, "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {site.url}sitemap.xml\n".encode())
