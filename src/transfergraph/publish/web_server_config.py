"""The settings of web servers that a site is written with: for nginx, and for Apache as ``.htaccess``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from string import Template
from urllib.parse import unquote, urlsplit

from transfergraph.common.formats import MEDIA_TYPES, is_compressible
from transfergraph.common.packaged import packaged
from transfergraph.publish.site_files import write
from transfergraph.web.addresses import DOCUMENT_FORMATS, Site

NGINX = "server-config/nginx.conf"
APACHE = ".htaccess"

_NOT_ON_SITES = ("zip", "srj", "srx", "tsv", "xlsx")
_TYPES = {ending: kind for ending, kind in MEDIA_TYPES.items() if ending not in _NOT_ON_SITES}


def write_configuration(site: Site, elsewhere: Mapping[str, str], place: Path, folder: Path) -> None:
    """Write the settings for a site that will lie in ``place`` into the folder in which it is made.

    ``elsewhere`` has the addresses of what a file of another name describes, each with that of the file.
    """
    write(folder, NGINX, _filled("nginx.conf", _nginx(site, elsewhere, place)))
    write(folder, APACHE, _filled("htaccess", _apache(site, elsewhere)))


def _filled(name: str, values: Mapping[str, str]) -> bytes:
    text = packaged("publish", "templates", name).read_text("utf-8")
    return Template(text).substitute(values).encode()


def _common(site: Site) -> dict[str, str]:
    compressible = sorted(
        {kind for kind in _TYPES.values() if is_compressible(kind) and kind != MEDIA_TYPES["html"]}
    )
    return {
        "url": site.url,
        "prefix": site.prefix,
        "pattern": re.escape(site.prefix),
        "language": site.languages[0],
        "codes": "|".join(site.languages),
        "endings": "|".join(form.ending for form in DOCUMENT_FORMATS),
        "compressible": " ".join(compressible),
    }


def _nginx(site: Site, elsewhere: Mapping[str, str], place: Path) -> dict[str, str]:
    wanted = [*(rf"^\s*{one}\b" for one in site.languages), *(rf"\b{one}\b" for one in site.languages)]
    found = zip(wanted, site.languages * 2, strict=True)
    root_void = ""
    if site.prefix != "/":
        root_void = (
            "\n    # Programs look for the description of the data at the root of the host (RFC 8615).\n"
            "    location = /.well-known/void {\n"
            f"        return 303 {site.url}.well-known/void;\n    }}\n"
            "\n    # What else this host shows has its place here.\n"
            "    location / {\n        return 404;\n    }\n"
        )
    return {
        **_common(site),
        "host": urlsplit(site.url).hostname or "",
        "folder": str(place),
        "languages": "".join(f'    "~*{pattern}"  {language};\n' for pattern, language in found),
        "types": "".join(
            f"        {line}\n" for line in sorted(f"{kind} {ending};" for ending, kind in _TYPES.items())
        ),
        "root_void": root_void,
        "elsewhere": "".join(
            f'    "~^{_quoted(re.escape(site.prefix + unquote(local)))}$"  "{file}";\n'
            for local, file in elsewhere.items()
        ),
    }


def _apache(site: Site, elsewhere: Mapping[str, str]) -> dict[str, str]:
    texts = (
        "text/turtle",
        "text/csv",
        "text/css",
        "text/javascript",
        "text/markdown",
        "text/plain",
        "text/html",
    )
    types = [
        f'AddType "{kind}; charset=utf-8" .{ending}' if kind in texts else f"AddType {kind} .{ending}"
        for ending, kind in _TYPES.items()
    ]
    flags = "R=303,NE,L"
    return {
        **_common(site),
        "types": "".join(f"{line}\n" for line in types),
        "languages": "".join(
            _when("Accept-Language", rf"^\s*{one}\b", f"TG_LANGUAGE:{one}") for one in site.languages
        ),
        "forms": "".join(_apache_forms()),
        "elsewhere": "".join(
            f'RewriteRule "^{_quoted(re.escape(unquote(local)))}$" "{site.url}{_escaped(file)}" [{flags}]\n'
            for local, file in elsewhere.items()
        ),
    }


def _quoted(text: str) -> str:
    """A regular expression between the double quotes of a setting."""
    return text.replace('"', "\\x22")


def _escaped(address: str) -> str:
    """An address as a substitution, in which ``%1`` and ``$1`` stand for something else."""
    return re.sub(r"([%$])", r"\\\1", address)


def _apache_forms() -> Iterable[str]:
    """The form of an answer: that of the first member of ``Accept``, else any that is named without HTML."""
    forms = [(re.escape(form.media_type), form.ending) for form in DOCUMENT_FORMATS]
    for kind, ending in reversed(forms):
        yield _when("Accept", f"^(?!.*text/html).*{kind}", f"TG_ENDING:{ending}")
    for kind, ending in forms:
        yield _when("Accept", rf"^\s*{kind}", f"TG_ENDING:{ending}")


def _when(header: str, pattern: str, variable: str) -> str:
    return f"RewriteCond %{{HTTP:{header}}} {pattern} [NC]\nRewriteRule ^ - [E={variable}]\n"
