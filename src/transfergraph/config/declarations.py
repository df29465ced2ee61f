"""What declares a graph: ontology, shapes, tables and queries, those of the core and those of a workspace.

The core is the folders ``ontology/`` and ``queries/`` of the package, or of the repository that it runs from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.text import Languages
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained

_PACKAGE = Path(__file__).resolve().parent.parent
CORE = _PACKAGE / "core" if (_PACKAGE / "core").is_dir() else _PACKAGE.parent.parent

TABLES = "ontology/tables.json"
CORE_TABLES = f"core/{TABLES}"

_SCHEMES = "ontology/schemes/"
LANGUAGES = "ontology/languages/"
_RULES, _QUESTIONS, _CHECKS = ("queries/rules/", "queries/questions/", "queries/checks/")
_OVER_CELLS = "queries/cells/"
_FOLDERS = {"ontology/": "ttl", _SCHEMES: "ttl"} | dict.fromkeys(
    (_RULES, _QUESTIONS, _CHECKS, _OVER_CELLS), "rq"
)


@dataclass(frozen=True, slots=True)
class Declarations:
    """The files that declare a graph, by their names from the root of a workspace, sorted.

    Of files of one name a workspace's own stands for that of the core, but for ``ontology/tables.json``: its
    tables are added to those of the core, which are then named ``core/ontology/tables.json``.
    """

    files: Mapping[str, Path]

    @property
    def tables(self) -> tuple[Path, ...]:
        """The descriptions of the tables; a table of a later one stands for that of an earlier one."""
        return tuple(self.files[name] for name in (CORE_TABLES, TABLES) if name in self.files)

    @property
    def shapes(self) -> tuple[Path, ...]:
        """``shapes.ttl`` and ``*.shapes.ttl``."""
        return self._ontology("shapes.ttl")

    @property
    def alignments(self) -> tuple[Path, ...]:
        """``alignments.ttl`` and ``*.alignments.ttl``: what other vocabularies call the terms."""
        return self._ontology("alignments.ttl")

    @property
    def vocabulary(self) -> tuple[Path, ...]:
        """All other Turtle of the ontology, and the schemes: what is a part of the graph."""
        others = {*self.shapes, *self.alignments}
        return tuple(file for file in self.turtle.values() if file not in others)

    @property
    def turtle(self) -> Mapping[str, Path]:
        """All Turtle files, by name."""
        return {name: file for name, file in self.files.items() if name.endswith(".ttl")}

    @property
    def rules(self) -> tuple[Path, ...]:
        """The rules that derive triples."""
        return self._below(_RULES)

    @property
    def questions(self) -> tuple[Path, ...]:
        """The saved questions."""
        return self._below(_QUESTIONS)

    @property
    def over_cells(self) -> tuple[Path, ...]:
        """The questions to the dump in RDF 1.2, which says where each statement stands."""
        return self._below(_OVER_CELLS)

    @property
    def checks(self) -> tuple[Path, ...]:
        """The checks of the graph, beside the shapes."""
        return self._below(_CHECKS)

    def _ontology(self, kind: str) -> tuple[Path, ...]:
        found = (f for name, f in self.turtle.items() if not name.startswith(_SCHEMES))
        return tuple(file for file in found if f".{file.name}".endswith(f".{kind}"))

    def _below(self, folder: str) -> tuple[Path, ...]:
        return tuple(file for name, file in self.files.items() if name.startswith(folder))


def declarations_of(root: Path, languages: Languages = ()) -> Declarations:
    """What the workspace in this folder declares, together with the core.

    ``ontology/languages/<language>.ttl`` and ``<language>.shapes.ttl`` have names in a language, and count
    where the workspace has that. Raises :class:`WorkspaceError` for a folder by the name of a file.
    """
    core, own = dict(_files(CORE, languages)), dict(_files(root, languages))
    for file in own.values():
        if file.is_dir():
            raise WorkspaceError(explained("error.workspace.folder-not-file", file=file))
    if TABLES in own and core[TABLES].read_bytes() != own[TABLES].read_bytes():
        own[CORE_TABLES] = core[TABLES]
    return _sorted(core | own)


def declarations_in(release: Path) -> Declarations:
    """What a release carries of the declarations that it was made by."""
    return _sorted(dict(_files(release, ("*",))))


def _sorted(files: Mapping[str, Path]) -> Declarations:
    return Declarations(dict(sorted(files.items())))


def _files(root: Path, languages: Languages) -> Iterator[tuple[str, Path]]:
    if (root / TABLES).exists():
        yield TABLES, root / TABLES
    for folder, ending in _FOLDERS.items():
        for file in (root / folder).glob(f"*.{ending}"):
            if not file.name.startswith((".", "~$")):
                yield f"{folder}{file.name}", file
    for language in languages:
        for file in (root / LANGUAGES).glob(f"{language}.*"):
            yield f"{LANGUAGES}{file.name}", file
