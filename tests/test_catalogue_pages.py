"""A long catalogue in pages (Hydra): every dataset whole, on one page, for any harvester."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from catalogue_fixture import PUBLIC_URL, make_release, small_workspace

from transfergraph.common.namespaces import DCAT, HYDRA, TYPE
from transfergraph.dcat import catalogue_pages
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.evaluate import evaluate_catalogue
from transfergraph.dcat.evaluate.fetch import Fetched
from transfergraph.dcat.evaluate.read_catalogue import read_all_pages

BASE = "https://w3id.org/transfergraph/saxony/"


def read(file: Path) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(file))}


@pytest.fixture(scope="module")
def paged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release whose catalogue is long enough."""
    folder = tmp_path_factory.mktemp("paged")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue_pages, "PAGED_FROM", 1000)
        make_release(folder / "out", small_workspace(folder / "workspace"))
    return folder / "out"


def test_the_pages_lead_through_the_whole_catalogue(paged: Path) -> None:
    def fetch(url: str) -> Fetched:
        file = paged / url.removeprefix(PUBLIC_URL)
        return Fetched(True, 200, file) if file.is_file() else Fetched(True, 404)

    whole = read(paged / "catalog.ttl")
    for ending in ("ttl", "rdf", "jsonld"):
        found = read_all_pages(f"{PUBLIC_URL}catalog.page-1.{ending}", fetch)
        assert found.unread is None and not found.invalid
        paging = {t for t in found.index.triples if HYDRA in f"{t.predicate.value} {t.object}"}
        rest = set(found.index.triples) - paging
        assert rest <= whole
        lost = {one.subject for one in whole - rest}
        index = CatalogueIndex(whole)
        described = index.reachable(ox.NamedNode(f"{BASE}catalogue")).union(
            *map(index.reachable, (*index.datasets(), *index.instances(DCAT + "DataService")))
        )
        assert not lost & described  # what nothing leads to is in the whole alone
    first, last = (read(paged / f"catalog.page-{number}.ttl") for number in (1, 3))
    here = ox.NamedNode(f"{PUBLIC_URL}catalog.page-1.ttl")
    following = ox.NamedNode(f"{PUBLIC_URL}catalog.page-2.ttl")
    for name in ("next", "nextPage"):
        assert ox.Triple(here, ox.NamedNode(HYDRA + name), following) in first
        assert not [t for t in last if t.predicate.value == HYDRA + name]
    kinds = {str(t.object) for t in first if t.subject == here and t.predicate.value == TYPE}
    assert kinds == {f"<{HYDRA}PagedCollection>", f"<{HYDRA}PartialCollectionView>"}


def test_a_page_has_one_whole_dataset_that_is_judged_as_in_the_whole(paged: Path) -> None:
    seen = []
    for number in (1, 2, 3):
        index = CatalogueIndex(read(paged / f"catalog.page-{number}.ttl"))
        (dataset,) = index.datasets()
        seen.append(dataset)
        assert index.nodes(ox.NamedNode(f"{BASE}catalogue"), DCAT + "dataset") == [dataset]
        assert len(index.instances(DCAT + "DataService")) == (number == 1)
        evaluation = evaluate_catalogue(index.triples, date(2026, 12, 31))
        assert evaluation.report.conforms, [str(one) for one in evaluation.report.findings][:3]
    assert len(set(seen)) == 3


def test_a_short_catalogue_has_no_pages(tmp_path: Path) -> None:
    make_release(tmp_path / "out", small_workspace(tmp_path / "workspace"))
    assert not list((tmp_path / "out").glob("catalog.page-*"))
