"""Why a process that worked on a query ended: found from its exit status and from standard error.

pyoxigraph is built so that a panic of the engine, and memory that cannot be had, abort the process: both are
SIGABRT, and only what Rust or C++ wrote to standard error tells them apart.
"""

from __future__ import annotations

import re
import signal
from enum import StrEnum

WORDS = 4096
"""Bytes of standard error, from its beginning, that tell why a process was aborted."""

_WORDS = re.compile(
    rb"^(?P<memory>memory allocation of \d+ bytes failed|.*std::bad_alloc|MemoryError)"
    rb"|(?P<crash>has overflowed its stack)|(?P<engine>panicked at )",
    re.MULTILINE,
)


class Ending(StrEnum):
    """Why there is no answer: past its time; out of the memory that it may take; a failure of the engine;
    a crash as of a query that is nested too deeply; killed from outside, as when the machine runs out of
    memory; because the workers were told to stop; for a reason that nobody knows."""

    TIME = "time"
    MEMORY = "memory"
    ENGINE = "engine"
    CRASH = "crash"
    KILLED = "killed"
    STOPPING = "stopping"
    FAILURE = "failure"


def ending(status: int, words: bytes) -> Ending:
    """The ending of a process that nobody here has killed.

    ``status`` is its exit code, negative for a signal; ``words`` is what it wrote to standard error.
    """
    if status >= 0:
        return Ending.FAILURE
    match -status:
        case signal.SIGABRT:
            found = _WORDS.search(words)
            return Ending(found.lastgroup) if found is not None and found.lastgroup else Ending.ENGINE
        case signal.SIGSEGV | signal.SIGBUS:
            return Ending.CRASH
        case signal.SIGILL | signal.SIGTRAP | signal.SIGFPE | signal.SIGSYS:
            return Ending.ENGINE
    return Ending.KILLED


def first_words(words: bytes) -> str:
    """Standard error up to the stack trace, in one line of at most 300 characters."""
    beginning = re.split(r"stack backtrace:|note: run with", words.decode("utf-8", "replace"))[0]
    return " ".join(beginning.split())[:300]
