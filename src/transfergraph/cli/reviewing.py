"""The verb that asks which rows are one organisation, one key for a decision."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import transfergraph as tg
from transfergraph.cli import show
from transfergraph.cli.curating import HERE, Lang, Workspace
from transfergraph.messages import text

if TYPE_CHECKING:
    from transfergraph.identity.identity_questions import IdentityQuestion, QuestionedRow

_KEYS = ("same", "different", "later", "end")


def review(workspace: Workspace = HERE, lang: Lang = show.LANGUAGE) -> None:
    """Ask which rows of organisations are one, the most likely first."""
    questions = tg.review(workspace)
    decided = sum(1 for _ in _decisions(workspace, questions, lang))
    show.line(text("review.told", lang, decided=decided, left=len(questions) - decided))


def _decisions(root: Path, questions: Sequence[IdentityQuestion], lang: str) -> Iterator[Path]:
    """Ask one question after the other, and write each decision at once."""
    for number, question in enumerate(questions, 1):
        show.line("")
        show.line(text("review.question", lang, number=number, count=len(questions)))
        for row in (question.first, question.second):
            show.line(_row(row))
        for reason in question.reasons:
            show.line(f"  - {reason.in_language(lang)}")
        answer = _answer(lang)
        if answer == "end":
            return
        if answer != "later":
            why, same = question.reasons[0].in_language(lang), answer == "same"
            yield tg.decide(root, question.first.called, question.second.called, same, why)


def _row(row: QuestionedRow) -> str:
    towns = f" ({'; '.join(row.towns)})" if row.towns else ""
    return f"  {row.name}{towns}  {row.called}  {row.place}"


def _answer(lang: str) -> str:
    """One of the four answers: by the first letter of its word, in the language or in English."""
    words = {text(f"review.{key}", one)[0].casefold(): key for one in ("en", lang) for key in _KEYS}
    asked = ", ".join(f"[{text(f'review.{key}', lang)[0]}] {text(f'review.{key}', lang)}" for key in _KEYS)
    show.line(f"  {asked}")
    while True:
        pressed = _pressed()
        if not pressed:
            return "end"
        if pressed.casefold() in words:
            return words[pressed.casefold()]


def _pressed() -> str:
    """A key of the terminal; of input that comes from elsewhere the first character of a line, at its end
    none."""
    if sys.stdin.isatty():
        return typer.getchar()
    for line in sys.stdin:
        if line.strip():
            return line.strip()[0]
    return ""
