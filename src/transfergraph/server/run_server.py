"""Serve the current release of a workspace until a signal says stop."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import uvicorn
import uvloop

from transfergraph.errors import UsageError
from transfergraph.server.app import make_app
from transfergraph.server.connection_limits import limited_protocol
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.release_source import ReleaseSource

_BACKLOG = 512  # connections that may wait to be taken
_FAREWELL = 5  # seconds that running requests have beyond the time of a query to end after a signal


def log_event(values: Mapping[str, object]) -> None:
    """Write one line of the log to standard output: JSON, with the time in UTC."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    sys.stdout.write(json.dumps({"time": moment, **values}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def serve(origin: ReleaseSource, host: str, port: int) -> None:
    """Serve the current release; returns after SIGTERM or SIGINT, when running requests have ended.

    Port 0 takes any free one; the log names it. Raises
    :class:`~transfergraph.errors.TransfergraphError` when it cannot begin.
    """
    with _listening(host, port) as listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(origin, listener))


async def _serve(origin: ReleaseSource, listener: socket.socket) -> None:
    manager = ReleaseManager(origin, log_event)
    await manager.open()
    watch = asyncio.create_task(manager.watch())
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)
    server = origin.workspace.settings.server
    config = uvicorn.Config(
        make_app(manager, log_event),
        http=limited_protocol(server.trusted_proxies),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=server.time_seconds + _FAREWELL,
        timeout_keep_alive=15,
        backlog=_BACKLOG,
    )
    name, number = listener.getsockname()[:2]
    log_event({"event": "listening", "host": name, "port": number})
    try:
        await _Server(config).serve(sockets=[listener])
    finally:
        log_event({"event": "stopping"})
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch
        await manager.close()


class _Server(uvicorn.Server):
    """Stops at SIGTERM and SIGINT, and lets the caller tidy up."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        signals = (signal.SIGTERM, signal.SIGINT)
        for one in signals:
            loop.add_signal_handler(one, self.handle_exit, one, None)
        try:
            yield
        finally:
            for one in signals:
                loop.remove_signal_handler(one)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise UsageError(
            f"The server cannot listen at {host}, port {port}: {error.strerror or error}."
        ) from error
    return listener
