"""A web server in a thread of the tests."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """The server runs until the block ends, and is closed then.

    Results of queries must end in the thread that asked (pyoxigraph 0.5), but what tests before have left in cycles
    any thread may come to collect, that of this server too: it is out of reach of all until the block ends.
    """
    gc.freeze()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        gc.unfreeze()
