"""DuckDB writing lines that it already has: ``python -m ... DATABASE TARGET``.

The table ``lines`` of the database holds the very lines of the result, sorted; nothing is made, joined or
sorted here. ``QUOTE ''`` keeps the writer from looking for characters to quote.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import duckdb

WRITTEN = "FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01'"


def prepare(lines: Sequence[Path], database: Path) -> None:
    """Make the database from files of lines, one after the other."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "CREATE TABLE lines AS FROM read_csv(?, columns={'line': 'VARCHAR'}, header=false, quote='', "
            "escape='', delim='\x01', auto_detect=false, max_line_size=67108864)",
            [[str(file) for file in lines]],
        )


def main(database: Path, target: Path) -> None:
    """Write the table ``lines``."""
    with duckdb.connect(str(database), read_only=True) as connection:
        connection.execute(f"COPY lines TO '{target}' ({WRITTEN})")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
