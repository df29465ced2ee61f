"""The generated part of the documentation: commands, settings, tables, questions, findings and Python.

``python docs/reference.py FOLDER`` writes a page in Markdown for each from what the program itself goes by:
the command line, the models of the settings, ``tables.json``, the headers of queries, the texts of findings
and the shapes; examples of findings and why they are asked are in ``docs/findings``. ``make docs`` does so
before it builds the site.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import msgspec
import pyoxigraph as ox
import rdflib
import typer
from msgspec.structs import FieldInfo
from rdflib import RDF, RDFS, SH, SKOS

import transfergraph as tg
from transfergraph.cli import app as command_line
from transfergraph.common.displayed_values import shorten, visible
from transfergraph.common.format_losses import LOSSES
from transfergraph.common.namespaces import local_name
from transfergraph.config.declarations import CORE, declarations_of
from transfergraph.config.settings import (
    Area,
    CatalogueSettings,
    IdentitySettings,
    Limits,
    ServerSettings,
    Settings,
)
from transfergraph.config.site_settings import MapSettings, SiteSettings
from transfergraph.config.strict_toml import TomlTable
from transfergraph.config.workspace import Source
from transfergraph.dcat.evaluate.profiles import codes_by_text
from transfergraph.messages import texts_of
from transfergraph.queries import load_checks, load_queries
from transfergraph.tables.csvw import Column, read_table_group

ENGLISH = "en"
BASE = "https://example.org/"
NOWHERE = Path(__file__).parent / "no workspace"
SETTINGS: Mapping[str, tuple[type[TomlTable], str]] = {
    "transfergraph.toml": (Settings, ""),
    "[limits]": (Limits, "limits."),
    "[catalogue]": (CatalogueSettings, "catalogue."),
    "[catalogue.place]": (Area, "catalogue.place."),
    "[server]": (ServerSettings, "server."),
    "[site]": (SiteSettings, "site."),
    "[identity]": (IdentitySettings, "identity."),
    "[map]": (MapSettings, "map."),
    "data/<source>/source.toml": (Source, ""),
}
EXAMPLES = CORE / "ontology" / "examples"
WRITTEN = Path(__file__).parent / "findings"
"""What is written about findings by hand, as ``tests/test_finding_pages.py`` tries it."""
_FORMS = re.compile(r"\{\w+, (?:plural|select), (?:[^{}]|\{[^{}]*\})*?other \{((?:[^{}]|\{[^{}]*\})*)\}\}")
GIVEN = {"name", "folder"}
"""Fields of a source that are no keys."""


def write_reference(folder: Path) -> None:
    """Write all pages into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (title, lines) in PAGES.items():
        text = "\n".join((f"# {title}", "", *lines(), ""))
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


def commands() -> Iterator[str]:
    """Every verb with its arguments and options, as ``--help`` has them."""
    yield "`transfergraph --help` and `transfergraph VERB --help` say the same, in the language of `--lang`."
    about = command_line.__doc__ or ""
    yield f"\n{about[about.index('Exit code') :].replace('``', '`')}"
    for name, command in verbs():
        yield f"\n## transfergraph {name}\n\n{_plain(command.help or '')}\n"
        rows = [_option(one) for one in command.params if one.name != "help"]
        yield from _table(("", "what it is", "without it"), rows)


def verbs() -> Iterator[tuple[str, Any]]:
    """Every verb by its name; one of a group is called ``<group> <verb>``."""
    for name, command in sorted(getattr(typer.main.get_command(command_line.app), "commands", {}).items()):
        for inner, one in sorted(getattr(command, "commands", {"": command}).items()):
            yield f"{name} {inner}".strip(), one


def _option(one: Any) -> tuple[str, str, str]:
    names = [*one.opts, *one.secondary_opts]
    shown = ", ".join(f"`{n}`" for n in names) if one.param_type_name == "option" else f"`{one.name.upper()}`"
    default = "" if one.default in (None, False, ()) or one.required else str(one.default)
    return shown, _plain(one.help or ""), "has to be given" if one.required else _code(default)


def settings() -> Iterator[str]:
    """Every key, with what it has to be and an example, as the models of the settings say it."""
    yield "What the keys mean is told in [the workspace](../workspace.md), [portals](../portals.md) and"
    yield "[serving](../server.md). A key that ends with `_<language>` is there once for each language of the"
    yield "workspace."
    for file, (model, prefix) in SETTINGS.items():
        yield f"\n## {file.replace('<', '&lt;')}\n"
        rows: list[tuple[str, ...]] = []
        for one in msgspec.structs.fields(model):
            if one.name not in GIVEN or model is not Source:
                rows.extend(_keys(one, prefix))
        yield from _table(("key", "has to be", "example", "without it"), rows)


