"""What Python shows of the package by itself: ``help``, and values in a notebook."""

from __future__ import annotations

import pydoc
from pathlib import Path

import pyoxigraph as ox
import pytest

import transfergraph as tg
from transfergraph.queries import Answer

FUNCTIONS = ("archive", "build", "bulk", "check", "init", "open", "push", "site")


def test_help_shows_the_public_functions_and_classes() -> None:
    told = pydoc.plain(pydoc.render_doc(tg))
    functions = told.partition("\nFUNCTIONS\n")[2]
    for name in FUNCTIONS:
        assert f"\n    {name}" in functions, name
    assert "class Release(" in told and "class Finding(" in told
    assert set(tg.__all__) <= set(dir(tg))


def test_an_answer_shows_itself_as_html_that_says_no_more_than_its_values() -> None:
    evil = ox.Literal("<script>alert('&')</script>")
    rows = (
        (ox.NamedNode("https://example.org/organisation/a%20b"), ox.Literal("A & B"), ox.Literal(2), evil),
        (ox.NamedNode("javascript:alert(1)"), None, ox.Literal(10), ox.BlankNode("b")),
    )
    shown = Answer(("one", "one_en", "n", "<b>"), rows)._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "A &amp; B" in shown
    assert "<th>&lt;b&gt;</th>" in shown
    assert 'href="https://example.org/organisation/a%20b"' in shown and "javascript:alert(1)" in shown
    assert 'href="javascript' not in shown
    assert 'text-align: right">10<' in shown and "2 rows" in shown


def test_an_answer_shows_the_columns_of_one_language() -> None:
    rows = ((ox.NamedNode("https://example.org/x/key"), ox.Literal("Name"), ox.Literal("name")),)
    shown = Answer(("one", "one_de", "one_en"), rows)._repr_html_()
    assert "one_de" not in shown and ">key</a>" in shown


@pytest.mark.parametrize(("cut", "told"), [(False, "The first 100 of 1,500 rows."), (True, "there are more")])
def test_a_long_answer_is_shown_by_its_beginning(cut: bool, told: str) -> None:
    shown = Answer(("n",), tuple((ox.Literal(n),) for n in range(1500)), cut)._repr_html_()
    assert shown.count("<tr>") == 101 and told in shown


def test_a_release_shows_what_it_holds(first_release: tuple[Path, Path]) -> None:
    release = tg.open(first_release[1])
    shown = release._repr_html_()
    assert "1 alliance" in shown and "partners-of" in shown and release.manifest.id in shown
    assert "<h3>Innovation landscape of Saxony</h3>" in shown
    assert repr(release) == f"<Release {release.manifest.id} in {release.path}>"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("organisations-in-a-regoin", "Most alike: organisations-in-a-region"),
        ("Partners of", "Most alike: partners-of"),
        ("q", "It has: aims-of-alliances, "),
    ],
)
def test_a_question_that_is_not_there_is_told_with_those_most_like_it(
    saxony: tg.Release, name: str, told: str
) -> None:
    with pytest.raises(tg.UsageError, match=told):
        saxony.question(name)
