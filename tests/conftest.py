"""What many tests need: a release of the curated data, built once."""

from __future__ import annotations

from pathlib import Path

import pytest
from workspaces import REPOSITORY

import transfergraph as tg


@pytest.fixture(scope="session")
def saxon_builds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of the curated data."""
    output = tmp_path_factory.mktemp("saxony") / "build"
    outcome = tg.build(REPOSITORY, output)
    assert outcome.manifest is not None, [str(finding) for finding in outcome.report.findings]
    return output


@pytest.fixture(scope="session")
def saxony(saxon_builds: Path) -> tg.Release:
    """The release of the curated data."""
    return tg.open(saxon_builds)
