"""Serve the current release of a workspace until a signal says stop."""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import signal
import socket
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import uvicorn
import uvloop

from transfergraph.errors import TransfergraphError, UsageError
from transfergraph.messages import explained, text
from transfergraph.release.manifest import AnswerLimits
from transfergraph.server.app import make_app
from transfergraph.server.connection_limits import Deadlines, Rules, limited_protocol
from transfergraph.server.log import Log
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.release_source import ReleaseSource
from transfergraph.server.routes.health import METRICS_TOKEN
from transfergraph.server.supervision import notify_alive, notify_ready, watchdog_seconds

_BACKLOG = 512  # connections that may wait to be accepted
_FILES = 4096  # files and connections that may be open: connections, buffered answers, workers
_GRACE = 5  # seconds beyond the time of a query in which running requests may end after a signal


def serve(source: ReleaseSource, host: str, port: int, language: str) -> None:
    """Serve the current release; returns after SIGTERM or SIGINT, when running requests have ended.

    Port 0 takes any free one; the log names it. Where standard error is a terminal, it tells the address of
    the pages in that language. Raises
    :class:`~transfergraph.errors.TransfergraphError` when it cannot start, and when it can serve no release
    any more.
    """
    _open_more_files()
    with _listening(host, port) as listener, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(source, listener, language))


async def _serve(source: ReleaseSource, listener: socket.socket, language: str) -> None:
    log_event = Log(sys.stdout.fileno())
    asyncio.get_running_loop().set_exception_handler(lambda _, tools: log_event(_failure(tools)))
    token = os.environ.pop(METRICS_TOKEN, "").strip()  # worker processes must not know it
    manager = ReleaseManager(source, log_event)
    await manager.open()
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)
    settings = source.workspace.settings.server
    rules = Rules(settings.proxies, Deadlines(answer=0, rate=settings.read_kilobytes << 10), Counter())
    config = uvicorn.Config(
        make_app(manager, log_event, rules.closed, token),
        http=limited_protocol(rules),
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=0,
        timeout_keep_alive=int(rules.deadlines.idle) + 1,  # the protocol's own deadline comes first
        backlog=_BACKLOG,
    )

    def allow(limits: AnswerLimits) -> None:
        """Wait as long for answers as the queries of a release may take, beside those of the one before."""
        ending, answer = limits.seconds + _GRACE, 2 * (2 * limits.seconds + _GRACE)
        config.timeout_graceful_shutdown = max(config.timeout_graceful_shutdown or 0, ending)
        rules.deadlines = replace(rules.deadlines, answer=max(rules.deadlines.answer, answer))

    allow(manager.current.release.manifest.limits)
    manager.on_start = allow
    server = _Server(config)
    supervisor = manager.watch(server.give_up)
    alive = watchdog_seconds()
    if alive is not None:
        supervisor.begin("watchdog", notify_alive, alive)
    name, number = listener.getsockname()[:2]
    log_event({"event": "listening", "host": name, "port": number})
    if sys.stderr.isatty():
        shown = f"[{name}]" if ":" in name else name
        sys.stderr.write(text("serve.open", language, address=f"http://{shown}:{number}/") + "\n")
    try:
        notify_ready()
        await server.serve(sockets=[listener])
    finally:
        log_event({"event": "stopping"})
        await supervisor.close()
        await manager.close()
    if server.has_given_up:
        raise TransfergraphError(explained("error.serve.ends"))


def _failure(tools: Mapping[str, Any]) -> Mapping[str, object]:
    """A line of the log for an error in a task or callback that nobody awaits."""
    error = tools.get("exception")
    trace = "".join(traceback.format_exception(error)) if isinstance(error, BaseException) else ""
    return {"event": "failure", "reason": str(tools.get("message", "")), "trace": trace}


class _Server(uvicorn.Server):
    """Stops at SIGTERM and SIGINT, and when it has given up; the caller closes the rest."""

    has_given_up = False

    def give_up(self) -> None:
        """Stop, because no release can be served any more."""
        self.has_given_up = self.should_exit = True

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


def _open_more_files() -> None:
    """Raise the soft limit of open files, which is often below the number of connections, if possible."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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
            explained("error.serve.listen", host=host, port=port, error=error.strerror or error)
        ) from error
    return listener
