"""What the validator of RO-Crate says of a crate, as JSON; it runs without the network.

``python validate.py FOLDER DATACITE``: the folder is a crate, the file DataCite's JSON. Printed are the
requirements that the crate does not meet, each with its severity, and what the schema of DataCite refuses. The
context of RO-Crate is the copy in the package ``rocrate``.
"""

from __future__ import annotations

import io
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any
from unittest.mock import patch

CONTEXT = "https://w3id.org/ro/crate/"


def answered(adapter: Any, request: Any, *_: Any, **__: Any) -> Any:
    """The context of RO-Crate, and for everything else that it is out of reach."""
    from requests import Response

    answer = Response()
    answer.status_code = 200 if request.url.startswith(CONTEXT) else 404
    context = (files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
    answer.raw = io.BytesIO(context if answer.ok else b"")
    answer.url, answer.request = request.url, request
    answer.headers["Content-Type"] = "application/ld+json"
    return answer


def main(folder: str, datacite: str) -> None:
    from datacite import schema45
    from requests.adapters import HTTPAdapter
    from rocrate_validator import models, services

    settings = services.ValidationSettings(
        rocrate_uri=folder,
        profile_identifier="ro-crate-1.2",
        requirement_severity=models.Severity.REQUIRED,
        no_cache=True,
    )
    with patch.object(HTTPAdapter, "send", answered):
        result = services.validate(settings)
    crate = [[str(one.severity), str(one.message)] for one in result.get_issues()]
    record = json.loads(Path(datacite).read_text(encoding="utf-8"))
    refused = [one.message for one in schema45.validator.iter_errors(record)]
    json.dump({"crate": crate, "datacite": refused}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
