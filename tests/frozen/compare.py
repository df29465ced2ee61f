"""Differences between two collections: files in folders, and exchanges in a transcript of HTTP."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from frozen.commands import SITE
from frozen.parts import WHOLE, parts_of
from frozen.scripts import names, pair_lines, renamed
from frozen.texts import Masks, header_lines, lines_of

MISSING = "(only in the new)", "(only in the old)"
ORDER = "(the same lines in another order)"
_FEW = 200  # bodies that one process compares
_MANY = 1_000_000  # pairs of lines, from which they are counted, and not told in their order
TRANSCRIPT = "http.jsonl"
STATUS, FIELD = "status", "field "
"""The parts of an answer beside those of its body: its status, and each header field by its name."""
_DATA = re.compile(r"(?:releases|\.zip)/<release[^/]*>/(?:.*/)?data/")  # of a release
_UNSEEN = {"store", ".lock"}  # a cache whose bytes are the database's affair, and a lock


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that only one of the two has: "-" and the old line, or "+" and the new one; "~" and a name of a script
    that is another where the line else is the same. The part is that of the document in which it stands."""

    place: str
    line: str
    part: str = WHOLE


@dataclass(frozen=True, slots=True)
class Item:
    """Something to compare: the bytes of a file, or an answer with its header fields."""

    kind: str
    body: bytes
    fields: tuple[str, ...] = ()


def items_of(folder: Path, masks: Masks) -> Iterator[tuple[str, Item]]:
    """Everything that was collected in a folder, by places in which what must differ is replaced."""
    for path in sorted(folder.rglob("*")):
        local = path.relative_to(folder)
        if _UNSEEN & set(local.parts) or local.parts[:2] == ("http", "bodies"):
            continue
        place = masks.identity(local.as_posix())
        if path.is_symlink():
            yield place, Item("link", str(path.readlink()).encode())
        elif path.name == TRANSCRIPT:
            yield from _exchanges(path)
        elif zipfile.is_zipfile(path) and path.suffix == ".zip":
            yield from _entries(place, path, masks)
        elif path.is_file():
            yield place, Item("command" if local.parts[0] == "cli" else path.name, path.read_bytes())


def _entries(place: str, archive: Path, masks: Masks) -> Iterator[tuple[str, Item]]:
    with zipfile.ZipFile(archive) as stream:
        for name in stream.namelist():
            yield f"{place}/{masks.identity(name)}", Item(name, stream.read(name))


def _exchanges(transcript: Path) -> Iterator[tuple[str, Item]]:
    for line in transcript.read_text(encoding="utf-8").splitlines():
        known = json.loads(line)
        fields = (f"HTTP {known['status']}", *header_lines([(k, v) for k, v in known["fields"]]))
        body = (transcript.parent / "bodies" / known["body"]).read_bytes()
        place = f"http/{known['request']}"
        name = _route(place).rpartition("/")[2].partition("?")[0]  # says what is packed
        yield place, Item(name if known["kind"].endswith("gzip") else known["kind"], body, fields)


def compare(old: Path, new: Path, old_masks: Masks, new_masks: Masks) -> list[Difference]:
    """Every line that differs, after what must differ is replaced.

    What two bodies have that differs is told once, at the first place that has both: a page is the same page whichever
    header fields it was asked with, and a range is a part of it. A route that only one has is told once; of an answer
    that has another status nothing else is told.
    """
    before, after = dict(items_of(old, old_masks)), dict(items_of(new, new_masks))
    masks = old_masks, new_masks
    unknown = _unknown(before), _unknown(after)
    known: set[tuple[bool, bytes, bytes]] = set()
    missing: dict[Difference, None] = {}
    fields: list[Difference] = []
    pairs: list[_Pair] = []
    for place in sorted(before.keys() | after.keys(), key=_order):
        one, other = (
            None if _route(place) in known else items.get(place)
            for items, known in zip(
                (before, after), (unknown[0] - unknown[1], unknown[1] - unknown[0]), strict=True
            )
        )
        if one is None or other is None:
            missing[Difference(_route(place), f"+{MISSING[0]}" if one is None else f"-{MISSING[1]}")] = None
            continue
        fields += [Difference(place, line, part) for part, line in _header(one, other, *masks)]
        if one.fields[:1] != other.fields[:1] or _is_range_of_what_differs(place, one, before, after):
            continue
        key = (bool(_DATA.search(place)), one.body, other.body)
        if one.body != other.body and key not in known:
            known.add(key)
            pairs.append(_Pair(place, one, other, masks))
    return [*missing, *fields, *chain.from_iterable(_compared(pairs))]


@dataclass(frozen=True, slots=True)
class _Pair:
    """What was got at a place before and after, and what must differ between the two."""

    place: str
    one: Item
    other: Item
    masks: tuple[Masks, Masks]


def _compared(pairs: Sequence[_Pair]) -> Iterable[list[Difference]]:
    """The differences of each, in their order; many are compared by several processes."""
    if len(pairs) < _FEW:
        return map(_differences, pairs)
    with ProcessPoolExecutor() as pool:
        return list(pool.map(_differences, pairs, chunksize=16))


def _differences(pair: _Pair) -> list[Difference]:
    told = _bodies(pair.one, pair.other, pair.masks, bool(_DATA.search(pair.place)), _address(pair.place))
    return [Difference(pair.place, line, part) for part, line in told]


