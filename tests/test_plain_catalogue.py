"""A workspace that has no settings of a catalogue yet: plain DCAT, and what publishing it demands."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from workspaces import make_workspace

import transfergraph as tg
from transfergraph.common.namespaces import CATALOGUE_PREFIXES
from transfergraph.config.settings import CatalogueSettings
from transfergraph.config.workspace import SETTINGS_FILE, open_workspace
from transfergraph.dcat.catalogue_index import CatalogueIndex

PORTALS = ("dcatap", "dcatde", "eli")
OF_SOURCES = "dcatde:licenseAttributionByText"  # a fact that pages print, of no profile


def plain_workspace(folder: Path) -> Path:
    root = make_workspace(folder)
    text = (root / SETTINGS_FILE).read_text("utf-8")
    (root / SETTINGS_FILE).write_text(text.partition("# What open-data portals")[0], "utf-8")
    return root


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a build of such a workspace."""
    root = plain_workspace(tmp_path_factory.mktemp("plain") / "ws")
    assert tg.check(root, root / "build").conforms
    outcome = tg.build(root, root / "build")
    assert outcome.manifest is not None and open_workspace(root).settings.catalogue is None
    return root / "build"


def test_its_release_is_plain_dcat(plain: Path) -> None:
    file = plain / "current" / "catalog.ttl"
    triples = [quad.triple for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)]
    index = CatalogueIndex(tuple(triples))
    named = {f"{prefix}:": namespace for prefix, namespace in CATALOGUE_PREFIXES.items() if prefix in PORTALS}
    used = {
        prefix + triple.predicate.value.removeprefix(namespace)
        for prefix, namespace in named.items()
        for triple in triples
        if triple.predicate.value.startswith(namespace)
    }
    assert used == {OF_SOURCES}
    dcat, dct = CATALOGUE_PREFIXES["dcat"], CATALOGUE_PREFIXES["dct"]
    (catalogue,) = index.instances(f"{dcat}Catalog")
    datasets = index.nodes(catalogue, f"{dcat}dataset")
    assert len(datasets) == 3
    for dataset in datasets:
        for name in ("title", "description", "publisher", "issued", "modified", "language"):
            assert index.values(dataset, dct + name), name
        for missing in (f"{dcat}contactPoint", f"{dcat}theme", f"{dct}spatial", f"{dct}temporal"):
            assert not index.values(dataset, missing)
        for file_node in index.nodes(dataset, f"{dcat}distribution"):
            licences = index.nodes(file_node, f"{dct}license")
            assert [one.value for one in licences] == ["https://creativecommons.org/licenses/by/4.0/"]


def test_it_is_shown_on_this_machine(plain: Path, tmp_path: Path) -> None:
    for number, host in enumerate(("localhost:8000", "127.0.0.1", "[::1]:8000")):
        done = tg.site(plain, tmp_path / f"site{number}", f"http://{host}/", pages=False)
        assert (done.folder / "index.html").is_file()


VERBS: dict[str, Callable[[Path, Path], object]] = {
    "site": lambda release, folder: tg.site(release, folder / "site", "https://data.agency.de/graph/"),
    "push": lambda release, _: tg.push(release, "http://127.0.0.1:9/ds/data"),
    "archive": lambda release, folder: tg.archive(release, folder / "archive.zip"),
}


@pytest.mark.parametrize("verb", VERBS)
def test_publishing_it_names_all_that_is_missing_at_once(plain: Path, tmp_path: Path, verb: str) -> None:
    with pytest.raises(tg.WorkspaceError, match=rf"^{verb} ") as told:
        VERBS[verb](plain, tmp_path)
    assert list(tmp_path.iterdir()) == []
    settings = str(told.value).partition("\n\n")[2]
    required = _required()
    assert {"publisher_mail", "area", "period_end"} <= required
    keys = tomllib.loads(settings)["catalogue"]
    assert {*keys, *(name.removesuffix("_de") for name in keys)} >= required - {"area"}
    assert {"iri", "name_de", "name_en", "box"} == keys["place"].keys()
    root = plain_workspace(tmp_path / "ws")
    with (root / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write(settings)
    assert open_workspace(root).settings.catalogue is not None


def _required() -> set[str]:
    defaults = len(CatalogueSettings.__struct_defaults__)
    return set(CatalogueSettings.__struct_fields__[:-defaults])
