"""How a long run reports where it is."""

from __future__ import annotations

from enum import Enum
from typing import Protocol


class Stage(Enum):
    """The stages of a build in order, then those of a publication; the value is the last part of the message
    key ``stage.<value>``."""

    READ = "read"
    CHECK = "check"
    RESOLVE = "resolve"
    MAP = "map"
    DERIVE = "derive"
    VALIDATE = "validate"
    DUMP = "dump"
    PUBLISH = "publish"

    COPY = "copy"
    PAGES = "pages"
    COMPARE = "compare"
    SEND = "send"
    MOVE = "move"
    VERIFY = "verify"
    PACK = "pack"


class Progress(Protocol):
    """Called at the beginning of each stage, and during those whose amount is known."""

    def __call__(self, stage: Stage, done: int = 0, total: int = 0, /) -> None:
        """``done`` of ``total`` are done, both 0 where that is not known."""
        ...


def silent(stage: Stage, done: int = 0, total: int = 0, /) -> None:
    """A progress that reports nothing."""
