"""Measurements as a plain table for people and JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

_HEADER = ("what", "who", "size", "seconds", "CPU s", "MiB", "ratio", "to reach")
_LIBRARIES = ("duckdb", "pyoxigraph", "rdflib", "pyshacl")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result.

    ``size`` is the number of projects or triples, as it says; ``seconds``, ``cpu`` (seconds of all
    processes) and ``memory`` (MiB of all processes) are medians, None where they do not apply. ``ratio``
    compares with the peer or limit, and ``goal`` says in words what it has to be.
    """

    what: str
    who: str
    size: str
    seconds: float
    cpu: float | None = None
    memory: float | None = None
    ratio: float | None = None
    goal: str = ""

    def cells(self) -> tuple[str, ...]:
        """The cells of the printed table."""
        numbers = (f"{self.seconds:.2f}", _shown(self.cpu, ".2f"), _shown(self.memory, ".0f"))
        return (self.what, self.who, self.size, *numbers, _shown(self.ratio, ".2f"), self.goal)


def _shown(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def table(rows: Sequence[Row]) -> str:
    """The rows as aligned text."""
    lines = [_HEADER, *(row.cells() for row in rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEADER))]
    numeric = range(3, 7)
    return "\n".join(
        "  ".join(
            cell.rjust(width) if i in numeric else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def write_json(rows: Sequence[Row], file: Path) -> None:
    """Write the rows with what they were measured on."""
    machine = {
        "processors": os.cpu_count(),
        "architecture": platform.machine(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30), 1),
        "python": platform.python_version(),
        "load": os.getloadavg()[0],
        **{name: version(name) for name in _LIBRARIES},
    }
    content = {"machine": machine, "rows": [asdict(row) for row in rows]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
