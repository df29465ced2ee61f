"""A whole build: ``python -m ... WORKSPACE OUTPUT``.

The same as ``transfergraph build``. Prints as JSON what came of it and, for each stage, its name, the time
at which it began (monotonic clock) and the CPU seconds used until then, those of finished children included.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from transfergraph.build_release import build
from transfergraph.common.progress import Stage
from transfergraph.findings import Severity


def main(root: Path, output: Path) -> None:
    """Build, and note the stages."""
    began: list[tuple[str, float, float]] = []

    def mark(name: str) -> None:
        began.append((name, time.monotonic(), sum(os.times()[:4])))

    def progress(stage: Stage, done: int = 0, total: int = 0, /) -> None:
        mark(stage.value)

    mark("start")
    outcome = build(root, output, progress)
    mark("end")
    told = {
        "stages": began,
        "triples": outcome.manifest.counts["triples"] if outcome.manifest else 0,
        "findings": {severity.name.lower(): outcome.report.count(severity) for severity in Severity},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
