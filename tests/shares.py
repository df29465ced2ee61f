"""A share of what is alike, which stands for all of it: what ``make test`` has no time to go through as a whole."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

Thing = TypeVar("Thing")
WHOLE = "WHOLE" in os.environ
"""Whether everything is gone through, as ``make nightly`` does."""
FIRST, EVERY = 3, 7


def share(things: Iterable[Thing], kind: Callable[[Thing], Hashable]) -> Iterator[Thing]:
    """Of each kind the first three and then every seventh, in the order in which they come; all where ``WHOLE`` is set."""
    counts: Counter[Hashable] = Counter()
    for thing in things:
        number = counts[key := kind(thing)]
        counts[key] += 1
        if WHOLE or number < FIRST or number % EVERY == 0:
            yield thing
