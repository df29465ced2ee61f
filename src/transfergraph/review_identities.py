"""The questions which rows are one organisation, for Python and the terminal, and a curator's answers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from transfergraph.config.workspace import open_workspace
from transfergraph.errors import UsageError
from transfergraph.identity.curated_decisions import add_decision
from transfergraph.identity.identity_questions import IdentityQuestion
from transfergraph.identity.pair_outcome import Judgement
from transfergraph.identity.resolve_tables import resolve_tables
from transfergraph.messages import explained
from transfergraph.read_workspace import opened_tables


def review(root: Path) -> tuple[IdentityQuestion, ...]:
    """The pairs of rows of which nothing says whether they are one organisation, the best first.

    Each has two rows (``called``, ``name``, ``towns``, ``place``), a ``score`` from 0 to 1 and its
    ``reasons``. What
    has been decided is not among them; a workspace of one source has none. Raises :class:`WorkspaceError`.
    """
    with opened_tables(root) as opened:
        return resolve_tables(opened.workspace, opened.tables).questions


def decide(root: Path, first: str, second: str, same: bool, reason: str, day: date | None = None) -> Path:
    """Decide that two rows, called ``source/key``, are the same organisation or different ones, and why.

    The decision is added to ``data/identity/decisions.csv``, with today as its day unless one is given;
    returns
    the file. Raises :class:`UsageError` for a row that cannot be one of a source, and for a blank reason.
    """
    sources = {source.name for source in open_workspace(root).sources}
    for called in (first, second):
        source, slash, key = called.partition("/")
        if source not in sources or not slash or not key:
            raise UsageError(explained("error.decide.row", value=called, sources=", ".join(sorted(sources))))
    if not reason.strip():
        raise UsageError(explained("error.decide.reason"))
    judgement = Judgement.SAME if same else Judgement.DIFFERENT
    return add_decision(root, first, second, judgement, day or date.today(), " ".join(reason.split()))
