"""An answer as a workbook: a sheet with the rows, and one with question, release and citation."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from typing import Any

if sys.platform != "linux":  # workers may open no file there, so all that they need is loaded before
    importlib.import_module("transfergraph.common.xlsx_writer")

_ABOUT = ("question", "release", "issued", "citation", "licence", "cut")


def write_workbook(answer: Mapping[str, Any], query: str) -> bytes:
    """The bytes of an XLSX file (ECMA-376) with the answer that :func:`json_answer` made, and its query."""
    from transfergraph.common.xlsx_writer import write_tables  # openpyxl: 19 MiB that few workers need

    columns: Sequence[str] = answer.get("columns", ["answer"])
    rows = [[row[name] for name in columns] for row in answer.get("rows", [{"answer": answer.get("answer")}])]
    about = [[key, answer[key]] for key in _ABOUT if key in answer]
    about += [[f"parameter {name}", ", ".join(values)] for name, values in answer["parameters"].items()]
    return write_tables({"Answer": [columns, *rows], "About": [*about, ["query", query]]}, frozen="Answer")
