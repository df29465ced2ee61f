"""``docs/sources.md``, followed step by step in an empty folder."""

from __future__ import annotations

import sys
from pathlib import Path

from docs_steps import Reader
from workspaces import REPOSITORY

PAGE = (REPOSITORY / "docs" / "sources.md").read_text(encoding="utf-8")


def test_a_reader_gets_from_a_list_to_a_release(tmp_path: Path) -> None:
    reader = Reader(tmp_path, Path(sys.executable).with_name("transfergraph"))
    reader.follow(PAGE, "## Step by step")
    assert (reader.folder / "build" / "current").exists()
    published = b"".join(
        one.read_bytes()
        for one in reader.folder.rglob("*")
        if one.is_file() and ".raw" not in one.parts and one.name != "list.csv"
    )
    assert b"Nachname" not in published