def _order(place: str) -> tuple[bool, bool, str, int, str]:
    """Files before exchanges; of these first the routes that say their form, each first without header fields."""
    route, _, fields = place.replace("http/HEAD", "http/GET").partition(" [")
    asked = place.startswith("http/")
    return asked, asked and "." not in route.rpartition("/")[2], route, len(fields), place


def _route(place: str) -> str:
    """The place, of an exchange its route, as it is asked for."""
    room, _, asked = place.partition(" [")[0].partition("/")
    return f"http/GET /{asked.partition(' /')[2]}" if room == "http" else place


def _is_range_of_what_differs(
    place: str, item: Item, before: Mapping[str, Item], after: Mapping[str, Item]
) -> bool:
    whole = [items[_route(place)].body for items in (before, after) if _route(place) in items]
    return item.fields[:1] == ("HTTP 206",) and len(set(whole)) > 1


def _unknown(items: Mapping[str, Item]) -> set[str]:
    """The routes that are not there."""
    return {
        place for place, item in items.items() if item.fields[:1] == ("HTTP 404",) and place == _route(place)
    }


def _address(place: str) -> str:
    """The path under which what lies at a place is seen."""
    room, _, local = _route(place).partition("/")
    path = urlsplit(SITE).path if room in ("site", "bare") else "/"
    return f"{path}{(local.partition(' /')[2] if room == 'http' else local).partition('?')[0]}"


def _bodies(
    one: Item, other: Item, masks: tuple[Masks, Masks], exact: bool, address: str
) -> Iterator[tuple[str, str]]:
    """The lines that differ in each part, and the parts that only one has."""
    before, after = (
        parts_of(item.kind, item.body, mask, exact, address)
        for item, mask in zip((one, other), masks, strict=True)
    )
    same = True
    for part in dict.fromkeys([*before, *after]):
        if part not in before or part not in after:
            told = [f"+{MISSING[0]}" if part in after else f"-{MISSING[1]}"]
        else:
            told = [*differing(before[part], after[part])]
        same = same and not told
        yield from ((part, line) for line in told)
    if same:  # only how it is written
        lines = (
            lines_of(item.kind, item.body, mask, exact)
            for item, mask in zip((one, other), masks, strict=True)
        )
        yield from ((WHOLE, line) for line in differing(*lines))


def _header(one: Item, other: Item, old: Masks, new: Masks) -> Iterator[tuple[str, str]]:
    """The status or else the header fields that differ."""
    if one.fields[:1] != other.fields[:1]:
        yield from ((STATUS, line) for line in (f"-{one.fields[0]}", f"+{other.fields[0]}"))
    elif one.fields != other.fields:
        told = differing([old.text(f) for f in one.fields], [new.text(f) for f in other.fields])
        yield from ((f"{FIELD}{line[1:].partition(':')[0]}", line) for line in told)


def differing(old: Sequence[str], new: Sequence[str]) -> Sequence[str]:
    """The lines that only one has, signed, in their order, and each other name in a script."""
    return _differing(tuple(old), tuple(new))


@lru_cache(maxsize=2_000)  # pages have the same scripts, and much else
def _differing(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_signed(old, new))


def _signed(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    both_names = names(old), names(new)
    start = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    old, new = old[start:], new[start:]
    end = next(
        (i for i, (a, b) in enumerate(zip(reversed(old), reversed(new), strict=False)) if a != b),
        min(len(old), len(new)),
    )
    old, new = old[: len(old) - end], new[: len(new) - end]
    if len(old) * len(new) > _MANY and not any(both_names):
        yield from _by_count(old, new)
        return
    for before, after in pair_lines(old, new):
        others = renamed(before, after, *both_names)
        if others is not None:
            yield from (f"~{other}" for other in others)
        else:
            yield from (f"-{line}" for line in before)
            yield from (f"+{line}" for line in after)


def _by_count(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines that only one has, or has more often; where there are none, that the order is another."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    for sign, lines, more in (("-", old, gone), ("+", new, come)):
        for line in lines:
            if more[line] > 0:
                more[line] -= 1
                yield f"{sign}{line}"
    if Counter(old) == Counter(new):
        yield f"-{ORDER}"
        yield f"+{ORDER}"


def readable(differences: Sequence[Difference], most: int = 40, lines: int = 6) -> str:
    """The differences for people: the first lines of each place; places that differ alike are told together."""
    by_place: dict[str, list[str]] = {}
    for difference in differences:
        by_place.setdefault(difference.place, []).append(difference.line)
    alike: dict[tuple[str, ...], list[str]] = {}
    for place, its_lines in by_place.items():
        alike.setdefault(tuple(its_lines), []).append(place)
    told = []
    for shared, places in list(alike.items())[:most]:
        others = f"  and {len(places) - 1:,} more places, the last {places[-1]}" if len(places) > 1 else ""
        told.append(f"{places[0]}{others}")
        told += [f"    {line if len(line) <= 200 else line[:200] + ' ...'}" for line in shared[:lines]]
        if len(shared) > lines:
            told.append(f"    ... and {len(shared) - lines:,} more lines")
    if len(alike) > most:
        told.append(f"... and {len(alike) - most:,} more kinds of differences")
    return "\n".join(told)


def count(folder: Path, masks: Masks) -> Mapping[str, int]:
    """How many things were collected in each room."""
    rooms: dict[str, int] = {}
    for place, _ in items_of(folder, masks):
        room = place.partition("/")[0]
        rooms[room] = rooms.get(room, 0) + 1
    return rooms
