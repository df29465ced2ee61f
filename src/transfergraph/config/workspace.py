"""The workspace: ``transfergraph.toml``, the sources and where everything lies, as frozen values."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from transfergraph.common.iris import iri_fault
from transfergraph.common.text import Text
from transfergraph.config.declarations import Declarations, declarations_of
from transfergraph.config.own_pages import PAGES, is_shown
from transfergraph.config.raw_files import FILES_FILE, RawFile, RawFiles, RawTable, RowRule
from transfergraph.config.settings import Settings
from transfergraph.config.strict_toml import Address, Day, Flag, Line, TomlTable, example, read_toml
from transfergraph.errors import UsageError, WorkspaceError
from transfergraph.messages import explained

SETTINGS_FILE = "transfergraph.toml"
SOURCE_FILE = "source.toml"


def _range(rows: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= rows[0] <= rows[1]:
        raise ValueError(explained("error.setting.range"))
    return rows


RowRange = Annotated[
    tuple[int, int],
    Meta(description="error.setting.two-numbers"),
    _range,
    example([10, 20]),
]


class Source(TomlTable, frozen=True):
    """A folder in ``data/`` with its ``source.toml``, which has all but ``name`` and ``folder``.

    ``rows`` maps the name of a table to the least and the greatest number of rows that are expected. ``raw``
    describes the raw files, ``rule`` what SQL finds of their rows. A ``reference`` enriches and identifies
    what other sources have, and adds nothing that none of them refers to.
    """

    name: str
    folder: Path
    title: Annotated[Text, example("Title of the page or data set")]
    publisher: Annotated[Line, example("Name of its publisher")]
    licence: Annotated[Address, example("https://creativecommons.org/licenses/by/4.0/")]
    attribution: Annotated[Text, example("Facts: name of its publisher")]
    url: Annotated[Address, example("https://example.org/page")]
    retrieved: Annotated[Day, example(date(2025, 3, 12))]
    rows: Mapping[str, RowRange]
    raw: Mapping[str, RawTable] = {}
    rule: Mapping[str, RowRule] = {}
    reference: Annotated[Flag, example(True)] = False


def raw_files(source: Source) -> tuple[RawFile, ...]:
    """The raw files of a source by their names, as ``files.toml`` records them.

    Raises :class:`WorkspaceError` for a file that does not say this.
    """
    file = source.folder / FILES_FILE
    if not file.is_file():
        return ()
    found = read_toml(file, RawFiles, lambda _: ()).file.values()
    return tuple(sorted(found, key=lambda one: one.name))


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with settings and data, and what is declared of its graph there and in the core."""

    root: Path
    settings: Settings
    sources: tuple[Source, ...]
    declarations: Declarations
    is_whole: bool = True

    def raw_files(self, source: Source) -> tuple[RawFile, ...]:
        """The raw files of a source that has any.

        Raises :class:`WorkspaceError` for one that is not in the workspace: what a release was made of has to
        be known before it is made.
        """
        files = raw_files(source) if source.raw else ()
        if source.raw and not files:
            raise WorkspaceError(explained("error.raw.none", source=source.name))
        for file in files:
            if not (self.root / file.cached).is_file():
                raise WorkspaceError(
                    explained("error.raw.missing", source=source.name, file=file.name, sha256=file.sha256)
                )
        return files

    def inputs(self) -> dict[str, Path]:
        """Every file that decides what a release holds, by its name from the root of the workspace.

        Raises :class:`WorkspaceError` for a link that leads out of the workspace.
        """
        drawn = () if self.settings.map is None else (self.settings.map.outlines,)
        some = [*(f"data/{source.name}" for source in self.sources), "data/identity"]
        folders = ["data"] if self.is_whole else some
        own = [*_files(self.root, SETTINGS_FILE, *folders, *drawn), *self.shown]
        own += [self.root / one.cached for source in self.sources for one in self.raw_files(source)]
        named = {self.relative(file): file for file in own if not file.name.startswith((".", "~$"))}
        return dict(sorted((named | dict(self.declarations.files)).items()))

    @property
    def shown(self) -> list[Path]:
        """The files that pages show as they are: its own pages with their pictures, and the logo."""
        logo = self.settings.site.logo
        files = [one for one in _files(self.root, PAGES) if is_shown(self.relative(one))]
        return [*files, *(_files(self.root, logo) if logo and not is_shown(logo) else ())]

    def relative(self, path: Path) -> str:
        """The path as findings name it: from the root of the workspace, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def open_workspace(root: Path, chosen: Collection[str] = ()) -> Workspace:
    """Read the settings of the workspace and of each of its sources, or of those that are chosen.

    Raises :class:`WorkspaceError` naming file and key when something is missing, unknown or wrong, and
    before anything is read for a link that leads out of the workspace.
    """
    root = root.resolve()
    _files(root, SETTINGS_FILE, "ontology", "queries", "data", PAGES)
    file = root / SETTINGS_FILE
    if not file.is_file():
        raise WorkspaceError(explained("error.workspace.none", root=root, file=SETTINGS_FILE))
    settings = Settings.read(file)
    logo = settings.site.logo
    if logo is not None and not (root / logo).is_file():
        raise WorkspaceError(explained("error.workspace.no-logo", file=SETTINGS_FILE, logo=logo))
    outlines = None if settings.map is None else settings.map.outlines
    if outlines is not None and not (root / outlines).is_file():
        raise WorkspaceError(explained("error.workspace.no-outlines", file=SETTINGS_FILE, outlines=outlines))
    folders = sorted(f.parent for f in root.glob(f"data/*/{SOURCE_FILE}"))
    if not folders:
        raise WorkspaceError(explained("error.workspace.no-source", root=root / "data", file=SOURCE_FILE))
    for name in chosen:
        if name not in (known := [folder.name for folder in folders]):
            raise UsageError(explained("error.source.unknown", chosen=name, names=", ".join(known)))
    is_whole = not chosen or {folder.name for folder in folders} == set(chosen)
    folders = [folder for folder in folders if not chosen or folder.name in chosen]
    for folder in folders:
        fault = iri_fault(settings.base + folder.name)
        if fault is not None:
            raise WorkspaceError(explained("error.workspace.source-name", folder=folder, fault=fault))
    sources = [
        read_toml(f / SOURCE_FILE, Source, lambda _: settings.languages, name=f.name, folder=f)
        for f in folders
    ]
    return Workspace(root, settings, tuple(sources), declarations_of(root, settings.languages), is_whole)


def _files(root: Path, *names: str) -> list[Path]:
    return [file for name in names for file in files_within(root, root / name)]


def _is_told(root: Path, path: Path) -> bool:
    """Whether the check of the tables has a finding for what is no file."""
    return path.parent.parent == root / "data" and path.name != SOURCE_FILE


def files_within(root: Path, path: Path, above: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Every file at this path or below it, each folder once on a way from ``root``, which has no link in it.

    Raises :class:`WorkspaceError` for a link that leads out of ``root``, by whatever detour, or nowhere:
    what is read is published.
    """
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(root):
        raise WorkspaceError(explained("error.workspace.link-outside", path=path, target=target, root=root))
    if target.is_dir():
        if target not in (root, *above):
            for entry in sorted(path.iterdir()):
                yield from files_within(root, entry, (*above, target))
    elif target.is_file():
        yield path
    elif target.exists() and not path.name.startswith(".") and not _is_told(root, path):
        raise WorkspaceError(explained("error.workspace.no-file", path=path))
    elif path.is_symlink() and not path.name.startswith("."):
        raise WorkspaceError(explained("error.workspace.link-broken", path=path, target=target))
