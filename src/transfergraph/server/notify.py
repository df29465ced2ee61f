"""Notifies systemd that the server is ready and alive (sd_notify(3)); without systemd nothing happens."""

from __future__ import annotations

import os
import socket


def is_ready() -> None:
    """The server listens."""
    _notify(b"READY=1")


async def is_alive() -> None:
    """The event loop runs: a step of a task, to be done before the time of the watchdog is over."""
    _notify(b"WATCHDOG=1")


def keep_alive_seconds() -> float | None:
    """How often :func:`is_alive` is to be called; None without a watchdog (``WatchdogSec`` of the unit)."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    return int(microseconds) / 3e6 if microseconds.isdecimal() and int(microseconds) else None


def _notify(state: bytes) -> None:
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as connection:
        connection.sendto(state, "\0" + address[1:] if address.startswith("@") else address)
