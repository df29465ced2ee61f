"""A whole build: ``python -m ... WORKSPACE OUTPUT``.

The same as ``transfergraph build``, with the time at which each stage began (monotonic clock) and what
came of it, printed as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from transfergraph.findings import Severity
from transfergraph.flow import build
from transfergraph.progress import Stage


def main(root: Path, output: Path) -> None:
    """Build, and note the stages."""
    began: list[tuple[str, float]] = [("start", time.monotonic())]

    def progress(stage: Stage) -> None:
        began.append((stage.value, time.monotonic()))

    outcome = build(root, output, progress)
    began.append(("end", time.monotonic()))
    told = {
        "stages": began,
        "triples": outcome.manifest.counts["triples"] if outcome.manifest else 0,
        "findings": {severity.name.lower(): outcome.report.count(severity) for severity in Severity},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