def _keys(field: FieldInfo, prefix: str) -> Iterator[tuple[str, str, str, str]]:
    """The line of a field; none for a table, which has lines of its own."""
    written = repr(field.type)
    if re.search(
        r"(Limits|CatalogueSettings|ServerSettings|SiteSettings|IdentitySettings|MapSettings|Area)\b", written
    ):
        return
    per_language = "common.text.Text" in written or "'per': 'language'" in written
    demand = re.search(r"description='(error\.setting\.[a-z-]+)'", written)
    told = _pattern(texts_of(ENGLISH)[demand[1]]) if demand else ""
    name = f"{prefix}{field.encode_name}{'_<language>' if per_language else ''}"
    if field.required:
        without = "is required"
    elif field.default is msgspec.NODEFAULT or field.default in (None, ()):
        without = "optional"
    else:
        without = _code(_toml(field.default))
    yield _code(name), told, _code(_toml(_example(field.type))), without


def _example(type_: Any) -> Any:
    """The example within the annotations of a type, None where it has none."""
    annotated = getattr(type_, "__metadata__", ())
    for one in annotated:
        if isinstance(one, msgspec.Meta) and one.examples:
            return one.examples[0]
    inner = (type_.__origin__,) if annotated else getattr(type_, "__args__", ())
    return next((found for one in inner if (found := _example(one)) is not None), None)


