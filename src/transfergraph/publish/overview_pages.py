"""The pages about the whole: start, lists, questions, ontology, datasets; and those about what has gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import CATALOGUE_PREFIXES, GRAPH_PREFIXES
from transfergraph.publish.entity_files import path_of, write_gone, write_page, write_rdf
from transfergraph.publish.site_files import write
from transfergraph.queries import Answer, GraphAnswer, NamedQuery, Result, load_queries, run
from transfergraph.release.changes.tombstones import Tombstone
from transfergraph.release.manifest import Manifest
from transfergraph.release.ontology_versions import (
    ONTOLOGY_FILE,
    read_alignments,
    read_triples,
    read_versions,
    read_vocabulary,
)
from transfergraph.store import Store
from transfergraph.web.addresses import DOCUMENT_FORMATS, Address, Site
from transfergraph.web.answer_tables import AskedQuestion, json_answer
from transfergraph.web.dataset_page import DatasetRecord, render_dataset
from transfergraph.web.entity_lists import read_listings, read_overview
from transfergraph.web.ontology_page import read_ontology, render_ontology
from transfergraph.web.site_pages import (
    find_gone,
    render_index,
    render_list,
    render_question,
    render_questions,
)

_ROWS_ON_PAGE = 1000
_ROWS_IN_FILE = 100_000


def write_start(
    store: Store, site: Site, manifest: Manifest, datasets: Sequence[DatasetRecord], folder: Path
) -> None:
    """Write the start page."""
    files = ((file.path, file.size) for file in manifest.files)
    listed = [(dataset.local, dataset.title) for dataset in datasets]
    overview = read_overview(store, site, manifest.counts, _questions(folder), files, listed)
    write_page(site, Address(""), lambda language: render_index(site, language, overview), folder)


def write_lists(store: Store, site: Site, folder: Path) -> None:
    """Write the lists of all entities of a kind, page by page."""
    for key in site.presentation.lists:
        for number, listing in enumerate(read_listings(store, site, key), 1):
            render = partial(render_list, listing, site, page=number)
            write_page(site, Address(f"{key}/", page=number), render, folder)


def write_questions(store: Store, site: Site, folder: Path, answered: bool) -> None:
    """Write the saved questions and the list of them, ``answered`` for the values of their files or not."""
    questions = _questions(folder)
    write_page(
        site, Address("questions/"), partial(render_questions, questions, site, answered=answered), folder
    )
    for question in questions:
        result = run(store, question, site.base, {}, _ROWS_IN_FILE) if answered else None
        _write_question(site, question, result, folder)


def _write_question(site: Site, question: NamedQuery, result: Result | None, folder: Path) -> None:
    local = f"questions/{question.name}"
    files = _answer_files(question, result, site)
    asked = AskedQuestion(endings=tuple(ending for ending in files if ending != "rq"))
    shown = result
    if isinstance(result, Answer):
        cut = result.cut or len(result.rows) > _ROWS_ON_PAGE
        shown = Answer(result.variables, result.rows[:_ROWS_ON_PAGE], cut)
    write_page(site, Address(local), partial(render_question, question, shown, site, asked=asked), folder)
    for ending, content in files.items():
        write(folder, path_of(Address(local, ending)), content.encode())


def _answer_files(question: NamedQuery, result: Result | None, site: Site) -> Mapping[str, str]:
    """The answer as files, by their endings, and the query."""
    if result is None:
        return {"rq": question.text}
    if isinstance(result, GraphAnswer):
        return {"ttl": result.write("turtle", GRAPH_PREFIXES), "rq": question.text}
    values = json_answer(question, result, {}, site)
    files = {"json": json.dumps(values, ensure_ascii=False, indent=1) + "\n"}
    if isinstance(result, Answer):
        files["csv"] = result.write("csv", site.languages[0])
    return {**files, "rq": question.text}


def _questions(folder: Path) -> Sequence[NamedQuery]:
    queries = folder / "queries" / "questions"
    return load_queries(queries) if any(queries.glob("*.rq")) else ()


def write_ontologies(site: Site, release: Path, folder: Path) -> None:
    """Write the documentation of the ontology, in every version that a kept release carries."""
    versions = read_versions(release)
    for number, (version, kept) in enumerate(versions.items()):
        ontology = read_ontology(read_vocabulary(kept), read_alignments(kept), list(versions))
        file = kept / ONTOLOGY_FILE
        for local in [f"ontology/{version}", *(["ontology"] if number == 0 else [])]:
            write_page(site, Address(local), partial(render_ontology, ontology, site), folder)
            for form in DOCUMENT_FORMATS:
                content = (
                    file.read_bytes()
                    if form.name == "turtle"
                    else ox.serialize(read_triples(file), format=form.oxigraph, prefixes=GRAPH_PREFIXES)
                )
                write(folder, path_of(Address(local, form.ending)), content or b"")


def write_datasets(datasets: Sequence[DatasetRecord], site: Site, folder: Path) -> None:
    """Write a page for each dataset, and the part of the catalogue that describes it."""
    for dataset in datasets:
        render = partial(render_dataset, dataset, site, listed=datasets)
        write_page(site, Address(dataset.local), render, folder)
        write_rdf(Address(dataset.local), dataset.described, folder, CATALOGUE_PREFIXES)


def write_tombstones(store: Store, site: Site, gone: Iterable[Tombstone], folder: Path) -> list[str]:
    """Write the pages about what earlier releases had; return the IRIs that can have none."""
    found = (
        find_gone(store, site, one.iri, one.label, one.last_release or "", one.successor) for one in gone
    )
    return [one.iri for one in found if not write_gone(site, one, folder)]
