"""Other validators of tables on the damaged copies, each told as much of the tables as it can be told.

They run in an environment of their own, ``.tools/cellbench``, and see the CSV files alone. What a description
of tables can say is said in one JSON file, which a program of each (``benchmarks/contestants/validate_*.py``)
turns into its own: types, patterns, lists of terms, what is required, keys, references.
"""

from __future__ import annotations

import json
import subprocess
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.cell_scores import Naming
from benchmarks.damaged_copies import Cell
from benchmarks.table_roles import REPOSITORY, described_tables

ENVIRONMENT = REPOSITORY / ".tools" / "cellbench"
PEERS: Mapping[str, tuple[str, ...]] = {
    "frictionless": ("frictionless==5.21.0",),
    "csvw": ("csvw==4.1.1",),
    "pandera": ("pandera==0.35.0", "pandas==3.1.1"),
}


def validated(
    peer: str, folders: Sequence[Path], scratch: Path
) -> tuple[dict[Path, frozenset[Naming]], float]:
    """What a peer finds in the tables of each folder, and the seconds of all of it."""
    python = _environment()
    schema = scratch / "schema.json"
    schema.write_text(json.dumps(described_tables()), encoding="utf-8")
    program = Path(__file__).parent / "contestants" / f"validate_{peer}.py"
    began = time.perf_counter()
    done = subprocess.run(
        [python, program, schema, *folders], capture_output=True, text=True, encoding="utf-8", check=True
    )
    seconds = time.perf_counter() - began
    told: dict[str, list[tuple[str, int, str, str]]] = json.loads(done.stdout.splitlines()[-1])
    namings = {
        Path(folder): frozenset(Naming(Cell(table, row, column), kind) for table, row, column, kind in found)
        for folder, found in told.items()
    }
    return namings, seconds


def _environment() -> Path:
    """The interpreter of a virtual environment with the peers, whose requirements exclude those of ours."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        packages = [package for known in PEERS.values() for package in known]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python
