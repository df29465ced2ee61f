"""The routes of a server, found from what it offers: sitemap, manifest, OpenAPI, links in pages and header fields."""

from __future__ import annotations

import html
import json
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from frozen.exchanges import HOST, Answer
from frozen.texts import UNSEEN_FIELDS

# What nothing leads to, or what must be walked in any case.
SEEDS = Path(__file__).with_name("seeds.txt").read_text(encoding="utf-8").split()
_LINKS = re.compile(r'(?:href|src|action)="([^"]+)"|<loc>([^<]+)</loc>|"(https?://[^"\s]+)"')
_ENDING = re.compile(r"(\.[A-Za-z]\w*\.gz|\.(?:de|en)\.(?:html|png)|\.[A-Za-z]\w*)$")
_OF_ANY = {".nt", ".jsonld", ".rdf", ".linkset", ".png", ".de.png", ".en.png"}  # made alike of whatever it is
SAMPLES = 2
Route = tuple[str, bool]
"""A route, and whether it is asked in every way: the first that has its status, media type and header fields is."""


def shape(route: str) -> str:
    """What routes of a kind have in common: the first folder, the ending, and the names of the parameters.

    The lists and the documents of all classes are made by the same code: a list with choices is one of any class, and
    so is a picture or a form of RDF other than Turtle. Each page of a list links to those with one choice more, so
    that only the number of choices counts.
    """
    path, _, query = route.partition("?")
    ending = _ENDING.search(path)
    first, _, rest = path[1:].partition("/")
    keys = sorted({pair.partition("=")[0] for pair in query.split("&")})
    chosen = bool(query) and rest.startswith("index")
    told = str(min(len(keys), 3)) if chosen else "&".join(keys)
    folder = "*" if chosen or (ending and ending[1] in _OF_ANY) else first
    return f"{f'/{folder}/*' if rest else path}{ending[1] if rest and ending else ''}?{told}"


def _behaviour(route: str, answer: Answer) -> tuple[object, ...]:
    fields = frozenset(name.lower() for name, _ in answer.fields) - UNSEEN_FIELDS
    return answer.status, answer.field("content-type"), fields, shape(route) == "/sparql?"


def walk(fetch: Callable[[str], Answer], base: str, ids: Sequence[str]) -> list[Route]:
    """The routes to ask, in the order in which they are found: all seeds, what has gone, and some of each shape.

    ``base`` is the IRI under which entities are named, ``ids`` are those of the kept releases.
    """
    taken: Counter[str] = Counter()
    kinds: set[tuple[object, ...]] = set()
    found: dict[str, bool] = {}
    waiting = deque((seed, True) for seed in (*SEEDS, *(f"/releases/{one}/manifest.json" for one in ids)))
    while waiting:
        route, wanted = waiting.popleft()
        if route in found or (not wanted and taken[shape(route)] >= SAMPLES):
            continue
        taken[shape(route)] += not wanted
        answer = fetch(route)
        kind = _behaviour(route, answer)
        found[route] = kind not in kinds
        kinds.add(kind)
        waiting.extend((link, route.endswith("gone.json")) for link in _links(route, answer, base))
    return list(found.items())


def _links(route: str, answer: Answer, base: str) -> Iterator[str]:
    path = urlsplit(route).path
    text = answer.body.decode("utf-8", "replace") if answer.is_text and "/data/" not in path else ""
    targets = [
        target for field in ("link", "location") for target in re.findall(r"<([^>]+)>", answer.field(field))
    ]
    targets.append(answer.field("location"))
    if path.endswith("manifest.json") and answer.field("content-type") == "application/json":
        targets += [f"{path.rpartition('/')[0]}/{file['path']}" for file in json.loads(text)["files"]]
    targets += [html.unescape(next(filter(None, groups))) for groups in _LINKS.findall(text)]
    for target in targets:
        address = urljoin(f"http://{HOST}{path}", target.partition("#")[0])
        for root in (base, f"http://{HOST}/"):
            if target and address.startswith(root) and unquote(address).isprintable() and "{" not in address:
                local = "/" + address.removeprefix(root)
                yield local
                if local.endswith(".html") and "?" not in local:
                    yield _ENDING.sub("", local)
