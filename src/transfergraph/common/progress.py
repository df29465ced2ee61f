"""How a long run tells where it is."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum


class Stage(Enum):
    """The stages of a build, in order; the value is the last part of the message key ``stage.<value>``."""

    READ = "read"
    CHECK = "check"
    MAP = "map"
    DERIVE = "derive"
    VALIDATE = "validate"
    DUMP = "dump"
    PUBLISH = "publish"


Progress = Callable[[Stage], None]
"""Called at the beginning of each stage."""


def silent(stage: Stage) -> None:
    """A progress that tells nothing."""