def _toml(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def tables() -> Iterator[str]:
    """Every table of the core with its columns, as ``tables.json`` describes them."""
    yield "`transfergraph columns` says the same of the tables of a workspace. A column that ends with `_en`"
    yield "is there once for each language of the workspace. Those with a star have a value in each row."
    group = read_table_group(declarations_of(NOWHERE).tables, BASE, (ENGLISH,))
    for table in group.tables:
        yield f"\n(table-{table.name})=\n## {table.name}\n\n{table.title[ENGLISH]}.\n"
        rows = []
        for column in table.file_columns:
            others = ", ".join(f"[{one.name}](#table-{one.name})" for one in group.targets(column))
            star = r"\*" if column.required else ""
            rows.append(
                (f"`{column.name}`{star}", column.description.get(ENGLISH, ""), others or _values(column))
            )
        yield from _table(("column", "what it is", "values"), rows)


def _values(column: Column) -> str:
    scheme = re.search(r"/scheme/([a-z-]+)/\{", column.value.text) if column.value else None
    if scheme:
        return f"keys of [{scheme[1]}](terms.md#list-{scheme[1]})"
    kind = local_name(column.datatype)
    return "" if kind in ("string", "langString") else _code(kind)


def terms() -> Iterator[str]:
    """Every list of the core with its terms."""
    yield "Columns such as `kind` and `role` take the keys of a list. What is missing in one is added by a"
    yield "row of [terms.csv](tables.md#table-terms), a list of one's own by a row of"
    yield "[lists.csv](tables.md#table-lists)."
    graph = rdflib.Graph()
    for file in declarations_of(NOWHERE).vocabulary:
        graph.parse(file, format="turtle")
    for scheme in sorted(graph.subjects(RDF.type, SKOS.ConceptScheme), key=str):
        rows = []
        for one in sorted(graph.subjects(SKOS.inScheme, scheme), key=str):
            name, told = (_english(graph, one, x) for x in (SKOS.prefLabel, SKOS.definition))
            rows.append((_code(str(graph.value(one, SKOS.notation))), name, told))
        if rows:
            name = local_name(str(scheme))
            yield f"\n(list-{name})=\n## {name}\n\n{_english(graph, scheme, SKOS.definition)}\n"
            yield from _table(("key", "name", "what it means"), rows)


def questions() -> Iterator[str]:
    """Every question of the core with its parameters."""
    yield "`transfergraph questions` lists those of a release, `transfergraph query NAME -p PARAMETER=VALUE`"
    yield "asks one. Each is a file that runs unchanged in any SPARQL tool."
    for one in load_queries(declarations_of(NOWHERE).questions):
        yield f"\n## {one.name}\n\n**{one.summary.english}**"
        if one.description:
            yield f"\n{_plain(one.description.english)}"
        rows = [(_code(p.name), p.description.english, _code(p.kind)) for p in one.parameters]
        yield from (["", *_table(("parameter", "what it is", "kind"), rows)] if rows else ())


def findings() -> Iterator[str]:
    """Every code: what is found, how to mend it, an example, and why it is asked, where that is written."""
    yield "Each finding has a code. `…` stands for what differs from finding to finding; the report names"
    yield "file, row, column and value. Violations keep a release from being published, warnings want a"
    yield "look, hints say what could be richer."
    written: dict[str, Mapping[str, Any]] = {}
    for file in sorted(WRITTEN.glob("*.toml")):
        written |= tomllib.loads(file.read_text(encoding="utf-8"))
    for title, found in (
        ("Tables", _texts("table")),
        ("Identity", _texts("identity")),
        ("Raw files", _texts("source")),
        ("Records", _shapes()),
        ("The whole graph", _checks()),
        ("Releases", _texts("release")),
        ("Catalogues", _catalogues()),
        ("The site", _texts("site")),
    ):
        yield f"\n## {title}"
        for code, lines in sorted(found):
            yield f'\n<a id="{code}"></a>\n\n### {code}\n'
            yield from lines
            yield from _written(written.get(code, {}))


def _written(about: Mapping[str, Any]) -> Iterator[str]:
    """An example, what is right instead, and why it is asked, as far as they are written by hand."""
    typed, right = (
        "\n".join(map(visible, str(about.get(one, "")).strip("\n").split("\n"))) for one in ("typed", "right")
    )
    if "cell" in about:
        file, row, column = str(about["cell"]).split()
        yield f"\n*An example:* `{file}` has `{typed}` in row {row}, column `{column}`."
        yield f"What is right is {f'`{right}`' if right else 'a blank cell'}."
    elif "done" in about:
        yield f"\n*An example:* {_plain(about['done'])}"
    elif typed:
        yield f"\n*An example:* `{about['file']}` has"
        yield from ("", "```text", typed, "```")
        yield f"\nWhat is right is, in `{about.get('right_file', about['file'])}`,"
        yield from ("", "```text", right, "```")
    if "why" in about:
        yield f"\n*Why we ask:* {_plain(about['why'])}"


def _texts(kind: str) -> Iterator[tuple[str, list[str]]]:
    """Faults whose texts are among those of the program; variants of a text belong to one code."""
    known = texts_of(ENGLISH)
    for key, message in known.items():
        if key.startswith(f"{kind}.") and f"{key}.remedy" in known and not key.endswith(".suggested"):
            yield key, [_pattern(message), "", f"*How to mend it:* {_pattern(known[f'{key}.remedy'])}"]


def _catalogues() -> Iterator[tuple[str, list[str]]]:
    """Faults of catalogues, with the codes of the rules of DCAT-AP that are told in these words."""
    rules, named = codes_by_text(), set[str]()
    for key, lines in _texts("catalogue"):
        codes = [code for code in rules.get(key, ()) if code not in named]
        named.update(codes)
        told = ", ".join(f'<a id="{code}"></a>`{code}`' for code in codes)
        yield key, [*lines, *(["", f"*Told of:* {told}"] if told else [])]


def _shapes() -> Iterator[tuple[str, list[str]]]:
    graph, examples = rdflib.Graph(), _examples()
    for file in declarations_of(NOWHERE).shapes:
        graph.parse(file, format="turtle")
    for shape in sorted(set(graph.subjects(SH.message)), key=str):
        if not isinstance(shape, rdflib.URIRef) or (shape, RDF.type, SH.SPARQLConstraint) in graph:
            continue
        code, grade = local_name(str(shape)), local_name(str(graph.value(shape, SH.severity) or SH.Violation))
        lines = [f"{_english(graph, shape, SH.message)} *({_grade(grade)})*"]
        if remedy := _english(graph, shape, SH.description):
            lines += ["", f"*How to mend it:* {remedy}"]
        if code in examples:
            lines += ["", "*An example, in the graph:*", "", "```turtle", examples[code], "```"]
        owners = {_english(graph, one, RDFS.label) for one in graph.subjects(SH.property, shape)}
        if named := sorted(owners - {""}):
            lines += ["", f"*Asked of:* {'; '.join(named)}."]
        if why := _english(graph, shape, RDFS.comment):
            lines += ["", f"*Why we ask:* {why}"]
        yield code, lines


def _examples() -> dict[str, str]:
    """By shape, the shortest of the examples in ``ontology/examples`` that do not get through it."""
    found: dict[str, str] = {}
    for file in sorted(EXAMPLES.glob("*.invalid.ttl")):
        text = file.read_text(encoding="utf-8")
        stated = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
        prefixes = dict(re.findall(r"^@prefix (\w[\w-]*): <(.*)> \.$", text, re.MULTILINE))
        for code, focus in re.findall(r"^#! expects: \w+ tgsh:(\S+) <(.*)>$", text, re.MULTILINE):
            node = ox.NamedNode(urljoin(BASE, focus))
            part = [one for one in stated if one.subject == node]
            turtle = (ox.serialize(part, format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b"").decode()
            shown = re.sub(r"^@prefix .*\n", "", turtle, flags=re.MULTILINE).replace(f"<{BASE}", "<").strip()
            if shown and len(shown) < len(found.get(code, f"{shown} ")):
                found[code] = shown
    return found


def _english(graph: rdflib.Graph, subject: rdflib.term.Node, property_: rdflib.URIRef) -> str:
    found = [one for one in graph.objects(subject, property_) if isinstance(one, rdflib.Literal)]
    english = [one for one in found if one.language == ENGLISH]
    return _plain(" ".join(str(min(english or found, key=str, default="")).split()))


def _checks() -> Iterator[tuple[str, list[str]]]:
    for one in load_checks(declarations_of(NOWHERE).checks):
        grade = {"VIOLATION": "Violation", "WARNING": "Warning", "INFO": "Info"}[one.severity.name]
        lines = [f"{_pattern(one.problem.english)} *({_grade(grade)})*", ""]
        lines += [f"*How to mend it:* {_pattern(one.remedy.english)}", ""]
        lines += [f"*The question behind it:* {_plain(one.query.summary.english)}"]
        if one.query.description:
            lines += ["", f"*How it is asked:* {_plain(one.query.description.english)}"]
        yield one.query.name, lines


def _grade(name: str) -> str:
    return "hint" if name == "Info" else name.lower()


def python() -> Iterator[str]:
    """The public names, from their docstrings."""
    yield "`import transfergraph as tg`; `help(tg)` says the same. What stops a run is a"
    yield "{py:class}`transfergraph.TransfergraphError`; faults in data are values."
    functions = [name for name in tg.__all__ if not isinstance(getattr(tg, name), type)]
    yield "\n## Functions\n"
    for name in functions:
        yield f"```{{eval-rst}}\n.. autofunction:: transfergraph.{name}\n```\n"
    yield "## Classes\n"
    for name in tg.__all__:
        value = getattr(tg, name)
        if isinstance(value, type) and not issubclass(value, Exception):
            yield f"```{{eval-rst}}\n.. autoclass:: transfergraph.{name}\n   :members:\n```\n"
    yield "## Errors\n"
    for name in tg.__all__:
        value = getattr(tg, name)
        if isinstance(value, type) and issubclass(value, Exception):
            yield f"```{{eval-rst}}\n.. autoexception:: transfergraph.{name}\n```\n"


def formats() -> Iterator[str]:
    """What each format of an export cannot carry."""
    yield f"{_words('about')} The page of the data and the network page (tab *Data*) list the same."
    for kind, losses in LOSSES.items():
        yield f"\n## {_words(f'group.{kind}')}\n"
        rows = [
            (_code(f".{ending}"), "; ".join(map(_words, lost or ("none",))))
            for ending, lost in losses.items()
        ]
        yield from _table(("format", "lacks"), rows)


def _words(loss: str) -> str:
    return texts_of(ENGLISH)[f"loss.{loss}"]


PAGES: Mapping[str, tuple[str, Callable[[], Iterable[str]]]] = {
    "commands": ("Commands", commands),
    "settings": ("Settings", settings),
    "tables": ("Tables", tables),
    "terms": ("Terms", terms),
    "questions": ("Questions", questions),
    "findings": ("Findings", findings),
    "formats": ("What each format leaves out", formats),
    "python": ("Python", python),
}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    cells = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in (head, *rows)]
    cells.insert(1, ["---"] * len(head))
    yield from (f"| {' | '.join(row)} |" for row in cells)


def _code(value: str) -> str:
    return f"`{shorten(value, 120)}`" if value else ""


def _plain(text: str) -> str:
    """The text so that nothing in it is markup."""
    return re.sub(r"([*_<\[])", r"\\\1", text)


def _pattern(message: str) -> str:
    """A text with values, with ``…`` for each, and of several forms the general one."""
    while found := _FORMS.search(message):
        message = message[: found.start()] + found[1].replace("#", "…") + message[found.end() :]
    return _plain(re.sub(r"\{[^{}]*\}", "…", message)).replace("''", "'")


if __name__ == "__main__":
    write_reference(Path(sys.argv[1]))
