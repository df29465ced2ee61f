"""Random graphs and shapes: the compiled queries give what pySHACL and Jena give (see ``random_shapes``)."""

from __future__ import annotations

from random_shapes import compare, jena


def test_queries_and_pyshacl_agree() -> None:
    met = compare(300)
    # the lowest version of hypothesis that is allowed meets 14, the newest more than 18
    assert len(met) > 12, "the random shapes must be broken in many ways, or the comparison says little"


def test_queries_and_jena_agree(fuseki_server: str) -> None:
    assert len(compare(100, 1, jena(fuseki_server))) > 9
