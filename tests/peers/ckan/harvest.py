"""A CKAN that harvests a catalogue whenever it is told to: one line of JSON out for each address that comes in.

It runs in an environment of its own (``tests/peers/install.sh``), with the folders of extensions, joined by ``:``::

    python harvest.py FOLDERS SCHEMA CKAN.INI

``SCHEMA`` is ``plain`` or the name of a schema of ckanext-dcat; ``CKAN.INI`` names database, index and queue, all
empty at first. Each harvest is a job of the same source, gathered, fetched and imported as the queues of
ckanext-harvest do it, one after the other in this process. The answer tells what the job came to, and every
dataset that the database and the index have then.
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


def started(ini: str) -> Any:
    """The application with an empty, complete database."""
    from ckan import model
    from ckan.cli import CKANConfigLoader
    from ckan.cli.db import _run_migrations
    from ckan.config.middleware import make_app

    app = make_app(CKANConfigLoader(ini).get_config())
    model.repo.init_db()
    _run_migrations("harvest")
    return app._wsgi_app


def action(name: str, /, **given: Any) -> Any:
    """What an action of CKAN answers to one who may do all."""
    from ckan.plugins import toolkit

    user = toolkit.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    return toolkit.get_action(name)({"ignore_auth": True, "user": user}, given)


def source_of(address: str) -> str:
    """The source of the harvests, made with the first; its id."""
    action("organization_create", name="agency", title="Agency")
    given = {"name": "catalogue", "title": "Catalogue", "url": address, "source_type": "dcat_rdf"}
    return str(action("harvest_source_create", owner_org="agency", **given)["id"])


def harvested(source: str) -> dict[str, Any]:
    """One job of the source, from its beginning to its end."""
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    job = HarvestJob.get(action("harvest_job_create", source_id=source, run=False)["id"])
    job.status = "Running"
    job.save()
    harvester = queue.get_harvester("dcat_rdf")
    for one in queue.gather_stage(harvester, job) or []:
        queue.fetch_and_import_stages(harvester, HarvestObject.get(one))
    action("harvest_jobs_run")
    return dict(action("harvest_job_report", id=job.id)) | {"stats": job_stats(job.id)}


def job_stats(job: str) -> dict[str, int]:
    """How many datasets were added, updated, deleted, left or refused."""
    return dict(action("harvest_job_show", id=job)["stats"])


def datasets() -> dict[str, Any]:
    """What the database has of datasets that are not deleted, and the names in the index."""
    from ckan import model

    kept = model.Session.query(model.Package).filter_by(type="dataset", state="active")
    found = action("package_search", q="*:*", fq="+dataset_type:dataset", rows=1000)
    return {
        "database": [action("package_show", id=one.id) for one in kept.order_by(model.Package.name)],
        "index": sorted(one["name"] for one in found["results"]),
    }


def main(folders: str, ini: str) -> None:
    """Answer each line until there are no more."""
    sys.path[:0] = folders.split(":")
    answers, sys.stdout = sys.stdout, sys.stderr
    app = started(ini)
    with app.test_request_context():
        source = ""
        for line in sys.stdin:
            source = source or source_of(line.strip())
            answer = {"job": harvested(source), **datasets()}
            answers.write(json.dumps(answer, default=str) + "\n")
            answers.flush()


if __name__ == "__main__":
    main(sys.argv[1], str(Path(sys.argv[2]).resolve()))
