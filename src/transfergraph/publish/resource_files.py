"""The files of the resources of a release: their bytes are those of the server."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from transfergraph.publish.site_files import place_of, same, write
from transfergraph.web.addresses import HTML, PNG, SCHEMES, Address, Site, is_ontology
from transfergraph.web.resource_forms import Form, Resource
from transfergraph.web.resources import Resources

TRIPLES = "data/graph.nt.gz"
GONE = "gone"
"""The ending of an empty file that marks what has gone, for the web server to answer with 410."""

_NAME_TAKEN = (FileExistsError, NotADirectoryError, IsADirectoryError)


def entities(release: Path, site: Site) -> Iterator[str]:
    """The IRIs that the site answers for, in the order of the dump; the ontology has a page of its own.

    What has a fragment is part of the document about what it belongs to.
    """
    last = b""
    with gzip.open(release / TRIPLES, "rb") as lines:
        for line in lines:
            subject = line[1 : line.index(b"> ")]
            if subject != last:
                last = subject
                iri = subject.decode("utf-8")
                ours = iri.startswith((site.base, SCHEMES)) and not is_ontology(site.local(iri) or "")
                if ours and "#" not in iri:
                    yield iri


def write_documents(
    resources: Resources, site: Site, iris: Iterable[str], folder: Path
) -> Iterator[str | None]:
    """Write the documents about entities into a folder; for each yields its IRI when it has none, else None.

    An entity has none when its address cannot become the name of a file, or another has that name already.
    """
    for iri in iris:
        local = site.local(iri)
        written = False
        if local is not None:
            with suppress(*_NAME_TAKEN):
                written = write_resource(resources, site, local, folder)
                for more in (resources.history_of(local), resources.embed_of(local)):
                    if more:
                        write_resource(resources, site, more, folder)
        yield None if written else iri


def write_resource(resources: Resources, site: Site, local: str, folder: Path) -> bool:
    """Write all pages of what lies at an address, in all forms.

    False when there is nothing to write, or the address cannot become the name of a file. The files of the
    release lie there already.
    """
    written = False
    for resource in resources.documents(local):
        if resource.file is not None:
            written = (folder / resource.file.path).is_file()
        elif "" in resource.forms:
            write(folder, local, resource.forms[""](""))
            written = True
        elif resource.forms and has_place(local):
            _write_forms(resource, site, folder)
            written = True
    return written


def has_place(local: str) -> bool:
    """True when what has this address can be a file."""
    return not local or place_of(local.rstrip("/")) is not None


def path_of(address: Address) -> str:
    """The path of the file at this address, which must be one that can have a file."""
    local = address.local
    place = "" if not local else place_of(local.rstrip("/"))
    assert place is not None
    return str(replace(address, local=f"{place}/" if local.endswith("/") else place))


def _write_forms(resource: Resource, site: Site, folder: Path) -> None:
    """Write the forms of one page; of what has gone also the mark for the web server."""
    address = Address(resource.local, page=resource.page)
    for ending, form in resource.forms.items():
        if ending in (HTML, PNG):
            write_page(site, address, form, folder, ending)
        else:
            write(folder, path_of(replace(address, ending=ending)), form(""))
    if resource.gone is not None:
        write(folder, f"{path_of(address)}.{GONE}", b"")


def write_page(site: Site, address: Address, form: Form, folder: Path, ending: str = HTML) -> None:
    """Write a page, or the picture of one, in each language, and the first once more for servers that do not
    negotiate."""
    names = {one: path_of(replace(address, ending=ending, language=one)) for one in site.languages}
    for language, name in names.items():
        write(folder, name, form(language))
    same(folder, path_of(replace(address, ending=ending)), names[site.languages[0]])
