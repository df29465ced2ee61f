"""Who has which value of a facet, to be counted among the rows that are chosen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heappushpop
from itertools import compress

from transfergraph.common.text import Text
from transfergraph.lists.list_index_file import bits, read_numbers


class ValueRows:
    """The rows that have a value: as numbers where they are few, else a bit each in ``bits``."""

    __slots__ = ("_numbers", "bits", "count")

    def __init__(self, count: int, is_bits: bool, written: bytes) -> None:
        self.count = count
        self._numbers = None if is_bits else read_numbers(written)
        self.bits: int = int.from_bytes(written, "little") if is_bits else 0

    def whole(self, total: int) -> int:
        """A bit for each row."""
        return self.bits if self._numbers is None else int.from_bytes(bits(self._numbers, total), "little")

    def among(self, chosen: int, flags: bytes) -> int:
        """How many of them are chosen: the bits, and the same as a byte for each row."""
        if self._numbers is None:
            return int.bit_count(self.bits & chosen)
        return sum(map(flags.__getitem__, self._numbers))

    def rows(self, flags: bytes) -> Iterator[int]:
        """Those that are chosen."""
        if self._numbers is not None:
            return (row for row in self._numbers if flags[row])
        own = flags_of(self.bits, len(flags))
        return (row for row in compress(range(len(flags)), own) if flags[row])


def flags_of(chosen: int, total: int) -> bytes:
    """A byte for each row, 1 where its bit is set."""
    return f"{chosen:0{total}b}"[::-1].encode().translate(_DIGITS)[:total] if total else b""


_DIGITS = bytes(one - 48 if one in (48, 49) else 0 for one in range(256))


@dataclass(frozen=True, slots=True)
class FacetValues:
    """The values of a facet: keys, names, and who has them; ``none`` are those who have none, a bit each."""

    keys: Sequence[str]
    names: Sequence[Text]
    members: Sequence[ValueRows]
    none: int
    places: Mapping[str, int]
    ranked: Sequence[int]

    def counts(self, chosen: int, flags: bytes, most: int, picked: Sequence[str]) -> tuple[list[int], bool]:
        """How many chosen rows have each value, and whether some have more values, which were not counted.

        With ``most`` not 0 only so many have to be right, the most frequent, and those that are ``picked``:
        the values that more rows have come first, until no other can have as many.
        """
        found = [0] * len(self.keys)
        best: list[int] = []
        for at, place in enumerate(self.ranked):
            member = self.members[place]
            if most and len(best) == most and member.count < best[0]:
                for key in picked:
                    if (other := self.places.get(key)) is not None:
                        found[other] = self.members[other].among(chosen, flags)
                others = (one for one in self.ranked[at:] if not found[one])
                return found, any(self.members[one].among(chosen, flags) for one in others)
            count = found[place] = member.among(chosen, flags)
            if most and count:
                if len(best) < most:
                    heappush(best, count)
                else:
                    heappushpop(best, count)
        return found, False
