"""What CKAN makes of a catalogue: read by ckanext-dcat, judged by CKAN's own schemas, printed as JSON.

It runs in an environment of its own (``tests/peers/install.sh``), with the folders of extensions, joined by ``:``::

    python accept_catalogue.py FOLDERS SCHEMA CATALOGUE PROFILES...

``SCHEMA`` is ``plain``, or the name of a schema of ckanext-dcat for ckanext-scheming; each of ``PROFILES`` is a
chain, its profiles joined by ``+``. The answer has, for each chain, every dataset as the harvester would
give it to ``package_create``, and what the schema refuses.

Parser, profiles, schemas and validators are the real ones. In place of PostgreSQL there is an engine with
no tables, and a session that finds nothing (no name is taken yet, no organisation exists), in place of Solr
a check that says yes: an import into a running CKAN needs more, but nothing more reads the catalogue.
"""

from __future__ import annotations

import json
import logging
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)


class FindsNothing:
    """A query without results, however it is refined."""

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None if name in ("first", "get", "one_or_none", "scalar") else self

    def __iter__(self) -> Any:
        return iter(())


def start(schema: str) -> None:
    """Load CKAN with ckanext-dcat, and with ckanext-scheming where a schema of it is asked for."""
    from ckan import model
    from ckan.config import environment
    from ckan.lib import search

    search.check_solr_schema_version = lambda *_: True
    environment.is_redis_available = lambda: True
    settings = {
        "ckan.site_url": "https://portal.example.org",
        "ckan.locale_default": "de",
        "ckan.plugins": "dcat" if schema == "plain" else "scheming_datasets dcat",
        "sqlalchemy.url": "sqlite://",
        "solr_url": "http://127.0.0.1:9/solr",
        "__file__": "ckan.ini",
        "here": "/",
        "SECRET_KEY": "a test has no secrets, and CKAN wants one",
        "ckan.auth.create_unowned_dataset": True,
    }
    if schema != "plain":
        settings |= {
            "scheming.dataset_schemas": f"ckanext.dcat.schemas:{schema}.yaml",
            "scheming.presets": "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml",
        }
    model.Session.query = lambda *_, **__: FindsNothing()
    environment.load_environment(settings)


def read(catalogue: str) -> Any:
    """The graph that ckanext-dcat reads from the file; every profile reads the same."""
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser()
    text = Path(catalogue).read_text(encoding="utf-8")
    parser.parse(text, _format="turtle" if catalogue.endswith(".ttl") else "xml")
    return parser.g


def accepted(graph: Any, profiles: list[str]) -> list[dict[str, Any]]:
    """Each dataset that these profiles read from the graph, and why CKAN refuses it."""
    from ckan import model
    from ckan.lib import plugins
    from ckan.lib.munge import munge_title_to_name
    from ckanext.dcat.processors import RDFParser

    parser = RDFParser(profiles=profiles)
    parser.g = graph
    answer = []
    for dataset in parser.datasets():
        dataset.setdefault("name", munge_title_to_name(dataset["title"]))
        schema = plugins.lookup_package_plugin(dataset.get("type")).create_package_schema()
        kind = plugins.lookup_package_plugin(dataset.get("type", "dataset"))
        context = {"model": model, "session": model.Session, "user": "harvest", "ignore_auth": True}
        given = {"type": "dataset", **json.loads(json.dumps(dataset))}
        _, errors = plugins.plugin_validate(kind, context, given, schema, "package_create")
        answer.append({"dataset": dataset, "errors": errors})
    return sorted(answer, key=lambda one: str(one["dataset"].get("name")))


if __name__ == "__main__":
    folders, chosen_schema, file, *chains = sys.argv[1:]
    sys.path[:0] = folders.split(":")
    start(chosen_schema)
    harvested = read(file)
    json.dump({chain: accepted(harvested, chain.split("+")) for chain in chains}, sys.stdout, default=str)
