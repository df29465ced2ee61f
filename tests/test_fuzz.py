"""What fuzzing begins with and what it has kept, given to the same functions in each run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz import targets
from fuzz.targets import TARGETS

CORPUS = Path(targets.__file__).parent / "corpus"


@pytest.fixture(scope="module", autouse=True)
def closed() -> Iterator[None]:
    yield
    targets.close()


@pytest.mark.parametrize("name", TARGETS)
def test_what_was_found_keeps_every_promise(name: str) -> None:
    kept = [file.read_bytes() for file in sorted((CORPUS / name).iterdir())]
    assert kept and targets.seeds(name)
    for content in (*targets.seeds(name), *kept):
        try:
            TARGETS[name](content)
        except Exception as error:
            error.add_note(repr(content[:2000]))
            raise
