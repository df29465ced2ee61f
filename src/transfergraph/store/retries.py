"""How a server is asked over HTTP: how long it is waited for, how often it is asked, what it refuses."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TypeVar

from transfergraph.common.text import Text
from transfergraph.errors import StoreUnavailable, UsageError
from transfergraph.messages import explained

T = TypeVar("T")


class RetryLater(StoreUnavailable):
    """One attempt failed in a way that another may mend; the server may have done what was asked or not.

    ``wait`` is what the server asked for, in seconds. The message is a clause without its full stop.
    """

    def __init__(self, told: Text, wait: float | None = None) -> None:
        super().__init__(told)
        self.wait = wait


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a server is waited for.

    ``timeout``: whole seconds for one answer. ``attempts``: how often a query is sent at most when the server
    refuses the connection, breaks off, or says that it is busy (429, 502, 503, 504). ``first_wait``:
    seconds before the second attempt, doubled each time; a server that names its own (Retry-After) is
    obeyed. ``longest_wait``: seconds beyond which no wait goes; a server that asks for more is given up.
    """

    timeout: int = 60
    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def repeat(self, attempt: Callable[[], T]) -> T:
        """What an attempt returns, after as many that raise :class:`RetryLater` as the policy allows.

        Raises :class:`StoreUnavailable` after the last, or when the server asks for too long a wait.
        """
        wait = self.first_wait
        for number in range(1, self.attempts + 1):
            try:
                return attempt()
            except RetryLater as again:
                pause = min(wait, self.longest_wait) if again.wait is None else again.wait
                if number == self.attempts:
                    raise StoreUnavailable(
                        explained("error.server.asked", server=again, number=number)
                    ) from again
                if pause > self.longest_wait:
                    told = explained("error.server.later", server=again, pause=round(pause))
                    raise StoreUnavailable(told) from again
                time.sleep(pause)
                wait *= 2
        raise UsageError(explained("error.server.attempts"))


PATIENT = RetryPolicy()


def retry_after(value: str | None) -> float | None:
    """Seconds to wait: the header holds seconds or a date (RFC 9110, section 10.2.3)."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def user_agent() -> str:
    """The value of the header User-Agent."""
    return f"transfergraph/{version('transfergraph')}"


def busy(url: str, status: str, wait: str | None) -> RetryLater:
    """The error of a server that asks to be asked again; ``wait`` is its field ``Retry-After``."""
    return RetryLater(explained("error.server.busy", url=url, status=status), retry_after(wait))


def first_words(body: bytes) -> str:
    """The first words of an error page, on one line and without mark-up."""
    text = " ".join(re.sub(r"<[^>]*>", " ", body.decode("utf-8", "replace")).split())
    return (text[:200] + " ...") if len(text) > 200 else (text or "no reason given.")
