"""The pages around the entities: start, lists, questions, ontology, datasets, and what has gone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import CATALOGUE_PREFIXES, GRAPH_PREFIXES
from transfergraph.publish.entity_files import gone_of, path_of, write_gone, write_page
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
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.web.answer_json import effective, json_answer
from transfergraph.web.answer_tables import AskedQuestion
from transfergraph.web.dataset_page import DatasetRecord, render_dataset
from transfergraph.web.entity_lists import LISTS, ListedFile, Listing, Overview, read_listing, read_listings
from transfergraph.web.ontology_terms import read_ontology
from transfergraph.web.site_pages import (
    render_index,
    render_list,
    render_ontology,
    render_question,
    render_questions,
)

_SHOWN = 1000  # rows of an answer on a page
_ROWS = 100_000  # rows of an answer as a file
_LISTED_FILES = ("data/", "catalog.", "void.")


def write_start(
    store: Store, site: Site, manifest: Manifest, datasets: Sequence[DatasetRecord], folder: Path
) -> None:
    """Write the start page."""
    questions = _questions(folder)
    overview = Overview(
        manifest.counts,
        read_listing(store, "alliances"),
        questions,
        [
            ListedFile(entry.path, entry.size)
            for entry in manifest.files
            if entry.path.startswith(_LISTED_FILES)
        ],
        [(dataset.local, dataset.title) for dataset in datasets],
    )
    pages = {language: render_index(site, language, overview) for language in site.languages}
    write_page(site, Address(""), pages, folder)


def write_lists(store: Store, site: Site, folder: Path) -> None:
    """Write the lists of all entities of a kind, page by page."""
    for key in LISTS:
        for number, listing in enumerate(read_listings(store, key), 1):
            write_page(site, Address(f"{key}/", HTML, "", number), _list(listing, site, number), folder)


def _list(listing: Listing, site: Site, number: int) -> Mapping[str, str]:
    return {language: render_list(listing, site, language, number) for language in site.languages}


def write_questions(store: Store, site: Site, folder: Path, answered: bool) -> None:
    """Write the saved questions and the list of them, ``answered`` for the values of their files or not."""
    questions = _questions(folder)
    pages = {language: render_questions(questions, site, language, answered) for language in site.languages}
    write_page(site, Address("questions/"), pages, folder)
    for question in questions:
        result = run(store, question, site.base, {}, _ROWS) if answered else None
        _write_question(site, question, result, folder)


def _write_question(site: Site, question: NamedQuery, result: Result | None, folder: Path) -> None:
    local = f"questions/{question.name}"
    files = _answer_files(question, result, site)
    asked = AskedQuestion(endings=tuple(ending for ending in files if ending != "rq"))
    shown = result
    if isinstance(result, Answer):
        shown = Answer(result.variables, result.rows[:_SHOWN], result.cut or len(result.rows) > _SHOWN)
    pages = {language: render_question(question, shown, site, language, asked) for language in site.languages}
    write_page(site, Address(local), pages, folder)
    for ending, content in files.items():
        write(folder, path_of(Address(local, ending)), content.encode())


def _answer_files(question: NamedQuery, result: Result | None, site: Site) -> Mapping[str, str]:
    """The answer as files, by their endings, and the query."""
    if result is None:
        return {"rq": question.text}
    if isinstance(result, GraphAnswer):
        return {"ttl": result.write("turtle", GRAPH_PREFIXES), "rq": question.text}
    told = json_answer(question, result, effective(question, {}, site.base), site)
    written = {"json": json.dumps(told, ensure_ascii=False, indent=1) + "\n"}
    if isinstance(result, Answer):
        written["csv"] = result.write("csv", site.languages[0])
    return {**written, "rq": question.text}


def _questions(folder: Path) -> Sequence[NamedQuery]:
    queries = folder / "queries" / "questions"
    return load_queries(queries) if any(queries.glob("*.rq")) else ()


def write_ontologies(site: Site, release: Path, folder: Path) -> None:
    """Write the documentation of the ontology, in every version that a kept release carries."""
    versions = read_versions(release)
    for number, (version, kept) in enumerate(versions.items()):
        ontology = read_ontology(read_vocabulary(kept), read_alignments(kept), list(versions))
        pages = {language: render_ontology(ontology, site, language) for language in site.languages}
        for local in [f"ontology/{version}", *(["ontology"] if number == 0 else [])]:
            write_page(site, Address(local), pages, folder)
            for form in DOCUMENT_FORMATS:
                write(folder, path_of(Address(local, form.ending)), _as(form.name, kept / ONTOLOGY_FILE))


def _as(name: str, file: Path) -> bytes:
    if name == "turtle":
        return file.read_bytes()
    form = next(form for form in DOCUMENT_FORMATS if form.name == name)
    return ox.serialize(read_triples(file), format=form.oxigraph, prefixes=GRAPH_PREFIXES) or b""


def write_datasets(datasets: Sequence[DatasetRecord], site: Site, folder: Path) -> None:
    """Write a page for each dataset, and the part of the catalogue that describes it."""
    for dataset in datasets:
        pages = {language: render_dataset(dataset, site, language, datasets) for language in site.languages}
        write_page(site, Address(dataset.local), pages, folder)
        for form in DOCUMENT_FORMATS:
            content = ox.serialize(dataset.described, format=form.oxigraph, prefixes=CATALOGUE_PREFIXES)
            write(folder, path_of(Address(dataset.local, form.ending)), content or b"")


def write_vanished(store: Store, site: Site, gone: Iterable[Tombstone], folder: Path) -> list[str]:
    """Write the pages about what earlier releases had; return the IRIs that can have none."""
    return [one.iri for one in gone if not write_gone(site, gone_of(store, site, one), folder)]
