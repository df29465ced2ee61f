"""How a publication tells where it is."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class PublishStep(Enum):
    """The steps of a publication; the value is the last part of the message key ``step.<value>``."""

    COPY = "copy"
    PAGES = "pages"
    COMPARE = "compare"
    SEND = "send"
    MOVE = "move"
    VERIFY = "verify"
    PACK = "pack"


Advance = Callable[[PublishStep, int, int], None]
"""Called with a step, how much of it is done, and how much there is to do (0 where that is not known)."""


def silent(step: PublishStep, done: int, total: int) -> None:
    """An advance that tells nothing."""
