"""Load on a server from a process of its own: wrk, told what to ask by a small script."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.servers import NotAtHand, Running

_SCRIPT = """
local paths = {}
local headers = {}
local count = 0
for line in io.lines("%(paths)s") do paths[#paths + 1] = line end
%(headers)s
function request()
  count = count + 1
  local path = paths[count %% #paths + 1]:gsub("NONCE", "%(run)s" .. count)
  return wrk.format("GET", path, headers)
end
function done(summary, latency, requests)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\\n{"requests": %%d, "microseconds": %%d, "failed": %%d, ',
    summary.requests, summary.duration, failed))
  io.write(string.format('"p50": %%d, "p99": %%d, "most": %%d}\\n',
    latency:percentile(50), latency:percentile(99), latency.max))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: requests per second and per CPU second of the server, and milliseconds."""

    per_second: float
    per_cpu_second: float
    p50: float
    p99: float
    most: float
    failed: int


def load(
    server: Running,
    paths: Sequence[str],
    seconds: int,
    connections: int = 8,
    headers: Mapping[str, str] | None = None,
    run: str = "r",
) -> Load:
    """Ask these paths in turn, over and over; ``NONCE`` in a path becomes a number that was never used.

    ``run`` tells apart runs on the same server, so that no cache knows their paths.
    """
    program = shutil.which("wrk")
    if program is None:
        raise NotAtHand("wrk is not installed (Debian: apt-get install wrk)")
    with tempfile.TemporaryDirectory(prefix="transfergraph-") as folder:
        listed, script = Path(folder, "paths"), Path(folder, "ask.lua")
        listed.write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
        set_ = "".join(f"headers[{json.dumps(k)}] = {json.dumps(v)}\n" for k, v in (headers or {}).items())
        script.write_text(_SCRIPT % {"paths": listed, "headers": set_, "run": run}, encoding="utf-8")
        command = [program, "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(script)]
        before = server.cpu()
        done = subprocess.run([*command, server.url], capture_output=True, text=True, check=True)
        used = server.cpu() - before
    told = json.loads(done.stdout.strip().splitlines()[-1])
    requests = told["requests"]
    return Load(
        per_second=requests / (told["microseconds"] / 1e6),
        per_cpu_second=requests / used if used else 0.0,
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        most=told["most"] / 1000,
        failed=told["failed"],
    )
