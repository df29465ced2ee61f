"""What repositories read of an archive: ``codemeta.json``, ``.zenodo.json`` and ``datacite.json``.

All three say the same, from the release alone. None has a DOI: the repository assigns one.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from transfergraph.common.displayed_values import web_address
from transfergraph.common.json_text import json_text
from transfergraph.config.code_tables import read_codes
from transfergraph.publish.archive.description_files import cited_sources, languages_of, spdx_name
from transfergraph.release.release_facts import ReleaseFacts
from transfergraph.web.page_template import licence_name

CODEMETA, ZENODO, DATACITE = "codemeta.json", ".zenodo.json", "datacite.json"

_CODEMETA = "https://w3id.org/codemeta/3.0"
_KERNEL = "http://datacite.org/schema/kernel-4"
_SPDX = "https://spdx.org/licenses/"


def repository_records(facts: ReleaseFacts) -> dict[str, str]:
    """The files by their paths in the archive.

    Zenodo puts a licence of its own where it does not know the one that is named, so what has a licence
    without a name of the SPDX list has no file for Zenodo.
    """
    records = {CODEMETA: _codemeta(facts), DATACITE: _datacite(facts)}
    if spdx_name(facts.manifest.licence):
        records[ZENODO] = _zenodo(facts)
    return {path: _json(record) for path, record in records.items()}


def _json(record: Mapping[str, Any]) -> str:
    stated = {key: value for key, value in record.items() if value not in (None, "", [])}
    return json_text(stated)


def _codemeta(facts: ReleaseFacts) -> dict[str, Any]:
    """CodeMeta 3.0, whose terms are those of schema.org; what is described is data and no program."""
    known = spdx_name(facts.manifest.licence)
    publisher = {"id": facts.iri("agent/publisher").value, "type": "Organization", "name": facts.publisher}
    if web_address(facts.homepage):
        publisher["url"] = facts.homepage
    return {
        "@context": _CODEMETA,
        "type": "schema:Dataset",
        "id": _address(facts),
        "name": facts.title.english,
        "description": facts.description.english,
        "identifier": facts.manifest.id,
        "version": facts.manifest.id,
        "datePublished": facts.manifest.created.isoformat(),
        "license": f"{_SPDX}{known}" if known else facts.manifest.licence,
        "keywords": list(facts.keywords[languages_of(facts)[0]]),
        "author": [publisher],
        "publisher": publisher,
        "url": facts.iri("dataset/graph").value,
        "isAccessibleForFree": True,
        "relatedLink": [source["@id"] for source in cited_sources(facts)],
    }


def _zenodo(facts: ReleaseFacts) -> dict[str, Any]:
    """The metadata of a deposit in Zenodo; its descriptions are HTML."""
    first = languages_of(facts)[0]
    sources = [_related(source["@id"], "isDerivedFrom") for source in cited_sources(facts)]
    return {
        "upload_type": "dataset",
        "access_right": "open",
        "title": facts.title.english,
        "description": f"<p>{escape(facts.description.english)}</p>",
        "creators": [{"name": facts.publisher}],
        "license": spdx_name(facts.manifest.licence).lower(),
        "publication_date": facts.manifest.created.isoformat(),
        "version": facts.manifest.id,
        "keywords": list(facts.keywords[first]),
        "language": _three_letters(first),
        "notes": facts.attribution and escape(facts.attribution.english),
        "related_identifiers": [_related(_address(facts), "isIdenticalTo"), *sources],
    }


def _related(address: str, relation: str) -> dict[str, str]:
    return {"identifier": address, "relation": relation, "scheme": "url"}


def _datacite(facts: ReleaseFacts) -> dict[str, Any]:
    """The DataCite Metadata Schema 4, as its JSON has it."""
    manifest, languages = facts.manifest, languages_of(facts)
    name, known = facts.publisher, spdx_name(manifest.licence)
    rights = {"rights": licence_name(manifest.licence), "rightsUri": manifest.licence}
    if known:
        rights |= {"rightsIdentifier": known, "rightsIdentifierScheme": "SPDX", "schemeUri": _SPDX}
    dates = [{"date": manifest.created.isoformat(), "dateType": "Issued"}]
    if facts.period is not None:
        dates.append({"date": "/".join(facts.period), "dateType": "Other", "dateInformation": "Coverage"})
    return {
        "schemaVersion": _KERNEL,
        "types": {"resourceTypeGeneral": "Dataset", "resourceType": "Knowledge graph"},
        "creators": [{"name": name, "nameType": "Organizational"}],
        "titles": [{"title": facts.title.in_language(one), "lang": one} for one in languages],
        "publisher": {"name": name},
        "publicationYear": str(manifest.created.year),
        "subjects": [{"subject": word, "lang": one} for one in languages for word in facts.keywords[one]],
        "dates": dates,
        "language": languages[0],
        "alternateIdentifiers": [
            {"alternateIdentifier": _address(facts), "alternateIdentifierType": "URL"},
        ],
        "relatedIdentifiers": [
            {"relatedIdentifier": one["@id"], "relatedIdentifierType": "URL", "relationType": "IsDerivedFrom"}
            for one in cited_sources(facts)
        ],
        "version": manifest.id,
        "rightsList": [rights],
        "descriptions": [
            {
                "description": facts.description.in_language(one),
                "descriptionType": "Abstract",
                "lang": one,
            }
            for one in languages
        ],
        "geoLocations": _places(facts),
    }


def _places(facts: ReleaseFacts) -> list[dict[str, Any]]:
    area = next((one.area for one in facts.datasets if one.area is not None), None)
    if area is None:
        return []
    place: dict[str, Any] = {"geoLocationPlace": area.name.english}
    if area.box is not None:
        sides = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
        place["geoLocationBox"] = dict(zip(sides, area.box, strict=True))
    return [place]


def _address(facts: ReleaseFacts) -> str:
    """The IRI of the release."""
    return facts.iri(f"release/{facts.manifest.id}").value


def _three_letters(language: str) -> str:
    """The code of ISO 639-3, in small letters; empty for a language of which the EU table has none."""
    return read_codes().languages.get(language.partition("-")[0], "").lower()
